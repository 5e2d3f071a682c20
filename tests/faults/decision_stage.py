"""What the races of decisions play on: plans under review; coordinators, decision-makers and hosts signed in.

Run as a process of its own: `python -m tests.faults.decision_stage PLANS LANES FILE`. Each lane has its own browsers.
"""

import json
import sys
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select

from app import create_app
from app.accounts.models import User
from app.applications import service, submission
from app.applications.models import Application
from app.cli import to_newest
from app.core import transaction
from app.core.db import db
from app.demo import cast
from config import from_environment
from tests.faults import stage

PEOPLE = 8
COORDINATORS = ("mori@jst.example.jp", "ono@jst.example.jp")
DECIDERS = ("ishikawa@jst.example.jp", "ishii@jst.example.jp")


def build(plans: int, lanes: int) -> dict[str, Any]:
    """Plans passed on to review, each with the cookie of its host's approver; cookies of JST's people by lane."""
    made = stage.build(plans, PEOPLE)
    with transaction.unit_of_work():
        staff = {user.email: user for user in db.session.scalars(select(User))}
        coordinator = cast.actor(staff[COORDINATORS[0]])
        for plan in made["plans"]:
            application = db.session.scalars(select(Application).where(Application.public_id == plan["id"])).one()
            approver = f"approver{plan['person'] // 2}-{plan['person'] % 2}@flood{plan['person'] // 2}.example.jp"
            submission.submit(cast.actor(staff[approver]), application)
            service.transition(coordinator, application, "start_review")
            plan["host"] = made["cookies"][plan["person"]]
        people = [
            {"name": staff[email].name, "cookies": [stage.cookie_of(staff[email]) for _lane in range(lanes)]}
            for email in (*COORDINATORS, *DECIDERS)
        ]
    return {"call": made["call"], "plans": made["plans"], "coordinators": people[:2], "deciders": people[2:]}


def main() -> None:
    plans, lanes, file = int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    app: Flask = create_app(from_environment())
    with app.app_context():
        to_newest(app.config["DATABASE_URL"])
        file.write_text(json.dumps(build(plans, lanes)), encoding="utf-8")


if __name__ == "__main__":
    main()
