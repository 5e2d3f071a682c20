"""The rules of the course and the visit, held against people that were read; and people that stand there twice."""

from datetime import date

from app.core.clock import age_on
from app.invitees.roster.draft import RosterRow, RosterRules
from app.invitees.roster.findings import Finding

#: How many characters of a field are kept (columns of the person and of the part in a visit).
LONGEST = {
    "surname": 80,
    "given_names": 120,
    "native_name": 160,
    "katakana": 160,
    "email": 254,
    "affiliation": 300,
    "diet": 120,
}
LONGEST_REASON = 300


def check(rows: list[RosterRow], rules: RosterRules) -> None:
    """Add to each row what its values break."""
    for row in rows:
        _check_age(row, rules)
        _check_passport(row, rules)
        _check_course(row, rules)
        _check_length(row)
    taken = [row for row in rows if not row.left_out]
    _check_same(taken, ("passport_number",), "same_passport")
    _check_same(taken, ("surname", "given_names", "date_of_birth"), "same_person")
    _check_same(taken, ("email",), "same_email")


def _cell(row: RosterRow, name: str) -> str | None:
    return row.values[name].cell if name in row.values else None


def _day(row: RosterRow, name: str) -> date | None:
    value = row.value(name)
    return date.fromisoformat(value) if isinstance(value, str) and value else None


def _say(row: RosterRow, code: str, name: str, **params: object) -> None:
    found = row.values[name].raw if name in row.values else ""
    row.findings.append(Finding(code, name, _cell(row, name), found, params))


def _check_age(row: RosterRow, rules: RosterRules) -> None:
    """Age on the day of entry: the limit binds invitees (domain rules, invitees (ii)); minors need consent."""
    born = _day(row, "date_of_birth")
    if born is None or rules.entry is None:
        return
    if born >= rules.entry:
        _say(row, "future_birth", "date_of_birth")
        return
    age = age_on(born, rules.entry)
    if rules.max_age is not None and row.value("role") == "invitee" and age > rules.max_age:
        _say(row, "age_over_limit", "date_of_birth", age=age, limit=rules.max_age)
    if age < rules.adult_age:
        _say(row, "guardian_consent", "date_of_birth", age=age)


def _check_passport(row: RosterRow, rules: RosterRules) -> None:
    expiry = _day(row, "passport_expiry")
    if expiry and rules.exit and expiry < rules.exit:
        params = {"expiry": expiry.isoformat(), "exit": rules.exit.isoformat()}
        _say(row, "passport_ends_before_stay", "passport_expiry", **params)


def _check_course(row: RosterRow, rules: RosterRules) -> None:
    if row.value("role") == "invitee" and rules.categories is not None:
        category = row.value("category")
        if category and category not in rules.categories:
            _say(row, "category_not_allowed", "category")
    if rules.first_visit_wanted and row.value("first_visit") is False and row.value("role") != "supervisor":
        row.reason_wanted = True
        _say(row, "not_first_visit", "first_visit")


def _check_length(row: RosterRow) -> None:
    for name, limit in LONGEST.items():
        value = row.value(name)
        if isinstance(value, str) and len(value) > limit:
            _say(row, "too_long", name, limit=limit)
    if len(row.reason) > LONGEST_REASON:
        at = _cell(row, "first_visit")
        row.findings.append(Finding("too_long", "first_visit_reason", at, row.reason, {"limit": LONGEST_REASON}))


def _check_same(rows: list[RosterRow], names: tuple[str, ...], code: str) -> None:
    """Say of each later row that equals an earlier one in these fields which one that is."""
    first: dict[tuple[object, ...], RosterRow] = {}
    for row in rows:
        key = tuple(row.value(name) for name in names)
        if not all(key[1:] if code == "same_person" else key):
            continue
        other = first.setdefault(key, row)
        # Two states may give the same number; a person found by the passport need not be named twice.
        states = {person.value("nationality") for person in (row, other)} - {None}
        if other is row or len(states) == 2 or (code != "same_passport" and _has_same_passport(row, other)):
            continue
        _say(row, code, names[0] if code != "same_person" else "given_names", other=_cell(other, names[0]))


def _has_same_passport(row: RosterRow, other: RosterRow) -> bool:
    number = row.value("passport_number")
    return bool(number) and number == other.value("passport_number")
