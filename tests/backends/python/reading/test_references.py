"""What references refer to."""

from __future__ import annotations

import pytest

from specc.backends.python.reading.expressions import Unwritable
from tests.backends.python.reading.test_scope import scope


def test_a_copy_that_an_expression_counts() -> None:
    found = scope()
    part = found.names["c"]
    assert found.use("c_$(n - index)", part.symbols).copy == "n - index - 1"
    with pytest.raises(Unwritable):
        found.use("nothing", part.symbols)
