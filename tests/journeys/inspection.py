"""What must hold on every page a journey sees: accessible, of the right width, nothing blocked, nothing thrown."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from playwright.sync_api import ConsoleMessage, Page, Response

DESK, TABLET, PHONE = {"width": 1280, "height": 900}, {"width": 820, "height": 1180}, {"width": 360, "height": 740}
# axe is most of the time of a look: once a look, at the one width for the pages in Japanese, at the other in English.
AXE_AT = {"ja": DESK, "en": PHONE}
DRAWN = "() => { document.body.getBoundingClientRect(); return document.fonts.ready.then(() => true); }"
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = """async standards => {
  const found = await axe.run(document, {runOnly: {type: "tag", values: standards}, resultTypes: ["violations"]});
  return found.violations.map(rule => `${rule.id} (${rule.help}): ${rule.nodes.slice(0, 3).map(
    node => node.target.join(" ") + " " + node.html.slice(0, 160)).join(" | ")}`);
}"""
TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
WIDEST = """() => [...document.querySelectorAll("main *, header *, footer *")]
  .filter(part => part.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
  .slice(0, 3).map(part => part.tagName + "." + part.className).join(", ")"""
MISSING = "the server responded with a status of 404"
ANSWERED = re.compile(r"Failed to load resource: the server responded with a status of (4(09|10|22))")


@cache
def axe() -> str:
    """The source of axe-core."""
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


class Inspector:
    """Looks at pages and keeps what is wrong with them, so that one run tells everything.

    Every page is measured at both widths. axe reads it once: at the width of a desk in Japanese, of a phone in English,
    so that what both stories see is read by it in both languages and at both widths. What somebody holds on a tablet is
    measured, and read by axe, at the width of a tablet instead of a desk's.

    With JOURNEY_SHOTS=<folder> every page is photographed at both widths.
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self.faults: list[str] = []
        self.seen = 0
        self.is_missing_expected = False
        self.shots = Path(os.environ["JOURNEY_SHOTS"]) if "JOURNEY_SHOTS" in os.environ else None

    def watch(self, page: Page) -> None:
        """Hear what the browser complains about: blocked by the security policy, not found, thrown by a script."""
        page.on("console", lambda message: self._heard(page, message))
        page.on("pageerror", lambda error: self._fault(page, f"a script failed: {error}"))
        page.on("response", lambda response: self._answered(page, response))

    def _heard(self, page: Page, message: ConsoleMessage) -> None:
        is_promised = self.is_missing_expected and MISSING in message.text
        if message.type in ("error", "warning") and not is_promised and not ANSWERED.match(message.text):
            self._fault(page, f"console: {message.text}")

    @contextmanager
    def expecting_missing(self) -> Iterator[None]:
        """While what a page asks for no longer exists for its reader: that it is not found is no fault then."""
        self.is_missing_expected = True
        try:
            yield
        finally:
            self.is_missing_expected = False

    def _answered(self, page: Page, response: Response) -> None:
        if response.status >= 500 or (response.status == 404 and not self.is_missing_expected):
            self._fault(page, f"{response.status} for {response.url}")

    def _fault(self, page: Page, what: str) -> None:
        self.faults.append(f"{self.language} {page.url.partition('//')[2].partition('/')[2]}: {what}")

    def look(self, page: Page, name: str, language: str, *, scripts: bool) -> None:
        """Inspect the page as it stands, at the width of a desk and of a phone: first at its own.

        Where scripts are off nothing that takes its time can be asked of a page: neither its fonts nor axe.
        """
        usual = page.viewport_size
        self.seen += 1
        page.wait_for_load_state("load")
        if scripts:
            page.evaluate(DRAWN)
        if page.locator("html").get_attribute("lang") != language:
            self._fault(page, f"{name}: not in the language of the reader")
        sizes, axe_at = ((TABLET, PHONE), TABLET) if usual == TABLET else ((DESK, PHONE), AXE_AT[self.language])
        for size in sorted(sizes, key=lambda size: size != usual):
            if size != page.viewport_size:
                page.set_viewport_size(size)  # type: ignore[arg-type]
            self._measure(page, f"{name} at {size['width']} px", with_axe=scripts and size == axe_at)
            if self.shots is not None:
                file = f"{language}-{self.seen:02}-{name.replace(' ', '-')}-{size['width']}.png"
                page.screenshot(path=self.shots / file, full_page=True)
        if usual is not None:
            page.set_viewport_size(usual)

    def _measure(self, page: Page, name: str, *, with_axe: bool) -> None:
        if (excess := page.evaluate(TOO_WIDE)) > 0:
            self._fault(page, f"{name}: {excess} px too wide: {page.evaluate(WIDEST)}")
        if with_axe:
            page.evaluate(axe())
            found: list[Any] = page.evaluate(AXE, STANDARDS)
            for violation in found:
                self._fault(page, f"{name}: {violation}")
