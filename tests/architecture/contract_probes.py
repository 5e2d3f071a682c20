"""How each row of the contract is tried: one function for a row, which answers whether somebody could do it."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from io import BytesIO
from typing import Any

from app.applications import (
    file_service,
    moving,
    partner_filling,
    partner_links,
    partner_part,
    plan_service,
    service,
    submission,
)
from app.applications.file_model import ScanState
from app.applications.models import Application
from app.core import clock
from app.core.authz import Role
from app.core.db import db
from app.reviews import assigning_service, conflicts, scoring_service
from app.reviews.scoring_sheet import Sheet
from app.screening import service as screening
from app.screening.vocabulary import CaseState
from tests.architecture.contract_stage import Stage
from tests.conftest import Client
from tests.factories.accounts import make_actor
from tests.factories.boards import make_board
from tests.factories.directory import make_host
from tests.factories.files import attach, pdf, upload
from tests.factories.reviews import make_assignment, make_discussion, make_review, make_review_plan, make_reviewer
from tests.factories.screening import make_case

Probe = Callable[[Stage, str], bool]
OPENS = 200


def address(plan: Application, page: str = "") -> str:
    return f"/applications/{plan.public_id}{page}"


def partner_opens(phone: Client, page: str = "") -> bool:
    return bool(phone.get(f"/partner{page}").status_code == OPENS)


def begins(stage: Stage, who: str) -> bool:
    start = service.start
    return stage.does(who, lambda actor: start(actor, call=stage.call, course=stage.course, host=stage.host))


def reads_draft(stage: Stage, who: str) -> bool:
    plan = stage.plan()
    if who == "PH":
        page = stage.partner(plan).get("/partner").text
        return plan.theme_en in page and "Flights" not in page and plan.administrative_email not in page
    return stage.opens(who, address(plan))


def _edits(stage: Stage, who: str, plan: Application) -> bool:
    if who == "PH":
        link = _link(stage, plan)
        said = partner_part.stored(link.partner)
        fields = {name: said[name] for name in partner_part.FIELDS} | {"description": "A river runs through it."}
        return stage.does(who, lambda _actor: partner_filling.save(link, fields, said["rows"], version=None))
    return stage.does(who, lambda actor: plan_service.save_overview(actor, plan, purpose="Another purpose."))


def _link(stage: Stage, plan: Application) -> Any:
    stage.partner(plan)
    return partner_links.newest_of(plan)[plan.partners[0].id]


def edits_draft(stage: Stage, who: str) -> bool:
    return _edits(stage, who, stage.plan())


def edits_submitted(stage: Stage, who: str) -> bool:
    """None of the states from the submission on lets anybody edit."""
    states = ("submitted", "under_review", "decided", "adopted", "declined", "completed", "withdrawn")
    return any(_edits(stage, who, stage.plan(state)) for state in states)


def submits(stage: Stage, who: str) -> bool:
    return stage.does(who, lambda actor: submission.submit(actor, stage.plan()))


def submits_late(stage: Stage, who: str) -> bool:
    plan = stage.plan()
    plan.call.closes_at = clock.now() - timedelta(seconds=1)
    db.session.flush()
    return stage.does(who, lambda actor: submission.submit(actor, plan))


def withdraws(stage: Stage, who: str) -> bool:
    """From the submission to the decision; all of these states, or it does not count."""
    plans = [stage.plan(state) for state in ("submitted", "returned", "under_review", "decided")]
    return all(stage.does(who, partial(service.transition, application=plan, verb="withdraw")) for plan in plans)


def reads_submitted(stage: Stage, who: str) -> bool:
    plan = stage.plan("under_review")
    if who in ("RV", "RC"):
        sheet = f"/reviews/mine/{stage.given(plan)[who].public_id}"
        assert not stage.opens(who, address(plan))
        return stage.opens(who, sheet, says=plan.theme_en)
    if who == "PH":
        return partner_opens(stage.partner(plan))
    return stage.opens(who, address(plan), says=plan.theme_en)


def returns(stage: Stage, who: str) -> bool:
    plan, due = stage.plan("submitted"), clock.today()
    return stage.does(who, lambda actor: service.send_back(actor, plan, reason="Add it up.", due_on=due))


def edits_returned(stage: Stage, who: str) -> bool:
    return _edits(stage, who, stage.plan("returned"))


def attaches(stage: Stage, who: str) -> bool:
    """Adds and replaces, in a draft and in a returned plan."""
    for state in ("draft", "returned"):
        plan = stage.plan(state)
        if who == "PH":
            form = {"kind": "other", "note": "", "file": (BytesIO(pdf(state)), "letter.pdf")}
            if stage.partner(plan).post("/partner/files", data=form).status_code != 302:
                return False
            continue
        old = attach(plan, "old.pdf")
        if not stage.does(who, partial(_adds, plan)) or not stage.does(who, partial(_replaces, plan, old.public_id)):
            return False
    return True


def _adds(plan: Application, actor: Any) -> None:
    file_service.add(actor, plan, upload(name="new.pdf"))


def _replaces(plan: Application, old: str, actor: Any) -> None:
    file_service.replace(actor, plan, old, upload(name="other.pdf"))


def _downloads(stage: Stage, who: str, scan: ScanState | None = None) -> bool:
    plan = stage.plan("under_review")
    given = stage.given(plan) if who in ("RV", "RC") else {}
    partner = plan.partners[0] if who == "PH" else None
    file = attach(plan, "letter.pdf", partner=partner, **({"scan": scan} if scan else {}))
    if who == "PH":
        return partner_opens(stage.partner(plan), f"/files/{file.public_id}")
    if who in ("RV", "RC"):
        assert not stage.opens(who, address(plan, f"/files/{file.public_id}"))
        return stage.opens(who, f"/reviews/mine/{given[who].public_id}/files/{file.public_id}")
    return stage.opens(who, address(plan, f"/files/{file.public_id}"))


def downloads(stage: Stage, who: str) -> bool:
    return _downloads(stage, who)


def downloads_unclean(stage: Stage, who: str) -> bool:
    return any(_downloads(stage, who, scan) for scan in (ScanState.PENDING, ScanState.INFECTED, ScanState.FAILED))


def finds(stage: Stage, who: str) -> bool:
    """The plan stands in the list, and its number in the search, of whoever may know it."""
    plan = stage.plan("under_review")
    if who in ("RV", "RC"):
        stage.given(plan)
        return stage.opens(who, "/reviews/mine", says=str(plan.reference))
    if who == "PH":
        return plan.theme_en in stage.partner(plan).get("/partner").text
    listed = stage.opens(who, "/applications", says=str(plan.reference))
    found = stage.opens(who, f"/applications?q={plan.reference}", says=plan.public_id)
    assert listed is found
    return listed


def exports(stage: Stage, who: str) -> bool:
    """The list as a file, with the plan in it: another host's file holds its own plans alone."""
    plan = stage.plan("under_review")
    answer = stage.client(who).post("/applications/export", data={"reason": "For the meeting."})
    return answer.status_code == 200 and (plan.reference or "") in answer.text


