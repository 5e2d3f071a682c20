"""The form of a file on its way into a plan."""

from typing import Any, BinaryIO, cast

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileRequired
from wtforms.validators import InputRequired, Length

from app.applications.file_keeping import Upload
from app.applications.file_model import KIND_LABELS, PlanFileKind
from app.core import storage
from app.core.forms import CreatingForm, FileField, RadioField, TextField
from app.core.storage import FileKind

ACCEPT = ",".join(f".{extension}" for extension in storage.accepted_extensions(FileKind.DOCUMENT))


class PlanFileForm(CreatingForm):
    """A file, what it shows, and a word about it. What was typed stays when the file does not fit."""

    file = FileField(
        _l("File"),
        description=_l("PDF up to 20 MB, JPEG or PNG up to 10 MB, XLSX, CSV or TXT up to 5 MB."),
        validators=[FileRequired(_l("Choose a file."))],
    )
    kind = RadioField(
        _l("What does it show?"),
        choices=list(KIND_LABELS.items()),
        coerce=lambda value: PlanFileKind(value) if value else None,
        validators=[InputRequired(_l("Choose what the file shows."))],
    )
    note = TextField(
        _l("Note"),
        description=_l("One line for those who read the plan, if the name does not say enough."),
        validators=[Length(max=300)],
    )

    def upload(self) -> Upload:
        """What was sent."""
        sent: Any = self.file.data
        return Upload(cast(BinaryIO, sent.stream), sent.filename or "", self.kind.data, self.note.data or "")
