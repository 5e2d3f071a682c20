"""Which files two frozen plans have and lack, in the reader's words."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from app.applications.file_model import KIND_LABELS
from app.core import i18n

Row = Mapping[str, Any]


def between(before: Mapping[str, Any], after: Mapping[str, Any], *, with_names: bool) -> list[tuple[str, str, str]]:
    """(label, before, after) of each file that came or went. Names may say who people are: without `with_names` a file
    is named by what it shows."""
    old, new = ({row["id"]: row for row in plan.get("files") or ()} for plan in (before, after))
    gone = [(_("File, taken out"), _line(row, with_names), "") for name, row in old.items() if name not in new]
    came = [(_("File, new"), "", _line(row, with_names)) for name, row in new.items() if name not in old]
    return gone + came


def _line(row: Row, with_names: bool) -> str:
    said = (row["name"] if with_names else "", KIND_LABELS[row["kind"]], row["note"] if with_names else "")
    return " · ".join(str(part) for part in (*said, i18n.file_size(row["size"])) if part)
