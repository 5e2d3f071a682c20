"""Somebody who uses no mouse: Tab to what is meant, with the focus in sight, then a key."""

from playwright.sync_api import Locator

from tests.journeys.people import Desk

MOST_STEPS = 150
IS_HERE = "part => part === document.activeElement"
IS_SEEN = "part => part.matches(':focus-visible')"


def reach(desk: Desk, target: Locator) -> None:
    """Press Tab until the focus stands on the target, where the browser shows it."""
    target = target.first
    for _step in range(MOST_STEPS):
        if target.evaluate(IS_HERE):
            assert target.evaluate(IS_SEEN), "the focus is not shown"
            return
        desk.page.keyboard.press("Tab")
    raise AssertionError(f"not reached with the Tab key: {target}")


def enter(desk: Desk, target: Locator) -> None:
    """Follow a link or press a button with Enter, and wait for the page it leads to."""
    reach(desk, target)
    with desk.page.expect_navigation(wait_until="domcontentloaded"):
        desk.page.keyboard.press("Enter")


def choose(desk: Desk, name: str, down: int = 0) -> None:
    """In the radio buttons of a name choose the first, or one further down, with Space and the arrow key."""
    reach(desk, desk.page.locator(f'main input[type="radio"][name="{name}"]'))
    desk.page.keyboard.press("Space")
    for _step in range(down):
        desk.page.keyboard.press("ArrowDown")
    desk.entered += 1


def write(desk: Desk, name: str, text: str) -> None:
    """Type into a field."""
    reach(desk, desk.page.locator(f'main [name="{name}"]'))
    desk.page.keyboard.insert_text(text)
    desk.entered += 1
