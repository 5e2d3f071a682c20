"""The pages of a roster's file, whatever it belongs to: the owner's views say where they stand (`Frame`)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import render_template, request

from app.core.errors import DomainError
from app.core.web import Answer, blame, render_form
from app.invitees import roster_page, roster_reading
from app.invitees.roster.draft import COLUMN_FIELDS, RosterDraft
from app.invitees.roster.findings import FIELD_LABELS
from app.invitees.roster_controls import masked
from app.invitees.roster_forms import ENCODINGS, ColumnsForm, EncodingForm, RosterForm
from app.invitees.roster_matching import Plan
from app.invitees.roster_model import RosterFile


@dataclass(frozen=True)
class Frame:
    """Where the pages stand and what they are about.

    `owner` names it in titles; `above` is the template over the page and `context` what that needs; `place` holds the
    parts of the addresses; `dates` is where missing dates are set (None: they are set), `undated` says so; `stays`
    and `missing` are sentences on what the file does not touch; `back` leads to `people`.
    """

    owner: str
    above: str
    place: Mapping[str, str]
    stays: str
    missing: str
    back: str
    people: str
    dates: str | None = None
    undated: str = ""
    context: Mapping[str, Any] = field(default_factory=dict)


def render(template: str, frame: Frame, **context: Any) -> str:
    """A page of the file inside its frame."""
    return render_template(f"invitees/{template}", frame=frame, place=frame.place, **frame.context, **context)


def render_refused(template: str, form: Any, frame: Frame, **context: Any) -> Answer:
    """A page with a form: 422 once it was sent and is wrong."""
    return render_form(f"invitees/{template}", form, frame=frame, place=frame.place, **frame.context, **context)


def page(
    frame: Frame,
    found: RosterFile,
    draft: RosterDraft,
    made: Plan[Any, Any],
    *,
    hides: bool,
    stale: bool = False,
    refused: DomainError | None = None,
    columns: ColumnsForm | None = None,
) -> Answer:
    """The page of an import: 200 when looked at; 409 or 422, with all that was typed, when it could not be stored."""
    said = roster_reading.said_of(found)
    shown = roster_page.build(draft, made, said, hides_numbers=hides, editing=request.args.get("person", ""))
    # Without what was sent: the forms carry the version and the plan that the reader now sees.
    form = RosterForm(formdata=None, version=str(found.version), fingerprint=made.fingerprint)
    if refused is not None:
        blame(form, refused)
    columns = columns or ColumnsForm(formdata=None)
    columns.version.data = str(found.version)
    answer = render(
        "roster_import.html",
        frame,
        found=found,
        page=shown,
        form=form,
        columns_form=columns,
        sheets=_sheets(draft, hides),
        fields=[(name, FIELD_LABELS[name]) for name in COLUMN_FIELDS],
        sent=request.form if request.method == "POST" else None,
        stale=stale,
        groups=roster_page.GROUPS,
        labels=FIELD_LABELS,
    )
    if request.method == "GET":
        return answer
    return answer, 409 if stale else 422


def _sheets(draft: RosterDraft, hides: bool) -> list[dict[str, Any]]:
    """The sheets of the file with their columns as read."""
    return [
        {
            "place": place,
            "name": draft.workbook.sheets[place].name,
            "header": ", ".join(str(row) for row in mapping.header_rows),
            "skipped": mapping.skipped,
            "columns": [
                (column, [masked(text) if hides else text for text in column.samples])
                for column in draft.columns
                if column.sheet == place
            ],
        }
        for place, mapping in draft.mapping.sheets.items()
        if draft.workbook.sheets[place].rows
    ]


def encoding_form(found: RosterFile) -> EncodingForm:
    """The form that asks how the letters of a file are to be read."""
    form = EncodingForm(version=str(found.version))
    form.encoding.choices = [(c.encoding, ENCODINGS[c.encoding]) for c in roster_reading.encodings(found)]
    return form


def encoding_page(frame: Frame, found: RosterFile, form: EncodingForm, *, hides: bool) -> Answer:
    """The page that asks it, with the first lines in each reading."""
    previews = {
        choice.encoding: [masked(line) if hides else line for line in choice.preview]
        for choice in roster_reading.encodings(found)
    }
    return render_refused("roster_encoding.html", form, frame, found=found, previews=previews)
