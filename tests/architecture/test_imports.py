"""The import rules of the house hold (pyproject.toml, [tool.importlinter])."""

import subprocess
import sys
from pathlib import Path

COMMAND = "from importlinter.cli import lint_imports_command; lint_imports_command()"
ROOT = Path(__file__).parents[2]


def test_import_contracts_hold() -> None:
    result = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command; lint_imports_command()",
            "--no-cache",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout[-3000:] + result.stderr[-1000:]
