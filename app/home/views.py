"""The front door and the hall: what needs you now, the reader's language, help, and the demonstration's mailbox."""

from flask import Blueprint, current_app, redirect, render_template, request, url_for

from app.accounts import own
from app.accounts.roles import ROLE_LABELS, ROLE_SENTENCES
from app.calls import queries as calls
from app.core import clock, i18n, listing
from app.core.errors import NotFound
from app.core.outbox import OutboxMessage
from app.core.web import Answer, actor_or_none, cookie, public, safe_path
from app.home import permission_words, queries, workflow_words

bp = Blueprint("home", __name__)


@bp.get("/")
@public
def index() -> Answer:
    """For strangers what this is and where to begin; for everybody else what needs them now."""
    actor = actor_or_none()
    now = clock.now()
    if actor is None:
        return render_template("home/landing.html", calls=calls.open_calls(now), coming=calls.coming_calls(now)[:3])
    rooms = queries.waiting(actor)
    return render_template(
        "home/index.html",
        rooms=rooms,
        calls=calls.open_calls(now) if actor.may("application:create") else [],
        hats=[ROLE_LABELS[role] for role in dict.fromkeys(grant.role for grant in actor.grants)],
    )


@bp.post("/language")
@public
def set_language() -> Answer:
    """Remember the language: in this browser, and with the person who is signed in."""
    chosen = request.form.get("language", "")
    if chosen in i18n.LANGUAGES:
        cookie[i18n.SESSION_KEY] = chosen
        if (actor := actor_or_none()) is not None:
            own.choose_language(actor, chosen)
    return redirect(safe_path(request.form.get("next")).rstrip("?") or "/")


@bp.get("/help/permissions")
@public
def permissions() -> Answer:
    """The authorization table, as the code reads it."""
    return render_template(
        "home/permissions.html",
        roles=permission_words.roles(),
        rooms=permission_words.rooms(),
        sentences=ROLE_SENTENCES,
    )


@bp.get("/help/workflows")
@public
def workflows() -> Answer:
    """How each object lives, as the code reads it."""
    return render_template(
        "home/workflows.html",
        workflows=current_app.extensions["workflows"],
        titles=workflow_words.TITLES,
        wearers=permission_words.wearers,
    )


@bp.get("/about")
@public
def about() -> Answer:
    """What this system is."""
    return render_template("home/about.html")


@bp.get("/privacy")
@public
def privacy() -> Answer:
    """What is done with personal data."""
    return render_template("home/privacy.html")


@bp.get("/certificate")
@public
def find_certificate() -> Answer:
    """From the code somebody typed to the page that verifies it."""
    code = request.args.get("code", "").strip()
    return redirect(url_for("closing.verify", code=code) if code else url_for(".index"))


def _only_in_the_demonstration() -> None:
    if not current_app.config["DEMO"]:
        raise NotFound()


@bp.get("/mailbox")
@public
def mailbox() -> Answer:
    """All mails of the demonstration, newest first."""
    _only_in_the_demonstration()
    address = request.args.get("q", "").strip()[:100]
    page = listing.build(
        queries.mails(address),
        key=OutboxMessage.id,
        sorts={"sent": listing.Sort(OutboxMessage.id)},
        default="-sent",
        arguments=request.args.to_dict(),
        path=url_for(".mailbox"),
    )
    return render_template("home/mailbox.html", listing=page)


@bp.get("/mailbox/<string:mail_id>")
@public
def mail(mail_id: str) -> Answer:
    """One mail of the demonstration, its links alive."""
    _only_in_the_demonstration()
    return render_template("home/mail.html", mail=queries.mail(mail_id))
