"""Verbs on a plan's workbook: written out, taken in, looked at, saved.

An uploaded workbook lies in the store until it is saved, replaced by the next one or a month old. It is read anew each
time, so what is saved is what the file says, held against the plan as it stands at that moment.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.applications import naming, plan_service, stated, workbook_queries
from app.applications.models import Application
from app.applications.typed import Plan
from app.applications.workbook import checking, plain, reader, words, writer
from app.applications.workbook.differences import Difference, differences
from app.applications.workbook.layout import VERSION, label_of
from app.applications.workbook.plain import Plain
from app.applications.workbook.reader import NotThisPlan, Problem, Reading
from app.core import audit, authz, clock, storage, tabular
from app.core.authz import SYSTEM, Actor
from app.core.db import db
from app.core.errors import GuardsFailed, Refused, TransitionNotAllowed
from app.core.i18n import language
from app.core.sentences import N_, Sentence
from app.core.storage import FileKind, StoredFile
from app.core.tabular import FileRefused
from app.directory import countries

KEPT_DAYS = 30
OTHER_COUNTRY = N_("The directory has this organization in %(country)s. Write that, or another name.")


@dataclass(frozen=True, slots=True)
class Look:
    """What saving a workbook would do: the differences by section, or the problems that forbid it.

    `plan`: as it would then be, for the rules to judge; None where there are problems or nothing differs.

    `is_outdated`: the plan was changed after the workbook was made. `is_earlier`: it has an earlier format.
    """

    differences: dict[str, list[Difference]]
    problems: list[Problem]
    read: Plain
    plan: Plan | None
    is_outdated: bool
    is_earlier: bool


def export(application: Application, *, with_contacts: bool) -> bytes:
    """The plan as a workbook; without `with_contacts` no e-mail address and no telephone number stands in it."""
    host = application.host_institution
    known: list[tuple[Any, Callable[[], Any]]] = [
        (_l("Host institution"), lambda: host.name),
        (_l("Round"), lambda: application.call.title),
        (_l("Course"), lambda: application.course.name),
    ]
    about = writer.About(
        plan=application.public_id,
        plan_version=application.version,
        reference=application.reference or "",
        known=[(words.both(label), words.in_both(say)) for label, say in known],
        with_contacts=with_contacts,
    )
    return writer.write(plain.of(application), about)


def upload(actor: Actor, application: Application, *, data: bytes, filename: str) -> StoredFile:
    """Take a workbook in; earlier ones of the same person for the plan go.

    Raises: Forbidden; TransitionNotAllowed (not editable, too late); Refused beside `file` when it cannot be read, is
    none of ours, of an unknown version, or of another plan.
    """
    plan_service.require_open(actor, application)
    try:
        _read(data, filename, application)
    except FileRefused as refusal:
        raise Refused({"file": [refusal.sentence]}) from refusal
    except NotThisPlan as refusal:
        raise Refused({"file": refusal.problems}) from refusal
    for earlier in storage.files_of(application, FileKind.PLAN_WORKBOOK):
        if earlier.uploaded_by_id == actor.id:
            storage.remove(earlier)
    stored = storage.save(
        BytesIO(data),
        filename,
        kind=FileKind.PLAN_WORKBOOK,
        subject=application,
        actor=actor,
        institution_id=application.host_institution_id,
    )
    audit.record(actor, "application:upload-workbook", application)
    return stored


def _read(data: bytes, filename: str, application: Application) -> Reading:
    if tabular.judge(data, filename) != ".xlsx":
        raise NotThisPlan(Sentence(reader.NOT_OURS))
    reading = reader.read(tabular.read(data, filename, with_hidden=True))
    if reading.meta.plan != application.public_id:
        raise NotThisPlan(
            Sentence(N_("This workbook belongs to another plan. Take the workbook from the page of this plan."))
        )
    return reading


def look(application: Application, stored: StoredFile) -> Look:
    """What saving an uploaded workbook would change in the plan as it stands now. Changes nothing."""
    with storage.open_file(stored) as file:
        reading = _read(file.read(), stored.name, application)
    now = plain.of(application)
    checked = checking.check(reading, now)
    _follow_directory(application, checked)
    found = differences(now, checked.plain)
    return Look(
        differences=found,
        problems=checked.problems,
        read=checked.plain,
        plan=stated.over(application, checked.plain, found) if found and not checked.problems else None,
        is_outdated=reading.meta.plan_version != application.version,
        is_earlier=reading.meta.version != VERSION,
    )


def _follow_directory(application: Application, checked: checking.Checked) -> None:
    """Partners of the directory have its name and country, as they will once they are saved."""
    meant = naming.organizations(checked.plain["partners"]["rows"], application.partners)
    cells = [row.cells for row in checked.reading.sections["partners"].rows]
    # Rows and cells run side by side only while every row was understood.
    for place, (row, organization) in enumerate(zip(checked.plain["partners"]["rows"], meant, strict=True)):
        if organization is None:
            continue
        cell = cells[place].get("country") if len(cells) == len(checked.plain["partners"]["rows"]) else None
        if cell is not None and row["country"] not in ("", organization.country):
            sentence = Sentence(OTHER_COUNTRY, country=countries.name(organization.country, language()))
            checked.problems.append(Problem(cell.cell, "partners", "country", cell.shown, sentence))
        row["organization"] = organization.name_en or organization.name_ja
        row["country"] = organization.country


def told(problem: Problem) -> str:
    """A problem in one sentence."""
    label = label_of(problem.section, problem.key)
    where = f"{problem.cell} {label}".strip()
    if not problem.found:
        return _("%(where)s: %(expected)s", where=where, expected=problem.expected)
    return _("%(where)s: found “%(found)s”. %(expected)s", where=where, found=problem.found, expected=problem.expected)


def confirm(actor: Actor, application: Application, stored: StoredFile, *, version: int | None = None) -> list[str]:
    """Save every section in which the workbook differs, all or none; returns their names. The file then goes.

    `version`: the plan's when its reader looked at the differences. Raises: Forbidden; TransitionNotAllowed (not
    editable, too late, nothing differs); Stale; GuardsFailed with what is wrong in the workbook.
    """
    plan_service.require_open(actor, application, version)
    found = look(application, stored)
    if found.problems:
        raise GuardsFailed(*(told(problem) for problem in found.problems))
    if not found.differences:
        raise TransitionNotAllowed(_("The workbook says what the plan says already."))
    changed = list(found.differences)
    with db.session.begin_nested():
        for section in changed:
            SAVE[section](actor, application, found.read[section])
            if section == "partners" and "people" not in changed:
                _save_people(actor, application, found.read["people"])
    storage.remove(stored)
    changes = {section: [None, len(found.differences[section])] for section in changed}
    audit.record(actor, "application:read-workbook", application, changes=changes)
    return changed


def discard(actor: Actor, application: Application, stored: StoredFile) -> None:
    """Give an uploaded workbook up, whatever stands in it; the plan stays as it is. Raises: Forbidden."""
    authz.require(actor, "application:edit", application)
    storage.remove(stored)
    audit.record(actor, "application:drop-workbook", application)


def _save_people(actor: Actor, application: Application, section: dict[str, Any]) -> None:
    """People come from the partners as they stand now, in the workbook's order."""
    partners = ["", *(str(partner.id) for partner in application.partners)]
    plan_service.save_people(actor, application, stated.people(section, partners))


