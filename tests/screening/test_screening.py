"""Plans and the list: which names are compared, what a new edition does, and that nationality does nothing."""

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.applications.models import Application, ApplicationPartner
from app.core import jobs
from app.core.audit import AuditEvent
from app.core.authz import Role
from app.core.db import db
from app.core.workflow import Moved
from app.directory import service as directory
from app.directory.models import OrganizationAlias
from app.screening import queries, runs, screening
from app.screening.models import ScreeningCase, ScreeningHit
from app.screening.vocabulary import CaseState, Source
from tests.conftest import watching
from tests.factories.accounts import make_actor
from tests.factories.applications import make_application
from tests.factories.calls import make_call
from tests.factories.directory import make_sending
from tests.factories.people import make_person
from tests.factories.screening import OPTICS, ROCKETS, make_case, make_edition


def screened(application: Application, *bodies: Any) -> ScreeningCase:
    screening.screen([application], make_edition(*bodies))
    return db.session.scalars(select(ScreeningCase).where(ScreeningCase.application_id == application.id)).one()


def submitted(**names: str) -> Application:
    return make_application("submitted", partners=[make_sending(**names)])


def test_a_plan_that_resembles_nobody_is_clear_by_itself(app: Flask) -> None:
    case = screened(submitted())
    assert (case.state, case.hits) == (CaseState.CLEAR, [])


def test_a_plan_that_resembles_somebody_waits_for_a_person_with_the_evidence(app: Flask) -> None:
    case = screened(submitted(name_en="Lanjiang Rocket Propulsion Inst."))
    hit = case.hits[0]
    assert case.state is CaseState.EXAMINE
    assert (hit.listed_name, hit.aliases, hit.categories) == (ROCKETS.name, list(ROCKETS.aliases), ["M"])
    assert (hit.asked_name, hit.source) == ("Lanjiang Rocket Propulsion Inst.", Source.PARTNER)


def test_native_names_other_names_and_the_names_of_parents_are_compared(app: Flask) -> None:
    parent = make_sending(name_en=OPTICS.name)
    child = make_sending(name_native="蘭江火箭推進", parent_id=parent.id)
    child.aliases.append(OrganizationAlias(name="LRPI"))
    db.session.flush()
    hits = screened(make_application("submitted", partners=[child])).hits
    assert {(hit.source, hit.number) for hit in hits} == {
        (Source.PARTNER, 1),
        (Source.ALIAS, 1),
        (Source.PARENT, 2),
    }


def test_a_partner_that_was_only_typed_and_the_affiliation_of_a_named_person_are_compared(app: Flask) -> None:
    plan = make_application("submitted")
    plan.partners.append(ApplicationPartner(typed_name=ROCKETS.name, position=5))
    make_person(plan, affiliation=f"Dept. of Physics, {OPTICS.name}")
    db.session.flush()
    hits = screened(plan).hits
    assert {(hit.source, hit.number) for hit in hits} == {(Source.PARTNER, 1), (Source.PERSON, 2)}


def test_the_draft_of_a_returned_plan_is_not_read(app: Flask) -> None:
    plan = make_application("returned")
    plan.partners.append(ApplicationPartner(typed_name=ROCKETS.name, position=5))
    db.session.flush()
    assert screened(plan).hits == []


def test_a_judgement_lasts_as_long_as_name_and_body_are_the_same(app: Flask) -> None:
    plan = submitted(name_en=ROCKETS.name)
    case = make_case(plan, "cleared")
    screened(plan, replace(ROCKETS, number=40), OPTICS)
    assert case.state is CaseState.CLEARED
    screened(plan, replace(ROCKETS, categories=("M", "CW")))
    assert case.state is CaseState.EXAMINE
    assert [hit.is_new for hit in case.found_now] == [True]


def test_a_body_that_left_the_list_leaves_a_plan_that_nobody_judged_clear(app: Flask) -> None:
    plan = submitted(name_en=ROCKETS.name)
    case = make_case(plan)
    screened(plan, OPTICS)
    assert case.state is CaseState.CLEAR
    assert case.hits[0].gone_at is not None


def test_a_hold_stays_whatever_a_new_edition_says(app: Flask) -> None:
    plan = submitted(name_en=ROCKETS.name)
    case = make_case(plan, "hold")
    screened(plan, OPTICS)
    screened(plan, replace(ROCKETS, aliases=()))
    assert case.state is CaseState.HOLD


