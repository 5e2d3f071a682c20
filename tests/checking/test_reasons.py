"""Reasons that come again: kept from a remark, put into a field without scripts, edited, retired."""

from typing import Any

import pytest
from sqlalchemy import select

from app.calls.models import CourseCode
from app.checking import reasons
from app.checking.models import CheckReason
from app.core.authz import Role
from app.core.db import db
from app.core.errors import Forbidden, Refused
from tests.conftest import Client
from tests.factories.accounts import make_actor, make_user, sign_in
from tests.factories.checking import make_reason, make_waiting


@pytest.fixture(autouse=True)
def officer(client: Client) -> Any:
    user = make_user(Role.COORDINATOR)
    sign_in(client, user)
    return user


def test_reason_is_put_into_a_field_and_nothing_else_typed_is_lost(client: Client) -> None:
    plan, reason = make_waiting(), make_reason("Please name the insurance.", section="safety")
    typed = {"comment": "Dear colleagues", "remark_budget": "Two hotels?", "remark_safety": "First:"}
    chosen = {"act": "use:remark_safety", "pick_remark_safety": reason.public_id, "version": str(plan.version)}
    answer = client.post(f"/applications/check/{plan.public_id}", data={**typed, **chosen, "outcome": "returned"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200 and client.last.writes == []
    for words in ("Dear colleagues", "Two hotels?", "First:\nPlease name the insurance."):
        assert words in page
    assert 'value="returned" checked' in page


def test_reason_for_a_letter_comes_in_both_languages(client: Client) -> None:
    plan, reason = make_waiting(), make_reason("Not eligible.", text_ja="対象外です。")
    data = {"act": "use:reasons", "pick_reasons": reason.public_id, "outcome": "inadmissible"}
    page = client.post(f"/applications/check/{plan.public_id}", data=data).get_data(as_text=True)
    assert ">Not eligible.</textarea>" in page and ">対象外です。</textarea>" in page


def test_remark_is_kept_for_its_course_and_section(client: Client) -> None:
    plan = make_waiting()
    data = {"act": "keep:remark_budget", "remark_budget": "Two hotels?", "comment": "Stays"}
    answer = client.post(f"/applications/check/{plan.public_id}", data=data)
    assert answer.status_code == 200 and "Stays" in answer.get_data(as_text=True)
    found = db.session.scalars(select(CheckReason)).one()
    assert (found.text_en, found.section, found.course) == ("Two hotels?", "budget", plan.course.code)
    again = client.post(f"/applications/check/{plan.public_id}", data=data)
    assert again.status_code == 422 and "These words are kept already." in again.get_data(as_text=True)


def test_field_offers_the_reasons_of_its_course_and_section_alone(client: Client) -> None:
    plan = make_waiting()
    make_reason("About the budget", section="budget")
    make_reason("About anything")
    make_reason("Of another course", section="budget", course=CourseCode.D)
    page = client.get(f"/applications/check/{plan.public_id}").get_data(as_text=True)
    part = page[page.index('id="pick-remark_budget"') :]
    part = part[: part.index("</select>")]
    assert "About the budget" in part and "About anything" in part and "Of another course" not in part
    other = page[page.index('id="pick-remark_safety"') :]
    assert "About the budget" not in other[: other.index("</select>")]


def test_reason_is_edited_retired_and_offered_again(client: Client) -> None:
    reason = make_reason("Old words")
    address = f"/applications/check/reasons/{reason.public_id}"
    data = {"text_en": "New words", "text_ja": "新しい文", "version": "1", "course": "A", "section": "budget"}
    assert client.post(address, data=data).status_code == 302
    db.session.refresh(reason)
    assert (reason.text_ja, reason.course) == ("新しい文", CourseCode.A)
    stale = client.post(address, data={**data, "text_en": "Mine"})
    assert stale.status_code == 409 and "Mine" in stale.get_data(as_text=True)
    client.post(f"{address}/retire")
    assert reasons.listed() == []
    assert "Out of use" in client.get("/applications/check/reasons?retired=1").get_data(as_text=True)
    client.post(f"{address}/retire")
    assert [kept.id for kept in reasons.listed()] == [reason.id]


def test_reason_says_something_and_belongs_to_coordinators(app: Any) -> None:
    with pytest.raises(Refused):
        reasons.save(make_actor(Role.COORDINATOR), None, course=None, section="")
    with pytest.raises(Forbidden):
        reasons.save(make_actor(Role.DECISION_MAKER), None, course=None, section="", text_en="x")
