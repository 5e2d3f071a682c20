"""Rows 10-45 of the authorization contract, each tried by somebody of every column, in the states the row names."""

import pytest
from flask import Flask
from sqlalchemy import update

from app.accounts.models import UserSession
from app.applications import proposing
from app.core.db import db
from tests.architecture import contract_probes, contract_rows_decisions
from tests.architecture.contract_rows import BY_ANOTHER_WAY, COLUMNS, DIFFERS, NO, rows
from tests.architecture.contract_stage import Stage
from tests.factories.decisions import make_change

ROWS = rows()
PROBES = contract_probes.PROBES | contract_rows_decisions.PROBES


@pytest.mark.parametrize("number", sorted(PROBES))
def test_row_holds_for_everybody(app: Flask, number: int) -> None:
    row, stage, wrong = ROWS[number], Stage(app), {}
    for who in (*COLUMNS, "RC"):
        with stage.undone():
            could = PROBES[number](stage, who)
        if could is not row.allows(who):
            wrong[who] = f"{'could' if could else 'could not'}, the contract says {row.cells[who]}"
    assert not wrong, f"row {number}, {row.action}: {wrong}"


def test_every_row_is_tried() -> None:
    assert PROBES.keys() == ROWS.keys() == set(range(10, 46))


def test_what_differs_is_a_cell_of_the_contract_and_says_why() -> None:
    for (number, column), (_cell, why) in DIFFERS.items():
        assert column in COLUMNS and number in ROWS and why.endswith(".")
    for number, column in BY_ANOTHER_WAY:
        assert ROWS[number].cells[column] != NO


@pytest.mark.parametrize("who", ["CO", "DE"])
def test_a_list_leaves_only_after_the_password_and_with_a_reason(app: Flask, who: str) -> None:
    """Row 24, cells «s»."""
    stage = Stage(app)
    assert not stage.sends(who, "/applications/export", {"reason": " "})
    db.session.execute(update(UserSession).values(confirmed_at=None))
    db.session.flush()
    assert not stage.sends(who, "/applications/export", {"reason": "For the meeting."})


def test_an_auditor_reads_plans_without_contacts(app: Flask) -> None:
    """Rows 17 and 23, cells «m»."""
    stage = Stage(app)
    plan = stage.plan("under_review")
    text = stage.client("AU").get(f"/applications/{plan.public_id}").text
    assert plan.theme_en in text
    assert plan.administrative_email not in text and plan.administrative_phone not in text


def test_an_expert_reads_plans_without_contacts(app: Flask) -> None:
    """Row 17, cell «m»."""
    stage = Stage(app)
    plan = stage.plan("under_review")
    text = stage.client("RV").get(f"/reviews/mine/{stage.given(plan)['RV'].public_id}").text
    assert plan.theme_en in text
    assert plan.administrative_email not in text and "Dr. Sita Sharma" not in text


def test_nobody_approves_what_they_proposed_themselves(app: Flask) -> None:
    """Row 38, cell «4», and row 39: whoever proposes a change cannot approve it, though a decision-maker."""
    stage = Stage(app)
    proposal = make_change(stage.plan("adopted"), by=stage.actor("DE"))
    assert not stage.sends("DE", f"/applications/proposals/{proposal.public_id}/approve-change", {})
    assert stage.does("DE", lambda actor: proposing.withdraw(actor, proposal))


def test_a_published_result_changes_only_after_the_password(app: Flask) -> None:
    """Row 39, cell «s»."""
    stage = Stage(app)
    proposal, client = make_change(stage.plan("adopted")), stage.client("DE")
    db.session.execute(update(UserSession).values(confirmed_at=None))
    db.session.flush()
    answer = client.post(f"/applications/proposals/{proposal.public_id}/approve-change", data={})
    assert (answer.location or "").startswith("/confirm")
