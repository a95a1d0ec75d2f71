"""Formulas as expressions of Python, which compute the same."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from specc.formulas.lower import lower
from specc.formulas.python import expression
from tests.passes.expansion.test_formula_items import FORMULAS, by_hand, drawn


class Same:
    """Names that stay as they are; ``c`` is a constant."""

    def tensor(self, reference: str) -> str:
        return reference.replace(".", "_")

    def is_constant(self, reference: str) -> bool:
        return reference == "c"

    def value(self, written: str) -> str:
        return written.strip("$()")


@pytest.mark.parametrize(("text", "python"), [
    ("mean + exp(log_var / 2) * noise", "mean + keras.ops.exp(log_var / 2) * noise"),
    ("(a + b) * -c_ ** 2 - (a - b)", "(a + b) * -c_ ** 2 - (a - b)"),
    ("(a ** b) ** 2 + a ** b ** 2", "(a ** b) ** 2 + a ** b ** 2"),
    ("(a > 0) & ~(b == 1)", "(a > 0) & ~keras.ops.equal(b, 1)"),
    ("lstm.state_h[:, None, -1]", "lstm_state_h[:, None, -1]"),
    ("(a + b)[0]", "(a + b)[0]"),
    ("a * $scale + $(n + 1) * $sizes", "a * scale + keras.ops.multiply(keras.ops.array(n + 1), keras.ops.array(sizes))"),
    ("sum(a, axis=$n, keepdims=True)", "keras.ops.sum(a, axis=n, keepdims=True)"),
    ("c * a + a * c", "keras.ops.multiply(c, a) + a * c"),
    ("[1, 2] * a + c * 2", "keras.ops.multiply(keras.ops.array([1, 2]), a) + keras.ops.multiply(c, 2)"),
    ("arange(4) + arange(1, stop=5)", "keras.ops.add(keras.ops.arange(4), keras.ops.arange(1, 5))"),
    ("moments(a, axes=[1])[1]", "keras.ops.moments(a, [1])[1]"),
    ("split(a, 2, axis=1)[0] * 2", "keras.ops.split(a, 2, axis=1)[0] * 2"),
    ("where(a > 0, a, 0)", "keras.ops.where(a > 0, a, 0)"),
    ("concatenate([a, [[1.0]]], -1)", "keras.ops.concatenate([a, keras.ops.array([[1.0]])], axis=-1)"),
    ("einsum('ab,cb->ac', a, b)", "keras.ops.einsum('ab,cb->ac', a, b)"),
    ("image.resize(i, (4, 4))", "keras.ops.image.resize(i, (4, 4))"),
])  # fmt: skip
def test_expressions(text: str, python: str) -> None:
    values = {"scale": 0.5, "n": 1, "sizes": [1, 2]}
    assert expression(lower(text, values), Same()) == python


def test_they_compute_what_the_formula_does() -> None:
    inputs = {name: keras.Input(value.shape[1:]) for name, value in drawn(2).items()}
    texts = {name: expression(lower(text, {}), Same()) for name, text in FORMULAS.items()}
    ours = [eval(text, {"keras": keras}, inputs) for text in texts.values()]
    hand = [by_hand(text, inputs) for text in FORMULAS.values()]
    both = keras.Model(list(inputs.values()), [ours, hand])
    for found, wanted in zip(*both(list(drawn(2).values())), strict=True):
        np.testing.assert_allclose(found, wanted, rtol=1e-5)
