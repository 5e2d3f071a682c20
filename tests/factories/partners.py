"""Sending sides that were invited to fill in their own part of a plan."""

from dataclasses import dataclass

from flask import Flask

from app.applications import partner_links
from app.applications.models import Application, ApplicationPartner
from app.applications.partner_models import PartnerLink
from tests.conftest import Client
from tests.factories.accounts import make_user


@dataclass
class Invited:
    """A link as the mail and the telephone give it to the partner."""

    link: PartnerLink
    token: str
    code: str

    @property
    def address(self) -> str:
        return f"/partner/link/{self.token}"


def invite_partner(partner: ApplicationPartner) -> Invited:
    """A fresh link for a partner of a plan."""
    host = make_user("host_editor", partner.application.host_institution)
    return Invited(*partner_links.issue(partner, host.id))


def open_browser(app: Flask, invited: Invited) -> Client:
    """A phone on which the partner has opened its link."""
    phone: Client = app.test_client()  # type: ignore[assignment]
    assert phone.get(invited.address).location == "/partner/begin"
    assert phone.post("/partner/begin", data={"code": invited.code}).location == "/partner"
    return phone


def partner_of(application: Application, place: int = 0) -> ApplicationPartner:
    """A partner of a plan by its place."""
    return application.partners[place]
