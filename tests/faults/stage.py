"""What the fault tests play on: hosts, people signed in, complete drafts, all made by the application's own verbs.

Run as a process of its own, so that the tests share nothing with the application but its database:
`python -m tests.faults.stage PLANS PEOPLE FILE [partners]` writes a JSON file of cookies and plans; with `partners` the
partner of each plan has opened its link, too.
"""

import json
import random
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask, current_app
from sqlalchemy import func, select

from app import create_app
from app.accounts import sessions
from app.accounts.models import User
from app.applications import partner_links
from app.applications.mailing import host_people
from app.applications.models import Application
from app.calls.models import Call, CallCourse, Course, CourseCode
from app.cli import to_newest
from app.core import audit, clock, transaction
from app.core.audit import AuditEvent
from app.core.authz import SYSTEM, Role
from app.core.db import db
from app.demo import cast, places, plans, story
from app.directory.models import HostInstitution, SendingOrganization
from app.invitees.models import Category
from config import from_environment

PEOPLE_OF_A_HOST = 2


def open_round() -> tuple[Call, Course]:
    """A round for course A that is open now and closes tomorrow."""
    today = clock.today()
    first = today + timedelta(days=75)
    year = clock.fiscal_year(first)
    course = db.session.scalars(select(Course).where(Course.fiscal_year == year, Course.code == CourseCode.A)).one()
    call = Call(
        fiscal_year=year,
        label="flood",
        opens_at=clock.now() - timedelta(days=14),
        closes_at=clock.now() + timedelta(days=1),
        notice_on=today + timedelta(days=50),
        visits_from=first,
        visits_until=max(clock.fiscal_year_range(year)[1] - timedelta(days=18), first + timedelta(days=40)),
    )
    call.courses = [CallCourse(course=course)]
    db.session.add(call)
    audit.record(SYSTEM, "call:seed", call)
    return call, course


def engage(people: int) -> list[tuple[User, HostInstitution]]:
    """People who may write and submit plans, two at each host."""
    found = []
    for number, row in enumerate(places.more_hosts(-(-people // PEOPLE_OF_A_HOST))):
        columns = {name: value for name, value in places.host_columns(row).items() if name != "side"}
        host = HostInstitution(**columns)
        db.session.add(host)
        db.session.flush()
        for seat in range(PEOPLE_OF_A_HOST):
            address = f"approver{number}-{seat}@flood{number}.example.jp"
            found.append((cast.engage(f"Approver {number}-{seat}", address, Role.HOST_APPROVER, host), host))
    return found[:people]


def cookie_of(user: User) -> str:
    """A browser's cookie for a new session of that person."""
    token = sessions.open_session(user, "fault test")
    serializer = current_app.session_interface.get_signing_serializer(current_app)  # type: ignore[attr-defined]
    return f"{current_app.config['SESSION_COOKIE_NAME']}={serializer.dumps({'token': token})}"


def open_link(plan: Application, user: User) -> dict[str, Any]:
    """The plan's partner with a browser in which its link is open."""
    partner, browser = plan.partners[0], partner_links.new_token()
    link, token, code = partner_links.issue(partner, user.id)
    with current_app.test_request_context():
        assert partner_links.activate(token, code, browser=browser, place=plan.public_id) is None
    name = "__Host-partner" if current_app.config["SESSION_COOKIE_SECURE"] else "partner"
    return {"id": str(partner.id), "name": partner.name, "link": link.public_id, "cookie": f"{name}={browser}"}


def build(plans_wanted: int, people: int, *, partners_too: bool = False) -> dict[str, Any]:
    """The whole stage; each plan with the one who submits it and the number of its receipts by mail."""
    with transaction.unit_of_work():
        story.lay_foundations()
        call, course = open_round()
        staff = engage(people)
        cookies = [cookie_of(user) for user, _host in staff]
    partners = list(db.session.scalars(select(SendingOrganization).order_by(SendingOrganization.id)))
    chance = random.Random(20140401)
    written = []
    with transaction.unit_of_work():
        for number in range(plans_wanted):
            user, host = staff[number % len(staff)]
            idea = plans.Idea(
                call=call,
                course=course,
                host=host,
                partners=(partners[number % len(partners)],),
                category=Category.UNDERGRADUATE,
                starts_on=call.visits_from + timedelta(days=number % 20),
                number=number,
            )
            plan = plans.write(cast.actor(user), idea, chance)
            written.append(
                {
                    "id": plan.public_id,
                    "person": number % len(staff),
                    "mails": len(host_people(plan)),
                    "year": call.fiscal_year,
                    **({"partner": open_link(plan, user)} if partners_too else {}),
                    "after": db.session.scalar(select(func.max(AuditEvent.id))),
                }
            )
    return {"call": call.public_id, "course": course.public_id, "cookies": cookies, "plans": written}


def main() -> None:
    plans_wanted, people, file = int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    partners_too = sys.argv[4:] == ["partners"]
    app: Flask = create_app(from_environment())
    with app.app_context():
        to_newest(app.config["DATABASE_URL"])
        file.write_text(json.dumps(build(plans_wanted, people, partners_too=partners_too)), encoding="utf-8")


if __name__ == "__main__":
    main()
