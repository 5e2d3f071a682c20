"""A host alone: this year's plan begun from last year's, and, for comparison, one written by a host for the first time.

Both are for 8 people, 7 days and 2 partners. What a person types, chooses or ticks is counted by the desk.
"""

from typing import Any

from tests.journeys.chapter_applying import enter_rows, holding
from tests.journeys.people import Desk, Journey

FIRST, SECOND = "Universitas Gadjah Mada", "Tribhuvan University"
MOST_FROM_LAST_YEAR = 60
MOST_FROM_NOTHING = 100


def the_round(journey: Journey) -> None:
    """The round that is open, its course A, and the plan of the host that was adopted last in an earlier one."""
    call, course, first = journey.site.ask(
        "select call.public_id, course.public_id, call.visits_from from call join course"
        " on course.fiscal_year = call.fiscal_year where call.label = '4' and course.code = 'A'"
    )[0]
    last, theme = journey.site.ask(
        "select a.public_id, a.theme_ja from application a join course on course.id = a.course_id"
        " join organization host on host.id = a.host_institution_id where host.name_en = 'Kyoto University'"
        " and course.code = 'A' and a.state in ('adopted', 'completed')"
        " and (select count(*) from application_partner p where p.application_id = a.id) = 1"
        " and not exists (select 1 from application_partner p join organization o on o.id = p.organization_id"
        " where p.application_id = a.id and o.country in ('CN', 'NP')) order by a.id desc limit 1"
    )[0]
    journey.notes.update(call=call, course=course, first=first, last=last, theme=theme)


def this_year_from_last_year(journey: Journey) -> None:
    """Copied, its days moved by the system; another partner joins; the approver submits. At most 60 values."""
    editor = journey.somebody("Host editor")
    before = editor.entered
    editor.open(f"/applications/{journey.notes['last']}")
    editor.follow("Use as the start of a new plan")
    editor.look_in_both("copy last year's plan")
    editor.fill(course=f"{journey.notes['call']}.{journey.notes['course']}")
    editor.send()
    editor.shows(journey.notes["theme"])
    journey.notes["plan"] = plan = editor.page.url.rsplit("/", 1)[1]
    editor.look("plan from last year's")
    section(editor, plan, "partners")
    editor.press("Save and add a row")
    row = {"organization": SECOND, "contact_name": "Office of International Relations"}
    editor.fill(**{f"rows-1-{name}": value for name, value in {**row, "contact_email": "oir@example.edu.np"}.items()})
    editor.press("Save")
    section(editor, plan, "people")
    the_second_partner_sends(editor)
    editor.press("Save")
    section(editor, plan, "safety")
    if not editor.page.locator('[name="form1_on"]').input_value():  # one older than a year is not copied
        editor.fill(form1_on=journey.day(-3))
        editor.press("Save")
    approver = journey.somebody("Host approver")
    before += approver.entered
    submitted(journey, approver, "plan")
    entered = editor.entered + approver.entered - before
    print(f"this year's plan from last year's: {entered} values")
    assert entered <= MOST_FROM_LAST_YEAR, entered


def section(editor: Desk, plan: str, name: str, blank: int = 0) -> None:
    """Open a section of a plan, with so many empty rows."""
    editor.open(f"/applications/{plan}/edit/{name}" + (f"?blank={blank}" if blank else ""))


def the_second_partner_sends(editor: Desk) -> None:
    """Of the eight people two come from the new partner."""
    kind = editor.page.locator('[name="rows-0-category"]').input_value()
    number = int(editor.page.locator('[name="rows-0-number"]').input_value())
    editor.press("Save and add a row")
    place = editor.page.locator('[name$="-number"]').count() - 1
    partner = editor.page.locator(f'[name="rows-{place}-partner"] option').nth(2).get_attribute("value")
    row = {"partner": partner, "category": kind, "number": 2}
    editor.fill(**{"rows-0-number": number - 2}, **{f"rows-{place}-{name}": value for name, value in row.items()})


def submitted(journey: Journey, approver: Desk, name: str) -> None:
    """Read once more, submitted, received; `name`: under which note the plan is kept."""
    plan = journey.notes[name]
    approver.open(f"/applications/{plan}/submit")
    approver.press("Submit the plan")
    approver.sees("JST has received the plan")
    journey.notes[f"reference of {name}"] = reference = journey.site.ask(
        "select reference from application where public_id = ?", plan
    )[0][0]
    approver.shows(reference)


