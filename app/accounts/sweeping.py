"""What the night tidies up here: links nobody can use any more, sessions long over (security contract 5.9)."""

import logging
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, or_

from app.accounts.models import MailLink, UserSession
from app.core import clock, job_queue, transaction
from app.core.db import db

logger = logging.getLogger(__name__)

KEEP_LINKS = timedelta(days=30)
KEEP_SESSIONS = timedelta(days=90)


@job_queue.bell("accounts", minute="27", hour="18")  # 03:27 in Tokyo
def tidy() -> None:
    """Run the sweep once; it is safe to repeat."""
    with transaction.unit_of_work():
        removed = sweep(clock.now())
    logger.info("Tidied up: %s links and sessions.", removed)


def sweep(now: datetime) -> int:
    """Remove links that expired 30 days and sessions not used for 90 days before `now`; returns how many.

    What happened stays in the audit log. Part of the caller's transaction.
    """
    removed = 0
    for statement in (
        delete(MailLink).where(MailLink.expires_at < now - KEEP_LINKS),
        delete(UserSession).where(
            or_(UserSession.ended_at < now - KEEP_SESSIONS, UserSession.last_seen_at < now - KEEP_SESSIONS)
        ),
    ):
        result: Any = db.session.execute(statement)
        removed += int(result.rowcount)
    return removed
