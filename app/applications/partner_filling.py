"""Filling in a partner's own part: by the partner itself, by its link, or by the host on its behalf.

The partner has no account and no role: its right is the link, which is asked anew at every step. Both sides save the
part as a whole and say which version of it they saw, so neither overwrites what the other one stored meanwhile.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _

from app.applications import indexing, mailing, partner_links, partner_marks, partner_part, partner_service, queries
from app.applications.models import Application, ApplicationPartner, PlannedPeople
from app.applications.partner_marks import By
from app.applications.partner_models import PartnerLink
from app.applications.plan_service import why_closed
from app.core import audit, clock
from app.core.authz import Actor
from app.core.db import db
from app.core.errors import Refused, Stale, TransitionNotAllowed

Part = dict[str, Any]
Rows = Sequence[Mapping[str, Any]]
PLEDGE = ("pledge", "pledge_name", "pledge_source")
BETWEEN_TELLINGS = timedelta(hours=1)


def is_closed(link: PartnerLink) -> bool:
    """Whether the part can only be read: the plan is on its way or its time is over."""
    return why_closed(link.partner.application) is not None


def has_own_pledge(partner: ApplicationPartner) -> bool:
    """Whether the pledge that is there is the partner's own word, given or confirmed by it: no host changes that."""
    mark = partner_marks.of(partner).get("pledge")
    return partner.pledged_at is not None and (mark is None or not mark.awaits)


def save(link: PartnerLink, fields: Mapping[str, Any], rows: Rows, *, version: int | None) -> bool:
    """Keep what the partner says of itself: `fields` are those of its part but for the people, who are `rows`.

    Nothing but the partner's own row and its own people is touched. What the host entered on its behalf, and it lets
    stand, is confirmed. Returns whether anything changed or was confirmed. Raises: PartnerLinkGone,
    TransitionNotAllowed once the plan is handed in, Stale if the part was changed meanwhile, Refused for half a pledge.
    """
    queries.take_turn(link.partner.application)
    if not link.is_good or link.activated_at is None:
        raise partner_links.PartnerLinkGone(link)
    if is_closed(link):
        raise TransitionNotAllowed()
    partner, actor = link.partner, partner_links.actor_of(link)
    before = partner_part.stored(partner)
    wanted = _wanted(before, fields, rows)
    if (wanted["pledge"], wanted["pledge_name"]) != (before["pledge"], before["pledge_name"]):
        wanted["pledge_source"] = ""
    _check_pledge(wanted)
    is_stale = version is not None and version != partner_part.version(before)
    if wanted == before:
        return not is_stale and _confirm(actor, partner, partner_marks.awaiting(partner))
    if is_stale:
        raise Stale()
    awaiting = partner_marks.awaiting(partner)
    _keep(actor, By.PARTNER, partner, before, wanted)
    partner.partner_updated_at = clock.now()
    audit.record(actor, "partner:fill-in", partner.application, changes=_changes(before, wanted))
    _confirm(actor, partner, [mark for mark in awaiting if mark in partner_marks.awaiting(partner)])
    tell_host(partner)
    return True


def complete(
    actor: Actor,
    application: Application,
    partner_id: str,
    fields: Mapping[str, Any],
    rows: Rows,
    *,
    version: int | None,
) -> bool:
    """Keep what the host enters on a partner's behalf; a pledge needs its giver's name and how it reached the host.

    A pledge that is the partner's own word stays as it is. Returns whether anything changed. Raises: Forbidden,
    TransitionNotAllowed, NotFound, Stale if the part was changed meanwhile, Refused for half a pledge.
    """
    partner = partner_service.partner_for(actor, application, partner_id)
    before = partner_part.stored(partner)
    own = has_own_pledge(partner)
    wanted = _wanted(before, {k: v for k, v in fields.items() if not (own and k in PLEDGE)}, rows)
    if not own:
        _check_pledge(wanted)
        if wanted["pledge"] and not wanted["pledge_source"].strip():
            raise Refused(
                {"pledge_source": [_("Say how the pledge reached you, for example by letter of 3 November.")]}
            )
    if wanted == before:
        return False
    if version is not None and version != partner_part.version(before):
        raise Stale()
    _keep(actor, By.HOST, partner, before, wanted)
    changes = _changes(before, wanted)
    audit.record(actor, "partner:complete", application, comment=partner.name, changes=changes)
    return True


