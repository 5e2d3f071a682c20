"""The sending side's pages: no account, a link by mail, a code by another way, then one page on a clean address."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Blueprint, Response, current_app, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.applications import (
    document,
    partner_filling,
    partner_links,
    partner_marks,
    partner_part,
    partner_service,
    presence,
)
from app.applications.partner_forms import CodeForm, PartForm
from app.applications.partner_links import PartnerLinkGone
from app.applications.partner_models import PartnerLink
from app.applications.views.comparing import differences
from app.core import i18n
from app.core.errors import Refused, Stale
from app.core.web import Answer, actor_or_none, blame, cookie, public, render_form

bp = Blueprint("partner", __name__, url_prefix="/partner")

TOKEN = "partner_link"  # the token between its address and the page behind it
BROWSER = "partner"  # the cookie that binds a link to this browser


def private(view: Callable[..., Any]) -> Callable[..., Any]:
    """Pages of partners: kept in no cache, named to nobody, in English unless the browser chose otherwise."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Response:
        if actor_or_none() is None:
            cookie.setdefault(i18n.SESSION_KEY, "en")
        try:
            answer = view(*args, **kwargs)
        except PartnerLinkGone as gone:
            answer = _gone(gone.link)
        response = make_response(answer)
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cache-Control"] = "no-store, private"
        return response

    return guarded


def _gone(link: PartnerLink | None) -> tuple[str, int]:
    """Whom to ask: of the plan only the institution and its contact's name are told."""
    application = link.partner.application if link is not None else None
    page = render_template(
        "partner/gone.html",
        host=application.host_institution if application else None,
        contact=partner_service.contact_of(application) if application else "",
    )
    return page, PartnerLinkGone.status


def _cookie_name() -> str:
    return f"__Host-{BROWSER}" if current_app.config["SESSION_COOKIE_SECURE"] else BROWSER


def held_browser() -> str | None:
    """The secret that binds links to the reader's browser; None without one."""
    return request.cookies.get(_cookie_name())


def link_of_reader() -> PartnerLink:
    """The good link the reader's browser holds, that named by `plan` or the newest. Raises: PartnerLinkGone."""
    return partner_links.held(held_browser(), request.args.get("plan"), changing=request.method == "POST")


@bp.get("/link/<string:token>")
@public
@private
def open_link(token: str) -> Answer:
    """Take the token out of the address; nothing happens yet, so a mail scanner uses nothing up."""
    link = partner_links.find(token)
    if link is not None and partner_links.is_of(link, held_browser()):
        return redirect(url_for(".part", plan=link.public_id))
    partner_links.peek(token)
    cookie[TOKEN] = token
    return redirect(url_for(".begin"))


@bp.route("/begin", methods=["GET", "POST"])
@public
@private
def begin() -> Answer:
    """«Continue» with the code opens the link, once, for this browser."""
    token = str(cookie.get(TOKEN, ""))
    link = partner_links.peek(token)
    form = CodeForm()
    if not form.validate_on_submit():
        application = link.partner.application
        return render_form(
            "partner/begin.html",
            form,
            host=application.host_institution,
            contact=partner_service.contact_of(application),
        )
    held = held_browser()
    browser = held if held and partner_links.of_browser(held) else partner_links.new_token()
    left = partner_links.activate(token, form.code.data or "", browser=browser, place=request.remote_addr or "unknown")
    if left is not None:
        flash(
            ngettext(
                "This code is not right. You can try %(num)s more time.",
                "This code is not right. You can try %(num)s more times.",
                left,
            ),
            "notice",
        )
        return redirect(url_for(".begin"))
    cookie.pop(TOKEN, None)
    response = redirect(url_for(".part"))
    response.set_cookie(
        _cookie_name(),
        browser,
        max_age=partner_links.LIFE,
        httponly=True,
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
        samesite="Lax",
    )
    return response


def _form(link: PartnerLink, *, submitted: bool = True) -> tuple[PartForm, int]:
    """The form of a part, as sent or as stored, and the version of what is stored."""
    stored = partner_part.stored(link.partner)
    version = partner_part.version(stored)
    data = {**stored, "version": str(version)}
    form = PartForm(data=data) if submitted else PartForm(formdata=None, data=data)
    form.ask(notification=partner_part.asks_for_notification(link.partner))
    return form, version


@bp.route("", methods=["GET", "POST"])
@public
@private
def part() -> Answer:
    """The partner's own part of the plan: read, and filled in until the plan is handed in."""
    name = request.args.get("plan")
    link = partner_links.held(held_browser(), name, changing=request.method == "POST")
    form, _version = _form(link)
    if request.method == "GET":
        form.add_blank_rows()
        presence.note_partner_afterwards(link.partner.application_id, link.partner.id)
    if partner_filling.is_closed(link):
        return _page(link, form, 200 if request.method == "GET" else 409)
    if not form.validate_on_submit():
        return _page(link, form, 200 if request.method == "GET" else 422)
    try:
        partner_filling.save(link, form.own_fields(), form.rows_payload(), version=form.read_version())
    except Refused as refusal:
        blame(form, refusal)
        return _page(link, form, 422)
    except Stale:
        now_stored, version = _form(link, submitted=False)
        theirs = differences(form, now_stored, version)
        return _page(link, form, Stale.status, theirs=theirs, stale=True)
    flash(_("Your part is saved. You can change it until the plan is handed in."), "success")
    return redirect(url_for(".part", plan=name))


def _page(link: PartnerLink, form: PartForm, status: int, **context: Any) -> tuple[str, int]:
    application = link.partner.application
    others = [other for other in partner_links.of_browser(held_browser()) if other.is_good and other is not link]
    page = render_template(
        "partner/part.html",
        application=application,
        partner=link.partner,
        link=link,
        form=form,
        people=partner_part.people_of(link.partner),
        closed=partner_filling.is_closed(link),
        contact=partner_service.contact_of(application),
        marks=partner_marks.of(link.partner),
        awaiting=partner_marks.awaiting(link.partner),
        pledge=document.pledge(link.partner),
        others=others,
        **context,
    )
    return page, status
