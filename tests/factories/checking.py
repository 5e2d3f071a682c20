"""Plans that wait for their formal check, as a submission would have left them; reasons that are kept."""

from typing import Any

from app.applications.models import Application, ApplicationState
from app.checking import sheets
from app.checking.models import CheckReason
from app.core.db import db
from tests.factories.accounts import make_user
from tests.factories.applications import make_application


def make_waiting(*, compared: bool = True, **fields: Any) -> Application:
    """A submitted plan with its sheet; compared with all others that have one."""
    application = make_application(ApplicationState.SUBMITTED, **fields)
    sheets.note(application)
    if compared:
        sheets.compare_waiting()
    return application


def make_reason(text_en: str = "Please name the insurance.", **fields: Any) -> CheckReason:
    reason = CheckReason(text_en=text_en, made_by_id=make_user("coordinator").id, **fields)
    db.session.add(reason)
    db.session.flush()
    return reason
