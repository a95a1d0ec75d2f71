"""Einsum equations: the terms, what is wrong for any input, and the shapes of kernel, bias and output."""

from __future__ import annotations

import pytest

from specc.diagnostics.problem import RuleError
from specc.layers.einsum import Equation, Shapes, Subscripts, shapes
from specc.shapes import Shape


@pytest.mark.parametrize(("text", "terms", "output"), [
    ("ij,jk->ik", ["ij", "jk"], "ik"),
    ("a...b->...", ["a...b"], "..."),
    ("i,i", ["i", "i"], None),
    ("ii->", ["ii"], ""),
])  # fmt: skip
def test_subscripts(text: str, terms: list[str], output: str | None) -> None:
    found = Subscripts.parse(text)
    assert found is not None
    assert ([str(term) for term in found.inputs], None if found.output is None else str(found.output)) == (
        terms,
        output,
    )


@pytest.mark.parametrize("text", ["a b->ab", "a1,b->a", "a..b->ab", "a->b->c", "a......b->ab"])
def test_what_are_no_subscripts(text: str) -> None:
    assert Subscripts.parse(text) is None


@pytest.mark.parametrize("text", [
    "ab->ac", "ab,bc", "ab,bc,cd->ad", "ab,...bc->ac", "...ab,bc->ac", "a...b,bc->a...c", "a...,ab->b...", "ab,->ab",
])  # fmt: skip
def test_what_is_no_equation_of_a_layer(text: str) -> None:
    assert Equation.parse(text) is None


@pytest.mark.parametrize(("text", "flaws"), [
    ("ab,bc->ac", []),
    ("ab,bc->acc", ["has 'c' twice in its output"]),
    ("ab,bc->ad", [
        "has 'd' in its output, which is neither in its input nor in its kernel",
        "has 'c' in its kernel, which is neither in its input nor in its output",
    ]),
])  # fmt: skip
def test_flaws(text: str, flaws: list[str]) -> None:
    equation = Equation.parse(text)
    assert equation is not None
    assert list(equation.flaws()) == flaws


@pytest.mark.parametrize(("text", "bias", "shape", "output_shape", "found"), [
    ("ab,bc->ac", "c", (None, 5), (3,), Shapes((5, 3), (3,), (None, 3))),
    ("abc,cd->abd", None, (None, 4, 5), (None, 3), Shapes((5, 3), None, (None, None, 3))),
    ("...b,bc->...c", "c", (None, 4, 5), (3,), Shapes((5, 3), (3,), (None, 4, 3))),
    ("ab...,bc->ac...", "c", (None, 5, 2, 2), (3,), Shapes((5, 3), (3, 1, 1), (None, 3, 2, 2))),
    ("abc,cde->abde", "de", (None, 4, 5), (4, 2, 3), Shapes((5, 2, 3), (2, 3), (None, 4, 2, 3))),
])  # fmt: skip
def test_shapes(text: str, bias: str | None, shape: Shape, output_shape: Shape, found: Shapes) -> None:
    equation = Equation.parse(text)
    assert equation is not None
    assert shapes(equation, bias, shape, output_shape) == found


@pytest.mark.parametrize(("text", "shape", "output_shape", "message", "argument"), [
    ("ab,bc->ac", (None, 4, 5), (3,), "needs an input of 2 dimensions for its equation, got (None, 4, 5) with 3", "equation"),
    ("...ab,bc->...ac", (None,), (3,), "needs an input of at least 2 dimensions for its equation, got (None,) with 1", "equation"),
    ("ab,bc->ac", (None, 5), (3, 4), "needs 1 sizes in output_shape for its equation, got 2", "output_shape"),
    ("abc,cd->abd", (None, 4, 5), (6, 3), "has 4 for 'b' in its input and 6 in its output", "output_shape"),
    ("abc,cd->abd", (None, None, 5), (6, 3), "has an unknown size for 'b' in its input and 6 in its output", "output_shape"),
])  # fmt: skip
def test_inputs_that_do_not_fit(text: str, shape: Shape, output_shape: Shape, message: str, argument: str) -> None:
    equation = Equation.parse(text)
    assert equation is not None
    with pytest.raises(RuleError) as caught:
        shapes(equation, None, shape, output_shape)
    assert (caught.value.problem.message, caught.value.problem.path) == (message, (argument,))
