"""A stored file on its way to a browser: always an attachment, its type from our own table, never cached."""

from flask import Response, request
from werkzeug.wsgi import wrap_file

from app.core import storage
from app.core.errors import NotFound
from app.core.storage import StoredFile


def of(stored: StoredFile) -> Response:
    """The bytes of a file, whole. Whoever calls has loaded it under a permission. Raises: NotFound without bytes."""
    try:
        content = storage.open_file(stored)
    except FileNotFoundError as error:
        raise NotFound() from error
    headers = storage.response_headers(stored)
    return Response(wrap_file(request.environ, content), headers=headers, direct_passthrough=True)
