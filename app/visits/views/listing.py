"""The list of visits and its export."""

from typing import Any

from flask import Response, render_template, request, url_for
from flask_babel import gettext as _

from app.core import listing
from app.core.exporting import stream_csv
from app.core.i18n import fiscal_year_label, language, localized
from app.core.web import Answer, current_actor, permission_required
from app.directory import countries
from app.visits import queries
from app.visits.models import Visit
from app.visits.views.blueprint import bp
from app.visits.workflow import VISIT


def year_argument() -> int | None:
    """The fiscal year asked for, None for none or nonsense."""
    year = request.args.get("year", "")
    return int(year) if year.isdecimal() and len(year) == 4 else None


def _filters() -> dict[str, Any]:
    return {
        "text": request.args.get("q", "").strip()[:100],
        "state": request.args.get("state", ""),
        "year": year_argument(),
        "host": request.args.get("host", ""),
        "country": request.args.get("country", "")[:2],
    }


@bp.get("/visits")
@permission_required("visit:view")
def index() -> Answer:
    actor, filters = current_actor(), _filters()
    page = listing.build(
        queries.listed(actor, **filters),
        key=Visit.id,
        sorts=queries.SORTS,
        default="newest",
        arguments=request.args.to_dict(),
        path=url_for(".index"),
    )
    return render_template(
        "visits/index.html",
        listing=page,
        filters=filters,
        years=[(year, fiscal_year_label(year)) for year in queries.years(actor)],
        states=[(state.value, described.label) for state, described in VISIT.states.items()],
        hosts=host_choices(),
        countries=countries.choices(language()),
        workflow=VISIT,
    )


def host_choices() -> list[tuple[str, str]]:
    """Host institutions whose visits the reader sees; nothing to choose where there is only one."""
    found = [(row.public_id, localized(row.name_ja, row.name_en)) for row in queries.hosts(current_actor())]
    return found if len(found) > 1 else []


@bp.get("/visits/export")
@permission_required("visit:view")
def export() -> Response:
    rows = queries.exported(queries.listed(current_actor(), **_filters()))
    labels = {state: str(described.label) for state, described in VISIT.states.items()}
    header = [
        _("Reference number"),
        _("State"),
        _("Theme"),
        _("Day of entry"),
        _("Day of exit"),
        _("Fiscal year"),
        _("Host institution"),
        _("Course"),
        _("People"),
    ]
    return stream_csv(
        "visits.csv",
        header,
        (
            (
                row.reference,
                labels[row.state],
                localized(row.theme_ja, row.theme_en),
                row.starts_on,
                row.ends_on,
                row.fiscal_year,
                localized(row.host_ja, row.host_en),
                row.code.value,
                row.people,
            )
            for row in rows
        ),
    )
