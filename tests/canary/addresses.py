"""What can be asked: every rule of the application with the objects of every place, mixed ones, and none that exist."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from app.core.web import PUBLIC
from tests.architecture import test_matrix as matrix
from tests.canary.people import World

NOBODYS = "zzzzzzzz"  # how ids that name nothing begin
COMMON = {"criterion_key", "year", "verb", "section", "name", "day", "kind", "list_name", "act_name"}
TOKENS = {"token", "code", "filename", "mail_id", "session_id", "link_id", "public_id", "person_id"}
VERBS = ("submit", "withdraw", "return", "adopt", "decline", "reserve", "no-such-verb")
SECTIONS = ("overview", "budget", "safety", "people")
LISTS = ("applications", "experts", "screening", "audit-log", "mails", "jobs", "people", "invitees", "declarations")


@dataclass(frozen=True)
class Asked:
    """One address of a rule. `place`: whose objects it names; "" for none that exists. `ids`: of which rows.

    `like`: what such addresses have in common whatever their objects.
    """

    rule: Rule
    path: str
    place: str
    ids: tuple[str, ...]
    like: str


def rules(app: Flask, method: str) -> list[Rule]:
    """Every rule that understands a method, by address."""
    found = (rule for rule in app.url_map.iter_rules() if rule.endpoint != "static")
    return sorted((rule for rule in found if method in (rule.methods or ())), key=lambda rule: rule.rule)


def addresses(rule: Rule, world: World) -> Iterator[Asked]:
    """A rule with the objects of every place, a parent of one house with a child of the other, and with nothing."""
    rows = sorted(rule.arguments - COMMON)
    places = list(world.objects) if rows else list(world.objects)[:1]
    seen = set()
    for name in places:
        for values in _values(rule, {**_tokens(world), **world.objects[name], **_plain(world)}):
            asked = _asked(rule, values, name if rows else "", rows)
            if asked.path not in seen:
                seen.add(asked.path)
                yield asked
    if not rows:
        return
    one = {**_tokens(world), **world.objects[places[0]], **_plain(world)}
    yield from (_asked(rule, {**values, rows[0]: _no(one[rows[0]])}, "", rows) for values in _values(rule, one))
    if len(rows) > 1:
        yield from _mixed(rule, world, rows)  # compared with what names nothing at all


def _mixed(rule: Rule, world: World, rows: list[str]) -> Iterator[Asked]:
    """Two houses' objects in one address: each time one parameter is the other house's, or nobody's."""
    for ours, theirs in (("draft a", "draft b"), ("draft b", "draft a"), ("base a", "base b"), ("base b", "base a")):
        for name in rows:
            mine = {**_tokens(world), **world.objects[ours], **_plain(world)}
            yield _asked(
                rule, {**mine, name: world.objects[theirs].get(name, _no(mine[name]))}, f"{ours}+{theirs}", rows
            )
            yield _asked(rule, {**mine, name: _no(mine[name])}, f"{ours}+nothing", rows)


def _values(rule: Rule, values: dict[str, Any]) -> Iterator[dict[str, Any]]:
    unknown = rule.arguments - set(values)
    assert not unknown, f"{rule.rule}: the canary world has no object for {unknown} (tests/canary/world.py)"
    if "verb" in rule.arguments:
        yield from ({**values, "verb": verb} for verb in VERBS)
    elif "section" in rule.arguments:
        yield from ({**values, "section": section} for section in SECTIONS)
    elif "list_name" in rule.arguments and "view_id" not in rule.arguments:
        yield from ({**values, "list_name": name} for name in LISTS)
    else:
        yield values


def _plain(world: World) -> dict[str, Any]:
    return {**matrix.OTHER_VALUES, "year": world.year}


def _tokens(world: World) -> dict[str, str]:
    person = world.people["host_editor b"].user
    known = (
        {"person_id": person.public_id, "public_id": world.objects["base a"]["job_id"]} if person is not None else {}
    )
    return {name: _no("x" * 26) for name in TOKENS} | known


def _no(known: str) -> str:
    """An id as long as a known one, that names nothing."""
    return "9" * len(known) if known.isdigit() else (NOBODYS * 4)[: len(known)]


def _asked(rule: Rule, values: dict[str, Any], place: str, rows: list[str]) -> Asked:
    built = rule.build({name: values[name] for name in rule.arguments}, append_unknown=False)
    assert built is not None, rule.rule
    like = f"{rule.rule} {[values[name] for name in sorted(rule.arguments & COMMON)]}"
    return Asked(rule, built[1], place, tuple(str(values[name]) for name in rows), like)


def is_public(app: Flask, rule: Rule) -> bool:
    return getattr(app.view_functions[rule.endpoint], "permission", None) == PUBLIC


class Forms(HTMLParser):
    """The forms of a page: method, address, and what a browser would send."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[dict[str, Any]] = []
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            method = given.get("method", "get").upper()
            self.found.append(
                {"method": method, "action": given.get("action", ""), "data": {}, "typed": [], "choices": {}}
            )
        elif self.found and given.get("name") and tag in ("input", "textarea", "select", "button"):
            self._field(tag, given)
        elif tag == "option" and self.found and self._select:
            self.found[-1]["choices"].setdefault(self._select, []).append(given.get("value", ""))
            if "selected" in given:
                self.found[-1]["data"][self._select] = given.get("value", "")

    def _field(self, tag: str, given: dict[str, str]) -> None:
        form, name, kind = self.found[-1], given["name"], given.get("type", "text")
        if tag == "select":
            self._select = name
        elif tag == "textarea":
            form["typed"].append(name)
        elif kind in ("text", "search") and tag == "input":
            form["typed"].append(name)
            form["data"][name] = given.get("value", "")
        elif kind in ("radio", "checkbox"):
            form["choices"].setdefault(name, []).append(given.get("value", ""))
            if "checked" in given:
                form["data"][name] = given.get("value", "")
        elif kind not in ("file", "submit", "button") or tag == "button":
            form["data"].setdefault(name, given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""


def forms(page: str) -> list[dict[str, Any]]:
    """The forms of a page."""
    parser = Forms()
    parser.feed(page)
    return parser.found


def filled(form: dict[str, Any], chance: random.Random) -> dict[str, str]:
    """A form as somebody in a hurry sends it: the first choice everywhere, a word in every field."""
    data = dict(form["data"])
    for name, values in form["choices"].items():
        offered = [value for value in values if value]
        if offered and not data.get(name):
            data[name] = chance.choice(offered)
    for name in form["typed"]:
        data[name] = data.get(name) or "A word of the tester"
    return data
