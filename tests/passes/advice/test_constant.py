"""Layers that always give the same."""

from __future__ import annotations

import numpy as np
import pytest

import specc
from tests.support.checking import codes, said, spec

X = "layers:\n  - {type: Input, name: x, shape: [6, 4]}\n"
CONSTANT = {
    "Dense": "{type: Dense, name: y, units: 1, activation: softmax}",
    "a map": "{type: Dense, name: y, units: 1, activation: {type: Softmax}}",
    "its logarithm": "{type: Dense, name: y, units: 1, activation: log_softmax}",
    "sparsemax": "{type: Dense, name: y, units: 1, activation: sparsemax}",
    "Conv1D": "{type: Conv1D, name: y, filters: 1, kernel_size: 2, activation: softmax}",
    "EinsumDense": '{type: EinsumDense, name: y, equation: "abc,cd->abd", output_shape: [6, 1], activation: softmax}',
    "LSTM": "{type: LSTM, name: y, units: 1, activation: softmax}",
    "gates": "{type: GRU, name: y, units: 1, recurrent_activation: softmax}",
    "a cell": "{type: RNN, name: y, cell: {type: SimpleRNNCell, units: 1, activation: softmax}}",
    "both ways": "{type: Bidirectional, name: y, layer: {type: LSTM, units: 1, activation: softmax}}",
    "each step": "{type: TimeDistributed, name: y, layer: {type: Dense, units: 1, activation: softmax}}",
}
WITH_ONE = {
    "Activation": "{type: Activation, name: y, activation: softmax}",
    "Softmax": "{type: Softmax, name: y}",
    "ops.softmax": "{type: ops.softmax, name: y}",
    "ops.log_softmax": "{type: ops.log_softmax, name: y}",
    "LayerNormalization": "{type: LayerNormalization, name: y}",
}


@pytest.mark.parametrize("item", CONSTANT.values(), ids=CONSTANT)
def test_one_unit(item: str) -> None:
    text = f"{X}  - {item}\n"
    assert codes(text) == ["constant-output"]
    assert (
        codes(text.replace("units: 1", "units: 2").replace("filters: 1", "filters: 2").replace("[6, 1]", "[6, 2]"))
        == []
    )
    assert (
        codes(
            text.replace("log_softmax", "sigmoid")
            .replace("softmax", "sigmoid")
            .replace("sparsemax", "sigmoid")
            .replace("{type: Softmax}", "sigmoid")
        )
        == []
    )


@pytest.mark.parametrize("item", WITH_ONE.values(), ids=WITH_ONE)
def test_an_axis_of_one(item: str) -> None:
    assert codes(f"{X}  - {{type: Dense, units: 1}}\n  - {item}\n") == ["constant-output"]
    assert codes(f"{X}  - {{type: Dense, units: 2}}\n  - {item}\n") == []
    assert (
        codes(
            f"{X}  - {{type: Dense, units: 1}}\n  - {item.replace('}', ', axis: 1}') if 'axis' not in item and 'Activation' not in item else 'ReLU'}\n"
        )
        == []
    )


def test_it_is_so_in_keras() -> None:
    items = [
        item
        for item in (*CONSTANT.values(), *WITH_ONE.values())
        if "recurrent" not in item and "layer: {type: LSTM" not in item and "LSTM" not in item and "Cell" not in item
    ]
    text = (
        X
        + "  - {type: Dense, name: one, units: 1, from: x}\n"
        + "".join(
            f"  - {item.replace('name: y', f'name: y{number}, from: ' + ('one' if item in WITH_ONE.values() else 'x'))}\n"
            for number, item in enumerate(items)
        )
    )
    with pytest.warns(UserWarning, match="always gives"):
        model = specc.build(spec(text), seed=1)
    for output in model.predict(np.random.default_rng(0).normal(size=(3, 6, 4)).astype("float32"), verbose=0):
        assert np.ptp(output) < 1e-6


def test_in_blocks_and_nested_models_it_is_said_once() -> None:
    block = (
        "blocks: {b: {inputs: [i], layers: [{type: Dense, name: d, units: 1, activation: softmax}], outputs: [d]}}\n"
    )
    for item in ("{type: b, name: y, repeat: 3}", "{type: b, name: y, nested: true}"):
        assert codes(f"{block}{X}  - {item}\n") == ["constant-output"]
    assert said(f"{block}{X}  - {{type: b, name: y}}\n") == [
        "1:81 constant-output: 'y.d' (Dense) always gives 1, whatever the input: its activation is over one value only"
    ]
