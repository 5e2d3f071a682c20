"""Verbs on the files of a plan as its host does them: attach, replace, take out, while the plan can be edited."""

from app.applications import file_keeping, plan_service
from app.applications.file_keeping import Upload
from app.applications.file_model import PlanFile
from app.applications.models import Application
from app.core.authz import Actor
from app.core.errors import NotFound


def add(actor: Actor, application: Application, upload: Upload) -> PlanFile:
    """Attach a file.

    Raises: Forbidden, TransitionNotAllowed (handed in, or too late), TooMany, Refused beside `file`.
    """
    plan_service.require_open(actor, application)
    file_keeping.count_upload(str(actor.id))
    return file_keeping.take_in(actor, application, upload)


def replace(actor: Actor, application: Application, public_id: str, upload: Upload) -> PlanFile:
    """Put a file in the place of another one, which stays in the record. Raises: as `add`, and NotFound."""
    plan_service.require_open(actor, application)
    file_keeping.count_upload(str(actor.id))
    old = file_of(application, public_id)
    return file_keeping.take_in(actor, application, upload, partner=old.partner, instead_of=old)


def remove(actor: Actor, application: Application, public_id: str) -> None:
    """Take a file out of the plan. Raises: Forbidden, TransitionNotAllowed, NotFound."""
    plan_service.require_open(actor, application)
    file_keeping.remove(actor, application, file_of(application, public_id))


def file_of(application: Application, public_id: str) -> PlanFile:
    """A file that belongs to this plan now. Raises: NotFound."""
    found = next((file for file in application.files if file.public_id == public_id), None)
    if found is None:
        raise NotFound()
    return found
