"""Who may do what to a visit in which state, and what each step asks for."""

from datetime import date, timedelta

import pytest
from flask import Flask

from app.core import clock
from app.core.authz import SYSTEM, Role
from app.core.db import db
from app.core.errors import Forbidden, GuardsFailed, TransitionNotAllowed
from app.core.outbox import mails_of
from app.visits.models import Visit, VisitState
from app.visits.workflow import VISIT
from tests.factories.accounts import make_actor, make_user
from tests.factories.invitees import make_invitee
from tests.factories.visits import fill_schedule, make_participation, make_visit

S = VisitState
# state: (verbs of the host's editor, of its approver, of a coordinator, of the system)
EXPECTED = {
    S.PLANNED: ((), ("confirm", "cancel"), (), ("call_off",)),
    S.CONFIRMED: ((), ("reopen", "begin", "cancel"), (), ("arrive", "call_off")),
    S.IN_PROGRESS: ((), ("report",), (), ()),
    S.REPORTED: ((), (), ("return_report", "complete"), ()),
    S.COMPLETED: ((), (), (), ()),
    S.CANCELLED: ((), (), (), ("take_up",)),
}
ROLES = (Role.HOST_EDITOR, Role.HOST_APPROVER, Role.COORDINATOR)


def ready(state: VisitState) -> Visit:
    """A visit in a state, on a day and with all that makes its verbs possible."""
    if state is S.CONFIRMED:
        return make_visit(state, starts_on=clock.today())
    if state is S.IN_PROGRESS:
        return make_visit(state, starts_on=clock.today() - timedelta(days=6))
    visit = make_visit(state)
    if state is S.PLANNED:
        visit.insurance = "Sample Insurance"
        fill_schedule(visit)
        make_participation(visit)
    return visit


@pytest.mark.parametrize("state", list(S))
def test_verbs_are_those_of_the_table(app: Flask, state: VisitState) -> None:
    for place, role in enumerate((*ROLES, Role.SYSTEM)):
        allowed = []
        for verb in (transition.verb for transition in VISIT.transitions):
            visit = ready(state)
            actor = SYSTEM if role is Role.SYSTEM else make_actor(role, visit.host_institution)
            try:
                VISIT.fire(visit, verb, actor, "for a test")
                allowed.append(verb)
            except (Forbidden, TransitionNotAllowed):
                assert visit.state is state
        assert tuple(allowed) == EXPECTED[state][place], role


def test_another_institution_may_do_nothing(app: Flask) -> None:
    visit = ready(S.PLANNED)
    with pytest.raises(Forbidden):
        VISIT.fire(visit, "confirm", make_actor(Role.HOST_APPROVER))


def test_confirming_an_empty_visit_names_everything_that_is_missing(app: Flask) -> None:
    visit = make_visit(starts_on=None, contact_name="")
    with pytest.raises(GuardsFailed) as refused:
        VISIT.fire(visit, "confirm", make_actor(Role.HOST_APPROVER, visit.host_institution))
    assert len(refused.value.problems) == 5  # days, people, schedule, insurance, contact


def test_schedule_that_leaves_a_day_out_stops_confirmation(app: Flask) -> None:
    visit = ready(S.PLANNED)
    visit.schedule.remove(visit.schedule[2])
    offer = VISIT.offers(visit, make_actor(Role.HOST_APPROVER, visit.host_institution))[0]
    assert offer.verb == "confirm" and len(offer.problems) == 1


def test_schedule_outside_the_stay_stops_confirmation(app: Flask) -> None:
    visit = ready(S.PLANNED)
    visit.ends_on = visit.ends_on - timedelta(days=1)
    offer = VISIT.offers(visit, make_actor(Role.HOST_APPROVER, visit.host_institution))[0]
    assert len(offer.problems) == 1


@pytest.mark.parametrize(("birthday_after_entry", "stopped"), [(0, False), (1, True)])
def test_guardian_must_consent_to_who_is_17_on_the_day_of_entry(
    app: Flask, birthday_after_entry: int, stopped: bool
) -> None:
    visit = ready(S.PLANNED)
    turning = visit.starts_on + timedelta(days=birthday_after_entry)
    young = make_participation(visit, make_invitee(date_of_birth=date(turning.year - 18, turning.month, turning.day)))
    actor = make_actor(Role.HOST_APPROVER, visit.host_institution)
    assert bool(VISIT.offers(visit, actor)[0].problems) is stopped
    young.guardian_consent_on = clock.today()
    VISIT.fire(visit, "confirm", actor)


def test_passport_that_ends_during_the_stay_stops_confirmation(app: Flask) -> None:
    visit = ready(S.PLANNED)
    make_participation(visit, make_invitee(passport="AB1234567", passport_expires_on=visit.ends_on - timedelta(days=1)))
    with pytest.raises(GuardsFailed):
        VISIT.fire(visit, "confirm", make_actor(Role.HOST_APPROVER, visit.host_institution))


def test_confirmation_is_told_to_each_of_the_host_in_their_language(app: Flask) -> None:
    visit = ready(S.PLANNED)
    make_user(Role.HOST_EDITOR, visit.host_institution, locale="ja")
    VISIT.fire(visit, "confirm", make_actor(Role.HOST_APPROVER, visit.host_institution))
    assert {mail.locale for mail in mails_of(visit)} == {"ja", "en"}
    assert visit.confirmed_at is not None and visit.calendar_sequence == 1


def test_cancelling_needs_a_reason(app: Flask) -> None:
    visit = make_visit()
    with pytest.raises(GuardsFailed):
        VISIT.fire(visit, "cancel", make_actor(Role.HOST_APPROVER, visit.host_institution))


def test_report_settles_who_took_part(app: Flask) -> None:
    visit = ready(S.IN_PROGRESS)
    visit.participations[0].took_part = False
    VISIT.fire(visit, "report", make_actor(Role.HOST_APPROVER, visit.host_institution))
    db.session.flush()
    assert [part.took_part for part in visit.participations] == [False, True]
