"""What of a form in the middle of being filled in can already be judged."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms.fields import SelectField, StringField

from app.applications.row_forms import MOST_ROWS, RowForm, RowsForm
from app.core.forms import BaseForm, PhoneField, TextAreaField, TextField

Sent = MultiDict[str, str]
Stored = Callable[[], dict[str, Any]]

#: Of text that is too long it is known what it says.
READABLE = (TextField, TextAreaField, PhoneField)
#: Whether a form is ours, the door has found out before any view is asked.
AT_THE_DOOR = {"csrf": False}
LONGEST_NUMBER = 9  # digits of the number of a row


class _Rows:
    """Rows that were sent, read one after the other into one form: a form for each would take five times as long.

    Those of which the rules could not tell what they mean are left out. As when they are saved, what was not sent of a
    row is as it is stored; a page sends all of it, and then nothing is read for that.
    """

    def __init__(self, form: RowForm, sent: Mapping[int, Sent], stored: Stored) -> None:
        self._form, self._sent, self._stored = form, sent, stored
        self._nothing: dict[str, Any] = dict.fromkeys(form.data)

    def __iter__(self) -> Iterator[RowForm]:
        form = self._form
        for number, row in self._sent.items():
            form.process(row, data=self._nothing if len(row) == len(self._nothing) else self._kept(number))
            if not form.validate():
                if any(form[name].errors for name in form.needed):
                    continue
                _forget_unreadable(form)
            yield form

    def _kept(self, number: int) -> dict[str, Any]:
        """What is stored of the row with that number; of a new one, nothing."""
        rows: Sequence[dict[str, Any]] = self._stored()["rows"]
        return self._nothing | (rows[number] if number < len(rows) else {})


def read(kind: type[BaseForm], sent: Sent, stored: Stored) -> Any:
    """A form as it is being typed. What cannot be read in it is empty: that is not known yet.

    `stored` tells what stands in the plan, for questions that nothing was sent for.
    """
    if not issubclass(kind, RowsForm):
        return _read(kind, sent, stored())
    own, rows = _apart(sent)
    form = _read(kind, own, {})
    form.typed_rows = _Rows(form.rows.append_entry().form, rows, cache(stored))
    return form


def _read(kind: type[BaseForm], sent: Sent, stored: dict[str, Any]) -> Any:
    form: Any = kind(formdata=sent, data=stored, meta=AT_THE_DOOR)
    if not form.validate():
        _forget_unreadable(form)
    return form


def _apart(sent: Sent) -> tuple[Sent, dict[int, Sent]]:
    """What was sent for the form itself, and for each of its rows by number, all of them named like the first."""
    own: Sent = MultiDict()
    rows: dict[int, dict[str, list[str]]] = {}
    for name, values in sent.lists():
        field, _dash, rest = name.partition("-")
        number, _dash, field_of_row = rest.partition("-")
        if field == "rows" and number.isdecimal() and len(number) <= LONGEST_NUMBER:
            rows.setdefault(int(number), {})[f"rows-0-{field_of_row}"] = values
        else:
            own.setlist(name, values)
    return own, {number: MultiDict(rows[number]) for number in sorted(rows)[:MOST_ROWS]}


def _forget_unreadable(form: Any) -> None:
    for field in form:
        if field.errors and not isinstance(field, READABLE):
            field.data = "" if isinstance(field, StringField | SelectField) else None
            field.raw_data = None
