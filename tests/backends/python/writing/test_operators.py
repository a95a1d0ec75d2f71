"""Expressions with operators, broken as ruff breaks them."""

from __future__ import annotations

import subprocess
import sys

import pytest

from specc.backends.python.writing.operators import expression
from specc.backends.python.writing.text import flat, lay_out

TEXTS = [
    'out = keras.ops.einsum("btec,becd->btd", sent, done) * keras.ops.max(chances, axis=-1, keepdims=True)',
    "balance = keras.ops.sum(keras.ops.mean(chosen, axis=1) * keras.ops.mean(chances, axis=1), axis=-1) * experts",
    "gated = keras.ops.where(head[0] > 0, head[0], 1 - head[1]) * pooled @ keras.ops.eye(8) + a_long_name_1",
    "near = keras.ops.minimum(exact + keras.ops.cast(keras.ops.log(keras.ops.maximum(steps, 1) / exact) * half, 'int32'), 7)",
    "chosen = keras.ops.where(keras.ops.equal(a_question_of_words, 0), -0.5, 0.0)[:, None, None, : n // 2]",
    "is_far = keras.ops.abs(places_of_the_first[:, None] - places_of_the_second[None, :]) > (first + second) * 2**n",
    "total = (first_of_the_summands + second_of_the_summands) * (third_of_the_summands - fourth_of_them) * -x[1:]",
    "shares = keras.ops.relu(weights) / (keras.ops.sum(keras.ops.relu(weights), axis=-1, keepdims=True) + 0.0001)",
    "deep = first_of_them * (second_of_the_summands + third_of_the_summands + fourth_of_the_summands * fifth_of_them + sixth)",
]


def test_a_line_that_fits_stays_one() -> None:
    assert (
        flat(expression("(a+b)*f(x[:n//2], 'w', k=1e-5)**2-(c*d)/e"))
        == '(a + b) * f(x[: n // 2], "w", k=1e-05) ** 2 - c * d / e'
    )


@pytest.mark.parametrize("text", TEXTS)
def test_long_lines_are_broken_as_ruff_does(text: str) -> None:
    name, _, formula = text.partition(" = ")
    lines = "\n".join(lay_out(expression(formula), 0, f"{name} = "))
    ruff = [sys.executable, "-m", "ruff", "format", "--isolated", "--no-cache", "-"]
    assert subprocess.run(ruff, input=text, capture_output=True, text=True, check=True).stdout == f"{lines}\n".replace(
        "e9", "e9"
    )
