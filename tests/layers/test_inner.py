"""Layers inside layers: their names, their weights and what they caution against."""

from __future__ import annotations

from typing import Any

from specc import layers
from specc.calls import FLOAT32, Weight
from specc.layers.inner import inner_names, inner_weights, under
from specc.shapes import Tensor
from tests.support.checking import said


def made(type_name: str, **arguments: Any) -> Any:
    return layers.parse_inner({"type": type_name, **arguments})


def test_names_are_counted_inside_the_layer() -> None:
    cells = [made("LSTMCell", units=2), made("GRUCell", units=2, name="mine"), made("LSTMCell", units=2)]
    assert inner_names(cells) == ["lstm_cell", "mine", "lstm_cell_1"]
    assert inner_names([made("Dense", units=1, name="dense"), made("Dense", units=1)]) == ["dense", "dense_1"]


def test_weights_have_the_name_of_their_layer_before_their_own() -> None:
    given = [Weight("kernel", (3, 4), "float32"), Weight("count", (1,), "float32", trainable=False)]
    assert [(weight.name, weight.trainable) for weight in under("d", given)] == [("d/kernel", True), ("d/count", False)]
    assert not any(weight.trainable for weight in under("d", given, trainable=False))
    dense = made("Dense", units=4, trainable=False)
    call = dense.call({"inputs": Tensor((None, 3))}, {}, FLOAT32)
    assert [(weight.name, weight.shape, weight.trainable) for weight in inner_weights(dense, call, "d")] == [
        ("d/kernel", (3, 4), False),
        ("d/bias", (4,), False),
    ]


def test_cautions_say_which_layer_they_are_about() -> None:
    assert said("""
        layers:
          - {type: Input, name: x, shape: [4, 3, 8, 8]}
          - type: TimeDistributed
            name: t
            layer: {type: Conv2D, filters: 2, kernel_size: 1, data_format: channels_first}
    """) == [
        "5:68 needs-onednn: 't' (TimeDistributed) contains Conv2D, which cannot run on a CPU without oneDNN, "
        "where TensorFlow has no channels_first convolution"
    ]
