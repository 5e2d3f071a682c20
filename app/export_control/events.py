"""What institutions declare: the plans that use it listen."""

from dataclasses import dataclass

from app.core.authz import Actor
from app.export_control.models import Declaration


@dataclass(frozen=True, slots=True)
class Declared:
    """A form was given, corrected or renewed."""

    declaration: Declaration
    actor: Actor
