"""The application for a WSGI server: `gunicorn wsgi:app`."""

from app import create_app
from config import from_environment

app = create_app(from_environment())
