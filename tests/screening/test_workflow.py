"""The whole table of a screening case."""

from app.screening.vocabulary import CaseState as S
from app.screening.workflow import CASE

EXPECTED = {
    "find": ({S.CLEAR, S.CLEARED, S.CONDITIONS}, S.EXAMINE, "screening:screen"),
    "lose": ({S.EXAMINE}, S.CLEAR, "screening:screen"),
    "clear": ({S.EXAMINE, S.CLEARED, S.CONDITIONS}, S.CLEARED, "screening:examine"),
    "condition": ({S.EXAMINE, S.CLEARED, S.CONDITIONS}, S.CONDITIONS, "screening:examine"),
    "hold": ({S.CLEAR, S.EXAMINE, S.CLEARED, S.CONDITIONS}, S.HOLD, "screening:examine"),
    "lift_clear": ({S.HOLD}, S.CLEARED, "screening:lift"),
    "lift_condition": ({S.HOLD}, S.CONDITIONS, "screening:lift"),
}


def test_the_table_is_as_expected() -> None:
    found = {step.verb: (set(step.sources), step.target, step.permission) for step in CASE.transitions}
    assert found == EXPECTED


def test_out_of_a_hold_lead_only_the_verbs_of_two_persons() -> None:
    assert {step.verb for step in CASE.transitions if S.HOLD in step.sources} == {"lift_clear", "lift_condition"}
