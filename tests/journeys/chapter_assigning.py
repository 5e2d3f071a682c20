"""Who reads what: phases are set, three readers chosen by hand, the rest calculated, one changed, the requests sent."""

import re

from playwright.sync_api import expect

from tests.journeys.chapter_experts import CONFLICTED, EXPERTS, ON_TABLET, WITHOUT_MOUSE, Expert
from tests.journeys.people import Desk, Journey

PER_PLAN = 4
BY_HAND = {"first": EXPERTS, "second": (CONFLICTED, WITHOUT_MOUSE)}


def phases_are_set(journey: Journey) -> None:
    """From when to when experts score and discuss."""
    coordinator = journey.somebody("Coordinator")
    coordinator.open(f"/reviews/rounds/{journey.notes['call']}/phases")
    coordinator.fill(
        per_plan=PER_PLAN,
        scoring_from_on=journey.day(-1),
        scoring_until_on=journey.day(10),
        discussion_until_on=journey.day(17),
    )
    coordinator.send()
    coordinator.sees("The phases of the review are set.")
    coordinator.look("phases")


def readers_page(journey: Journey, plan: str) -> str:
    """Where JST sees who reads a plan."""
    return f"/reviews/rounds/{journey.notes['call']}/plans/{journey.notes[plan]}/readers"


def propose(coordinator: Desk, expert: Expert) -> None:
    """Choose somebody by hand among those who could read the plan."""
    row = coordinator.page.get_by_role("row").filter(has_text=expert.name)
    row.locator('input[name="reviewer"]').check(force=True)
    coordinator.press("Propose this expert")
    coordinator.sees(
        "%(name)s is proposed. The mail goes out when you send the proposals of the round.", name=expert.name
    )


def some_are_chosen_by_hand(journey: Journey) -> None:
    """From the page of a plan to its readers, and there the experts one after the other."""
    coordinator = journey.somebody("Coordinator")
    coordinator.open(f"/applications/{journey.notes['first']}")
    coordinator.sees("Readers")
    coordinator.look("a plan with empty places")
    coordinator.follow_to("/readers")
    for plan, experts in BY_HAND.items():
        coordinator.open(readers_page(journey, plan))
        for expert in experts:
            propose(coordinator, expert)
    coordinator.look("readers of a plan")


def the_rest_is_calculated(journey: Journey) -> None:
    """By a job; the page says when it is done and how good the result is."""
    coordinator = journey.somebody("Coordinator")
    coordinator.open("/reviews/assignment")
    coordinator.look("rounds to be given out")
    coordinator.open(f"/reviews/rounds/{journey.notes['call']}/assignment")
    coordinator.press("Propose readers for the empty places")
    coordinator.sees("The last proposal")
    coordinator.sees("There is no better assignment: the calculation proved it.")
    coordinator.look_in_both("who reads what")


def one_is_changed(journey: Journey) -> None:
    """A calculated proposal is taken off, the next expert of the list takes its place."""
    coordinator = journey.somebody("Coordinator")
    coordinator.open(readers_page(journey, "second"))
    proposed = coordinator.page.locator("main button.app-link-button")
    before = proposed.count()
    assert before > len(BY_HAND["second"])
    coordinator.go(proposed.last)
    coordinator.sees("The proposal is taken off.")
    others = coordinator.page.locator('input[name="reviewer"]:enabled')
    others.nth(1 if others.count() > 1 else 0).check(force=True)
    coordinator.press("Propose this expert")
    expect(proposed).to_have_count(before)


def the_requests_are_sent(journey: Journey) -> None:
    """One mail to each expert, which names no plan."""
    coordinator = journey.somebody("Coordinator")
    coordinator.open(f"/reviews/rounds/{journey.notes['call']}/assignment")
    coordinator.follow_to("/assignment/send")
    coordinator.fill(due_on=journey.day(7))
    coordinator.look("send the proposals")
    coordinator.send()
    expect(coordinator.page.locator(".app-people .app-badge").first).to_be_visible()
    coordinator.misses("Proposed")
    for expert in EXPERTS:
        desk = journey.desks[expert.key]
        journey.notes[f"link {expert.key}"] = desk.newest_mail(expert.email)
        for plan in BY_HAND:
            for what in ("reference", "theme", "theme in English"):
                desk.hides(journey.notes[f"{plan} {what}"])
    journey.desks[ON_TABLET.key].look("mail of the request")


def codes(journey: Journey) -> None:
    """Under which addresses the experts find their plans."""
    for expert in EXPERTS:
        for plan in BY_HAND:
            found = journey.site.ask(
                "select a.public_id from review_assignment a join reviewer r on r.id = a.reviewer_id"
                " join application p on p.id = a.application_id where r.email = ? and p.public_id = ?",
                expert.email,
                journey.notes[plan],
            )
            if found:
                assert re.fullmatch(r"\w{16}", found[0][0])
                journey.notes[f"{expert.key} {plan}"] = found[0][0]


def told(journey: Journey) -> None:
    """The whole chapter."""
    phases_are_set(journey)
    some_are_chosen_by_hand(journey)
    the_rest_is_calculated(journey)
    one_is_changed(journey)
    the_requests_are_sent(journey)
    codes(journey)
