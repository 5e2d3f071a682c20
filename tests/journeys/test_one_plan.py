"""One plan by many hands: a host alone, a host with two partners at the same time, a round of corrections.

The host and JST read Japanese; the partners, on phones, English, one of them without scripts.
"""

from playwright.sync_api import Browser

from tests.journeys.running import Site
from tests.journeys.story import ONE_PLAN, travel


def test_host_alone_then_with_partners_then_corrected(site: Site, browser: Browser) -> None:
    travel(site, browser, "ja", scripts=True, chapters=ONE_PLAN)
