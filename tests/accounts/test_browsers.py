"""Browsers are shown by a name people know."""

import pytest

from app.accounts.browsers import name_of

MOZILLA = "Mozilla/5.0"


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (
            f"{MOZILLA} (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge · Windows",
        ),
        (f"{MOZILLA} (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox · Linux"),
        (f"{MOZILLA} (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Mobile Safari/604.1", "Safari · iPhone"),
        (f"{MOZILLA} (Linux; Android 16) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", "Chrome · Android"),
        ("curl/8", "curl/8"),
        ("", ""),
    ],
)
def test_browser_is_named_as_people_know_it(user_agent: str, name: str) -> None:
    assert name_of(user_agent) == name