def _save_budget(actor: Actor, application: Application, section: dict[str, Any]) -> None:
    """A workbook does not say which guide rate a cost is counted by: one that is still the same keeps its own."""
    held = {(line.kind, line.description): line.rate_key for line in application.budget}
    rows = stated.VALUES["budget"](section)["rows"]
    keyed = [{**row, "rate_key": held.get((row["kind"], row["description"]), "")} for row in rows]
    plan_service.save_budget(actor, application, keyed)


def _save(name: str, verb: Callable[..., None]) -> Callable[[Actor, Application, dict[str, Any]], None]:
    return lambda actor, application, section: verb(actor, application, **stated.VALUES[name](section))


SAVE: dict[str, Callable[[Actor, Application, dict[str, Any]], None]] = {
    "overview": _save("overview", plan_service.save_overview),
    "partners": _save("partners", plan_service.save_partners),
    "itinerary": _save("itinerary", plan_service.save_itinerary),
    "people": _save_people,
    "budget": _save_budget,
    "safety": _save("safety", plan_service.save_safety),
}


def drop_old() -> int:
    """Delete uploaded workbooks that were never saved; returns how many. Safe to repeat."""
    left = workbook_queries.workbooks_before(clock.now() - timedelta(days=KEPT_DAYS))
    for stored in left:
        storage.remove(stored)
        audit.record(SYSTEM, "application:drop-workbook", stored)
    return len(left)