def _wanted(before: Part, fields: Mapping[str, Any], rows: Rows) -> Part:
    known = {name: value for name, value in fields.items() if name in (*partner_part.FIELDS, *PLEDGE)}
    sent = [{name: row[name] for name in partner_part.PEOPLE} for row in rows]
    return {**before, **known, "rows": sent}


def _check_pledge(wanted: Part) -> None:
    if wanted["pledge"] and not wanted["pledge_name"].strip():
        raise Refused({"pledge_name": [_("Enter the name of the person who gives the pledge.")]})
    if wanted["pledge_name"].strip() and not wanted["pledge"]:
        raise Refused({"pledge": [_("Tick the box to give the pledge, or leave the name empty.")]})


def _keep(actor: Actor, by: By, partner: ApplicationPartner, before: Part, wanted: Part) -> None:
    now = clock.now()
    for name in partner_part.FIELDS:
        setattr(partner, name, wanted[name])
    pledge_changed = any(before[name] != wanted[name] for name in PLEDGE)
    if pledge_changed:
        partner.pledged_at = now if wanted["pledge"] else None
        partner.pledge_name = wanted["pledge_name"]
        partner.pledge_source = wanted["pledge_source"] if wanted["pledge"] else ""
    _keep_people(partner, wanted["rows"])
    changed = {name: wanted[name] for name in partner_part.FIELDS if before[name] != wanted[name]}
    if before["rows"] != wanted["rows"]:
        changed["people"] = wanted["rows"]
    if pledge_changed:
        changed["pledge"] = wanted["pledge"]
    partner_marks.stamp(partner, by, actor, changed)
    partner.application.updated_at = now  # a change of the plan: whoever edits it there must see that it moved on
    indexing.refresh(partner.application)


def _keep_people(partner: ApplicationPartner, rows: Rows) -> None:
    """The partner's rows in place, further ones behind all others, those too many taken away."""
    people = partner.application.people
    held = partner_part.people_of(partner)
    behind = max((group.position for group in people), default=-1) + 1
    for number, row in enumerate(rows):
        if number == len(held):
            held.append(PlannedPeople(partner=partner, partner_id=partner.id, position=behind + number))
            people.append(held[number])
        for name, value in row.items():
            setattr(held[number], name, value)
    for group in held[len(rows) :]:
        people.remove(group)
    db.session.flush()


def _confirm(actor: Actor, partner: ApplicationPartner, marks: Sequence[partner_marks.Mark]) -> bool:
    """The partner lets stand what the host entered in the fields its page shows. Returns whether there was any."""
    shown = [
        mark.field
        for mark in marks
        if mark.field != "prior_notification" or partner_part.asks_for_notification(partner)
    ]
    if not shown:
        return False
    partner_marks.confirm(partner, shown)
    partner.partner_updated_at = partner.application.updated_at = clock.now()
    audit.record(actor, "partner:confirm", partner.application, changes={"confirmed": [None, shown]})
    return True


def _changes(before: Part, after: Part) -> audit.Changes:
    return {
        "people" if name == "rows" else name: [audit.plain(before[name]), audit.plain(after[name])]
        for name in before
        if before[name] != after[name]
    }


def tell_host(partner: ApplicationPartner) -> None:
    """Tell the host, at most once an hour of each partner."""
    now = clock.now()
    if partner.host_told_at is not None and now - partner.host_told_at < BETWEEN_TELLINGS:
        return
    partner.host_told_at = now
    dedupe = f"partner-filled:{partner.id}:{now:%Y%m%d%H%M%S}"
    mailing.tell_host("partner_filled", partner.application, dedupe=dedupe, partner=partner)
