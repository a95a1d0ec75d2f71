"""Formulas that Python reads otherwise than one might think."""

from __future__ import annotations

import pytest

from tests.support.formulas import refused, steps


@pytest.mark.parametrize(("text", "operations"), [
    ("-x ** 2", ["power(x1=x, x2=2)", "negative(x=#0)"]),
    ("~x > 0", ["logical_not(x=x)", "greater(x1=#0, x2=0)"]),
    ("x & y > 0", ["logical_and(x1=x, x2=y)", "greater(x1=#0, x2=0)"]),
    ("-7 // 2 * x", ["multiply(x2=x, x1=-4)"]),
    ("top_k(x, 2).indices", ["top_k(x=x, k=2)", "copy(x=#0.1)"]),
    ("concatenate(q[*].h)", ["concatenate(xs=q[*].h)"]),
    ("lstm.1 * class", ["multiply(x1=lstm.1, x2=class)"]),
])  # fmt: skip
def test_as_python_reads_it(text: str, operations: list[str]) -> None:
    assert steps(text, {}, {"q"}) == operations


def test_a_port_that_a_function_does_not_have() -> None:
    assert refused("top_k(x, 2).value") == (
        '"top_k(x, 2).value" is no name',
        "its outputs are values, indices",
        "top_k(x, 2).value",
    )
