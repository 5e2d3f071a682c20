"""What later stations say of single plans in the list of a round: they register here, and the page only asks."""

from collections.abc import Callable, Mapping

from app.calls.models import Call

OfRound = Callable[[Call], Mapping[int, str]]
_providers: list[OfRound] = []


def register(provider: OfRound) -> None:
    """Have a later station asked, in words of the reader's language. Only `app.wiring` calls this."""
    if provider not in _providers:
        _providers.append(provider)


def of(call: Call) -> dict[int, list[str]]:
    """The marks of the plans of a round, by plan. For those inside JST only."""
    found: dict[int, list[str]] = {}
    for provider in _providers:
        for plan, words in provider(call).items():
            found.setdefault(plan, []).append(words)
    return found
