"""Every verb in the audit log has words."""

import ast
from pathlib import Path

import pytest

from app import wiring
from app.accounts.models import LinkPurpose
from app.checking.vocabulary import Outcome
from app.core import verbs
from app.reviews.feedback_service import Rule

APP = Path(__file__).parents[2] / "app"
SOURCES = [path for path in sorted(APP.rglob("*.py")) if "audit.record(" in path.read_text(encoding="utf-8")]
# Verbs put together from parts: what each of them may become.
COMPOSED = {
    "f'check:{outcome.value}'": {f"check:{outcome.value}" for outcome in Outcome},
    "f\"feedback:{rule.value.replace('_', '-')}\"": {f"feedback:{rule.value.replace('_', '-')}" for rule in Rule},
    "f'{self.name}:{verb}'": set(),  # the workflow engine's own: the transitions
    "f'{row.__tablename__}:publish'": {"call:publish", "course:publish"},
    "f\"link:{purpose.value.replace('_', '-')}\"": {f"link:{kind.value.replace('_', '-')}" for kind in LinkPurpose},
}


def recorded(path: Path) -> set[str]:
    """The verbs a module writes: literals in the call, or those given to the variable `verb` in it."""
    found: set[str] = set()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "audit.record":
            found |= _literals(node.args[1])
        elif isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == ["verb"]:
            found |= {verb for verb in _literals(node.value) if ":" in verb}
    return found


def _literals(node: ast.expr) -> set[str]:
    if isinstance(node, ast.JoinedStr):
        assert ast.unparse(node) in COMPOSED, "say here what verbs this may become"
        return COMPOSED[ast.unparse(node)]
    return {part.value for part in ast.walk(node) if isinstance(part, ast.Constant) and isinstance(part.value, str)}


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(APP)))
def test_every_verb_written_to_the_log_has_a_label(path: Path) -> None:
    assert {verb for verb in recorded(path) if verb not in verbs.known()} == set()


@pytest.mark.usefixtures("app")
def test_every_transition_has_a_label() -> None:
    for workflow in wiring.WORKFLOWS:
        for step in workflow.transitions:
            assert verbs.label_of_verb(f"{workflow.name}:{step.verb}") == step.label


def test_unknown_verb_is_shown_as_written() -> None:
    assert verbs.label_of_verb("museum:visit") == "museum:visit"
