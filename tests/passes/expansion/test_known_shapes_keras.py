"""A model whose sizes come from shapes, beside the same model written for Keras by hand."""

from __future__ import annotations

from typing import Any

import keras
from keras import layers

import specc
from tests.support import emitted
from tests.support.canonical import same
from tests.support.checking import spec

TEXT = """
blocks:
  residual:
    args: {filters: null, strides: 1}
    inputs: [x]
    layers:
      - {type: Conv2D, filters: $filters, kernel_size: 3, strides: $strides, padding: same}
      - {type: BatchNormalization, name: main}
      - type: Conv2D
        name: shortcut
        filters: $filters
        kernel_size: 1
        strides: $strides
        from: x
        when: $(strides > 1 or shape(x)[-1] != filters)
      - {type: Add, name: sum, from: [main, shortcut]}
      - {type: ReLU, name: out}
    outputs: [out]
  squeeze:
    args: {ratio: 4}
    inputs: [x]
    layers:
      - GlobalAveragePooling2D
      - {type: Dense, units: "$(shape(x)[-1] // ratio)", activation: relu}
      - {type: Dense, units: "$(shape(x)[-1])", activation: sigmoid}
      - {type: Reshape, name: scale, target_shape: "$([1, 1, shape(x)[-1]])"}
      - {type: Multiply, name: out, from: [x, scale]}
    outputs: [out]
layers:
  - {type: Input, name: image, shape: [null, 16, 3]}
  - {type: residual, name: one, filters: 8, repeat: 2}
  - {type: residual, name: two, filters: 8, strides: 2}
  - {type: squeeze, name: scaled}
  - {type: ops.mean, name: rows, axis: 1}
  - {type: Conv1D, filters: "$(shape(rows)[-1])", kernel_size: 3}
  - GlobalMaxPooling1D
  - {type: Dense, name: y, units: "$(shape(rows)[1])"}
"""


def by_hand() -> Any:
    def residual(x: Any, filters: int, strides: int = 1) -> Any:
        main = layers.BatchNormalization()(layers.Conv2D(filters, 3, strides=strides, padding="same")(x))
        if strides > 1 or x.shape[-1] != filters:
            x = layers.Conv2D(filters, 1, strides=strides)(x)
        return layers.ReLU()(layers.Add()([main, x]))

    def squeeze(x: Any, ratio: int = 4) -> Any:
        scale = layers.GlobalAveragePooling2D()(x)
        scale = layers.Dense(x.shape[-1] // ratio, activation="relu")(scale)
        scale = layers.Dense(x.shape[-1], activation="sigmoid")(scale)
        return layers.Multiply()([x, layers.Reshape((1, 1, x.shape[-1]))(scale)])

    image = keras.Input((None, 16, 3))
    x = residual(residual(residual(image, 8), 8), 8, strides=2)
    rows = keras.ops.mean(squeeze(x), axis=1)
    seen = layers.GlobalMaxPooling1D()(layers.Conv1D(rows.shape[-1], 3)(rows))
    return keras.Model(image, layers.Dense(rows.shape[1])(seen))


def test_it_is_the_model_by_hand_and_so_is_its_source() -> None:
    graph = specc.compile(spec(TEXT))
    model = specc.build(spec(TEXT))
    same(model, by_hand())
    assert emitted.all_of(emitted.run(graph.source())) == emitted.all_of(model)
