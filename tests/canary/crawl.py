"""Ask everything as everybody, and hold every answer against what its reader may know.

Three findings: a foreign canary in an answer (or in a mail to somebody else, or in a log line); a search for a foreign
canary that answers otherwise than a search for nothing; an object that is none of the reader's business and can be told
from one that never was.
"""

import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from urllib.parse import quote

from flask import Flask

from app.core.authz import Role
from tests.canary.addresses import Asked, addresses, filled, forms, rules
from tests.canary.asking import REDIRECTS, Answer, Asker
from tests.canary.birds import STAND_IN, Canary, may_know
from tests.canary.people import Somebody, World
from tests.canary.unpacking import kind_of

HIDDEN = (403, 404, 410)
CHANGING = re.compile(r"[\w.-]{20,}|[0-9a-f]{16}")  # tokens, signatures, nonces, numbers of requests
UNLIKE_EACH_TIME = {"Date", "Content-Length", "Set-Cookie", "Content-Security-Policy", "X-Request-Id", "Retry-After"}
ALL = "all"


@dataclass
class Tally:
    """What was asked, and what was found."""

    answers: Counter[str] = field(default_factory=Counter)  # by reader
    kinds: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    mails: int = 0
    seen: Counter[tuple[str, str]] = field(default_factory=Counter)  # canaries that were rightly seen: reader, kind
    leaks: dict[str, str] = field(default_factory=dict)  # finding: an address where it shows

    @property
    def total(self) -> int:
        return sum(self.answers.values())

    def note(self, finding: str, where: str) -> None:
        self.leaks.setdefault(finding, where)


class Crawl:
    """One walk through everything, in one language."""

    def __init__(
        self, app: Flask, world: World, tally: Tally, language: str = "en", picks: Callable[[str], bool] | None = None
    ) -> None:
        self.app, self.world, self.tally, self.language = app, world, tally, language
        self.asker = Asker(app, world, language)
        self.picks = picks or (lambda _path: True)
        self.chance = random.Random(20140401)

    def run(self, names: Iterable[str], parts: Iterable[str] = ("get", "search", "post")) -> None:
        """As everybody named: every address, every search, every form."""
        for name in names:
            person, pages = self.world.people[name], Pages()
            if person.reader.roles & {Role.COORDINATOR, Role.DECISION_MAKER}:  # they know every proposal
                pages.known.update(ids["proposal_id"] for ids in self.world.objects.values())
            if "get" in parts:
                self._get_all(person, pages)
            if "search" in parts:
                self._search_all(person, pages)
            if "post" in parts:
                self._post_all(person, pages)
            self._compare(person, pages)

    def _get_all(self, person: Somebody, pages: "Pages") -> None:
        for rule in rules(self.app, "GET"):
            for asked in addresses(rule, self.world):
                if self.picks(f"{person.reader.name} {asked.path}"):
                    pages.keep(asked, self._ask(person, asked.path))

    def _ask(self, person: Somebody, path: str, method: str = "GET", data: Any = None, echo: str = "") -> Answer:
        """Ask, count, and hold what came against what the reader may know. `echo`: a word that was asked for."""
        answer = self.asker.ask(person, path, method, data, follow=method == "POST")
        for each in filter(None, (answer, answer.then)):
            self._count(person, each)
            self._hold(person, each.words - {echo}, f"{method} {path}", each.endpoint)
        for reader, words in answer.mails:
            self.tally.mails += 1
            for bird in self.world.aviary.foreign(reader, words):
                self.tally.note(f"mail to {reader.name}: {bird.kind}", f"{method} {path} as {person.reader.name}")
        for word in answer.logged - {echo}:
            self.tally.note(f"log line: {self.world.aviary.birds[word].kind}", path)
        return answer

    def _count(self, person: Somebody, answer: Answer) -> None:
        self.tally.answers[person.reader.name] += 1
        self.tally.kinds[kind_of(answer.response)] += 1
        self.tally.statuses[answer.status] += 1
        if answer.status >= 500:
            self.tally.note(f"error {answer.status} at {answer.endpoint}", f"as {person.reader.name}")

    def _hold(self, person: Somebody, words: set[str], path: str, endpoint: str) -> None:
        birds = [self.world.aviary.birds[word] for word in words if word in self.world.aviary.birds]
        for bird in birds:
            if may_know(person.reader, bird, endpoint):
                self.tally.seen[person.reader.name, bird.kind] += 1
            else:
                where = f"{path}: {bird.token} of {bird.place.name}"
                self.tally.note(f"{person.reader.name} sees {bird.kind} ({endpoint})", where)

    # -- searching ------------------------------------------------------------------------------------------------

    def _search_all(self, person: Somebody, pages: "Pages") -> None:
        """Every list by every word field, once for nothing and once for each kind of foreign secret."""
        for (path, name), is_search in pages.searches():
            nothing = self._ask(person, _query(path, name, STAND_IN), echo=STAND_IN)
            birds = self._foreign(person)
            for bird in birds if is_search else islice(birds, 1):  # a page that seeks nothing is asked once
                if not self.picks(f"{person.reader.name} {path} {name} {bird.kind}"):
                    continue
                found = self._ask(person, _query(path, name, bird.token), echo=bird.token)
                if _likeness(found, bird.token) != _likeness(nothing, STAND_IN):
                    self.tally.note(f"{person.reader.name} finds {bird.kind} by {path}?{name}=", bird.token)

    def _foreign(self, person: Somebody) -> Iterator[Canary]:
        """Of each kind the reader may not know, one secret of each house."""
        seen: set[tuple[str, int | None]] = set()
        for bird in self.world.aviary.birds.values():
            if (bird.kind, bird.place.host) not in seen and not may_know(person.reader, bird, ""):
                seen.add((bird.kind, bird.place.host))
                yield bird

    # -- forms ----------------------------------------------------------------------------------------------------

    def _post_all(self, person: Somebody, pages: "Pages") -> None:
        """Every address with nothing, and every form of every page filled in a hurry."""
        for rule in rules(self.app, "POST"):
            for asked in addresses(rule, self.world):
                if self.picks(f"{person.reader.name} POST {asked.path}"):
                    self._ask(person, asked.path, "POST", {})
        for path, form in pages.posts():
            if self.picks(f"{person.reader.name} FORM {path}"):
                self._ask(person, path, "POST", filled(form, self.chance))

    # -- what is not there ----------------------------------------------------------------------------------------

    def _compare(self, person: Somebody, pages: "Pages") -> None:
        """What the reader must not know of answers as what never was."""
        for asked, looks in pages.hidden:
            nothing = pages.nothing.get(asked.like)
            if nothing is None or looks == nothing or set(asked.ids) <= pages.known:
                continue
            finding = (
                f"{person.reader.name} tells objects from nothing at {asked.rule.rule} ({looks[:2]}, {nothing[:2]})"
            )
            self.tally.note(finding, asked.path)


