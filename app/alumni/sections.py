"""What alumni add to the page of a person, as far as the reader may know it."""

from flask_babel import lazy_gettext as _l

from app.alumni import queries
from app.alumni.models import Audience
from app.alumni.profile import facts
from app.alumni.workflow import ALUMNUS, REVISIT
from app.core import i18n
from app.core.authz import Actor
from app.core.dossier import Cell, Link, Section
from app.core.i18n import localized
from app.invitees.models import Invitee


def profile_of_person(actor: Actor, invitee: Invitee) -> Section | None:
    """The profile: all of it for JST's coordinators, what the person shows to hosts for the staff of such a host."""
    if actor.may("alumnus:view"):
        viewer = Audience.ONLY_ME
    elif queries.received_by(invitee.id, actor.institution_ids("invitee:view")):
        viewer = Audience.MY_HOST
    else:
        return None
    alumnus = queries.of_person(invitee.id)
    if alumnus is None:
        return None
    rows: list[tuple[Cell, ...]] = [(str(label), value) for label, value in facts(alumnus, viewer)]
    if viewer is Audience.ONLY_ME:
        state = str(ALUMNUS.state_label(alumnus.state))
        rows.insert(0, (str(_l("State")), Link(state, "alumni.profile", {"alumnus_id": alumnus.public_id})))
    columns = (_l("Item"), _l("What the person says"))
    return Section(_l("Alumni profile"), columns, rows, _l("The person shows nothing here."))


def returns_of_person(actor: Actor, invitee: Invitee) -> Section | None:
    """Returns to Japan: a host sees those to itself."""
    if not actor.may("revisit:view"):
        return None
    rows = [
        (
            Link(str(row.kind.label), "alumni.revisit", {"revisit_id": row.public_id}),
            localized(row.name_ja, row.name_en) or row.institution_name,
            i18n.short_day(row.starts_on),
            i18n.short_day(row.ends_on),
            str(REVISIT.state_label(row.state)),
        )
        for row in queries.returns_of(actor, invitee.id)
    ]
    columns = (_l("Kind"), _l("Institution"), _l("First day in Japan"), _l("Last day in Japan"), _l("State"))
    return Section(_l("Returns to Japan"), columns, rows, _l("No return has been reported."))
