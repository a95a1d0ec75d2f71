"""The arguments of calls in formulas; more is in test_meant.py."""

from __future__ import annotations

import pytest

from specc.formulas.calls import as_word
from tests.support.formulas import refused, steps


@pytest.mark.parametrize(("text", "found"), [
    ("clip(x, 0, x_max=1)", "clip(x=x, x_min=0, x_max=1)"), ("where(x, y, 0)", "where(condition=x, x1=y, x2=0)"),
    ("max(x, 1)", "max(x=x, axis=1)"), ("average(x, weights=None)", "average(x=x)"), ("einsum('b,b->b', x, y)", "einsum(operands=[x, y], subscripts='b,b->b')"),
])  # fmt: skip
def test_by_place_and_by_name(text: str, found: str) -> None:
    assert steps(text) == [found]


def test_too_many() -> None:
    assert refused("exp(x, y)") == ("exp takes 1 argument", "they are x", "y")
    assert refused("arange(1, 2, 3, 'int32', 5)")[0] == "arange takes 4 arguments"


def test_words() -> None:
    assert [as_word(path) for path in ("float32", "tf.bool", "x", None)] == ["'float32'", "'bool'", None, None]
