"""From a closed round to scores: officers and experts, one of them with a conflict, one on a tablet, one by keyboard.

JST reads Japanese; of the experts one reads Japanese, two English. What matters most is looked at in both languages.
"""

from playwright.sync_api import Browser

from tests.journeys.running import Site
from tests.journeys.story import A_FAIR_READING, travel


def test_plans_are_given_out_read_without_conflict_and_talked_about(site: Site, browser: Browser) -> None:
    travel(site, browser, "ja", scripts=True, chapters=A_FAIR_READING)
