"""A hundred plans of every year and course, judged the same wherever they are judged.

By the panel of what is typed and of what is stored, by the check before the submission, by the workbook before and
after it is read in, and by the API of the rules.
"""

import html
import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from app.applications import facts, panel, plan_json, stated, workbook_service
from app.applications import workflow as submit_check
from app.applications.facts import TIME_CHECK
from app.applications.models import Application
from app.applications.typed import Plan
from app.applications.workbook import checking, plain, reader, writer
from app.applications.workbook.differences import differences
from app.calls.models import Call
from app.core import clock, tabular, tabular_worker
from app.core.authz import Actor, Role
from app.core.db import db
from app.directory.models import InstitutionKind
from tests.applications.limit_plans import Case, cases
from tests.conftest import Client
from tests.factories.accounts import actor_of, make_user, sign_in
from tests.factories.applications import make_application
from tests.factories.calls import make_call, make_course
from tests.factories.directory import make_host

PLANS = 100
NOW = datetime(2026, 4, 1, 12, 0, tzinfo=clock.TOKYO)
Verdicts = dict[str, tuple[Any, ...]]


@pytest.fixture(autouse=True)
def one_instant() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


class Desk:
    """One officer with a draft for every course and year, in which plan after plan is entered."""

    def __init__(self, client: Client) -> None:
        self.client, self.host = client, make_host()
        user = make_user(Role.HOST_APPROVER, self.host, locale="en")
        self.actor: Actor = actor_of(user)
        self.drafts: dict[tuple[int, str], Application] = {}
        sign_in(client, user)

    def draft(self, case: Case) -> Application:
        """The draft of the case's course, its round and host as the case has them."""
        if (case.year, case.code) not in self.drafts:
            course = make_course(case.code, case.year)
            call = make_call(case.code, case.year, courses=[course])
            self.drafts[case.year, case.code] = make_application(call=call, course=course, host=self.host)
        draft = self.drafts[case.year, case.code]
        _set_round(draft.call, case)
        self.host.kind = InstitutionKind(case.facts.host_kind)
        db.session.flush()
        return draft


def _set_round(call: Call, case: Case) -> None:
    at, opens, closes = case.facts.at, case.facts.opens_at, case.facts.closes_at
    assert at and opens and closes and case.facts.visits_from and case.facts.visits_until
    call.opens_at, call.closes_at = NOW + (opens - at), NOW + (closes - at)
    call.visits_from, call.visits_until = case.facts.visits_from, case.facts.visits_until


NAMES = ("severity", "section", "field", "measured", "limit")
WORDS = ("label", "message", "clause", "text")


def told(answer: dict[str, Any]) -> Verdicts:
    """The verdicts of the API by check: everything a reader is told of each."""
    return {
        verdict["check"]: (
            {"holds": True, "fails": False, "open": None}[verdict["outcome"]],
            verdict["stops"],
            *(verdict[name] for name in NAMES),
            *(verdict[name]["en"] for name in WORDS),
        )
        for verdict in answer["verdicts"]
    }


def judged(plan: Plan) -> Verdicts:
    """The verdicts the panels are drawn from."""
    return {
        verdict.check_name: (
            verdict.holds,
            verdict.blocks_submission,
            *(getattr(verdict, name) for name in (*NAMES, *WORDS)),
        )
        for verdict in facts.judge(plan)
    }


def lines_of(found: panel.Panel) -> Counter[tuple[str, ...]]:
    shown = Counter(
        ("open" if line.tone == "later" else line.tone, line.label, line.message, line.clause, line.text)
        for line in found.lines
    )
    return shown + Counter(("open", item.text, "", "", "") for item in found.missing)


RULE = re.compile(
    r'<li class="app-rule app-rule--(\w+)">\s*<span class="govuk-visually-hidden">.*?</span>\s*'
    r"<(?:a|strong)[^>]*>(.*?)</(?:a|strong)><br>\s*(.*?)\s*"
    r"<details[^>]*><summary>(.*?)</summary>(.*?)</details>",
    re.DOTALL,
)
MISSING = re.compile(r'<li class="app-rule app-rule--open"><a [^>]*>([^<]*)</a></li>')


def lines_in(page: str) -> Counter[tuple[str, ...]]:
    shown = Counter(tuple(html.unescape(part) for part in line) for line in RULE.findall(page))
    return shown + Counter(("open", html.unescape(text), "", "", "") for text in MISSING.findall(page))


