"""Canaries: words that stand nowhere but in one secret text, and who may know each of them.

A canary belongs to a place (a plan, or the programme) and, where one person wrote or owns the text, to that reader.
`WHO_MAY_KNOW` says by kind who may ever see it; the rows are those of the authorization contract (security.md, 3.4).
"""

import re
from dataclasses import dataclass, field

from app.core.authz import Role

SHAPE = re.compile(r"cnry[a-j]{4}q", re.IGNORECASE)  # letters only, nine of them: fits names and passport numbers
STAND_IN = "cnryjjjjq"  # in no text at all: what searching for nothing answers
DIGITS = str.maketrans("0123456789", "abcdefghij")


@dataclass(frozen=True)
class Place:
    """A plan with what decides who may know its texts; `PROGRAMME` for what belongs to none."""

    name: str
    host: int | None = None
    is_submitted: bool = True  # JST knows plans once they were
    is_released: bool = False
    partners: tuple[str, ...] = ()


PROGRAMME = Place("programme")


@dataclass
class Reader:
    """Somebody who asks, or gets a mail: hats, house, and (by names of places) what was given to read."""

    name: str
    roles: frozenset[str] = frozenset()
    host: int | None = None
    told: set[str] = field(default_factory=set)  # asked to review: title and institutions
    reads: set[str] = field(default_factory=set)  # took it on
    talks: set[str] = field(default_factory=set)  # own review is in, and the discussion has begun
    closed: set[str] = field(default_factory=set)  # works at JST, and reviews or is in conflict with it


@dataclass(frozen=True)
class Canary:
    token: str
    kind: str
    place: Place
    owner: str = ""


def _jst(reader: Reader) -> bool:
    return bool(reader.roles & {Role.COORDINATOR, Role.DECISION_MAKER})


WORDS = {
    "host": lambda r, c: r.host is not None and r.host == c.place.host,
    "host-once-released": lambda r, c: c.place.is_released and r.host is not None and r.host == c.place.host,
    "everybody-once-released": lambda _r, c: c.place.is_released,
    "partners": lambda r, c: r.name in c.place.partners,
    "owner": lambda r, c: bool(c.owner) and r.name == c.owner,
    "asked": lambda r, c: c.place.name in r.told,
    "reads": lambda r, c: c.place.name in r.reads,
    "talks": lambda r, c: c.place.name in r.talks,
    "jst": lambda r, c: c.place.is_submitted and _jst(r),
    "jst-unless-closed": lambda r, c: _jst(r) and c.place.name not in r.closed,
    "jst-mail": lambda r, _c: Role.COORDINATOR in r.roles,
    "coordinator": lambda r, c: c.place.is_submitted and Role.COORDINATOR in r.roles,
    "decision-maker": lambda r, c: Role.DECISION_MAKER in r.roles,
    "screening": lambda r, c: c.place.is_submitted and Role.SCREENING_OFFICER in r.roles,
    "auditor": lambda r, c: c.place.is_submitted and Role.AUDITOR in r.roles,
    "auditor-of-drafts": lambda r, _c: Role.AUDITOR in r.roles,
    "administrator": lambda r, c: Role.ADMINISTRATOR in r.roles,
    "alumni": lambda r, c: Role.ALUMNUS in r.roles,
}

