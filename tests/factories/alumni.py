"""Alumni and their returns to Japan."""

from datetime import date
from typing import Any

from app.accounts.models import User
from app.alumni import service
from app.alumni.models import Alumnus, AlumnusState, Revisit, RevisitKind, RevisitState
from app.core import clock
from app.core.authz import Role
from app.core.db import db, new_public_id
from app.directory.models import HostInstitution
from app.invitees.models import Invitee
from tests.factories.accounts import make_user
from tests.factories.closing import make_person


def make_alumnus(invitee: Invitee | None = None, **fields: Any) -> Alumnus:
    """An active alumna with every field filled and everything kept to herself."""
    values: dict[str, Any] = {
        "state": AlumnusState.ACTIVE,
        "email": "private@example.org",
        "affiliation": "Tribhuvan University",
        "position": "Lecturer",
        "country": "NP",
        "city": "Kathmandu",
        "field_of_science": "Hydrology",
        "message": "Glad to hear from you",
        "confirmed_on": clock.today(),
        "activated_at": clock.now(),
        "visibility": {},
    }
    alumnus = Alumnus(public_id=new_public_id(), invitee=invitee or make_person(), **{**values, **fields})
    db.session.add(alumnus)
    service.index(alumnus)
    db.session.flush()
    return alumnus


def make_alumnus_user(alumnus: Alumnus | None = None, **fields: Any) -> User:
    """The account of an alumnus (a new one, if none is given)."""
    alumnus = alumnus or make_alumnus()
    return make_user(Role.ALUMNUS, invitee_id=alumnus.invitee_id, **fields)


def make_revisit(
    alumnus: Alumnus | None = None,
    institution: HostInstitution | None = None,
    state: RevisitState = RevisitState.REPORTED,
    **fields: Any,
) -> Revisit:
    """A return to study, still going on."""
    alumnus = alumnus or make_alumnus()
    values: dict[str, Any] = {
        "kind": RevisitKind.STUDY,
        "starts_on": date(2026, 4, 1),
        "institution_name": "" if institution is not None else "Sample Institute",
        "decided_at": clock.now() if state is not RevisitState.REPORTED else None,
    }
    revisit = Revisit(
        public_id=new_public_id(),
        alumnus=alumnus,
        invitee_id=alumnus.invitee_id,
        institution=institution,
        state=state,
        **{**values, **fields},
    )
    db.session.add(revisit)
    db.session.flush()
    return revisit
