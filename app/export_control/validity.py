"""How long a form lasts: data by the fiscal year of its day (`validity.json`), for JST to confirm.

A row holds from its fiscal year on until a later row. `until`: "months" (so many from its day on:
of 3 April 2026, 12 months, to 2 April 2027) or "fiscal_year" (31 March).
"""

import json
from calendar import monthrange
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from app.core import clock

ROWS = Path(__file__).with_name("validity.json")


@cache
def rows() -> tuple[dict[str, Any], ...]:
    """The rows, the earliest fiscal year first."""
    found = json.loads(ROWS.read_text(encoding="utf-8"))
    return tuple(sorted(found, key=lambda row: row["from_fiscal_year"]))


def last_day(dated_on: date) -> date:
    """The last day on which a form of that day is good."""
    year = clock.fiscal_year(dated_on)
    known = rows()
    row = next((row for row in reversed(known) if row["from_fiscal_year"] <= year), known[0])
    if row["until"] == "fiscal_year":
        return date(year + 1, 3, 31)
    return _last_of_months(dated_on, int(row["months"]))


def _last_of_months(day: date, months: int) -> date:
    """The last day of a period of months that begins with a day (Civil Code, article 143)."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    length = monthrange(year, month)[1]
    return date(year, month, length) if day.day > length else date(year, month, day.day) - timedelta(days=1)
