"""What a reader of rosters says: each finding has a code and a severity, names its cell, and becomes a sentence."""

import dataclasses
from collections.abc import Mapping
from typing import Any, Literal

from flask_babel import lazy_gettext as _l

from app.core.sentences import N_, Sentence

Severity = Literal["error", "question", "warning", "note"]


FIELD_LABELS: Mapping[str, Any] = {
    "surname": _l("Surname"),
    "given_names": _l("Given names"),
    "full_name": _l("Passport name in one column"),
    "native_name": _l("Name in native script"),
    "katakana": _l("Name in katakana"),
    "title": _l("Title (Mr, Ms …)"),
    "sex": _l("Sex"),
    "date_of_birth": _l("Date of birth"),
    "nationality": _l("Nationality"),
    "passport_number": _l("Passport number"),
    "passport_expiry": _l("Passport expiry"),
    "email": _l("E-mail"),
    "category": _l("Category"),
    "affiliation": _l("Affiliation"),
    "role": _l("Role"),
    "first_visit": _l("First visit to Japan"),
    "visited_before": _l("Has been to Japan before"),
    "diet": _l("Dietary needs"),
    "first_visit_reason": _l("Why this person is invited again"),
    "notes": _l("Notes"),
    "number": _l("Running number"),
    "unused": _l("Not needed"),
    "date_order": _l("Order of day and month"),
    "name_order": _l("Order of names"),
}

VALUE_LABELS: Mapping[str, Mapping[str, Any]] = {
    "sex": {"F": _l("Female"), "M": _l("Male"), "X": _l("X (unspecified)")},
    "category": {
        "high_school": _l("High-school student"),
        "technical_college": _l("Technical-college student"),
        "undergraduate": _l("Undergraduate student"),
        "master": _l("Master's student"),
        "doctor": _l("Doctoral student"),
        "postdoc": _l("Postdoctoral researcher"),
        "faculty": _l("University faculty"),
        "teacher": _l("School teacher"),
        "researcher": _l("Researcher"),
        "public_official": _l("Public official"),
        "other": _l("Other"),
    },
    "role": {"invitee": _l("Invitee"), "supervisor": _l("Supervisor")},
    "first_visit": {"yes": _l("Yes"), "no": _l("No")},
    "date_order": {"dmy": _l("Day first (31/12/2000)"), "mdy": _l("Month first (12/31/2000)")},
    "name_order": {
        "surname_first": _l("Family name first (YAMADA HANAKO)"),
        "given_first": _l("Given names first (HANAKO YAMADA)"),
    },
}

EXPECTED: Mapping[str, Any] = {
    "surname": _l("the letters A to Z, spaces, hyphens and apostrophes, as in the passport"),
    "given_names": _l("the letters A to Z, spaces, hyphens and apostrophes, as in the passport"),
    "sex": _l("F, M or X, as in the passport"),
    "date_of_birth": _l("a date such as 2003-05-14 or 14/05/2003"),
    "passport_expiry": _l("a date such as 2031-05-14 or 14/05/2031"),
    "nationality": _l("a country or region such as Nepal or NP"),
    "passport_number": _l("5 to 12 letters and digits, as in the passport"),
    "email": _l("an address such as name@example.ac.jp"),
    "category": _l("a level or occupation such as Undergraduate, Master or Teacher"),
    "role": _l("Invitee or Supervisor"),
    "first_visit": _l("Yes or No"),
}

#: Why a question's answer is proposed.
SHOWN_BY: Mapping[str, Any] = {
    "footnote": _l("proposed from a remark in the file"),
    "email": _l("proposed from the e-mail addresses"),
    "notes": _l("proposed from the notes"),
    "plan": _l("proposed from the exchange plan"),
    "principle": _l("proposed because first visits are the rule of this course"),
    "category": _l("proposed from level or occupation"),
    "header": _l("shown by the header"),
    "capitals": _l("shown by the capitals"),
    "vietnamese": _l("shown by the family names"),
    "nationality": _l("shown by the nationality"),
    "column": _l("shown by another column of the file"),
    "nothing": _l("the file does not show it"),
}

