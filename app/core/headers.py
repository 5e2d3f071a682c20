"""Headers on every answer (security contract 5.1), and the second net against forged requests."""

from urllib.parse import urlsplit

from flask import Flask, Response, abort, g, request

from app.core.transaction import SAFE_METHODS

HTML_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "object-src 'none'",
        "require-trusted-types-for 'script'",
    )
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
}


def _check_origin() -> None:
    """Second net beside the token: an unsafe request that names another origin is refused."""
    if request.method in SAFE_METHODS:
        return
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    foreign = site not in (None, "same-origin", "none")
    if origin and origin != "null":
        foreign = foreign or urlsplit(origin).netloc != request.host
    if foreign:
        abort(400)


def _add_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Content-Security-Policy", HTML_POLICY)
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    if "Cache-Control" not in response.headers:
        personal = g.get("actor") is not None or request.method not in SAFE_METHODS
        response.headers["Cache-Control"] = "no-store, private" if personal else "no-cache"
    response.headers.add("Vary", "Cookie, Accept-Language")
    response.headers["X-Request-Id"] = g.get("request_id", "")
    return response


def init_app(app: Flask) -> None:
    """Check where unsafe requests come from before anything else; put the headers on last."""
    app.before_request(_check_origin)
    app.after_request(_add_headers)
