"""Checks on security export control. None of them looks at a nationality or a country."""

from datetime import date

from flask_babel import gettext as _

from app.calls.check import Finding, Limit
from app.calls.facts import FormsFacts, PlanFacts
from app.core import clock
from app.core.i18n import day as in_words

RESIDENTS = "residents"


def _day_of(facts: PlanFacts) -> date | None:
    return clock.in_tokyo(facts.at).date() if facts.at is not None else None


def _ended(until: date | None, day: date | None) -> bool:
    """Whether a form is no longer good on a day; its last day is one."""
    return until is not None and day is not None and day > until


def export_control_forms(facts: PlanFacts, _limit: Limit) -> Finding:
    """Form 1 of the host is filled in and valid, and form 2 where it has no system; one person answers for both."""
    forms, day = facts.host_forms, _day_of(facts)
    if forms.system is None:
        return Finding(None, _("Say whether the host has a system for security export control."))
    if not forms.report:
        return Finding(False, _("Export-control form 1 is not filled in."))
    if _ended(forms.report_until, day):
        return Finding(False, _ended_words(_("Export-control form 1"), forms.report_until))
    if not forms.system:
        return _pledge(forms, day)
    return Finding(True, _("The export-control forms are filled in."))


def _pledge(forms: FormsFacts, day: date | None) -> Finding:
    if not forms.pledge:
        return Finding(False, _("Without a system of its own the host also needs export-control form 2."))
    if _ended(forms.pledge_until, day):
        return Finding(False, _ended_words(_("Export-control form 2"), forms.pledge_until))
    if not forms.same_person:
        return Finding(False, _("Forms 1 and 2 name different persons responsible. Give form 2 anew."))
    return Finding(True, _("The export-control forms are filled in."))


def _ended_words(form: str, until: date | None) -> str:
    return _("%(form)s was valid until %(day)s. Give it anew.", form=form, day=in_words(until))


def _is_good(forms: FormsFacts, day: date | None) -> bool:
    if forms.system is None or not forms.report or _ended(forms.report_until, day):
        return False
    return forms.system or bool(_pledge(forms, day).holds)


def partner_export_forms(facts: PlanFacts, _limit: Limit) -> Finding:
    """Every partner has given form 1, and form 2 where it has no system, and they are valid."""
    if not facts.partners:
        return Finding(None, _("Name the sending organization."))
    day = _day_of(facts)
    missing = [
        partner.name or _("Partner %(number)s", number=number)
        for number, partner in enumerate(facts.partners, start=1)
        if not _is_good(partner.forms, day)
    ]
    good, wanted = len(facts.partners) - len(missing), len(facts.partners)
    if not missing:
        return Finding(True, _("The export-control forms of all partners are there."), good, wanted)
    names = ", ".join(missing)
    return Finding(
        False, _("Valid export-control forms of the partners are missing: %(names)s", names=names), good, wanted
    )


def export_residency(facts: PlanFacts, _limit: Limit) -> Finding:
    """Residency is said first, then to whom the people belong; the self-declaration only where residents take part."""
    if not facts.residency:
        return Finding(False, _("Say whether people who live in Japan take part."))
    if facts.residency == RESIDENTS and not facts.specific_types_said:
        return Finding(False, _("Answer the three questions of the self-declaration (specific types)."))
    if not facts.affiliations_said:
        return Finding(False, _("Say to whom the people who come belong."))
    if facts.residency == RESIDENTS and facts.is_specific_type:
        return Finding(
            True, _("Somebody is of a specific type: what is provided is examined as for people from abroad.")
        )
    return Finding(True, _("Residency and affiliation are said."))
