"""Does the suite notice? Faults of authorization are planted one at a time in a copy of the tree; then tests run.

`python -m tests.seeded.run [WORD …]`: only faults whose name, file or group holds one of the words. `--all`: all tests
of the feature and of the architecture instead of the named ones. `--list`: only say which faults there are.
SEEDED_GOAL (0.95) is the share that must be caught. Exit code 1 below it, 2 when a fault cannot be planted any more.
"""

import importlib
import os
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

import pytest

from tests.seeded import faults_applications, faults_core, faults_desk, faults_results, faults_reviews
from tests.seeded.fault import Fault

ROOT = Path(__file__).parents[2]
GROUPS = (faults_core, faults_results, faults_desk, faults_applications, faults_reviews)
FAULTS = tuple(fault for group in GROUPS for fault in group.FAULTS)
PARTS = ("app", "tests", "migrations", "config.py", "wsgi.py", "pyproject.toml", "docs")
GOAL = float(os.environ.get("SEEDED_GOAL", "0.95"))
LONGEST = 300  # seconds for the tests of one fault
FAILED, PASSED = 1, 0  # what pytest answers
TOO_LATE = -1
LIBRARIES = "flask sqlalchemy alembic.command wtforms flask_wtf flask_babel huey openpyxl pypdf bs4 numpy icalendar"


def tests_of(fault: Fault, root: Path, *, everything: bool) -> list[str]:
    """The tests to run: those of the fault that exist, or all of its feature and of the architecture."""
    if everything:
        feature = Path(fault.file).parts[1]
        return ["tests/architecture", "tests/canary", f"tests/{feature}"]
    return [name for name in fault.tests if (root / name.split("::")[0]).exists()]


def notice(fault: Fault, root: Path, *, everything: bool) -> tuple[str, str]:
    """Plant a fault, run its tests, take it back: («caught», by which test), («survived», "") or («broken», why)."""
    held, answer = fault.plant(root), root.parent / "answer"
    try:
        code = _run(root, tests_of(fault, root, everything=everything), answer)
    finally:
        (root / fault.file).write_text(held, encoding="utf-8")
    said = answer.read_text(encoding="utf-8", errors="replace")
    if code == PASSED:
        return "survived", ""
    first = next((line for line in said.splitlines() if line.startswith(("FAILED", "ERROR"))), "")
    if code == FAILED and first.startswith("FAILED"):
        return "caught", first.removeprefix("FAILED ").split(" - ")[0].removeprefix("tests/")
    return "broken", f"no answer within {LONGEST} s" if code == TOO_LATE else first or said[-300:]


def _run(root: Path, tests: list[str], answer: Path) -> int:
    """What pytest answers in that tree, in a child that shares the libraries loaded here and nothing of the program."""
    child = os.fork()
    if child == 0:
        _become_pytest(root, tests, answer)
    deadline = time.monotonic() + LONGEST
    while time.monotonic() < deadline:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.1)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return TOO_LATE


def _become_pytest(root: Path, tests: list[str], answer: Path) -> None:
    """Forget this tree, be at home in that one, and run. Does not return."""
    for name in [name for name in sys.modules if name.split(".")[0] in ("app", "tests", "config")]:
        del sys.modules[name]
    os.chdir(root)
    sys.path[:] = [str(root), *(path for path in sys.path if path not in ("", str(ROOT)))]
    sys.dont_write_bytecode = True
    with answer.open("w", encoding="utf-8") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    code = FAILED
    try:
        code = int(pytest.main(["-q", "-x", "-p", "no:cacheprovider", "--no-header", "--tb=no", *tests]))
    finally:
        sys.stdout.flush()
        os._exit(code)


def copied(folder: Path) -> Path:
    """The tree, as it is now, somewhere else; with what is compiled already, or every fault would pay for it anew."""
    root = folder / "tree"
    root.mkdir()
    for name in PARTS:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, root / name, ignore=shutil.ignore_patterns("node_modules"))
        elif source.exists():
            shutil.copy2(source, root / name)
    return root


def main() -> None:
    words = [word for word in sys.argv[1:] if not word.startswith("--")]
    chosen = [fault for fault in FAULTS if not words or any(word in f"{fault.name} {fault.file}" for word in words)]
    lost = [f"{fault.name}: {problem}" for fault in chosen if (problem := fault.problem(ROOT))]
    if "--list" in sys.argv or lost:
        print("\n".join(lost or [f"{fault.file}: {fault.name}" for fault in chosen]))
        sys.exit(2 if lost else 0)
    for library in LIBRARIES.split():  # loaded once, for all faults
        importlib.import_module(library)
    folder, found = Path(tempfile.mkdtemp(prefix="sakura-seeded-")), []
    print("| fault | file | outcome | by | s |\n|---|---|---|---|---|")
    try:
        root = copied(folder)
        for fault in chosen:
            begun = time.monotonic()
            outcome, by = notice(fault, root, everything="--all" in sys.argv)
            found.append(outcome)
            took = time.monotonic() - begun
            print(f"| {fault.name} | {fault.file} | {outcome} | {by} | {took:.0f} |", flush=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    caught = found.count("caught")
    print(f"\n{caught} of {len(found)} caught, {found.count('survived')} survived, {found.count('broken')} broken.")
    sys.exit(1 if caught < GOAL * len(found) else 0)


if __name__ == "__main__":
    main()
