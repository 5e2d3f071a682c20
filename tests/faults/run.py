"""`make faults`: what must never happen, tried for long on the production server, on SQLite and on PostgreSQL.

`python -m tests.faults.run [flood] [kill] [races] [decisions]`. FAULTS_POSTGRES_URL (or TEST_POSTGRES_URL) names a
PostgreSQL server on which databases may be created; without it only SQLite is tried. FAULTS_FORMS (200), FAULTS_KILLS
(50), FAULTS_RACES (1000) and FAULTS_DECISIONS (1000) set the sizes, FAULTS_SEED the instants of the kills and the texts
of the races. Exit code 1 when a promise was broken. Nothing is judged by how long it takes.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path

from tests.faults import deadline_flood, decisions, kill_nine, races
from tests.faults.server import Site, drop_database, postgresql_site, sqlite_site

FORMS = int(os.environ.get("FAULTS_FORMS", "200"))
KILLS = int(os.environ.get("FAULTS_KILLS", "50"))
RACES = int(os.environ.get("FAULTS_RACES", "1000"))
DECISIONS = int(os.environ.get("FAULTS_DECISIONS", "1000"))
SEED = int(os.environ.get("FAULTS_SEED", "1"))
HEADS = {
    "flood": "\n## Deadline flood\n\n" + deadline_flood.HEAD,
    "kill": "\n## kill -9\n\n" + kill_nine.HEAD,
    "races": "\n## Two editors\n\n" + races.HEAD,
    "decisions": "\n## Two deciding\n\n" + decisions.HEAD,
}


def _try(name: str, site: Site) -> list[str]:
    if name == "flood":
        return deadline_flood.run(site, FORMS)
    if name == "decisions":
        return decisions.run(site, DECISIONS, SEED)
    return kill_nine.run(site, KILLS, SEED) if name == "kill" else races.run(site, RACES, SEED)


def main() -> None:
    wanted = sys.argv[1:] or list(HEADS)
    server = os.environ.get("FAULTS_POSTGRES_URL") or os.environ.get("TEST_POSTGRES_URL")
    problems: list[str] = []
    for name in wanted:
        print(HEADS[name])
        folder = Path(tempfile.mkdtemp(prefix="sakura-faults-"))
        database = f"sakura_faults_{name}"
        try:
            problems += _try(name, sqlite_site(folder))
            if server:
                problems += _try(name, postgresql_site(folder, server, database))
        finally:
            if server:
                drop_database(server, database)
            shutil.rmtree(folder, ignore_errors=True)
    if not server:
        print("\nPostgreSQL was not tried: FAULTS_POSTGRES_URL names no server.")
    for problem in problems:
        print(f"VIOLATION {problem}")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
