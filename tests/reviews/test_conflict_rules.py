"""Which conflicts of interest are seen from facts, and what is never looked at."""

import pytest

from app.reviews.conflict_rules import ExpertFacts, PlanParties, detect, family_of, institution_domain
from app.reviews.vocabulary import ConflictReason as C

HOST, PARTNER, OTHER, PARENT, CHILD, OLD = 1, 2, 3, 4, 5, 6
RELATIVES = {HOST: {PARENT, OLD}, PARENT: {HOST, CHILD}, CHILD: {PARENT}, OLD: {HOST}}
PLAN = PlanParties(HOST, frozenset({PARTNER}), frozenset({"a@kyoto-u.ac.jp", "b@ugm.ac.id"}))


def of(**facts: object) -> frozenset[C]:
    return detect(ExpertFacts(**facts), PLAN, RELATIVES)  # type: ignore[arg-type]


def test_an_expert_of_the_host_is_in_conflict() -> None:
    assert of(organization=HOST) == {C.SAME_INSTITUTION}


@pytest.mark.parametrize("organization", [PARENT, CHILD, OLD])
def test_so_is_one_of_its_parent_its_sister_and_its_predecessor(organization: int) -> None:
    assert of(organization=organization) == {C.RELATED_INSTITUTION}


def test_so_is_one_of_a_partner_or_of_what_belongs_to_it() -> None:
    assert of(organization=PARTNER) == {C.PARTNER_SIDE}
    assert detect(ExpertFacts(OTHER), PLAN, {OTHER: {PARTNER}, PARTNER: {OTHER}}) == {C.PARTNER_SIDE}


def test_an_expert_of_neither_is_free() -> None:
    assert not of(organization=OTHER, emails=frozenset({"c@osaka-u.ac.jp"}))


def test_an_address_in_the_plan_and_a_shared_domain_are_conflicts() -> None:
    assert of(emails=frozenset({"a@kyoto-u.ac.jp"})) == {C.NAMED_IN_PLAN, C.EMAIL_DOMAIN}
    assert of(emails=frozenset({"z@mail.lab.kyoto-u.ac.jp"})) == {C.EMAIL_DOMAIN}
    assert of(emails=frozenset({"z@ugm.ac.id"})) == {C.EMAIL_DOMAIN}


@pytest.mark.parametrize("email", ["x@gmail.com", "x@osaka-u.ac.jp", "x@u.ac.jp", "x@", ""])
def test_free_mail_and_a_shared_ending_are_none(email: str) -> None:
    assert not of(emails=frozenset({email}))


def test_two_people_with_free_mail_have_nothing_in_common() -> None:
    plan = PlanParties(HOST, emails=frozenset({"p@gmail.com"}))
    assert not detect(ExpertFacts(emails=frozenset({"q@gmail.com"})), plan, {})


def test_an_earlier_visit_with_the_host_or_a_partner_is_a_conflict() -> None:
    assert of(visited=frozenset({HOST})) == {C.JOINT_VISIT}
    assert of(visited=frozenset({PARTNER})) == {C.JOINT_VISIT}
    assert not of(visited=frozenset({OTHER}))


@pytest.mark.parametrize(
    ("email", "domain"),
    [
        ("a@lab.kyoto-u.ac.jp", "kyoto-u.ac.jp"),
        ("a@mit.edu", "mit.edu"),
        ("a@cs.mit.edu", "mit.edu"),
        ("a@anu.edu.au", "anu.edu.au"),
        ("a@ethz.ch", "ethz.ch"),
        ("a@inf.ethz.ch", "ethz.ch"),
        ("A@KYOTO-U.AC.JP.", "kyoto-u.ac.jp"),
        ("a@localhost", ""),
    ],
)
def test_the_domain_that_names_an_institution(email: str, domain: str) -> None:
    assert institution_domain(email) == domain


def test_a_family_is_everything_that_hangs_together() -> None:
    assert family_of(CHILD, RELATIVES) == {HOST, PARENT, CHILD, OLD}
    assert family_of(OTHER, RELATIVES) == {OTHER}
