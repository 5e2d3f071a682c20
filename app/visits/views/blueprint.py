"""The blueprint of visits. Addresses begin with /visits, but for calendars: those are given away and stay short."""

from flask import Blueprint

bp = Blueprint("visits", __name__)
