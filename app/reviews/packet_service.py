"""The packet for reading without a network, and the score sheets that come back from it."""

import json
import shutil
import tempfile
import zipfile
from collections.abc import Sequence
from typing import IO, Literal

from flask_babel import gettext as _

from app.applications import file_queries
from app.applications.file_model import PlanFile
from app.core import audit, authz, clock, storage
from app.core.authz import Actor
from app.core.errors import Refused, Stale, TransitionNotAllowed
from app.core.tabular import FileRefused
from app.reviews import criteria_queries, reading, scoring_queries, scoring_service, scoring_sheet, sheet_book
from app.reviews.models import ReviewAssignment
from app.reviews.scoring_models import Criterion, Review
from app.reviews.sheet_book import Page, Returned
from app.reviews.vocabulary import READING, AssignmentState

Language = Literal["ja", "en"]
IN_MEMORY = 8 * 1024 * 1024  # bytes of a packet, before it goes to the disk


def assigned(actor: Actor) -> list[ReviewAssignment]:
    """The plans the actor reads and has not finished; only those taken on without a conflict."""
    held = scoring_queries.mine_with_plans(actor, (AssignmentState.ACCEPTED,))
    return [found for found in held if reading.is_readable(found.application)]


def packet(actor: Actor, *, language: Language) -> IO[bytes]:
    """Every plan the actor has yet to score as PDF and JSON with the files that came with it, and one workbook of score
    sheets, as an open ZIP file; a large one lies on the disk, not in memory.

    No expert is named in it. Leaves an audit entry. Raises: Forbidden; Refused when there is nothing to read.
    """
    authz.require_role(actor, "review:write")
    held = assigned(actor)
    if not held:
        raise Refused({"": [_("There is no plan for you to read offline now.")]})
    stream = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 -- whoever reads it closes it
    at = clock.now()
    files = file_queries.submitted_of([assignment.application_id for assignment in held])
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for assignment in held:
            plan = reading.for_expert(assignment.application)
            data = {"assignment": assignment.public_id, **reading.as_json(plan)}
            archive.writestr(f"{plan.reference}/plan.pdf", reading.pdf(plan, language=language, at=at))
            archive.writestr(f"{plan.reference}/plan.json", json.dumps(data, ensure_ascii=False, indent=1))
            _add_files(archive, f"{plan.reference}/files", files.get(assignment.application_id, ()))
        archive.writestr("score-sheets.xlsx", sheet_book.write(_pages(held)))
    audit.record(actor, "review:packet", held[0].reviewer, changes={"plans": [None, len(held)]})
    stream.seek(0)
    return stream


def _add_files(archive: zipfile.ZipFile, folder: str, files: Sequence[PlanFile]) -> None:
    """The files of a plan under their names, numbered: two may have the same one."""
    for number, file in enumerate(files, 1):
        with storage.open_file(file.stored) as content, archive.open(f"{folder}/{number:02} {file.name}", "w") as entry:
            shutil.copyfileobj(content, entry)


def _pages(held: list[ReviewAssignment]) -> list[Page]:
    reviews = scoring_queries.reviews_of(held)
    criteria = criteria_queries.of_courses({assignment.application.course_id for assignment in held})
    return [_page(found, reviews.get(found.id), criteria.get(found.application.course_id, [])) for found in held]


def _page(assignment: ReviewAssignment, review: Review | None, criteria: list[Criterion]) -> Page:
    application = assignment.application
    return Page(
        assignment=assignment.public_id,
        version=review.version if review else 0,
        reference=application.reference or "",
        theme=application.told_theme,
        criteria=criteria,
        sheet=scoring_sheet.of(review, criteria),
    )


def take_back(actor: Actor, *, data: bytes, filename: str) -> int:
    """Save the sheets of a workbook as drafts: all of them, or none. Returns how many were changed.

    Raises: Forbidden; Refused with a sentence for each cell that does not fit, for sheets that were changed here after
    the packet was taken, and for those that can no longer be written.
    """
    authz.require_role(actor, "review:write")
    held = {found.public_id: found for found in scoring_queries.mine_with_plans(actor, READING)}
    pages = {page.assignment: page for page in _pages(list(held.values()))}
    try:
        known = {code: page.criteria for code, page in pages.items()}
        returned, wrong = sheet_book.read(data, filename, known)
    except FileRefused as refusal:
        raise Refused({"file": [refusal.sentence]}) from refusal
    if wrong:
        raise Refused({"file": wrong})
    changed = {code: sheet for code, sheet in returned.items() if sheet.sheet() != pages[code].sheet}
    for code, sheet in changed.items():
        wrong += _save(actor, held[code], sheet)
    if wrong:
        raise Refused({"file": wrong})
    if changed:
        reviewer = next(iter(held.values())).reviewer
        audit.record(actor, "review:take-sheets", reviewer, changes={"sheets": [None, len(changed)]})
    return len(changed)


def _save(actor: Actor, assignment: ReviewAssignment, sheet: Returned) -> list[str]:
    """Save one sheet as a draft; what is in the way, in words that name its first cell."""
    named = {"cell": sheet.cell, "plan": assignment.application.reference}
    try:
        scoring_service.save_draft(actor, assignment, sheet.sheet(), version=sheet.version or None)
    except Stale:
        return [_("From cell %(cell)s: the sheet of %(plan)s was changed here after the packet was taken.", **named)]
    except TransitionNotAllowed as refusal:
        return [f"{_('From cell %(cell)s, %(plan)s:', **named)} {refusal.problems[0]}"]
    return []
