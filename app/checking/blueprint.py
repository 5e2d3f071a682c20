"""The blueprint of the formal check."""

from flask import Blueprint

bp = Blueprint("checking", __name__, url_prefix="/applications/check")
