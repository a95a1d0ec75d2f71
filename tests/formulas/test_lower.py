"""Formulas as operations."""

from __future__ import annotations

import pytest

from tests.support.formulas import refused, steps

VALUES = {"n": 2, "rate": 0.5, "sizes": [1, 2], "name": "enc.out", "f": "relu"}


@pytest.mark.parametrize(("text", "operations"), [
    ("mean + exp(log_var / 2) * noise",
     ["true_divide(x1=log_var, x2=2)", "exp(x=#0)", "multiply(x1=#1, x2=noise)", "add(x1=mean, x2=#2)"]),
    ("1 - x", ["subtract(x2=x, x1=1)"]),
    ("-x ** 2", ["power(x1=x, x2=2)", "negative(x=#0)"]),
    ("+x * (2 * 3 - 1)", ["multiply(x1=x, x2=5)"]),
    ("a // b % 2 @ c", ["floor_divide(x1=a, x2=b)", "mod(x1=#0, x2=2)", "matmul(x1=#1, x2=c)"]),
    ("(a > 0) & ~(b == a) | (a != 1)",
     ["greater(x1=a, x2=0)", "equal(x1=b, x2=a)", "logical_not(x=#1)", "logical_and(x1=#0, x2=#2)",
      "not_equal(x1=a, x2=1)", "logical_or(x1=#3, x2=#4)"]),
    ("a <= b", ["less_equal(x1=a, x2=b)"]),
    ("lstm.state_h + stage2.main.deep", ["add(x1=lstm.state_h, x2=stage2.main.deep)"]),
    ("sum(x, axis=1, keepdims=True)", ["sum(x=x, axis=1, keepdims=True)"]),
    ("sum(x, 1)", ["sum(x=x, axis=1)"]),
    ("clip(x, -1, 1)", ["clip(x=x, x_min=-1, x_max=1)"]),
    ("where(a > 0, a, 0.0)", ["greater(x1=a, x2=0)", "where(condition=#0, x1=a, x2=0.0)"]),
    ("concatenate([a, b + 1], axis=-1)", ["add(x1=b, x2=1)", "concatenate(xs=[a, #0], axis=-1)"]),
    ("concatenate(q)", ["concatenate(xs=q)"]),
    ("stack([a, [1, 2]])", ["array(x=(1, 2))", "stack(x=[a, #0])"]),
    ("einsum('bi,ij->bj', x, w)", ["einsum(operands=[x, w], subscripts='bi,ij->bj')"]),
    ("image.resize(x, [4, 4])", ["image.resize(images=x, size=(4, 4))"]),
    ("nn.relu(x)", ["relu(x=x)"]),
    ("reshape(x, (-1, 4))", ["reshape(x=x, newshape=(-1, 4))"]),
    ("cast(x, 'float16')", ["cast(x=x, dtype='float16')"]),
    ("average(x, weights=None)", ["average(x=x)"]),
    ("x[0]", ["get_item(x=x, key=0)"]),
    ("x[:, 1:-1, None, ...]", [
        "get_item(x=x, key=(Span(start=None, stop=None, step=None), Span(start=1, stop=-1, step=None), None, '...'))"]),
    ("x + [1, 2]", ["add(x1=x, x2=(1, 2))"]),
    ("[0, 1]", ["array(x=(0, 1))"]),
    ("[0, 1] * 2", ["array(x=(0, 1))", "multiply(x1=#0, x2=2)"]),
    ("exp(1)", ["array(x=1)", "exp(x=#0)"]),
    ("arange(4) * x", ["arange(start=4)", "multiply(x1=#0, x2=x)"]),
    ("split(x, 2, axis=1)", ["split(x=x, indices_or_sections=2, axis=1)"]),
    ("split(x, 2, axis=1)[0] * split(x, 2, axis=1)[-1]",
     ["split(x=x, indices_or_sections=2, axis=1)", "split(x=x, indices_or_sections=2, axis=1)", "multiply(x1=#0.0, x2=#1.1)"]),
    ("moments(x, axes=[1])[1]", ["moments(x=x, axes=(1,))", "copy(x=#0.1)"]),
    ("x * $n + $(rate / 2) ** y", ["multiply(x1=x, x2=2)", "power(x2=y, x1=0.25)", "add(x1=#0, x2=#1)"]),
    ("$f($name) * q_$(n)", ["relu(x=enc.out)", "multiply(x1=#0, x2=q_2)"]),
    ("x[:, :$n] + $sizes", ["get_item(x=x, key=(Span(start=None, stop=None, step=None), Span(start=None, stop=2, step=None)))",
                            "add(x1=#0, x2=(1, 2))"]),
    ("q[0] - q[-1]", ["subtract(x1=q[0], x2=q[-1])"]),
    ("q[1:]", ["get_item(x=q, key=Span(start=1, stop=None, step=None))"]),
    ("\n  x\n  + y\n", ["add(x1=x, x2=y)"]),
])  # fmt: skip
def test_a_formula_becomes_operations(text: str, operations: list[str]) -> None:
    assert steps(text, VALUES, {"q"}) == operations