def moves(stage: Stage, who: str) -> bool:
    """Proposes, and approves what somebody else proposed; never both."""
    plan, target, colleague = stage.plan("submitted"), make_host(), make_actor(Role.COORDINATOR)
    proposals: list[Any] = []

    def propose(actor: Any) -> None:
        proposals.append(moving.propose(actor, plan, target=target, reason="Merged."))

    if not stage.does(who, propose):
        waiting = moving.propose(colleague, plan, target=target, reason="Merged.")
        assert not stage.does(who, lambda actor: moving.approve(actor, waiting))
        return False
    assert not stage.does(who, lambda actor: moving.approve(actor, proposals[0]))
    moving.approve(colleague, proposals[0])
    other = moving.propose(colleague, stage.plan("submitted"), target=target, reason="Merged.")
    return stage.does(who, lambda actor: moving.approve(actor, other))


def assigns(stage: Stage, who: str) -> bool:
    plan, expert = stage.plan("under_review"), make_reviewer()
    return stage.does(who, lambda actor: assigning_service.add(actor, plan, expert))


def declares_conflict(stage: Stage, who: str) -> bool:
    plan = stage.plan("under_review")
    given = stage.given(plan)
    if who in ("RV", "RC"):
        return stage.does(who, lambda actor: conflicts.declare_own(actor, given[who], note="My sister works there."))
    other = make_reviewer()
    return stage.does(who, lambda actor: conflicts.declare_for(actor, other, plan, note="They publish together."))


def overrides_conflict(stage: Stage, who: str) -> bool:
    """Neither is the plan given to an expert in conflict, nor can the expert take it on."""
    plan = stage.plan("under_review")
    held = stage.given(plan, "sent")["RC"]
    expert = stage.experts["RC"]
    gives = stage.does(who, lambda actor: assigning_service.add(actor, plan, expert))
    return gives or stage.does(who, lambda actor: assigning_service.accept(actor, held))


def _writes(stage: Stage, who: str, phase: str) -> bool:
    plan = stage.plan("under_review")
    make_review_plan(stage.call, phase)
    given = stage.given(plan)
    held = given[who if who in given else "RV"]
    sheet = Sheet(for_panel="It is sound.")
    return stage.does(who, lambda actor: scoring_service.save_draft(actor, held, sheet, version=None))


