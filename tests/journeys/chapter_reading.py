"""Experts answer and read: one has a conflict, one scores on a tablet with a pause, one with the keyboard alone."""

import io
import json
import zipfile

from playwright.sync_api import Locator, expect

from tests.journeys import keyboard
from tests.journeys.chapter_assigning import readers_page
from tests.journeys.chapter_experts import CONFLICTED, ON_TABLET, WITHOUT_MOUSE, desk_of
from tests.journeys.people import Desk, Journey

#: Everything under the address of an assignment.
PLACES = ("answer", "conflict", "give-back")
READING = ("", "/hand-in", "/abstain", "/discussion", "/plan.pdf")


def a_conflict_is_declared(journey: Journey) -> None:
    """From the mail to the request: no more than title and institutions; the answer closes the plan, the next comes."""
    expert = desk_of(journey, CONFLICTED)
    expert.open(journey.notes[f"link {CONFLICTED.key}"])
    expert.look("requests")
    expert.go(expert.page.locator(f'main a[href*="{journey.notes["conflicted first"]}"]'))
    purpose = journey.site.ask("select purpose from application where public_id = ?", journey.notes["first"])[0][0]
    expert.hides(purpose[:40])
    expert.look_in_both("can you read this plan")
    expert.fill(answer="conflict")
    expert.send()
    expert.sees("Please check what you entered")
    expert.fill(note="I wrote a paper with the principal investigator last year.")
    expert.send()
    expert.fill(answer="accept")
    expert.send()
    it_is_gone(journey, expert, "conflicted first", "first")
    expert.open("/reviews/mine")
    expert.shows(journey.notes["second theme in English"])
    expert.look("reviews without the plan in conflict")


def it_is_gone(journey: Journey, expert: Desk, code: str, plan: str) -> None:
    """No list, no address, no search, no file knows the plan for this expert any more."""
    notes = journey.notes
    for page in ("/", "/reviews/mine", "/reviews/requests"):
        expert.open(page)
        for what in ("reference", "theme", "theme in English"):
            expert.hides(notes[f"{plan} {what}"])
    addresses = [f"/reviews/assignments/{notes[code]}/{place}" for place in PLACES]
    addresses += [f"/reviews/mine/{notes[code]}{place}" for place in READING]
    addresses += [f"/reviews/plans/{notes[plan]}", f"/applications/{notes[plan]}", f"/applications/{notes[plan]}/pdf"]
    addresses += [f"/applications?q={notes[f'{plan} reference']}"]
    answers = {address: expert.status(address) for address in addresses}
    assert set(answers.values()) <= {403, 404}, answers
    assert all(answers[address] == 404 for address in addresses[: len(PLACES) + len(READING)]), answers


def packet_of(expert: Desk) -> dict[str, bytes]:
    """The files of the packet for reading without a network."""
    expert.open("/reviews/mine")
    content = expert.takes(expert.page.get_by_role("button", name=expert.words("Take the packet (ZIP)")))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def the_packet_is_without_it(journey: Journey) -> None:
    """Only the plan that was taken on is in it, as a paper, as data, and with its files."""
    files = packet_of(desk_of(journey, CONFLICTED))
    first, second = journey.notes["first reference"], journey.notes["second reference"]
    assert {f"{second}/plan.pdf", f"{second}/plan.json", "score-sheets.xlsx"} <= set(files)
    assert {name.partition("/")[0] for name in files} == {second, "score-sheets.xlsx"}
    assert json.loads(files[f"{second}/plan.json"])["assignment"] == journey.notes["conflicted second"]
    assert all(first.encode() not in content for content in files.values())


def marks_of(expert: Desk) -> Locator:
    """The marks of a sheet worth four points, one for each criterion."""
    return expert.page.locator('main input[type="radio"][value="4"]')