def test_what_changes_a_case_is_in_the_audit_log_without_what_was_found(app: Flask) -> None:
    case = screened(submitted(name_en=ROCKETS.name))
    entries = db.session.scalars(
        select(AuditEvent).where(AuditEvent.subject_type == "screening_case", AuditEvent.subject_id == case.id)
    ).all()
    assert [entry.verb for entry in entries] == ["screening:screen", "screening:find"]
    assert ROCKETS.name not in "".join(str(entry.changes) + entry.comment for entry in entries)


def test_screening_once_more_with_the_same_edition_changes_nothing(app: Flask) -> None:
    plan, edition = submitted(name_en=ROCKETS.name), make_edition()
    screening.screen([plan], edition)
    before = db.session.scalars(select(AuditEvent.id)).all()
    screening.screen([plan], edition)
    assert db.session.scalars(select(AuditEvent.id)).all() == before
    assert len(db.session.scalars(select(ScreeningHit)).all()) == 1


def test_a_run_looks_at_every_open_plan_batch_by_batch_and_says_how_far_it_is(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = make_call()
    partner = make_sending(name_en=ROCKETS.name)
    for state in ("submitted", "under_review", "adopted", "declined", "withdrawn", "draft"):
        make_application(state, call=call, partners=[partner])
    make_edition()
    monkeypatch.setattr(runs, "BATCH", 2)
    told: list[tuple[int, int]] = []
    assert runs.screen_all(lambda done, total: told.append((done, total))) == {"plans": 3, "waiting": 3}
    assert told == [(2, 3), (3, 3)]


def test_a_batch_takes_the_same_queries_for_many_plans_as_for_few(app: Flask) -> None:
    call, edition = make_call(), make_edition()
    counted = []
    for number in (2, 8):
        plans = [make_application("submitted", call=call) for _ in range(number)]
        screening.screen(plans, edition)
        with watching() as watch:
            screening.screen(plans, edition)
        counted.append(watch.queries)
    assert counted[0] == counted[1]


def test_submitting_a_plan_asks_for_its_screening_once_there_is_a_list(app: Flask) -> None:
    plan = submitted(name_en=ROCKETS.name)
    runs.after_submission(Moved("application", "submit", plan))
    assert jobs_of(runs.ONE) == []
    make_edition()
    runs.after_submission(Moved("application", "submit", plan))
    runs.after_submission(Moved("application", "withdraw", plan))
    assert [job.params for job in jobs_of(runs.ONE)] == [{"application": plan.id}]
    jobs.run_next()
    assert queries.case_of(plan.id) is not None


def test_another_name_in_the_directory_has_the_plans_screened_in_which_it_stands(app: Flask) -> None:
    partner = make_sending()
    plan = make_application("submitted", partners=[partner])
    make_edition()
    directory.update(
        make_actor(Role.COORDINATOR), partner, version=partner.version, name_en=partner.name_en, other_names="LRPI"
    )
    jobs.run_next()
    case = queries.case_of(plan.id)
    assert case is not None and case.state is CaseState.EXAMINE


def jobs_of(kind: str) -> list[jobs.BackgroundJob]:
    return list(db.session.scalars(select(jobs.BackgroundJob).where(jobs.BackgroundJob.kind == kind)))


@pytest.mark.parametrize("turn", range(3))
def test_no_outcome_depends_on_nationality_or_country(app: Flask, turn: int) -> None:
    """The same plans with every country and nationality another one: the same states, the same evidence."""
    call = make_call()
    countries = ["NP", "CN", "IR", "RU", "US", "KP", "DE"]
    names = [ROCKETS.name, "Uralskoye Optcial Instruments Works", "Kathmandu University", "Sample Academy", "LRPI"]

    def outcome(shift: int, listed_in: str) -> list[Any]:
        found = []
        edition = make_edition(replace(ROCKETS, country=listed_in), replace(OPTICS, country=listed_in))
        for number, name in enumerate(names):
            country = countries[(number + shift) % len(countries)]
            plan = make_application("submitted", call=call, partners=[make_sending(name_en=name, country=country)])
            plan.partners.append(ApplicationPartner(typed_name=names[number - 1], country=country, position=7))
            make_person(plan, affiliation=name, nationality=country)
            db.session.flush()
            screening.screen([plan], edition)
            case = queries.cases_of([plan.id])[plan.id]
            found.append((case.state, sorted((hit.fingerprint, hit.likeness, hit.kind) for hit in case.hits)))
        return found

    found = outcome(0, "Islamia")
    assert found == outcome(turn + 1, countries[turn])
    assert {state for state, _hits in found} == {CaseState.CLEAR, CaseState.EXAMINE}
