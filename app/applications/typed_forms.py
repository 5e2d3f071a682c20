"""What of a form in the middle of being filled in can already be judged."""

from typing import Any

from wtforms.fields import SelectField, StringField

from app.core.forms import PhoneField, TextAreaField, TextField

#: Of text that is too long it is known what it says.
READABLE = (TextField, TextAreaField, PhoneField)


def forget_unreadable(form: Any) -> None:
    """Empty the fields of a validated form in which something stands that cannot be read: that is not known yet.

    Rows of which the rules could not tell what they mean are left out.
    """
    fields = [field for field in form if field.name != "rows"]
    if "rows" in form:
        form.rows.entries = [row for row in form.rows.entries if not any(row.form[n].errors for n in row.form.needed)]
        fields += [field for row in form.rows.entries for field in row.form]
    for field in fields:
        if field.errors and not isinstance(field, READABLE):
            field.data = "" if isinstance(field, StringField | SelectField) else None
            field.raw_data = None
