"""Exchange plans in which every text that is somebody's carries a canary."""

from datetime import date
from typing import Any

from sqlalchemy import select

from app.accounts.models import User
from app.applications.comment_model import SectionComment
from app.applications.models import Application, ApplicationPartner, ApplicationState, Decision, Outcome
from app.applications.named_models import EnteredBy
from app.applications.sign_off_model import SignOff, SignOffState
from app.calls.models import Call
from app.core import audit, clock
from app.core.authz import Role
from app.core.db import db
from app.directory.models import HostInstitution
from tests.canary.birds import Aviary, Place
from tests.factories import applications
from tests.factories.accounts import actor_of, make_user
from tests.factories.applications import OUTCOMES, make_application
from tests.factories.directory import make_sending
from tests.factories.people import make_person


def make_plan(
    aviary: Aviary, place: Place, host: HostInstitution, call: Call, state: ApplicationState | str
) -> Application:
    """A plan in a state, every text of it a secret of its own; two partners."""
    state = ApplicationState(state)
    plan = make_application(host=host, call=call, partners=[make_sending(), make_sending()])
    fill(aviary, place, plan)
    name_people(aviary, place, plan)
    if state is not ApplicationState.DRAFT:
        applications._move(plan, state, OUTCOMES.get(state))
        decide(aviary, place, plan)
    return plan


def fill(aviary: Aviary, place: Place, plan: Application, *, text: str = "plan-text", theme: str = "theme") -> None:
    """Write a plan's own texts."""
    plan.theme_en = f"On {aviary.plant(theme, place)}"
    plan.theme_ja = f"研究 {aviary.plant(theme, place)}"
    plan.purpose = (
        f"Students read {aviary.plant(text, place)}. Write to {aviary.email('contact-in-text', place)}, please."
    )
    plan.expected_results = f"Results {aviary.plant(text, place)}"
    plan.principal_name = f"Taro {aviary.plant('principal', place)}"
    plan.principal_department = f"Department {aviary.plant('principal', place)}"
    plan.administrative_name = f"Jun {aviary.plant('asker', place)}"
    plan.administrative_phone = f"075-{aviary.plant('contact', place)}"
    plan.principal_email, plan.administrative_email = aviary.email("contact", place), aviary.email("contact", place)
    plan.safety = {
        **plan.safety,
        "crisis_name": f"Hanako {aviary.plant('contact-name', place)}",
        "crisis_phone": f"080-{aviary.plant('contact', place)}",
        "crisis_plan": f"Call {aviary.plant(text, place)}",
        "insurance": f"Insured by {aviary.plant(text, place)}",
        "export_responsible": f"Ichiro {aviary.plant('export-control', place)}",
    }
    for item in plan.itinerary[1:4]:
        item.title, item.venue, item.leader = (f"{name} {aviary.plant(text, place)}" for name in ("On", "At", "By"))
    plan.budget[0].description = f"Flights of {aviary.plant(text, place)}"
    for number, partner in enumerate(plan.partners):
        fill_partner(aviary, place, partner, place.partners[number] if number < len(place.partners) else "")
    applications.refresh(plan)
    db.session.flush()


def fill_partner(aviary: Aviary, place: Place, partner: ApplicationPartner, owner: str) -> None:
    """What a partner says of itself."""
    partner.contact_name = f"Sita {aviary.plant('contact-name', place, owner)}"
    partner.contact_email = aviary.email("contact", place, owner)
    partner.contact_phone = f"977-{aviary.plant('contact', place, owner)}"
    partner.description = f"Experience with {aviary.plant('partner-text', place, owner)}"
    partner.pledge_name = f"Signer {aviary.plant('export-control', place, owner)}"
    partner.export_control = {"export_responsible": f"Ram {aviary.plant('export-control', place, owner)}"}


def name_people(aviary: Aviary, place: Place, plan: Application) -> None:
    """People by name, each with a passport number: one by the host, one by each partner."""
    make_person(plan, **_person(aviary, place, ""))
    for number, partner in enumerate(plan.partners):
        owner = place.partners[number] if number < len(place.partners) else ""
        make_person(plan, by=EnteredBy.PARTNER, partner=partner, **_person(aviary, place, owner))


def _person(aviary: Aviary, place: Place, owner: str) -> dict[str, Any]:
    return {
        "surname": aviary.plant("person", place, owner).upper(),
        "given_names": f"MAYA {aviary.plant('person', place, owner)}",
        "native_name": f"माया {aviary.plant('person', place, owner)}",
        "email": aviary.email("person", place, owner),
        "affiliation": f"Campus {aviary.plant('person', place, owner)}",
        "diet": f"No {aviary.plant('person', place, owner)}",
        "passport_number": f"{aviary.plant('passport', place).upper()}77",
        "passport_expires_on": date(2034, 5, 6),
        "first_visit": False,
        "previous_visit_reason": f"Came for {aviary.plant('person', place, owner)}",
    }


def talk_inside(aviary: Aviary, place: Place, plan: Application, editor: User, approver: User) -> SectionComment:
    """What a host's own staff say to one another; returns the comment."""
    said = [
        SectionComment(
            application=plan, section="overview", author=editor, text=f"Is {aviary.plant('inside-the-house', place)}?"
        )
        for _number in range(2)
    ]
    now = clock.now()
    db.session.add_all(said)
    db.session.add(
        SignOff(
            application=plan,
            state=SignOffState.SENT_BACK,
            requested_at=now,
            requested_by=editor,
            note=f"Ready but {aviary.plant('inside-the-house', place)}",
            answered_at=now,
            answered_by=approver,
            reason=f"No: {aviary.plant('inside-the-house', place)}",
            content={},
            content_sha256="0" * 64,
        )
    )
    db.session.flush()
    return said[0]


def send_back(aviary: Aviary, place: Place, plan: Application) -> None:
    """The texts of the plan as its authors change them now; what was submitted stays what JST knows."""
    plan.return_reason = f"Mend {aviary.plant('return-reason', place)}"
    plan.return_sections = {"budget": f"Sum {aviary.plant('return-reason', place)}"}
    plan.theme_en = f"Now on {aviary.plant('draft-theme', place)}"
    plan.purpose = f"Now {aviary.plant('draft-text', place)}"
    plan.administrative_name = f"Now {aviary.plant('draft-theme', place)}"
    plan.itinerary[1].title = f"Now {aviary.plant('draft-text', place)}"
    plan.budget[0].description = f"Now {aviary.plant('draft-text', place)}"
    plan.safety = {**plan.safety, "crisis_plan": f"Now {aviary.plant('draft-text', place)}"}
    applications.refresh(plan)
    db.session.flush()


def decide(aviary: Aviary, place: Place, plan: Application) -> None:
    """The words of a decision, if there is one."""
    decision = db.session.scalar(select(Decision).where(Decision.application_id == plan.id))
    if decision is None:
        return
    decision.comment = f"Among us {aviary.plant('decision-comment', place)}"
    decision.message = f"Dear host, {aviary.plant('decision-message', place)}"
    decider = actor_of(make_user(Role.DECISION_MAKER))
    verb = {Outcome.ADOPTED: "adopt", Outcome.RESERVE: "reserve"}.get(decision.outcome, "decline")
    for name, subject in ((f"application:{verb}", plan), ("decision:record", decision)):
        audit.record(decider, name, subject, comment=f"Since {aviary.plant('decision-comment', place)}")
    db.session.flush()
