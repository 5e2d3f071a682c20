"""From scores to news: the panel's chair, a second coordinator, the decision-maker, and an applicant who waits.

All of them read Japanese; the board and its comparison are looked at in both languages.
"""

from playwright.sync_api import Browser

from tests.journeys.running import Site
from tests.journeys.story import THE_PANEL_AND_THE_NEWS, travel


def test_a_panel_settles_its_board_and_the_applicant_hears_nothing_early(site: Site, browser: Browser) -> None:
    travel(site, browser, "ja", scripts=True, chapters=THE_PANEL_AND_THE_NEWS)
