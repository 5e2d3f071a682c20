"""Lists: described once as data, then filtered, sorted, saved as views, acted on and taken away by one set of tools.

`description` is the language, `page` draws, `saving` keeps views, `selecting` and `acting` do things to many entries,
`taking` writes files, `views` are the pages all lists share.
"""

from app.core.lists.description import (
    Act,
    Column,
    Export,
    Filter,
    ListOf,
    day,
    find,
    register,
    registered,
    text,
    word,
    year,
)

__all__ = [
    "Act",
    "Column",
    "Export",
    "Filter",
    "ListOf",
    "day",
    "find",
    "register",
    "registered",
    "text",
    "word",
    "year",
]
