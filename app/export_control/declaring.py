"""Both forms from one page of questions: what it shows at first, and giving what it says."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.core import clock
from app.core.authz import Actor
from app.directory.models import HostInstitution
from app.export_control import queries, service
from app.export_control.answers import QUESTIONS
from app.export_control.models import Declaration, FormKind
from app.export_control.parties import Party


def own_institutions(actor: Actor) -> list[HostInstitution]:
    """The institutions the actor gives forms for."""
    return queries.hosts(actor.institution_ids("declaration:edit"))


def stored(institution_id: int, party: Party) -> dict[str, Any]:
    """The answers in use as the page's fields hold them, dated today: they are given anew."""
    held = {declaration.kind: declaration for declaration in queries.in_use(institution_id, [party.key])}
    report = held.get(FormKind.REPORT)
    said = dict(report.answers) if report is not None else {}
    return {
        **{name: said.get(name) for name in QUESTIONS},
        "pledge": FormKind.PLEDGE in held,
        "responsible": report.responsible if report is not None else "",
        "dated_on": clock.today(),
        "seen": report.public_id if report is not None else "",
    }


def give(
    actor: Actor,
    institution: HostInstitution,
    party: Party,
    answers: Mapping[str, Any],
    *,
    responsible: str,
    dated_on: date,
) -> list[Declaration]:
    """Declare what the page says. Raises: Forbidden; Refused (pledge missing, day)."""
    forms = service.forms_of(answers, responsible=responsible, dated_on=dated_on)
    return [service.declare(actor, institution, form, party=party) for form in forms]


def receive(
    actor: Actor,
    institution: HostInstitution,
    party: Party,
    answers: Mapping[str, Any],
    *,
    responsible: str,
    dated_on: date,
) -> list[Declaration]:
    """The same from a partner, whose right is the link of its host's plan. Raises: Refused."""
    forms = service.forms_of(answers, responsible=responsible, dated_on=dated_on)
    return [service.receive(actor, institution, form, party=party) for form in forms]
