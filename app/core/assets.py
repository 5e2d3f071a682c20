"""Built front-end files: from the names templates use to the hashed names the build gave them."""

import json
from pathlib import Path

from flask import Flask


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