def writes_review(stage: Stage, who: str) -> bool:
    return _writes(stage, who, "scoring")


def writes_late(stage: Stage, who: str) -> bool:
    return _writes(stage, who, "closed")


def reads_own_review(stage: Stage, who: str) -> bool:
    plan = stage.plan("under_review")
    make_review_plan(stage.call, "discussion")
    given = stage.given(plan)
    held = given[who if who in given else "RV"]
    make_review(held, for_panel="My very own words.")
    return stage.opens(who, f"/reviews/mine/{held.public_id}", says="My very own words.")


def _reads_others(stage: Stage, who: str, phase: str, *, own: bool) -> bool:
    plan = stage.plan("under_review")
    make_review_plan(stage.call, phase)
    given = stage.given(plan)
    other = make_review(_third(stage, plan), for_panel="Words of somebody else.")
    if own:
        make_review(given["RV"])
        make_discussion(stage.call)
    if who in ("RV", "RC"):
        page = f"/reviews/mine/{given[who].public_id}/discussion"
        assert not stage.opens(who, page, says=other.assignment.reviewer.name_en)
        return stage.opens(who, page, says="Words of somebody else.")
    return stage.opens(who, f"/reviews/plans/{plan.public_id}", says="Words of somebody else.")


def _third(stage: Stage, plan: Application) -> Any:
    return make_assignment(plan, make_reviewer(name_en="Expert Number Three"))


def reads_others_before_own(stage: Stage, who: str) -> bool:
    return _reads_others(stage, who, "scoring", own=False)


def reads_others_in_panel(stage: Stage, who: str) -> bool:
    return _reads_others(stage, who, "discussion", own=True)


def reads_reviewers(stage: Stage, who: str) -> bool:
    plan = stage.plan("under_review")
    make_review_plan(stage.call, "discussion")
    given = stage.given(plan)
    make_review(_third(stage, plan))
    if who in ("RV", "RC"):
        make_discussion(stage.call)
        make_review(given["RV"])
        page = stage.client(who).get(f"/reviews/mine/{given[who].public_id}/discussion").text
        assert "Expert Number Three" not in page
        return "You (reviewer" in page
    return stage.opens(who, f"/reviews/plans/{plan.public_id}", says="Expert Number Three")


def reads_ranking(stage: Stage, who: str) -> bool:
    stage.plan("under_review")
    board = make_board(stage.call)
    return stage.opens(who, f"/boards/versions/{board.public_id}")


def notes_screening(stage: Stage, who: str) -> bool:
    case = make_case(stage.plan("submitted"))
    writes = stage.does(who, lambda actor: screening.write_note(actor, case, "Look at the laboratory."))
    reads = stage.opens(who, f"/screening/cases/{case.public_id}")
    assert writes is reads
    return writes


def reads_screening(stage: Stage, who: str) -> bool:
    plan = stage.plan("submitted")
    make_case(plan, "hold")
    return stage.opens(who, address(plan), says="Screening with the foreign user list")


def lifts_hold(stage: Stage, who: str) -> bool:
    """Proposes, and agrees to what somebody else proposed; never both."""
    case, other = (make_case(stage.plan("submitted"), "hold") for _number in range(2))
    colleague = make_actor(Role.SCREENING_OFFICER)

    def propose(actor: Any, case: Any = case) -> None:
        screening.propose_lift(actor, case, CaseState.CLEARED, reason="It is another body.", version=case.version)

    may_propose = stage.does(who, propose)
    assert not stage.does(who, lambda actor: screening.agree_to_lift(actor, case, version=case.version))
    propose(colleague, other)
    may_agree = stage.does(who, lambda actor: screening.agree_to_lift(actor, other, version=other.version))
    assert may_propose is may_agree
    return may_agree


def imports_list(stage: Stage, who: str) -> bool:
    return stage.opens(who, "/screening/editions/new")


PROBES: dict[int, Probe] = {
    10: begins,
    11: reads_draft,
    12: edits_draft,
    13: edits_submitted,
    14: submits,
    15: submits_late,
    16: withdraws,
    17: reads_submitted,
    18: returns,
    19: edits_returned,
    20: attaches,
    21: downloads,
    22: downloads_unclean,
    23: finds,
    24: exports,
    25: moves,
    26: assigns,
    27: declares_conflict,
    28: overrides_conflict,
    29: writes_review,
    30: writes_late,
    31: reads_own_review,
    32: reads_others_before_own,
    33: reads_others_in_panel,
    34: reads_reviewers,
    35: reads_ranking,
    42: notes_screening,
    43: reads_screening,
    44: lifts_hold,
    45: imports_list,
}
