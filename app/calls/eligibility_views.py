"""The public page «Can we apply?»: six questions, one form, an answer that can be passed on as an address."""

from collections.abc import Sequence
from datetime import date

from flask import render_template, request

from app.calls import eligibility, queries, timing
from app.calls.eligibility_forms import EligibilityForm
from app.calls.models import Call
from app.calls.views import bp
from app.core import clock
from app.core.web import Answer, public

MONTHS = 12  # at least so many months can be chosen


@bp.get("/can-we-apply")
@public
def can_we_apply() -> Answer:
    """Nothing is stored; without answers in the address the questions are shown alone."""
    now = clock.now()
    year = next(iter(queries.fiscal_years()), None)
    courses = queries.courses_with_rules(year) if year is not None else []
    calls = [*queries.open_calls(now), *queries.coming_calls(now)]
    form = EligibilityForm(formdata=request.args if request.args else None)
    form.offer(eligibility.far_km(courses), months(clock.today(), calls))
    is_answered = bool(request.args) and form.validate()
    results = eligibility.judge(form.answers(), courses, calls, now) if is_answered else None
    return render_template(
        "calls/can_we_apply.html", form=form, year=year, results=results, timing=timing, Fit=eligibility.Fit
    )


def months(today: date, calls: Sequence[Call]) -> list[date]:
    """The months that can be chosen: from this one on for a year, or as long as rounds have days for visits."""
    last = max((call.visits_until for call in calls), default=today)
    count = max(MONTHS, (last.year - today.year) * 12 + last.month - today.month + 1)
    first = today.year * 12 + today.month - 1
    return [date((first + number) // 12, (first + number) % 12 + 1, 1) for number in range(min(count, 36))]
