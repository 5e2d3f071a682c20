"""What rounds announce: later stations of the programme listen."""

from dataclasses import dataclass

from app.calls.models import CallExtension


@dataclass(frozen=True, slots=True)
class CallExtended:
    """The closing of a round was moved for everybody; the round has its new closing already."""

    extension: CallExtension
