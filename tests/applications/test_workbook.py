"""A plan goes out as a workbook and comes back through the browser: nothing is saved before it was shown."""

import io
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
import time_machine
from sqlalchemy import select

from app.applications import workbook_service
from app.applications.models import Application, ApplicationState, BudgetKind
from app.applications.workbook.layout import META_SHEET
from app.core import clock, storage, tabular, tabular_worker
from app.core.audit import AuditEvent
from app.core.authz import Role
from app.core.db import db
from tests.conftest import Client
from tests.factories.accounts import make_user, sign_in
from tests.factories.applications import make_application
from tests.factories.calls import make_rates
from tests.factories.directory import make_host

KIND = storage.FileKind.PLAN_WORKBOOK


@pytest.fixture(autouse=True)
def read_in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the child process would answer, without starting one for every page."""

    def run(data: bytes, **options: Any) -> dict[str, Any]:
        answer = tabular_worker.answer(options, data)
        if "refused" in answer:
            raise tabular.FileRefused(answer["refused"], **answer["params"])
        return answer["workbook"]  # type: ignore[no-any-return]

    monkeypatch.setattr(tabular, "_run_worker", run)


@pytest.fixture
def plan(client: Client) -> Application:
    """A draft that is complete; its editor is signed in and reads English."""
    application = make_application(theme_en="Rivers", purpose="=1+1\nand 𠮷 🌸")
    sign_in(client, make_user(Role.HOST_EDITOR, application.host_institution))
    client.post("/language", data={"language": "en"})
    return application


def take(client: Client, application: Application) -> bytes:
    answer = client.get(f"/applications/{application.public_id}/plan.xlsx")
    assert answer.status_code == 200
    return bytes(answer.get_data())


def send(client: Client, application: Application, data: bytes, name: str = "plan.xlsx") -> Any:
    return client.post(
        f"/applications/{application.public_id}/workbook",
        data={"file": (io.BytesIO(data), name)},
        content_type="multipart/form-data",
    )


def filled(data: bytes, **values: Any) -> bytes:
    """The workbook with single fields filled in by their names, and cells by `s4_D8`."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    for name, value in values.items():
        if name[0] == "s" and name[1:2].isdecimal():
            book.worksheets[int(name[1])][name[3:]].value = value
            continue
        for sheet in book.worksheets:
            for row in sheet.iter_rows(max_col=1):
                if row[0].value == f"field:{name}":
                    sheet.cell(row[0].row, 6 if sheet is book.worksheets[2] else 3).value = value
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def version_of(page: str) -> str:
    return page.split('name="version" type="hidden" value="')[1].split('"')[0]


def uploaded(client: Client, application: Application, data: bytes) -> tuple[str, str]:
    """The address and the page of what would change."""
    answer = send(client, application, data)
    assert answer.status_code == 302, answer.get_data(as_text=True)
    return answer.location, client.get(answer.location).get_data(as_text=True)


