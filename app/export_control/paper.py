"""Forms 1 and 2 as a paper prints them, in the language in force."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _

from app.documents import shapes
from app.export_control import answers
from app.export_control.models import Declaration, FormKind


def of_declaration(declaration: Declaration) -> list[shapes.ExportForm]:
    """One declaration."""
    kept = answers.taken_from(declaration)
    host = "" if declaration.is_of_host else declaration.institution.name
    form = _pledge if declaration.kind is FormKind.PLEDGE else _report
    return [form(kept, declaration.given_for, host)]


def of_kept(kept: Mapping[str, Any], *, given_for: str, host: str = "") -> list[shapes.ExportForm]:
    """The complete forms among answers as a plan keeps them. `host`: who receives, where a partner gives the form."""
    found = []
    if answers.report_is_filled(kept):
        found.append(_report(kept, given_for, host))
    if answers.pledge_is_filled(kept) and answers.has_system(kept) is False:
        found.append(_pledge(kept, given_for, host))
    return found


def questions(*, of_host: bool) -> dict[str, str]:
    """The questions of form 1 by name: a host is asked what it provides, a partner what it receives."""
    if of_host:
        return {
            "has_system": _("Does the host have a system of its own for security export control?"),
            "is_classified": _("Has it been examined whether the technology to be provided is controlled?"),
            "partners_are_checked": _("Have the partners been compared with the Foreign User List?"),
        }
    return {
        "has_system": _("Does your organization have a system of its own for security export control?"),
        "is_classified": _("Do the people you send know that controlled technology must not be passed on?"),
        "partners_are_checked": _("Have you checked that none of them acts for a body on the Foreign User List?"),
    }


def pledge(*, of_host: bool) -> str:
    """The sentence of form 2."""
    if of_host:
        return _(
            "The host pledges to observe the laws on export control and to ask JST before it provides controlled "
            "technology."
        )
    return _(
        "We pledge to observe the Japanese laws on export control, to use what we receive in this exchange for "
        "peaceful purposes only, and not to pass it on without the host's consent."
    )


def _report(kept: Mapping[str, Any], given_for: str, host: str) -> shapes.ExportForm:
    said = {"yes": _("Yes"), "no": _("No")}
    return {
        "kind": "form_1",
        "given_for": given_for,
        "host": host,
        "responsible": str(kept.get("export_responsible") or ""),
        "answers": [
            {"question": question, "answer": said.get(str(kept.get(name)), "")}
            for name, question in questions(of_host=not host).items()
        ],
        "pledge": "",
        "dated_on": date.fromisoformat(str(kept["form1_on"])),
        "valid_until": answers.report_until(kept),
    }


def _pledge(kept: Mapping[str, Any], given_for: str, host: str) -> shapes.ExportForm:
    responsible = kept.get("form2_responsible") or kept.get("export_responsible") or ""
    return {
        "kind": "form_2",
        "given_for": given_for,
        "host": host,
        "responsible": str(responsible),
        "answers": [],
        "pledge": pledge(of_host=not host),
        "dated_on": date.fromisoformat(str(kept["form2_on"])),
        "valid_until": answers.pledge_until(kept),
    }
