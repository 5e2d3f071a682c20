"""Files people upload or the system makes: checked, and kept outside the web root under a name of our own.

Order of keeping (security contract 5.4): temporary file → fsync → rename → fsync of the folder → row in the caller's
transaction. A rolled-back caller leaves a file without a row, which `sweep_orphans` removes a day later; a row without
a file cannot come about. Nothing here decides who may read: the view that serves a file first loads its subject by
permission.
"""

import enum
import errno
import hashlib
import os
import re
import secrets
import tempfile
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import quote

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import BigInteger, CheckConstraint, Index, String, select
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock, transaction
from app.core.authz import Actor
from app.core.db import Base, Public, db
from app.core.errors import DomainError, Refused
from app.core.file_formats import EXTENSIONS, MEBIBYTE, Format, clean_name, extension_of, has_format

CHUNK_BYTES = 256 * 1024
ORPHAN_AGE = timedelta(hours=24)
_STORAGE_KEY = re.compile(r"[0-9a-f]{32}")


class FileKind(enum.StrEnum):
    """What a file is for; decides which formats and sizes are taken."""

    DOCUMENT = "document"
    ROSTER = "roster"
    PLAN_WORKBOOK = "plan_workbook"
    PHOTO = "photo"
    GENERATED = "generated"


# Largest size in bytes by purpose and format (security contract 4.2).
LIMITS: Mapping[FileKind, Mapping[Format, int]] = {
    FileKind.DOCUMENT: {
        Format.PDF: 20 * MEBIBYTE,
        Format.JPEG: 10 * MEBIBYTE,
        Format.PNG: 10 * MEBIBYTE,
        Format.XLSX: 5 * MEBIBYTE,
        Format.CSV: 5 * MEBIBYTE,
        Format.TXT: 5 * MEBIBYTE,
    },
    FileKind.ROSTER: {Format.XLSX: 5 * MEBIBYTE, Format.CSV: 5 * MEBIBYTE, Format.TXT: 5 * MEBIBYTE},
    FileKind.PLAN_WORKBOOK: {Format.XLSX: 5 * MEBIBYTE},
    FileKind.PHOTO: {Format.JPEG: 10 * MEBIBYTE, Format.PNG: 10 * MEBIBYTE},
    FileKind.GENERATED: dict.fromkeys((Format.PDF, Format.XLSX, Format.CSV, Format.TXT), 100 * MEBIBYTE),
}


class FileState(enum.StrEnum):
    STORED = "stored"
    REMOVED = "removed"  # the bytes are gone, the row says that there was a file


class StorageFull(DomainError):
    """The disk has no room: nothing was kept, the form may be sent again later."""

    status = 507


class StoredFile(Public, Base):
    """One file. `subject_*` names the row it belongs to, by table and number, as audit entries do."""

    __tablename__ = "stored_file"
    __table_args__ = (
        Index("ix_stored_file_subject", "subject_type", "subject_id"),
        Index("ix_stored_file_institution_id", "institution_id"),
        CheckConstraint("size >= 0", name="size_not_negative"),
        CheckConstraint("(subject_type IS NULL) = (subject_id IS NULL)", name="subject_whole"),
    )

    storage_key: Mapped[str] = mapped_column(String(32), unique=True)
    kind: Mapped[FileKind]
    state: Mapped[FileState] = mapped_column(default=FileState.STORED)
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    subject_type: Mapped[str | None] = mapped_column(String(60))
    subject_id: Mapped[int | None]
    institution_id: Mapped[int | None]  # whose quota and whose people; the kernel knows no institution table
    uploaded_by_id: Mapped[int | None]  # None: made by the system
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


def _root() -> Path:
    return Path(current_app.config["STORAGE_DIR"])


def _path(storage_key: str) -> Path:
    if not _STORAGE_KEY.fullmatch(storage_key):
        raise ValueError("Not a storage key.")
    return _root() / "objects" / storage_key[:2] / storage_key


def _folder(path: Path) -> Path:
    """A folder only the service user can enter, made and made durable when missing, with those above it."""
    if not path.is_dir():
        _folder(path.parent)
        path.mkdir(mode=0o700, exist_ok=True)
        _sync_folder(path.parent)
    return path


def _sync_folder(path: Path) -> None:
    if not hasattr(os, "O_DIRECTORY"):  # Windows keeps its folders itself
        return
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def save(
    stream: BinaryIO,
    filename: str,
    *,
    kind: FileKind,
    subject: Any | None,
    actor: Actor,
    institution_id: int | None = None,
    field: str = "file",
) -> StoredFile:
    """Keep an uploaded or generated file; its row is flushed into the caller's transaction.

    Takes a readable binary stream, the name the person gave it, the row it belongs to (flushed) and who sends it.
    Raises: Refused (beside `field`) for a wrong type, size or content; StorageFull.
    """
    name = clean_name(filename)
    format_ = _accepted_format(name, kind, field)
    storage_key = secrets.token_hex(16)
    try:
        digest, size = _write(stream, storage_key, format_, LIMITS[kind][format_], field)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StorageFull(_("There is no room to keep the file at the moment. Try again later.")) from error
        raise
    if subject is not None and subject.id is None:
        db.session.flush()
    stored = StoredFile(
        storage_key=storage_key,
        kind=kind,
        name=name,
        media_type=format_.value,
        size=size,
        sha256=digest,
        subject_type=subject.__tablename__ if subject is not None else None,
        subject_id=subject.id if subject is not None else None,
        institution_id=institution_id,
        uploaded_by_id=actor.id,
    )
    db.session.add(stored)
    db.session.flush()
    return stored


