"""The packet for reading offline, and the score sheets that come back."""

from flask import flash, send_file, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.core import clock
from app.core.errors import Refused
from app.core.forms import ConfirmForm
from app.core.i18n import language
from app.core.web import Answer, blame, current_actor, permission_required, redirect, render_form
from app.reviews import packet_service
from app.reviews.scoring_forms import SheetsForm
from app.reviews.views.blueprint import bp


@bp.post("/mine/packet")
@permission_required("review:write")
def packet() -> Answer:
    """The plans still to be scored, as PDF and JSON with a workbook of score sheets."""
    form = ConfirmForm()
    if not form.validate_on_submit():
        return redirect(url_for(".mine"))
    try:
        content = packet_service.packet(current_actor(), language="en" if language() == "en" else "ja")
    except Refused as refusal:
        flash(str(refusal.problems[0]))
        return redirect(url_for(".mine"))
    name = f"review-packet-{clock.today().isoformat()}.zip"
    response = send_file(content, "application/zip", as_attachment=True, download_name=name)
    response.call_on_close(content.close)
    return response


@bp.route("/mine/sheets", methods=["GET", "POST"])
@permission_required("review:write")
def upload_sheets() -> Answer:
    """Filled-in score sheets become drafts; what does not fit is said by cell, and nothing is saved then."""
    form = SheetsForm()
    if not form.validate_on_submit():
        return render_form("reviews/sheets.html", form)
    sent = form.file.data
    try:
        changed = packet_service.take_back(current_actor(), data=sent.stream.read(), filename=sent.filename or "")
    except Refused as refusal:
        blame(form, refusal)
        return render_form("reviews/sheets.html", form)
    told = ngettext("%(num)s sheet is saved as a draft.", "%(num)s sheets are saved as drafts.", changed)
    flash(told if changed else _("The workbook says what is saved here already."), "success")
    return redirect(url_for(".mine"))
