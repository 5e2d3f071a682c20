"""For whom a form is given to a host institution: the host itself, or one of its partners."""

from dataclasses import dataclass

from app.core import search
from app.directory.models import SendingOrganization


@dataclass(frozen=True, slots=True)
class Party:
    """A body as a host's forms know it. `key` is "" for the host itself; `others` are keys it may have had before."""

    key: str = ""
    name: str = ""
    organization_id: int | None = None
    others: tuple[str, ...] = ()


HOST = Party()


def of_partner(organization: SendingOrganization | None, typed_name: str, country: str) -> Party | None:
    """A partner: one of the directory, or one that is only named. None while it has no name.

    One that was entered in the directory later is still found by the name it was typed with.
    """
    if organization is not None:
        names = [name for name in (organization.name_en, organization.name_ja, organization.name_native) if name]
        former = tuple(dict.fromkeys(_key(name, organization.country) for name in names))
        return Party(f"org:{organization.id}", names[0] if names else "", organization.id, former)
    return Party(_key(typed_name, country), typed_name[:300]) if search.fold(typed_name) else None


def _key(name: str, country: str) -> str:
    return f"name:{country.lower()}:{search.fold(name)}"[:320]
