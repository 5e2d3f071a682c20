"""What the rules would say of a plan by today's rules, where that is not what was frozen at its submission.

The officer decides by what was frozen: the host was told those rules. What changed since is shown beside it, so that
nobody wonders why the guidelines read otherwise.
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.applications import facts, panel, snapshot
from app.applications.models import Application
from app.calls.rules import Verdict


class Change(enum.StrEnum):
    """How a rule differs today."""

    RESULT = "result"
    WORDS = "words"
    ADDED = "added"
    REMOVED = "removed"

    @property
    def label(self) -> Any:
        return CHANGE_LABELS[self]


CHANGE_LABELS = {
    Change.RESULT: _l("would be judged otherwise today"),
    Change.WORDS: _l("reads otherwise today"),
    Change.ADDED: _l("came later"),
    Change.REMOVED: _l("does not exist any more"),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """A rule that is not today what it was at the submission; its words then and now ("" where there is none)."""

    label: str
    change: Change
    then: str
    now: str


def submission(application: Application) -> list[Difference]:
    """The differences, in the reader's language. Reads the guide rates at most."""
    then = {kept["rule"]: kept for kept in snapshot.frozen_verdicts(application)}
    now = {verdict.rule: verdict for verdict in facts.judge(application, application.submitted_at)}
    found = [
        Difference(kept["label"], Change.REMOVED, _words(kept), "") for rule, kept in then.items() if rule not in now
    ]
    for rule, verdict in now.items():
        today = {name: getattr(verdict, name) for name in panel.NAMES}
        if rule not in then:
            found.append(Difference(verdict.label, Change.ADDED, "", _words(today)))
        elif (change := _change(then[rule], verdict)) is not None:
            found.append(Difference(verdict.label, change, _words(then[rule]), _words(today)))
    return found


def _change(kept: Mapping[str, Any], verdict: Verdict) -> Change | None:
    if kept["holds"] != verdict.holds or kept["severity"] != verdict.severity.value:
        return Change.RESULT
    same = kept["clause"] == verdict.clause and kept["text"] == verdict.text
    return None if same else Change.WORDS


def _words(verdict: Mapping[str, Any]) -> str:
    return _("%(clause)s: %(text)s %(message)s", **{name: verdict[name] for name in ("clause", "text", "message")})
