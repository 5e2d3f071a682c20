"""What happened, in words: the label of every verb the audit log may hold, in the reader's language.

`app.wiring` fills the table once: from the workflows, and from `app.insight.verbs` for verbs that are no transition.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from app.core.workflow import Workflow

_labels: dict[str, Any] = {}


def register(labels: Mapping[str, Any]) -> None:
    """Add labels: {"roster:add": lazy sentence}. Start-up may run twice: the last word counts."""
    _labels.update(labels)


def register_workflows(workflows: Iterable[Workflow]) -> None:
    """Add the transitions of workflows as the engine records them: "<workflow>:<verb>"."""
    for workflow in workflows:
        register({f"{workflow.name}:{step.verb}": step.label for step in workflow.transitions})


def label_of_verb(verb: str) -> Any:
    """The label of a verb; one that this version of the software no longer knows is shown as it was written."""
    return _labels.get(verb, verb)


def known() -> dict[str, Any]:
    """Every verb with its label, ordered by verb: for filters."""
    return dict(sorted(_labels.items()))
