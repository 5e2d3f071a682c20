"""Entering a register: once, twice, with corrections by people in between."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.core.audit import AuditEvent
from app.core.authz import SYSTEM
from app.core.db import db
from app.directory import commands
from app.directory.importing import Report, import_ror
from app.directory.models import ExternalId, Organization, OrganizationAlias, OrganizationState, Side
from tests.directory.test_ror import EXCERPT, KYOTO, RECORDS


def run(records: list[Any]) -> Report:
    return import_ror(SYSTEM, records)


def organization(ror_id: str) -> Organization:
    found = db.session.scalar(
        select(Organization)
        .join(ExternalId)
        .where(ExternalId.scheme == "ror", ExternalId.value == ror_id)
        .execution_options(populate_existing=True)
    )
    assert found is not None
    return found


def changed(ror_id: str = KYOTO, **values: Any) -> list[dict[str, Any]]:
    records = copy.deepcopy(RECORDS)
    next(row for row in records if row["id"] == ror_id).update(values)
    return records


@pytest.fixture
def imported(app: Flask) -> Report:
    return run(RECORDS)


def test_import_enters_every_record(imported: Report) -> None:
    assert (imported.created, imported.updated, imported.unchanged) == (len(RECORDS), 0, 0)
    assert imported.skipped.total() == 0
    assert db.session.scalar(select(func.count()).select_from(Organization)) == len(RECORDS)
    assert db.session.scalar(select(func.count()).select_from(AuditEvent)) == len(RECORDS)


def test_import_repeated_changes_nothing(imported: Report) -> None:
    again = run(RECORDS)
    assert (again.created, again.updated, again.unchanged) == (0, 0, len(RECORDS))
    assert db.session.scalar(select(func.count()).select_from(AuditEvent)) == len(RECORDS)


def test_hosts_are_listed_and_sending_organizations_take_part(imported: Report) -> None:
    kyoto = organization(KYOTO)
    assert (kyoto.side, kyoto.state) == (Side.HOST, OrganizationState.LISTED)
    abroad = db.session.scalars(select(Organization).where(Organization.side == Side.SENDING)).all()
    assert {row.state for row in abroad} <= {OrganizationState.ACTIVE, OrganizationState.WITHDRAWN}


def test_links_reach_records_later_in_the_file(app: Flask) -> None:
    for order in (RECORDS, RECORDS[::-1]):
        report = run(order)
        children = db.session.scalars(
            select(Organization).where(Organization.parent_id == organization(KYOTO).id)
        ).all()
        assert len(children) >= 3
        assert report.linked["successor"] >= 4


def test_withdrawn_record_is_kept_and_leads_to_its_successor(imported: Report) -> None:
    gone = [row for row in RECORDS if row["status"] != "active"]
    assert imported.gone == len(gone)
    led = 0
    for row in gone:
        kept = organization(row["id"])
        assert kept.state is OrganizationState.WITHDRAWN
        led += kept.successor is not None
    assert led >= 2


def test_links_that_leave_the_file_are_counted(imported: Report) -> None:
    known = {row["id"] for row in RECORDS}
    outside = [
        link for row in RECORDS for link in row["relationships"] if link["type"] == "parent" and link["id"] not in known
    ]
    assert imported.left_out["parent_not_in_directory"] == len(outside)


def test_new_edition_changes_what_the_register_changed(imported: Report) -> None:
    names = [{"value": "Kyoto University", "types": ["ror_display", "label"], "lang": "en"}]
    names += [
        {"value": "京都大学校", "types": ["label"], "lang": "ja"},
        {"value": "KU", "types": ["acronym"], "lang": None},
    ]
    report = run(changed(names=names))
    kyoto = organization(KYOTO)
    assert (report.updated, report.unchanged) == (1, len(RECORDS) - 1)
    assert kyoto.name_ja == "京都大学校"
    assert [alias.name for alias in kyoto.aliases] == ["KU"]
    assert " ku" in kyoto.search_text


def test_new_edition_keeps_what_people_corrected(imported: Report) -> None:
    kyoto = organization(KYOTO)
    kyoto.name_en = "Kyoto University (corrected)"
    kyoto.aliases.append(OrganizationAlias(name="Kyodai", kind="added"))
    db.session.flush()
    names = [{"value": "University of Kyoto", "types": ["ror_display", "label"], "lang": "en"}]
    report = run(changed(names=names))
    kyoto = organization(KYOTO)
    db.session.refresh(kyoto)
    assert kyoto.name_en == "Kyoto University (corrected)"
    assert "Kyodai" in [alias.name for alias in kyoto.aliases]
    assert report.left_out["corrected_by_people"] == 1


def test_host_that_takes_part_is_not_closed_by_a_register(imported: Report) -> None:
    kyoto = organization(KYOTO)
    kyoto.state = OrganizationState.ACTIVE
    db.session.flush()
    report = run(changed(status="inactive"))
    db.session.refresh(kyoto)
    assert kyoto.state is OrganizationState.ACTIVE
    assert report.left_out["gone_but_taking_part"] == 1


def test_unreadable_and_repeated_records_are_counted_by_reason(app: Flask) -> None:
    report = run([RECORDS[0], RECORDS[0], None, {**RECORDS[1], "id": "https://ror.org/0000000000"}])
    assert report.created == 1
    assert dict(report.skipped) == {"twice_in_file": 1, "not_a_record": 1, "bad_identifier": 1}


def test_host_gets_the_prefecture_of_its_city(imported: Report) -> None:
    hosts = db.session.scalars(select(Organization).where(Organization.side == Side.HOST)).all()
    assert all(host.prefecture for host in hosts if host.city in ("Kyoto", "Tokyo"))


def test_command_reports_and_refuses_what_is_no_dump(app: Flask, tmp_path: Path) -> None:
    runner = app.test_cli_runner()
    first = runner.invoke(commands.import_ror_command, [str(EXCERPT)])
    assert first.exit_code == 0
    assert f"{len(RECORDS)} created, 0 updated, 0 unchanged" in first.output
    broken = tmp_path / "broken.json"
    broken.write_text("{", encoding="utf-8")
    assert "is not the JSON of a ROR dump" in runner.invoke(commands.import_ror_command, [str(broken)]).output
    broken.write_text(json.dumps({"items": []}), encoding="utf-8")
    assert "expected a list of records" in runner.invoke(commands.import_ror_command, [str(broken)]).output


def test_every_reason_has_words() -> None:
    from_report = {"twice_in_file", "number_taken", "corrected_by_people", "gone_but_taking_part"}
    links = {f"{kind}_{end}" for kind in ("parent", "successor") for end in ("not_in_directory",)}
    assert from_report | links | {"second_parent", "second_successor"} <= set(commands.REASONS)
