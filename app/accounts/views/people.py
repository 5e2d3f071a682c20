"""Colleagues: the list, one person's roles and account, invitations."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from app.accounts import people as verbs
from app.accounts import queries, sessions
from app.accounts.forms import InviteForm, RoleForm, TakeRoleForm
from app.accounts.lists import PEOPLE
from app.accounts.models import MailLink, User, UserState
from app.accounts.roles import ROLE_LABELS, ROLE_SENTENCES
from app.accounts.views.room import bp
from app.core import audit
from app.core.authz import Role
from app.core.errors import NotFound, Refused
from app.core.i18n import language
from app.core.idempotency import once
from app.core.lists import page as lists
from app.core.web import Answer, blame, current_actor, done, load, permission_required, render_form
from app.directory.models import Organization


@bp.get("/people")
@permission_required("user:view")
def people() -> Answer:
    """Own institution's people, or all."""
    return lists.answer(PEOPLE, "accounts/people.html", _beside)


def _beside(page: lists.ListPage) -> dict[str, Any]:
    actor = current_actor()
    return {
        "hats": queries.hats_of(actor, [row.id for row in page.rows]),
        "invitations": queries.pending_invitations(actor),
        "labels": ROLE_LABELS,
        "disabled": UserState.DISABLED,
    }


def _institution(public_id: str | None) -> Organization | None:
    """The institution chosen, among those this reader may invite to. Raises: NotFound for others."""
    if not public_id:
        return None
    for institution in queries.institutions_to_invite_to(current_actor()):
        if institution.public_id == public_id:
            return institution
    raise NotFound()


def _offered(form: RoleForm) -> RoleForm:
    actor = current_actor()
    form.offer(verbs.roles_to_give(actor), queries.institutions_to_invite_to(actor))
    return form


@bp.route("/people/invite", methods=["GET", "POST"])
@permission_required("user:invite")
def invite() -> Answer:
    """Invite a colleague by mail."""
    form = InviteForm()
    _offered(form)
    if request.method == "GET":
        form.locale.data = language()
    if form.validate_on_submit():
        try:
            return redirect(once(form.key.data or "", current_actor().id, lambda: _invited(form)))
        except Refused as refusal:
            blame(form, refusal)
    return render_form("accounts/invite.html", form, sentences=ROLE_SENTENCES)


def _invited(form: InviteForm) -> str:
    verbs.invite(
        current_actor(),
        email=form.email.data or "",
        role=Role(form.role.data),
        institution=_institution(form.institution.data),
        locale=form.locale.data,
    )
    flash(_("The invitation is on its way. It is good for 48 hours."), "success")
    return url_for(".people")


@bp.post("/people/invitations/<string:link_id>/withdraw")
@permission_required("user:invite")
def withdraw_invitation(link_id: str) -> Answer:
    """Let an invitation lapse."""
    verbs.withdraw_invitation(current_actor(), load(MailLink, link_id, "user:invite"))
    return done(_("The invitation was withdrawn."), ".people")


def _person_page(user: User, form: RoleForm) -> Answer:
    actor = current_actor()
    return render_form(
        "accounts/person.html",
        form,
        user=user,
        hats=queries.hats_of(actor, [user.id])[user.id],
        labels=ROLE_LABELS,
        open_sessions=queries.open_sessions(user.id),
        may_shut=verbs.may_shut(actor, user),
        is_self=user.id == actor.id,
        disabled=user.state is UserState.DISABLED,
        entries=audit.timeline(user, limit=20),
    )


@bp.get("/people/<string:person_id>")
@permission_required("user:view")
def person(person_id: str) -> Answer:
    """One colleague: roles, sessions, what was done to the account."""
    return _person_page(load(User, person_id, "user:view"), _offered(RoleForm()))


@bp.post("/people/<string:person_id>/give-role")
@permission_required("user:manage")
def give_role(person_id: str) -> Answer:
    """One more role for a colleague."""
    user = load(User, person_id, "user:manage")
    form = _offered(RoleForm())
    if form.validate_on_submit():
        try:
            verbs.give_role(
                current_actor(), user, role=Role(form.role.data), institution=_institution(form.institution.data)
            )
            return done(_("The role was given. It counts from the next page on."), ".person", person_id=person_id)
        except Refused as refusal:
            blame(form, refusal)
    return _person_page(user, form)


@bp.post("/people/<string:person_id>/take-role")
@permission_required("user:manage")
def take_role(person_id: str) -> Answer:
    """One role less for a colleague."""
    user = load(User, person_id, "user:manage")
    sent = TakeRoleForm()
    if not sent.validate_on_submit() or sent.role.data not in set(Role):
        raise NotFound()
    try:
        verbs.take_role(
            current_actor(), user, role=Role(sent.role.data), institution=_institution(sent.institution.data)
        )
    except Refused as refusal:
        return _refused(user, refusal)
    return done(_("The role was taken away."), ".people")


def _refused(user: User, refusal: Refused) -> Answer:
    form = _offered(RoleForm(formdata=None))
    blame(form, refusal)
    return _person_page(user, form)


@bp.post("/people/<string:person_id>/disable")
@permission_required("user:manage")
def disable(person_id: str) -> Answer:
    """Shut an account."""
    user = load(User, person_id, "user:manage")
    try:
        verbs.disable(current_actor(), user)
    except Refused as refusal:
        return _refused(user, refusal)
    return done(_("The account is disabled. Its sessions have ended."), ".person", person_id=person_id)


@bp.post("/people/<string:person_id>/enable")
@permission_required("user:manage")
def enable(person_id: str) -> Answer:
    """Open an account again."""
    verbs.enable(current_actor(), load(User, person_id, "user:manage"))
    return done(_("The account is open again."), ".person", person_id=person_id)


@bp.post("/people/<string:person_id>/end-sessions")
@permission_required("session:end")
def end_sessions(person_id: str) -> Answer:
    """Sign a colleague out everywhere."""
    sessions.end_all(current_actor(), load(User, person_id, "session:end"))
    return done(_("The person is signed out everywhere."), ".person", person_id=person_id)
