"""Links for sending sides: made, opened once with a code, bound to the browser that opened them, taken back.

The token has 256 bits and comes by mail, the code six signs and comes by another way; both are kept hashed, the code
together with the token, so that the database alone gives away neither. One conditional UPDATE opens a link.
"""

import hashlib
import secrets
import unicodedata
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload, selectinload

from app.applications import facts, file_keeping
from app.applications.models import Application, ApplicationPartner
from app.applications.named_models import EnteredBy
from app.applications.partner_models import MOST_WRONG_CODES, LinkState, PartnerLink
from app.core import audit, clock, limits
from app.core.authz import SYSTEM, Actor
from app.core.db import PUBLIC_ID_ALPHABET, db
from app.core.errors import DomainError
from app.core.i18n import language

LIFE = timedelta(days=21)
CODE_SIGNS = 6
NAME_OF_ACTOR = "Partner: "  # before its name in the audit log
MOST_TRIES_OF_A_PLACE = 20
PLACE_PERIOD = timedelta(minutes=15)


class PartnerLinkGone(DomainError):
    """The link was used elsewhere, taken back, is too old, or never was; `link` is the row where there is one."""

    status = 410

    def __init__(self, link: PartnerLink | None = None) -> None:
        super().__init__()
        self.link = link


def new_token() -> str:
    """256 bits nobody can guess."""
    return secrets.token_urlsafe(32)


def _hash(purpose: str, *parts: str) -> str:
    return hashlib.sha256("\x1f".join((f"partner-{purpose}", *parts)).encode("utf-8")).hexdigest()


def _code_hash(token: str, code: str) -> str:
    plain = "".join(sign for sign in unicodedata.normalize("NFKC", code).casefold() if sign.isalnum())
    return _hash("code", token, plain)


def actor_of(link: PartnerLink) -> Actor:
    """Who acts by a link: the partner, with no role at all. What it may do, the verbs see from the link itself."""
    partner = link.partner
    name = partner.name or partner.contact_name
    return Actor(
        id=None, name=f"{NAME_OF_ACTOR}{name}"[:200], email=partner.contact_email, locale=language(), grants=()
    )


def issue(partner: ApplicationPartner, created_by_id: int) -> tuple[PartnerLink, str, str]:
    """Make a link, which ends those before it; returns its row, the token for the mail and the code for another way.

    It is good until the plan can no longer be handed in, at most 21 days.
    """
    revoke(partner)
    token = new_token()
    code = "".join(secrets.choice(PUBLIC_ID_ALPHABET) for _sign in range(CODE_SIGNS))
    now = clock.now()
    link = PartnerLink(
        partner=partner,
        token_hash=_hash("token", token),
        code_hash=_code_hash(token, code),
        created_by_id=created_by_id,
        created_at=now,
        expires_at=min(now + LIFE, facts.deadline(partner.application)),
    )
    db.session.add(link)
    db.session.flush()
    return link, token, code


def revoke(partner: ApplicationPartner) -> int:
    """End every link of a partner that is not ended yet. Returns how many."""
    ended: Any = db.session.execute(
        update(PartnerLink)
        .where(PartnerLink.application_partner_id == partner.id, PartnerLink.revoked_at.is_(None))
        .values(revoked_at=clock.now())
    )
    return int(ended.rowcount)


def start_anew(partner: ApplicationPartner) -> None:
    """Another organization takes the partner's place: no link of the former one opens, nothing it said stays."""
    revoke(partner)
    for person in [person for person in partner.application.named if person.partner is partner]:
        if person.entered_by is EnteredBy.PARTNER:
            partner.application.named.remove(person)
        else:
            person.partner = None
    for file in [file for file in partner.application.files if file.partner_id == partner.id]:
        file_keeping.take_out(SYSTEM, file)
    db.session.expire(partner.application, ["files"])
    partner.description = partner.contact_phone = partner.pledge_name = partner.pledge_source = ""
    partner.pledged_at = partner.partner_updated_at = None
    partner.filled = {}
    partner.export_control = {}


