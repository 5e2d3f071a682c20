"""Editions of the list: checked before they are used, never the same twice, never deleted, imported once by a job."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.core import clock, jobs
from app.core.authz import Actor, Role
from app.core.background_job import JobState
from app.core.db import db
from app.core.errors import Forbidden, Refused, Stale, TransitionNotAllowed
from app.screening import editions, queries
from app.screening.editions import Unreadable, Upload
from app.screening.models import ListedBody, ListEdition
from app.screening.vocabulary import CaseState, EditionState
from tests.factories.accounts import make_actor
from tests.factories.applications import make_application
from tests.factories.directory import make_sending
from tests.factories.screening import OPTICS, ROCKETS, make_edition, workbook_of


@pytest.fixture
def officer(app: Flask) -> Actor:
    return make_actor(Role.SCREENING_OFFICER)


def sent(*bodies: object, dated_on: date | None = None, days: int = 10) -> Upload:
    day = dated_on or clock.today()
    data = workbook_of(bodies or (ROCKETS, OPTICS))  # type: ignore[arg-type]
    return Upload(data, "list.xlsx", day, day + timedelta(days=days))


def test_an_upload_is_compared_with_the_edition_in_use_and_used_for_nothing(officer: Actor) -> None:
    before = make_edition(ROCKETS)
    made = editions.upload(officer, sent(replace(ROCKETS, number=4, categories=("N",)), OPTICS))
    assert (made.state, made.bodies, made.uploaded_by_id) == (EditionState.CHECKED, 2, officer.id)
    assert [body["name"] for body in made.differences["added"]] == [OPTICS.name]
    assert made.differences["changed"][0]["what"] == {"categories": ["M", "N"]}
    assert len(made.sha256) == 64
    assert queries.current_edition() is before


def test_a_file_with_a_cell_that_cannot_be_read_leaves_nothing_behind(officer: Actor) -> None:
    with pytest.raises(Unreadable) as refusal:
        editions.upload(officer, sent(ROCKETS, replace(OPTICS, number=1, categories=("Z",))))
    assert [problem.cell for problem in refusal.value.cells] == ["A5", "E5"]
    assert db.session.scalar(select(func.count()).select_from(ListEdition)) == 0


def test_the_same_file_is_not_taken_twice_but_again_after_it_was_given_up(officer: Actor) -> None:
    upload = sent()
    first = editions.upload(officer, upload)
    with pytest.raises(Refused) as refusal:
        editions.upload(officer, upload)
    assert set(refusal.value.fields) == {"file"}
    editions.give_up(officer, first)
    editions.upload(officer, upload)
    assert db.session.scalar(select(func.count()).select_from(ListEdition)) == 2


@pytest.mark.parametrize(("ahead", "days", "field"), [(1, 10, "dated_on"), (0, -1, "in_force_on")])
def test_days_that_do_not_fit_are_refused(officer: Actor, ahead: int, days: int, field: str) -> None:
    with pytest.raises(Refused) as refusal:
        editions.upload(officer, sent(dated_on=clock.today() + timedelta(days=ahead), days=days))
    assert set(refusal.value.fields) == {field}


def test_importing_stores_the_bodies_and_screens_every_open_plan(officer: Actor) -> None:
    plan = make_application("submitted", partners=[make_sending(name_en=ROCKETS.name)])
    edition = editions.upload(officer, sent())
    job = editions.take_into_use(officer, edition, version=edition.version)
    jobs.run_next()
    assert (job.state, job.result) == (JobState.DONE, {"plans": 1, "waiting": 1})
    assert (edition.state, queries.current_edition()) == (EditionState.IMPORTED, edition)
    assert queries.bodies(edition.id) == [ROCKETS, OPTICS]
    case = queries.case_of(plan.id)
    assert case is not None and case.state is CaseState.EXAMINE


def test_an_import_that_was_killed_half_way_goes_on_and_stores_no_body_twice(officer: Actor) -> None:
    edition = editions.upload(officer, sent())
    editions.take_into_use(officer, edition, version=edition.version)
    editions.keep_bodies(edition)
    jobs.run_next()
    assert db.session.scalar(select(func.count()).select_from(ListedBody)) == 2


def test_what_was_compared_with_another_edition_than_the_one_in_use_is_stale(officer: Actor) -> None:
    edition = editions.upload(officer, sent())
    make_edition(OPTICS)
    with pytest.raises(Stale):
        editions.take_into_use(officer, edition, version=edition.version)


def test_an_edition_is_imported_once(officer: Actor) -> None:
    edition = make_edition()
    with pytest.raises(TransitionNotAllowed):
        editions.take_into_use(officer, edition, version=edition.version)
    with pytest.raises(TransitionNotAllowed):
        editions.give_up(officer, edition)


def test_the_latest_edition_is_in_use_and_older_ones_stay(officer: Actor) -> None:
    late = make_edition(dated_on=clock.today() - timedelta(days=1))
    make_edition(OPTICS, dated_on=clock.today() - timedelta(days=400))
    assert queries.current_edition() is late
    assert len(queries.editions()) == 2


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.DECISION_MAKER, Role.ADMINISTRATOR])
def test_only_a_screening_officer_imports(app: Flask, role: Role) -> None:
    with pytest.raises(Forbidden):
        editions.upload(make_actor(role), sent())
