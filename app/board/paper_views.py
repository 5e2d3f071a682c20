"""Taking a board away for the meeting: with a reason, after the password was proved anew."""

from io import BytesIO
from typing import Any, Literal

from flask import send_file
from flask_babel import gettext as _

from app.board import paper
from app.board.forms import TakeAwayForm
from app.board.panel import build
from app.board.views import bp, version_of
from app.core import clock
from app.core.i18n import language
from app.core.web import current_actor, permission_required, render_form, step_up_required

EXPORT = "board:export"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.route("/versions/<string:board_id>/export", methods=["GET", "POST"])
@permission_required(EXPORT)
@step_up_required
def export(board_id: str) -> Any:
    version = version_of(board_id, EXPORT)
    form = TakeAwayForm(data={"tongue": language()})
    if not form.validate_on_submit():
        return render_form("board/export.html", form, version=version)
    board, at = build(version), clock.now()
    chosen, tongue = str(form.form.data), _tongue(form.tongue.data)
    paper.take_away(current_actor(), board, reason=form.reason.data or "", form=chosen)
    name = f"{_('board')}-{version.call.fiscal_year}-{version.call.label}"
    if chosen == "xlsx":
        content, kind = paper.workbook(board, language=tongue, at=at), WORKBOOK
    else:
        size: Literal["a3", "a4"] = "a4" if chosen == "a4" else "a3"
        content, kind = paper.pdf(board, language=tongue, at=at, size=size), "application/pdf"
    ending = "xlsx" if chosen == "xlsx" else "pdf"
    answer = send_file(BytesIO(content), kind, as_attachment=True, download_name=f"{name}-{tongue}.{ending}")
    answer.headers["Cache-Control"] = "no-store, private"
    return answer


def _tongue(chosen: Any) -> paper.Language:
    return "en" if chosen == "en" else "ja"
