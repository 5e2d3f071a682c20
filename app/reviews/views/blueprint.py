"""The blueprint on which the modules of this package hang their pages."""

from app.core.web import Blueprint

bp = Blueprint("reviews", __name__, url_prefix="/reviews")
