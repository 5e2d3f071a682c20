"""The whole story in Japanese: a file of its own, so that both languages can be read at the same time."""

from playwright.sync_api import Browser

from tests.journeys.running import Site
from tests.journeys.story import travel


def test_an_exchange_runs_from_registration_to_revisit(site: Site, browser: Browser) -> None:
    travel(site, browser, "ja", scripts=True)
