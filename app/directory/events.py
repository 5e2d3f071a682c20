"""Facts the directory announces."""

from dataclasses import dataclass

from app.core.authz import Actor
from app.directory.models import Organization


@dataclass(frozen=True, slots=True)
class InstitutionApproved:
    """A requested institution now takes part; whoever asked for it becomes its first approver."""

    institution: Organization
    name: str
    email: str
    locale: str
    actor: Actor


@dataclass(frozen=True, slots=True)
class NamesChanged:
    """An organization is called otherwise, or has another name more or less."""

    organization: Organization
    actor: Actor


@dataclass(frozen=True, slots=True)
class RegisterRead:
    """An edition of a public register was read in: any name, parent or successor may be another."""

    actor: Actor
