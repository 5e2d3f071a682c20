"""What the page of the safety section shows besides its fields: the forms in use, and what the last plan said."""

from typing import Any

from flask import request

from app.applications import export_document, queries
from app.applications.models import Application
from app.export_control import answers

OF_LAST_PLAN = ("crisis_name", "crisis_phone", "crisis_plan", "insurance")
OF_FORMS = (*answers.REPORT, *answers.PLEDGE)


def take_over(application: Application, form: Any) -> None:
    """Fill the fields that are empty with what the institution's last plan said, if that was asked for."""
    if request.args.get("from") != "last":
        return
    last = queries.last_safety_of(application)
    said = last.safety if last is not None else {}
    for name in OF_LAST_PLAN:
        if not form[name].data:
            form[name].data = said.get(name) or ""


def context(application: Application, form: Any) -> dict[str, Any]:
    """The forms the plan uses, and the name of the last plan where its contact can be taken over."""
    kept = application.safety or {}
    last = None if form.crisis_name.data else queries.last_safety_of(application)
    return {
        "last_safety": (last.reference or last.theme or "–") if last is not None else None,
        "forms": {
            "report": bool(kept.get("form1_id")),
            "summary": export_document.summary(kept),
            "has_errors": any(form[name].errors for name in OF_FORMS),
            "in_trouble": export_document.is_in_trouble(application),
        },
    }
