"""Workflows: the page of the docs is the table in the code; each verb names a permission somebody has."""

import pytest
from flask import Flask

from app import cli, wiring
from app.core import authz
from app.core.workflow import Transition


def test_workflow_page_is_up_to_date() -> None:
    assert cli.WORKFLOWS_PAGE.read_text(encoding="utf-8") == cli.workflows_page()


@pytest.mark.parametrize(
    "transition", [t for workflow in wiring.WORKFLOWS for t in workflow.transitions], ids=lambda t: t.verb
)
def test_verb_can_be_used_by_some_role(app: Flask, transition: Transition) -> None:
    assert transition.permission in authz.permissions()
