"""The one blueprint of calls, filled by two modules of pages."""

from flask import Blueprint

bp = Blueprint("calls", __name__, url_prefix="/calls")
