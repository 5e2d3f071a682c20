"""How rows 36-41 of the contract are tried: decisions and what applicants are told of them."""

from datetime import timedelta

from app.applications import proposing
from app.applications.models import Outcome
from app.core import clock
from app.core.db import db
from tests.architecture.contract_probes import Probe, address
from tests.architecture.contract_stage import Stage
from tests.factories.decisions import make_change, make_proposal
from tests.factories.reviews import make_review

ADVICE = "Say more about the practical days."


def reads_feedback(stage: Stage, who: str) -> bool:
    """What the review tells applicants stands on the plan's page once the result is out, and nowhere before."""
    plan = stage.plan("under_review")
    make_review(stage.given(plan)["RV"], for_applicant=ADVICE)
    early = stage.opens(who, address(plan), says=ADVICE)
    assert not early or who in ("CO", "DE"), f"{who} reads feedback before the release"
    told = stage.plan("declined")
    make_review(stage.given(told)["RV"], for_applicant=ADVICE)
    return stage.opens(who, address(told), says=ADVICE)


def proposes(stage: Stage, who: str) -> bool:
    plan = stage.plan("under_review")
    return stage.does(who, lambda actor: proposing.propose(actor, plan, outcome=Outcome.ADOPTED))


def approves(stage: Stage, who: str) -> bool:
    """What somebody else proposed; the own proposal is never one's own to approve."""
    proposal = make_proposal(stage.plan("under_review"))
    return stage.does(who, lambda actor: proposing.approve(actor, proposal))


def changes(stage: Stage, who: str) -> bool:
    """A published result: approving what another decision-maker proposed, after the password."""
    proposal = make_change(stage.plan("adopted"))
    return stage.sends(who, f"/applications/proposals/{proposal.public_id}/approve-change", {})


def reads_decision_before_publication(stage: Stage, who: str) -> bool:
    """The decision stands on the plan's page for JST's deciders; for all others the plan is under review."""
    plan = stage.plan("decided")
    if who in ("RV", "RC"):
        return stage.opens(who, f"/reviews/mine/{stage.given(plan)[who].public_id}", says="known to JST only")
    if who == "PH":
        return "known to JST only" in stage.partner(plan).get("/partner").text
    return stage.opens(who, address(plan), says="known to JST only")


def publishes(stage: Stage, who: str) -> bool:
    stage.plan("decided", outcome="declined")
    stage.call.closes_at = clock.now() - timedelta(days=1)
    db.session.flush()
    return stage.sends(who, f"/applications/rounds/{stage.call.public_id}/release", {})


PROBES: dict[int, Probe] = {
    36: reads_feedback,
    37: proposes,
    38: approves,
    39: changes,
    40: reads_decision_before_publication,
    41: publishes,
}
