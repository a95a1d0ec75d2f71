"""The functions of formulas."""

from __future__ import annotations

import pytest

from specc import operations
from specc.formulas import functions
from tests.support.formulas import refused


def test_every_operation_is_a_function() -> None:
    for name in operations.names():
        assert functions.find(name.removeprefix("ops."), (0, 1)).keras_name() == name


@pytest.mark.parametrize(("text", "message", "help"), [
    ("np.exp(x)", 'there is no function "np.exp"', "write exp"),
    ("reduce_sum(x)", 'there is no function "reduce_sum"', "write sum"),
    ("torch.cat([x, y])", 'there is no function "torch.cat"', "write concatenate"),
    ("tf.image.resize(x, [4, 4])", 'there is no function "tf.image.resize"', "write image.resize"),
    ("random.normal(x)", 'there is no function "random.normal"',
     "random numbers come from layers: {type: GaussianNoise, stddev: 1.0} of zeros_like(x)"),
    ("batch_norm(x)", 'there is no function "batch_norm"', "did you mean 'batch_normalization'?"),
    ("exq(x)", 'there is no function "exq"', "did you mean 'exp'?"),
    ("Dense(x)", "Dense is a layer, and a formula has operations only", "write an item {type: Dense, name: ...}, and its name here"),
    ("keras.layers.Dense(4)(x)", "Dense is a layer, and a formula has operations only", "write an item {type: Dense, name: ...}, and its name here"),
    ("scan(x)", "scan cannot be used in a spec", operations.REFUSED["ops.scan"]),
])  # fmt: skip
def test_messages(text: str, message: str, help: str) -> None:
    assert refused(text)[:2] == (message, help)
