"""Workbooks of plans that were uploaded and wait to be saved."""

from datetime import datetime

from sqlalchemy import select

from app.applications.models import Application
from app.core import storage
from app.core.db import db
from app.core.storage import FileKind, FileState, StoredFile


def workbook_of(application: Application, public_id: str) -> StoredFile | None:
    """An uploaded workbook of the plan that is still waiting to be saved."""
    return next(
        (file for file in storage.files_of(application, FileKind.PLAN_WORKBOOK) if file.public_id == public_id), None
    )


def workbooks_before(moment: datetime) -> list[StoredFile]:
    """Uploaded workbooks of any plan that have been waiting since before that moment."""
    query = select(StoredFile).where(
        StoredFile.kind == FileKind.PLAN_WORKBOOK,
        StoredFile.state == FileState.STORED,
        StoredFile.created_at < moment,
    )
    return list(db.session.scalars(query.order_by(StoredFile.id)))
