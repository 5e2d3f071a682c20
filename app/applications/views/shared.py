"""What several pages of exchange plans do alike."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from app.applications import contents as plan_contents
from app.applications import facts, queries
from app.applications.contents import Contents
from app.applications.models import Application
from app.calls import timing
from app.core import clock
from app.core.web import load

SECTIONS: dict[str, Any] = {
    "overview": _l("Overview"),
    "partners": _l("Partners"),
    "itinerary": _l("Itinerary"),
    "people": _l("Who comes"),
    "budget": _l("Budget"),
    "safety": _l("Safety and export control"),
}


def application_for(application_id: str, permission: str) -> Application:
    """The plan with all its page reads, if it exists for the reader under that permission."""
    application: Application = load(Application, application_id, permission, *queries.FOR_PAGE)
    return application


def contents(application: Application, *, with_contacts: bool = True) -> Contents:
    """What the plan says, for its page."""
    return plan_contents.of(application, with_contacts=with_contacts)


@dataclass(frozen=True, slots=True)
class TimeLeft:
    """How much time a plan has, by the server's clock when the page was made."""

    now: datetime
    closing: datetime  # the first instant at which a submission comes too late

    @property
    def last_second(self) -> datetime:
        return facts.last_second(self.closing)

    @property
    def is_over(self) -> bool:
        return self.now >= self.closing

    @property
    def seconds(self) -> float:
        """For the countdown of the page, which starts from the server's clock and never reads the reader's."""
        return max((self.closing - self.now).total_seconds(), 0)

    @property
    def words(self) -> str:
        return timing.remaining(self.closing - self.now)


def time_left(application: Application) -> TimeLeft:
    """The time left for submitting the plan now."""
    return TimeLeft(clock.now(), facts.deadline(application))
