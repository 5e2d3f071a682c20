"""A round of corrections: JST asks for them by section, the host and a partner make them, JST sees what has changed."""

from tests.journeys.chapter_filing import submitted
from tests.journeys.chapter_sharing import edit, invited, opened
from tests.journeys.people import Journey

SAFETY, SENDING = "治療費用の補償額を書いてください。", "二つめの送出し機関の説明を加えてください。"
INSURANCE, WORDS = "海外旅行保険（治療費用1,000万円まで）", "The oldest university of the country."


def the_coordinator_returns_it(journey: Journey) -> None:
    """By section, with a remark for each and the day until which it may come back."""
    coordinator = journey.somebody("Coordinator")
    coordinator.open(f"/applications/{journey.notes['plan']}/return")
    coordinator.fill(
        comment="二つの点を訂正してください。",
        due_on=journey.day(5),
        fix_safety=True,
        remark_safety=SAFETY,
        fix_partners=True,
        remark_partners=SENDING,
    )
    coordinator.send()
    coordinator.sees("Returned for correction")


def the_host_corrects_with_a_partners_help(journey: Journey) -> None:
    """Each remark stands in its section; the partner describes itself; what has changed stands on one page."""
    editor = journey.somebody("Host editor")
    editor.open(edit(journey, "safety", "plan"))
    editor.sees("JST asks for a correction in this section")
    editor.shows(SAFETY)
    editor.fill(insurance=INSURANCE)
    editor.press("Save")
    editor.look("section corrected")
    editor.open(edit(journey, "partners", "plan"))
    editor.shows(SENDING)
    link, code = invited(journey, editor, 1, "oir@example.edu.np", "plan")
    phone = opened(journey, link, code, scripts=True)
    phone.fill(description=WORDS)
    phone.send()
    phone.sees("Your part is saved. You can change it until the plan is handed in.")
    editor.open(f"/applications/{journey.notes['plan']}/changes")
    editor.shows(INSURANCE)
    editor.shows(WORDS)
    editor.look_in_both("what was corrected")


def jst_sees_the_difference(journey: Journey) -> None:
    """Submitted again, with a second receipt; the coordinator reads nothing twice."""
    approver = journey.somebody("Host approver")
    submitted(journey, approver, "plan")
    anybody = journey.stranger()
    anybody.open(str(approver.page.locator('main a[href*="/receipts/verify"]').first.get_attribute("href")))
    anybody.sees("This receipt is genuine")
    anybody.shows(journey.notes["reference of plan"])
    anybody.look_in_both("receipt verified")
    coordinator = journey.somebody("Coordinator")
    coordinator.open(f"/applications/{journey.notes['plan']}")
    coordinator.follow_to("/changes")
    for text in (INSURANCE, WORDS, SAFETY):
        coordinator.shows(text)
    coordinator.look("difference at JST")


def told(journey: Journey) -> None:
    """The whole chapter."""
    the_coordinator_returns_it(journey)
    the_host_corrects_with_a_partners_help(journey)
    jst_sees_the_difference(journey)
