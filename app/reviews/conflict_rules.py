"""Which conflicts of interest can be seen from facts. Pure: names and nationalities of people never enter.

What counts (guidelines on conflicts of interest in review): the expert's institution, its parent, children,
predecessor and successor, on either side of the exchange; an e-mail domain shared with somebody in the plan; the
expert's own address in the plan; an earlier visit of the same host or partner in which the expert took part.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache

from app.reviews.vocabulary import ConflictReason

#: Domains at which people of any institution have addresses.
FREE_DOMAINS = frozenset(
    {
        "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "yahoo.com", "yahoo.co.jp",
        "icloud.com", "me.com", "qq.com", "163.com", "126.com", "proton.me", "protonmail.com", "mail.ru", "naver.com",
    }
)  # fmt: skip
#: Endings under which institutions register their names: the label before one of them names an institution.
SHARED_ENDINGS = frozenset(
    {
        "ac", "edu", "co", "com", "go", "gov", "gob", "org", "or", "net", "ne", "ed", "sch", "res", "mil", "gr", "lg",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ExpertFacts:
    """What is known of an expert: numbers of the own institutions, addresses, organizations visited with or from."""

    organization: int | None = None
    emails: frozenset[str] = frozenset()
    visited: frozenset[int] = frozenset()  # organizations in whose visits the expert took part
    acts_for: frozenset[int] = frozenset()  # hosts for which the expert's account wears another hat

    @property
    def own(self) -> frozenset[int]:
        """Every institution that is the expert's own."""
        return self.acts_for if self.organization is None else self.acts_for | {self.organization}


@dataclass(frozen=True, slots=True)
class PlanParties:
    """Who stands behind a plan: the host, the partners, the addresses written in it."""

    host: int
    partners: frozenset[int] = frozenset()
    emails: frozenset[str] = frozenset()


@lru_cache(maxsize=20_000)
def institution_domain(email: str) -> str:
    """The part of an address that names its institution: `lab.kyoto-u.ac.jp` → `kyoto-u.ac.jp`; "" for free mail.

    Country codes and the endings registries share are not names; an address without a name gives "".
    """
    domain = email.rpartition("@")[2].strip().lower().rstrip(".")
    if not domain or "." not in domain or domain in FREE_DOMAINS:
        return ""
    labels = domain.split(".")
    ending = 1
    if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in SHARED_ENDINGS:
        ending = 2
    return ".".join(labels[-ending - 1 :])


def family_of(
    organization: int, relatives: Mapping[int, Collection[int]], ends: Collection[int] = frozenset()
) -> frozenset[int]:
    """An organization with everything that hangs together with it by parent, child, predecessor and successor.

    `relatives` names for each organization its direct relatives, in both directions. `ends` are found but not gone
    through: universities that share nothing but their ministry are no relatives.
    """
    found, waiting = {organization}, [organization]
    while waiting:
        here = waiting.pop()
        if here in ends and here != organization:
            continue
        for relative in relatives.get(here, ()):
            if relative not in found:
                found.add(relative)
                waiting.append(relative)
    return frozenset(found)


def detect(
    expert: ExpertFacts,
    plan: PlanParties,
    relatives: Mapping[int, Collection[int]],
    ends: Collection[int] = frozenset(),
) -> frozenset[ConflictReason]:
    """Every reason seen why the expert may not read the plan; empty if none is."""
    return seen(expert, families_of(expert.own, relatives, ends), plan)


def families_of(
    organizations: Collection[int], relatives: Mapping[int, Collection[int]], ends: Collection[int] = frozenset()
) -> frozenset[int]:
    """The families of several organizations together."""
    return frozenset().union(*(family_of(number, relatives, ends) for number in organizations))


def seen(expert: ExpertFacts, family: frozenset[int], plan: PlanParties) -> frozenset[ConflictReason]:
    """The same where the families of the expert's institutions are known: for many plans at once."""
    found: set[ConflictReason] = set()
    if plan.host in expert.own:
        found.add(ConflictReason.SAME_INSTITUTION)
    elif plan.host in family:
        found.add(ConflictReason.RELATED_INSTITUTION)
    if plan.partners & family:
        found.add(ConflictReason.PARTNER_SIDE)
    if expert.emails & plan.emails:
        found.add(ConflictReason.NAMED_IN_PLAN)
    domains = {institution_domain(email) for email in expert.emails} - {""}
    if domains and not domains.isdisjoint(institution_domain(email) for email in plan.emails):
        found.add(ConflictReason.EMAIL_DOMAIN)
    if plan.host in expert.visited or not plan.partners.isdisjoint(expert.visited):
        found.add(ConflictReason.JOINT_VISIT)
    return frozenset(found)
