"""Editions of the foreign user list: uploaded and checked, then imported by a job that screens every open plan."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import insert

from app.core import audit, authz, clock, jobs, storage, tabular
from app.core.authz import Actor
from app.core.background_job import BackgroundJob
from app.core.db import db
from app.core.errors import DomainError, Refused, Stale, TransitionNotAllowed
from app.core.i18n import day
from app.core.storage import FileKind
from app.screening import differences, queries, reading, runs
from app.screening.bodies import Body
from app.screening.models import ListedBody, ListEdition
from app.screening.reading import Problem
from app.screening.vocabulary import EditionState

JOB = "screening.import"


class Unreadable(DomainError):
    """The file was opened, but cells of it cannot be read: nothing of it was kept."""

    status = 422

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(*(f"{problem.cell} {problem.sentence}".strip() for problem in problems))
        self.cells = list(problems)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of the list as somebody sends it, with the days it bears."""

    data: bytes
    filename: str
    dated_on: date
    in_force_on: date


def upload(actor: Actor, sent: Upload) -> ListEdition:
    """Read a file without taking it into use: its bodies are compared with the edition before.

    Raises: Forbidden; Refused for a file that is no table, that is there already, or days that do not fit; Unreadable
    with every cell that cannot be read.
    """
    authz.require_role(actor, "userlist:import")
    _check_days(sent)
    bodies = _read(sent.data, sent.filename)
    before = queries.current_edition()
    stored = storage.save(
        io.BytesIO(sent.data), sent.filename, kind=FileKind.DOCUMENT, subject=None, actor=actor, field="file"
    )
    same = queries.same_file(stored.sha256)
    if same is not None:
        raise Refused(
            {"file": [_("This very file was uploaded before, as the edition of %(day)s.", day=day(same.dated_on))]}
        )
    found = differences.between(queries.bodies(before.id) if before else [], bodies)
    edition = ListEdition(
        dated_on=sent.dated_on,
        in_force_on=sent.in_force_on,
        stored_file=stored,
        sha256=stored.sha256,
        bodies=len(bodies),
        differences=differences.plain(found),
        compared_with=before,
        uploaded_by_id=actor.id,
        uploaded_by_name=actor.name,
        state=EditionState.CHECKED,
    )
    db.session.add(edition)
    audit.record(actor, "userlist:upload", edition, changes={"dated_on": [None, sent.dated_on.isoformat()]})
    return edition


def _check_days(sent: Upload) -> None:
    if sent.dated_on > clock.today():
        raise Refused({"dated_on": [_("This day is still to come. Enter the day that stands on the list.")]})
    if sent.in_force_on < sent.dated_on:
        raise Refused(
            {"in_force_on": [_("The list cannot be in force before its own day, %(day)s.", day=day(sent.dated_on))]}
        )
    if any(one.dated_on == sent.dated_on for one in queries.editions() if one.state in IN_USE):
        raise Refused({"dated_on": [_("An edition of this day is imported already. Enter the day of the new one.")]})


IN_USE = (EditionState.IMPORTED, EditionState.IMPORTING)


def _read(data: bytes, filename: str) -> list[Body]:
    try:
        workbook = tabular.read(data, filename)
    except tabular.FileRefused as refusal:
        hint = _("Save it as an Excel workbook (.xlsx), or as CSV in UTF-8.") if refusal.choices else ""
        raise Refused({"file": [hint or str(refusal.sentence)]}) from refusal
    found = reading.read(workbook)
    if found.problems:
        raise Unreadable(found.problems)
    return found.bodies


def take_into_use(actor: Actor, edition: ListEdition, *, version: int | None) -> BackgroundJob:
    """Have an edition imported and every open plan screened with it, by a job.

    Raises: Forbidden; TransitionNotAllowed unless it is checked and waits; Stale if it, or the edition it was compared
    with, is no longer what the reader saw.
    """
    authz.require(actor, "userlist:import", edition)
    if edition.state is not EditionState.CHECKED:
        raise TransitionNotAllowed()
    now_used = queries.current_edition()
    if version != edition.version or (now_used.id if now_used else None) != edition.compared_with_id:
        raise Stale()
    edition.state = EditionState.IMPORTING
    audit.record(actor, "userlist:import", edition)
    return jobs.enqueue(JOB, key=key_of(edition), owner=actor, edition=edition.id)


def give_up(actor: Actor, edition: ListEdition) -> None:
    """Leave a checked edition unused; that it was uploaded stays on record. Raises: Forbidden, TransitionNotAllowed."""
    authz.require(actor, "userlist:import", edition)
    if edition.state is not EditionState.CHECKED:
        raise TransitionNotAllowed()
    edition.state = EditionState.GIVEN_UP
    audit.record(actor, "userlist:give-up", edition)


def key_of(edition: ListEdition) -> str:
    return f"{JOB}:{edition.public_id}"


def job_of(edition: ListEdition) -> BackgroundJob | None:
    """The job that imports the edition and screens with it."""
    return jobs.by_key(key_of(edition))


@jobs.handler(JOB)
def import_by_job(job: BackgroundJob, context: jobs.Context) -> dict[str, Any]:
    """Import and screen. Killed half way, the next try goes on: bodies are stored once, plans screened anew."""
    edition = queries.edition(job.params["edition"])
    if edition is None:
        return {}
    keep_bodies(edition)
    context.progress(0, runs.count())
    return runs.screen_all(context.progress)


def keep_bodies(edition: ListEdition) -> None:
    """Store the bodies of an edition from its file; from now on plans are screened with it, if it is the latest."""
    if edition.state is not EditionState.IMPORTING:
        return
    with storage.open_file(edition.stored_file) as file:
        bodies = _read(file.read(), edition.stored_file.name)
    rows = [
        {
            "edition_id": edition.id,
            "number": body.number,
            "country": body.country,
            "name": body.name,
            "aliases": list(body.aliases),
            "categories": list(body.categories),
            "digest": body.digest,
        }
        for body in bodies
    ]
    db.session.execute(insert(ListedBody), rows)
    edition.state, edition.imported_at = EditionState.IMPORTED, clock.now()
    db.session.flush()
