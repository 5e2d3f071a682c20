"""The scanner's protocol against a server that speaks it: what is sent, and what each answer means."""

from io import BytesIO
from pathlib import Path

import pytest

from app.core import scanning
from app.core.scanning import Clamd, Found, ScannerSilent, Verdict
from tests.factories.scanner import EICAR, scanner


def test_a_clean_file_is_sent_whole_in_chunks() -> None:
    content = bytes(range(256)) * 1000
    with scanner() as (setting, daemon):
        assert Clamd(scanning.address_of(setting)).scan(BytesIO(content)) == Verdict(Found.NOTHING)
    assert daemon.heard == [content]


def test_malware_is_named() -> None:
    with scanner() as (setting, _daemon):
        verdict = Clamd(scanning.address_of(setting)).scan(BytesIO(b"before " + EICAR))
    assert verdict == Verdict(Found.MALWARE, "Eicar-Signature")


def test_a_socket_of_the_file_system_will_do(tmp_path: Path) -> None:
    with scanner(str(tmp_path / "clamd.sock")) as (setting, _daemon):
        assert Clamd(scanning.address_of(setting)).scan(BytesIO(b"x")).found is Found.NOTHING


@pytest.mark.parametrize("answer", [b"INSTREAM size limit exceeded. ERROR", b"", b"stream: something else"])
def test_any_other_answer_is_no_verdict(answer: bytes) -> None:
    with scanner() as (setting, daemon):
        daemon.answer = answer
        with pytest.raises(ScannerSilent):
            Clamd(scanning.address_of(setting)).scan(BytesIO(b"x"))


def test_a_daemon_that_is_not_there_is_silent(tmp_path: Path) -> None:
    with scanner() as (setting, _daemon):
        address = scanning.address_of(setting)
    for gone in (address, str(tmp_path / "no.sock")):
        with pytest.raises(ScannerSilent):
            Clamd(gone, timeout=1).scan(BytesIO(b"x"))


@pytest.mark.parametrize(
    ("setting", "address"),
    [
        ("clamd://scanner:3311", ("scanner", 3311)),
        ("clamd://scanner", ("scanner", 3310)),
        ("clamd:///run/clamd.sock", "/run/clamd.sock"),
    ],
)
def test_a_setting_names_an_address(setting: str, address: object) -> None:
    assert scanning.address_of(setting) == address


@pytest.mark.parametrize("setting", ["http://scanner", "clamd:", "scanner:3310"])
def test_what_is_no_address_is_refused(setting: str) -> None:
    with pytest.raises(ValueError, match="SCANNER"):
        scanning.address_of(setting)
