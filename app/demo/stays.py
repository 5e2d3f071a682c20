"""Visits of the demonstration: rosters, confirmations, reports, certificates — as far as the calendar has come."""

import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from app.applications.models import ParticipantRole
from app.closing import service as closing
from app.core import clock
from app.core.authz import Actor
from app.demo import people
from app.demo.cast import texts
from app.invitees.models import Category
from app.visits import people_service as roster
from app.visits import service
from app.visits.models import Participation, Visit

ROSTER, CONFIRMED = timedelta(days=45), timedelta(days=20)
REPORT, ACCEPTED = timedelta(days=12), timedelta(days=25)
ADULT = 18


@dataclass(frozen=True)
class Team:
    """Who acts for a visit."""

    editor: Actor
    approver: Actor
    coordinator: Actor


def at(day: date, hour: int = 10) -> datetime:
    """An office hour of a day in Tokyo."""
    return clock.tokyo(day, time(hour))


class Stays:
    """Takes visits through their lives up to today; gives every made-up person a number of their own."""

    def __init__(self, chance: random.Random, today: date) -> None:
        self.chance = chance
        self.today = today
        self.people = 0

    def play(self, visit: Visit, team: Team, category: Category) -> None:
        """Everything that has happened to a visit by today."""
        if visit.starts_on is None or visit.ends_on is None:
            return
        if not self._reached(visit.starts_on - ROSTER):
            return
        with clock.pretending(at(visit.starts_on - ROSTER)):
            self._fill_roster(visit, team, category)
        if not self._reached(visit.starts_on - CONFIRMED):
            return
        with clock.pretending(at(visit.starts_on - CONFIRMED)):
            said = texts()
            service.describe(team.editor, visit, lodging=said["lodging"], insurance=said["insurance"])
            service.transition(team.approver, visit, "confirm")
        if not self._reached(visit.starts_on):
            return
        with clock.pretending(at(visit.starts_on)):
            service.transition(team.approver, visit, "begin")
        self._report(visit, team)

    def _reached(self, day: date) -> bool:
        return day <= self.today

    def _report(self, visit: Visit, team: Team) -> None:
        assert visit.ends_on is not None
        if not self._reached(visit.ends_on + REPORT):
            return
        said = texts()
        with clock.pretending(at(visit.ends_on + REPORT)):
            report = closing.save(
                team.editor,
                visit,
                version=None,
                present=[part.public_id for part in visit.participations],
                summary=said["report_summary"],
                results=said["report_results"],
                continuation=said["report_continuation"],
            )
            closing.transition(team.approver, report, "submit")
        if not self._reached(visit.ends_on + ACCEPTED):
            return
        with clock.pretending(at(visit.ends_on + ACCEPTED)):
            closing.transition(team.coordinator, report, "accept")

    def _fill_roster(self, visit: Visit, team: Team, category: Category) -> None:
        for group in visit.application.people:
            partner = group.partner or visit.application.partners[0]
            country = partner.organization.country if partner.organization else partner.country
            for _ in range(group.number):
                self._enter(
                    visit, team, country, partner.name, group.role, group.category or category, partner.organization_id
                )

    def _enter(
        self,
        visit: Visit,
        team: Team,
        country: str,
        affiliation: str,
        role: ParticipantRole,
        category: Category,
        organization_id: int | None,
    ) -> Participation:
        assert visit.starts_on is not None
        self.people += 1
        person = people.make(self.chance, self.people, country, category, visit.starts_on)
        minor = clock.age_on(person.date_of_birth, visit.starts_on) < ADULT
        newcomer = roster.Newcomer(
            person={
                "surname": person.surname,
                "given_names": person.given_names,
                "native_name": person.native_name,
                "katakana": "",
                "sex": person.sex,
                "date_of_birth": person.date_of_birth,
                "nationality": person.nationality,
                "email": person.email,
            },
            part={
                "role": role,
                "category": category,
                "affiliation": affiliation,
                "sending_organization_id": organization_id,
                "first_visit": True,
                "diet": self.chance.choice(["", "", "", "halal", "vegetarian"]),
                "guardian_consent_on": visit.starts_on - ROSTER if minor else None,
            },
            passport_number=person.passport_number,
            passport_expires_on=person.passport_expiry,
        )
        return roster.add(team.editor, visit, newcomer)
