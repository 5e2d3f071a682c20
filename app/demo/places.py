"""The bodies of the made-up program: real names of public bodies where they are facts, made-up ones elsewhere."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass

from app.core import search
from app.core.db import new_public_id
from app.demo.people import DATA
from app.directory.models import InstitutionKind, OrganizationState, Side

Row = dict[str, str]


def rows(name: str) -> list[Row]:
    """The lines of one of the data files of this package."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@dataclass(frozen=True)
class CountryShare:
    """How often a country sends people, and from which fiscal year."""

    code: str
    weight: int
    since: int


def countries() -> list[CountryShare]:
    """The countries and regions people come from, with their shares."""
    return [CountryShare(row["country"], int(row["weight"]), int(row["since"])) for row in rows("countries")]


def people_by_year() -> dict[int, int]:
    """People who came in each fiscal year: published totals where there are any."""
    return {int(row["fiscal_year"]): int(row["people"]) for row in rows("years")}


def host_columns(row: Row, *, state: OrganizationState = OrganizationState.ACTIVE) -> dict[str, object]:
    """The columns of a host institution from a line of hosts.csv."""
    return {
        "public_id": new_public_id(),
        "side": Side.HOST,
        "state": state,
        "kind": InstitutionKind(row["kind"]),
        "name_ja": row["name_ja"],
        "name_en": row["name_en"],
        "country": "JP",
        "prefecture": row["prefecture"],
        "city": row["city"],
        "sort_name": search.fold(row["name_en"]),
        "search_text": search.search_text(row["name_ja"], row["name_en"]),
    }


def sending_columns(row: Row) -> dict[str, object]:
    """The columns of a sending organization from a line of sending.csv."""
    return {
        "public_id": new_public_id(),
        "side": Side.SENDING,
        "state": OrganizationState.ACTIVE,
        "kind": InstitutionKind(row["kind"]),
        "name_en": row["name_en"],
        "name_native": row["name_native"],
        "native_language": row["language"] or None,
        "country": row["country"],
        "city": row["city"],
        "sort_name": search.fold(row["name_en"]),
        "search_text": search.search_text(row["name_en"], row["name_native"]),
    }


def more_hosts(number: int) -> Iterator[Row]:
    """Made-up hosts, for large programs: one after another, spread over the prefectures."""
    for index in range(number):
        yield {
            "name_ja": f"みらい第{index + 1}大学",
            "name_en": f"Mirai University {index + 1}",
            "kind": "university",
            "prefecture": f"{index % 47 + 1:02d}",
            "city": "Mirai",
        }


def more_sending(number: int) -> Iterator[Row]:
    """Made-up sending organizations, spread over the countries by their shares."""
    shares = countries()
    turn = [share.code for share in shares for _ in range(max(1, share.weight // 8))]
    for index in range(number):
        code = turn[index % len(turn)]
        yield {
            "name_en": f"Future University {code} {index + 1}",
            "name_native": "",
            "language": "",
            "country": code,
            "city": "",
            "kind": "university",
        }
