"""Host institutions and sending organizations."""

from itertools import count
from typing import Any, TypeVar

from app.core.db import db
from app.directory.models import HostInstitution, InstitutionKind, Organization, OrganizationState, SendingOrganization
from app.directory.naming import refresh

_numbers = count(1)
T = TypeVar("T", bound=Organization)


def make_host(**fields: Any) -> HostInstitution:
    """An active university in Kyoto; names of its own unless given."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "state": OrganizationState.ACTIVE,
        "kind": InstitutionKind.UNIVERSITY,
        "name_ja": f"試験大学第{number}",
        "name_en": f"Testing University No. {number}",
        "country": "JP",
        "prefecture": "26",
        "city": "Kyoto",
    }
    return _stored(HostInstitution(**{**values, **fields}))


def make_sending(**fields: Any) -> SendingOrganization:
    """An active university in Nepal; a name of its own unless given."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "state": OrganizationState.ACTIVE,
        "kind": InstitutionKind.UNIVERSITY,
        "name_en": f"Sample Campus No. {number}",
        "country": "NP",
        "city": "Kathmandu",
    }
    return _stored(SendingOrganization(**{**values, **fields}))


def _stored(organization: T) -> T:
    for name in ("name_ja", "name_en", "name_native"):
        setattr(organization, name, getattr(organization, name) or "")
    refresh(organization)
    db.session.add(organization)
    db.session.flush()
    return organization
