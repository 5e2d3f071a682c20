"""Two people edited the same record: show what the other one saved beside what this one typed, and let go on."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm.exc import StaleDataError

from app.core import i18n, transaction
from app.core.errors import Stale
from app.core.forms import HOUSEKEEPING, VersionedForm


@dataclass(frozen=True, slots=True)
class Difference:
    """A field whose stored value differs from the typed one, both as people read them."""

    label: str
    stored: str
    typed: str


@contextmanager
def noticed() -> Iterator[None]:
    """Inside, two who save in the same instant are told like two who save one after the other.

    What the later one began is undone, so that the record can be read again. Raises: Stale.
    """
    try:
        yield
    except StaleDataError as error:
        transaction.rollback()
        raise Stale() from error


def differences(form: VersionedForm, stored: Mapping[str, Any], version: int) -> list[Difference]:
    """The fields that differ from what is stored now; the form takes over the present version.

    So whoever reads the comparison and saves again does it knowingly. `stored`: value by field name; other fields of
    the form are not compared.
    """
    form.version.raw_data = None
    form.version.data = str(version)
    found = []
    for name, field in form._fields.items():
        if name in HOUSEKEEPING or name not in stored:
            continue
        ours, theirs = _words(field, field.data), _words(field, stored[name])
        if ours != theirs:
            found.append(Difference(str(field.label.text), theirs, ours))
    return found


def _words(field: Any, value: Any) -> str:
    if isinstance(value, bool):
        return "✓" if value else "–"
    if isinstance(value, list | tuple):
        return ", ".join(_words(field, item) for item in value)
    choices = field.iter_choices() if getattr(field, "choices", None) else ()
    labels = {str(choice.value): str(choice.label) for choice in choices}
    if hasattr(value, "isoformat") and hasattr(value, "year"):
        return i18n.short_day(value)
    return labels.get(str(value), "" if value is None else str(value))
