"""Files of plans, real bytes as people send them; and plans about to move to another institution."""

from io import BytesIO
from typing import Any

from app.applications import file_keeping
from app.applications.file_keeping import Upload
from app.applications.file_model import PlanFile, PlanFileKind
from app.applications.models import Application, ApplicationPartner
from app.applications.moving_model import PlanMove
from app.core.authz import SYSTEM
from app.core.db import db
from tests.factories.accounts import make_user
from tests.factories.directory import make_host

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def pdf(mark: str = "") -> bytes:
    """The bytes of a small PDF; another one for every mark."""
    return PDF.replace(b"endobj", b"endobj % " + mark.encode())


def upload(data: bytes | None = None, name: str = "agreement.pdf", **fields: Any) -> Upload:
    """A file as a form sends it."""
    kind = fields.pop("kind", PlanFileKind.AGREEMENT)
    return Upload(BytesIO(pdf(name) if data is None else data), name, kind, fields.pop("note", ""))


def attach(
    application: Application, name: str = "agreement.pdf", *, partner: ApplicationPartner | None = None, **fields: Any
) -> PlanFile:
    """A file that belongs to a plan; of one that is submitted it is part of the last submission."""
    data = fields.pop("data", None)
    made = file_keeping.take_in(SYSTEM, application, upload(data, name), partner=partner)
    made.submitted_at = application.submitted_at
    for field, value in fields.items():
        setattr(made, field, value)
    db.session.flush()
    return made


def make_move(application: Application, **fields: Any) -> PlanMove:
    """A proposal that waits for a second person."""
    values: dict[str, Any] = {
        "application": application,
        "from_institution_id": application.host_institution_id,
        "reason": "The faculty has moved.",
    }
    if "to_institution_id" not in fields:
        values["to_institution_id"] = make_host().id
    if "proposed_by_id" not in fields:
        values["proposed_by_id"] = make_user("coordinator").id
    made = PlanMove(**{**values, **fields})
    db.session.add(made)
    db.session.flush()
    return made
