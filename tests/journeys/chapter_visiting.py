"""The visit is planned: dates on the board, the schedule, the roster out of a spreadsheet, papers, calendar."""

from playwright.sync_api import expect

from tests.journeys.people import Desk, Journey, roster_file

ROSTER = "02-indonesia-messy.xlsx"
NEWCOMER = "SUHARTINI"
SAVE = 'main button[formaction$="/save"]'


def dates_are_set(journey: Journey) -> None:
    """On the board of the year the visit of the adopted plan waits; its days are moved there."""
    visit, year = journey.site.ask(
        "select v.public_id, v.fiscal_year from visit v join application a on a.id = v.application_id"
        " where a.public_id = ?",
        journey.notes["plan"],
    )[0]
    journey.notes["visit"] = visit
    first = journey.notes["first"]
    coordinator = journey.somebody("Coordinator")
    coordinator.open(f"/visits/board?year={year}")
    coordinator.look("board of JST")
    editor = journey.somebody("Host editor")
    editor.open(f"/visits/board?year={year}")
    line = editor.page.locator(".app-task").filter(has=editor.page.locator(f'a[href$="/{visit}"]'))
    line.locator("summary").click()
    editor.look("board of the host")
    line.locator('[name="starts_on"]').fill(journey.day(4, first).isoformat())
    line.locator('[name="ends_on"]').fill(journey.day(10, first).isoformat())
    editor.go(line.get_by_role("button"))
    editor.open(f"/visits/{visit}/dates")
    expect(editor.page.locator('[name="starts_on"]')).to_have_value(journey.day(4, first).isoformat())
    editor.look("dates")


def the_schedule_is_written(journey: Journey) -> None:
    """The plan's days have become days of the calendar; one is added, one changed."""
    editor = journey.somebody("Host editor")
    editor.open(f"/visits/{journey.notes['visit']}/schedule")
    editor.shows("鴨川での測定")
    editor.look("schedule")
    sixth = journey.day(9, journey.notes["first"])
    editor.follow_to(f"/schedule/new?on={sixth}")
    editor.fill(kind="culture", title="京都国立博物館", starts_at="25:00", ends_at="15:00")
    editor.look("entry of the schedule")
    editor.send()
    editor.sees("Enter a time such as 09:30.")
    editor.fill(starts_at="１３：００")
    editor.send()
    editor.shows("13:00–15:00")
    editor.open(f"/visits/{journey.notes['visit']}/details")
    editor.look("details")
    editor.fill(
        lodging="京都市左京区 国際交流会館",
        contact_name="山本 恵子",
        contact_phone="090-1111-2222",
        insurance="海外旅行保険（治療費用1,000万円まで）",
    )
    editor.send()


def upload(editor: Desk, visit: str) -> None:
    editor.open(f"/visits/{visit}/roster")
    editor.page.locator('input[type="file"]').set_input_files(roster_file(ROSTER))
    editor.send()


def the_roster_is_read(journey: Journey) -> None:
    """What the file does not say is asked; nobody is on the roster before it is saved; again it renews, adds nobody."""
    editor = journey.somebody("Host editor")
    visit = journey.notes["visit"]
    editor.open(f"/visits/{visit}/roster")
    editor.look("roster file")
    upload(editor, visit)
    editor.sees("What the file does not say")
    editor.look("roster questions")
    assert people_of(journey) == 0
    answers(editor)
    editor.go(editor.page.locator("#questions button.govuk-button"))
    expect(editor.page.locator(SAVE)).to_be_visible()
    editor.look("roster preview")
    save_roster(editor)
    editor.shows(NEWCOMER)
    editor.look("visit with its roster")
    assert people_of(journey) == 5
    upload(editor, visit)
    if editor.page.locator("#questions button.govuk-button").count():
        answers(editor)
        editor.go(editor.page.locator("#questions button.govuk-button"))
    expect(editor.page.locator(SAVE)).to_be_visible()
    editor.look("roster again")
    save_roster(editor)
    assert people_of(journey) == 5


def answers(editor: Desk) -> None:
    """Answer what has no proposal: nationality for all; what is proposed stands there already."""
    nationality = editor.page.locator('[name="all.nationality"]')
    if nationality.count() and not nationality.input_value():
        nationality.select_option("ID")


def save_roster(editor: Desk) -> None:
    editor.go(editor.page.locator(SAVE))
    editor.sees("The roster is saved. The file and all that was read from it are deleted.")


def people_of(journey: Journey) -> int:
    query = "select count(*) from participation p join visit v on v.id = p.visit_id where v.public_id = ?"
    return int(journey.site.ask(query, journey.notes["visit"])[0][0])


def the_visit_is_confirmed(journey: Journey) -> None:
    """The approver confirms; papers in both languages; a calendar to subscribe to."""
    approver = journey.somebody("Host approver")
    approver.open(f"/visits/{journey.notes['visit']}")
    approver.look("visit to be confirmed")
    approver.takes_papers(4)
    approver.verb("confirm", "confirm a visit")
    approver.sees("The visit is confirmed.")
    editor = journey.somebody("Host editor")
    editor.open(f"/visits/{journey.notes['visit']}/calendar")
    editor.look("calendar")
    editor.press("Make the address")
    address = editor.page.locator("#address").input_value()
    editor.look("calendar address")
    feed = journey.stranger().download(address).decode()
    assert feed.startswith("BEGIN:VCALENDAR") and NEWCOMER not in feed
    editor.open("/invitees")
    editor.look("invitees")
    editor.go(editor.page.locator("main tbody a").first)
    editor.look("invitee")
    editor.open("/visits")
    editor.look("visits")


def told(journey: Journey) -> None:
    """The whole chapter."""
    dates_are_set(journey)
    the_schedule_is_written(journey)
    the_roster_is_read(journey)
    the_visit_is_confirmed(journey)
