"""Layers of keras.applications that are in no public module: what stands for them computes the same."""

from __future__ import annotations

import keras
import numpy as np
from keras.src.applications.convnext import LayerScale
from keras.src.applications.inception_resnet_v2 import CustomScaleLayer

import specc
from specc.archive.container import read_architecture
from specc.importing.pipeline import import_contents

EXPECTED = """\
name: blocks
layers:
  - {type: Input, shape: [4, 4, 3]}
  - {type: Conv2D, name: conv2d, filters: 3, kernel_size: 1}
  - type: EinsumDense
    name: layer_scale
    equation: "...c,c->...c"
    output_shape: 3
    kernel_initializer: {type: Constant, value: 0.5}
  - {type: Rescaling, name: custom_scale_layer_scaled, scale: 0.17}
  - {type: Add, name: custom_scale_layer, from: [conv2d, custom_scale_layer_scaled]}
"""


def test_they_compute_the_same() -> None:
    keras.utils.clear_session()
    x = keras.Input((4, 4, 3))
    y = keras.layers.Conv2D(3, 1)(x)
    model = keras.Model(x, CustomScaleLayer(0.17)([y, LayerScale(0.5, 3)(y)]), name="blocks")
    imported = import_contents(read_architecture(model.to_json()))
    assert imported.text == EXPECTED
    assert imported.notes == [
        "LayerScale of keras.applications is written as EinsumDense",
        "CustomScaleLayer of keras.applications is written as Add and Rescaling",
    ]
    made = specc.build(specc.Spec.from_text(imported.text), form="functional")
    made.set_weights([weight + 0.1 for weight in model.get_weights()])
    model.set_weights([weight + 0.1 for weight in model.get_weights()])
    given = np.random.default_rng(1).normal(size=(2, 4, 4, 3)).astype("float32")
    np.testing.assert_allclose(made(given), model(given), rtol=1e-6)
