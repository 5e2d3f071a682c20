"""Whether a file of a plan is clean: a scanner looks at it in the background, after it is stored (contract, row 22)."""

from typing import Any

from flask_babel import gettext as _

from app.applications.facts import Obstacle
from app.applications.file_model import PlanFile, ScanState
from app.applications.models import Application
from app.core import audit, clock, jobs, scanning, storage
from app.core.authz import SYSTEM
from app.core.background_job import BackgroundJob
from app.core.db import db
from app.core.scanning import Found, ScannerSilent, Verdict

JOB = "plan_files.scan"
SECTION = "files"  # where an obstacle is put right


def begin(file: PlanFile) -> None:
    """Have a new file looked at; without a scanner its format was checked, and that is what stands there then."""
    if scanning.scanner() is None:
        file.scan, file.scanned_at = ScanState.FORMAT_ONLY, clock.now()
        db.session.flush()
        return
    jobs.enqueue(JOB, key=f"{JOB}:{file.public_id}", plan_file=file.id)


def obstacles(application: Application) -> list[Obstacle]:
    """Why a plan cannot be submitted because of its files: one sentence each."""
    return [Obstacle(SECTION, "", why_not_clean(file), "") for file in application.files if not file.is_clean]


def why_not_clean(file: PlanFile) -> str:
    """What stands in the way of a file, and how to mend it; "" for a clean one."""
    named = {"name": file.name}
    if file.scan is ScanState.PENDING:
        return _("“%(name)s” is still being checked for malware. Look again in a minute.", **named)
    if file.scan is ScanState.INFECTED:
        return _(
            "Malware was found in “%(name)s” (%(found)s); nobody can open it here. Take it out, check your computer, "
            "and attach a clean copy.",
            found=file.scan_note,
            **named,
        )
    if file.scan is ScanState.FAILED:
        return _("“%(name)s” could not be checked for malware. Take it out and attach it again.", **named)
    return ""


@jobs.handler(JOB)
def scan_by_job(job: BackgroundJob, context: jobs.Context) -> dict[str, Any] | None:
    """Ask the scanner about one file. A scanner that stays silent to the last try leaves it as «could not be checked».

    The database is free while the scanner works.
    """
    number = job.params["plan_file"]
    file = db.session.get(PlanFile, number)
    if file is None or file.scan is not ScanState.PENDING or file.removed_at is not None:
        return None
    with storage.open_file(file.stored) as content:
        context.progress(0, 1)
        scanner = scanning.scanner()
        try:
            verdict = scanner.scan(content) if scanner is not None else None
        except ScannerSilent:
            if context.attempt < jobs.MAX_TRIES:
                raise
            state, name = ScanState.FAILED, ""
        else:
            state, name = _state_of(verdict)
    return {"scan": _settle(number, state, name).value}


def _state_of(verdict: Verdict | None) -> tuple[ScanState, str]:
    if verdict is None:
        return ScanState.FORMAT_ONLY, ""
    is_clean = verdict.found is Found.NOTHING
    return (ScanState.CLEAN, "") if is_clean else (ScanState.INFECTED, verdict.name[:200])


def _settle(number: int, state: ScanState, name: str) -> ScanState:
    """Write the verdict down; the bytes of an infected file go."""
    file = db.session.get_one(PlanFile, number, populate_existing=True)
    file.scan, file.scan_note, file.scanned_at = state, name, clock.now()
    if state is ScanState.INFECTED and file.stored.state is storage.FileState.STORED:
        storage.remove(file.stored)
    db.session.flush()
    if state in (ScanState.INFECTED, ScanState.FAILED):
        plan = db.session.get_one(Application, file.application_id)
        verb = "file:infected" if state is ScanState.INFECTED else "file:unchecked"
        audit.record(SYSTEM, verb, plan, changes={"files": [file.name, state.value]})
    return state