def typed_panel(desk: Desk, draft: Application, section: str, content: dict[str, Any]) -> Counter[tuple[str, ...]]:
    """The panel that answers while a section is typed: what is typed there is sent as a browser would."""
    sent = {"version": "1"} | {name: plain.as_text(value) for name, value in content["fields"].items()}
    partners = ["", *(str(partner.id) for partner in draft.partners)]
    for place, row in enumerate(content["rows"]):
        for name, value in row.items():
            text = partners[value] if name == "partner" else plain.as_text(value)
            sent[f"rows-{place}-{name}"] = text
    answer = desk.client.post(f"/applications/{draft.public_id}/edit/{section}/panel", data=sent)
    assert answer.status_code == 200
    return lines_in(answer.get_data(as_text=True))


def read_in(case: Case, stored: plain.Plain, number: int) -> plain.Plain:
    """The plan as the import takes it out of a workbook: every twentieth out of a file.

    That files keep every text and forms every value is held by `test_workbook_identity.py`.
    """
    plan = case.plan if case.check else plan_json.read(plan_json.write(case.plan))
    if number % 20:
        return plan
    data = writer.write(plan, writer.About("plan", 1, "", []), spare=0)
    book = tabular._from_worker(tabular_worker.read_workbook(data, with_hidden=True), None)
    checked = checking.check(reader.read(book), stored)
    assert checked.problems == []
    return checked.plain


def asked(desk: Desk, case: Case) -> dict[str, Any]:
    question = {
        "fiscal_year": case.year,
        "course": case.code,
        "round": case.code,
        "host_kind": case.facts.host_kind,
        "plan": plan_json.write(case.plan),
    }
    answer = desk.client.post("/api/judge", json=question)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return dict(answer.get_json())


def enter(
    desk: Desk, draft: Application, plan: plain.Plain, changed: set[str], last: str
) -> Counter[tuple[str, ...]] | None:
    """Save a plan in the draft, one section after the other; what the panel says while the last one is typed.

    None of a round that is over: nothing can be typed any more, and the plan was saved before.
    """
    closes_at = draft.call.closes_at
    is_over = closes_at <= NOW
    draft.call.closes_at = NOW + timedelta(days=1) if is_over else closes_at
    for section in (*stated.VALUES, "people"):
        if section in changed and (section != last or section == "partners"):
            workbook_service.SAVE[section](desk.actor, draft, plan[section])
    content = dict(plan[last])
    if last == "partners":  # they stay, for the people who come from them: what is said of them is typed anew
        content["rows"] = [
            {**row, "id": str(partner.id)} for row, partner in zip(content["rows"], draft.partners, strict=True)
        ]
        for partner in draft.partners:
            partner.contact_name = partner.contact_email = partner.prior_notification = ""
    typed = None if is_over else typed_panel(desk, draft, last, content)
    workbook_service.SAVE[last](desk.actor, draft, content)
    draft.call.closes_at = closes_at
    return typed


def check_submission(draft: Application, by_api: dict[str, Any]) -> None:
    """What the guards of the submission say is what the API says: what is missing, what is broken, whether in time."""
    stops = [verdict for verdict in by_api["verdicts"] if verdict["stops"]]
    broken = [
        f"{verdict['label']['en']}: {verdict['message']['en']} ({verdict['clause']['en']})"
        for verdict in stops
        if verdict["check"] != TIME_CHECK
    ]
    is_late = TIME_CHECK in {verdict["check"] for verdict in stops}
    assert [str(problem) for problem in submit_check.keeps_the_rules(draft)] == broken
    missing = [item["text"]["en"] for item in by_api["missing"]]
    assert [str(problem) for problem in submit_check.says_everything(draft)] == missing
    assert (submit_check.is_in_time(draft) is not None) == is_late
    assert by_api["can_be_submitted"] == (not broken and not missing and not is_late)


def test_a_hundred_plans_are_judged_the_same_everywhere(
    app: Flask, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "_write_lists", lambda book: None)  # the same in every workbook, and never read
    desk, sections = Desk(client), [*stated.VALUES, "people"]
    for number, case in enumerate(cases(PLANS)):
        draft = desk.draft(case)
        by_api = asked(desk, case)
        expected = told(by_api)
        with app.test_request_context(headers={"Accept-Language": "en"}):
            now = plain.of(draft)
            read = read_in(case, now, number)
            changed = set(differences(now, read))
            changed |= {"people"} if "partners" in changed else set()
            assert judged(stated.over(draft, read, changed)) == expected, case
            typed = enter(desk, draft, read, changed, sections[number % len(sections)])
            assert judged(draft) == expected, case
            assert typed in (None, lines_of(panel.of(draft))), case
            check_submission(draft, by_api)
        if case.check:
            assert expected[case.check][0] is case.expected, case
