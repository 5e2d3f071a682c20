"""The pages on criteria, scoring and discussion: whoever imports this hangs them on the blueprint."""

from app.reviews.views import criteria, desk, discussing, feedback, handing_in, packet, phases, rounds
from app.reviews.views.blueprint import bp

__all__ = ["bp", "criteria", "desk", "discussing", "feedback", "handing_in", "packet", "phases", "rounds"]