def a_first_plan_from_nothing(journey: Journey) -> None:
    """Every section by hand, but for the costs that follow from people and days: their lines are proposed."""
    editor = journey.somebody("Host editor")
    before = editor.entered
    editor.open("/applications/new")
    editor.fill(course=f"{journey.notes['call']}.{journey.notes['course']}")
    editor.send()
    journey.notes["shared"] = plan = editor.page.url.split("/applications/")[1].split("/")[0]
    editor.fill(**OVERVIEW)
    editor.press("Save")
    section(editor, plan, "partners")
    contacts = [("io@example.ac.id", FIRST), ("oir@example.edu.np", SECOND)]
    rows = [
        {"organization": name, "contact_name": "International Office", "contact_email": address}
        for address, name in contacts
    ]
    enter_rows(editor, rows)
    editor.press("Save")
    section(editor, plan, "itinerary", len(ITINERARY))
    first = journey.notes["first"]
    editor.fill(starts_on=journey.day(3, first), ends_on=journey.day(9, first), airport_distance_km="95")
    fill_rows(editor, ITINERARY)
    editor.press("Save")
    people_and_costs(editor, plan)
    section(editor, plan, "safety")
    editor.fill(**SAFETY, form1_on=journey.day(-3))
    editor.press("Save")
    print(f"a first plan from nothing: {editor.entered - before} values")
    assert editor.entered - before <= MOST_FROM_NOTHING, editor.entered - before
    assert holding(editor) > 0
    editor.look("plan from nothing")


def people_and_costs(editor: Desk, plan: str) -> None:
    """Eight people of two partners; the costs as proposed, with the price of the flights."""
    section(editor, plan, "people", 4)
    options = editor.page.locator('[name="rows-0-partner"] option')
    partners = [options.nth(number).get_attribute("value") for number in (1, 2)]
    fill_rows(
        editor,
        [
            {"partner": partners[0], "category": "undergraduate", "number": 4},
            {"partner": partners[0], "category": "faculty", "role": "supervisor", "number": 1},
            {"partner": partners[1], "category": "undergraduate", "number": 3},
        ],
    )
    editor.press("Save")
    section(editor, plan, "budget")
    editor.press("Propose lines from people and days")


def fill_rows(editor: Desk, rows: list[dict[str, Any]]) -> None:
    """Rows into a section that has enough empty ones."""
    for number, row in enumerate(rows):
        editor.fill(**{f"rows-{number}-{name}": value for name, value in row.items()})


OVERVIEW = {
    "theme_ja": "山と海をつなぐ水",
    "theme_en": "Water between the mountains and the sea",
    "field_of_science": "environment",
    "purpose": "二か国の学生が源流から河口まで水質を測り、結果を比べる。",
    "expected_results": "三大学の共同研究と、京都大学への留学。",
    "principal_name": "佐々木 健",
    "principal_department": "防災研究所 教授",
    "principal_email": "sasaki@example.ac.jp",
    "administrative_name": "山本 恵子",
    "administrative_email": "kokusai@example.ac.jp",
    "administrative_phone": "075-000-0000",
}
ITINERARY: list[dict[str, Any]] = [
    {"day": 1, "kind": "arrival", "title": "関西空港着"},
    {"day": 2, "kind": "special_lecture", "title": "川の水文学", "leader": "佐々木 健"},
    {"day": 3, "kind": "special_program", "title": "鴨川での測定", "venue": "鴨川"},
    {"day": 4, "kind": "special_program", "title": "測定結果の解析"},
    {"day": 5, "kind": "peer_exchange", "title": "京都大学の学生との発表会"},
    {"day": 6, "kind": "culture", "title": "京都国立博物館"},
    {"day": 7, "kind": "departure", "title": "関西空港発"},
]
SAFETY = {
    "crisis_name": "佐々木 健",
    "crisis_phone": "090-0000-0000",
    "crisis_plan": "研究室の当番が同行し、京都大学病院に連絡する。",
    "insurance": "海外旅行保険",
    "online_if_impossible": True,
    "has_system": "yes",
    "is_classified": "yes",
    "partners_are_checked": "yes",
    "export_responsible": "佐々木 健",
}


def told(journey: Journey) -> None:
    """The whole chapter."""
    the_round(journey)
    this_year_from_last_year(journey)
    a_first_plan_from_nothing(journey)
