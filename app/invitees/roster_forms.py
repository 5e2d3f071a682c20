"""Forms on the import of a roster. The inputs on the roster itself are made from it (`roster_controls`)."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileRequired
from wtforms.validators import InputRequired

from app.core.forms import CreatingForm, FileField, HiddenField, RadioField, VersionedForm
from app.invitees.roster.draft import COLUMN_FIELDS, RosterDraft, RosterMapping, SheetMapping
from app.invitees.roster.findings import FIELD_LABELS

ENCODINGS: Mapping[str, Any] = {
    "cp932": _l("Japanese (Windows, CP932)"),
    "euc_jp": _l("Japanese (EUC-JP)"),
    "iso2022_jp": _l("Japanese (ISO-2022-JP)"),
    "gb18030": _l("Chinese (GB 18030)"),
    "big5": _l("Chinese, traditional (Big5)"),
    "cp949": _l("Korean (Windows, CP949)"),
    "cp874": _l("Thai (Windows, CP874)"),
    "cp1252": _l("Western European (Windows, CP1252)"),
    "cp1258": _l("Vietnamese (Windows, CP1258)"),
    "utf-16-le": _l("Unicode (UTF-16, little endian)"),
    "utf-16-be": _l("Unicode (UTF-16, big endian)"),
}
#: Fields that several columns may hold.
SEVERAL = ("unused", "notes")


class UploadForm(CreatingForm):
    """The file of a roster."""

    file = FileField(
        _l("File with the people who come"),
        description=_l("An Excel workbook (.xlsx) or a text file (.csv, .txt) of 5 MB at most, as you received it."),
        validators=[FileRequired(_l("Choose a file."))],
    )


class EncodingForm(VersionedForm):
    """How the letters of a text file are to be read."""

    encoding = RadioField(_l("Which of these looks right?"), validators=[InputRequired()])


class RosterForm(CreatingForm, VersionedForm):
    """What was said about a roster, and the wish to save it."""

    fingerprint = HiddenField()


class ColumnsForm(VersionedForm):
    """What each column holds; its inputs are named by sheet and column."""

    def read(self, sent: Mapping[str, str], draft: RosterDraft) -> RosterMapping | None:
        """The mapping that was sent; None, with the problems on top of the form, where it cannot be."""
        sheets: dict[int, SheetMapping] = {}
        for place, old in draft.mapping.sheets.items():
            if f"header.{place}" not in sent:
                sheets[place] = old
                continue
            rows = _row_numbers(sent[f"header.{place}"])
            if rows is None:
                self.form_errors.append(_("Write the rows of the headings as numbers, for example: 4, 5"))
                rows = old.header_rows
            sheets[place] = SheetMapping(rows, self._columns(sent, draft, place), f"skip.{place}" in sent)
        return None if self.form_errors else RosterMapping(sheets)

    def _columns(self, sent: Mapping[str, str], draft: RosterDraft, place: int) -> dict[int, str]:
        columns: dict[int, str] = {}
        for column in draft.columns:
            if column.sheet != place:
                continue
            name = sent.get(f"column.{place}.{column.column}", column.field or "")
            if name not in COLUMN_FIELDS:
                continue
            if name in columns.values() and name not in SEVERAL:
                words = _("Two columns are said to hold “%(field)s”. Choose one.", field=FIELD_LABELS[name])
                self.form_errors.append(words)
            columns[column.column] = name
        return columns


def _row_numbers(text: str) -> tuple[int, ...] | None:
    """Row numbers from "4, 5"; () for nothing; None for anything else."""
    parts = text.replace("\u3001", ",").replace("\uff0c", ",").replace(" ", ",").split(",")
    numbers = [part for part in parts if part]
    if any(not part.isdecimal() or len(part) > 4 for part in numbers) or len(numbers) > 5:
        return None
    return tuple(sorted({int(part) for part in numbers}))
