"""Every module that holds tables: named here once, so that migrations and tests see the whole schema."""

from app.accounts import models as _accounts
from app.alumni import models as _alumni
from app.applications import comment_model as _comments
from app.applications import file_model as _plan_files
from app.applications import letter_models as _letters
from app.applications import models as _applications
from app.applications import moving_model as _moves
from app.applications import named_models as _named
from app.applications import parked_model as _parked
from app.applications import partner_models as _partners
from app.applications import presence_model as _presence
from app.applications import receipt_models as _receipts
from app.applications import sign_off_model as _sign_offs
from app.applications import step_model as _application_steps
from app.board import models as _board
from app.calls import models as _calls
from app.calls import prerequisite_model as _prerequisites
from app.calls import rate_models as _rates
from app.checking import models as _checking
from app.closing import models as _closing
from app.core import (
    audit,
    background_job,
    carrying,
    counters,
    heartbeat,
    idempotency,
    limits,
    mail_attachments,
    outbox,
    storage,
)
from app.core.lists import models as _lists
from app.directory import models as _directory
from app.export_control import models as _export_control
from app.insight import models as _insight
from app.invitees import models as _invitees
from app.reviews import feedback_model as _feedback
from app.reviews import models as _reviews
from app.reviews import scoring_models as _scoring
from app.screening import editions as _screening_editions
from app.screening import models as _screening
from app.visits import models as _visits

TABLES = (
    _accounts,
    _alumni,
    _application_steps,
    _applications,
    _calls,
    _checking,
    _closing,
    _comments,
    _directory,
    _export_control,
    _feedback,
    _insight,
    _invitees,
    _letters,
    _moves,
    _lists,
    _named,
    _plan_files,
    _receipts,
    _prerequisites,
    _parked,
    _partners,
    _presence,
    _rates,
    _board,
    _reviews,
    _scoring,
    _screening,
    _screening_editions,
    _sign_offs,
    _visits,
    audit,
    background_job,
    carrying,
    counters,
    heartbeat,
    idempotency,
    limits,
    mail_attachments,
    outbox,
    storage,
)
