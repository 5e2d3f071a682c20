"""What happens to the files of a plan whoever acts: taking one in within its limits, taking one out with its record."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import BinaryIO

from flask_babel import gettext as _

from app.applications import file_scanning
from app.applications.file_model import PlanFile, PlanFileKind
from app.applications.models import Application, ApplicationPartner
from app.core import audit, clock, limits, storage
from app.core.authz import Actor
from app.core.db import db
from app.core.errors import Refused
from app.core.file_formats import MEBIBYTE
from app.core.storage import FileKind

MOST_FILES = 10  # of a plan, its partners' among them
MOST_OF_PARTNER = 3
MOST_BYTES = 50 * MEBIBYTE
UPLOADS_PER_HOUR = 60  # security contract, 5.5


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was sent, with what its sender says of it."""

    stream: BinaryIO
    filename: str
    kind: PlanFileKind
    note: str = ""

    def size(self) -> int:
        """How many bytes were sent."""
        size = self.stream.seek(0, 2)
        self.stream.seek(0)
        return size


def count_upload(who: str) -> None:
    """Count one upload. Raises: TooMany."""
    limits.hit("plan-file:upload", who, UPLOADS_PER_HOUR, timedelta(hours=1))


def take_in(
    actor: Actor,
    application: Application,
    upload: Upload,
    *,
    partner: ApplicationPartner | None = None,
    instead_of: PlanFile | None = None,
) -> PlanFile:
    """Keep a file with the plan, whose turn is taken; in place of another one if that is named.

    Raises: Refused beside `file`: wrong type, size or content, too many, too large together, or there already.
    """
    others = [file for file in application.files if file is not instead_of]
    _check_room(others, upload, partner)
    stored = storage.save(
        upload.stream,
        upload.filename,
        kind=FileKind.DOCUMENT,
        subject=application,
        actor=actor,
        institution_id=application.host_institution_id,
    )
    twin = next((file for file in others if file.stored.sha256 == stored.sha256), None)
    if twin is not None:
        raise Refused({"file": [_("The same file is attached already: “%(name)s”.", name=twin.name)]})
    made = PlanFile(
        application_id=application.id,
        partner_id=partner.id if partner is not None else None,
        stored=stored,
        kind=upload.kind,
        note=upload.note.strip(),
        added_by_id=actor.id,
        added_by_name=actor.name,
    )
    if instead_of is not None:
        take_out(actor, instead_of)
    db.session.add(made)
    db.session.flush()
    file_scanning.begin(made)
    _keep(actor, application, "file:replace" if instead_of else "file:add", instead_of, made)
    return made


def remove(actor: Actor, application: Application, file: PlanFile) -> None:
    """Take a file out of the plan, whose turn is taken; its record stays, and the bytes of one that was submitted."""
    take_out(actor, file)
    _keep(actor, application, "file:remove", file, None)


def take_out(actor: Actor, file: PlanFile) -> None:
    """Mark a file as taken out. JST holds what was submitted: those bytes stay."""
    file.removed_at, file.removed_by_name = clock.now(), actor.name or "SYSTEM"
    if file.submitted_at is None and file.stored.state is storage.FileState.STORED:
        storage.remove(file.stored)


def _check_room(others: Sequence[PlanFile], upload: Upload, partner: ApplicationPartner | None) -> None:
    problem = ""
    of_partner = sum(file.partner_id == partner.id for file in others) if partner is not None else 0
    if len(others) >= MOST_FILES:
        problem = _("A plan holds %(most)s files. Take one out first, or put several into one PDF.", most=MOST_FILES)
    elif of_partner >= MOST_OF_PARTNER:
        problem = _(
            "Your part holds %(most)s files. Take one out first, or put several into one PDF.", most=MOST_OF_PARTNER
        )
    elif sum(file.stored.size for file in others) + upload.size() > MOST_BYTES:
        problem = _(
            "The files of a plan may have %(most)s MB together. Choose a smaller file, or take one out first.",
            most=MOST_BYTES // MEBIBYTE,
        )
    if problem:
        raise Refused({"file": [problem]})


def _keep(actor: Actor, application: Application, verb: str, before: PlanFile | None, after: PlanFile | None) -> None:
    """A change of the plan: its version moves on. The names stand among the changes, which only few read."""
    application.updated_at = clock.now()
    names = [file.name if file is not None else None for file in (before, after)]
    audit.record(actor, verb, application, changes={"files": names})
    db.session.expire(application, ["files"])
