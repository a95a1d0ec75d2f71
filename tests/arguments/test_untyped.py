"""A map without ``type`` says in another way what it is the arguments of."""

from __future__ import annotations

import pytest

from tests.support.helps import helps

X = "layers:\n  - {type: Input, name: x, shape: [8]}\n"
ITEMS = {
    "{_target_: keras.layers.Dense, units: 4}": "write {type: Dense, units: 4}",
    "{class_path: layers.Dense, units: 4}": "write {type: Dense, units: 4}",
    "{layer: Dense, units: 4}": "write {type: Dense, units: 4}",
    "{op: Dense, params: {units: 4}}": "write {type: Dense, units: 4}",
    "{class: Dense, layer: LSTM, units: 4}": "write {type: Dense, layer: LSTM, units: 4}",  # the first that names a type
    "{Dense: {units: 4}}": "write {type: Dense, units: 4}",
    "{Dense: 4, name: y}": "write {type: Dense, units: 4, name: y}",
    "{Dense: null, units: 4}": "write {type: Dense, units: 4}",
    "{kind: Linear, out_features: 4}": "write {type: Dense, units: 4}",
    "{class_name: Dense, config: {name: y, trainable: true, dtype: {module: keras, class_name: DTypePolicy, "
    "config: {name: float32}}, units: 4, activation: linear, kernel_initializer: {module: keras.initializers, "
    "class_name: GlorotUniform, config: {seed: null}}, bias_constraint: null}, inbound_nodes: [{args: [{class_name: "
    "__keras_tensor__, config: {shape: [null, 8], keras_history: [x, 0, 0]}}], kwargs: {}}]}": (
        "write {type: Dense, name: y, units: 4, from: x}"
    ),
}


@pytest.mark.parametrize("item", ITEMS)
def test_items(item: str) -> None:
    assert helps(f"{X}  - {item}\n") == [ITEMS[item]]


def test_an_input_that_keras_saved() -> None:
    item = "{class_name: InputLayer, config: {batch_input_shape: [null, 8], dtype: float32, sparse: false, name: x}}"
    assert helps(f"layers:\n  - {item}\n  - {{type: Dense, units: 4}}\n") == [
        "write {type: Input, shape: [8], name: x}"
    ]


def test_a_size_for_an_input() -> None:
    assert helps("layers:\n  - Input: 784\n  - {type: Dense, units: 4}\n") == ["write {type: Input, shape: [784]}"]
