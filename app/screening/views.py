"""The screening desk: what waits for a person, one case with its evidence, and lifting a hold by two persons."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.core import audit, conflict
from app.core.errors import GuardsFailed, NotFound, Refused, Stale, TransitionNotAllowed
from app.core.idempotency import once
from app.core.lists import page as lists
from app.core.web import Answer, blame, current_actor, load, permission_required, render_form
from app.screening import casework, queries, service
from app.screening.blueprint import bp
from app.screening.forms import AnswerForm, JudgeForm, NoteForm, ProposeForm
from app.screening.lists import CASES
from app.screening.models import ScreeningCase
from app.screening.vocabulary import CaseState
from app.screening.workflow import CASE


def case_for(case_id: str, permission: str) -> ScreeningCase:
    """The case with all its page reads."""
    case: ScreeningCase = load(ScreeningCase, case_id, permission, *queries.FOR_PAGE)
    return case


@bp.get("")
@permission_required("screening:examine")
def index() -> Answer:
    """The queue, the oldest first."""
    return lists.answer(CASES, "screening/index.html", _beside)


def _beside(page: lists.ListPage) -> dict[str, Any]:
    """How many cases are in each state, and what plans are compared with."""
    return {
        "state": page.given["state"],
        "tally": queries.tally(),
        "states": CASE.states,
        "edition": queries.current_edition(),
    }


@bp.get("/cases/<string:case_id>")
@permission_required("screening:examine")
def show(case_id: str) -> Answer:
    return _page(case_for(case_id, "screening:examine"))


def _page(case: ScreeningCase, *, judging: JudgeForm | None = None, noting: NoteForm | None = None, **more: Any) -> str:
    page = casework.page_of(case)
    blank = {"formdata": None, "version": str(case.version), "host_action": case.host_action}
    return render_template(
        "screening/show.html",
        case=case,
        page=page,
        state=CASE.states[case.state],
        judging=judging or JudgeForm(verbs=page.verbs, **blank),
        noting=noting or NoteForm(formdata=None),
        entries=audit.timeline(case),
        **more,
    )


@bp.post("/cases/<string:case_id>/judge")
@permission_required("screening:examine")
def judge(case_id: str) -> Answer:
    """Judge, and go on with the next case that waits."""
    case = case_for(case_id, "screening:examine")
    form = JudgeForm(verbs=casework.page_of(case).verbs)
    if form.read_version() not in (None, case.version):
        return _somebody_else(case, form)
    if not form.validate_on_submit():
        return _page(case, judging=form), 422
    try:
        with conflict.noticed():
            service.judge(
                current_actor(),
                case,
                form.verdict.data,
                reason=form.reason.data or "",
                host_action=form.host_action.data or "",
                version=form.read_version(),
            )
    except Refused as refusal:
        blame(form, refusal)
        return _page(case, judging=form), 422
    except (Stale, TransitionNotAllowed):
        return _somebody_else(case_for(case_id, "screening:examine"), form)
    flash(f"{case.application.reference}: {CASE[form.verdict.data].done}", "success")
    return redirect(_next(case))


def _somebody_else(case: ScreeningCase, form: JudgeForm) -> Answer:
    """The page as it stands now, with what was typed still there."""
    form.offer(casework.page_of(case).verbs)
    conflict.differences(form, {}, case.version)
    return _page(case, judging=form, is_stale=True), Stale.status


def _next(case: ScreeningCase) -> str:
    """The address of the case that waits next, else of the queue."""
    before, after = queries.neighbours(case, CaseState.EXAMINE)
    following = after or before
    return url_for(".show", case_id=following) if following else url_for(".index")


@bp.post("/cases/<string:case_id>/notes")
@permission_required("screening:examine")
def write_note(case_id: str) -> Answer:
    case, form = case_for(case_id, "screening:examine"), NoteForm()
    if not form.validate_on_submit():
        return _page(case, noting=form), 422

    def write() -> str:
        service.write_note(current_actor(), case, form.text.data or "")
        return url_for(".show", case_id=case.public_id, _anchor="notes")

    return redirect(once(form.key.data or "", current_actor().id, write))


@bp.route("/cases/<string:case_id>/lift", methods=["GET", "POST"])
@permission_required("screening:lift")
def lift(case_id: str) -> Answer:
    """Propose that a hold is lifted, or answer what somebody else proposed."""
    case = case_for(case_id, "screening:lift")
    if case.state is not CaseState.HOLD:
        if request.method == "GET":
            raise NotFound()
        raise TransitionNotAllowed(_("The plan is not on hold any more."))
    return _propose(case) if case.lift_to is None else _answer(case)


def _propose(case: ScreeningCase) -> Answer:
    form = ProposeForm(version=str(case.version))
    page = {"case": case, "theme": casework.theme_of(case)}
    if not form.validate_on_submit():
        return render_form("screening/propose_lift.html", form, **page)
    try:
        with conflict.noticed():
            service.propose_lift(
                current_actor(),
                case,
                CaseState(form.to.data),
                reason=form.reason.data or "",
                host_action=form.host_action.data or "",
                version=form.read_version(),
            )
    except Refused as refusal:
        blame(form, refusal)
        return render_form("screening/propose_lift.html", form, **page)
    except Stale:
        return _changed_meanwhile("screening/propose_lift.html", form, case.public_id, **page)
    flash(_("The proposal is kept. Another person has to agree before the hold is lifted."), "success")
    return redirect(_home_of(case))


def _answer(case: ScreeningCase) -> Answer:
    form = AnswerForm(version=str(case.version))
    actor = current_actor()
    page = {
        "case": case,
        "theme": casework.theme_of(case),
        "proposal": queries.proposal_of(case),
        "is_own": case.lift_proposed_by_id == actor.id,
        "target": CASE.states[case.lift_to] if case.lift_to else None,
    }
    if not form.validate_on_submit():
        return render_form("screening/answer_lift.html", form, **page)
    to, agrees = case.lift_to, form.answer.data == "agree"
    try:
        with conflict.noticed():
            if agrees:
                service.agree_to_lift(actor, case, version=form.read_version())
            else:
                service.refuse_to_lift(actor, case, reason=form.reason.data or "", version=form.read_version())
    except (Refused, GuardsFailed) as refusal:
        blame(form, refusal)
        return render_form("screening/answer_lift.html", form, **page)
    except Stale:
        return _changed_meanwhile("screening/answer_lift.html", form, case.public_id, **page)
    done = CASE[service.LIFTS[to]].done if agrees and to is not None else _("The hold stays.")
    flash(str(done), "success")
    return redirect(_home_of(case))


def _changed_meanwhile(template: str, form: Any, case_id: str, **page: Any) -> Answer:
    """The same page with what was typed, of the case as it is now: whoever sends it again does it knowingly."""
    case = case_for(case_id, "screening:lift")
    conflict.differences(form, {}, case.version)
    return render_template(template, form=form, is_stale=True, **{**page, "case": case}), Stale.status


def _home_of(case: ScreeningCase) -> str:
    """Where one goes on: officers to the case, the others to the plan."""
    if current_actor().may("screening:examine"):
        return url_for(".show", case_id=case.public_id)
    return url_for("applications.show", application_id=case.application.public_id)
