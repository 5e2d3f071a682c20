"""The application log: one JSON line an event, request id first, no names, addresses, bodies or query strings."""

import logging
import time

import structlog
from flask import Flask, Response, g, request

log = structlog.get_logger("sakura")


def init_app(app: Flask) -> None:
    """Log every answered request by route and status, never by content."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING if app.testing else logging.INFO),
        cache_logger_on_first_use=True,
    )

    @app.before_request
    def start() -> None:
        g.started = time.perf_counter()

    @app.after_request
    def write(response: Response) -> Response:
        if request.endpoint == "static":
            return response
        actor = g.get("actor")
        log.info(
            "request",
            request_id=g.get("request_id", ""),
            route=request.endpoint,
            method=request.method,
            status=response.status_code,
            actor=actor.id if actor is not None else None,
            ms=round((time.perf_counter() - g.get("started", time.perf_counter())) * 1000, 1),
        )
        return response
