"""What somebody asks of the figures: which part of the programme, up to which date."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from flask_babel import gettext as _

from app.alumni.models import RevisitKind
from app.calls.models import CourseCode
from app.directory import countries

COURSES = tuple(code.value for code in CourseCode if code is not CourseCode.ONLINE)
KINDS = tuple(kind.value for kind in RevisitKind)


@dataclass(frozen=True)
class Question:
    """Filters; what is empty asks for all. `hosts` are row numbers of institutions, `kind` narrows the returns only."""

    fiscal_year: int | None = None
    countries: tuple[str, ...] = ()
    hosts: tuple[int, ...] = ()
    courses: tuple[str, ...] = ()
    kind: str | None = None
    as_of: date | None = None

    @property
    def dimensions(self) -> frozenset[str]:
        """The dimensions it holds fixed."""
        held = {
            "fiscal_year": self.fiscal_year is not None,
            "country": bool(self.countries),
            "host_institution_id": bool(self.hosts),
            "course": bool(self.courses),
        }
        return frozenset(name for name, is_held in held.items() if is_held)

    @property
    def is_plain(self) -> bool:
        """Whether ready sums may answer it: no past date, and one value at most of each dimension."""
        return self.as_of is None and max(len(self.countries), len(self.hosts), len(self.courses)) <= 1

    def of_hosts(self, hosts: tuple[int, ...]) -> "Question":
        """The same question about these institutions."""
        return replace(self, hosts=hosts)


@dataclass
class Asked:
    """A question as it came from an address: what was understood, what is shown again in the fields, what was wrong."""

    question: Question
    shown: dict[str, str]
    problems: dict[str, str] = field(default_factory=dict)


def read(arguments: Mapping[str, str]) -> Asked:
    """Understand the filters of an address; what does not fit is named in `problems` and left out.

    `country` is a code or a region of the programme (`region:africa`). The host is resolved by `queries.host`.
    """
    shown = {name: arguments.get(name, "").strip() for name in ("fiscal_year", "country", "host", "course", "kind")}
    shown["as_of"] = arguments.get("as_of", "").strip()
    asked = Asked(Question(), shown)
    year = shown["fiscal_year"]
    if year and not (year.isascii() and year.isdigit() and len(year) == 4):
        asked.problems["fiscal_year"] = _("Choose a fiscal year from the list.")
        year = ""
    course = _one_of(asked, "course", COURSES, _("Choose a course from the list."))
    kind = _one_of(asked, "kind", KINDS, _("Choose a kind of revisit from the list."))
    asked.question = Question(
        fiscal_year=int(year) if year else None,
        countries=_countries(asked),
        courses=(course,) if course else (),
        kind=kind,
        as_of=_day(asked),
    )
    return asked


def _one_of(asked: Asked, name: str, known: tuple[str, ...], problem: str) -> str | None:
    value = asked.shown[name]
    if value and value not in known:
        asked.problems[name] = problem
        return None
    return value or None


def _countries(asked: Asked) -> tuple[str, ...]:
    value = asked.shown["country"]
    region = value.removeprefix("region:")
    if value.startswith("region:") and region in countries.REGIONS:
        return countries.in_region(region)
    if value and value not in countries.CODES:
        asked.problems["country"] = _("Choose a country or region from the list.")
        return ()
    return (value,) if value else ()


def _day(asked: Asked) -> date | None:
    value = asked.shown["as_of"]
    if not value:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        asked.problems["as_of"] = _("Enter the date as year-month-day, for example 2026-03-31.")
        return None
