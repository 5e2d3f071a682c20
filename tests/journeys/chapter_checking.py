"""A round has closed; its plans pass the formal check and go to review."""

from tests.journeys.people import Journey

ROUND = "select id from call where label = '4'"


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


def its_plans_pass(journey: Journey) -> None:
    """Every plan that waits is read by a coordinator and passed on."""
    coordinator = journey.somebody("Coordinator")
    waiting = journey.site.ask(
        f"select public_id from application where state = 'submitted' and call_id = ({ROUND}) order by reference"
    )
    for (plan,) in waiting:
        coordinator.open(f"/applications/{plan}")
        coordinator.follow_to("/start_review")
        coordinator.send()


def told(journey: Journey) -> None:
    """The whole chapter."""
    the_round_closed(journey)
    its_plans_pass(journey)
    plans = journey.site.ask(
        "select public_id, reference, theme_ja, theme_en from application"
        f" where state = 'under_review' and call_id = ({ROUND}) order by reference"
    )
    for name, plan in zip(("first", "second"), plans[:2], strict=True):
        for what, value in zip(("", " reference", " theme", " theme in English"), plan, strict=True):
            journey.notes[name + what] = value
