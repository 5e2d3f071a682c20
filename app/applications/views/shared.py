"""What several pages of exchange plans do alike."""

from typing import Any

from flask_babel import lazy_gettext as _l

from app.applications import contents as plan_contents
from app.applications import queries
from app.applications.contents import Contents
from app.applications.models import Application
from app.core.web import load

SECTIONS: dict[str, Any] = {
    "overview": _l("Overview"),
    "partners": _l("Partners"),
    "itinerary": _l("Itinerary"),
    "people": _l("Who comes"),
    "budget": _l("Budget"),
    "safety": _l("Safety and export control"),
}


def application_for(application_id: str, permission: str) -> Application:
    """The plan with all its page reads, if it exists for the reader under that permission."""
    application: Application = load(Application, application_id, permission, *queries.FOR_PAGE)
    return application


def contents(application: Application, *, with_contacts: bool = True) -> Contents:
    """What the plan says, for its page."""
    return plan_contents.of(application, with_contacts=with_contacts)
