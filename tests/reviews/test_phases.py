"""Phases switch what an expert may do by the clock, to the second, on the clocks of Tokyo."""

from datetime import date, time, timedelta
from types import SimpleNamespace

import pytest

from app.core import clock
from app.reviews import phases
from app.reviews.phases import Act, Phase
from app.reviews.vocabulary import ReviewState

DATES = SimpleNamespace(
    scoring_from=clock.tokyo(date(2026, 7, 1), time(9, 0)),
    scoring_until=clock.tokyo(date(2026, 7, 21), time(17, 0)),
    discussion_until=clock.tokyo(date(2026, 7, 28), time(17, 0)),
)
SECOND = timedelta(seconds=1)
W, R = {Act.DRAFT, Act.HAND_IN, Act.ABSTAIN}, {Act.REVISE}
T = {Act.READ_OTHERS, Act.DISCUSS}


@pytest.mark.parametrize(
    ("day", "hour", "phase"),
    [
        (date(2026, 7, 1), time(8, 59, 59), Phase.BEFORE),
        (date(2026, 7, 1), time(9, 0, 0), Phase.SCORING),
        (date(2026, 7, 21), time(16, 59, 59), Phase.SCORING),
        (date(2026, 7, 21), time(17, 0, 0), Phase.DISCUSSION),
        (date(2026, 7, 28), time(16, 59, 59), Phase.DISCUSSION),
        (date(2026, 7, 28), time(17, 0, 0), Phase.CLOSED),
    ],
)
def test_phases_change_with_the_second_on_tokyo_s_clocks(day: date, hour: time, phase: Phase) -> None:
    assert phases.phase_of(DATES, clock.tokyo(day, hour)) is phase


def test_without_dates_nothing_is_open_and_without_a_discussion_scoring_is_followed_by_the_close() -> None:
    assert phases.phase_of(None, clock.tokyo(date(2026, 7, 2))) is Phase.UNPLANNED
    silent = SimpleNamespace(**{**vars(DATES), "discussion_until": None})
    assert phases.phase_of(silent, DATES.scoring_until - SECOND) is Phase.SCORING
    assert phases.phase_of(silent, DATES.scoring_until) is Phase.CLOSED


@pytest.mark.parametrize(
    ("state", "before", "scoring", "discussion", "closed"),
    [
        (None, set(), W, set(), set()),
        (ReviewState.DRAFT, set(), W, set(), set()),
        (ReviewState.SUBMITTED, set(), R, R | T, set()),
        (ReviewState.ABSTAINED, set(), {Act.DRAFT, Act.HAND_IN}, set(), set()),
    ],
)
def test_what_may_be_done_by_phase_and_state(
    state: ReviewState | None, before: set[Act], scoring: set[Act], discussion: set[Act], closed: set[Act]
) -> None:
    instants = (
        DATES.scoring_from - SECOND,
        DATES.scoring_from,
        DATES.scoring_until,
        DATES.discussion_until,
    )
    found = [set(phases.may(DATES, state, instant)) for instant in instants]
    assert found == [before, scoring, discussion, closed]
    assert phases.may(None, state, DATES.scoring_from) == frozenset()
