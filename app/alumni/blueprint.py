"""The one blueprint of alumni, filled by three modules of pages."""

from flask import Blueprint

bp = Blueprint("alumni", __name__, url_prefix="/alumni")
