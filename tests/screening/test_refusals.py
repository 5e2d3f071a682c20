"""The desk's verbs refuse by themselves whoever may not use them, and its words stay where they were said."""

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import select

from app.applications.models import Application
from app.core import clock
from app.core.audit import AuditEvent
from app.core.authz import Actor, Role
from app.core.db import db
from app.core.errors import Forbidden
from app.screening import editions, sections, service
from app.screening.models import ScreeningCase
from app.screening.vocabulary import CaseState
from tests.factories.accounts import make_actor
from tests.factories.applications import make_application
from tests.factories.calls import make_call
from tests.factories.screening import make_case, workbook_of

pytestmark = pytest.mark.usefixtures("app")
_rounds = count(1)
WORDS = "A laboratory of the army stands behind it."


def plan() -> Application:
    return make_application("under_review", call=make_call(f"R{next(_rounds)}"))


def case_in(state: str) -> ScreeningCase:
    case = make_case(plan(), state)
    if state == "hold":
        service.propose_lift(
            make_actor(Role.SCREENING_OFFICER), case, CaseState.CLEARED, reason=WORDS, version=case.version
        )
    return case


VERBS: dict[str, tuple[str, Callable[[Actor, ScreeningCase], Any]]] = {
    "judge": ("examine", lambda actor, case: service.judge(actor, case, "clear", reason=WORDS, version=case.version)),
    "note": ("examine", lambda actor, case: service.write_note(actor, case, WORDS)),
    "agree": ("hold", lambda actor, case: service.agree_to_lift(actor, case, version=case.version)),
    "refuse": ("hold", lambda actor, case: service.refuse_to_lift(actor, case, reason=WORDS, version=case.version)),
}


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.AUDITOR, Role.REVIEWER, Role.HOST_APPROVER])
@pytest.mark.parametrize("name", VERBS)
def test_the_desks_verbs_are_the_desks(name: str, role: Role) -> None:
    state, verb = VERBS[name]
    case = case_in(state)
    with pytest.raises(Forbidden):
        verb(make_actor(role), case)


def test_who_decides_neither_judges_nor_writes_notes() -> None:
    for name in ("judge", "note"):
        with pytest.raises(Forbidden):
            VERBS[name][1](make_actor(Role.DECISION_MAKER), case_in("examine"))


def test_others_do_not_even_learn_that_a_case_has_moved() -> None:
    actor, case = make_actor(Role.COORDINATOR), case_in("hold")
    with pytest.raises(Forbidden):
        service.judge(actor, case, "clear", reason=WORDS, version=case.version - 1)
    with pytest.raises(Forbidden):
        service.agree_to_lift(actor, case, version=case.version - 1)


def test_only_the_desk_reads_in_an_edition() -> None:
    today = clock.today()
    sent = editions.Upload(
        data=workbook_of([]), filename="list.xlsx", dated_on=today, in_force_on=today + timedelta(days=1)
    )
    for role in (Role.COORDINATOR, Role.DECISION_MAKER, Role.ADMINISTRATOR):
        with pytest.raises(Forbidden):
            editions.upload(make_actor(role), sent)


def test_why_a_hold_should_be_lifted_stands_in_no_log() -> None:
    case_in("hold")
    assert not [entry for entry in db.session.scalars(select(AuditEvent)) if WORDS in f"{entry.comment}{entry.changes}"]


def test_a_host_is_told_what_to_do_of_its_own_plan_and_nothing_else() -> None:
    asked, held = (plan() for _number in range(2))
    make_case(asked, "conditions")
    make_case(held, "hold")
    own = make_actor(Role.HOST_EDITOR, asked.host_institution)
    assert sections.of_application(own, asked) is not None
    assert sections.of_application(make_actor(Role.HOST_EDITOR, held.host_institution), held) is None
    assert sections.of_application(make_actor(Role.HOST_EDITOR), asked) is None
    assert sections.of_application(make_actor(Role.REVIEWER), asked) is None


def test_a_plan_on_hold_or_not_examined_is_kept_from_adoption() -> None:
    for state, keeps in (("hold", True), ("examine", True), ("cleared", False), ("conditions", False)):
        waiting = plan()
        make_case(waiting, state)
        assert bool(sections.keeps_plan(waiting)) is keeps
