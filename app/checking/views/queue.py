"""The queue of plans that wait for their formal check, and passing on many of them together."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.applications.models import Application
from app.calls.models import CourseCode, round_title
from app.checking import claims, mass, queue_queries, repeats
from app.checking.blueprint import bp
from app.checking.forms import PassManyForm
from app.checking.queue_queries import Filters
from app.checking.vocabulary import Found, Held
from app.core import listing
from app.core.errors import Refused
from app.core.idempotency import once
from app.core.web import Answer, blame, current_actor, permission_required, render_form


def filters_given() -> Filters:
    """What the address narrows the queue to."""
    return Filters(*(request.args.get(name, "")[:40] for name in ("call", "course", "found", "held")))


@bp.get("")
@permission_required("application:check")
def index() -> Answer:
    actor, filters = current_actor(), filters_given()
    page = listing.build(
        queue_queries.queue(actor, filters),
        key=Application.id,
        sorts=queue_queries.SORTS,
        default="received",
        arguments=request.args.to_dict(),
        path=url_for(".index"),
    )
    rounds = queue_queries.rounds(actor)
    return render_template(
        "checking/index.html",
        listing=page,
        filters=filters,
        rounds=rounds,
        round_choices=[(row.public_id, round_title(row.fiscal_year, row.label)) for row in rounds],
        round_title=round_title,
        courses=[(code.value, code.value) for code in CourseCode],
        found=[(item.value, item.label) for item in Found],
        held=[(item.value, item.label) for item in Held],
        repeated=queue_queries.repeated(page.rows),
        of_hosts=repeats.count_of_hosts(page.rows),
        taken=claims.taken_from(actor),
        job=mass.job_of(actor),
        form=PassManyForm(),
    )


@bp.post("/pass")
@permission_required("application:check")
def pass_many() -> Answer:
    """First what would be passed on and what not; then, by the button of that page, done."""
    actor, form = current_actor(), PassManyForm()
    ids = form.ids() or _chosen()
    look = mass.preview(actor, ids)
    form.plans.raw_data, form.plans.data = None, ",".join(row.public_id for row in look.ready)
    if not form.validate_on_submit() or "confirm" not in request.form:
        return render_template("checking/pass_many.html", form=form, look=look), 200

    def make() -> str:
        done = mass.pass_many(actor, ids, key=str(form.key.data or "")[:64])
        _tell(done)
        return url_for(".index")

    try:
        return redirect(once(form.key.data or "", actor.id, make))
    except Refused as refusal:
        blame(form, refusal)
        return render_form("checking/pass_many.html", form, look=look)


def _chosen() -> list[str]:
    """The plans ticked in the queue, or all of the queue about which nothing was found."""
    if "all" in request.form:
        return queue_queries.without_findings(current_actor(), filters_given())
    return [value for value in request.form.getlist("plan") if len(value) <= 16]


def _tell(done: mass.Passed) -> None:
    if done.job is not None:
        flash(_("The plans are being passed on. It goes on by itself; this page says how far it is."), "notice")
        return
    flash(
        ngettext(
            "%(num)s plan has been passed on to review.", "%(num)s plans have been passed on to review.", done.plans
        ),
        "success",
    )
    if done.left:
        flash(
            ngettext("%(num)s plan was left in the queue.", "%(num)s plans were left in the queue.", done.left),
            "notice",
        )
