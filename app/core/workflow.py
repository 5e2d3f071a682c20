"""One declarative table per object: states, verbs, who may, what must hold, what follows. One function moves state.

The code, the pages, the tests and `docs/workflows.md` all read the same table.
"""

import enum
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from app.core import audit, authz, clock, events
from app.core.authz import Actor
from app.core.db import db
from app.core.errors import Forbidden, GuardsFailed, TransitionNotAllowed

Guard = Callable[[Any], Any]  # returns None, or a sentence saying what is missing
Effect = Callable[["Firing"], None]


@dataclass(frozen=True)
class State:
    """A state as people see it. `outside` is what those see who may not know the true state yet."""

    label: Any
    tone: str = "neutral"  # info, success, warning, danger, neutral
    editable: bool = False
    final: bool = False
    outside: Any = None


@dataclass(frozen=True)
class Transition:
    """A verb: from which states, to which one, with which permission, guards before and effects after."""

    verb: str
    label: Any
    sources: tuple[enum.StrEnum, ...]
    target: enum.StrEnum
    permission: str
    guards: tuple[Guard, ...] = ()
    effects: tuple[Effect, ...] = ()
    comment_required: bool = False
    due_date: bool = False
    tone: str = "primary"
    done: Any = None  # sentence shown once it is done
    hidden: bool = False  # fired by the system or by a verb of its own page; never offered as a button


@dataclass(frozen=True)
class Firing:
    """What an effect is told."""

    actor: Actor
    subject: Any
    transition: Transition
    comment: str
    from_state: enum.StrEnum


@dataclass(frozen=True)
class Moved:
    """The fact that a row moved, whatever the workflow: for listeners that look at many of them."""

    workflow: str
    verb: str
    subject: Any
    actor: Actor | None = None


@dataclass(frozen=True)
class Offer:
    """A verb the actor could use now, with what is still in the way."""

    verb: str
    label: Any
    tone: str
    comment_required: bool
    due_date: bool
    problems: tuple[Any, ...]


class Workflow:
    """The life of one kind of object."""

    def __init__(
        self,
        *,
        name: str,
        initial: enum.StrEnum,
        states: Mapping[Any, State],
        transitions: Sequence[Transition],
    ) -> None:
        self.name = name
        self.initial = initial
        self.states = dict(states)
        self.transitions = tuple(transitions)
        self._check()
        self._by_verb = {transition.verb: transition for transition in self.transitions}

    def _check(self) -> None:
        """Refuse a table that cannot be right: at import, not in front of a person."""
        verbs = [transition.verb for transition in self.transitions]
        if len(verbs) != len(set(verbs)):
            raise ValueError(f"{self.name}: a verb is declared twice")
        reached: set[enum.StrEnum] = {self.initial}
        for transition in self.transitions:
            for state in (*transition.sources, transition.target):
                if state not in self.states:
                    raise ValueError(f"{self.name}.{transition.verb}: state {state} is not described")
            reached.add(transition.target)
        left = {source for transition in self.transitions for source in transition.sources}
        for state, description in self.states.items():
            if state not in reached:
                raise ValueError(f"{self.name}: state {state} cannot be reached")
            if description.final == (state in left):
                raise ValueError(f"{self.name}: state {state} must be final exactly if nothing leads out of it")

    def __getitem__(self, verb: str) -> Transition:
        return self._by_verb[verb]

    def __contains__(self, verb: str) -> bool:
        return verb in self._by_verb

    def is_editable(self, subject: Any) -> bool:
        """Whether the content may be changed in the present state."""
        return self.states[subject.state].editable

    def state_label(self, state: enum.StrEnum, *, inside: bool = True) -> Any:
        """The name of a state; with `inside=False` what people outside JST may know of it."""
        described = self.states[state]
        return described.label if inside or described.outside is None else described.outside

    def fire(self, subject: Any, verb: str, actor: Actor, comment: str = "") -> None:
        """Do one verb: check permission, state and guards, move the state, run the effects, write the audit entry.

        Raises: TransitionNotAllowed (unknown verb or wrong state, or a comment that is needed and missing),
        Forbidden, GuardsFailed with all problems at once.
        """
        transition = self._by_verb.get(verb)
        if transition is None:
            raise TransitionNotAllowed()
        if not authz.can(actor, transition.permission, subject):
            raise Forbidden()
        if subject.state not in transition.sources:
            raise TransitionNotAllowed()
        problems = list(self._problems(transition, subject))
        if transition.comment_required and not comment.strip():
            problems.append(_("Give a reason."))
        if problems:
            raise GuardsFailed(*problems)
        firing = Firing(actor, subject, transition, comment.strip(), subject.state)
        with db.session.no_autoflush:
            subject.state = transition.target
            for effect in transition.effects:
                effect(firing)
            changes = audit.changes_of(subject)
        changes.pop("state", None)
        audit.record(
            actor,
            f"{self.name}:{verb}",
            subject,
            comment=firing.comment,
            changes=changes,
            from_state=str(firing.from_state),
            to_state=str(transition.target),
        )
        events.publish(Moved(self.name, verb, subject, actor))

    def in_the_way(self, subject: Any, verb: str) -> str:
        """Why a verb cannot be done to a row now, in sentences; empty if it can. Permission is not asked here."""
        transition = self._by_verb[verb]
        if subject.state not in transition.sources:
            return str(_("Not possible in this state: %(state)s.", state=self.state_label(subject.state)))
        return " ".join(map(str, self._problems(transition, subject)))

    @staticmethod
    def _problems(transition: Transition, subject: Any) -> Sequence[Any]:
        """All sentences the guards have; a guard may give none, one or several."""
        found: list[Any] = []
        for guard in transition.guards:
            answer = guard(subject)
            if answer is None:
                continue
            found.extend(answer if isinstance(answer, list | tuple) else [answer])
        return found

    def offers(self, subject: Any, actor: Actor) -> list[Offer]:
        """The verbs usable from the present state by this actor, each with the problems still in its way."""
        return [
            Offer(
                transition.verb,
                transition.label,
                transition.tone,
                transition.comment_required,
                transition.due_date,
                tuple(self._problems(transition, subject)),
            )
            for transition in self.transitions
            if not transition.hidden
            and subject.state in transition.sources
            and authz.can(actor, transition.permission, subject)
        ]

    def mermaid(self) -> str:
        """The table as a Mermaid state diagram."""
        lines = ["stateDiagram-v2", f"    [*] --> {self.initial}"]
        for transition in self.transitions:
            for source in transition.sources:
                lines.append(f"    {source} --> {transition.target}: {transition.verb}")
        lines.extend(f"    {state} --> [*]" for state, described in self.states.items() if described.final)
        return "\n".join(lines)


def stamp(field: str) -> Effect:
    """An effect that writes the present instant into a field."""

    def effect(firing: Firing) -> None:
        setattr(firing.subject, field, clock.now())

    return effect
