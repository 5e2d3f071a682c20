"""The races of decisions in small, on every run of the tests."""

from tests.faults import decisions
from tests.faults.server import Site
from tests.faults.test_small_faults import site

RACES = 18
assert site  # the fixture: a database of its own on either engine


def test_of_two_who_decide_at_once_one_wins_and_the_other_is_told(site: Site) -> None:
    assert decisions.run(site, RACES, seed=7) == []
