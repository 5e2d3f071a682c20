"""Built front-end files: from the names templates use to the hashed names the build gave them."""

import json
from pathlib import Path
from wsgiref.headers import Headers

from flask import Flask
from whitenoise import WhiteNoise

HASHED = "/static/assets/"


def _headers(headers: Headers, _path: str, _url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"


def _serve_built_files(app: Flask) -> None:
    """Built files stand in front of the application: hashed names are cached for ever, compressed ones preferred."""
    if app.static_folder and Path(app.static_folder).exists():
        app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
            app.wsgi_app,
            root=app.static_folder,
            prefix="static/",
            max_age=3600,
            allow_all_origins=False,
            immutable_file_test=lambda _path, url: url.startswith(HASHED),
            add_headers_function=_headers,
        )


def init_app(app: Flask) -> None:
    """Provide `asset('app.scss')` to templates: the address of the built file.

    An unknown name (nothing was built yet) gives the plain address, which then answers 404 instead of breaking pages.
    """
    manifest = Path(app.static_folder or "") / "manifest.json"
    entries = json.loads(manifest.read_text(encoding="utf-8")) if manifest.exists() else {}
    addresses = {name: f"/static/{entry['file']}" for name, entry in entries.items() if entry.get("isEntry")}

    def asset(name: str) -> str:
        return addresses.get(name, f"/static/{name}")

    app.jinja_env.globals["asset"] = asset
    _serve_built_files(app)
