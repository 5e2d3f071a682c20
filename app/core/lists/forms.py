"""The forms all lists share: naming a view, taking a list away."""

from flask_babel import lazy_gettext as _l
from wtforms.validators import DataRequired, Length

from app.core.forms import CheckboxField, CreatingForm, ExportForm, RadioField, TextField

CSV, XLSX = "csv", "xlsx"
FORMATS = [(XLSX, _l("Excel workbook")), (CSV, _l("CSV"))]


class ViewForm(CreatingForm):
    """A name for the filters and the order of a list."""

    name = TextField(_l("Name of the view"), validators=[DataRequired(_l("Enter a name.")), Length(max=60)])
    is_default = CheckboxField(_l("Begin with this view when I open the list"))


class TakeForm(ExportForm):
    """Why a list leaves the system, and as what."""

    format = RadioField(_l("Kind of file"), choices=FORMATS, default=CSV)
