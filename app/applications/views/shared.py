"""What several pages of exchange plans do alike."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.applications import contents as plan_contents
from app.applications import facts, loading, queries, thawing
from app.applications.contents import Contents
from app.applications.models import Application, ApplicationState
from app.applications.vocabulary import SECTION_LABELS
from app.calls import timing
from app.core import clock
from app.core.web import load, may

SECTIONS = SECTION_LABELS


def application_for(
    application_id: str, permission: str, *options: Any, parts: Collection[str] = tuple(loading.PARTS)
) -> Application:
    """The plan with all its page reads, or these parts of it, if it exists for the reader under that permission."""
    application: Application = load(Application, application_id, permission, *loading.ONE_EACH, *options)
    loading.fill(application, parts)
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


def sees_draft(application: Application) -> bool:
    """Whether the reader may see what stands in a plan before it is submitted (again): its own institution does."""
    return may("application:edit", application)


def as_known(application: Application) -> Application:
    """The plan as the reader may know it: of one that was returned, JST sees what was submitted and no draft."""
    may_differ = application.state in queries.AFTER_A_DRAFT and application.snapshot is not None
    return thawing.as_submitted(application) if may_differ and not sees_draft(application) else application


def corrections(application: Application) -> dict[str, str]:
    """What JST asks to have corrected, by section, while the plan is returned; "" for a section without a remark."""
    is_returned = application.state is ApplicationState.RETURNED
    return dict(application.return_sections or {}) if is_returned else {}
