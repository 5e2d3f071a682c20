"""Scoring is over and the experts talk, by number. A conflict that comes to light now closes the plan at once."""

from playwright.sync_api import expect

from tests.journeys.chapter_experts import ON_TABLET, WITHOUT_MOUSE, desk_of
from tests.journeys.chapter_reading import it_is_gone
from tests.journeys.people import Journey

WORDS = "Adequate, but the days are crowded."
SAID = "日程を1日減らしても目的は達せられると思う。"
NOTE = "My sister has just joined the host's office."


def scoring_ends(journey: Journey) -> None:
    """By the clock; JST opens a round of discussion."""
    journey.site.let_time_pass(
        (
            "update review_plan set scoring_until = strftime('%Y-%m-%d %H:%M:00.000000', 'now', '-1 minute')"
            " where call_id = (select id from call where public_id = ?)",
            (journey.notes["call"],),
        )
    )
    coordinator = journey.somebody("Coordinator")
    coordinator.open(f"/reviews/rounds/{journey.notes['call']}/discussions/new")
    coordinator.fill(name_ja="審査会", name_en="Panel")
    coordinator.look("a round of discussion")
    coordinator.send()
    coordinator.shows("審査会")


def they_talk_as_numbers(journey: Journey) -> None:
    """Each reads the other's words under a number; JST reads names."""
    expert = desk_of(journey, ON_TABLET)
    expert.open("/reviews/mine")
    expert.follow_to("/discussion")
    expert.shows("3")
    expert.hides(WITHOUT_MOUSE.name)
    for words in expert.page.locator("main details > summary").all():
        words.click()
    expert.shows(WORDS)
    expert.look("discussion as an expert sees it")
    expert.fill(text=SAID)
    expert.send()
    other = desk_of(journey, WITHOUT_MOUSE)
    other.open(f"/reviews/mine/{journey.notes['without mouse first']}/discussion")
    other.shows(SAID)
    other.hides(ON_TABLET.name)
    coordinator = journey.somebody("Coordinator")
    coordinator.open(f"/reviews/plans/{journey.notes['first']}")
    coordinator.shows(WITHOUT_MOUSE.name)
    coordinator.shows(SAID)
    coordinator.look_in_both("reviews of a plan")


def a_late_conflict(journey: Journey) -> None:
    """The expert declares it from the sheet: sight is lost at once, for others the score no longer counts."""
    other = desk_of(journey, WITHOUT_MOUSE)
    other.open(f"/reviews/mine/{journey.notes['without mouse first']}")
    other.follow("Declare a conflict of interest")
    other.fill(note=NOTE)
    other.look("a late conflict")
    other.press("Declare the conflict")
    other.sees("Thank you. The plan is closed to you now, and JST has been told.")
    it_is_gone(journey, other, "without mouse first", "first")
    expert = desk_of(journey, ON_TABLET)
    expert.open(f"/reviews/mine/{journey.notes['on tablet first']}/discussion")
    expect(expert.page.locator("main details")).to_have_count(1)
    expert.hides(WORDS)


def it_is_set_aside_and_kept(journey: Journey) -> None:
    """JST finds the score beside the reason, apart from those that count."""
    coordinator = journey.somebody("Coordinator")
    coordinator.open(f"/reviews/plans/{journey.notes['first']}")
    coordinator.sees("These reviews are kept for the record and do not count.")
    coordinator.look("reviews with one set aside")
    coordinator.open(f"/reviews/rounds/{journey.notes['call']}")
    row = coordinator.page.locator("#aside ~ div tbody tr").filter(has_text=journey.notes["first reference"])
    expect(row).to_contain_text(WITHOUT_MOUSE.name)
    coordinator.look("a round with a score set aside")


def told(journey: Journey) -> None:
    """The whole chapter."""
    scoring_ends(journey)
    they_talk_as_numbers(journey)
    a_late_conflict(journey)
    it_is_set_aside_and_kept(journey)
