"""The functions of formulas."""

from __future__ import annotations

import pytest

from specc import operations
from specc.formulas import functions
from tests.support.formulas import refused


def test_every_operation_is_a_function() -> None:
    for name in operations.names():
        assert functions.find(name.removeprefix("ops."), (0, 1), is_tensor=False).keras_name() == name


@pytest.mark.parametrize(("text", "message", "help"), [
    ("np.exp(x)", 'there is no function "np.exp"', "functions are those of keras.ops: write exp(...)"),
    ("tf.math.exp(x)", 'there is no function "tf.math.exp"', "functions are those of keras.ops: write exp(...)"),
    ("ops.exp(x)", 'there is no function "ops.exp"', "functions are those of keras.ops: write exp(...)"),
    ("x.sum(axis=1)", 'there is no function "x.sum"', "write sum(x, ...)"),
    ("exq(x)", 'there is no function "exq"', "did you mean 'exp'?"),
    ("Dense(x)", "Dense is a layer, and a formula has operations only", "write an item {type: Dense, name: ...}, and its name here"),
    ("reduce_sum(x)", 'there is no function "reduce_sum"', "write sum(x, axis=1)"),
    ("concat([x, y])", 'there is no function "concat"', "write concatenate([a, b], axis=-1)"),
    ("scan(x)", "scan cannot be used in a spec", operations.REFUSED["ops.scan"]),
])  # fmt: skip
def test_messages(text: str, message: str, help: str) -> None:
    assert refused(text)[:2] == (message, help)
