"""The statistics page, its CSV files, the published figures."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from flask import Response, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from app.alumni.models import REVISIT_LABELS
from app.core import clock
from app.core.authz import Actor
from app.core.errors import NotFound
from app.core.exporting import stream_csv
from app.core.i18n import fiscal_year_label, language
from app.core.web import Answer, current_actor, done, permission_required
from app.directory import countries
from app.directory import queries as organizations
from app.directory.models import Side
from app.insight import drawing, published, queries, service, sheet
from app.insight.question import COURSES, Asked, Question, read
from app.insight.sheet import PERMISSION, Sheet
from app.insight.views.blueprint import bp

OFFERED = 6
KEPT = 64  # drawn pages a process keeps: about 70 kB each


@dataclass
class Section:
    """A sheet with its heading and its drawings; `own` goes into the addresses of its CSV files."""

    title: str
    sheet: Sheet
    plates: list[drawing.Plate]
    own: str = ""


@bp.get("/figures")
@permission_required(PERMISSION)
def index() -> Answer:
    """The statistics page."""
    actor = current_actor()
    asked, host_offers = _asked(actor)
    stamp = queries.stamp()
    own = None if sheet.sees_all(actor) else _own(actor)
    made_at = stamp.made_at if stamp else None
    draw = _body if made_at else _body.__wrapped__
    shown = tuple(asked.shown.items())
    page = render_template(
        "insight/index.html",
        asked=asked,
        host_offers=host_offers,
        stamp=stamp,
        arguments=_given(shown),
        body=draw(made_at, language(), clock.today(), own, asked.question, shown, bool(request.args)),
    )
    return page, 422 if asked.problems else 200


@lru_cache(maxsize=KEPT)
def _body(
    _made_at: datetime | None,
    _language: str,
    today: date,
    own: tuple[int, ...] | None,
    question: Question,
    shown: tuple[tuple[str, str], ...],
    is_filtered: bool,
) -> Markup:
    """Filters and figures, drawn once for a summary, a language, a question and those who may see the same.

    Nothing in it is about the reader. A new summary has another instant and is drawn anew.
    """
    sections = _sections(own, question)
    return Markup(
        render_template(
            "insight/body.html",
            shown=dict(shown),
            question=question,
            sections=sections,
            sees_all=own is None,
            choices=_choices(question, sections[0].sheet),
            arguments=_given(shown),
            is_filtered=is_filtered,
            today=today,
        )
    )


def _given(shown: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """The filters that are set, for addresses."""
    return {name: value for name, value in shown if value}


@bp.get("/figures/<string:name>.csv")
@permission_required(PERMISSION)
def download(name: str) -> Response:
    """One figure as CSV, with the filters of the page; hosts get their own with `own=1`."""
    actor = current_actor()
    asked, _offers = _asked(actor)
    filename = f"sakura-science-{name}.csv"
    if name == "cumulative":
        return stream_csv(filename, *_cumulative_table(asked.question))
    if sheet.sees_all(actor):
        found = sheet.exact(asked.question)
    elif request.args.get("own"):
        found = sheet.exact(asked.question.of_hosts(_own(actor)))
    else:
        found = sheet.protected(asked.question, _own(actor))
    table = drawing.table(found, name)
    if table is None:
        raise NotFound()
    return stream_csv(filename, *table)


@bp.post("/figures/refresh")
@permission_required("figures:refresh")
def refresh() -> Answer:
    """Have the figures made anew; the job's page shows how far that is."""
    job = service.ask_refresh(current_actor())
    return done(_("The figures are being made anew."), ".job", public_id=job.public_id)


@bp.get("/figures/published")
@permission_required(PERMISSION)
def published_figures() -> Answer:
    """What JST published, beside what the system counts."""
    all_seen = sheet.sees_all(current_actor())
    stamp = queries.stamp()
    rows = (
        published.beside_own(stamp.made_at if stamp else None)
        if all_seen
        else [(row, None) for row in published.figures()]
    )
    return render_template("insight/published.html", rows=rows, sees_all=all_seen)


def _own(actor: Actor) -> tuple[int, ...]:
    """The institutions whose figures the reader sees exactly."""
    return actor.institution_ids(PERMISSION)


def _asked(actor: Actor) -> tuple[Asked, list[organizations.Suggestion]]:
    """The filters of the address, with the host looked up; several hosts that fit are offered."""
    asked = read(request.args)
    text = asked.shown["host"]
    if not text or not sheet.sees_all(actor):
        return asked, []
    found = queries.host(text)
    offers: list[organizations.Suggestion] = []
    if found is None:
        offers = organizations.suggest(text, Side.HOST, OFFERED)
        exact = [offer for offer in offers if text in (offer.name, offer.other_name)]
        sure = exact or ([] if len(offers) != 1 or offers[0].is_guess else offers)
        found = queries.host(sure[0].public_id) if sure else None
    if found is None:
        asked.problems["host"] = (
            _("Several institutions fit this name. Choose one of them:")
            if offers
            else _("No host institution has this name.")
        )
        return asked, offers
    asked.shown["host"] = found[1]
    asked.question = asked.question.of_hosts((found[0],))
    return asked, []


def _sections(own: tuple[int, ...] | None, question: Question) -> list[Section]:
    """The programme for those who see all; for hosts their own figures, then what they may know of the programme."""
    land = url_for("static", filename="map/world.svg")
    if own is None:
        found = sheet.exact(question)
        return [Section(_("The programme"), found, drawing.plates(found, land=land))]
    mine = sheet.exact(question.of_hosts(own))
    whole = sheet.protected(question, own)
    title = _(", ").join(name for _public_id, name in queries.host_names(own).values())
    return [
        Section(title, mine, drawing.plates(mine, land=land, prefix="own-", is_own=True), own="1"),
        Section(_("The programme"), whole, drawing.plates(whole, land=land)),
    ]


def _choices(question: Question, found: Sheet) -> dict[str, Any]:
    """What the filters offer: years and countries with figures, the programme's regions, courses, kinds."""
    if question == Question():
        years, codes = [part.key for part in reversed(found.years)], [part.key for part in found.countries]
    else:
        years, codes = queries.known()
    names = countries.names(language())
    regions = [(f"region:{region}", str(countries.region_name(region))) for region in countries.REGIONS]
    return {
        "fiscal_year": [(year, fiscal_year_label(year)) for year in years],
        "country": [*regions, *sorted(((code, names.get(code, code)) for code in codes), key=lambda pair: pair[1])],
        "course": [(code, drawing.course_label(code)) for code in COURSES],
        "kind": [(kind.value, label) for kind, label in REVISIT_LABELS.items()],
    }


def _cumulative_table(question: Question) -> tuple[list[str], list[tuple[Any, ...]]]:
    """The totals since the programme began at the end of every month; with a date, up to that date."""
    head = [
        _("As of"),
        _("Invitees"),
        _("Supervisors"),
        _("Sending organizations"),
        _("Host institutions"),
        _("Countries and regions of origin"),
        _("Confirmed returns"),
        _("People, once for each kind"),
        _("People who came back"),
    ]
    rows = [
        (
            row.as_of.isoformat(),
            row.invitees,
            row.supervisors,
            row.sending_organizations,
            row.host_institutions,
            row.countries,
            row.revisits,
            row.people,
            row.revisitors,
        )
        for row in queries.month_ends(question.as_of)
    ]
    return head, rows
