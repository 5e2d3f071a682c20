"""A file is kept when its name and its content agree, under a name of ours, and never half."""

import errno
import io
import os
import stat
import time
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from app.core import storage, transaction
from app.core.authz import SYSTEM
from app.core.db import db
from app.core.errors import Refused
from app.core.file_formats import clean_name
from app.core.storage import FileKind, FileState, StoredFile

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x00" * 40
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"\x00" * 40


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """Files do not depend on the engine: SQLite is enough here."""
    return f"sqlite:///{tmp_path / 'kernel.sqlite3'}"


def xlsx(*names: str, content: bytes = b"<x/>") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names or ("[Content_Types].xml", "xl/workbook.xml"):
            archive.writestr(name, content)
    return buffer.getvalue()


def keep(content: bytes, name: str, kind: FileKind = FileKind.DOCUMENT) -> StoredFile:
    return storage.save(io.BytesIO(content), name, kind=kind, subject=None, actor=SYSTEM)


def files_on_disk(app: Flask) -> list[Path]:
    return [path for path in Path(app.config["STORAGE_DIR"]).rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("計画.pdf", PDF, "application/pdf"),
        ("photo.JPG", JPEG, "image/jpeg"),
        ("photo.jpeg", JPEG, "image/jpeg"),
        ("map.png", PNG, "image/png"),
        ("roster.xlsx", xlsx(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("utf8.csv", "氏名,国\nNguyễn,VN\n".encode(), "text/csv"),
        ("bom.csv", "氏名,国\n".encode("utf-8-sig"), "text/csv"),
        ("cp932.csv", "髙﨑,①㈱～―\n".encode("cp932"), "text/csv"),
        ("jis.csv", "氏名,国\n".encode("iso2022_jp"), "text/csv"),
        ("utf16.txt", "Họ và tên\tPassport\n".encode("utf-16"), "text/plain"),
        ("utf16-without-mark.txt", "Name\tPassport number\n".encode("utf-16-le"), "text/plain"),
        ("utf16-big-endian.txt", "Name\tPassport number\n".encode("utf-16-be"), "text/plain"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_file_whose_name_and_content_agree_is_kept_byte_for_byte(
    kernel: Flask, name: str, content: bytes, media_type: str
) -> None:
    with transaction.unit_of_work():
        stored = keep(content, name)
    assert stored.media_type == media_type
    assert stored.size == len(content)
    with storage.open_file(stored) as file:
        assert file.read() == content


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.pdf", b"<html><script>alert(1)</script></html>"),
        ("late.pdf", b"MZ" + b"\0" * 998 + PDF),
        ("cut-off.pdf", PDF[:20]),
        ("page.jpg", b"<html></html>"),
        ("gif.png", b"GIF89a" + b"\0" * 50),
        ("page.csv", b"\n <!DOCTYPE html><script>alert(1)</script>"),
        ("drawing.txt", "<svg onload=alert(1)>".encode("utf-16")),
        ("program.txt", b"MZ\x90\x00\x03"),
        ("zeros.csv", b"a,b\0c"),
        ("archive.csv", xlsx()),
        ("word.xlsx", xlsx("[Content_Types].xml", "word/document.xml")),
        ("macros.xlsx", xlsx("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin")),
        ("many.xlsx", xlsx("[Content_Types].xml", "xl/workbook.xml", *(f"x{n}" for n in range(2001)))),
        ("cut-off.xlsx", xlsx()[:60]),
        ("old.xlsx", b"\xd0\xcf\x11\xe0" + b"\0" * 100),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_file_whose_content_is_not_what_its_name_says_is_refused_and_leaves_nothing(
    kernel: Flask, name: str, content: bytes
) -> None:
    with pytest.raises(Refused) as refusal:
        keep(content, name)
    assert list(refusal.value.fields) == ["file"]
    assert files_on_disk(kernel) == []


def test_workbook_that_would_unpack_to_more_than_100_mib_is_refused(kernel: Flask) -> None:
    bomb = xlsx("[Content_Types].xml", "xl/workbook.xml", content=b"0" * (51 * 1024 * 1024))
    assert len(bomb) < 1024 * 1024
    with pytest.raises(Refused):
        keep(bomb, "bomb.xlsx")


@pytest.mark.parametrize(
    "name", ["a.exe", "a.pdf.exe", "page.html", "drawing.svg", "old.xls", "noextension", ".pdf", ""]
)
def test_file_of_another_type_is_refused_whatever_it_holds(kernel: Flask, name: str) -> None:
    with pytest.raises(Refused):
        keep(PDF, name)


def test_purpose_decides_which_types_are_taken(kernel: Flask) -> None:
    assert storage.accepted_extensions(FileKind.ROSTER) == ["csv", "txt", "xlsx"]
    with pytest.raises(Refused):
        keep(PDF, "plan.pdf", FileKind.ROSTER)
    with pytest.raises(Refused):
        keep(PDF, "plan.pdf", FileKind.PHOTO)


def test_file_at_its_limit_is_kept_and_one_byte_more_is_refused(kernel: Flask) -> None:
    limit = storage.LIMITS[FileKind.ROSTER][storage.Format.CSV]
    assert keep(b"a" * limit, "roster.csv", FileKind.ROSTER).size == limit
    with pytest.raises(Refused, match="5 MB"):
        keep(b"a" * (limit + 1), "roster.csv", FileKind.ROSTER)


def test_empty_file_is_refused(kernel: Flask) -> None:
    with pytest.raises(Refused):
        keep(b"", "roster.csv")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\me\\計画 書.pdf", "計画 書.pdf"),
        ("CON.pdf", "_CON.pdf"),
        ("a\u202efdp.exe", "afdp.exe"),
        ('a";\r\nSet-Cookie: x.pdf', "a_;Set-Cookie_ x.pdf"),
        ("Nguye\u0302\u0303n.pdf", "Nguyễn.pdf"),
        ("a\0b.pdf", "ab.pdf"),
        ("  . ", "file"),
        ("😀.png", "😀.png"),
    ],
)
def test_name_is_safe_on_every_system_and_still_the_persons_own(given: str, kept: str) -> None:
    assert clean_name(given) == kept


def test_long_name_keeps_its_extension() -> None:
    assert clean_name("あ" * 300 + ".pdf") == "あ" * 146 + ".pdf"


def test_download_is_always_an_attachment_with_a_safe_name(kernel: Flask) -> None:
    headers = storage.response_headers(keep(PDF, 'plan "x";\r\n計画.pdf'))
    assert headers["Content-Disposition"] == "attachment; filename*=UTF-8''plan%20_x_%3B%E8%A8%88%E7%94%BB.pdf"
    assert headers["Content-Type"] == "application/pdf"
    assert headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store, private"
    assert not any("\n" in value or "\r" in value for value in headers.values())


def test_files_on_disk_carry_no_name_of_ours_and_only_the_service_reads_them(kernel: Flask) -> None:
    keep(PDF, "secret.pdf")
    (path,) = files_on_disk(kernel)
    assert "secret" not in str(path.relative_to(kernel.config["STORAGE_DIR"]))
    assert path.suffix == ""
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_same_content_twice_is_two_files_so_that_one_can_be_removed(kernel: Flask) -> None:
    with transaction.unit_of_work():
        first, second = keep(PDF, "a.pdf"), keep(PDF, "b.pdf")
    assert first.sha256 == second.sha256
    with transaction.unit_of_work():
        storage.remove(first)
    assert first.state is FileState.REMOVED
    with pytest.raises(FileNotFoundError):
        storage.open_file(first)
    with storage.open_file(second) as file:
        assert file.read() == PDF


def test_removed_file_keeps_its_bytes_when_the_removal_is_rolled_back(kernel: Flask) -> None:
    with transaction.unit_of_work():
        stored = keep(PDF, "a.pdf")
    storage.remove(stored)
    transaction.rollback()
    with storage.open_file(stored) as file:
        assert file.read() == PDF


def test_sweep_removes_old_orphans_only(kernel: Flask) -> None:
    with transaction.unit_of_work():
        kept = keep(PDF, "kept.pdf")
    keep(PDF, "rolled-back.pdf")
    transaction.rollback()
    incoming = Path(kernel.config["STORAGE_DIR"]) / "incoming"
    (incoming / "cut-off").write_bytes(b"half")
    assert storage.sweep_orphans() == 0
    yesterday = time.time() - timedelta(hours=25).total_seconds()
    for path in files_on_disk(kernel):
        os.utime(path, (yesterday, yesterday))
    assert storage.sweep_orphans() == 2
    with storage.open_file(kept) as file:
        assert file.read() == PDF
    assert storage.missing_files() == []


def test_missing_bytes_are_found(kernel: Flask) -> None:
    with transaction.unit_of_work():
        stored = keep(PDF, "a.pdf")
    files_on_disk(kernel)[0].unlink()
    assert storage.missing_files() == [stored]


def test_full_disk_is_said_and_nothing_is_kept(kernel: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_room(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_room)
    with pytest.raises(storage.StorageFull) as refusal:
        keep(PDF, "a.pdf")
    assert refusal.value.status == 507
    assert files_on_disk(kernel) == []


def test_files_of_a_row_are_listed_newest_first(kernel: Flask) -> None:
    with transaction.unit_of_work():
        owner = keep(PDF, "owner.pdf")
        for name in ("one.pdf", "two.pdf"):
            storage.save(io.BytesIO(PDF), name, kind=FileKind.DOCUMENT, subject=owner, actor=SYSTEM)
    assert [stored.name for stored in storage.files_of(owner)] == ["two.pdf", "one.pdf"]
    assert storage.files_of(owner, FileKind.PHOTO) == []
    assert db.session.get(StoredFile, owner.id).subject_type is None
