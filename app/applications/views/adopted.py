"""The public list of adopted plans: by fiscal year, filtered, as a page and as CSV."""

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.applications import adopted
from app.core.errors import NotFound
from app.core.exporting import stream_csv
from app.core.i18n import month
from app.core.web import Answer, public

bp = Blueprint("adopted", __name__, url_prefix="/adopted")

CSV_SECONDS = 300  # for which others may keep the file


def _asked() -> dict[str, str]:
    return {name: request.args.get(name, "") for name in ("course", "country")}


@bp.get("")
@public
def index() -> Answer:
    """The newest fiscal year with adopted plans."""
    years = adopted.years()
    if years:
        return redirect(url_for(".year", year=years[0]))
    return render_template("adopted/none.html")


@bp.get("/<int:year>")
@public
def year(year: int) -> Answer:
    """The adopted plans of a fiscal year. Raises: NotFound for a year without any."""
    years = adopted.years()
    if year not in years:
        raise NotFound()
    asked = _asked()
    found, plans = adopted.page(adopted.listed(year, **asked), request.args.to_dict(), request.path)
    courses, countries = adopted.choices(year)
    return render_template(
        "adopted/year.html",
        year=year,
        years=years,
        listing=found,
        plans=plans,
        courses=courses,
        countries=countries,
        asked=asked,
        month=month,
    )


@bp.get("/<int:year>.csv")
@public
def year_csv(year: int) -> Response:
    """The adopted plans of a fiscal year that fit the filters, as CSV in the reader's language."""
    if year not in adopted.years():
        raise NotFound()
    head = [
        _("Reference number"),
        _("Round"),
        _("Theme"),
        _("Host institution"),
        _("Course"),
        _("Sending organizations"),
        _("Countries and regions"),
        _("Number of people"),
        _("From month"),
        _("To month"),
    ]
    answer = stream_csv(f"adopted-{year}.csv", head, _rows(year))
    answer.headers["Cache-Control"] = f"public, max-age={CSV_SECONDS}"
    return answer


def _rows(year: int) -> Iterator[tuple[Any, ...]]:
    for plan in adopted.everything(adopted.listed(year, **_asked())):
        yield (
            plan.reference,
            plan.round,
            plan.theme,
            plan.host,
            plan.course,
            "; ".join(partner.name for partner in plan.partners),
            "; ".join(dict.fromkeys(partner.country for partner in plan.partners)),
            plan.people,
            f"{plan.starts:%Y-%m}" if plan.starts else "",
            f"{plan.ends:%Y-%m}" if plan.ends else "",
        )
