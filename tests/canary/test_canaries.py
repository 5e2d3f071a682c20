"""The canary test in small, on every run: a share of what `python -m tests.canary.run` asks; and it bites."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import JSON, String, Text, select

from app.core.db import Base, db
from tests.canary.asking import speak
from tests.canary.birds import SHAPE, WHO_MAY_KNOW
from tests.canary.crawl import Crawl, Tally
from tests.canary.people import World
from tests.canary.run import picks
from tests.canary.world import Builder

SHARE = 0.002
#: Readers whose secrets and blind spots differ most; the command asks as everybody.
READERS = ("host_approver a", "partner b 1", "expert reading", "expert done", "expert late", "coordinator", "auditor")
#: Pages on which most secrets stand: asked for in any case.
ALWAYS = (
    "/reviews/mine",
    "/reviews/plans/",
    "/plan.pdf",
    "/answer",
    "/mails",
    "/audit",
    "/screening/cases/",
    "/boards/versions/",
    "/api/plans/",
    "/applications",
)
#: Short of the planted ones: words of the programme itself, what a key or digest is, what is sealed or for all to read.
NOT_SECRET = {
    "application.snapshot_sha256": "a digest",
    "application.verdicts": "what the rules said, in numbers",
    "application_partner.typed_name": "partners of the world are of the directory",
    "application_partner.prior_notification": "a number for China alone",
    "application_partner.pledge_source": "how a pledge reached the host",
    "application_partner.filled": "marks",
    "audit_event.actor_name": "names of accounts",
    "board_move.before": "outcomes",
    "board_move.after": "outcomes",
    "board_move.made_by_name": "names of accounts",
    "board_target.measure": "a name of a measure",
    "budget_line.rate_key": "a code",
    "discussion_round.name_ja": "told to the whole panel",
    "discussion_round.name_en": "told to the whole panel",
    "list_edition.sha256": "a digest",
    "list_edition.differences": "numbers of lines",
    "list_edition.uploaded_by_name": "names of accounts",
    "listed_body.categories": "letters of the list",
    "listed_body.digest": "a digest",
    "partner_link.token_hash": "a digest",
    "partner_link.code_hash": "a digest",
    "partner_link.browser_hash": "a digest",
    "plan_roster.sealed_workbook": "sealed",
    "plan_roster.sealed_answers": "sealed",
    "plan_roster.mapping": "columns",
    "plan_roster.result": "numbers",
    "plan_sign_off.content": "the plan itself",
    "plan_sign_off.content_sha256": "a digest",
    "planned_person.katakana": "kana only",
    "planned_person.sealed_number": "sealed",
    "planned_person.number_index": "a keyed index",
    "planned_person.match_reason": "not compared in this world",
    "screening_case.lift_action": "no proposal is open in this world",
    "screening_hit.categories": "letters of the list",
    "screening_note.sealed_text": "sealed",
    "screening_note.written_by_name": "names of accounts",
    "application_step_done.done_by_name": "names of accounts",
    "submission_receipt.snapshot_sha256": "a digest",
    "submission_receipt.files": "digests",
    "submission_receipt.code": "signed for whoever holds it",
    "check_reason.section": "a name of a section",
    "check_sheet.principal_key": "a keyed index",
    "letter_note.recipient": "a key that tells no address",
    "list_task.list_name": "a name of a list",
    "list_task.act_name": "a name of an act",
    "plan_file.added_by_name": "names of accounts and partners",
    "plan_file.removed_by_name": "names of accounts and partners",
    "result_letter.stamp": "a digest",
    "saved_view.list_name": "a name of a list",
    "application.previous_snapshot": "an earlier snapshot, shown as the snapshot is",
    "application_calendar.token_hash": "a digest",
}
WATCHED = (
    "application",
    "board",
    "budget",
    "check",
    "conflict",
    "decision",
    "discussion",
    "feedback",
    "formal_check",
    "itinerary",
    "letter",
    "list",
    "partner_link",
    "plan",
    "result_letter",
    "review",
    "saved_view",
    "screening",
    "section",
    "similar",
    "submission_receipt",
)


@pytest.fixture
def world(app: Flask) -> Iterator[World]:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    yield Builder(app).build()
    app.config["PROPAGATE_EXCEPTIONS"] = None


def _asked(path: str) -> bool:
    some = picks(SHARE, "suite")
    often = picks(0.025, "suite")
    return some(path) or (any(part in path for part in ALWAYS) and often(path))


def test_nobody_finds_a_foreign_word(app: Flask, world: World) -> None:
    tally = Tally()
    for language, readers in (("en", READERS[::2]), ("ja", READERS[1::2])):
        speak(world, language)
        Crawl(app, world, tally, language, _asked).run(readers)
    assert not tally.leaks, "\n".join(f"{finding} | {where}" for finding, where in tally.leaks.items())
    assert tally.total > 500
    assert len({kind for _who, kind in tally.seen}) > 20  # and everybody sees what is their own


def _columns() -> Iterator[tuple[str, Any]]:
    """The texts of the features under watch."""
    for name, table in Base.metadata.tables.items():
        if not name.startswith(WATCHED):
            continue
        for column in table.columns:
            is_text = isinstance(column.type, String | Text | JSON) and getattr(column.type, "enums", None) is None
            if is_text and (getattr(column.type, "length", None) or 999) >= 60:
                yield f"{name}.{column.name}", column


def _bare() -> list[str]:
    """The texts under watch that carry no word and are not said to be no secret."""
    bare = []
    for name, column in _columns():
        if name in NOT_SECRET:
            continue
        held = " ".join(str(value) for value in db.session.scalars(select(column)) if value)
        if not SHAPE.search(held):
            bare.append(name)
    return bare


def test_every_text_carries_a_word_and_a_foreign_one_is_found(app: Flask, world: World) -> None:
    """A new column is planted, or said to be no secret. And the crawl bites: a page greets all with a plan's theme."""
    bare = _bare()
    assert not bare, "\n".join(bare)
    assert {bird.kind for bird in world.aviary.birds.values()} == set(WHO_MAY_KNOW)
    place, plan = world.places["read b"]
    tally, greeting = Tally(), plan.theme_en
    shown = app.view_functions["home.index"]
    app.view_functions["home.index"] = lambda: greeting
    try:
        speak(world, "en")
        crawl = Crawl(app, world, tally, "en", lambda what: what.endswith(" /"))
        crawl.run(["host_editor a", "host_editor b"], ["get"])
    finally:
        app.view_functions["home.index"] = shown
    assert set(tally.leaks) == {"host_editor a sees theme (home.index)"}, (place, tally.leaks)
