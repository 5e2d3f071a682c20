"""Judging a plan by the rules of its course: one verdict per rule, each with its clause."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from app.calls.check import Limit, Stage
from app.calls.checks import CHECKS, Check
from app.calls.facts import PlanFacts
from app.calls.models import Course, Rule, Severity


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one rule says about a plan, in the reader's language."""

    rule: str  # public id of the rule
    version: int  # of the rule, raised with every change of it
    check_name: str
    holds: bool | None  # None: cannot be told yet
    severity: Severity
    clause: str
    label: str  # what the rule is about, in two or three words
    text: str  # the rule's sentence
    message: str  # what is the case, or what is missing
    section: str  # section of the plan in which it is put right
    field: str
    measured: Any
    limit: Any
    awaits_people: bool = False  # answered by the roster, not by the plan

    @property
    def blocks_submission(self) -> bool:
        """Whether a plan with this verdict cannot be submitted: a rule that must hold fails or has no answer yet.

        What only the roster can tell (ages) is awaited, not demanded; it does block once it is known and fails.
        """
        return keeps_from_submitting(self.severity, self.holds, self.awaits_people)


def keeps_from_submitting(severity: Severity, holds: bool | None, awaits_people: bool) -> bool:
    """Whether a rule with that answer stops a submission; `awaits_people`: only the roster can tell."""
    if severity is not Severity.BLOCKS or holds is True:
        return False
    return holds is False or not awaits_people


def judge(course: Course, facts: PlanFacts) -> list[Verdict]:
    """Verdicts of all rules of a course on a plan, in the guidelines' order. Pure: reads nothing but its arguments."""
    return [judge_rule(rule, facts) for rule in course.rules if rule.check_name in CHECKS]


def judge_rule(rule: Rule, facts: PlanFacts) -> Verdict:
    """The verdict of one rule."""
    check: Check = CHECKS[rule.check_name]
    limit: Limit = rule.limit
    found = check.function(facts, limit)
    return Verdict(
        rule=rule.public_id,
        version=rule.version,
        check_name=rule.check_name,
        holds=found.holds,
        severity=rule.severity,
        clause=rule.clause,
        label=str(check.label),
        text=rule.text,
        message=found.message,
        section=check.section,
        field=check.field,
        measured=found.measured,
        limit=found.limit,
        awaits_people=check.stage is Stage.PEOPLE,
    )


def version_of(course: Course) -> str:
    """The version of a course's rules: rules that ask and say the same have the same one, in whatever order they stand.

    It moves with whatever a coordinator changes: numbers, severity, clause, sentence, a rule added or removed.
    """
    told = sorted(
        [
            rule.check_name,
            json.dumps(rule.limit, sort_keys=True),
            rule.severity.value,
            rule.clause_ja,
            rule.clause_en,
            rule.text_ja,
            rule.text_en,
        ]
        for rule in course.rules
        if rule.check_name in CHECKS
    )
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()[:12]


def blocking(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """The verdicts because of which a plan cannot be submitted."""
    return [verdict for verdict in verdicts if verdict.blocks_submission]
