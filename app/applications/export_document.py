"""What a plan says on export control, in words; and the forms 1 and 2 it holds, as a paper."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal

from flask_babel import force_locale
from flask_babel import gettext as _

from app.applications import facts
from app.applications.models import Application, ApplicationPartner
from app.applications.vocabulary import AFFILIATION_LABELS, RESIDENCY_LABELS, SPECIFIC_TYPES, Affiliation, Residency
from app.calls import checks_export
from app.core.i18n import day
from app.documents import papers, shapes
from app.export_control import answers, paper

Words = list[tuple[str, str]]


def in_words(application: Application) -> Words:
    """Questions and answers: who comes, the host's forms, each partner's forms. What does not follow is left out."""
    kept = application.safety or {}
    found = [*_residency(kept), *_forms(kept)]
    for partner in application.partners:
        if partner.export_control:
            found.append((_("Forms of %(partner)s", partner=partner.name), summary(partner.export_control)))
    return found


def _residency(kept: Mapping[str, Any]) -> Words:
    said = str(kept.get("residency") or "")
    found = [(_("Who takes part?"), _chosen(RESIDENCY_LABELS, said))]
    if said == Residency.RESIDENTS:
        declared = (f"{number}: {_yes_no(kept.get(name))}" for number, name in enumerate(SPECIFIC_TYPES, start=1))
        found.append((_("Self-declaration: specific types 1 to 3"), ", ".join(declared)))
    affiliation = _chosen(AFFILIATION_LABELS, str(kept.get("affiliation") or ""))
    others = str(kept.get("other_affiliations") or "") if kept.get("affiliation") == Affiliation.OTHERS else ""
    found.append((_("To whom do the people who come belong?"), "\n".join(filter(None, (affiliation, others)))))
    return found


def _chosen(labels: Mapping[Any, Any], code: str) -> str:
    return str(labels[code]) if code in labels else ""


def _yes_no(value: Any) -> str:
    return {"yes": _("Yes"), "no": _("No")}.get(str(value or ""), "–")


def _forms(kept: Mapping[str, Any]) -> Words:
    yes_no = {"yes": _("Yes"), "no": _("No")}
    return [
        (_("Form 1: system of its own for security export control"), yes_no.get(kept.get("has_system", ""), "")),
        (_("Form 1: technology to be provided examined"), yes_no.get(kept.get("is_classified", ""), "")),
        (
            _("Form 1: partners compared with the Foreign User List"),
            yes_no.get(kept.get("partners_are_checked", ""), ""),
        ),
        (_("Person responsible for export control"), kept.get("export_responsible", "")),
        (_("Date of form 1"), _dated(kept, "form1_on", answers.report_until(kept))),
        (_("Form 2: pledge"), _("Yes") if kept.get("pledge") else _("No")),
        (_("Date of form 2"), _dated(kept, "form2_on", answers.pledge_until(kept))),
    ]


def _dated(kept: Mapping[str, Any], name: str, until: date | None) -> str:
    try:
        dated_on = date.fromisoformat(str(kept.get(name) or ""))
    except ValueError:
        return ""
    return _("%(day)s, valid until %(until)s", day=day(dated_on), until=day(until))


def summary(kept: Mapping[str, Any]) -> str:
    """Which forms of a body there are, of which day and until when they are good."""
    found = []
    if answers.report_is_filled(kept):
        found.append(_("Form 1: %(day)s", day=_dated(kept, "form1_on", answers.report_until(kept))))
    if answers.pledge_is_filled(kept):
        found.append(_("Form 2: %(day)s", day=_dated(kept, "form2_on", answers.pledge_until(kept))))
    return "\n".join(found)


def has_forms(application: Application) -> bool:
    """Whether the plan holds a complete form of anybody."""
    held = (application.safety or {}, *(partner.export_control or {} for partner in application.partners))
    return any(answers.report_is_filled(kept) for kept in held)


def forms_pdf(application: Application, *, language: Literal["ja", "en"], at: datetime) -> bytes | None:
    """The forms the plan holds, each on a page of its own; None where it holds none that is complete."""
    with force_locale(language):
        held = [forms_of(application, partner) for partner in (None, *application.partners)]
        forms = [form for given in held for form in given]
    return papers.export_forms(forms, language=language, at=at) if forms else None


def forms_of(application: Application, partner: ApplicationPartner | None) -> list[shapes.ExportForm]:
    """The complete forms of a partner of the plan, or of its host (None), in the language in force."""
    host = application.host_institution.name
    if partner is None:
        return paper.of_kept(application.safety or {}, given_for=host)
    return paper.of_kept(partner.export_control or {}, given_for=partner.name, host=host)


def is_in_trouble(application: Application) -> bool:
    """Whether the forms of the host do not do today: one ended, is missing, or names another person."""
    return checks_export.export_control_forms(facts.facts_of(application), {}).holds is not True
