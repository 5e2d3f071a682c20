"""The blueprint of the screening desk; its pages are spread over `views` and `edition_views`."""

from flask import Blueprint

bp = Blueprint("screening", __name__, url_prefix="/screening")
