"""The page that sets two boards of a round side by side."""

from flask import render_template, request

from app.board import comparing, drawing, queries
from app.board.panel import build
from app.board.views import VIEW, bp, round_of
from app.core.web import Answer, permission_required


@bp.get("/<string:call_id>/compare")
@permission_required(VIEW)
def compare(call_id: str) -> Answer:
    """`left` and `right` in the address name boards; the panel's, or the newest, stand in for what is missing."""
    call = round_of(call_id)
    kept = queries.versions(call)
    named = {version.public_id: version for version in kept}
    left = named.get(request.args.get("left", "")) or next(iter(kept), None)
    others = [version for version in kept if version is not left]
    right = named.get(request.args.get("right", "")) or next(iter(others), None)
    page = {"call": call, "versions": kept, "left": left, "right": right, "words": drawing}
    if left is None or right is None:
        return render_template("board/compare.html", **page)
    boards = build(left), build(right)
    return render_template(
        "board/compare.html",
        pairs=comparing.sums(*boards),
        standings=comparing.differences(*boards),
        stands=drawing.STANDS,
        tones=drawing.TONES,
        **page,
    )
