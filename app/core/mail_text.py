"""The words of a mail: one text template per mail, its first line the subject, in the recipient's language."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import force_locale
from jinja2 import Environment, StrictUndefined

from app.core import mail


def render(template: str, recipient: Any, **context: Any) -> tuple[str, str]:
    """(subject, body) of a mail in the recipient's language."""
    with force_locale(recipient.locale):
        text = (
            _environment()
            .get_template(f"email/{template}.txt")
            .render(recipient=recipient, link_to=_link_maker(), base_url=current_app.config["BASE_URL"], **context)
        )
    subject, _, body = text.strip().replace("\r\n", "\n").partition("\n")
    return mail.one_line(subject)[:250], re.sub(r"\n{3,}", "\n\n", body).strip() + "\n"


def _environment() -> Environment:
    """The templates as mails need them: a missing word is an error, tags leave no blank lines."""
    environment: Environment | None = current_app.extensions.get("mail_templates")
    if environment is None:
        environment = current_app.jinja_env.overlay(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
        current_app.extensions["mail_templates"] = environment
    return environment


def _link_maker() -> Callable[..., str]:
    """Links of mails come from BASE_URL only, never from the Host header of whoever caused the mail."""
    base = urlsplit(current_app.config["BASE_URL"])
    adapter = current_app.url_map.bind(base.netloc, script_name=base.path or "/", url_scheme=base.scheme)

    def link_to(endpoint: str, **values: Any) -> str:
        return adapter.build(endpoint, values, force_external=True)

    return link_to
