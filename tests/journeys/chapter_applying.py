"""An exchange plan is written in sections, submitted, returned and corrected; then JST decides."""

from typing import Any

from playwright.sync_api import expect

from tests.journeys import chapter_deciding
from tests.journeys.people import Desk, Journey

THEME = "Rivers that remember rain"
SECTIONS = ("partners", "itinerary", "people", "budget", "safety")


def an_editor_begins(journey: Journey) -> None:
    """A round that is open, a course, and a section saved while it says next to nothing."""
    editor = journey.somebody("Host editor")
    editor.open("/")
    editor.look("home of the editor")
    editor.follow("Begin an application")
    editor.look("begin a plan")
    call, course, first = journey.site.ask(
        "select call.public_id, course.public_id, call.visits_from from call join course"
        " on course.fiscal_year = call.fiscal_year where call.label = '4' and course.code = 'A'"
    )[0]
    journey.notes.update(call=call, first=first)
    editor.fill(course=f"{call}.{course}")
    editor.send()
    editor.fill(theme_ja="雨を憶えている川")
    editor.press("Save")
    editor.sees("The section is saved.")
    editor.sees("Still to be entered")
    editor.look("overview incomplete")
    journey.notes["plan"] = editor.page.url.split("/applications/")[1].split("/")[0]


def the_editor_writes_every_section(journey: Journey) -> None:
    """Row after row, each button saving; the panel follows."""
    editor = journey.somebody("Host editor")
    before = holding(editor)
    editor.fill(
        theme_en=THEME,
        field_of_science="environment",
        purpose="学生が川の流域を一緒に測り、その結果を比べる。",
        expected_results="共同研究と、京都大学への留学。",
        principal_name="佐々木 健",
        principal_department="防災研究所 教授",
        principal_email="sasaki@example.ac.jp",
        administrative_name="山本 恵子",
        administrative_email="kokusai@example.ac.jp",
        administrative_phone="075-000-0000",
    )
    editor.press("Save and continue")
    partners(editor)
    itinerary(editor, journey)
    people(editor)
    costs(editor)
    safety(editor, journey)
    assert holding(editor) > before
    editor.look("whole plan")


def holding(editor: Desk) -> int:
    """How many rules of the course the panel says hold."""
    return editor.page.locator(".app-panel .app-rule--holds").count()


def partners(editor: Desk) -> None:
    row = {"organization": "Universitas Gadjah Mada", "country": "ID"}
    contact = {"contact_name": "International Office", "contact_email": "io@example.ac.id"}
    enter_rows(editor, [row | contact])
    editor.look("partners")
    editor.press("Save and continue")


def itinerary(editor: Desk, journey: Journey) -> None:
    first = journey.notes["first"]
    editor.fill(starts_on=journey.day(3, first), ends_on=journey.day(9, first), airport_distance_km="95")
    if editor.scripts:  # with scripts the panel answers while one types
        editor.sees("This speaks of what is typed here, which is not saved yet.")
    days: list[dict[str, Any]] = [
        {"day": 1, "kind": "arrival", "title": "関西空港着"},
        {"day": 2, "starts_at": "10:00", "ends_at": "12:00", "kind": "special_lecture", "title": "川の水文学"},
        {"day": 3, "kind": "special_program", "title": "鴨川での測定", "venue": "鴨川", "leader": "佐々木 健"},
        {"day": 4, "kind": "special_program", "title": "測定結果の解析"},
        {"day": 5, "kind": "peer_exchange", "title": "京都大学の学生との発表会"},
        {"day": 7, "kind": "departure", "title": "関西空港発"},
    ]
    enter_rows(editor, days)
    if editor.scripts:
        carry_to_day(editor, 4, 6)
        editor.fill(**{"rows-4-day": 5})
    editor.look("itinerary")
    editor.press("Save and continue")


def carry_to_day(editor: Desk, place: int, day: int) -> None:
    """Take an entry by its handle, let go under another day; Escape first, which leaves everything as it was."""
    page = editor.page
    row = page.locator("[data-entry]").nth(place)
    held = row.locator('[name$="-day"]')
    before = held.input_value()
    target = page.locator(f'[data-day="{day}"]')
    for is_dropped in (False, True):
        handle = row.locator(".app-handle")
        handle.hover()
        page.mouse.down()
        page.mouse.move(0, handle.bounding_box()["y"] + 30)  # type: ignore[index]
        box = target.bounding_box()
        assert box is not None
        page.mouse.move(5, box["y"] + box["height"] / 2)
        expect(target.locator(".app-drop")).to_have_count(1)
        if not is_dropped:
            page.keyboard.press("Escape")
            expect(held).to_have_value(before)
        page.mouse.up()
    expect(target.locator('[name$="-day"]')).to_have_value(str(day))
    expect(page.locator("[data-days] [role=status]")).to_contain_text(str(day))
    editor.sees("This speaks of what is typed here, which is not saved yet.")


