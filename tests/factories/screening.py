"""Editions of the foreign user list, and how plans stand with them."""

import io
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from openpyxl import Workbook
from sqlalchemy import func, select

from app.applications.models import Application
from app.core import clock, storage
from app.core.authz import SYSTEM
from app.core.db import db, new_public_id
from app.screening import screening
from app.screening.bodies import Body
from app.screening.models import ListedBody, ListEdition, ScreeningCase, ScreeningNote
from app.screening.vocabulary import CaseState, EditionState, NoteKind
from tests.factories.accounts import make_user

HEAD = ("No.", "Country or Region", "Company or Organization", "Also Known As", "Type of WMD / Conventional Weapons")
ROCKETS = Body(1, "Islamia", "Lanjiang Rocket Propulsion Institute", ("蘭江火箭推進", "LRPI"), ("M",))
OPTICS = Body(2, "Borealia", "Uralskoye Optical Instruments Works", (), ("N", "CW"))


def workbook_of(bodies: Iterable[Body], *, head: tuple[str, ...] = HEAD) -> bytes:
    """The list as METI publishes it: a title, its head, a line for each body, other names one below the other."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Foreign User List"])
    sheet.append([])
    sheet.append(list(head))
    for body in bodies:
        aliases = "\n".join(f"・{alias}" for alias in body.aliases)
        sheet.append([body.number, body.country, body.name, aliases, ",".join(body.categories)])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def make_edition(*bodies: Body, state: str = "imported", dated_on: date | None = None) -> ListEdition:
    """An edition in use, of two bodies unless others are given; each later than the one before."""
    made = db.session.scalar(select(func.count()).select_from(ListEdition)) or 0
    day = dated_on or clock.today() - timedelta(days=300 - made)
    held = bodies or (ROCKETS, OPTICS)
    file = storage.save(
        io.BytesIO(workbook_of(held)), "list.xlsx", kind=storage.FileKind.DOCUMENT, subject=None, actor=SYSTEM
    )
    wanted = EditionState(state)
    edition = ListEdition(
        state=wanted,
        dated_on=day,
        in_force_on=day + timedelta(days=10),
        stored_file=file,
        sha256=file.sha256,
        bodies=len(held),
        differences={"added": [], "removed": [], "changed": [], "same": len(held)},
        imported_at=clock.now() if wanted is EditionState.IMPORTED else None,
    )
    db.session.add(edition)
    db.session.flush()
    if wanted is EditionState.IMPORTED:
        db.session.add_all([_row(edition, body) for body in held])
        db.session.flush()
    return edition


def _row(edition: ListEdition, body: Body) -> ListedBody:
    return ListedBody(
        edition_id=edition.id,
        number=body.number,
        country=body.country,
        name=body.name,
        aliases=list(body.aliases),
        categories=list(body.categories),
        digest=body.digest,
    )


def make_case(application: Application, state: str = "examine", **fields: Any) -> ScreeningCase:
    """The case of a plan in a state, with whatever of it resembles the list."""
    edition = fields.pop("edition", None) or make_edition()
    screening.screen([application], edition)
    case = db.session.scalars(select(ScreeningCase).where(ScreeningCase.application_id == application.id)).one()
    wanted = CaseState(state)
    if wanted in (CaseState.CLEARED, CaseState.CONDITIONS, CaseState.HOLD):
        case.decided_at, case.decided_by_id = clock.now(), make_user("screening_officer").id
        for hit in case.hits:
            hit.judged_at = case.decided_at
    if wanted is CaseState.CONDITIONS:
        case.host_action = "Ask the partner for its end-use statement."
    case.state = wanted
    for name, value in fields.items():
        setattr(case, name, value)
    db.session.flush()
    return case


def make_note(case: ScreeningCase, text: str, kind: NoteKind = NoteKind.REMARK) -> ScreeningNote:
    """A sealed note of the desk."""
    note = ScreeningNote(public_id=new_public_id(), case_id=case.id, kind=kind)
    note.seal(text)
    db.session.add(note)
    db.session.flush()
    return note