def test_a_workbook_as_it_was_taken_changes_nothing(
    client: Client, plan: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()  # by way of the child process, as everywhere but in these tests
    address, page = uploaded(client, plan, take(client, plan))
    assert "The workbook says what the plan says already." in page
    assert "Save this in the plan" not in page
    assert client.post(address).status_code == 409


def test_what_was_filled_in_is_shown_then_saved_at_once(client: Client, plan: Application) -> None:
    assert plan.ends_on is not None
    shorter = (plan.ends_on - timedelta(days=1)).isoformat()
    data = filled(take(client, plan), theme_en="Lakes", insurance="None yet", ends_on=shorter)
    book = openpyxl.load_workbook(io.BytesIO(data))
    costs, people = book.worksheets[4], book.worksheets[3]
    last = max(row[1].row for row in costs.iter_rows() if row[1].value)
    costs.cell(last + 1, 2).value, costs.cell(last + 1, 3).value = "IV Fees", "Interpreter"
    costs.cell(last + 1, 4).value, costs.cell(last + 1, 5).value = 2, 30000
    people.cell(max(row[1].row for row in people.iter_rows() if row[1].value), 5).value = 2
    stream = io.BytesIO()
    book.save(stream)
    address, page = uploaded(client, plan, stream.getvalue())
    for text in ("Rivers", "Lakes", "None yet", shorter, "Interpreter", "Row 4, new", "Number of people"):
        assert text in page
    db.session.refresh(plan)
    assert plan.theme_en == "Rivers"
    answer = client.post(address, data={"version": version_of(page), "key": "save-1"})
    assert answer.location == f"/applications/{plan.public_id}"
    db.session.refresh(plan)
    assert (plan.theme_en, plan.safety["insurance"], plan.purpose) == ("Lakes", "None yet", "=1+1\nand 𠮷 🌸")
    assert [(line.kind, line.quantity, line.unit_price) for line in plan.budget][-1] == (BudgetKind.FEES, 2, 30000)
    assert [group.number for group in plan.people] == [7, 2]
    verbs = list(db.session.scalars(select(AuditEvent.verb).where(AuditEvent.subject_id == plan.id)))
    assert verbs.count("application:edit") == 5 and verbs[-1] == "application:read-workbook"
    assert storage.files_of(plan, KIND) == []
    assert client.get(answer.location).status_code == 200
    again = client.post(address, data={"version": version_of(page), "key": "save-1"})
    assert again.location == answer.location


def test_dry_run_says_what_the_rules_will_say(client: Client, plan: Application) -> None:
    assert plan.ends_on is not None
    longer = plan.ends_on + timedelta(days=1)
    _address, page = uploaded(client, plan, filled(take(client, plan), ends_on=longer.isoformat()))
    assert "This is what the rules say of the plan once the workbook is saved." in page
    assert "The stay is 8 days; at most 7 are allowed." in page and "Guidelines, “Length of stay”" in page


def test_dry_run_counts_costs_by_the_guide_rates_of_the_year(client: Client, plan: Application) -> None:
    make_rates(plan.call.fiscal_year)
    data = take(client, plan)
    plan.budget[0].description = "Flights and trains"
    _address, page = uploaded(client, plan, data)
    assert "This is what the rules say of the plan once the workbook is saved." in page


def test_people_come_from_partners_that_are_new_in_the_workbook(client: Client, plan: Application) -> None:
    data = take(client, plan)
    book = openpyxl.load_workbook(io.BytesIO(data))
    partners, people = book.worksheets[1], book.worksheets[3]
    second = next(row[1].row for row in partners.iter_rows() if row[1].value == 2)
    partners.cell(second, 3).value, partners.cell(second, 4).value = "A new school", "Nepal"
    place = max(row[1].row for row in people.iter_rows() if row[1].value)
    people.cell(place, 2).value = 2
    stream = io.BytesIO()
    book.save(stream)
    address, page = uploaded(client, plan, stream.getvalue())
    client.post(address, data={"version": version_of(page)})
    db.session.refresh(plan)
    assert [partner.name for partner in plan.partners][1] == "A new school"
    assert plan.partners[1].country == "NP"
    assert [group.partner for group in plan.people] == plan.partners


def test_with_errors_every_cell_is_named_and_nothing_can_be_saved(client: Client, plan: Application) -> None:
    data = filled(take(client, plan), theme_en="Lakes", starts_on="soon", field_of_science="Magic")
    address, page = uploaded(client, plan, data)
    for text in ("日程!F", "soon", "Enter a real date", "概要!C", "Magic", "Choose one from the list."):
        assert text in page
    assert "Save this in the plan" not in page and "Lakes" in page
    assert "Day of entry</th>" in page and page.count("soon") == 2  # told, and shown beside what the plan says
    answer = client.post(address, data={"version": str(plan.version)})
    assert answer.status_code == 422 and "Magic" in answer.get_data(as_text=True)
    db.session.refresh(plan)
    assert plan.theme_en == "Rivers"


def test_a_country_that_contradicts_the_directory_is_an_error(client: Client, plan: Application) -> None:
    data = take(client, plan)
    book = openpyxl.load_workbook(io.BytesIO(data))
    first = next(row[1].row for row in book.worksheets[1].iter_rows() if row[1].value == 1)
    _address, page = uploaded(client, plan, filled(data, **{f"s1_D{first}": "Chile"}))
    assert "The directory has this organization in" in page


def test_a_plan_changed_since_the_dry_run_is_shown_again(client: Client, plan: Application) -> None:
    address, page = uploaded(client, plan, filled(take(client, plan), theme_en="Lakes"))
    plan.purpose = "Somebody else wrote this."
    answer = client.post(address, data={"version": version_of(page)})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 409 and "Somebody else wrote this." in text and "Nothing was saved" in text
    db.session.refresh(plan)
    assert plan.theme_en == "Rivers"
    assert client.post(address, data={"version": version_of(text)}).status_code == 302
    db.session.refresh(plan)
    assert (plan.theme_en, plan.purpose) == ("Lakes", "=1+1\nand 𠮷 🌸")


def test_a_plan_changed_since_the_workbook_was_made_is_told(client: Client, plan: Application) -> None:
    data = filled(take(client, plan), theme_en="Lakes")
    plan.purpose = "Written later."
    _address, page = uploaded(client, plan, data)
    assert "The plan was changed after this workbook was made" in page


def test_the_workbook_of_another_plan_is_refused(client: Client, plan: Application) -> None:
    other = make_application(host=plan.host_institution, call=plan.call)
    answer = send(client, plan, take(client, other))
    assert answer.status_code == 422 and "belongs to another plan" in answer.get_data(as_text=True)
    assert storage.files_of(plan, KIND) == []


def test_a_foreign_workbook_and_an_unknown_version_are_refused(client: Client, plan: Application) -> None:
    stream = io.BytesIO()
    openpyxl.Workbook().save(stream)
    assert "was not made by this system" in send(client, plan, stream.getvalue()).get_data(as_text=True)
    book = openpyxl.load_workbook(io.BytesIO(take(client, plan)))
    book[META_SHEET]["B2"].value = 4
    stream = io.BytesIO()
    book.save(stream)
    assert "format version “4”" in send(client, plan, stream.getvalue()).get_data(as_text=True)
    assert send(client, plan, b"PK\x03\x04 no").status_code == 422
    answer = send(client, plan, "計画,値\n".encode("cp932"), "plan.csv")
    assert answer.status_code == 422 and "was not made by this system" in answer.get_data(as_text=True)
    assert storage.files_of(plan, KIND) == []


def test_without_contacts_in_sight_none_are_in_the_workbook(client: Client) -> None:
    application = make_application(ApplicationState.SUBMITTED)
    sign_in(client, make_user(Role.AUDITOR))
    book = openpyxl.load_workbook(io.BytesIO(take(client, application)))
    texts = [str(cell.value) for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value]
    hidden = (application.principal_email, application.administrative_phone, application.safety["crisis_phone"])
    assert [text for text in texts if text in (*hidden, application.partners[0].contact_email)] == []
    assert application.principal_name in texts


def test_after_the_deadline_nothing_is_read(client: Client, plan: Application) -> None:
    address, page = uploaded(client, plan, filled(take(client, plan), theme_en="Lakes"))
    with time_machine.travel(plan.call.closes_at + timedelta(seconds=1), tick=False):
        sign_in(client, make_user(Role.HOST_EDITOR, plan.host_institution))
        assert client.post(address, data={"version": version_of(page)}).status_code == 409
        assert client.get(f"/applications/{plan.public_id}/workbook").status_code == 409
    db.session.refresh(plan)
    assert plan.theme_en == "Rivers"


def test_an_upload_can_be_discarded_also_with_errors_and_after_the_deadline(client: Client, plan: Application) -> None:
    address, page = uploaded(client, plan, filled(take(client, plan), starts_on="soon"))
    assert f'formaction="{address}/discard"' in page
    with time_machine.travel(plan.call.closes_at + timedelta(seconds=1), tick=False):
        sign_in(client, make_user(Role.HOST_EDITOR, plan.host_institution))
        for _click in range(2):
            answer = client.post(f"{address}/discard", data={"key": "discard-1"})
            assert answer.location == f"/applications/{plan.public_id}"
    assert storage.files_of(plan, KIND) == []
    entry = db.session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert entry is not None and entry.verb == "application:drop-workbook"


def test_nobody_discards_the_upload_of_another_institution(client: Client, plan: Application) -> None:
    address, _page = uploaded(client, plan, take(client, plan))
    sign_in(client, make_user(Role.HOST_EDITOR, make_host()))
    assert client.post(f"{address}/discard", data={"key": "discard-2"}).status_code == 404
    assert len(storage.files_of(plan, KIND)) == 1


def test_an_upload_replaces_the_one_before_and_goes_after_a_month(client: Client, plan: Application) -> None:
    data = filled(take(client, plan), theme_en="Lakes")
    first, _page = uploaded(client, plan, data)
    uploaded(client, plan, data)
    assert client.get(first).status_code == 404
    assert workbook_service.drop_old() == 0
    with time_machine.travel(clock.now() + timedelta(days=31), tick=False):
        assert workbook_service.drop_old() == 1
    assert storage.files_of(plan, KIND) == []
