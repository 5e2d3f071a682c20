"""Verbs on one's own alumni profile."""

from collections.abc import Mapping
from datetime import timedelta

from app.accounts import queries as accounts
from app.alumni import queries
from app.alumni.models import Alumnus, AlumnusState, Audience
from app.alumni.profile import FIELDS, audience_of, audiences
from app.alumni.workflow import ALUMNUS
from app.core import audit, authz, clock, outbox, search
from app.core.authz import SYSTEM, Actor, Role
from app.core.errors import Stale, TransitionNotAllowed

#: A profile not confirmed for this long rests: its owner is asked again, and lists may set it apart. A stand-in: the
#: programme asks once a year; two unanswered questions are taken for silence.
RESTS_AFTER = timedelta(days=2 * 365)
ASK_AFTER = timedelta(days=365)  # one question a year
BATCH = 500


def asks_to_confirm(alumnus: Alumnus) -> bool:
    """Whether it is time for the yearly question."""
    if alumnus.state is AlumnusState.LEFT:
        return False
    return alumnus.confirmed_on is None or alumnus.confirmed_on + ASK_AFTER <= clock.today()


def index(alumnus: Alumnus) -> None:
    """Keep what the directory reads in step: nothing in it that the person does not show to other alumni."""
    invitee = alumnus.invitee

    def shown(field: str) -> str:
        return str(getattr(alumnus, field)) if audience_of(alumnus, field) is Audience.ALUMNI else ""

    alumnus.listed_country = shown("country") if alumnus.listed else ""
    name = f"{invitee.surname} {invitee.given_names}"
    alumnus.sort_name = search.fold(name)[:200] if alumnus.listed else ""
    alumnus.search_text = (
        search.search_text(name, invitee.native_name, shown("affiliation"), shown("field_of_science"))
        if alumnus.listed
        else ""
    )


def _begin(actor: Actor, alumnus: Alumnus, version: int | None) -> None:
    """What every change of a profile asks first. Raises: Forbidden, Stale, TransitionNotAllowed for one who left."""
    authz.require(actor, "alumnus:edit", alumnus)
    if version is not None and version != alumnus.version:
        raise Stale()
    if alumnus.state is AlumnusState.LEFT:
        raise TransitionNotAllowed()


def _wake(actor: Actor, alumnus: Alumnus) -> None:
    """Whoever touches the profile has joined, or is back."""
    alumnus.confirmed_on = clock.today()
    if alumnus.state is AlumnusState.INVITED:
        ALUMNUS.fire(alumnus, "join", actor)
    elif alumnus.state is AlumnusState.DORMANT:
        ALUMNUS.fire(alumnus, "return", actor)


def edit(actor: Actor, alumnus: Alumnus, *, version: int | None = None, **fields: str) -> None:
    """Correct what is known of oneself. `fields` are those of `alumni.profile.FIELDS`.

    Raises: Forbidden, Stale, TransitionNotAllowed once the person has left.
    """
    _begin(actor, alumnus, version)
    for name in FIELDS:
        if name in fields:
            setattr(alumnus, name, fields[name] or "")
    changed = [name for name in audit.changes_of(alumnus) if name in FIELDS]
    index(alumnus)
    audit.record(actor, "alumnus:edit", alumnus, changes=dict.fromkeys(changed))  # which fields, never what they say
    _wake(actor, alumnus)


def choose_visibility(
    actor: Actor, alumnus: Alumnus, *, listed: bool, visibility: Mapping[str, str], version: int | None = None
) -> None:
    """Say who may see which field, and whether one's name stands in the directory of alumni.

    A circle that a field does not offer becomes the narrowest. Raises: Forbidden, Stale, TransitionNotAllowed.
    """
    _begin(actor, alumnus, version)
    alumnus.visibility = {
        field: visibility[field] if visibility.get(field) in audiences(field) else Audience.ONLY_ME.value
        for field in FIELDS
    }
    alumnus.listed = listed
    changes = {key: value for key, value in audit.changes_of(alumnus).items() if key in ("visibility", "listed")}
    index(alumnus)
    audit.record(actor, "alumnus:choose-visibility", alumnus, changes=changes)
    _wake(actor, alumnus)


def confirm(actor: Actor, alumnus: Alumnus) -> None:
    """ "Everything is still right": one tap, once a year."""
    _begin(actor, alumnus, None)
    _wake(actor, alumnus)
    audit.record(actor, "alumnus:confirm", alumnus)


def ask_for_name_correction(actor: Actor, alumnus: Alumnus, *, wanted: str) -> None:
    """Names are those of the passport, so a coordinator changes them: this mails the wish to the coordinators."""
    _begin(actor, alumnus, None)
    for user in accounts.people_with(Role.COORDINATOR):
        outbox.enqueue("alumni_name_correction", user, subject_of=alumnus, invitee=alumnus.invitee, wanted=wanted)
    audit.record(actor, "alumnus:ask-name-correction", alumnus)


def _forget(alumnus: Alumnus) -> None:
    """Consent is withdrawn: everything the person said of themselves goes, with the wish to be listed.

    What the programme must keep (who took part in which visit, confirmed returns) stays with the invitee's record.
    """
    for field in FIELDS:
        setattr(alumnus, field, "")
    alumnus.visibility = {}
    alumnus.listed = False
    alumnus.confirmed_on = None
    index(alumnus)
    for revisit in alumnus.revisits:
        revisit.note = ""


def leave(actor: Actor, alumnus: Alumnus) -> None:
    """Leave for good: the profile is emptied, the name goes from the directory; certificates stay with their holder.

    Raises: Forbidden; TransitionNotAllowed when the person has left already.
    """
    _begin(actor, alumnus, None)
    _forget(alumnus)
    audit.record(actor, "alumnus:forget", alumnus)  # flushes, so that the entry of the verb holds no old values
    ALUMNUS.fire(alumnus, "leave", actor)
    user = queries.account_of(alumnus.invitee_id)
    if user is not None:
        outbox.enqueue("alumni_left", user, subject_of=alumnus, dedupe=f"alumni-left:{alumnus.id}")


def let_rest() -> int:
    """Set aside profiles nobody has confirmed for long. For the nightly job; returns how many."""
    silent = queries.silent_since(clock.today() - RESTS_AFTER, limit=BATCH)
    for alumnus in silent:
        ALUMNUS.fire(alumnus, "rest", SYSTEM)
    return len(silent)