class Pages:
    """What a reader has been shown: known objects, hidden ones, searches and forms met on the way."""

    def __init__(self) -> None:
        self.known: set[str] = set()
        self.hidden: list[tuple[Asked, tuple[Any, ...]]] = []
        self.nothing: dict[str, tuple[Any, ...]] = {}
        self._searches: dict[tuple[str, str], bool] = {}  # (address, field): whether it is known to seek
        self._posts: dict[tuple[str, tuple[str, ...]], tuple[str, dict[str, Any]]] = {}

    def keep(self, asked: Asked, answer: Answer) -> None:
        """Remember an answer."""
        if asked.ids and not asked.place:
            self.nothing[asked.like] = _looks(asked, answer)
        elif asked.ids and (answer.status in HIDDEN or _leads_to_sign_in(answer)):
            self.hidden.append((asked, _looks(asked, answer)))
        if answer.status == 200:
            self.known.update(asked.ids)
            if not asked.ids:
                self._searches.setdefault((asked.path, "q"), answer.response.mimetype != "text/html")
        if answer.status == 200 and answer.response.mimetype == "text/html":
            self._read(asked, answer.response.get_data(as_text=True))

    def _read(self, asked: Asked, page: str) -> None:
        for form in forms(page):
            path = (form["action"] or asked.path).split("#")[0]
            if not path.startswith("/"):
                continue
            if form["method"] == "GET":
                self._searches.update({(path.split("?")[0], name): True for name in form["typed"]})
            else:
                fields = tuple(sorted({*form["data"], *form["typed"], *form["choices"]}))
                self._posts.setdefault((path, fields), (path, form))

    def searches(self) -> list[tuple[tuple[str, str], bool]]:
        return list(self._searches.items())

    def posts(self) -> list[tuple[str, dict[str, Any]]]:
        return list(self._posts.values())


def _query(path: str, name: str, word: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}{name}={word}"


def _leads_to_sign_in(answer: Answer) -> bool:
    return answer.status in REDIRECTS and "/sign-in" in (answer.response.location or "")


def _looks(asked: Asked, answer: Answer) -> tuple[Any, ...]:
    """An answer without what names the object: status, length, headers."""
    headers = [(k, v) for k, v in answer.response.headers.items() if k not in UNLIKE_EACH_TIME]
    said, body = str(sorted(headers)), answer.response.get_data(as_text=True)
    for name in (asked.path, quote(asked.path, safe=""), *(name for name in asked.ids if not name.isdigit())):
        said, body = said.replace(name, "#"), body.replace(name, "#")
    return answer.status, len(CHANGING.sub("", body)), said


def _likeness(answer: Answer, word: str) -> tuple[Any, ...]:
    """An answer to a search without the word that was sought."""
    body = answer.response.get_data()
    if answer.response.mimetype.startswith(("text/", "application/json")):
        plain = CHANGING.sub("", body.decode("utf-8", "replace"))
        return answer.status, re.sub(word, "#", plain, flags=re.IGNORECASE)
    return answer.status, answer.response.mimetype
