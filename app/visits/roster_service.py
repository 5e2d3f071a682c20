"""Verbs on the import of a roster: the file comes in, is read, mapped, answered, given up. Saving stands beside.

Until a roster is saved nothing of it is anywhere but in its import: the file in the store, its cells and what was
typed sealed in the row. All of it goes when the import ends, or after OPEN_DAYS without a hand on it.
"""

from datetime import timedelta
from functools import partial

from app.core import authz, clock
from app.core.authz import SYSTEM, Actor
from app.core.errors import TransitionNotAllowed
from app.invitees import roster_reading
from app.invitees.roster.draft import RosterDraft, RosterMapping
from app.invitees.roster_model import RosterImportState
from app.invitees.roster_reading import OPEN_DAYS, Said, encodings, said_of
from app.visits import roster_queries as queries
from app.visits.models import RosterImport, Visit
from app.visits.roster_rules import rules_of
from app.visits.service import check_version, require_editable

__all__ = ["OPEN_DAYS", "PERMISSION", "Said", "encodings", "said_of"]

PERMISSION = "roster:import"


def start(actor: Actor, visit: Visit, *, data: bytes, filename: str) -> RosterImport:
    """Take a file in and read it. Earlier imports of the same person for the same visit are given up.

    A text file whose encoding cannot be proved is taken in unread: `encodings` then says what to ask.
    Raises: Forbidden; TransitionNotAllowed once the visit is over; Refused beside `file` with what is wrong with it.
    """
    require_editable(actor, visit, PERMISSION)
    return roster_reading.take_in(
        actor,
        data,
        filename,
        earlier=queries.open_imports(visit),
        subject=visit,
        make=partial(RosterImport, visit=visit),
    )


def choose_encoding(actor: Actor, roster_import: RosterImport, *, encoding: str, version: int | None = None) -> None:
    """Read the file in the encoding its user names.

    Raises: Forbidden, TransitionNotAllowed, Stale; Refused beside `encoding` where the file cannot be read so.
    """
    _require_open(actor, roster_import, version)
    roster_reading.read_as(actor, roster_import, encoding)


def map_columns(
    actor: Actor, roster_import: RosterImport, *, mapping: RosterMapping, version: int | None = None
) -> None:
    """Say what each column of the file holds. Raises: Forbidden, TransitionNotAllowed, Stale."""
    _require_open(actor, roster_import, version)
    roster_reading.map_columns(actor, roster_import, mapping)


def answer(actor: Actor, roster_import: RosterImport, *, said: Said, version: int | None = None) -> bool:
    """Keep what the user said. Returns whether that was new. Raises: Forbidden, TransitionNotAllowed, Stale."""
    _require_open(actor, roster_import, version)
    return roster_reading.answer(actor, roster_import, said)


def abandon(actor: Actor, roster_import: RosterImport) -> None:
    """Give an import up: its file and all it holds are deleted, the visit stays as it is.

    Possible also once the visit is over. Raises: Forbidden, TransitionNotAllowed.
    """
    authz.require(actor, PERMISSION, roster_import.visit)
    if roster_import.state is not RosterImportState.OPEN:
        raise TransitionNotAllowed()
    roster_reading.end(actor, roster_import, RosterImportState.ABANDONED, "roster:abandon")


def abandon_old() -> int:
    """Give up the imports nobody has touched for OPEN_DAYS; returns how many. Safe to repeat."""
    left = queries.untouched_since(clock.now() - timedelta(days=OPEN_DAYS))
    for roster_import in left:
        roster_reading.end(SYSTEM, roster_import, RosterImportState.ABANDONED, "roster:abandon")
    return len(left)


def finish(actor: Actor, roster_import: RosterImport, result: dict[str, int]) -> None:
    """End an import that was saved, keeping nothing of it but the counts."""
    roster_import.result = result
    roster_reading.end(actor, roster_import, RosterImportState.CONFIRMED, "")


def draft_of(roster_import: RosterImport) -> RosterDraft | None:
    """The roster as read with what was said so far; None as long as the encoding is not known."""
    return roster_reading.draft_of(roster_import, rules_of(roster_import.visit))


def _require_open(actor: Actor, roster_import: RosterImport, version: int | None) -> None:
    require_editable(actor, roster_import.visit, PERMISSION)
    if roster_import.state is not RosterImportState.OPEN:
        raise TransitionNotAllowed()
    check_version(roster_import, version)
