"""What of a form in the middle of being filled in can already be judged."""

from collections.abc import Iterable, Iterator
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms.fields import SelectField, StringField

from app.applications.row_forms import MOST_ROWS, RowForm, RowsForm
from app.core.forms import BaseForm, PhoneField, TextAreaField, TextField

Sent = MultiDict[str, str]

#: Of text that is too long it is known what it says.
READABLE = (TextField, TextAreaField, PhoneField)
#: Whether a form is ours, the door has found out before any view is asked.
AT_THE_DOOR = {"csrf": False}


class _Rows:
    """Rows that were sent, read one after the other into one form: a form for each would take five times as long.

    Those of which the rules could not tell what they mean are left out.
    """

    def __init__(self, form: RowForm, sent: Iterable[Sent]) -> None:
        self._form, self._sent = form, sent
        self._nothing = dict.fromkeys(form.data)  # what stands in a row before it is read

    def __iter__(self) -> Iterator[RowForm]:
        form = self._form
        for row in self._sent:
            form.process(row, data=self._nothing)
            if not form.validate():
                if any(form[name].errors for name in form.needed):
                    continue
                _forget_unreadable(form)
            yield form


def read(kind: type[BaseForm], sent: Sent, stored: dict[str, Any]) -> Any:
    """A form as it is being typed. What cannot be read in it is empty: that is not known yet.

    `stored`: what stands in the plan, for questions that nothing was sent for; never for rows.
    """
    own, rows = _apart(sent) if issubclass(kind, RowsForm) else (sent, [])
    form: Any = kind(formdata=own, data=stored, meta=AT_THE_DOOR)
    if not form.validate():
        _forget_unreadable(form)
    if isinstance(form, RowsForm):
        form.typed_rows = _Rows(form.rows.append_entry().form, rows)
    return form


def _apart(sent: Sent) -> tuple[Sent, list[Sent]]:
    """What was sent for the form itself, and for each of its rows, all of them named like the first."""
    own: Sent = MultiDict()
    rows: dict[str, dict[str, list[str]]] = {}
    for name, values in sent.lists():
        field, _dash, rest = name.partition("-")
        number, _dash, field_of_row = rest.partition("-")
        if field == "rows" and number.isdecimal():
            rows.setdefault(number, {})[f"rows-0-{field_of_row}"] = values
        else:
            own.setlist(name, values)
    return own, [
        MultiDict(rows[number]) for number in sorted(rows, key=lambda number: (len(number), number))[:MOST_ROWS]
    ]


def _forget_unreadable(form: Any) -> None:
    for field in form:
        if field.errors and not isinstance(field, READABLE):
            field.data = "" if isinstance(field, StringField | SelectField) else None
            field.raw_data = None
