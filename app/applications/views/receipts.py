"""The public page that says whether a receipt is genuine, and the receipt as a file."""

import json
from datetime import timedelta
from urllib.parse import urljoin

from flask import Blueprint, Response, current_app, render_template, request, url_for

from app.applications import receipts
from app.applications.views.blueprint import bp as applications
from app.applications.views.shared import application_for
from app.core import limits, signing
from app.core.errors import NotFound
from app.core.web import Answer, permission_required, public

bp = Blueprint("receipts", __name__, url_prefix="/receipts")

VERIFICATIONS_PER_HOUR = 120  # from one address, as for certificates


def link_to(code: str) -> str:
    """The address at which anybody checks a receipt; it comes from the settings, never from the Host header."""
    return urljoin(current_app.config["BASE_URL"] + "/", url_for("receipts.verify", code=code).lstrip("/"))


@bp.get("/verify")
@public
def verify() -> Answer:
    """Whether a receipt is genuine: its number, time and digest; nothing else about the plan, and nothing if not."""
    code = request.args.get("code", "")
    if code:
        limits.hit("receipt:verify", request.remote_addr or "", VERIFICATIONS_PER_HOUR, timedelta(hours=1))
    found = receipts.read(code) if code.strip() else None
    page = render_template(
        "applications/verify.html", code=code, found=found, asked=bool(code), keys=signing.signer().public_keys()
    )
    return page, (NotFound.status if code and found is None else 200)


@applications.get("/<string:application_id>/receipt.json")
@permission_required("application:view")
def receipt_file(application_id: str) -> Response:
    application = application_for(application_id, "application:view")
    found = receipts.of(application)
    if not found:
        raise NotFound()
    newest = found[0]
    content = json.dumps(receipts.as_file(newest, link_to(newest.code)), ensure_ascii=False, indent=2, sort_keys=True)
    name = f"{newest.reference}-receipt-{newest.sequence}.json"
    return Response(
        content + "\n",
        mimetype="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
