"""Forms on a plan's workbook: the file, and the wish to save it."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileRequired

from app.core.forms import CreatingForm, FileField, VersionedForm


class WorkbookForm(CreatingForm):
    """A filled-in workbook."""

    file = FileField(
        _l("Workbook of this plan"),
        description=_l("The workbook (.xlsx) that was taken from the page of this plan, 5 MB at most."),
        validators=[FileRequired(_l("Choose a file."))],
    )


class SaveWorkbookForm(CreatingForm, VersionedForm):
    """The wish to save what was shown."""