def one_scores_on_a_tablet(journey: Journey) -> None:
    """Half the marks, kept while they are given; away without saving; back, and handed in once nothing is missing."""
    expert, here = desk_of(journey, ON_TABLET), f"/reviews/mine/{journey.notes['on tablet first']}"
    expert.open(journey.notes[f"link {ON_TABLET.key}"])
    expert.follow_to("/answer")
    expert.fill(answer="accept")
    expert.send()
    expert.open(here)
    expert.look("a plan beside its sheet")
    marks = marks_of(expert)
    number = marks.count()
    for place in range(3):
        marks.nth(place).check(force=True)
    expect(expert.page.locator("[data-sheet-kept]")).not_to_be_empty()
    expert.follow("My reviews")
    expert.sees("%(marked)s of %(of)s marks", marked=3, of=number)
    expert.look("my reviews with a draft")
    expert.open(here)
    expect(expert.page.locator('main input[type="radio"]:checked')).to_have_count(3)
    for place in range(3, number):
        marks.nth(place).check(force=True)
    expert.press("Check and hand in")
    expert.sees("Still missing")
    expert.look("a sheet with something missing")
    expert.go(expert.page.locator(".govuk-error-summary a").first)
    expect(expert.page.locator("#for_panel")).to_be_in_viewport()
    expert.fill(for_panel="計画は具体的で、日程にも無理がない。", for_applicant="帰国後の交流の計画も知りたい。")
    expert.press("Check and hand in")
    expert.look_in_both("hand the review in")
    expert.press("Hand in")
    expert.sees("Your review is handed in. Thank you.")


def one_uses_no_mouse(journey: Journey) -> None:
    """Answer, six marks, words, hand in: with Tab, Space, the arrow keys and Enter."""
    expert = desk_of(journey, WITHOUT_MOUSE)
    expert.open("/reviews/requests")
    for plan in ("first", "second"):
        code = journey.notes[f"without mouse {plan}"]
        if not expert.page.url.endswith("/answer"):
            keyboard.enter(expert, expert.page.locator(f'main a[href*="{code}"]'))
        keyboard.choose(expert, "answer")
        keyboard.enter(expert, expert.page.locator("main form button"))
    expert.open(f"/reviews/mine/{journey.notes['without mouse first']}")
    names = expert.page.locator('main input[type="radio"]').evaluate_all("all => [...new Set(all.map(o => o.name))]")
    for name in names:
        keyboard.choose(expert, name, down=2)
    keyboard.write(expert, "for_panel", "Adequate, but the days are crowded.")
    expert.look("a sheet filled by keyboard")
    keyboard.enter(expert, expert.page.get_by_role("button", name=expert.words("Check and hand in")))
    keyboard.enter(expert, expert.page.get_by_role("button", name=expert.words("Hand in"), exact=True))
    expert.sees("Your review is handed in. Thank you.")


def somebody_else_takes_the_empty_place(journey: Journey) -> None:
    """JST sees that and why a place is empty, and has it filled."""
    coordinator = journey.somebody("Coordinator")
    coordinator.open(readers_page(journey, "first"))
    coordinator.shows("I wrote a paper with the principal investigator last year.")
    coordinator.look("readers after a conflict")
    coordinator.open(f"/reviews/rounds/{journey.notes['call']}/assignment")
    coordinator.press("Propose readers for the empty places")
    expect(coordinator.page.locator('main a[href$="/assignment/send"]')).to_be_visible()
    coordinator.follow_to("/assignment/send")
    coordinator.fill(due_on=journey.day(8))
    coordinator.send()


def a_plan_is_closed_while_somebody_types(journey: Journey) -> None:
    """JST hears of a conflict; the sheet that is open elsewhere says so, and keeps nothing more."""
    expert, coordinator = desk_of(journey, WITHOUT_MOUSE), journey.somebody("Coordinator")
    expert.open(f"/reviews/mine/{journey.notes['without mouse second']}")
    coordinator.open(readers_page(journey, "second"))
    coordinator.page.locator("details summary").last.click()
    coordinator.page.locator("#declaring-reviewer").select_option(label=WITHOUT_MOUSE.name)
    coordinator.fill(note="共同研究者であると本人の大学から連絡があった。")
    coordinator.press("Declare the conflict")
    coordinator.sees("The conflict is on record. The plan no longer exists for %(name)s.", name=WITHOUT_MOUSE.name)
    with journey.inspector.expecting_missing():
        expert.fill(for_panel="Written too late.")
        expert.sees("This plan is no longer open to you. What was kept of the sheet is set aside and does not count.")
    expert.look("a sheet that was closed")
    it_is_gone(journey, expert, "without mouse second", "second")


def told(journey: Journey) -> None:
    """The whole chapter."""
    a_conflict_is_declared(journey)
    the_packet_is_without_it(journey)
    one_scores_on_a_tablet(journey)
    one_uses_no_mouse(journey)
    somebody_else_takes_the_empty_place(journey)
    a_plan_is_closed_while_somebody_types(journey)
