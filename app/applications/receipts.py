"""The signed receipt of a submission: issuing it, finding it, and what anybody may read out of its code."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select

from app.applications.models import Application
from app.applications.receipt_models import Receipt
from app.core import signing
from app.core.db import db

KIND = "application-receipt"
_LINK = re.compile(r"^.*[?&]code=", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What a genuine code says: nothing about the plan but its number, when it came, and its digest."""

    reference: str
    sequence: int
    received_at: datetime
    digest: str
    files: tuple[str, ...]
    key_id: str


def facts_of(reference: str, sequence: int, received_at: datetime, digest: str, files: list[str]) -> dict[str, Any]:
    """The facts that are signed, as plain data; the time in UTC to the second. No theme, no host, no person."""
    return {
        "kind": KIND,
        "reference": reference,
        "sequence": sequence,
        "received_at": f"{received_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "sha256": digest,
        "files": files,
    }


def issue(application: Application) -> Receipt:
    """Write and sign the receipt of the submission just recorded on the plan (its number, time and digest are set)."""
    assert application.reference is not None and application.submitted_at is not None
    sequence = (
        db.session.scalar(select(func.max(Receipt.sequence)).where(Receipt.application_id == application.id)) or 0
    ) + 1
    digest, files = application.snapshot_sha256 or "", file_digests(application)
    signer = signing.signer()
    receipt = Receipt(
        application_id=application.id,
        sequence=sequence,
        reference=application.reference,
        received_at=application.submitted_at,
        snapshot_sha256=digest,
        files=files,
        submitted_by_id=application.submitted_by_id,
        key_id=signer.current,
        code=signer.sign(facts_of(application.reference, sequence, application.submitted_at, digest, files)),
    )
    db.session.add(receipt)
    db.session.flush()
    return receipt


def file_digests(application: Application) -> list[str]:
    """SHA-256 of each file of the plan as it was submitted, in order; none for a plan that is all text."""
    return [file["sha256"] for file in (application.snapshot or {}).get("files", ())]


def of(application: Application) -> list[Receipt]:
    """The receipts of a plan, the newest first; none for plans received before receipts were signed."""
    found = select(Receipt).where(Receipt.application_id == application.id).order_by(Receipt.sequence.desc())
    return list(db.session.scalars(found))


def read(text: str) -> Confirmed | None:
    """What the code of a receipt says, if it is genuine; None for everything else.

    Takes the code as it comes out of a mail: with line breaks, or as the whole link it stands in.
    """
    if len(text) > signing.LONGEST:
        return None
    facts = signing.signer().verify(_LINK.sub("", re.sub(r"\s+", "", text)))
    if facts is None or facts.get("kind") != KIND:
        return None
    return Confirmed(
        reference=facts["reference"],
        sequence=facts["sequence"],
        received_at=datetime.fromisoformat(facts["received_at"]),
        digest=facts["sha256"],
        files=tuple(facts["files"]),
        key_id=facts["key"],
    )


def as_file(receipt: Receipt, link: str) -> dict[str, Any]:
    """The receipt as a file that can be verified without this service: facts, code, signature, public key."""
    keys = {key.key_id: key.pem for key in signing.signer().public_keys()}
    return {
        "receipt": signing.signer().verify(receipt.code),
        "code": receipt.code,
        "signature": receipt.signature,
        "algorithm": "Ed25519",
        "key": receipt.key_id,
        "public_key": keys.get(receipt.key_id),
        "verify_at": link,
    }