@pytest.mark.parametrize(("text", "message", "help", "marked"), [
    ("", "the formula is empty", "write what it computes, such as x * 2 + y", ""),
    ("x", "the formula is just the name 'x'", "use that name in place of this one", "x"),
    ("2 * 3", "the formula is just 6", "write that where it is used", "2 * 3"),
    ("0 < x < 1", "a formula compares two values at a time", "write (0 < x) & (x < 1)", "0 < x < 1"),
    ("x is y", '"x is y" has a comparison that no tensor has', "write x == y", "x is y"),
    ("x + 'a'", '"a" is a string, and no tensor', "write a", "'a'"),
    ("x + None", '"None" is no tensor', None, "None"),
    ("sum(x, axis=y)", 'sum: axis is a constant, and "y" is a tensor', "it takes x, axis, keepdims", "y"),
    ("x[y]", '"x[y]" is no index that a tensor has', "write take(x, y, axis=0)", "x[y]"),
    ("x[:y]", '"y" is a tensor, and an index is a number', "take(x, indices, axis=1) takes the elements at indices that are computed", "y"),
    ("x[0.5]", "an index is an integer, not 0.5", None, "0.5"),
    ("split(x, 2, axis=1) * 2", '"split(x, 2, axis=1)" gives 2 outputs', "write split(x, 2, axis=1)[0]", "split(x, 2, axis=1)"),
    ("split(x, 2, axis=1)[2] * 2", '"split(x, 2, axis=1)[2]" is none of 2 outputs', "write 0 to 1", "split(x, 2, axis=1)[2]"),
    ("q[0.5]", "'q' has copies, and \"q[0.5]\" is none of them", "write its number: q[0]", "q[0.5]"),
    ("max(x, 0)", "max takes one tensor, and an axis by its name", "write maximum(x, 0)", "max(x, 0)"),
    ("softmax(x, 1, 2)", "softmax takes 2 arguments", "they are x, axis", "2"),
    ("sum(x, axis=1, axis=2)", "sum gets axis twice", "remove one of the two", "axis=2"),
    ("sum(x, 1, axis=2)", "sum gets axis twice", "remove one of the two", "axis=2"),
    ("sum(x, axs=1)", 'sum has no argument "axs"', "write axis=1", "axs=1"),
    ("sum(x, axis=1.5) + y", "sum: axis must be an axis (an integer) or a list of axes or null, not 1.5", None, "1.5"),
    ("x * 9 ** 999", '"9 ** 999" is no number that a tensor could have', None, "9 ** 999"),
    ("x * (1 / 0)", '"1 / 0" is no number that a tensor could have', None, "1 / 0"),
    ("x * $(m + 1)", 'there is no value "m"', None, "m"),
    ("x * $table", 'a map cannot be part of a formula: {a: 1}', None, "$table"),
    ("x$ + 1", "a formula has no $ but those of values", "write $name or $(expression)", "$"),
    ("$rate(x)", "0.5 is no function", "write $rate * (x)", "$rate(x)"),
    ("a_$rate * x", "only an integer or a string can be part of a name, not 0.5", None, "$rate"),
    ("(lambda: x)()", '"lambda: x" is no function', "write what it computes where it is needed", "lambda: x"),
])  # fmt: skip
def test_what_is_wrong(text: str, message: str, help: str | None, marked: str | None) -> None:
    found = refused(text, {"rate": 0.5, "table": {"a": 1}}, {"q"})
    assert found[0] == message
    assert help is None or found[1] == help
    assert marked is None or found[2] == marked


def test_it_is_bounded() -> None:
    assert refused("x + " * 300 + "x")[0] == "a formula of 1201 characters is too long"
    for deep in ("(" * 400 + "x" + ")" * 400, "exp(" * 150 + "x" + ")" * 150):
        assert refused(deep)[:2] == ("the formula is nested too deeply", "compute a part in a formula of its own")
