"""The text by which a plan is found: its number, its theme, its partners, its host, in every language they have."""

from app.applications.models import Application
from app.core import search


def refresh(application: Application) -> None:
    """Write the text a plan is found by. Call after every change of what it consists of."""
    host = application.host_institution
    names = [host.name_ja, host.name_en]
    for partner in application.partners:
        organization = partner.organization
        if organization is None:
            names.append(partner.typed_name)
        else:
            names += [organization.name_ja, organization.name_en, organization.name_native]
    application.search_text = search.search_text(
        application.reference, application.theme_ja, application.theme_en, *names
    )
