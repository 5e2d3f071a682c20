"""A host and two partners in two countries write one plan at the same time; nobody's words are lost or made up."""

import re

from playwright.sync_api import expect

from tests.journeys.chapter_filing import FIRST, SECOND, submitted
from tests.journeys.people import Desk, Journey

DESCRIPTION = "We measure rivers from the crater to the sea."
MORE = "We are an institute of water in the valley of Kathmandu."


def edit(journey: Journey, section: str, plan: str = "shared") -> str:
    """The address of a section of a plan."""
    return f"/applications/{journey.notes[plan]}/edit/{section}"


def invited(journey: Journey, editor: Desk, place: int, address: str, plan: str = "shared") -> tuple[str, str]:
    """The host presses the button of a partner; returns the link out of the mail and the code said on the telephone."""
    editor.open(edit(journey, "partners", plan))
    card = editor.page.locator("section.app-card").nth(place)
    editor.go(card.locator('button[formaction$="/partner-link/invite"]'))
    code = re.search(r"([0-9A-Z]{3} [0-9A-Z]{3})", editor.page.locator("main").inner_text())
    assert code, "the code is shown once"
    return editor.newest_mail(address), code[1]


def opened(journey: Journey, link: str, code: str, *, scripts: bool) -> Desk:
    """A partner abroad opens its link on a phone, in English, and enters the code."""
    phone = journey.stranger(phone=True, language="en", scripts=scripts)
    phone.open(link)
    phone.look("partner opens its link")
    phone.fill(code=code)
    phone.send()
    phone.sees("Your organization")
    return phone


def everybody_writes_at_once(journey: Journey, phones: list[Desk]) -> None:
    """The host has the people's page open while both partners save; it is told, keeps its text, and saves knowingly."""
    editor = journey.somebody("Host editor")
    first, second = phones
    editor.open(edit(journey, "people"))
    editor.fill(**{"rows-0-number": 5})
    first.fill(
        description=DESCRIPTION,
        contact_name="Dr. Sari Dewi",
        contact_phone="+62 274 000 000",
        pledge=True,
        pledge_name="Prof. Bambang Wijaya",
    )
    second.fill(description=MORE)
    first.send()
    second.send()
    for phone in phones:
        phone.sees("Your part is saved. You can change it until the plan is handed in.")
    first.look_in_both("part of the first partner")
    editor.press("Save")
    editor.sees("Somebody else changed this meanwhile")
    expect(editor.page.locator('[name="rows-0-number"]')).to_have_value("5")
    editor.look("host told of the partners")
    editor.fill(**{"rows-0-number": 4})
    editor.press("Save")
    editor.sees("The section is saved.")


def one_is_completed_on_its_behalf(journey: Journey, phone: Desk) -> None:
    """What the second partner sent by letter the host enters; the partner corrects a field and confirms the others."""
    editor = journey.somebody("Host editor")
    editor.open(edit(journey, "partners"))
    editor.sees("Filled in")
    editor.look("partners of the shared plan")
    editor.go(editor.page.locator('main a[href*="/partner-part/"]').nth(1))
    expect(editor.page.locator('[name="description"]')).to_have_value(MORE)
    editor.look_in_both("on the partner's behalf")
    editor.fill(contact_phone="+977 1 400 0000", pledge=True, pledge_name="Dr. Hari Thapa")
    editor.send()
    editor.sees("Please check what you entered")
    editor.fill(pledge_source="11月3日付けの書簡")
    editor.send()
    editor.sees("What you entered on the partner's behalf is saved. The partner sees it and can correct it.")
    editor.sees("To be confirmed by the partner")
    phone.open("/partner")
    phone.sees("Your partner in Japan has entered some of this on your behalf.")
    phone.shows("11月3日付けの書簡")
    phone.look("part entered on its behalf")
    phone.fill(contact_phone="+977 1 499 9999")
    phone.send()
    phone.sees("confirmed by you on")
    editor.open(edit(journey, "partners"))
    editor.misses("To be confirmed by the partner")


def told(journey: Journey) -> None:
    """The whole chapter."""
    editor = journey.somebody("Host editor")
    doors = [
        invited(journey, editor, place, address)
        for place, address in enumerate(("io@example.ac.id", "oir@example.edu.np"))
    ]
    phones = [opened(journey, *door, scripts=scripts) for door, scripts in zip(doors, (True, False), strict=True)]
    phones[0].shows(FIRST)
    phones[1].shows(SECOND)
    phones[1].hides(FIRST)
    everybody_writes_at_once(journey, phones)
    one_is_completed_on_its_behalf(journey, phones[1])
    submitted(journey, journey.somebody("Host approver"), "shared")
    phones[0].open("/partner")
    phones[0].sees("your part can be read but no longer changed here")
    phones[0].look("part that can only be read")
