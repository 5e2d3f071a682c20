"""The people an adopted plan names become the roster of its visit."""

from datetime import date

import pytest

from app.applications.events import ApplicationAdopted
from app.applications.models import Application
from app.core import crypto
from app.core.authz import SYSTEM
from app.core.db import db
from app.invitees import service as invitees
from app.visits import service
from tests.factories.applications import make_application
from tests.factories.directory import make_host
from tests.factories.invitees import make_invitee
from tests.factories.people import make_person

NUMBER = "PA7654321"


@pytest.fixture
def plan(client: object) -> Application:
    return make_application("adopted")


def test_people_come_onto_the_roster_with_their_passports(plan: Application) -> None:
    partner = plan.partners[0]
    first = make_person(
        plan,
        given_names="PEMA",
        partner=partner,
        passport_number=NUMBER,
        passport_expires_on=date(2034, 1, 1),
        diet="halal",
    )
    second = make_person(plan, given_names="ASHA", first_visit=False, previous_visit_reason="Joint research")
    visit = service.plan_from_adoption(ApplicationAdopted(plan, SYSTEM))
    db.session.refresh(visit, ["participations"])
    one, two = visit.participations
    assert (one.invitee.given_names, one.affiliation, one.diet) == ("PEMA", partner.name, "halal")
    assert one.sending_organization_id == partner.organization_id
    kept = one.invitee.passport
    assert kept is not None and kept.expires_on == date(2034, 1, 1)
    place = {"table": invitees.TABLE, "column": invitees.COLUMN, "row_public_id": one.invitee.public_id}
    assert crypto.open_(kept.sealed_number, **place) == NUMBER
    assert (two.invitee.passport, two.previous_visit_reason) == (None, "Joint research")
    assert [known.institution_id for known in one.invitee.hosts] == [plan.host_institution_id]
    assert (first.masked_number, second.masked_number) == ("", "")  # a number stands in one place


def test_somebody_the_host_knows_is_not_made_twice(plan: Application) -> None:
    known = make_invitee(
        known_to=plan.host_institution, surname="RAI", given_names="PEMA", date_of_birth=date(2004, 5, 6)
    )
    stranger = make_invitee(known_to=make_host(), surname="RAI", given_names="ASHA", date_of_birth=date(2004, 5, 6))
    for name in ("PEMA", "ASHA"):
        make_person(plan, given_names=name)
    visit = service.plan_from_adoption(ApplicationAdopted(plan, SYSTEM))
    db.session.refresh(visit, ["participations"])
    assert visit.participations[0].invitee is known
    assert visit.participations[1].invitee is not stranger  # without a passport nothing proves it


def test_who_is_not_complete_stays_with_the_plan_and_holds_nothing_up(plan: Application) -> None:
    make_person(plan, date_of_birth=None, passport_number=NUMBER)
    make_person(plan, surname="SOLO", given_names="")
    visit = service.plan_from_adoption(ApplicationAdopted(plan, SYSTEM))
    db.session.refresh(visit, ["participations"])
    assert [part.invitee.passport_name for part in visit.participations] == ["SOLO"]
    assert plan.named[0].masked_number == "••••321"


def test_plan_without_names_gives_an_empty_roster(plan: Application) -> None:
    assert service.plan_from_adoption(ApplicationAdopted(plan, SYSTEM)).participations == []
