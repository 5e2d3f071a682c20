"""Habits of the house that a look at the source can hold."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
APP = ROOT / "app"
PYTHON = sorted(APP.rglob("*.py"))
TEMPLATES = sorted((APP / "templates").rglob("*.html"))
JAPANESE = re.compile(r"[぀-ヿ一-鿿]")


def code_of(path: Path) -> str:
    """The source without comments and docstrings."""
    text = re.sub(r'"""(?:.|\n)*?"""', '""', path.read_text(encoding="utf-8"))
    return re.sub(r"(?m)(^|\s)#.*$", "", text)


def offending(paths: list[Path], pattern: str, *, except_for: tuple[str, ...] = ()) -> list[str]:
    found = []
    for path in paths:
        name = str(path.relative_to(APP))
        if name not in except_for and re.search(pattern, code_of(path)):
            found.append(name)
    return found


def test_only_the_clock_reads_the_wall_clock() -> None:
    pattern = r"datetime\.(now|utcnow|today)\(|date\.today\(|time\.time\("
    assert offending(PYTHON, pattern, except_for=("core/clock.py",)) == []


def test_only_the_workflow_engine_moves_state() -> None:
    pattern = r"(?<!row)\.state\s*=(?!=)"
    allowed = ("core/workflow.py", "core/jobs.py", "core/outbox.py", "core/storage.py", "core/background_job.py")
    assert offending([path for path in PYTHON if path.name == "views.py"], pattern, except_for=allowed) == []


def test_only_the_transaction_commits() -> None:
    assert offending(PYTHON, r"session\.commit\(", except_for=("core/transaction.py",)) == []


def test_no_form_pours_itself_into_a_model() -> None:
    assert offending(PYTHON, r"populate_obj\(") == []


def test_no_template_is_made_from_a_string() -> None:
    assert offending(PYTHON, r"render_template_string\(") == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(APP)))
def test_template_escapes_and_keeps_the_content_policy(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\|\s*safe\b", text), "unescaped output"
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:", text), "inline style or script"
    assert not JAPANESE.search(re.sub(r"\{#(?:.|\n)*?#\}", "", text)), "Japanese belongs into the catalogue"


def test_no_japanese_outside_the_catalogues() -> None:
    """Data the programme owns (vocabularies of imports, formats of dates) is named here; sentences are not."""
    allowed_folders = ("invitees/roster", "calls/seed", "demo", "core/i18n.py", "directory/", "core/text_encoding.py")
    found = [
        str(path.relative_to(APP))
        for path in PYTHON
        if not str(path.relative_to(APP)).startswith(allowed_folders) and JAPANESE.search(code_of(path))
    ]
    assert found == []
