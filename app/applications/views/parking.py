"""Beside a section's form: what is typed is kept, what was not saved is offered, who else is there is shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict

from app.accounts import identity
from app.applications import parking, presence
from app.applications.models import Application
from app.applications.parked_model import ParkedText
from app.applications.presence import Present
from app.applications.views import meanwhile
from app.applications.views.blueprint import bp
from app.applications.views.comparing import differences
from app.applications.views.editing import EDITED, form_of
from app.applications.views.shared import SECTIONS
from app.core import carrying, clock
from app.core.conflict import Difference
from app.core.errors import NotFound
from app.core.forms import HOUSEKEEPING
from app.core.web import Answer, current_actor, load, permission_required

PAGE = "page"  # the hidden field with the name of the page


@dataclass(frozen=True, slots=True)
class Offer:
    """A text that was typed and not saved, and how it differs from what is stored."""

    parked: ParkedText
    differences: Sequence[Difference]


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside the form of a section."""

    page: str
    seen: str
    others: Sequence[Present]
    offer: Offer | None
    restored: ParkedText | None


@bp.post("/<string:application_id>/edit/<string:section>/keep")
@permission_required("application:edit")
def keep(application_id: str, section: str) -> Answer:
    """One small request of an open page: a sign of life and, if anything is typed, the fields as they stand.

    Answers a piece of the page: when it was kept, who else is there. The plan itself is not touched.
    """
    if section not in EDITED:
        raise NotFound()
    application: Application = load(Application, application_id, "application:edit")
    actor = current_actor()
    presence.note(application, section, actor)
    kept_at = None
    if request.form.get("typed"):
        version = request.form.get("version", "")
        kept_at = parking.park(
            actor,
            application,
            section,
            _typed(section),
            page=request.form.get(PAGE, ""),
            version=int(version) if version.isdecimal() and len(version) < 10 else None,
        ).kept_at
    else:
        identity.is_no_use()
    return render_template(
        "applications/kept.html",
        kept_at=f"{clock.in_tokyo(kept_at):%H:%M:%S}" if kept_at else None,
        others=presence.around(actor, application, section).others,
        section=section,
        sections=SECTIONS,
        now=clock.now(),
    )


@bp.post("/<string:application_id>/edit/<string:section>/discard")
@permission_required("application:edit")
def discard(application_id: str, section: str) -> Answer:
    """Throw away what was typed and not saved."""
    application: Application = load(Application, application_id, "application:edit")
    parking.forget(current_actor(), application, request.form.get(PAGE, ""))
    return redirect(url_for(".edit", application_id=application_id, section=section))


def _typed(section: str) -> list[tuple[str, str]]:
    """The fields of the section as sent, and the mark of what its writer saw; nothing else is kept."""
    form = EDITED[section].form
    known = {name for name in dir(form) if hasattr(getattr(form, name), "_formfield")} - HOUSEKEEPING
    sent = request.form.items(multi=True)
    return [(name, text) for name, text in sent if name.partition("-")[0] in known or name == meanwhile.SEEN]


def take_up(section: str, application: Application) -> ParkedText | None:
    """The parked text that the page was asked to be filled with; its form is then. Raises: NotFound."""
    name = request.args.get("kept")
    if name is None:
        return None
    held = next((text for text in _parked(section, application) if text.public_id == name), None)
    if held is None:
        raise NotFound()
    carrying.put(EDITED[section].form.__name__, parking.fields_of(held))
    return held


def is_outdated(held: ParkedText, section: str, application: Application) -> bool:
    """Whether the section was changed since the parked text was begun."""
    seen = dict(parking.fields_of(held)).get(meanwhile.SEEN)
    return held.base_version != application.version and seen != meanwhile.mark(section, application)


def forget(application: Application) -> None:
    """What this page parked is saved now."""
    parking.forget(current_actor(), application, request.form.get(PAGE, ""))


def beside(section: str, application: Application, status: int, restored: ParkedText | None) -> Beside:
    """What stands beside the form; the reader's own sign of life is written once the page is answered."""
    actor = current_actor()
    around = presence.around(actor, application, section)
    if not around.is_noted:
        presence.note_afterwards(application, section, actor)
    page, seen = _said(PAGE), _said(meanwhile.SEEN)
    is_as_sent = status == 422 or request.method == "GET"  # a form not compared with the plan rests on what was seen
    return Beside(
        page=restored.public_id if restored else parking.page_name(page or ""),
        seen=seen if is_as_sent and seen is not None else meanwhile.mark(section, application),
        others=around.others,
        offer=_offer(section, application) if request.method == "GET" and not page and restored is None else None,
        restored=restored,
    )


def _said(name: str) -> str | None:
    """What the page said by itself under that name: in the form just sent, or in one kept over a session's end."""
    return request.form.get(name, carrying.sent(name))


def _parked(section: str, application: Application) -> list[ParkedText]:
    return parking.parked(current_actor(), application, section)


def _offer(section: str, application: Application) -> Offer | None:
    """The newest text that was not saved and says something else than the plan."""
    for held in _parked(section, application):
        stored = form_of(section, application, submitted=False)
        found = differences(_filled(section, application, held), stored, application.version)
        if found:
            return Offer(held, found)
    return None


def _filled(section: str, application: Application, held: ParkedText) -> Any:
    edited = EDITED[section]
    form: Any = edited.form(formdata=MultiDict(parking.fields_of(held)), data=edited.stored(application))
    if section == "people":
        form.offer(application.partners)
    return form
