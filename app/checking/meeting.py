"""Two officers at one plan: whoever comes second is told who was there and when, and keeps what was typed."""

from dataclasses import dataclass

from flask_babel import gettext as _

from app.applications.models import Application, ApplicationState
from app.checking import claims, queries
from app.core import verbs
from app.core.authz import Actor
from app.core.errors import Stale
from app.core.i18n import exact_moment


@dataclass(frozen=True, slots=True)
class Seen:
    """What an officer saw when the page was made: the version of the plan, and who else worked on it ("" nobody)."""

    version: int | None
    holder: str = ""


class Met(Stale):
    """Somebody else was there meanwhile (409). `is_over`: the plan waits for its check no longer."""

    def __init__(self, sentence: str, *, is_over: bool = False) -> None:
        super().__init__(sentence)
        self.is_over = is_over


def notice(actor: Actor, application: Application, seen: Seen) -> None:
    """Refuse once to go on when somebody else changed, handled or took over the plan since it was seen.

    For a plan whose turn was taken. Who was told, and sends again, goes on: a claim is no lock.
    Raises: Met.
    """
    if application.state is not ApplicationState.SUBMITTED:
        raise Met(handled(application), is_over=True)
    if seen.version is not None and seen.version != application.version:
        raise Met(_changed(application))
    holder = claims.others(actor, application)
    if holder is not None and holder.mark != seen.holder:
        raise Met(
            _(
                "%(who)s took this plan over on %(when)s. If you send again, what you decided counts all the same.",
                who=holder.name,
                when=exact_moment(holder.since),
            )
        )


def handled(application: Application) -> str:
    """Who took the plan out of the queue, how, and when."""
    last = queries.last_word(application)
    if last is None:
        return _("This plan does not wait for its formal check any more.")
    return _(
        "This plan does not wait for its formal check any more. %(who)s, %(when)s: %(what)s",
        who=last.who if last.who != "SYSTEM" else _("The system"),
        when=exact_moment(last.at),
        what=verbs.label_of_verb(last.verb),
    )


def _changed(application: Application) -> str:
    last = queries.last_word(application)
    if last is None:
        return _("The plan was changed since you opened it. Look at it again, then send again.")
    return _(
        "The plan was changed since you opened it: %(who)s, %(when)s: %(what)s. Look at it again, then send again.",
        who=last.who,
        when=exact_moment(last.at),
        what=verbs.label_of_verb(last.verb),
    )
