"""Screening in the demonstration: two editions of a made-up list, and made-up partners whose names resemble it."""

import csv
import io
from datetime import date, timedelta

from sqlalchemy import select

from app.core import clock
from app.core.authz import Actor
from app.core.db import db
from app.demo import places
from app.demo.cast import texts
from app.demo.stays import at
from app.directory.models import InstitutionKind, OrganizationState, SendingOrganization
from app.directory.naming import refresh
from app.screening import editions, runs, service
from app.screening.editions import Upload
from app.screening.models import ListEdition, ScreeningCase
from app.screening.vocabulary import CaseState

HEAD = ("No.", "Country or Region", "Company or Organization", "Also Known As", "Type of WMD / Conventional Weapons")
EARLIER = 12  # bodies of the earlier edition
GONE = "12"  # a body the later edition does not have any more
#: A partner of each plan of the open round that is submitted: its name, native name, country.
PARTNERS = {
    4: ("Lanjiang Institute of Precision Machinary", "蘭江精密机械学院", "MN"),
    5: ("Severnaya Academy of Optics", "SOIW", "KZ"),
    6: ("Institute of Space Telemetry, Taoshan University", "", "MN"),
    7: ("Khushabad Laboratory for Inertial Navigation", "خوشاباد", "LK"),
}


def partner_of(index: int) -> SendingOrganization | None:
    """A made-up body abroad for a plan of the open round, newly entered in the directory; None for most plans."""
    if index not in PARTNERS:
        return None
    name_en, name_native, country = PARTNERS[index]
    made = SendingOrganization(
        state=OrganizationState.ACTIVE,
        kind=InstitutionKind.UNIVERSITY,
        name_en=name_en,
        name_ja="",
        name_native=name_native,
        country=country,
    )
    refresh(made)
    db.session.add(made)
    db.session.flush()
    return made


def compare(officer: Actor, today: date) -> None:
    """Two editions, every open plan compared, and cases at every stage: to examine, conditions, a hold to be lifted."""
    rows = places.rows("user_list")
    _edition(officer, rows[:EARLIER], today - timedelta(days=400))
    later = [row for row in rows if row["number"] != GONE]
    _edition(
        officer, [{**row, "number": str(number)} for number, row in enumerate(later, 1)], today - timedelta(days=4)
    )
    runs.screen_all(lambda _done, _total: None)
    waiting = list(
        db.session.scalars(
            select(ScreeningCase).where(ScreeningCase.state == CaseState.EXAMINE).order_by(ScreeningCase.id.desc())
        )
    )
    if len(waiting) < 3:
        return
    said = texts()["screening"]
    held, asked = waiting[0], waiting[1]
    service.judge(officer, held, "hold", reason=said["hold"], version=held.version)
    service.propose_lift(officer, held, CaseState.CLEARED, reason=said["lift"], version=held.version)
    service.judge(
        officer, asked, "condition", reason=said["condition"], host_action=said["action"], version=asked.version
    )
    service.write_note(officer, waiting[2], said["remark"])


def _edition(officer: Actor, rows: list[places.Row], day: date) -> ListEdition:
    """An edition uploaded and imported on the day after its own."""
    with clock.pretending(at(day + timedelta(days=1))):
        sent = Upload(_file(rows), f"foreign-user-list-{day}.csv", day, day + timedelta(days=10))
        edition = editions.upload(officer, sent)
        editions.take_into_use(officer, edition, version=edition.version)
        editions.keep_bodies(edition)
    return edition


def _file(rows: list[places.Row]) -> bytes:
    """The list as a file in METI's shape, other names one below the other."""
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow(HEAD)
    for row in rows:
        aliases = row["aliases"].replace("|", "\n")
        writer.writerow([row["number"], row["country"], row["name"], aliases, row["categories"]])
    return b"\xef\xbb\xbf" + written.getvalue().encode()


__all__ = ["compare", "partner_of"]
