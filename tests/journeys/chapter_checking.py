"""A round has closed; two officers check its plans: returned, found inadmissible, passed on by key and many at once."""

import json

from playwright.sync_api import expect

from tests.journeys import keyboard
from tests.journeys.people import Desk, Journey

ROUND = "select id from call where label = '4'"
SECOND, FIRST_NAME, SECOND_NAME = "ono@jst.example.jp", "森 あかり", "大野 修"
WAITING = (
    "select a.public_id, a.reference from application a join check_sheet s on s.application_id = a.id"
    f" where a.state = 'submitted' and a.call_id = ({ROUND})"
)
AGAIN = (
    " and s.similar > 0 and exists (select 1 from check_sheet o where o.fiscal_year = s.fiscal_year"
    " and o.principal_key = s.principal_key and o.id <> s.id) order by a.reference"
)
NOTHING_FOUND = " and s.similar = 0 and s.broken = 0 and s.unsure = 0 order by a.submitted_at"
WHY_JA, WHY_EN = "様式が提出されておらず、応募要件を満たしていません。", "The form was not handed in: not eligible."


def the_round_closed(journey: Journey) -> None:
    """The round that was open closed some days ago, and nobody has been given its plans yet."""
    journey.site.let_time_pass(
        (f"delete from review_assignment where call_id = ({ROUND})", ()),
        (f"delete from review_plan where call_id = ({ROUND})", ()),
        (
            f"update call set closes_at = strftime('%Y-%m-%d %H:%M:%f000', 'now', '-5 days') where id = ({ROUND})",
            (),
        ),
    )
    journey.notes["call"] = journey.site.ask("select public_id from call where label = '4'")[0][0]


def the_queue_says_what_was_found(journey: Journey) -> None:
    """From the menu to the queue; beside a plan stand those like it, who applied before, and the host's history."""
    journey.site.run("tests.journeys.scene", "waiting")
    journey.notes["again"], journey.notes["again reference"] = journey.site.ask(WAITING + AGAIN)[0]
    officer = journey.somebody("Coordinator")
    officer.open("/")
    officer.follow("Formal check")
    officer.look_in_both("the queue of the formal check")
    officer.go(officer.page.locator("main table a", has_text=journey.notes["again reference"]))
    for words in ("Similar plans", "Person in charge of the exchange", "History of the host"):
        officer.sees(words)
    officer.look_in_both("a plan under its formal check")


def two_work_on_one_plan(journey: Journey) -> None:
    """Who comes second takes it over; who came first is told, keeps what was typed, and decides all the same."""
    officer, other = journey.somebody("Coordinator"), journey.colleague(SECOND)
    other.open(f"/applications/check/{journey.notes['again']}")
    other.shows(FIRST_NAME)
    other.press("Take over")
    officer.fill(outcome="returned", due_on=journey.day(9), fix_safety=True)
    remark = officer.page.locator('main [name="remark_safety"]')
    reused(officer, "remark_safety")
    kept = remark.input_value()
    assert kept
    officer.press("Record and go on")
    officer.sees("Somebody else was here meanwhile")
    officer.shows(SECOND_NAME)
    expect(remark).to_have_value(kept)
    officer.look("somebody took the plan over meanwhile")
    officer.press("Record and go on")
    officer.shows(journey.notes["again reference"])
    officer.sees("Returned for correction")
    other.open(f"/applications/check/{journey.notes['again']}")
    other.shows(FIRST_NAME)
    query = "select state, return_sections from application where public_id = ?"
    state, sections = journey.site.ask(query, journey.notes["again"])[0]
    assert (state, json.loads(sections)) == ("returned", {"safety": kept})


def reused(officer: Desk, place: str) -> None:
    """A reason that was kept is put into a field."""
    officer.page.locator(f'main [name="pick_{place}"]').select_option(index=1)
    officer.page.locator(f'main button[value="use:{place}"]').click()


def one_is_passed_without_mouse(journey: Journey) -> None:
    """Letters lead from plan to plan and to the outcome."""
    officer = journey.somebody("Coordinator")
    here = officer.page.url
    for letter in "jk":
        with officer.page.expect_navigation(wait_until="domcontentloaded"):
            officer.page.keyboard.press(letter)
        assert (officer.page.url == here) is (letter == "k"), officer.page.url
    officer.page.keyboard.press("o")
    keyboard.choose(officer, "outcome")
    keyboard.enter(officer, officer.page.get_by_role("button", name=officer.words("Record and go on")))
    expect(officer.page.locator(".govuk-notification-banner").first).to_be_visible()
    passed = journey.site.ask("select state from application where public_id = ?", here.split("/")[-1].split("?")[0])
    assert passed == [("under_review",)], passed


def one_is_found_inadmissible(journey: Journey) -> None:
    """With the clause and a reason in both languages; it goes to the decision, past the experts."""
    officer = journey.somebody("Coordinator")
    plan, reference = journey.site.ask(WAITING + " and s.broken > 0 order by a.reference desc")[0]
    officer.open(f"/applications/check/{plan}")
    officer.fill(outcome="inadmissible")
    officer.press("Record and go on")
    officer.sees("Choose the clause the plan does not meet.")
    officer.fill(rules=True, reason_ja=WHY_JA, reason_en=WHY_EN)
    officer.press("Record and go on")
    officer.shows(reference)
    officer.open(f"/applications/check/{plan}")
    officer.shows(WHY_JA)


def several_are_passed_at_once(journey: Journey) -> None:
    """Those about which nothing was found: looked over first, then passed on together."""
    officer = journey.somebody("Coordinator")
    faultless = journey.site.ask(WAITING + NOTHING_FOUND)
    assert len(faultless) > 1, faultless
    officer.open(f"/applications/check?call={journey.notes['call']}")
    officer.page.select_option("#list-which", "page")
    officer.go(officer.page.locator('button[formaction*="/acts/pass-on"]'))
    for _plan, reference in faultless:
        officer.shows(reference)
    officer.look("several plans to be passed on")
    officer.send()
    officer.sees("Back to the list")
    assert not journey.site.ask(WAITING + NOTHING_FOUND)


def the_others_pass(journey: Journey) -> None:
    """What is left is read one after the other."""
    officer = journey.somebody("Coordinator")
    for plan, _reference in journey.site.ask(WAITING + " order by a.reference"):
        officer.open(f"/applications/check/{plan}")
        officer.fill(outcome="passed")
        officer.press("Record and go on")
    assert not journey.site.ask(WAITING)


def told(journey: Journey) -> None:
    """The whole chapter."""
    the_round_closed(journey)
    the_queue_says_what_was_found(journey)
    two_work_on_one_plan(journey)
    one_is_passed_without_mouse(journey)
    one_is_found_inadmissible(journey)
    several_are_passed_at_once(journey)
    the_others_pass(journey)
    plans = journey.site.ask(
        "select a.public_id, reference, theme_ja, theme_en from application a join formal_check c"
        f" on c.application_id = a.id and c.outcome = 'passed' where state = 'under_review' and call_id = ({ROUND})"
        " order by reference"
    )
    for name, plan in zip(("first", "second"), plans[:2], strict=True):
        for what, value in zip(("", " reference", " theme", " theme in English"), plan, strict=True):
            journey.notes[name + what] = value
