"""LibreOffice opens a plan's workbook and saves it again, also by way of its own format: nothing is lost on the way.

Runs where `soffice` is installed; `make libreoffice` insists on it and takes many plans.
"""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app.applications.workbook import plain, writer
from app.applications.workbook.differences import differences
from app.core.fields import composed
from tests.applications.test_workbook_identity import ABOUT, read
from tests.applications.workbook_plans import Maker

SOFFICE = shutil.which("soffice")
PLANS = int(os.environ.get("LIBREOFFICE_PLANS", "4"))
MOST_SECONDS = 300
ESCAPED_TWICE = "_x005F_x"  # the name of an underscore in front of another such name: LibreOffice keeps one of them
#: The formats a workbook goes through, and what LibreOffice (7.4) itself takes out of a text there: U+FFFF, which is no
#: sign, and tabs on the way back from its own format.
WAYS = [(("xlsx",), "\uffff"), (("ods", "xlsx"), "\uffff\t")]

pytestmark = pytest.mark.skipif(
    SOFFICE is None and "REQUIRE_LIBREOFFICE" not in os.environ, reason="LibreOffice (soffice) is not installed"
)
Converter = Callable[[Path, str], Path]


@pytest.fixture(autouse=True)
def request_at_hand(app: Flask) -> Iterator[None]:
    """Forms and labels want a request."""
    with app.test_request_context():
        yield


@pytest.fixture(scope="module")
def convert(tmp_path_factory: pytest.TempPathFactory) -> Converter:
    """All workbooks of a folder into a format, by one start of LibreOffice with a profile of its own."""
    profile = tmp_path_factory.mktemp("profile")

    def converted(folder: Path, suffix: str) -> Path:
        target = tmp_path_factory.mktemp(suffix)
        files = [str(path) for path in sorted(folder.iterdir())]
        options = ["--headless", "--norestore", f"-env:UserInstallation={profile.as_uri()}"]
        command = [SOFFICE or "soffice", *options, "--convert-to", suffix, "--outdir", str(target), *files]
        done = subprocess.run(command, capture_output=True, text=True, timeout=MOST_SECONDS, check=False)
        assert len(list(target.iterdir())) == len(files), done.stderr
        return target

    return converted


class Plainer(Maker):
    """Makes plans without what LibreOffice cannot keep."""

    def __init__(self, seed: int, without: str) -> None:
        super().__init__(seed)
        self.without = dict.fromkeys(map(ord, without))

    def text(self, most: int) -> str:
        return composed(super().text(most).translate(self.without).replace(ESCAPED_TWICE, "_x"))


def plans(without: str) -> dict[str, plain.Plain]:
    """Plans made at random, and one with a long itinerary."""
    maker = Plainer(20261125, without)
    made = {f"plan-{number}": maker.plan(30 if number % 20 == 19 else 3) for number in range(PLANS)}
    many = maker.plan(0)
    many["itinerary"]["rows"] = plain.in_order([maker.item() for _number in range(60)])
    return {**made, "many": many}


@pytest.mark.parametrize(("way", "without"), WAYS, ids=["itself", "its own format"])
def test_a_workbook_saved_by_libreoffice_says_the_same(
    way: tuple[str, ...], without: str, convert: Converter, tmp_path: Path
) -> None:
    made = plans(without)
    for name, plan in made.items():
        (tmp_path / f"{name}.xlsx").write_bytes(writer.write(plan, ABOUT))
    folder = tmp_path
    for suffix in way:
        folder = convert(folder, suffix)
    lost: dict[str, Any] = {}
    for name, plan in made.items():
        checked = read((folder / f"{name}.xlsx").read_bytes(), plan)
        if checked.problems or (found := differences(plan, checked.plain)):
            lost[name] = checked.problems or found
    assert lost == {}
