"""From a board to proposals: what would be proposed is looked at first."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.applications.vocabulary import Outcome
from app.board import proposals
from app.board.forms import ProposeForm
from app.board.models import BoardVersion
from app.board.proposals import PERMISSION
from app.board.views import bp, version_of
from app.core.background_job import JobState
from app.core.errors import Stale
from app.core.idempotency import once
from app.core.web import Answer, current_actor, permission_required


@bp.route("/versions/<string:board_id>/propose", methods=["GET", "POST"])
@permission_required(PERMISSION)
def propose(board_id: str) -> Answer:
    """Propose these decisions. `below` in the address: decline what is below the line, too."""
    version, form = version_of(board_id, "board:view"), ProposeForm()
    if not form.validate_on_submit():
        form.version.data = str(version.version)
        form.below.data = "1" if request.args.get("below") == "1" else ""
        return _page(version, form), 422 if form.is_submitted() else 200

    def make() -> str:
        done = proposals.propose(
            current_actor(),
            version,
            seen=form.read_version(),
            below=form.below.data == "1",
            key=form.key.data or "",
        )
        if done.job is not None:
            flash(_("The proposals are being made. This goes on by itself; this page says how far it is."), "notice")
            return url_for(".propose", board_id=version.public_id)
        text = ngettext("%(num)s decision is proposed.", "%(num)s decisions are proposed.", done.proposed)
        flash(f"{text} {_('%(num)s plans are left out.', num=len(done.left))}" if done.left else text, "success")
        return url_for("applications.round", call_id=version.call.public_id, _anchor="list")

    try:
        return redirect(once(form.key.data or "", current_actor().id, make))
    except Stale:
        form.version.raw_data, form.version.data = None, str(version.version)
        return _page(version, form, stale=True), Stale.status


def _page(version: BoardVersion, form: ProposeForm, *, stale: bool = False) -> str:
    items = proposals.preview(current_actor(), version, below=form.below.data == "1")
    job = proposals.job_of(version)
    return render_template(
        "board/propose.html",
        version=version,
        call=version.call,
        form=form,
        items=[item for item in items if item.outcome is not None],
        left=[item for item in items if item.outcome is None],
        outcomes={outcome: sum(item.outcome is outcome for item in items) for outcome in Outcome},
        job=job if job is not None and job.state is not JobState.DONE else None,
        is_running=job is not None and job.is_under_way,
        stale=stale,
    )
