"""Exchange plans as plain data made at random, with everything in them that spreadsheets are known to spoil."""

import random
from datetime import date, time, timedelta
from typing import Any

from app.applications.vocabulary import (
    SPECIFIC_TYPES,
    ActivityKind,
    Affiliation,
    BudgetKind,
    FieldOfScience,
    ParticipantRole,
    Residency,
)
from app.applications.workbook import plain
from app.core.fields import composed
from app.directory import countries
from app.invitees.models import Category

PIECES = [
    "=1+1", "=HYPERLINK(\"https://example.org\")", "+81 75", "-5", "@SUM(A1)", "'quoted", "|",
    "𠮷野家", "👩‍🔬🌸", "🇯🇵", "東京",
    "ガ", "が", "Nguyễn", "ไทย", "नेपाल", "a\u0301", "\u3000", " ", "\n", "\n\n", "\t", "&amp;<b>", "\"", "_x000D_",
    "_x0041_", "_x005F_x0041_", "_x005F_", "_x", "\uffff", "\x85", "\u2028", "0012", "1e5", "TRUE", "#REF!",
    "2026-07-01", "9:30", "はい / Yes", "--", "%", "\x07", "\r\n", "field:purpose", "columns",
]  # fmt: skip


class Maker:
    """Makes plans; the same seed gives the same plans."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def text(self, most: int) -> str:
        """A text as a form keeps it: empty, short, or as long as can be."""
        pick = self.random.random()
        if pick < 0.25:
            return ""
        if pick < 0.3:
            return "".join(self.random.choice("あ𠮷=x🌸") for _number in range(most))
        pieces = self.random.choices(PIECES, k=self.random.randint(1, 5))
        kept: str = composed("".join(pieces))
        return composed(kept[:most])

    def one_of(self, codes: Any) -> str:
        return str(getattr(chosen := self.random.choice(list(codes)), "value", chosen))

    def maybe(self, value: Any, nothing: Any = None) -> Any:
        return nothing if self.random.random() < 0.3 else value

    def email(self) -> str:
        return str(self.maybe(f"person.{self.random.randint(1, 99)}+test@example.ac.jp", ""))

    def day(self) -> date:
        return date(2020, 1, 1) + timedelta(days=self.random.randint(0, 5000))

    def hour(self, first: int = 0) -> time | None:
        minutes = self.random.randint(first, 1439)
        return self.maybe(time(minutes // 60, minutes % 60))  # type: ignore[no-any-return]

    def plan(self, most_rows: int = 3) -> plain.Plain:
        """A plan; `most_rows` in each of its tables."""
        rows = self.random.randint(0, most_rows)
        partners = [self.partner(number) for number in range(1, self.random.randint(0, most_rows) + 1)]
        return {
            "overview": {"fields": self.overview(), "rows": []},
            "partners": {"fields": {}, "rows": partners},
            "itinerary": {
                "fields": self.stay(),
                "rows": plain.in_order([self.item() for _number in range(self.random.randint(0, most_rows))]),
            },
            "people": {"fields": {}, "rows": [self.group(len(partners)) for _number in range(rows)]},
            "budget": {"fields": {}, "rows": [self.cost() for _number in range(rows)]},
            "safety": {"fields": self.safety(), "rows": []},
        }

    def overview(self) -> dict[str, Any]:
        return {
            "theme_ja": self.text(300),
            "theme_en": self.text(300),
            "field_of_science": self.maybe(self.one_of(FieldOfScience), ""),
            "purpose": self.text(4000),
            "expected_results": self.text(4000),
            "principal_name": self.text(120),
            "principal_department": self.text(200),
            "principal_email": self.email(),
            "administrative_name": self.text(120),
            "administrative_email": self.email(),
            "administrative_phone": self.text(40),
        }

    def partner(self, number: int) -> dict[str, Any]:
        return {
            "id": str(self.random.randint(1, 10**6) * 1000 + number),
            "number": number,
            "organization": self.text(290) + "大学",
            "country": self.maybe(self.one_of(code for code, _name in countries.choices("en")), ""),
            "contact_name": self.text(120),
            "contact_email": self.email(),
            "prior_notification": self.text(60),
        }

    def stay(self) -> dict[str, Any]:
        entry = self.maybe(self.day())
        leave = entry and self.maybe(entry + timedelta(days=self.random.randint(0, 21)))
        return {
            "starts_on": entry,
            "ends_on": leave,
            "airport_distance_km": self.maybe(self.random.randint(0, 5000)),
        }

    def item(self) -> dict[str, Any]:
        begin = self.hour()
        return {
            "day": self.random.randint(1, 366),
            "starts_at": begin,
            "ends_at": self.hour(begin.hour * 60 + begin.minute if begin else 0),
            "kind": self.one_of(ActivityKind),
            "title": self.text(300),
            "venue": self.text(200),
            "leader": self.text(120),
        }

    def group(self, partners: int) -> dict[str, Any]:
        return {
            "partner": self.random.randint(0, partners),
            "category": self.maybe(self.one_of(Category), ""),
            "role": self.one_of(ParticipantRole),
            "number": self.random.choice([1, 2, 8, 999]),
            "first_visit": self.one_of(["yes", "no"]),
        }

    def cost(self) -> dict[str, Any]:
        return {
            "kind": self.one_of(BudgetKind),
            "description": self.text(300),
            "quantity": self.random.choice([0, 1, 100_000]),
            "unit_price": self.random.choice([0, 1, 90_000, 100_000_000]),
        }

    def safety(self) -> dict[str, Any]:
        return {
            "crisis_name": self.text(120),
            "crisis_phone": self.text(40),
            "crisis_plan": self.text(2000),
            "insurance": self.text(300),
            "online_if_impossible": self.random.random() < 0.5,
            "residency": self.maybe(self.one_of(Residency), ""),
            **{name: self.one_of(["yes", "no", ""]) for name in SPECIFIC_TYPES},
            "affiliation": self.maybe(self.one_of(Affiliation), ""),
            "other_affiliations": self.text(1000),
            "has_system": self.one_of(["yes", "no", ""]),
            "is_classified": self.one_of(["yes", "no", ""]),
            "partners_are_checked": self.one_of(["yes", "no", ""]),
            "export_responsible": self.text(120),
            "form1_on": self.maybe(self.day()),
            "pledge": self.random.random() < 0.5,
            "form2_on": self.maybe(self.day()),
        }
