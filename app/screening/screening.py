"""Screening a plan: its names are compared with an edition of the list, its case made or brought up to date."""

from collections.abc import Sequence

from app.applications.models import Application
from app.core import audit, clock
from app.core.authz import SYSTEM
from app.core.db import db
from app.screening import asked, comparing, listed, plan_queries, queries
from app.screening.asked import Asked
from app.screening.comparing import Finding
from app.screening.models import ListEdition, ScreeningCase, ScreeningHit
from app.screening.vocabulary import CaseState, Source
from app.screening.workflow import CASE


def screen(applications: Sequence[Application], edition: ListEdition) -> int:
    """Screen plans with an edition; returns how many now wait for a person.

    Each plan's row is locked first, in the order of their numbers, so that two runs take turns.
    """
    plan_queries.take_turns([application.id for application in applications])
    names = asked.of_plans(applications)
    cases = queries.cases_of(names)
    waiting = 0
    for application in applications:
        case = cases.get(application.id) or _new_case(application, edition)
        _bring_up_to_date(case, edition, names[application.id], keeps_people=asked.is_draft(application))
        waiting += case.state is CaseState.EXAMINE
    db.session.flush()
    return waiting


def _new_case(application: Application, edition: ListEdition) -> ScreeningCase:
    case = ScreeningCase(application=application, edition=edition, state=CaseState.CLEAR, hits=[], notes=[])
    db.session.add(case)
    audit.record(SYSTEM, "screening:screen", case, changes={"edition": [None, edition.dated_on.isoformat()]})
    return case


def _bring_up_to_date(case: ScreeningCase, edition: ListEdition, names: list[Asked], *, keeps_people: bool) -> None:
    """Take over what is alike now, keep what a person has judged, and move the case if it must."""
    has_changed = _take_over(case, edition, comparing.compare(names, listed.of(edition)), keeps_people=keeps_people)
    before = case.edition
    case.edition, case.screened_at = edition, clock.now()
    verb = comparing.verb_for(
        case.state,
        has_new=any(hit.is_new for hit in case.hits),
        has_any=bool(case.found_now),
        was_judged=case.decided_at is not None,
    )
    if verb is not None:
        CASE.fire(case, verb, SYSTEM)
    elif has_changed or before.id != edition.id:
        dates = [before.dated_on.isoformat(), edition.dated_on.isoformat()]
        audit.record(SYSTEM, "screening:screen", case, changes={"edition": dates})


def _take_over(case: ScreeningCase, edition: ListEdition, findings: list[Finding], *, keeps_people: bool) -> bool:
    """Bring the hits in line with what was found; returns whether anything came or went."""
    known = {hit.fingerprint: hit for hit in case.hits}
    now, has_changed = clock.now(), False
    for finding in findings:
        hit = known.pop(finding.fingerprint, None)
        if hit is None:
            case.hits.append(_hit(finding, edition))
            has_changed = True
        else:
            has_changed |= hit.gone_at is not None
            hit.gone_at = None
            hit.edition_id, hit.number = edition.id, finding.body.number
    for hit in known.values():
        if hit.gone_at is None and not (keeps_people and hit.source is Source.PERSON):
            hit.gone_at, has_changed = now, True
    return has_changed


def _hit(finding: Finding, edition: ListEdition) -> ScreeningHit:
    """The evidence as it stands now."""
    return ScreeningHit(
        fingerprint=finding.fingerprint,
        source=finding.asked.source,
        about=finding.asked.about,
        asked_name=finding.asked.text[:300],
        edition_id=edition.id,
        number=finding.body.number,
        listed_as=finding.listed_as,
        listed_name=finding.body.name,
        aliases=list(finding.body.aliases),
        country=finding.body.country,
        categories=list(finding.body.categories),
        kind=finding.kind,
        likeness=finding.likeness,
        found_at=clock.now(),
    )
