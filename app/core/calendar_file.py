"""A calendar as it is answered: a file or a feed that nobody else keeps, finds or is led to."""

from urllib.parse import urlsplit

from flask import Response, current_app, request


def domain() -> str:
    """The host name in which the names of a calendar's events are unique."""
    return urlsplit(current_app.config["BASE_URL"]).hostname or request.host


def answer(content: str | bytes, name: str, disposition: str = "inline") -> Response:
    """The answer that carries an iCalendar file (RFC 5545) of that name."""
    return Response(
        content,
        content_type="text/calendar; charset=utf-8",
        headers={
            "Content-Disposition": f'{disposition}; filename="{name}.ics"',
            "Cache-Control": "private, max-age=300",
            "Referrer-Policy": "no-referrer",
            "X-Robots-Tag": "noindex, nofollow",
        },
    )
