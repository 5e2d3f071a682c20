"""The register of experts as a list. Conflicts and plans are no part of its file."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.accounts import queries as accounts
from app.applications.vocabulary import FIELD_LABELS, FieldOfScience
from app.core import audit
from app.core.authz import Actor
from app.core.i18n import localized
from app.core.lists import Act, Column, Export, Filter, ListOf
from app.core.lists.taking import in_order
from app.reviews import register_queries, register_service
from app.reviews.models import Reviewer
from app.reviews.register_workflow import REVIEWER
from app.reviews.vocabulary import REVIEWER_LABELS, ReviewerState

LANGUAGES = [("ja", _l("Japanese")), ("en", _l("English"))]


def _rows(actor: Actor, *, reason: str, **filters: Any) -> Iterator[tuple[Any, list[str]]]:
    """The experts that fit, each with the fields of science. Leaves an audit entry with the reason and their number."""
    rows = list(in_order(register_queries.listed(actor, **filters), Reviewer.sort_name, Reviewer.id))
    changes = {"experts": [None, len(rows)], "filters": [None, audit.plain(filters)]}
    audit.record(actor, "reviewer:export", accounts.person(actor.id), comment=reason, changes=changes)
    fields = register_queries.fields_of([row.id for row in rows])
    return ((row, fields.get(row.id, [])) for row in rows)


def _reads(row: Any) -> str:
    return ", ".join(str(label) for does, (_code, label) in zip(_does(row), LANGUAGES, strict=True) if does)


def _does(row: Any) -> tuple[bool, bool]:
    return row.reads_japanese, row.reads_english


def _columns(_actor: Actor) -> Sequence[Column]:
    return [
        Column(_("Full name in Japanese"), lambda found: found[0].name_ja),
        Column(_("Full name in English"), lambda found: found[0].name_en),
        Column(_("E-mail address"), lambda found: found[0].email),
        Column(_("Affiliation"), lambda found: _affiliation(found[0])),
        Column(_("Fields"), lambda found: ", ".join(str(FieldOfScience(name).label) for name in found[1])),
        Column(_("Reads plans in"), lambda found: _reads(found[0])),
        Column(_("State"), lambda found: str(REVIEWER.state_label(found[0].state))),
        Column(_("Plans at hand"), lambda found: found[0].load),
        Column(_("Plans of a round at most"), lambda found: found[0].capacity),
        Column(_("Term: first day"), lambda found: found[0].term_from),
        Column(_("Term: last day"), lambda found: found[0].term_until),
    ]


def _affiliation(row: Any) -> str:
    return localized(row.organization_ja, row.organization_en) or str(row.affiliation)


def _not_to_invite(_actor: Actor, reviewer: Reviewer) -> Any:
    if reviewer.user_id is not None:
        return _("The expert has an account already.")
    return _("The expert's term has ended.") if reviewer.state is ReviewerState.ENDED else None


INVITE = Act(
    name="invite",
    label=_l("Invite by mail"),
    permission="reviewer:edit",
    model=Reviewer,
    do=lambda actor, reviewer: register_service.invite(actor, reviewer),
    obstacle=_not_to_invite,
    sentence=lambda number: ngettext(
        "%(num)s expert gets an invitation by mail that is good for 48 hours.",
        "%(num)s experts get an invitation by mail that is good for 48 hours.",
        number,
    ),
)

EXPERTS = ListOf(
    name="experts",
    title=_l("Experts"),
    permission="reviewer:view",
    endpoint="reviews.register",
    query=register_queries.listed,
    key=Reviewer.id,
    row_id=Reviewer.public_id,
    name_of=lambda row: localized(row.name_ja, row.name_en),
    sorts=register_queries.SORTS,
    default="name",
    filters=(
        Filter("q", _l("Name, institution or address"), "text"),
        Filter(
            "field",
            _l("Field"),
            choices=lambda _actor: [(field.value, label) for field, label in FIELD_LABELS.items()],
        ),
        Filter("language", _l("Reads"), choices=lambda _actor: LANGUAGES),
        Filter(
            "state",
            _l("State"),
            choices=lambda _actor: [(state.value, label) for state, label in REVIEWER_LABELS.items()],
            every=_l("All but those who have ended"),
        ),
        Filter(
            "load",
            _l("Plans at hand"),
            choices=lambda _actor: [
                ("none", _("No plan at hand")),
                ("some", _("Has room left")),
                ("full", _("No room left")),
            ],
        ),
    ),
    acts=(INVITE,),
    export=Export(
        permission="reviewer:edit",
        endpoint="reviews.export_register",
        filename="experts",
        columns=_columns,
        rows=_rows,
        title=_l("Take the register of experts away"),
        content=_l("The file holds the experts of the list with the filters you chose, but not what they read."),
        asks_reason=True,
        leaves_entry=True,
        steps_up=lambda _actor: True,
    ),
)
