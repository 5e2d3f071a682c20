"""Facts that earlier stations announce and later ones hear, synchronously, in the same transaction."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

_listeners: dict[type, list[Callable[[Any], None]]] = defaultdict(list)


def subscribe(fact: type, listener: Callable[[Any], None]) -> None:
    """Have `listener` called with every published fact of that type. Only `app.wiring` calls this."""
    if listener not in _listeners[fact]:
        _listeners[fact].append(listener)


def publish(fact: Any) -> None:
    """Tell whoever listens that something happened."""
    for listener in _listeners[type(fact)]:
        listener(fact)
