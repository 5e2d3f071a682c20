"""What several pages of exchange plans do alike."""

from app.applications import contents as plan_contents
from app.applications import queries, thawing
from app.applications.contents import Contents
from app.applications.models import Application, ApplicationState
from app.applications.vocabulary import SECTION_LABELS
from app.core.web import load, may

SECTIONS = SECTION_LABELS


def application_for(application_id: str, permission: str) -> Application:
    """The plan with all its page reads, if it exists for the reader under that permission."""
    application: Application = load(Application, application_id, permission, *queries.FOR_PAGE)
    return application


def contents(application: Application, *, with_contacts: bool = True) -> Contents:
    """What the plan says, for its page."""
    return plan_contents.of(application, with_contacts=with_contacts)


def sees_draft(application: Application) -> bool:
    """Whether the reader may see what stands in a plan before it is submitted (again): its own institution does."""
    return may("application:edit", application)


def as_known(application: Application) -> Application:
    """The plan as the reader may know it: of one that was returned, JST sees what was submitted and no draft."""
    may_differ = application.state in queries.AFTER_A_DRAFT and application.snapshot is not None
    return thawing.as_submitted(application) if may_differ and not sees_draft(application) else application


def corrections(application: Application) -> dict[str, str]:
    """What JST asks to have corrected, by section, while the plan is returned; "" for a section without a remark."""
    is_returned = application.state is ApplicationState.RETURNED
    return dict(application.return_sections or {}) if is_returned else {}
