"""One's own account: name and language, password, where one is signed in."""

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.accounts import browsers, identity, own, queries, sessions
from app.accounts.forms import ChangePasswordForm, ProfileForm
from app.accounts.models import User
from app.accounts.roles import ROLE_LABELS
from app.accounts.views.room import bp
from app.core import i18n
from app.core.errors import Refused, Stale
from app.core.web import Answer, blame, cookie, current_actor, done, render_form, signed_in


def _page(profile: ProfileForm, user: User, theirs: User | None = None) -> Answer:
    actor = current_actor()
    answer = render_form(
        "accounts/account.html",
        profile,
        user=user,
        theirs=theirs,
        hats=queries.own_hats(actor),
        labels=ROLE_LABELS,
        sessions=queries.open_sessions(actor.id),
        current_session=actor.session_id,
        browser_of=browsers.name_of,
    )
    return (answer[0], 409) if theirs is not None else answer


@bp.route("/account", methods=["GET", "POST"])
@signed_in
def account() -> Answer:
    """What the system knows about one's own account."""
    actor = current_actor()
    user = own.me(actor)
    form = ProfileForm(obj=user)
    if form.validate_on_submit():
        try:
            own.edit(actor, name=form.name.data or "", locale=form.locale.data, version=form.read_version())
        except Stale:
            form.version.data = str(user.version)
            return _page(form, user, theirs=user)
        cookie[i18n.SESSION_KEY] = form.locale.data
        return done(_("Your account was changed."), ".account")
    return _page(form, user)


@bp.route("/account/password", methods=["GET", "POST"])
@signed_in
def change_password() -> Answer:
    """A new password, against the old one."""
    actor = current_actor()
    form = ChangePasswordForm()
    if form.validate_on_submit():
        try:
            token = own.change_password(actor, old=form.old.data or "", new=form.new.data or "", place=identity.place())
        except Refused as refusal:
            blame(form, refusal)
        else:
            identity.keep(token)
            return done(_("Your password was changed. Everywhere else you are signed out."), ".account")
    return render_form("accounts/change_password.html", form, has_password=own.me(actor).password_hash is not None)


@bp.post("/account/sessions/<string:session_id>/end")
@signed_in
def end_session(session_id: str) -> Answer:
    """Sign out another browser."""
    sessions.end_own(current_actor(), session_id)
    return done(_("That browser is signed out."), ".account")


@bp.post("/account/sessions/end-others")
@signed_in
def end_other_sessions() -> Answer:
    """Sign out everywhere else."""
    ended = sessions.end_others(current_actor())
    flash(ngettext("%(num)s other browser is signed out.", "%(num)s other browsers are signed out.", ended), "success")
    return redirect(url_for(".account"))
