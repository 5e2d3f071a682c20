"""What must be right before the application answers anybody."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix


class UnsafeSettings(RuntimeError):
    """The application refuses to start; the message says which setting and why."""


def refuse_unsafe_settings(app: Flask) -> None:
    """Stop with a sentence when a setting that protects people is missing or weak.

    Raises: UnsafeSettings.
    """
    missing = [name for name in app.config.get("REQUIRED", ()) if not app.config.get(name)]
    if missing:
        raise UnsafeSettings(f"These settings must be given before the application can start: {', '.join(missing)}.")
    if not app.config.get("REQUIRED"):
        return
    if len(app.config["SECRET_KEY"]) < 32:
        raise UnsafeSettings("SECRET_KEY is too short: give at least 32 random characters.")
    if app.debug:
        raise UnsafeSettings("Debugging must be off in production.")
    if not app.config["BASE_URL"].startswith("https://"):
        raise UnsafeSettings("BASE_URL must begin with https://: links in mails are made from it.")


def init_app(app: Flask) -> None:
    """Trust exactly as many proxies as there are."""
    count = app.config["PROXY_COUNT"]
    if count:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=0)  # type: ignore[method-assign]
