"""The browser's sums are the server's, on boards at random."""

import json
import os
import random
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from app.board.summing import Entry, amount, standing, totals

SUMS = Path(__file__).parents[2] / "app" / "assets" / "js" / "board-sums.js"
MEASURES = ("money", "people", "plans", "region:africa", "country:*", "new_country:*", "first_host:*")
BOARDS = 60
SCRIPT = """
import { amount, standing, totals } from "%s";
let text = "";
for await (const piece of process.stdin) text += piece;
const answer = JSON.parse(text).map(({ plans, line, before, measures }) => {
  const stands = standing(plans, line);
  const found = totals(plans, stands, before);
  return { stands, totals: found, amounts: measures.map((measure) => amount(found, measure)) };
});
console.log(JSON.stringify(answer));
"""


def board(chance: random.Random) -> dict[str, Any]:
    """A board of up to 40 plans, some marked, under a line that reaches somewhere."""
    plans = []
    for host in range(chance.randrange(40)):
        country, region = chance.choice(
            [("NP", "south_asia"), ("KE", "africa"), ("IN", "south_asia"), ("GH", "africa")]
        )
        people = chance.randrange(1, 13)
        counts = {"money": chance.randrange(0, 5_000_000), "people": people, "plans": 1}
        counts |= {f"country:{country}": people, f"region:{region}": people}
        if chance.random() < 0.5:
            counts |= {f"new_country:{country}": 1, f"first_host:{host % 9}": 1}
        plans.append({"mark": chance.choice(["", "", "", "adopted", "reserve", "declined"]), "counts": counts})
    line = chance.choice([0, chance.randrange(0, 60_000_000), 10**10])
    before = {"money": 7, "new_country:NP": 1} if chance.random() < 0.5 else {}
    return {"plans": plans, "line": line, "before": before, "measures": MEASURES}


def test_browser_and_server_reckon_alike() -> None:
    node = shutil.which("node")
    if node is None:
        if os.environ.get("REQUIRE_SERVICES"):
            pytest.fail("Node is required here.")
        pytest.skip("Node is not on this machine.")
    chance = random.Random(2026)
    boards = [board(chance) for _ in range(BOARDS)]
    done = subprocess.run(
        [node, "--input-type=module", "-e", SCRIPT % SUMS.as_uri()],
        input=json.dumps(boards),
        capture_output=True,
        text=True,
        check=True,
    )
    for given, reckoned in zip(boards, json.loads(done.stdout), strict=True):
        entries = [Entry(plan["mark"], plan["counts"]) for plan in given["plans"]]
        stands = standing(entries, given["line"])
        found = totals(entries, stands, given["before"])
        amounts = [amount(found, measure) for measure in MEASURES]
        assert reckoned == {"stands": stands, "totals": dict(found), "amounts": amounts}
