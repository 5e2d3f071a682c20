"""Links by mail. The address with the token is seen once, the page behind it has a clean one, only a button acts."""

import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, flash, make_response, redirect, render_template, url_for
from flask import session as cookie
from flask_babel import gettext as _

from app.accounts import identity, links, people, queries, signing_in
from app.accounts.forms import AcceptForm, AcceptWithPasswordForm, AskForLinkForm, ConfirmForm, NewPasswordForm
from app.accounts.models import LinkPurpose
from app.accounts.roles import ROLE_LABELS, ROLE_SENTENCES
from app.accounts.views import door
from app.accounts.views.room import bp
from app.core.errors import Refused
from app.core.i18n import language
from app.core.web import Answer, blame, public, render_form

PAGES = {
    LinkPurpose.SIGN_IN: "accounts.sign_in_by_link",
    LinkPurpose.PASSWORD_RESET: "accounts.reset_password",
    LinkPurpose.INVITATION: "accounts.accept_invitation",
}


def private(view: Callable[..., Any]) -> Callable[..., Any]:
    """Pages of links: kept in no cache, named to nobody."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Response:
        try:
            answer = view(*args, **kwargs)
        except links.LinkGone:
            answer = render_template("accounts/link_gone.html"), links.LinkGone.status
        except links.OtherBrowser:
            answer = render_template("accounts/other_browser.html"), links.OtherBrowser.status
        response = make_response(answer)
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cache-Control"] = "no-store, private"
        return response

    return guarded


def _token() -> str:
    return str(cookie.get(identity.LINK, ""))


@bp.get("/link/<string:token>")
@public
@private
def open_link(token: str) -> Answer:
    """Take the token out of the address; nothing happens yet, so a mail scanner uses nothing up."""
    link = links.find(token)
    if link is None:
        raise links.LinkGone()
    cookie[identity.LINK] = token
    return redirect(url_for(PAGES[link.purpose]))


@bp.route("/sign-in/link", methods=["GET", "POST"])
@public
@private
def sign_in_by_link() -> Answer:
    """«Continue»: signs in by the link."""
    link = links.peek(_token(), LinkPurpose.SIGN_IN)
    form = ConfirmForm()
    if form.validate_on_submit():
        token = signing_in.by_link(_token(), browser=cookie.get(identity.BROWSER), user_agent=identity.user_agent())
        identity.enter(token)
        return redirect(door.way_on(token))
    return render_form("accounts/sign_in_by_link.html", form, link=link)


@bp.route("/sign-in/ask-link", methods=["GET", "POST"])
@public
def ask_link() -> Answer:
    """Alumni ask for a sign-in link; the answer is the same for every address."""
    form = AskForLinkForm()
    if form.validate_on_submit():
        browser = cookie.setdefault(identity.BROWSER, secrets.token_urlsafe(32))
        signing_in.ask_for_sign_in_link(
            form.email.data or "", place=identity.place(), browser=browser, locale=language()
        )
        return redirect(url_for(".link_sent"))
    return render_form("accounts/ask_link.html", form)


@bp.route("/password/ask-link", methods=["GET", "POST"])
@public
def ask_reset() -> Answer:
    """Ask for a link to set a new password; the answer is the same for every address."""
    form = AskForLinkForm()
    if form.validate_on_submit():
        signing_in.ask_for_reset(form.email.data or "", place=identity.place(), locale=language())
        return redirect(url_for(".link_sent"))
    return render_form("accounts/ask_reset.html", form)


@bp.get("/link-sent")
@public
def link_sent() -> Answer:
    """What happens next, whoever asked."""
    return render_template("accounts/link_sent.html")


@bp.route("/password/new", methods=["GET", "POST"])
@public
@private
def reset_password() -> Answer:
    """A new password by link; signs nobody in."""
    links.peek(_token(), LinkPurpose.PASSWORD_RESET)
    form = NewPasswordForm()
    if form.validate_on_submit():
        try:
            signing_in.reset_password(_token(), form.password.data or "")
        except Refused as refusal:
            blame(form, refusal)
        else:
            identity.leave()
            flash(_("Your new password is set. Sign in with it."), "success")
            return redirect(url_for(".sign_in"))
    return render_form("accounts/reset_password.html", form)


@bp.route("/invitation", methods=["GET", "POST"])
@public
@private
def accept_invitation() -> Answer:
    """Who invites to what; a new colleague sets name and password."""
    link = links.peek(_token(), LinkPurpose.INVITATION)
    known = queries.by_email(link.email)
    if known is None:
        form: Any = AcceptForm()
    else:
        form = ConfirmForm() if known.password_hash else AcceptWithPasswordForm()
    if form.validate_on_submit():
        values = form.payload()
        try:
            session_token = people.accept(
                _token(),
                name=values.get("name", ""),
                password=values.get("password", ""),
                user_agent=identity.user_agent(),
            )
        except Refused as refusal:
            blame(form, refusal)
        else:
            return _accepted(session_token)
    return render_form(
        "accounts/accept_invitation.html",
        form,
        link=link,
        known=known,
        inviter=queries.inviter_of(link),
        role_label=ROLE_LABELS[link.role] if link.role else "",
        role_sentence=ROLE_SENTENCES[link.role] if link.role else "",
    )


def _accepted(session_token: str | None) -> Answer:
    if session_token is None:
        cookie.pop(identity.LINK, None)
        flash(_("The role is yours. Sign in as usual."), "success")
        return redirect(url_for(".sign_in"))
    identity.enter(session_token)
    flash(_("Welcome. Your account is ready."), "success")
    return redirect(url_for("home.index"))
