"""The stories and their chapters: an exchange from call to revisit, a plan that many write, how plans are judged."""

from collections.abc import Sequence
from types import ModuleType

from playwright.sync_api import Browser

from tests.journeys import (
    chapter_applying,
    chapter_assigning,
    chapter_checking,
    chapter_correcting,
    chapter_discussing,
    chapter_experts,
    chapter_filing,
    chapter_joining,
    chapter_news,
    chapter_panel,
    chapter_reading,
    chapter_releasing,
    chapter_returning,
    chapter_sharing,
    chapter_visiting,
)
from tests.journeys.inspection import Inspector
from tests.journeys.people import Journey
from tests.journeys.running import Site

CHAPTERS = (chapter_joining, chapter_applying, chapter_visiting, chapter_returning)
ONE_PLAN = (chapter_filing, chapter_sharing, chapter_correcting)
A_FAIR_READING = (chapter_experts, chapter_checking, chapter_assigning, chapter_reading, chapter_discussing)
THE_PANEL_AND_THE_NEWS = (chapter_panel, chapter_releasing, chapter_news)


def travel(
    site: Site, browser: Browser, language: str, *, scripts: bool, chapters: Sequence[ModuleType] = CHAPTERS
) -> None:
    """The story of these chapters; at the end nothing may have been wrong with any page of it.

    Without scripts the pages are not tried by axe, which is a script; they are the same pages.
    """
    inspector = Inspector(language)
    journey = Journey(site, browser, language, scripts, inspector)
    try:
        for chapter in chapters:
            chapter.told(journey)
    finally:
        journey.close()
        faults = "\n".join(dict.fromkeys(inspector.faults))
        print(f"{inspector.seen} pages inspected\n{faults}")
    assert not faults, faults
