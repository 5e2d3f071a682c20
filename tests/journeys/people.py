"""The people of a journey: each at a browser of their own, reading and pressing what stands on the page."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from babel.support import NullTranslations, Translations
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from app.accounts.demo import PASSWORD
from tests.journeys.inspection import DESK, PHONE, TABLET, Inspector
from tests.journeys.running import ROOT, Site

LOCALES = {"ja": "ja-JP", "en": "en-GB"}
PATIENCE_MS = 30_000  # a busy machine is no fault of a page
expect.set_options(timeout=PATIENCE_MS)


@cache
def catalogue(language: str) -> NullTranslations:
    """The sentences of a language, as the pages have them."""
    return NullTranslations() if language == "en" else Translations.load(ROOT / "app" / "translations", [language])


@dataclass
class Desk:
    """Somebody at a browser. `entered`: how many values they have typed, chosen or ticked so far."""

    page: Page
    site: Site
    language: str
    inspector: Inspector
    scripts: bool
    entered: int = 0

    def words(self, text: str, **values: Any) -> str:
        """A sentence of the pages in the language of the journey."""
        found = catalogue(self.language).gettext(text)
        assert self.language == "en" or found != text, f"not in the catalogue: {text}"
        return found % values if values else found

    def open(self, path: str) -> None:
        """Go to an address of the site, or one read in a mail."""
        self.page.goto(path if path.startswith("http") else self.site.url + path, wait_until="domcontentloaded")

    def look(self, name: str) -> None:
        """Stop at this page and inspect it."""
        self.inspector.look(self.page, name, self.language, scripts=self.scripts)

    def look_in_both(self, name: str) -> None:
        """Inspect this page in either language; it must be one that was opened, not the answer to a form."""
        self.look(name)
        own = self.language
        for language in ("en" if own == "ja" else "ja", own):
            self.language = language
            self.go(self.page.locator(f'header button[lang="{language}"]'))
            if language != own:
                self.look(name)

    def link(self, text: str, **values: Any) -> Locator:
        """The first link of these words; some look like buttons."""
        return self.page.locator("a").filter(has_text=self.words(text, **values)).first

    def go(self, way: Locator) -> None:
        """Click what leads to a page, and wait for that page: nothing is read off the one that is being left.

        Its scripts have run then; its fonts may still be on their way, for which only a look waits.
        """
        with self.page.expect_navigation(wait_until="domcontentloaded"):
            way.click()

    def follow(self, text: str, **values: Any) -> None:
        """Follow the link of these words."""
        self.go(self.link(text, **values))

    def follow_to(self, ending: str) -> None:
        """Follow the first link of the page whose address ends so."""
        self.go(self.page.locator(f'main a[href$="{ending}"]').first)

    def press(self, text: str, **values: Any) -> None:
        """Press the button of these words."""
        self.go(self.page.get_by_role("button", name=self.words(text, **values), exact=True).first)

    def send(self) -> None:
        """Press the main button of the page's form."""
        self.go(self.page.locator("main form button.govuk-button:not(.govuk-button--secondary)").last)

    def sees(self, text: str, **values: Any) -> None:
        """Expect these words in the page's content."""
        expect(self.page.locator("main")).to_contain_text(self.words(text, **values))

    def misses(self, text: str) -> None:
        """Expect these words not to stand in the page's content."""
        expect(self.page.locator("main")).not_to_contain_text(self.words(text))

    def shows(self, text: str) -> None:
        """Expect data as it was entered."""
        expect(self.page.locator("main")).to_contain_text(text)

    def hides(self, text: str) -> None:
        """Expect data not to be shown."""
        expect(self.page.locator("main")).not_to_contain_text(text)

    def fill(self, **entries: Any) -> None:
        """Enter values by the names of their fields: type, choose, tick."""
        for name, value in entries.items():
            self._enter(self.page.locator(f'main [name="{name}"]'), value)

    def _enter(self, control: Locator, value: Any) -> None:
        self.entered += 1
        kind = control.first.evaluate("part => part.type")
        if kind in ("radio", "checkbox"):
            chosen = control.and_(self.page.locator(f'[value="{value}"]')) if isinstance(value, str) else control
            chosen.first.check(force=True)
        elif kind == "select-one":
            control.first.select_option(value)
        else:
            control.first.fill(value.isoformat() if isinstance(value, date) else str(value))

    def verb(self, verb: str, name: str = "", **entries: Any) -> None:
        """Take a step of a workflow: its page first, then the button there."""
        self.follow_to(f"/{verb}")
        self.look(name or verb)
        self.fill(**entries)
        self.send()

    def download(self, path: str) -> bytes:
        """A file as this person gets it."""
        answer = self.page.request.get(path if path.startswith("http") else self.site.url + path)
        assert answer.ok, f"{answer.status} for {path}"
        return answer.body()

    def status(self, path: str) -> int:
        """How the site answers this person for an address, without going there."""
        return self.page.request.get(self.site.url + path).status

    def takes(self, way: Locator) -> bytes:
        """The file that comes when this is pressed."""
        with self.page.expect_download() as coming:
            way.click()
        return coming.value.path().read_bytes()

    def papers(self) -> list[str]:
        """Addresses of the PDFs and other files linked on the page."""
        found = self.page.locator('main a[href*=".pdf"], main a[href$="/pdf"], main a[href*="/pdf?"]')
        return [str(link.get_attribute("href")) for link in found.all()]

    def takes_papers(self, number: int) -> None:
        """Download the first PDFs of the page. Where scripts are off only their links are counted: nothing differs."""
        papers = self.papers()
        assert len(papers) >= number, papers
        for path in papers[:number] if self.scripts else ():
            assert self.download(path).startswith(b"%PDF"), path

    def newest_mail(self, address: str, saying: str = "") -> str:
        """Open the newest mail to an address on the mailbox page; returns the first link in it, if any."""
        self.open("/mailbox")
        self.fill(q=address)
        self.go(self.page.locator("main form[role=search] button"))
        mails = self.page.locator('main a[href*="/mailbox/"]')
        self.go((mails.filter(has_text=saying) if saying else mails).first)
        links = self.page.locator('main .app-narrow a[href^="http"]')
        return str(links.first.get_attribute("href")) if links.count() else ""


