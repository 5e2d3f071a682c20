"""Figures in tests: nothing drawn for one test is shown in another."""

from collections.abc import Iterator

import pytest

from app.insight import published
from app.insight.views import figures


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    figures._body.cache_clear()
    published.beside_own.cache_clear()
    yield
