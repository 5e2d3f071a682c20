"""The whole story in English, with scripts and without."""

from playwright.sync_api import Browser

from tests.journeys.running import Site
from tests.journeys.story import travel


def test_an_exchange_runs_from_registration_to_revisit(site: Site, browser: Browser) -> None:
    travel(site, browser, "en", scripts=True)


def test_the_same_without_scripts(site: Site, browser: Browser) -> None:
    travel(site, browser, "en", scripts=False)
