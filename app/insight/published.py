"""Figures JST and others published, with their sources, beside what the system counts for the same question."""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask_babel import lazy_gettext as _l

from app.insight import queries
from app.insight.queries import Totals
from app.insight.question import Question

PATH = Path(__file__).with_name("published.csv")
OPEN_COURSES = ("A", "B", "C", "D")
COUNTRY_STRANDS = {"India": "IN"}

MEASURES: dict[str, Any] = {
    "adopted": _l("Plans adopted"),
    "applications": _l("Applications"),
    "carried_out": _l("Plans carried out"),
    "club_members": _l("Members of the Sakura Science Club"),
    "cumulative_host_institutions": _l("Host institutions since the programme began"),
    "cumulative_invitees": _l("People invited since the programme began"),
    "cumulative_sending_organizations": _l("Sending organizations since the programme began"),
    "eligible_countries_and_regions": _l("Eligible countries and regions"),
    "host_institutions": _l("Host institutions"),
    "invitees": _l("People invited"),
    "invitees_and_supervisors": _l("Invitees and supervisors"),
    "planned_invitees": _l("People planned"),
    "revisitors": _l("People who came back"),
    "revisitors_study": _l("People who came back to study"),
    "sending_organizations": _l("Sending organizations"),
    "visitors": _l("People who came"),
}
RELATIONS: dict[str, Any] = {
    "exactly": "%(value)s",
    "about": _l("about %(value)s"),
    "more_than": _l("more than %(value)s"),
}
STRANDS: dict[str, Any] = {
    "all": _l("Whole programme"),
    "open": _l("Open application"),
    "open_round_1": _l("Open application, first round"),
    "India": _l("India"),
    "direct_high_school_group_2019-04": _l("High school program, group of April 2019"),
}


@dataclass(frozen=True, slots=True)
class Published:
    """One published figure. Either a date or a fiscal year says what it is about."""

    as_of: date | None
    fiscal_year: int | None
    strand: str
    measure: str
    value: int
    relation: str
    source: str

    @property
    def measure_label(self) -> Any:
        return MEASURES.get(self.measure, self.measure)

    @property
    def strand_label(self) -> Any:
        return STRANDS.get(self.strand, self.strand)

    def words(self, value: str) -> str:
        """ "more than 33,000": the value, written as the reader's language does, with how exact it is."""
        return str(RELATIONS.get(self.relation, "%(value)s")) % {"value": value}


@lru_cache(maxsize=1)
def figures() -> tuple[Published, ...]:
    """All published figures, in the order of the file."""
    with PATH.open(encoding="utf-8", newline="") as file:
        return tuple(
            Published(
                as_of=date.fromisoformat(row["as_of"]) if row["as_of"] else None,
                fiscal_year=int(row["fiscal_year"]) if row["fiscal_year"] else None,
                strand=row["strand"],
                measure=row["measure"],
                value=int(row["value"]),
                relation=row["relation"],
                source=row["source"],
            )
            for row in csv.DictReader(file)
        )


@lru_cache(maxsize=2)
def beside_own(_made_at: datetime | None) -> list[tuple[Published, int | None]]:
    """Every published figure with the system's own for the same question; None where it does not count such a thing.

    Kept by the process for the summary made at that instant.
    """
    cache: dict[Any, Totals] = {}
    return [(row, _own(row, cache)) for row in figures()]


COUNTED: dict[str, Callable[[Totals], int]] = {
    "cumulative_host_institutions": lambda totals: totals.host_institutions,
    "cumulative_invitees": lambda totals: totals.invitees + totals.supervisors,
    "cumulative_sending_organizations": lambda totals: totals.sending_organizations,
    "host_institutions": lambda totals: totals.host_institutions,
    "invitees": lambda totals: totals.invitees + totals.supervisors,
    "revisitors": lambda totals: totals.revisitors,
    "revisitors_study": lambda totals: totals.returned,
    "sending_organizations": lambda totals: totals.sending_organizations,
    "visitors": lambda totals: totals.invitees + totals.supervisors,
}


def _own(row: Published, cache: dict[Any, Totals]) -> int | None:
    count = COUNTED.get(row.measure)
    if count is None or row.strand not in ("all", "open", *COUNTRY_STRANDS):
        return None
    question = Question(
        fiscal_year=row.fiscal_year,
        countries=(COUNTRY_STRANDS[row.strand],) if row.strand in COUNTRY_STRANDS else (),
        courses=OPEN_COURSES if row.strand == "open" else (),
        kind="study" if row.measure == "revisitors_study" else None,
        as_of=row.as_of,
    )
    if question not in cache:
        cache[question] = queries.totals(question, queries.returns(question))
    return count(cache[question])
