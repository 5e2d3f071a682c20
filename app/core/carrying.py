"""What somebody typed survives a session that ends meanwhile: the form is kept, and filled again after signing in.

A page's form bears the mark of its reader: who it was shown to, signed. When it comes back without a session (or
without the token of that session), its fields are kept for that person alone, sealed, and the way after signing in
leads to the page with the form filled, unsaved. Nothing is ever done by itself.

A stranger can have nothing kept: without a mark there is no owner. Limits hold for owners: few forms at a time, none
too long, none for more than a day. Passwords and files are never kept (see `BaseForm.is_carried`).
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import Flask, Response, current_app, flash, g, request
from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy import Index, String, Text, delete, select
from sqlalchemy.orm import Mapped, mapped_column
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from app.core import clock, crypto, limits
from app.core.authz import Actor
from app.core.db import Base, Public, db, new_public_id
from app.core.errors import TooMany

SENDER, CARRIED, TOKEN = "sender", "carried", "csrf_token"
MARK_LIFE = timedelta(days=30)  # how long a page may have been open
LIFE = timedelta(days=1)  # of a kept form
WAITS = timedelta(hours=1)  # how long any way of signing in leads back to it
MOST_AT_ONCE = 3
MOST_BYTES = 400_000
LIMIT = ("carry", 20, timedelta(hours=1))
SILENT = frozenset({"version", "key", "do"})  # what a page says by itself: nobody typed it
Fields = list[tuple[str, str]]


class CarriedForm(Public, Base):
    """A form that came without a session: its fields, sealed, for the person it was shown to."""

    __tablename__ = "carried_form"
    __table_args__ = (Index("ix_carried_form_owner", "owner", "id"),)

    owner: Mapped[str] = mapped_column(String(16))  # public id of the person
    address: Mapped[str] = mapped_column(String(1000))  # of the page with the form
    form_name: Mapped[str] = mapped_column(String(80))
    sealed_fields: Mapped[str] = mapped_column(Text)
    kept_at: Mapped[datetime] = mapped_column(index=True)


@dataclass(slots=True)
class Carried:
    """Fields for a form of this request to be filled with. `row`: the kept form they come from."""

    form_name: str
    fields: Fields
    row: str = ""
    is_told: bool = False


def _signer() -> URLSafeTimedSerializer:
    keys = [*(current_app.config["SECRET_KEY_FALLBACKS"] or ()), current_app.config["SECRET_KEY"]]
    return URLSafeTimedSerializer(keys, salt="sender of a form")


def marks(form: Any) -> Fields:
    """The hidden fields by which a form can be carried: whom it is shown to, and the kept form that fills it."""
    actor: Actor | None = g.get("actor")
    if actor is None or not actor.public_id or not getattr(form, "is_carried", False):
        return []
    found = [(SENDER, str(_signer().dumps([actor.public_id, type(form).__name__])))]
    carried: Carried | None = g.get(CARRIED)
    if carried is not None and carried.row and carried.form_name == type(form).__name__:
        found.append((CARRIED, carried.row))
    return found


def sender() -> tuple[str, str] | None:
    """(public id of the person, name of the form) by the mark in the present request; None without a good one."""
    mark = request.form.get(SENDER, "")
    if not mark:
        return None
    try:
        owner, form_name = _signer().loads(mark, max_age=int(MARK_LIFE.total_seconds()))
    except (BadSignature, ValueError, TypeError):
        return None
    return str(owner), str(form_name)


def is_senders() -> bool:
    """Whether the form of the present request was shown to the very person who acts now."""
    found, actor = sender(), g.get("actor")
    return found is not None and actor is not None and found[0] == actor.public_id


def keep() -> str | None:
    """Keep the form of the present request for whom it was shown to, in the caller's transaction.

    Returns the address of its page, which fills it for that person; None when nothing can be kept: no mark, nothing
    typed, no page to go back to, too long, or too often.
    """
    found, address = sender(), page()
    if found is None or address is None or request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate":
        return None
    fields = [(name, text) for name, text in request.form.items(multi=True) if name not in (SENDER, CARRIED, TOKEN)]
    text = json.dumps(fields, ensure_ascii=False)
    if not any(typed.strip() for name, typed in fields if name not in SILENT) or _is_too_long(text):
        return None
    owner, form_name = found
    try:
        limits.hit(LIMIT[0], owner, *LIMIT[1:])
    except TooMany:
        return None
    return _address(_store(owner, form_name, address, text))


def _store(owner: str, form_name: str, address: str, text: str) -> CarriedForm:
    row = CarriedForm(public_id=new_public_id(), owner=owner, address=address, form_name=form_name[:80])
    row.sealed_fields = crypto.seal(text, **_place(row))
    row.kept_at = clock.now()
    db.session.add(row)
    db.session.flush()
    newest = select(CarriedForm.id).where(CarriedForm.owner == owner).order_by(CarriedForm.id.desc())
    kept = db.session.scalars(newest.limit(MOST_AT_ONCE)).all()
    db.session.execute(delete(CarriedForm).where(CarriedForm.owner == owner, CarriedForm.id.not_in(kept)))
    return row


def _place(row: CarriedForm) -> dict[str, str]:
    return {"table": "carried_form", "column": "sealed_fields", "row_public_id": row.public_id}


def _is_too_long(text: str) -> bool:
    return len(text.encode("utf-8")) > MOST_BYTES


def page() -> str | None:
    """The address of the page that shows the form: where it was sent to, or (when that is no page) where it stood."""
    stood = urlsplit(request.referrer or "")
    here = request.full_path.rstrip("?")
    place = f"{stood.path}?{stood.query}".rstrip("?") if stood.netloc == request.host else None
    address = here if _is_page(request.path) else place
    if address is None or len(address) > 1000 or not _is_page(urlsplit(address).path):
        return None
    return address


def _is_page(path: str) -> bool:
    adapter = current_app.create_url_adapter(request)
    try:
        return adapter is not None and bool(adapter.match(path, method="GET"))
    except HTTPException:
        return False


def _address(row: CarriedForm) -> str:
    parts = urlsplit(row.address)
    return f"{parts.path}?{'&'.join(filter(None, (parts.query, urlencode({CARRIED: row.public_id}))))}"


def waiting(owner: str) -> str | None:
    """Where a form kept for that person within the last hour can be taken up: for every way of signing in."""
    query = select(CarriedForm).where(CarriedForm.owner == owner, CarriedForm.kept_at > clock.now() - WAITS)
    row = db.session.scalar(query.order_by(CarriedForm.id.desc()).limit(1))
    return _address(row) if row is not None else None


def put(form_name: str, fields: Iterable[tuple[str, str]]) -> None:
    """Let the form of that name be filled with these fields in the present request, which only reads."""
    setattr(g, CARRIED, Carried(form_name, list(fields)))


def take(form: Any) -> MultiDict[str, str] | None:
    """The fields for a form of the present request, if there are any for it."""
    carried: Carried | None = g.get(CARRIED)
    if carried is None or carried.form_name != type(form).__name__ or request.method != "GET":
        return None
    if carried.row and not carried.is_told:
        carried.is_told = True
        flash(
            _("Your session had ended. What you typed stands in the form again; it is not saved yet: please save it."),
            "notice",
        )
    return MultiDict(carried.fields)


def sent(name: str) -> str | None:
    """What a page said by itself under that name, in the kept form that fills the present page."""
    carried: Carried | None = g.get(CARRIED)
    return dict(carried.fields).get(name) if carried is not None and carried.row else None


def _take_up() -> None:
    """A page asked for with a kept form: fill it, for its owner and on its own page only."""
    name, actor = request.args.get(CARRIED), g.get("actor")
    if not name or actor is None or request.method != "GET":
        return
    row = db.session.scalar(
        select(CarriedForm).where(
            CarriedForm.public_id == name,
            CarriedForm.owner == actor.public_id,
            CarriedForm.kept_at > clock.now() - LIFE,
        )
    )
    if row is None or urlsplit(row.address).path != request.path:
        return
    try:
        fields = json.loads(crypto.open_(row.sealed_fields, **_place(row)))
    except crypto.CryptoError:
        return
    setattr(g, CARRIED, Carried(row.form_name, [(str(name), str(text)) for name, text in fields], row.public_id))


def _forget_when_sent(response: Response) -> Response:
    """A kept form that was sent again and taken is kept no longer."""
    actor, name = g.get("actor"), request.form.get(CARRIED) if request.method == "POST" else None
    if name and actor is not None and response.status_code < 400:
        db.session.execute(
            delete(CarriedForm).where(CarriedForm.public_id == name, CarriedForm.owner == actor.public_id)
        )
    return response


def sweep(now: datetime) -> int:
    """Delete what was kept for more than a day, part of the caller's transaction. Returns how many forms."""
    removed: Any = db.session.execute(delete(CarriedForm).where(CarriedForm.kept_at < now - LIFE))
    return int(removed.rowcount)


def init_app(app: Flask) -> None:
    """After who acts is known, and so that what is forgotten is part of the request's transaction."""
    app.before_request(_take_up)
    app.after_request(_forget_when_sent)
    app.jinja_env.globals["marks_of"] = marks