def find(token: str) -> PartnerLink | None:
    """The link of a token, good or not; changes nothing."""
    return db.session.scalar(
        select(PartnerLink)
        .where(PartnerLink.token_hash == _hash("token", token))
        .options(joinedload(PartnerLink.partner).joinedload(ApplicationPartner.application))
    )


def peek(token: str) -> PartnerLink:
    """The link of a token that can still be opened; changes nothing. Raises: PartnerLinkGone."""
    link = find(token)
    if link is None or link.state is not LinkState.INVITED:
        raise PartnerLinkGone(link)
    return link


def activate(token: str, code: str, *, browser: str, place: str) -> int | None:
    """Open a link with its code, once, for one browser. Returns None, or after a wrong code how many tries are left.

    A wrong code is stored: the answer to it must be one that commits. Raises: PartnerLinkGone; TooMany for a place
    that tries too often, whichever links.
    """
    limits.hit("partner:activate", place, MOST_TRIES_OF_A_PLACE, PLACE_PERIOD)
    link = peek(token)
    now = clock.now()
    open_still = (
        PartnerLink.id == link.id,
        PartnerLink.activated_at.is_(None),
        PartnerLink.revoked_at.is_(None),
        PartnerLink.expires_at > now,
        PartnerLink.wrong_tries < MOST_WRONG_CODES,
    )
    opened = _changed(
        [*open_still, PartnerLink.code_hash == _code_hash(token, code)],
        activated_at=now,
        browser_hash=_hash("browser", browser),
    )
    if not opened and not _changed(open_still, wrong_tries=PartnerLink.wrong_tries + 1):
        raise PartnerLinkGone(link)
    db.session.refresh(link)
    verb = "partner:open" if opened else "partner:wrong-code"
    audit.record(actor_of(link), verb, link.partner.application)
    return None if opened else MOST_WRONG_CODES - link.wrong_tries


def _changed(conditions: Sequence[Any], **values: Any) -> bool:
    done: Any = db.session.execute(
        update(PartnerLink).where(*conditions).values(values).execution_options(synchronize_session=False)
    )
    return bool(done.rowcount == 1)


def of_browser(browser: str | None) -> list[PartnerLink]:
    """The links opened in a browser, the newest first, whether they are still good or not."""
    if not browser:
        return []
    query = select(PartnerLink).where(PartnerLink.browser_hash == _hash("browser", browser))
    return list(db.session.scalars(query.order_by(PartnerLink.id.desc()).options(joinedload(PartnerLink.partner))))


def is_of(link: PartnerLink, browser: str | None) -> bool:
    """Whether the link was opened in that browser."""
    return bool(browser) and link.browser_hash == _hash("browser", str(browser))


def held(browser: str | None, name: str | None = None, *, changing: bool = False) -> PartnerLink:
    """The good link of a browser with all that its page reads: the one of that public id, or the newest.

    `changing` takes the plan's turn first, so that partners who save at the same instant come one after the other and
    each finds what the one before stored. Raises: PartnerLinkGone.
    """
    links = [link for link in of_browser(browser) if not name or link.public_id == name]
    link = next((link for link in links if link.is_good), links[0] if links else None)
    if link is None or not link.is_good:
        raise PartnerLinkGone(link)
    if changing:
        plan_id = link.partner.application_id
        db.session.execute(select(Application.id).where(Application.id == plan_id).with_for_update())
    db.session.scalars(
        select(Application)
        .where(Application.id == link.partner.application_id)
        .options(
            joinedload(Application.call),
            joinedload(Application.course),
            joinedload(Application.host_institution),
            selectinload(Application.partners).joinedload(ApplicationPartner.organization),
            selectinload(Application.people),
        )
        .execution_options(populate_existing=True)
    ).one()
    db.session.refresh(link)
    if not link.is_good:
        raise PartnerLinkGone(link)
    return link


def newest_of(application: Application) -> dict[int, PartnerLink]:
    """The newest link of each partner of a plan that was ever invited, by the partner's number."""
    query = (
        select(PartnerLink)
        .join(ApplicationPartner, ApplicationPartner.id == PartnerLink.application_partner_id)
        .where(ApplicationPartner.application_id == application.id)
        .order_by(PartnerLink.id)
    )
    return {link.application_partner_id: link for link in db.session.scalars(query)}
