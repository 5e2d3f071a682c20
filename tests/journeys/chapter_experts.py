"""A coordinator looks after the experts: three are entered in the register, invited by mail, and come in.

One reads Japanese and works on a tablet; two read English, one of them uses no mouse.
"""

from dataclasses import dataclass

from playwright.sync_api import expect

from tests.journeys.people import Desk, Journey


@dataclass(frozen=True)
class Expert:
    """An expert of the journey: `key` names the desk and the notes."""

    key: str
    name: str
    email: str
    affiliation: str
    language: str
    tablet: bool = False


CONFLICTED = Expert("conflicted", "Dr. Amara Nwosu", "nwosu@delta-wetlands.example", "Delta Wetlands Trust", "en")
ON_TABLET = Expert("on tablet", "渡辺 美咲", "watanabe@kagaku-hyoron.example", "科学評論社", "ja", tablet=True)
WITHOUT_MOUSE = Expert("without mouse", "Dr. Tomas Novak", "novak@river-academy.example", "River Academy", "en")
EXPERTS = (CONFLICTED, ON_TABLET, WITHOUT_MOUSE)
PASSWORD = "lanterns along the quiet river"


def they_are_entered(journey: Journey) -> None:
    """One entry each; what is missing is said beside its field, and nothing typed is lost."""
    coordinator = journey.somebody("Coordinator")
    coordinator.open("/")
    coordinator.follow("Experts")
    coordinator.look("register of experts")
    for expert in EXPERTS:
        coordinator.open("/reviews/reviewers")
        coordinator.follow("Enter an expert")
        own_name = "name_ja" if expert.language == "ja" else "name_en"
        coordinator.fill(**{own_name: expert.name}, affiliation=expert.affiliation, capacity=5, locale=expert.language)
        if expert is CONFLICTED:
            coordinator.send()
            coordinator.sees("Please check what you entered")
            expect(coordinator.page.locator('[name="affiliation"]')).to_have_value(expert.affiliation)
            coordinator.look("an expert without an address")
        coordinator.fill(email=expert.email)
        coordinator.send()
        coordinator.sees("The expert has no account yet. The invitation asks for nothing but a name and a password.")
        coordinator.press("Invite by mail")
    coordinator.look("an expert invited")


def they_come_in(journey: Journey) -> None:
    """Each by the link of the own mail, in the own language."""
    for expert in EXPERTS:
        desk = journey.stranger(tablet=expert.tablet, language=expert.language)
        desk.open(desk.newest_mail(expert.email))
        if expert is ON_TABLET:
            desk.look("an expert is invited")
        desk.fill(name=expert.name, password=PASSWORD)
        desk.send()
        desk.sees("Reviewer")
        journey.desks[expert.key] = desk
    journey.desks[ON_TABLET.key].look("home of a new expert")


def desk_of(journey: Journey, expert: Expert) -> Desk:
    """The browser of an expert."""
    return journey.desks[expert.key]


def told(journey: Journey) -> None:
    """The whole chapter."""
    they_are_entered(journey)
    they_come_in(journey)
