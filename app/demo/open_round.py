"""The round of the demonstration that is open now."""

from datetime import date, time, timedelta

from app.calls import queries as calls
from app.calls.models import Call, CallCourse
from app.core import audit, clock
from app.core.authz import SYSTEM
from app.core.db import db
from app.demo import plans

LABEL = "4"


def begin(today: date) -> Call:
    """A round that opened two weeks ago and closes in three weeks at 17:00, in the fiscal year of its visits."""
    first = today + timedelta(days=75)
    year = clock.fiscal_year(first)
    closes = clock.tokyo(today + timedelta(days=21), time(17))
    last = max(clock.fiscal_year_range(year)[1] - timedelta(days=18), first + timedelta(days=40))
    call = Call(
        fiscal_year=year,
        label=LABEL,
        opens_at=clock.tokyo(today - timedelta(days=14)),
        closes_at=closes,
        notice_on=today + timedelta(days=50),
        visits_from=first,
        visits_until=last,
        note_ja="デモンストレーションのための追加公募回です。",
        note_en="An additional round for the demonstration.",
    )
    call.courses = [CallCourse(course=course) for course in calls.courses(year) if course.code in plans.STAY]
    db.session.add(call)
    audit.record(SYSTEM, "call:seed", call)
    return call
