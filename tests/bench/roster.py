"""How long reading a long roster takes: `python -m tests.bench.roster [people]`. Prints seconds of the processor.

The goal is two seconds for two thousand people. What the machine does besides is not counted.
"""

import sys
import time

from app.invitees.roster.reader import read_roster
from tests.invitees.roster.tables import RULES, long_table

PEOPLE, TIMES, GOAL = 2000, 5, 2


def main() -> None:
    people = int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE
    workbook = long_table(people)
    seconds = []
    for _time in range(TIMES):
        began = time.process_time()
        draft = read_roster(workbook, rules=RULES)
        seconds.append(time.process_time() - began)
    print(f"{len(draft.people):,} people read in {min(seconds):.2f} s (goal for {PEOPLE:,}: {GOAL} s)")


if __name__ == "__main__":
    main()
