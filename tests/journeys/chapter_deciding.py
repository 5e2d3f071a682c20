"""A coordinator proposes, the decision-maker approves, the round closes, and all results are released at once."""

from app.accounts.demo import PASSWORD
from tests.journeys.people import Journey

CONDITION = "招へい人数を1名減らすこと。"


def jst_decides(journey: Journey) -> None:
    """Passed on, proposed by one person and approved by another; the host is told nothing before the release."""
    coordinator = journey.somebody("Coordinator")
    plan = f"/applications/{journey.notes['plan']}"
    coordinator.open(plan)
    coordinator.verb("start_review", "pass on")
    coordinator.open(plan)
    words = {"message": "雨期の前の来日を歓迎します。", "condition_ja": CONDITION, "condition_en": CONDITION}
    coordinator.verb("propose", "propose a decision", outcome="adopted", people_cap=4, **words)
    coordinator.sees("Waits for approval")
    coordinator.look("plan proposed")
    decider = journey.somebody("Decision-maker")
    decider.open("/")
    decider.look("home of the decision-maker")
    decider.open(plan)
    decider.verb("approve", "approve", comment="異議なし")
    decider.look("plan decided")
    host = journey.somebody("Host approver")
    host.open(f"/applications/{journey.notes['plan']}")
    host.sees("Under review")
    host.misses("Decided, not released")
    host.hides("雨期の前の来日を歓迎します。")
    host.hides(CONDITION)
    host.look("plan under review")


def the_rest_of_the_round_is_decided(journey: Journey) -> None:
    """The round closes; what else came in is passed on and declined, what was not corrected is withdrawn."""
    site, call = journey.site, journey.notes["call"]
    site.let_time_pass(
        (
            "update call set closes_at = strftime('%Y-%m-%d %H:%M:%f000', 'now', '-1 minute') where public_id = ?",
            (call,),
        )
    )
    left = site.ask(
        "select a.public_id, a.state, (select email from user_account u join role_grant g on g.user_id = u.id where"
        " g.role = 'host_approver' and g.institution_id = a.host_institution_id and u.email like 'approver%') from"
        " application a join call on call.id = a.call_id where call.public_id = ? and a.state in"
        " ('submitted', 'returned')",
        call,
    )
    for plan, state, approver in left:
        if state == "returned":
            withdrawn(journey, plan, approver)
            continue
        coordinator = journey.somebody("Coordinator")
        coordinator.open(f"/applications/{plan}/start_review")
        coordinator.send()
        coordinator.open(f"/applications/{plan}/propose")
        coordinator.fill(outcome="declined")
        coordinator.send()
    all_are_approved(journey)


def all_are_approved(journey: Journey) -> None:
    """The decision-maker looks at all proposals of the round and approves them together."""
    decider = journey.somebody("Decision-maker")
    decider.open(f"/applications/rounds/{journey.notes['call']}")
    decider.look("round with proposals")
    decider.page.select_option("#list-which", "page")
    decider.go(decider.page.locator('button[formaction*="/acts/approve"]'))
    decider.look("approve together")
    decider.send()
    decider.sees("Back to the list")


def withdrawn(journey: Journey, plan: str, email: str) -> None:
    """The approver of another host comes in by password and withdraws."""
    other = journey.stranger()
    other.open("/sign-in")
    other.fill(email=email, password=PASSWORD)
    other.press("Sign in")
    journey.switch(other)
    other.open(f"/applications/{plan}/withdraw")
    other.fill(comment="訂正が間に合いませんでした。")
    other.send()
    other.sees("Withdrawn")


def the_results_are_released(journey: Journey) -> None:
    """All results of the round at once; the host sees its own, and a mail says so."""
    decider = journey.somebody("Decision-maker")
    decider.open("/applications/rounds")
    decider.look("rounds")
    decider.open(f"/applications/rounds/{journey.notes['call']}")
    decider.look("round")
    decider.follow("Release the results")
    decider.look("release")
    decider.press("Release the results")
    decider.look("round released")
    host = journey.somebody("Host approver")
    host.open(f"/applications/{journey.notes['plan']}")
    host.sees("Adopted on these conditions:")
    host.shows(CONDITION)
    host.look("plan adopted")
    host.newest_mail("approver0@host0.example.jp", journey.notes["reference"])
    host.shows("雨期の前の来日を歓迎します。")


def told(journey: Journey) -> None:
    """The whole chapter."""
    jst_decides(journey)
    the_rest_of_the_round_is_decided(journey)
    the_results_are_released(journey)
