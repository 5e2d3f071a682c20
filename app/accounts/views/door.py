"""The door: sign in by password, prove the password again, sign out, and the identities of the demonstration."""

from flask import Response, current_app, flash, make_response, redirect, request, url_for
from flask_babel import gettext as _

from app.accounts import demo, identity, own, sessions, signing_in
from app.accounts.forms import ConfirmPasswordForm, SignInForm
from app.accounts.views.room import bp
from app.core import carrying
from app.core.errors import NotFound, Refused
from app.core.i18n import SESSION_KEY, language
from app.core.web import Answer, actor_or_none, blame, cookie, current_actor, public, render_form, safe_path, signed_in


def way_on(token: str, target: str = "/") -> str:
    """Where somebody who just signed in goes: to the page asked for, or to a form kept when the last session ended."""
    if target != "/":
        return target
    found = sessions.identify(token)
    return (found and carrying.waiting(found[0].public_id)) or target


def _identities() -> list[demo.Identity]:
    return demo.identities() if current_app.config["DEMO"] else []


@bp.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> Answer:
    """The sign-in page; leads back to where somebody wanted to go."""
    target = safe_path(request.args.get("next"))
    if actor_or_none() is not None:
        return redirect(target)
    form = SignInForm()
    if form.validate_on_submit():
        try:
            token = signing_in.by_password(
                form.email.data or "",
                form.password.data or "",
                place=identity.place(),
                user_agent=identity.user_agent(),
            )
        except Refused as refusal:
            blame(form, refusal)
        else:
            identity.enter(token)
            return redirect(way_on(token, target))
    return render_form("accounts/sign_in.html", form, identities=_identities(), target=request.args.get("next"))


@bp.post("/sign-in/demonstration/<string:person_id>")
@public
def sign_in_as(person_id: str) -> Answer:
    """Become a made-up person with one click: in the demonstration only."""
    if not current_app.config["DEMO"]:
        raise NotFound()
    _user, token = demo.enter_as(person_id, identity.user_agent())
    chosen = language()
    identity.enter(token)
    cookie[SESSION_KEY] = chosen  # who looks around keeps reading in the language of the page just left
    return redirect(safe_path(request.args.get("next")))


@bp.post("/sign-out")
@public
def sign_out() -> Response:
    """End this session; harmless for those already out."""
    actor = actor_or_none()
    if actor is not None:
        sessions.end_current(actor)
    identity.leave()
    flash(_("You have signed out."), "success")
    response = make_response(redirect(url_for("accounts.sign_in")))
    response.headers["Clear-Site-Data"] = '"cache", "storage"'  # the cookie is emptied by us: the language stays
    return response


@bp.route("/confirm", methods=["GET", "POST"])
@signed_in
def confirm() -> Answer:
    """Prove the password again; leads on to the step that asked for it."""
    actor = current_actor()
    form = ConfirmPasswordForm()
    if form.validate_on_submit():
        try:
            token = signing_in.confirm(actor, form.password.data or "", place=identity.place())
        except Refused as refusal:
            blame(form, refusal)
        else:
            identity.keep(token)
            return redirect(safe_path(request.args.get("next")))
    return render_form(
        "accounts/confirm.html",
        form,
        has_password=own.me(actor).password_hash is not None,
        demo_password=demo.PASSWORD if current_app.config["DEMO"] else None,
    )
