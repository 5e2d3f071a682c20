"""Figures of name matching on a whole list: `python -m tests.screening.figures ROR_DUMP.json`.

Twenty spellings each of 835 made-up bodies, every listed name and alias as it stands, and the display names of an
innocent register (a ROR v2 dump).
"""

import json
import sys
import time
from pathlib import Path

from app.screening.matching import Kind, NameIndex
from tests.screening.made_list import made_list, spellings


def innocents(path: Path) -> list[str]:
    """The display name of every record of a ROR v2 dump."""
    records = json.loads(path.read_text(encoding="utf-8"))
    return [name["value"] for record in records for name in record["names"] if "ror_display" in name["types"]]


def main(path: str) -> None:
    bodies = made_list()
    index = NameIndex((body.number, name) for body in bodies for name in (body.name, *body.aliases))
    begun = time.perf_counter()
    asked = [(body.number, way) for body in bodies for way in spellings(body.name, body.number)]
    found = sum(number in {hit.body for hit in index.find(way)} for number, way in asked)
    listed = [(body.number, name) for body in bodies for name in (body.name, *body.aliases)]
    exact = sum(any(h.body == number and h.kind is Kind.EXACT for h in index.find(name)) for number, name in listed)
    names = innocents(Path(path))[:2000]
    flagged = [name for name in names if index.find(name)]
    seconds = time.perf_counter() - begun
    print(f"spellings found: {found} of {len(asked)} ({found / len(asked):.2%})")
    print(f"listed names and aliases found exactly: {exact} of {len(listed)}")
    print(f"innocent names flagged: {len(flagged)} of {len(names)} ({len(flagged) / len(names):.2%})")
    print(f"{seconds:.0f} s, {seconds / (len(asked) + len(listed) + len(names)) * 1000:.1f} ms a name")


if __name__ == "__main__":
    main(sys.argv[1])