#: kind: who may know it.
WHO_MAY_KNOW: dict[str, str] = {
    # rows 11, 17, 23: the plan; row 33 «m» for auditors: no contacts
    "theme": "host partners asked jst screening auditor",
    "plan-text": "host reads jst screening auditor",
    "principal": "host reads jst screening auditor",
    "contact": "host owner jst screening",  # addresses and telephone numbers
    "contact-name": "host owner jst screening auditor",
    "asker": "host partners jst screening auditor",  # the administrative contact: whom partners may ask
    "contact-in-text": "host jst screening auditor",  # an address in running text: masked for experts
    "partner-text": "host owner reads jst screening auditor",
    "export-control": "host owner jst screening auditor",  # row 47
    "draft-text": "host",  # what stands in a plan sent back belongs to its authors until it is submitted again
    "draft-theme": "host partners",
    "return-reason": "host jst screening auditor",
    "inside-the-house": "host",  # comments and sign-offs of the host's own staff
    # rows 48-52: people
    "person": "host owner coordinator screening",
    "passport": "host coordinator screening",  # and only where it is asked for: `ONLY_AT`
    "invitee": "host owner coordinator screening auditor",
    "declaration": "host coordinator screening",
    # rows 26-36: reviews
    "reviewer": "owner jst",
    "reviewer-account": "owner jst administrator auditor",  # their name as a user of the system
    "reviewer-note": "jst",
    "review": "owner talks jst-unless-closed",
    "feedback": "owner talks jst-unless-closed host-once-released",
    "review-draft": "owner",
    "review-set-aside": "jst-unless-closed",
    "abstention": "owner jst-unless-closed auditor",
    "conflict": "owner jst",
    "assignment-reason": "owner jst",
    "discussion": "talks jst-unless-closed",
    # rows 35-41: board and decision
    "board": "jst auditor",  # auditors by the log alone, row 78
    "board-condition": "jst auditor host-once-released",
    "decision-comment": "jst auditor",
    "decision-message": "jst host-once-released",
    "decision-condition": "jst auditor host-once-released",
    "proposal": "jst auditor",  # what is proposed is no decision; its reasons are logged
    "letter-text": "jst",  # what a round's letters will say
    "letter-note": "jst host-once-released",
    "letter": "jst host-once-released",
    "feedback-as-written": "owner jst-unless-closed",  # a ruling has put it in other words
    "feedback-ruled": "jst-unless-closed host-once-released",
    "ruling-reason": "jst-unless-closed auditor",
    # rows 18-20: the formal check
    "check": "jst auditor",
    "check-text": "",  # what plans are compared by
    "house-reason": "jst",
    # rows 21, 22, 25: files and moves
    "file": "host owner jst screening reads",
    "file-of-draft": "host owner",
    "malware": "host owner",
    "file-name": "host owner jst screening reads auditor",  # auditors by the log alone, row 78
    "name-of-unsubmitted": "host owner auditor-of-drafts",
    "move": "jst auditor",
    # what people keep of lists for themselves
    "saved-view": "owner",
    "list-task": "owner",
    # rows 42-45: screening
    "screening-note": "screening",
    "screening-proposal": "screening decision-maker",
    "screening-candidate": "screening",
    "screening-action": "host jst screening auditor",  # part of the result, row 43
    # rows 69-78: alumni, logs
    "alumnus": "owner coordinator alumni",
    "listed-name": "host owner coordinator screening auditor alumni",  # of alumni who agreed to be found
    "alumnus-address": "owner coordinator",
    "mail-subject": "host jst-mail administrator",  # row 76: JST's log of mails has their subjects
    "mail-body": "",
    "job-error": "administrator",
    "audit-comment": "auditor jst",
}

#: Texts that are shown nowhere but at these endpoints (by prefix), whoever asks.
ONLY_AT = {
    "passport": ("applications.reveal_planned_passport", "invitees.passport", "visits.passports_pdf"),
}
#: Plans whose results are released and that are adopted may be published.
PUBLISHED = {"theme"}


class Aviary:
    """Every canary that was planted, by its word."""

    def __init__(self) -> None:
        self.birds: dict[str, Canary] = {}

    def plant(self, kind: str, place: Place = PROGRAMME, owner: str = "") -> str:
        """A new word for a secret of that kind."""
        token = f"cnry{len(self.birds):04d}q".translate(DIGITS)
        assert kind in WHO_MAY_KNOW, kind
        self.birds[token] = Canary(token, kind, place, owner)
        return token

    def email(self, kind: str, place: Place = PROGRAMME, owner: str = "") -> str:
        return f"{self.plant(kind, place, owner)}@secret.example"

    def foreign(self, reader: Reader, found: set[str], endpoint: str = "") -> list[Canary]:
        """Those among the words found that the reader may not know, at that endpoint."""
        seen = (self.birds[word] for word in found if word in self.birds)
        return [bird for bird in seen if not may_know(reader, bird, endpoint)]


def may_know(reader: Reader, bird: Canary, endpoint: str = "") -> bool:
    """Whether a reader may see a canary there ("": anywhere, as in a mail or a log)."""
    places = ONLY_AT.get(bird.kind)
    if places is not None and not endpoint.startswith(places):
        return False
    if bird.kind in PUBLISHED and bird.place.is_released:
        return True
    return any(WORDS[word](reader, bird) for word in WHO_MAY_KNOW[bird.kind].split())
