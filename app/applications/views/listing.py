"""The list of plans: one for all audiences, each seeing its own; and its export."""

from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _

from app.applications import exporting, queries
from app.applications.models import Application
from app.applications.views.blueprint import bp
from app.applications.workflow import APPLICATION, shown_state
from app.calls.models import CourseCode, round_title
from app.core import listing
from app.core.exporting import stream_csv
from app.core.forms import ExportForm
from app.core.i18n import fiscal_year_label, language, localized
from app.core.web import Answer, current_actor, may, permission_required, render_form, step_up_required
from app.directory import countries


def _filters() -> dict[str, Any]:
    year = request.args.get("year", "")
    return {
        "text": request.args.get("q", "").strip()[:100],
        "host": request.args.get("host", "").strip()[:100],
        "state": request.args.get("state", ""),
        "year": int(year) if year.isdecimal() and len(year) == 4 else None,
        "call": request.args.get("call", ""),
        "course": request.args.get("course", ""),
        "country": request.args.get("country", "")[:2],
    }


@bp.get("")
@permission_required("application:view")
def index() -> Answer:
    actor, filters = current_actor(), _filters()
    inside = queries.is_inside(actor)
    page = listing.build(
        queries.listed(actor, **filters),
        key=Application.id,
        sorts=queries.SORTS,
        default="newest",
        arguments=request.args.to_dict(),
        path=url_for(".index"),
    )
    rounds = queries.rounds(actor)
    states = {state: shown_state(state, inside=inside) for state in queries.states_known_to(actor)}
    return render_template(
        "applications/index.html",
        listing=page,
        filters_given=filters,
        years=[(year, fiscal_year_label(year)) for year in dict.fromkeys(row.fiscal_year for row in rounds)],
        rounds=[(row.public_id, round_title(row.fiscal_year, row.label)) for row in rounds],
        states=states,
        state_choices=[(state.value, described.label) for state, described in states.items()],
        courses=[(code.value, code.value) for code in CourseCode],
        countries=countries.choices(language()),
        sees_hosts=len(actor.institution_ids("application:view")) != 1 or inside,
        inside=inside,
        export_address=url_for(".export", _external=False, **_given()),
    )


def _given() -> dict[str, Any]:
    """The filters of the page, for the address of its export."""
    return {name: value for name, value in request.args.items() if value and name not in ("sort", "after", "before")}


@bp.route("/export", methods=["GET", "POST"])
@permission_required("application:export")
@step_up_required
def export() -> Any:
    """The filtered list as CSV, after the password was proved anew, with a reason that stays in the audit log."""
    form = ExportForm()
    if not form.validate_on_submit():
        return render_form(
            "layouts/export.html",
            form,
            title=_("Take the list of applications away"),
            content=_("The file holds the plans of the list with the filters you chose."),
            back=(_("Applications"), url_for(".index", **_given())),
        )
    rows = exporting.export(current_actor(), reason=form.reason.data or "", **_filters())
    names = dict(countries.choices(language()))
    header = [
        _("Reference number"),
        _("State"),
        _("Theme"),
        _("Host institution"),
        _("Round"),
        _("Course"),
        _("Received at"),
        _("Day of entry"),
        _("Day of exit"),
        _("People"),
        _("Countries and regions"),
    ]
    return stream_csv(
        "applications.csv",
        header,
        (
            (
                row.reference,
                str(APPLICATION.states[row.state].label),
                localized(row.theme_ja, row.theme_en),
                localized(row.host_ja, row.host_en),
                round_title(row.fiscal_year, row.call_label),
                row.code.value,
                exporting.received(row.submitted_at),
                row.starts_on,
                row.ends_on,
                row.people,
                ", ".join(names.get(code, code) for code in sorted(row_countries)),
            )
            for row, row_countries in rows
        ),
    )


@bp.app_template_global()
def may_export_applications() -> bool:
    """Whether the reader may take the list away."""
    return may("application:export")
