"""Built front-end files: from the names templates use to the hashed names the build gave them."""

import json
from pathlib import Path

from flask import Flask, url_for


def init_app(app: Flask) -> None:
    """Provide `asset('app.css')` to templates."""
    manifest = Path(app.static_folder or "") / "manifest.json"
    names: dict[str, str] = json.loads(manifest.read_text(encoding="utf-8")) if manifest.exists() else {}

    def asset(name: str) -> str:
        return url_for("static", filename=names.get(name, name))

    app.jinja_env.globals["asset"] = asset
