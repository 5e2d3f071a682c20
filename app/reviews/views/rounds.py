"""The review of a round for JST: every plan's scores drawn, how far experts are, reminders, the table to take away."""

from io import BytesIO
from typing import Any

from flask import flash, render_template, request, send_file, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms.validators import DataRequired

from app.core import clock
from app.core.exporting import stream_csv
from app.core.file_formats import Format
from app.core.forms import ConfirmForm, ExportForm, RadioField
from app.core.idempotency import once
from app.core.web import Answer, current_actor, permission_required, redirect, render_form, step_up_required
from app.reviews import phases, reminding, round_queries, round_scores, round_sifting, score_drawing, score_export
from app.reviews.views.blueprint import bp
from app.reviews.views.phases import round_for


class ScoresForm(ExportForm):
    """Why the scores leave the system, and in which kind of file."""

    kind = RadioField(
        _l("Kind of file"),
        choices=[("xlsx", _l("Excel workbook (.xlsx)")), ("csv", "CSV")],
        default="xlsx",
        validators=[DataRequired()],
    )


@bp.get("/rounds")
@permission_required("review:view")
def rounds() -> Answer:
    """The rounds to which plans came, with the phase and progress of their review."""
    calls = round_queries.rounds()
    ids = [call.id for call in calls]
    now, plans = clock.now(), round_queries.plans_of(ids)
    return render_template(
        "reviews/rounds.html",
        calls=calls,
        phases={call.id: phases.phase_of(plans.get(call.id), now) for call in calls},
        plans=plans,
        counts=round_queries.plan_counts(ids),
        progress=round_queries.progress_of(ids),
        tones=phases.PHASE_TONES,
    )


@bp.get("/rounds/<string:call_id>")
@permission_required("review:view")
def round_overview(call_id: str) -> Answer:
    """Plans ranked with scores, spread and outliers drawn; experts' progress. The address sifts and orders."""
    call = round_for(call_id)
    overview = round_scores.of(current_actor(), call)
    shown = round_sifting.sift(overview.plans, request.args)
    return render_template(
        "reviews/round.html",
        call=call,
        overview=overview,
        rows=shown.rows,
        shown=shown,
        orders=[(word, label) for word, (label, _key) in round_sifting.ORDERS.items()],
        phase=phases.phase_of(overview.plan, clock.now()),
        tones=phases.PHASE_TONES,
        discussions=round_queries.discussions(call.id),
        strip=score_drawing.strip,
        leniency=score_drawing.leniency,
        form=ConfirmForm(),
    )


@bp.post("/rounds/<string:call_id>/remind")
@permission_required("review:assign")
def remind(call_id: str) -> Answer:
    """Write to the experts whose reviews are out; `late` in the form: only to those who are late."""
    call, form = round_for(call_id), ConfirmForm()
    here = url_for(".round_overview", call_id=call_id)
    if not form.validate_on_submit():
        return redirect(here)

    def make() -> str:
        written = reminding.remind(current_actor(), call, only_late="late" in request.form)
        text = ngettext("%(num)s expert is written to.", "%(num)s experts are written to.", written)
        flash(text if written else _("Nobody has to be reminded."), "success")
        return here

    return redirect(once(form.key.data or "", current_actor().id, make))


@bp.route("/rounds/<string:call_id>/export", methods=["GET", "POST"])
@permission_required("review:view")
@step_up_required
def export_scores(call_id: str) -> Any:
    """The scores as a workbook or CSV, after the password was proved anew, with a reason that stays in the log."""
    call, form = round_for(call_id), ScoresForm()
    if not form.validate_on_submit():
        return render_form("reviews/export.html", form, call=call)
    overview = score_export.export(current_actor(), call, reason=form.reason.data or "")
    name = f"scores-{call.fiscal_year}-{call.label}"
    if form.kind.data == "csv":
        return stream_csv(f"{name}.csv", score_export.header(overview), score_export.rows(overview))
    content = BytesIO(score_export.workbook(overview))
    return send_file(content, Format.XLSX.value, as_attachment=True, download_name=f"{name}.xlsx")
