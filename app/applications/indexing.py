"""The text by which a plan is found: its number, its theme, its partners, its host, in every language they have.

A plan that was submitted and is a draft again is found by what was submitted: nobody at JST finds it by words it holds
only since.
"""

from app.applications.models import Application, ApplicationPartner
from app.applications.queries import AFTER_A_DRAFT
from app.core import search


def refresh(application: Application) -> None:
    """Write the text a plan is found by. Call after every change of what it consists of, and when it is submitted."""
    host = application.host_institution
    is_draft_again = application.snapshot is not None and application.state in AFTER_A_DRAFT
    words = _submitted(application) if is_draft_again else _written(application)
    application.search_text = search.search_text(application.reference, *words, host.name_ja, host.name_en)


def _written(application: Application) -> list[str]:
    names = [name for partner in application.partners for name in _names(partner)]
    return [application.theme_ja, application.theme_en, *names]


def _submitted(application: Application) -> list[str]:
    frozen = application.snapshot or {}
    rows = frozen.get("partners") or []
    known = {row["organization"] for row in rows}
    kept = [one for one in application.partners if one.organization and one.organization.public_id in known]
    names = [name for partner in kept for name in _names(partner)]
    return [frozen["theme_ja"], frozen["theme_en"], *(row["name"] for row in rows), *names]


def _names(partner: ApplicationPartner) -> list[str]:
    organization = partner.organization
    if organization is None:
        return [partner.typed_name]
    return [organization.name_ja, organization.name_en, organization.name_native]
