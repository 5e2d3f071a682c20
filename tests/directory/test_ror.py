"""Records of the Research Organization Registry as this programme reads them (facts of ROR, CC0)."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.directory import ror
from app.directory.models import InstitutionKind, Side

EXCERPT = Path(__file__).parents[1] / "data" / "ror-excerpt.json"
RECORDS: list[dict[str, Any]] = json.loads(EXCERPT.read_text(encoding="utf-8"))
KYOTO = "https://ror.org/02kpeqv85"


def record(ror_id: str = KYOTO, **changes: Any) -> dict[str, Any]:
    return {**next(row for row in RECORDS if row["id"] == ror_id), **changes}


def by_name(name: str) -> ror.RorRecord:
    return ror.read(next(row for row in RECORDS if any(entry["value"] == name for entry in row["names"])))


def test_every_record_of_the_excerpt_can_be_read() -> None:
    assert len({ror.read(row).ror_id for row in RECORDS}) == len(RECORDS)


def test_japanese_record_is_a_host_with_prefecture_and_both_names() -> None:
    found = ror.read(record())
    assert (found.side, found.kind, found.name_ja, found.name_en) == (
        Side.HOST,
        InstitutionKind.UNIVERSITY,
        "京都大学",
        "Kyoto University",
    )
    assert (found.country, found.prefecture, found.city) == ("JP", "26", "Kyoto")
    assert ("ror", KYOTO) in found.external_ids
    assert len(found.children) > 10


def test_record_abroad_is_a_sending_organization_with_its_native_name() -> None:
    found = by_name("Thailand Science Research and Innovation")
    assert (found.side, found.native_language, found.prefecture) == (Side.SENDING, "th", None)
    assert found.name_native.startswith("สำนักงาน")
    assert ("TSRI", None, "acronym") in found.aliases


def test_names_are_composed() -> None:
    assert any(name == "Kyōto daigaku" for name, _language, _kind in ror.read(record()).aliases)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("National Institute of Technology, Nara College", InstitutionKind.TECHNICAL_COLLEGE),
        ("Osaka Metropolitan University College of Technology", InstitutionKind.TECHNICAL_COLLEGE),
        ("Kyushu Institute of Technology", InstitutionKind.UNIVERSITY),
        ("Kyoto Prefectural Government", InstitutionKind.LOCAL_GOVERNMENT),
        ("Academic Center for Computing and Media Studies, Kyoto University", InstitutionKind.RESEARCH_INSTITUTE),
    ],
)
def test_kind_is_told_from_types_and_names(name: str, kind: InstitutionKind) -> None:
    assert by_name(name).kind is kind


def test_record_without_japanese_name_keeps_the_english_one() -> None:
    found = by_name("Spintronics Research Network of Japan")
    assert (found.name_ja, found.name_en) == ("", "Spintronics Research Network of Japan")


def test_closed_and_withdrawn_records_are_gone() -> None:
    gone = [row for row in RECORDS if row["status"] != "active"]
    assert len(gone) >= 4
    assert all(ror.read(row).is_gone for row in gone)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (None, "not_a_record"),
        ("text", "not_a_record"),
        ({}, "not_a_record"),
        (record(names="x"), "not_a_record"),
        (record(names=[{"types": ["label"]}]), "not_a_record"),
        (record(id="https://ror.org/02kpeqv86"), "bad_identifier"),
        (record(id="02kpeqv85"), "bad_identifier"),
        (record(names=[]), "no_name"),
        (record(locations=[]), "no_country"),
        (record(locations=[{"geonames_details": {"country_code": "XX"}}]), "no_country"),
    ],
)
def test_record_that_cannot_be_read_says_why(raw: Any, reason: str) -> None:
    with pytest.raises(ror.Unreadable) as problem:
        ror.read(raw)
    assert str(problem.value) == reason
    assert reason in ror.REASONS


@given(
    st.sampled_from([row["id"] for row in RECORDS]),
    st.integers(0, 8),
    st.sampled_from("0123456789abcdefghjkmnpqrstvwxyz"),
)
def test_check_digits_notice_any_single_wrong_sign(ror_id: str, place: int, sign: str) -> None:
    name = ror_id.removeprefix("https://ror.org/")
    wrong = name[:place] + sign + name[place + 1 :]
    if wrong == name:
        assert ror.checked_id(ror_id) == name
    else:
        with pytest.raises(ror.Unreadable):
            ror.checked_id(f"https://ror.org/{wrong}")
