"""The first administrator of an installation is invited from the command line."""

from flask import Flask
from sqlalchemy import select

from app.accounts.models import MailLink
from app.core.authz import Role
from app.core.db import db
from app.core.outbox import OutboxMessage


def test_first_administrator_is_invited_by_mail(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["invite-administrator", "Boss@Example.org", "--locale", "en"])
    assert result.exit_code == 0, result.output
    link = db.session.scalars(select(MailLink)).one()
    assert (link.email, link.role) == ("boss@example.org", Role.ADMINISTRATOR)
    assert db.session.scalars(select(OutboxMessage.recipient_address)).one() == "boss@example.org"
