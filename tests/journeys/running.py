"""A running application, seen from outside: its address, its commands, its database."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
DATABASE = "site.sqlite"


@dataclass(frozen=True)
class Site:
    """A running application."""

    url: str
    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        """What tells the application where its things are."""
        return {
            **os.environ,
            "APP_ENV": "demo",
            "DATABASE_URL": f"sqlite:///{self.folder / DATABASE}",
            "JOBS_URL": f"sqlite:///{self.folder / 'jobs.sqlite'}",
            "STORAGE_DIR": str(self.folder / "files"),
            "BASE_URL": self.url,
        }

    def flask(self, *arguments: str) -> str:
        """Run a command of the application on the same database."""
        command = [sys.executable, "-m", "flask", "--app", "wsgi", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=True)
        return done.stdout

    def run(self, module: str, *arguments: str) -> None:
        """Run a module of the tests on the same database: what would take a journey an hour of pressing."""
        command = [sys.executable, "-m", module, *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr

    def ask(self, query: str, *values: Any) -> list[Any]:
        """Rows of the database: facts a person would read off a calendar or a paper."""
        with closing(sqlite3.connect(self.folder / DATABASE, timeout=10)) as connection:
            return connection.execute(query, values).fetchall()

    def let_time_pass(self, *statements: tuple[str, tuple[Any, ...]]) -> None:
        """Move days in the database: nobody waits three weeks for a round to close, or months for a visit."""
        with closing(sqlite3.connect(self.folder / DATABASE, timeout=10)) as connection, connection:
            for statement, values in statements:
                connection.execute(statement, values)
