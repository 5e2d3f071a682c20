"""One exchange from call to revisit, as people use it: the chapters in their order."""

from playwright.sync_api import Browser

from tests.journeys import chapter_applying, chapter_joining, chapter_returning, chapter_visiting
from tests.journeys.inspection import Inspector
from tests.journeys.people import Journey
from tests.journeys.running import Site

CHAPTERS = (chapter_joining, chapter_applying, chapter_visiting, chapter_returning)


def travel(site: Site, browser: Browser, language: str, *, scripts: bool) -> None:
    """The whole story; at the end nothing may have been wrong with any page of it.

    Without scripts the pages are not tried by axe, which is a script; they are the same pages.
    """
    inspector = Inspector(language, with_axe=scripts)
    journey = Journey(site, browser, language, scripts, inspector)
    try:
        for chapter in CHAPTERS:
            chapter.told(journey)
    finally:
        journey.close()
        faults = "\n".join(dict.fromkeys(inspector.faults))
        print(f"{inspector.seen} pages inspected\n{faults}")
    assert not faults, faults