def people(editor: Desk) -> None:
    partner = editor.page.locator('[name="rows-0-partner"] option').nth(1).get_attribute("value")
    group = {"partner": partner, "first_visit": "yes"}
    enter_rows(
        editor,
        [
            {**group, "category": "undergraduate", "role": "invitee", "number": 3},
            {**group, "category": "doctor", "role": "invitee", "number": 1},
            {**group, "category": "faculty", "role": "supervisor", "number": 1},
        ],
    )
    editor.look("people")
    editor.press("Save and continue")


def costs(editor: Desk) -> None:
    enter_rows(
        editor,
        [
            {"kind": "international_travel", "description": "航空券", "quantity": 5, "unit_price": "98,000"},
            {"kind": "domestic_travel", "description": "宿泊費", "quantity": 30, "unit_price": "９８００"},
            {"kind": "general_administration", "description": "一般管理費", "quantity": 1, "unit_price": 70000},
        ],
    )
    editor.look("budget")
    editor.press("Save and continue")


def give_forms_anew(editor: Desk) -> None:
    """The institution's export-control forms are there already; somebody who has none types them."""
    for folded in editor.page.locator("main form details:not([open]) > summary").all():
        folded.click()


def safety(editor: Desk, journey: Journey) -> None:
    give_forms_anew(editor)
    editor.fill(
        crisis_name="佐々木 健",
        crisis_phone="090-0000-0000",
        crisis_plan="研究室の当番が同行し、京都大学病院に連絡する。",
        insurance="海外旅行保険",
        online_if_impossible=True,
        residency="visitors",
        affiliation="partners",
        has_system="yes",
        is_classified="yes",
        partners_are_checked="yes",
        export_responsible="佐々木 健",
        form1_on=journey.day(-3),
    )
    editor.look("safety")
    editor.press("Save and continue")


def enter_rows(desk: Desk, rows: list[dict[str, Any]]) -> None:
    """Fill the rows of a section one after another; every further row is asked for by its button."""
    for number, row in enumerate(rows):
        if number:
            desk.press("Save and add a row")
        desk.fill(**{f"rows-{number}-{name}": value for name, value in row.items()})


def the_approver_submits(journey: Journey, name: str) -> None:
    """Two steps: read everything once more, then submit; number and time are on the page, in the mail and on paper."""
    approver = journey.somebody("Host approver")
    approver.open(f"/applications/{journey.notes['plan']}")
    approver.follow_to("/submit")
    approver.look(f"check and submit {name}")
    approver.press("Submit the plan")
    approver.sees("JST has received the plan")
    approver.sees("Time of receipt")
    approver.look(f"receipt {name}")
    query = "select reference from application where public_id = ?"
    journey.notes["reference"] = reference = journey.site.ask(query, journey.notes["plan"])[0][0]
    approver.shows(reference)
    if name == "first":
        approver.takes_papers(2)
    approver.newest_mail("approver0@host0.example.jp", reference)
    approver.look(f"mail of the receipt {name}")
    if name == "first":
        approver.open(f"/applications/{journey.notes['plan']}")
        approver.takes_papers(2)


def the_coordinator_returns_it(journey: Journey) -> None:
    """With a reason and a day; the host finds both at the top of the plan and of its sections."""
    coordinator = journey.somebody("Coordinator")
    coordinator.open("/applications")
    coordinator.look("applications")
    coordinator.open(f"/applications/{journey.notes['plan']}")
    coordinator.look("plan as JST sees it")
    coordinator.verb("return", "return a plan", comment="保険の内容を詳しく書いてください。", due_on=journey.day(5))
    editor = journey.somebody("Host editor")
    editor.open("/")
    editor.look("home with a returned plan")
    editor.open(f"/applications/{journey.notes['plan']}/edit/safety")
    editor.shows("保険の内容を詳しく書いてください。")
    editor.fill(insurance="海外旅行保険（治療費用1,000万円まで）")
    editor.press("Save")
    editor.look("correcting")


def told(journey: Journey) -> None:
    """The whole chapter."""
    an_editor_begins(journey)
    the_editor_writes_every_section(journey)
    the_approver_submits(journey, "first")
    the_coordinator_returns_it(journey)
    the_approver_submits(journey, "again")
    chapter_deciding.told(journey)
