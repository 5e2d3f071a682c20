"""How rows 36-41 of the contract are tried: decisions and what applicants are told of them."""

from datetime import timedelta

from app.core import clock
from app.core.db import db
from tests.architecture.contract_probes import Probe, address
from tests.architecture.contract_stage import Stage


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


PROBES: dict[int, Probe] = {40: reads_decision_before_publication, 41: publishes}
#: Rows whose verbs this program does not have in that form: one person decides, and feedback is not written yet.
NOT_TRIED = frozenset({36, 37, 38, 39})