@dataclass
class Journey:
    """A site, a language, and everybody who has come in so far."""

    site: Site
    browser: Browser
    language: str
    scripts: bool
    inspector: Inspector
    desks: dict[str, Desk] = field(default_factory=dict)
    contexts: list[BrowserContext] = field(default_factory=list)
    notes: dict[str, str] = field(default_factory=dict)

    def stranger(self, *, phone: bool = False, tablet: bool = False, language: str = "", scripts: bool = True) -> Desk:
        """Somebody at a fresh browser that asks for the language of the journey, or for another one."""
        scripts = scripts and self.scripts
        context = self.browser.new_context(
            locale=LOCALES[language or self.language],
            java_script_enabled=scripts,
            viewport=PHONE if phone else TABLET if tablet else DESK,  # type: ignore[arg-type]
            has_touch=tablet,
            accept_downloads=True,
        )
        context.set_default_timeout(PATIENCE_MS)
        self.contexts.append(context)
        page = context.new_page()
        self.inspector.watch(page)
        return Desk(page, self.site, language or self.language, self.inspector, scripts)

    def somebody(self, role: str) -> Desk:
        """The made-up person of a role (its words on the sign-in page), signed in and reading the right language."""
        if role not in self.desks:
            desk = self.desks[role] = self.stranger()
            desk.open("/sign-in")
            card = desk.page.get_by_role("listitem").filter(
                has=desk.page.get_by_role("heading", name=desk.words(role), exact=True)
            )
            desk.go(card.get_by_role("button"))
            self.switch(desk)
        return self.desks[role]

    def colleague(self, email: str) -> Desk:
        """Somebody else of the demonstration, who comes in by password."""
        if email not in self.desks:
            desk = self.desks[email] = self.stranger()
            desk.open("/sign-in")
            desk.fill(email=email, password=PASSWORD)
            desk.press("Sign in")
            self.switch(desk)
        return self.desks[email]

    def switch(self, desk: Desk) -> None:
        """Choose the language of the desk where a person's own is another."""
        button = desk.page.locator(f'header button[lang="{desk.language}"]')
        if button.count():
            desk.go(button)
        expect(desk.page.locator("html")).to_have_attribute("lang", desk.language)

    def day(self, offset: int, start: str = "") -> date:
        """A day counted from another one, or from today in Tokyo as the database's clock has it."""
        begin = start or self.site.ask("select date('now', '+9 hours')")[0][0]
        return date.fromisoformat(begin) + timedelta(days=offset)

    def close(self) -> None:
        """Everybody leaves."""
        for context in self.contexts:
            context.close()


def roster_file(name: str) -> Path:
    """One of the rosters that sending sides wrote."""
    return ROOT / "tests" / "data" / "rosters" / name
