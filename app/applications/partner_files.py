"""What a partner does with files behind its link: its own ones in its own part, and nobody else's.

The partner has no account and no role: its right is the link, which is asked anew at every step.
"""

from app.applications import file_keeping, file_queries, partner_filling, partner_links, queries
from app.applications.file_keeping import Upload
from app.applications.file_model import PlanFile
from app.applications.partner_models import PartnerLink
from app.core.errors import NotFound, TransitionNotAllowed


def of(link: PartnerLink) -> list[PlanFile]:
    """The files of the partner's own part."""
    return file_queries.of_partner(link.partner)


def file_of(link: PartnerLink, public_id: str) -> PlanFile:
    """One of the partner's own files. Raises: NotFound, alike for those of others."""
    found = next((file for file in of(link) if file.public_id == public_id), None)
    if found is None:
        raise NotFound()
    return found


def add(link: PartnerLink, upload: Upload, *, instead_of: PlanFile | None = None) -> PlanFile:
    """Attach a file to the own part, or put it in the place of another one there.

    Raises: PartnerLinkGone, TransitionNotAllowed once the plan is handed in, TooMany, Refused beside `file`.
    """
    _require_open(link)
    file_keeping.count_upload(f"partner:{link.application_partner_id}")
    partner, actor = link.partner, partner_links.actor_of(link)
    made = file_keeping.take_in(actor, partner.application, upload, partner=partner, instead_of=instead_of)
    partner_filling.tell_host(partner)
    return made


def remove(link: PartnerLink, file: PlanFile) -> None:
    """Take one of the own files out. Raises: PartnerLinkGone, TransitionNotAllowed."""
    _require_open(link)
    file_keeping.remove(partner_links.actor_of(link), link.partner.application, file)
    partner_filling.tell_host(link.partner)


def _require_open(link: PartnerLink) -> None:
    queries.take_turn(link.partner.application)
    if not link.is_good or link.activated_at is None:
        raise partner_links.PartnerLinkGone(link)
    if partner_filling.is_closed(link):
        raise TransitionNotAllowed()
