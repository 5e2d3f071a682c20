"""Passwords: long instead of complicated, kept as argon2id (security contract 5.3).

15 to 128 characters after NFKC, no rule on kinds of signs, no rotation. What an attacker tries first does not count:
the programme's own words, the person's name and address, years, runs of keys.
"""

import re
import threading
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask_babel import gettext as _

SHORTEST, LONGEST = 15, 128
LEAST_REMAINING = 8  # characters once all guessable parts are taken out
LEAST_DIFFERENT = 5
SHORTEST_WORD = 3
RUN = 4  # from this length on, a piece of a run such as 1234 or qwer is guessable

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_at_once = threading.BoundedSemaphore(4)  # a flood of sign-ins must not starve the pages of memory
_dummies: dict[int, str] = {}


def configure(memory_kib: int) -> None:
    """Take the memory cost from the settings; called once by the application."""
    global _hasher
    _hasher = PasswordHasher(time_cost=2, memory_cost=memory_kib, parallelism=1)


def composed(password: str) -> str:
    """The password as it is compared: the same whatever keyboard it was typed on."""
    return unicodedata.normalize("NFKC", password)


def hash_password(password: str) -> str:
    """What the database keeps."""
    with _at_once:
        return _hasher.hash(composed(password))


def verify(kept: str | None, password: str) -> bool:
    """Whether the password is the one kept. Without one (nobody known) the same work is done; it is no."""
    with _at_once:
        try:
            right = _hasher.verify(kept or _dummy(), composed(password)[: LONGEST * 2])
        except (VerificationError, InvalidHashError):
            return False
    return right and kept is not None


def is_outdated(kept: str) -> bool:
    """Whether a password should be hashed anew because the parameters have risen since."""
    return _hasher.check_needs_rehash(kept)


def _dummy() -> str:
    """A hash no password fits, made with today's parameters, so that its check takes as long as a real one."""
    cost = _hasher.memory_cost
    if cost not in _dummies:
        _dummies[cost] = _hasher.hash("no password of anybody")
    return _dummies[cost]


def problems(password: str, context: Iterable[str] = ()) -> list[str]:
    """Why a new password will not do, in sentences; none if it will. `context`: names and addresses of the person."""
    text = composed(password)
    if len(text) < SHORTEST:
        return [
            _("Use at least %(number)s characters: a sentence of several words is easy to remember.", number=SHORTEST)
        ]
    if len(text) > LONGEST:
        return [_("Use at most %(number)s characters.", number=LONGEST)]
    remaining = _without_guessable(text.casefold(), context)
    if len(remaining) < LEAST_REMAINING or len(set(remaining)) < LEAST_DIFFERENT:
        return [
            _(
                "This is easy to guess: names, years, the words of the program and runs such as 12345 do not count. "
                "Add some unrelated words."
            )
        ]
    return []


def _without_guessable(text: str, context: Iterable[str]) -> str:
    covered = [False] * len(text)
    for word in _blocked_words() | _pieces(context):
        start = text.find(word)
        while start >= 0:
            covered[start : start + len(word)] = [True] * len(word)
            start = text.find(word, start + 1)
    for year in re.finditer(r"(?=(?:19|20)\d\d)", text):
        covered[year.start() : year.start() + 4] = [True] * 4
    left = "".join(sign for sign, is_covered in zip(text, covered, strict=True) if not is_covered)
    left = re.sub(r"(.{1,8}?)\1{2,}", r"\1", left)  # the same thing three times is one thing
    return re.sub(r"[\s\W_]+", "", left)


def _pieces(context: Iterable[str]) -> set[str]:
    found = {word for text in context for word in re.split(r"[\W_]+", composed(text).casefold())}
    return {word for word in found if len(word) >= SHORTEST_WORD}


@cache
def _blocked_words() -> frozenset[str]:
    lines = (Path(__file__).parent / "blocked_words.txt").read_text(encoding="utf-8").splitlines()
    folded = [composed(line).casefold().strip() for line in lines if line and not line.startswith("#")]
    words = {line for line in folded if not line.startswith("=")}
    runs = [line[1:] for line in folded if line.startswith("=")]
    return frozenset(words | {run[start : start + RUN] for run in runs for start in range(len(run) - RUN + 1)})
