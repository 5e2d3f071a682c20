"""The exchange management system of the Sakura Science Exchange Program."""

from flask import Flask

from app import cli, policy, wiring
from app.core import assets, authz, crypto, i18n, jobs, logs, outbox, security, signing, templating, web
from app.core.db import db
from config import Config


def create_app(settings: Config) -> Flask:
    """Build the application: a table of contents of what it is made of."""
    app = Flask(__name__)
    app.config.from_object(settings)
    security.refuse_unsafe_settings(app)
    logs.init_app(app)
    db.init_app(app)
    authz.install(policy.MATRIX)
    templating.init_app(app)
    assets.init_app(app)
    i18n.init_app(app)
    web.init_app(app)
    crypto.init_app(app)
    signing.init_app(app)
    jobs.init_app(app)
    outbox.init_app(app)
    wiring.init_app(app)
    cli.init_app(app)
    security.init_app(app)
    return app
