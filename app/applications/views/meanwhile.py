"""Whether a section changed since somebody opened it: the plan's version moves with every section, a mark with one.

So two people who write in different sections never stand in each other's way, and nobody overwrites what they have
not seen.
"""

import hashlib
import json
from typing import Any

from flask import request

from app.applications.models import Application
from app.applications.views.editing import EDITED
from app.core.audit import plain

SEEN = "seen"  # the hidden field with the mark


def mark(section: str, application: Application) -> str:
    """A few signs that change with anything in the section, and with nothing else in the plan."""
    text = json.dumps(plain(EDITED[section].stored(application)), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]


def version_read(section: str, application: Application, form: Any) -> int | None:
    """The version of the plan that a sent form may change: the present one while its section is as its writer saw it.

    None when what the writer saw is not known.
    """
    if request.form.get(SEEN) == mark(section, application):
        return application.version
    version: int | None = form.read_version()
    return version
