"""From the board to the release: proposed, one sent back, approved together, letters looked at, a minute set."""

from datetime import datetime, timedelta

from app.accounts.demo import PASSWORD
from tests.journeys.chapter_panel import CONDITION
from tests.journeys.people import Desk, Journey

NOT_YET = "このままでは地域の偏りが大きいので、補欠とすることを検討してください。"
NOTE = "実施の詳細は採択機関向けの説明会でご案内します。"


def the_board_is_proposed(journey: Journey) -> None:
    """What the board says becomes proposals, after a look at them; what is below the line is declined, too."""
    chair, notes = journey.somebody("Coordinator"), journey.notes
    chair.open(f"/boards/versions/{notes['board']}")
    chair.follow("Propose these decisions")
    chair.follow("Propose to decline them, too")
    chair.shows(CONDITION)
    chair.look_in_both("what the board would propose")
    chair.send()
    chair.sees("Proposals that wait")
    notes["declined"], notes["declined reference"], notes["declined host"] = journey.site.ask(
        "select a.public_id, a.reference, (select min(email) from user_account u join role_grant g on g.user_id = u.id"
        " where g.role = 'host_approver' and g.institution_id = a.host_institution_id and u.email like 'approver%')"
        " from application a join decision_proposal p on p.application_id = a.id and p.state = 'open'"
        " join call on call.id = a.call_id where call.public_id = ? and p.outcome = 'declined'"
        " and exists (select 1 from review_assignment r where r.application_id = a.id)"
        " order by a.reference desc",
        notes["call"],
    )[0]


def one_comes_back(journey: Journey) -> None:
    """The decision-maker sends one proposal back; its proposer reads why and proposes something else."""
    decider, chair, notes = journey.somebody("Decision-maker"), journey.somebody("Coordinator"), journey.notes
    plan, reference = journey.site.ask(
        "select a.public_id, a.reference from application a join decision_proposal p on p.application_id = a.id"
        " join call on call.id = a.call_id where call.public_id = ? and p.state = 'open' and p.outcome = 'declined'"
        " and a.public_id <> ? order by a.reference",
        notes["call"],
        notes["declined"],
    )[0]
    decider.open(f"/applications/rounds/{notes['call']}")
    decider.shows(reference)
    decider.open(f"/applications/{plan}")
    decider.follow_to("/send-back")
    decider.fill(comment=NOT_YET)
    decider.look("a proposal is sent back")
    decider.send()
    decider.sees("The proposal is sent back.")
    chair.open(f"/applications/{plan}")
    chair.follow_to("/propose")
    chair.shows(NOT_YET)
    chair.fill(outcome="reserve", position=9)
    chair.look("proposed again after it came back")
    chair.send()
    chair.sees("The proposal is stored. Somebody else has to approve it.")


def all_are_approved(journey: Journey) -> None:
    """Many at once, by somebody else than who proposed them."""
    decider = journey.somebody("Decision-maker")
    decider.open(f"/applications/rounds/{journey.notes['call']}")
    decider.look("the round with the board's proposals")
    decider.page.select_option("#list-which", "page")
    decider.go(decider.page.locator('button[formaction*="/acts/approve"]'))
    decider.shows(CONDITION)
    decider.look("the board's proposals approved together")
    decider.send()
    decider.sees("Back to the list")


def letters_are_looked_at(journey: Journey) -> None:
    """In both languages, as PDF too; one recipient gets a message of the own."""
    chair, plan = journey.somebody("Coordinator"), journey.notes["plan"]
    chair.open(f"/applications/rounds/{journey.notes['call']}/letters")
    chair.look_in_both("the letters of the round")
    chair.follow_to("/letters/conditions")
    chair.look("the text of a letter")
    chair.open(f"/applications/{plan}/letter")
    chair.shows(CONDITION)
    chair.go(chair.page.locator('main a[href*="/letter/note"]').first)
    chair.fill(text=NOTE)
    chair.send()
    chair.shows(NOTE)
    chair.look_in_both("the preview of a letter")
    for preview in chair.page.locator('main a[href*="letter-preview.pdf"]').all():
        assert chair.download(str(preview.get_attribute("href"))).startswith(b"%PDF")


def a_minute_is_set(journey: Journey) -> None:
    """All hosts of the round are to learn their results together, at a minute of the day after tomorrow."""
    decider = journey.somebody("Decision-maker")
    decider.open(f"/applications/rounds/{journey.notes['call']}")
    decider.follow_to("/release-time")
    decider.fill(day=journey.day(2), hour="10:00")
    decider.look("the minute of the release")
    decider.send()
    decider.sees("The time of the release is set.")
    decider.open(f"/applications/rounds/{journey.notes['call']}")
    decider.look_in_both("a round that waits for its minute")


def the_minute_comes(journey: Journey) -> None:
    """The worker releases by itself; nobody presses anything."""
    site, call = journey.site, journey.notes["call"]
    site.let_time_pass(
        (
            "update call set release_at = strftime('%Y-%m-%d %H:%M:00.000000', 'now', '-1 minute') where public_id = ?",
            (call,),
        )
    )
    site.run("tests.journeys.bell", "release_due")
    decider, until = journey.somebody("Decision-maker"), datetime.now() + timedelta(minutes=2)
    while not site.ask("select released_at from call where public_id = ?", call)[0][0]:
        assert datetime.now() < until, "the minute came and nothing was released"
        decider.page.wait_for_timeout(300)
    decider.open(f"/applications/rounds/{call}")
    decider.misses("Move the time of the release")


def confirmed(desk: Desk) -> None:
    """Say once more who one is, where the page asks."""
    if "/confirm" in desk.page.url:
        desk.fill(password=PASSWORD)
        desk.send()


def told(journey: Journey) -> None:
    """The whole chapter, up to the minute."""
    the_board_is_proposed(journey)
    one_comes_back(journey)
    all_are_approved(journey)
    letters_are_looked_at(journey)
    a_minute_is_set(journey)