_UNREADABLE = N_("%(place)s: found “%(found)s”, expected %(expected)s.")
TEXTS: Mapping[str, tuple[Severity, str]] = {
    "missing_value": ("error", N_("%(place)s: %(field)s is missing; expected %(expected)s.")),
    "missing_name": ("error", N_("%(place)s: the passport name is missing.")),
    "missing_email": ("warning", N_("%(place)s: there is no e-mail address, so this person cannot be written to.")),
    "name_characters": ("error", _UNREADABLE),
    "unreadable": ("error", _UNREADABLE),
    "unreadable_date": ("error", _UNREADABLE),
    "impossible_date": ("error", N_("%(place)s: “%(found)s” is not a day of the calendar; expected %(expected)s.")),
    "short_year": ("error", N_("%(place)s: “%(found)s” has a year of two digits; expected %(expected)s.")),
    "future_birth": ("error", N_("%(place)s: “%(found)s” lies after the visit and cannot be a date of birth.")),
    "ambiguous_date": (
        "question",
        N_("%(place)s: “%(found)s” can be %(day_first)s or %(month_first)s. Say which comes first, day or month."),
    ),
    "unknown_nationality": ("error", _UNREADABLE),
    "invalid_email": ("error", _UNREADABLE),
    "invalid_passport_number": ("error", _UNREADABLE),
    "unanswered": ("question", N_("%(place)s: the file does not say: %(field)s.")),
    "age_over_limit": (
        "error",
        N_("%(place)s: %(age)s years old on the day of entry, but invitees of this course may be %(limit)s at most."),
    ),
    "category_not_allowed": ("error", N_("%(place)s: “%(found)s” cannot be invited in this course.")),
    "passport_ends_before_stay": (
        "error",
        N_("%(place)s: the passport ends on %(expiry)s, before the stay would end on %(exit)s."),
    ),
    "same_passport": ("error", N_("%(place)s: “%(found)s” is also the passport of another person (%(other)s).")),
    "same_person": ("warning", N_("%(place)s: another person has the same name and date of birth (%(other)s).")),
    "same_email": ("warning", N_("%(place)s: “%(found)s” is also the address of another person (%(other)s).")),
    "guardian_consent": (
        "warning",
        N_("%(place)s: %(age)s years old on the day of entry. The consent of a parent or guardian is needed."),
    ),
    "not_first_visit": (
        "warning",
        N_("%(place)s: not the first visit to Japan. This course is for first visits; give the reason."),
    ),
    "sex_not_stated": (
        "warning",
        N_("%(place)s: there is no title, so the sex is taken as X (unspecified). Compare with the passport."),
    ),
    "respelled_name": ("warning", N_("%(place)s: “%(found)s” becomes %(respelled)s. Compare with the passport.")),
    "unsure_name": (
        "warning",
        N_("%(place)s: “%(found)s” was divided into surname “%(surname)s” and given names “%(given)s”. Please check."),
    ),
    "too_long": ("error", N_("%(place)s: “%(found)s” is too long; at most %(limit)s characters can be kept.")),
    "long_passport_number": (
        "warning",
        N_("%(place)s: “%(found)s” is longer than passport numbers usually are. Compare with the passport."),
    ),
    "hidden_cells": ("warning", N_("%(place)s: this person stands in a hidden row of the file.")),
    "formula": ("warning", N_("%(place)s: the cell holds the formula “%(found)s”; it is kept as text.")),
    "one_name": ("note", N_("%(place)s: a person with one name; the surname stays empty.")),
    "one_name_only": (
        "warning",
        N_("%(place)s: only one name is given (“%(found)s”). If the passport shows two, add the other."),
    ),
    "from_notes": ("note", N_("%(place)s: %(field)s was taken from “%(found)s”.")),
    "hidden_sheet": ("note", N_("The hidden sheet “%(found)s” was not read.")),
    "sheet_without_people": ("note", N_("In the sheet “%(found)s” no list of people was found.")),
    "row_left_aside": ("note", N_("%(place)s: “%(found)s” was not read as a person.")),
    "no_header": (
        "error",
        N_("No row with column headings was found. Say for each column what it holds."),
    ),
    "nobody": ("error", N_("No people were found in the file.")),
    "column_missing": ("note", N_("The file has no column for: %(field)s.")),
    "read_as_cp932": ("note", N_("The file was read as Japanese text of Windows (CP932).")),
    "read_as": ("note", N_("The file was read as text in the encoding %(found)s.")),
}


@dataclasses.dataclass(frozen=True, slots=True)
class Finding:
    """One thing to say. `cell` is the cell's reference, `found` what stands there, `params` what else is named."""

    code: str
    field: str | None = None
    cell: str | None = None
    found: str = ""
    params: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    @property
    def severity(self) -> Severity:
        """error and question hold up saving; warning and note do not."""
        return TEXTS[self.code][0]

    @property
    def sentence(self) -> Sentence:
        """The finding in the reader's language, translated when shown."""
        named: dict[str, Any] = dict(self.params)
        if "other" in named:
            named["other"] = place(named["other"])
        return Sentence(
            TEXTS[self.code][1],
            **named,
            place=place(self.cell),
            found=shorten(self.found),
            field=FIELD_LABELS.get(self.field or "", self.field),
            expected=EXPECTED.get(self.field or "", ""),
        )

    @property
    def expected(self) -> Any:
        """What should stand in the cell, "" where that cannot be said in general."""
        return EXPECTED.get(self.field or "", "")

    def to_json(self) -> dict[str, Any]:
        """A JSON-able form, with the sentence in the language of the request."""
        return {
            "code": self.code,
            "severity": self.severity,
            "field": self.field,
            "cell": self.cell,
            "found": self.found,
            "params": dict(self.params),
            "sentence": str(self.sentence),
        }


_DIRECTION_MARKS = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)))


def place(ref: str | None) -> Sentence:
    """A cell's name for people: "Cell D5", also with its sheet (`Sheet!D5`), "Row 5, column 4" (`5:4`), "Row 5" (`5:`),
    or the whole file."""
    if not ref:
        return Sentence(N_("The file"))
    sheet, _, ref = ref.rpartition("!")
    if sheet:
        return Sentence(N_("Sheet “%(sheet)s”, %(place)s"), sheet=shorten(sheet), place=place(ref))
    if ":" not in ref:
        return Sentence(N_("Cell %(cell)s"), cell=ref)
    row, column = ref.split(":")
    if column:
        return Sentence(N_("Row %(row)s, column %(column)s"), row=row, column=column)
    return Sentence(N_("Row %(row)s"), row=row)


def shorten(text: str, limit: int = 80) -> str:
    """Text for a sentence: on one line, without marks that turn the direction of writing, cut when long."""
    line = " ".join(text.translate(_DIRECTION_MARKS).split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def label(name: str, value: Any) -> Any:
    """A stored value in words, where it is a code with a label; else the value."""
    if isinstance(value, bool):
        value = "yes" if value else "no"
    return VALUE_LABELS.get(name, {}).get(value, value)