def accepted_extensions(kind: FileKind) -> list[str]:
    """Extensions taken for a purpose, e.g. ['csv', 'txt', 'xlsx']: for the `accept` of a form and for hints."""
    return sorted(extension for extension, format_ in EXTENSIONS.items() if format_ in LIMITS[kind])


def _accepted_format(name: str, kind: FileKind, field: str) -> Format:
    format_ = EXTENSIONS.get(extension_of(name))
    if format_ is None or format_ not in LIMITS[kind]:
        types = ", ".join(extension.upper() for extension in accepted_extensions(kind))
        raise Refused(
            {field: [_("“%(name)s” is not a type of file we take. Choose one of: %(types)s.", name=name, types=types)]}
        )
    return format_


def _write(stream: BinaryIO, storage_key: str, format_: Format, limit: int, field: str) -> tuple[str, int]:
    """Temporary file → checks → fsync → rename → fsync of the folder. Returns (sha256, size)."""
    descriptor, temporary = tempfile.mkstemp(dir=_folder(_root() / "incoming"))  # mode 0600
    try:
        with os.fdopen(descriptor, "w+b") as file:
            digest, size = _copy(stream, file, limit, field)
            if not has_format(file, format_):
                raise Refused(
                    {
                        field: [
                            _("The content of the file is not %(type)s, although its name says so.", type=format_.name)
                        ]
                    }
                )
            file.flush()
            os.fsync(file.fileno())
        target = _path(storage_key)
        _folder(target.parent)
        os.replace(temporary, target)
        _sync_folder(target.parent)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return digest, size


def _copy(stream: BinaryIO, file: BinaryIO, limit: int, field: str) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    while chunk := stream.read(CHUNK_BYTES):
        size += len(chunk)
        if size > limit:
            raise Refused(
                {field: [_("The file is larger than %(limit)s MB. Choose a smaller one.", limit=limit // MEBIBYTE)]}
            )
        digest.update(chunk)
        file.write(chunk)
    if size == 0:
        raise Refused({field: [_("The file is empty.")]})
    return digest.hexdigest(), size


def open_file(stored: StoredFile) -> BinaryIO:
    """The content of a stored file, open for reading. Raises: FileNotFoundError when it was removed."""
    if stored.state is not FileState.STORED:
        raise FileNotFoundError(stored.public_id)
    return _path(stored.storage_key).open("rb")


def files_of(subject: Any, kind: FileKind | None = None) -> list[StoredFile]:
    """The stored files of a row, newest first."""
    query = select(StoredFile).where(
        StoredFile.subject_type == subject.__tablename__,
        StoredFile.subject_id == subject.id,
        StoredFile.state == FileState.STORED,
    )
    if kind is not None:
        query = query.where(StoredFile.kind == kind)
    return list(db.session.scalars(query.order_by(StoredFile.id.desc())))


def remove(stored: StoredFile) -> None:
    """Mark a file as removed; the bytes go once that is stored. The caller writes the audit entry."""
    stored.state = FileState.REMOVED
    path = _path(stored.storage_key)
    transaction.after_commit(lambda: path.unlink(missing_ok=True))
    db.session.flush()


def response_headers(stored: StoredFile) -> dict[str, str]:
    """Headers of a download (security contract 5.1): always an attachment, type from our own table, never cached."""
    return {
        "Content-Type": stored.media_type,
        "Content-Length": str(stored.size),
        "Content-Disposition": attachment(stored.name),
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-site",
        "Cache-Control": "no-store, private",
        "Referrer-Policy": "no-referrer",
        "X-Robots-Tag": "noindex",
    }


def attachment(name: str) -> str:
    """The Content-Disposition of a download with a name in any script (RFC 6266, RFC 8187)."""
    return f"attachment; filename*=UTF-8''{quote(clean_name(name), safe='')}"


def sweep_orphans(older_than: timedelta = ORPHAN_AGE) -> int:
    """Remove files no stored row names and uploads that were cut off, once they are old. Returns how many."""
    before = (clock.now() - older_than).timestamp()
    candidates = [path for path in _old_files(before) if path.parent.name == "incoming" or not _is_named(path.name)]
    for path in candidates:
        path.unlink(missing_ok=True)
    return len(candidates)


def _old_files(before: float) -> Iterator[Path]:
    for folder in (_root() / "incoming", *(_root() / "objects").glob("??")):
        if folder.is_dir():
            yield from (path for path in folder.iterdir() if path.is_file() and path.stat().st_mtime < before)


def _is_named(storage_key: str) -> bool:
    query = select(StoredFile.id).where(StoredFile.storage_key == storage_key, StoredFile.state == FileState.STORED)
    return db.session.scalar(query) is not None


def missing_files() -> list[StoredFile]:
    """Stored rows whose bytes are not there (after a bad restore): for `doctor`."""
    stored = db.session.scalars(select(StoredFile).where(StoredFile.state == FileState.STORED))
    return [row for row in stored if not _path(row.storage_key).is_file()]
