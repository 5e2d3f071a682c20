"""From one row's cells to one person: each field read, and each doubt said with its cell."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from app.invitees import passport
from app.invitees.roster import hints, names, values
from app.invitees.roster.dates import Order, read_date
from app.invitees.roster.draft import FOR_ALL, Answers, Parsed, RosterRow, RosterRules, Value
from app.invitees.roster.findings import Finding
from app.invitees.roster.rows import RawRow
from app.invitees.roster.words import means_none

#: The role that follows from the guidelines: schools' teachers cannot be invited, students and postdocs can, and
#: cannot carry a supervisor's responsibility. For everyone else it is asked.
ROLE_OF_CATEGORY = {
    "high_school": "invitee",
    "technical_college": "invitee",
    "undergraduate": "invitee",
    "master": "invitee",
    "doctor": "invitee",
    "postdoc": "invitee",
    "teacher": "supervisor",
}
_DATE_CODES = {"impossible": "impossible_date", "unreadable": "unreadable_date", "short_year": "short_year"}


@dataclass
class Context:
    """What is known about the file when its rows are read."""

    rules: RosterRules
    answers: Answers
    date_orders: Mapping[tuple[int, str], Order | None] = field(default_factory=dict)
    buddhist: frozenset[tuple[int, str]] = frozenset()
    name_orders: Mapping[int, names.OrderFound] = field(default_factory=dict)
    spanish_sex: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Given:
    """A text to be read, where it comes from and its cell."""

    text: str
    cell: str
    origin: str = "file"
    day: date | None = None


class Reader:
    """Reads one row; `row` is the result."""

    def __init__(self, raw: RawRow, context: Context) -> None:
        self.raw = raw
        self.context = context
        self.typed = context.answers.rows.get(raw.key, {})
        self.row = RosterRow(
            raw.key,
            raw.sheet,
            raw.number,
            notes=values.tidy(raw.text("notes")),
            left_out=raw.key in context.answers.left_out,
            reason=self.typed.get("first_visit_reason", "").strip(),
        )

    def given(self, name: str, *, for_all: bool = True) -> Given | None:
        """What stands for a field: typed for this row, else its cell, else the answer for all; None if nothing does."""
        cell = self.raw.ref(name)
        if name in self.typed:
            text = self.typed[name].strip()
            return Given(text, cell, "corrected") if text else None
        found = self.raw.cells.get(name)
        if found is not None and not (means_none(found.text) and name != "diet"):
            if found.kind == "formula":
                self.say("formula", name, found.text)
            return Given(found.text, cell, "file", found.value if isinstance(found.value, date) else None)
        answer = self.context.answers.for_all.get(name, "").strip() if for_all and name in FOR_ALL else ""
        return Given(answer, cell, "answer") if answer else None

    def say(self, code: str, name: str, found: str = "", **params: object) -> None:
        """Note a finding at a field's cell."""
        self.row.findings.append(Finding(code, name, self.raw.ref(name), found, params))

    def miss(self, name: str, code: str) -> None:
        """Note that a value is missing, unless a person may be without it."""
        if name not in self.context.rules.optional:
            self.say(code, name)

    def keep(self, name: str, value: Value, given: Given) -> None:
        """Store a value."""
        self.row.values[name] = Parsed(value, given.text, given.cell, given.origin)  # type: ignore[arg-type]

    def read(self) -> RosterRow:
        """The person."""
        self.read_name()
        self.read_sex()
        self.read_date("date_of_birth")
        self.read_date("passport_expiry")
        self.read_coded("nationality", values.nationality, "unknown_nationality", "unanswered")
        self.read_coded("passport_number", values.passport_number, "invalid_passport_number", "missing_value")
        self.read_coded("email", values.email, "invalid_email", "missing_email")
        self.read_coded("category", values.category, "unreadable", "unanswered")
        self.read_texts()
        self.read_role()
        self.read_first_visit()
        if self.raw.cells and all(cell.hidden for cell in self.raw.cells.values()):
            self.row.findings.append(Finding("hidden_cells", None, self.raw.row_ref))
        number = self.row.value("passport_number")
        if isinstance(number, str) and not passport.fits_machine_readable_zone(number):
            self.say("long_passport_number", "passport_number", number)
        return self.row

    def read_name(self) -> None:
        """Surname and given names from two columns or one; a correction of either counts before the file."""
        whole = self.given("full_name")
        if whole is not None and not {"surname", "given_names"} & set(self.typed):
            name = self.cut(whole)
            self.keep_name(name, whole, whole)
            self.keep_native_spelling(whole, name)
            return
        before = self.cut(whole) if whole else None
        surname = self.given("surname") or Given(before.surname if before else "", self.raw.ref("surname"))
        given_names = self.given("given_names") or Given(
            before.given_names if before else "", self.raw.ref("given_names")
        )
        if "surname" in self.typed and not self.typed["surname"].strip():
            surname = Given("", surname.cell, "corrected")
        self.keep_name(names.from_two(surname.text, given_names.text), surname, given_names)

    def cut(self, whole: Given) -> names.PassportName:
        """A name from one cell, in the order of its column."""
        found = self.context.name_orders.get(self.raw.sheet)
        one_word = found is not None and found.shown_by in ("vietnamese", "nationality")
        return names.from_one(whole.text, found.order if found and found.is_sure else None, one_word_surnames=one_word)

    def keep_name(self, name: names.PassportName, surname: Given, given_names: Given) -> None:
        """Store the passport name and say what is doubtful in it."""
        self.keep("surname", name.surname, surname)
        self.keep("given_names", name.given_names, given_names)
        whole = surname.text if surname is given_names else f"{surname.text} {given_names.text}".strip()
        at = "full_name" if surname is given_names else "surname"
        if name.problem == "missing":
            self.say("missing_name", "given_names" if at == "surname" else at)
        elif name.problem == "characters":
            self.say_characters(name, surname, given_names)
        else:
            if name.respelled:
                self.say("respelled_name", at, whole, respelled=f"{name.surname} {name.given_names}".strip())
            if name.unsure:
                self.say("unsure_name", at, whole, surname=name.surname, given=name.given_names)
            if not name.surname:
                # Two columns of which one is blank may be a slip; "-" and a single word are meant.
                is_blank = at == "surname" and any(not self.raw.text(part) for part in ("surname", "given_names"))
                self.say("one_name_only" if is_blank else "one_name", at, whole)

    def say_characters(self, name: names.PassportName, surname: Given, given_names: Given) -> None:
        """Say which part of the name no passport prints."""
        for part, text, given in (("surname", name.surname, surname), ("given_names", name.given_names, given_names)):
            if text and not passport.is_name(passport.latinise(text)):
                finding = Finding("name_characters", part, given.cell, given.text)
                if finding not in self.row.findings:
                    self.row.findings.append(finding)

    def keep_native_spelling(self, whole: Given, name: names.PassportName) -> None:
        """A name written with its marks is the native spelling when no column holds that."""
        if name.respelled and not self.raw.text("native_name"):
            self.row.values["native_name"] = Parsed(values.tidy(whole.text), whole.text, whole.cell, "derived")

    def read_sex(self) -> None:
        """Sex from its column, else from the title; an empty title is X, to be compared with the passport."""
        given = self.given("sex")
        if given is not None:
            spanish = self.raw.sheet in self.context.spanish_sex and given.origin == "file"
            found = values.sex(given.text, spanish=spanish)
            self.keep("sex", found, given) if found else self.say("unreadable", "sex", given.text)
            return
        if "sex" not in self.raw.refs and "title" in self.raw.refs and "sex" not in self.typed:
            title = Given(self.raw.text("title"), self.raw.ref("title"), "derived")
            if not title.text.strip():
                self.keep("sex", "X", title)
                self.row.findings.append(Finding("sex_not_stated", "sex", title.cell))
                return
            if found := values.sex_of_title(title.text):
                self.keep("sex", found, title)
                return
        self.say("missing_value", "sex")

    def read_date(self, name: str) -> None:
        """A date by its column's order and calendar; two possible days are asked for, never chosen."""
        given = self.given(name)
        if given is None:
            self.miss(name, "missing_value")
            return
        column = (self.raw.sheet, name)
        order = self.context.date_orders.get(column)
        text = given.day.isoformat() if given.day else given.text
        reading = read_date(text, order=order, buddhist=column in self.context.buddhist)
        if reading.value:
            self.keep(name, reading.value.isoformat(), given)
        elif reading.either:
            day_first, month_first = reading.either
            self.say(
                "ambiguous_date",
                name,
                given.text,
                day_first=day_first.isoformat(),
                month_first=month_first.isoformat(),
            )
        else:
            self.say(_DATE_CODES[reading.problem or "unreadable"], name, given.text)

    def read_coded(self, name: str, parse: Callable[[str], str | None], bad: str, missing: str) -> None:
        """A value with a fixed form: read, or said to be unreadable, or said to be missing."""
        given = self.given(name)
        if given is None:
            self.miss(name, missing)
        elif (value := parse(given.text)) is None:
            self.say(bad, name, given.text)
        else:
            self.keep(name, value, given)

    def read_texts(self) -> None:
        """Fields kept as they are typed; needs at table also from the notes."""
        given = self.given("affiliation")
        if given is None:
            self.say("unanswered", "affiliation")
        else:
            self.keep("affiliation", values.free_text(given.text), given)
        for name, parse in (("native_name", values.free_text), ("katakana", values.katakana), ("diet", values.diet)):
            if (given := self.given(name)) is not None:
                self.keep(name, parse(given.text), given)
        if "diet" not in self.typed and not self.row.value("diet") and (needs := hints.diet_of_notes(self.row.notes)):
            self.keep("diet", needs, Given(self.row.notes, self.raw.ref("notes"), "notes"))
            self.row.findings.append(Finding("from_notes", "diet", self.raw.ref("notes"), self.row.notes))

    def read_role(self) -> None:
        """The role, or what follows from the category; a remark in the notes is proposed and must be confirmed."""
        hint = hints.role_of_notes(self.row.notes)
        given = self.given("role", for_all=hint is None)
        derived = ROLE_OF_CATEGORY.get(str(self.row.value("category")))
        if given is not None:
            found = values.role(given.text)
            self.keep("role", found, given) if found else self.say("unreadable", "role", given.text)
        elif derived and hint in (None, derived):
            self.row.values["role"] = Parsed(derived, self.raw.text("category"), self.raw.ref("category"), "derived")
        else:
            self.say("unanswered", "role")

    def read_first_visit(self) -> None:
        """Whether it is the first visit: its column, the column of earlier visits turned round, or the answer."""
        hint = hints.first_visit_of_notes(self.row.notes)
        given = self.given("first_visit", for_all=hint in (None, True))
        before = self.given("visited_before", for_all=False)
        # An empty or "none" cell in a column of earlier visits is an answer only if it says so.
        if before is None and means_none(self.raw.text("visited_before")) and self.raw.text("visited_before"):
            before = Given(self.raw.text("visited_before"), self.raw.ref("visited_before"))
        if before is not None and (given is None or given.origin == "answer"):
            found = values.visited_before(before.text)
            first, given = (None if found is None else not found), before
        elif given is not None:
            first = values.yes_no(given.text)
        else:
            self.say("unanswered", "first_visit")
            return
        if first is None:
            self.say("unreadable", "first_visit", given.text)
        else:
            self.keep("first_visit", first, given)
