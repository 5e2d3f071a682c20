"""What conflicts of interest are seen from, gathered from the tables as they stand now; a fixed number of queries.

An earlier visit (`visited`) is one in which the expert as a person took part: the expert's own address stands as that
of a contact in an adopted plan, or belongs to somebody who was invited. What the expert's institution did with others
is no reason: a large university has worked with nearly everybody, and its own plans are shut by its name already.
A name that was typed counts like the organization of the directory that bears it; names unknown there are compared
with one another.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select

from app.accounts.models import RoleGrant, User
from app.applications.models import Application, ApplicationPartner, ApplicationState
from app.applications.named_models import PlannedPerson
from app.core import search as text_search
from app.core.db import db
from app.directory.models import InstitutionKind, Organization, OrganizationAlias
from app.invitees.models import Invitee, InviteeHost
from app.reviews.conflict_rules import ExpertFacts, PlanParties, families_of, seen
from app.reviews.models import Reviewer
from app.reviews.vocabulary import ConflictReason, ReviewerState

#: Plans that experts may still be given or have before them.
OPEN = (
    ApplicationState.SUBMITTED,
    ApplicationState.RETURNED,
    ApplicationState.UNDER_REVIEW,
    ApplicationState.DECIDED,
)
TOOK_PLACE = (ApplicationState.ADOPTED, ApplicationState.COMPLETED)

Triple = tuple[int, int, ConflictReason]  # reviewer, application, reason
Links = Mapping[int, Collection[int]]


@dataclass(frozen=True, slots=True)
class Gathered:
    """Experts and plans by their numbers, and how organizations hang together around the plans."""

    experts: Mapping[int, ExpertFacts]
    plans: Mapping[int, PlanParties]
    relatives: Links
    ends: frozenset[int]

    def conflicts(self) -> set[Triple]:
        """Every conflict that is seen between these experts and these plans."""
        found: set[Triple] = set()
        for reviewer, expert in self.experts.items():
            family = families_of(expert.own, self.relatives, self.ends)
            for application, plan in self.plans.items():
                found.update((reviewer, application, reason) for reason in seen(expert, family, plan))
        return found


def gather(applications: Collection[int] | None = None, reviewers: Collection[int] | None = None) -> Gathered:
    """The facts of the plans named and of the experts named; without names of all open plans, of the whole register."""
    plans = _plans(applications)
    partners = _partners(plans)
    experts = _experts(reviewers)
    typed = [row.typed_name for row in partners if row.organization_id is None]
    typed += [row.affiliation for row in experts if row.organization_id is None]
    known = _Names(typed)
    parties = _parties(plans, partners, known)
    seeds = {number for plan in parties.values() for number in (plan.host, *plan.partners) if number > 0}
    relatives, ends = _family_ties(seeds.union(*known.links.values()))
    for number, bearers in known.links.items():
        relatives[number] |= bearers
        for bearer in bearers:
            relatives[bearer].add(number)
    return Gathered(_facts(experts, known), parties, relatives, ends | frozenset(known.links))


def _plans(numbers: Collection[int] | None) -> dict[int, Any]:
    query = select(
        Application.id,
        Application.host_institution_id,
        Application.principal_email,
        Application.administrative_email,
    ).where(Application.submitted_at.is_not(None))
    query = query.where(Application.state.in_(OPEN) if numbers is None else Application.id.in_(numbers))
    return {row.id: row for row in db.session.execute(query)}


def _partners(plans: Collection[int]) -> list[Any]:
    columns = (
        ApplicationPartner.application_id,
        ApplicationPartner.organization_id,
        ApplicationPartner.typed_name,
        ApplicationPartner.contact_email,
    )
    return list(db.session.execute(select(*columns).where(ApplicationPartner.application_id.in_(plans))))


def _experts(numbers: Collection[int] | None) -> list[Any]:
    columns = (
        Reviewer.id,
        Reviewer.user_id,
        Reviewer.organization_id,
        Reviewer.affiliation,
        Reviewer.email,
        User.email.label("account"),
    )
    query = select(*columns).outerjoin(User, User.id == Reviewer.user_id)
    query = (
        query.where(Reviewer.state != ReviewerState.ENDED) if numbers is None else query.where(Reviewer.id.in_(numbers))
    )
    return list(db.session.execute(query))


class _Names:
    """Typed names of organizations as numbers: those of the directory, or numbers below 0 that stand for a name."""

    def __init__(self, typed: Iterable[str]) -> None:
        names = {name.strip() for name in typed if text_search.fold(name)}
        self.links: dict[int, frozenset[int]] = {}
        self._numbers: dict[str, int] = {}
        bearers = bearers_of(names) if names else {}
        for place, folded in enumerate(sorted({folded_name(name) for name in names}), start=1):
            found = bearers.get(folded, frozenset())
            self._numbers[folded] = next(iter(found)) if len(found) == 1 else -place
            if len(found) != 1:
                self.links[-place] = found  # several bear the name: any of them may be meant

    def number(self, name: str) -> int | None:
        return self._numbers.get(folded_name(name))


def folded_name(name: str) -> str:
    return text_search.fold(name).removeprefix("the ")


def bearers_of(names: Collection[str]) -> dict[str, frozenset[int]]:
    """The organizations of the directory that bear one of these names or have it among their other names."""
    found: dict[str, set[int]] = defaultdict(set)
    folded = {folded_name(name) for name in names}
    bears = or_(Organization.sort_name.in_(folded), Organization.name_ja.in_(names), Organization.name_en.in_(names))
    for row in db.session.execute(select(Organization.id, Organization.name_ja, Organization.name_en).where(bears)):
        for name in (row.name_ja, row.name_en):
            found[folded_name(name)].add(row.id)
    aliases = select(OrganizationAlias.organization_id, OrganizationAlias.name).where(OrganizationAlias.name.in_(names))
    for number, name in db.session.execute(aliases):
        found[folded_name(name)].add(number)
    return {name: frozenset(numbers) for name, numbers in found.items() if name in folded}


def _parties(plans: Mapping[int, Any], partners: list[Any], known: _Names) -> dict[int, PlanParties]:
    addresses: dict[int, set[str]] = {
        number: {_address(row.principal_email), _address(row.administrative_email)} for number, row in plans.items()
    }
    bodies: dict[int, set[int]] = defaultdict(set)
    for row in partners:
        addresses[row.application_id].add(_address(row.contact_email))
        number = row.organization_id or known.number(row.typed_name)
        if number is not None:
            bodies[row.application_id].add(number)
    named = select(PlannedPerson.application_id, PlannedPerson.email).where(
        PlannedPerson.application_id.in_(plans), PlannedPerson.email != ""
    )
    for application, email in db.session.execute(named):
        addresses[application].add(_address(email))
    return {
        number: PlanParties(row.host_institution_id, frozenset(bodies[number]), frozenset(addresses[number] - {""}))
        for number, row in plans.items()
    }


def _facts(experts: list[Any], known: _Names) -> dict[int, ExpertFacts]:
    addresses = {row.id: frozenset(map(_address, filter(None, (row.email, row.account)))) for row in experts}
    visited, hats = _visited(frozenset().union(*addresses.values())), _hats([row.user_id for row in experts])
    return {
        row.id: ExpertFacts(
            row.organization_id or known.number(row.affiliation),
            addresses[row.id],
            frozenset(number for address in addresses[row.id] for number in visited.get(address, ())),
            frozenset(hats.get(row.user_id, ())),
        )
        for row in experts
    }


def _hats(users: Iterable[int | None]) -> dict[int, set[int]]:
    """For each account the institutions it acts for."""
    found: dict[int, set[int]] = defaultdict(set)
    numbers = [number for number in users if number is not None]
    query = select(RoleGrant.user_id, RoleGrant.institution_id).where(RoleGrant.user_id.in_(numbers))
    for user, institution in db.session.execute(query):
        if institution is not None:
            found[user].add(institution)
    return found


def _visited(addresses: frozenset[str]) -> dict[str, set[int]]:
    """For each address the organizations in whose earlier visits it stands."""
    found: dict[str, set[int]] = defaultdict(set)
    for host, partners, written in _contacts(addresses):
        for address in addresses & written:
            found[address] |= {host, *partners}
    invited = (
        select(Invitee.email, InviteeHost.institution_id)
        .join(InviteeHost, InviteeHost.invitee_id == Invitee.id)
        .where(func.lower(Invitee.email).in_(addresses))
    )
    for email, host in db.session.execute(invited):
        found[_address(email)].add(host)
    return found


def _contacts(addresses: frozenset[str]) -> list[tuple[int, set[int], set[str]]]:
    """(host, partners, addresses written) of the plans that took place and in which one of these addresses stands."""
    own = (
        func.lower(Application.principal_email).in_(addresses),
        func.lower(Application.administrative_email).in_(addresses),
        Application.id.in_(
            select(ApplicationPartner.application_id).where(func.lower(ApplicationPartner.contact_email).in_(addresses))
        ),
    )
    columns = (
        Application.id,
        Application.host_institution_id,
        Application.principal_email,
        Application.administrative_email,
    )
    took_place = select(*columns).where(Application.state.in_(TOOK_PLACE), or_(*own))
    found: dict[int, tuple[int, set[int], set[str]]] = {
        row.id: (row.host_institution_id, set(), {_address(row.principal_email), _address(row.administrative_email)})
        for row in db.session.execute(took_place)
    }
    for row in _partners(found):
        if row.organization_id is not None:
            found[row.application_id][1].add(row.organization_id)
        found[row.application_id][2].add(_address(row.contact_email))
    return list(found.values())


def _address(email: str) -> str:
    return email.strip().lower()


def _family_ties(seeds: Collection[int]) -> tuple[defaultdict[int, set[int]], frozenset[int]]:
    """Direct relatives in both directions, of everything that hangs together with the seeds; and where it ends.

    A government body is an end: what belongs to it is not related by that alone.
    """
    ties: defaultdict[int, set[int]] = defaultdict(set)
    ends: set[int] = set()
    reached, waiting = set(seeds), set(seeds)
    columns = (Organization.id, Organization.parent_id, Organization.successor_id, Organization.kind)
    while waiting:
        found = list(db.session.execute(select(*columns).where(Organization.id.in_(waiting))))
        ends |= {row.id for row in found if row.kind is InstitutionKind.GOVERNMENT}
        through = waiting - (ends - set(seeds))
        below = or_(Organization.parent_id.in_(through), Organization.successor_id.in_(through))
        found += list(db.session.execute(select(*columns).where(below)))
        for row in found:
            for other in filter(None, (row.parent_id, row.successor_id)):
                ties[row.id].add(other)
                ties[other].add(row.id)
        ends |= {row.id for row in found if row.kind is InstitutionKind.GOVERNMENT}
        near = {row.id for row in found} | {other for number in through for other in ties[number]}
        waiting = near - reached
        reached |= near
    return ties, frozenset(ends)
