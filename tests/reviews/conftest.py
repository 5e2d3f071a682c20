"""What the tests of review share."""

from collections.abc import Iterator

import pytest
from flask_babel import force_locale


@pytest.fixture
def english(app: object, isolation: None) -> Iterator[None]:
    """Sentences made outside a request are English."""
    with force_locale("en"):
        yield
