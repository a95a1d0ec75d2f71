"""Layers of keras.applications that are in no public module: what stands for them computes the same."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
from keras.src.applications.convnext import LayerScale
from keras.src.applications.inception_resnet_v2 import CustomScaleLayer

import specc
from specc.archive.reading.container import read_architecture
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


def test_they_compute_the_same(tmp_path: Path) -> None:
    keras.utils.clear_session(free_memory=False)
    x = keras.Input((4, 4, 3))
    y = keras.layers.Conv2D(3, 1)(x)
    model = keras.Model(x, CustomScaleLayer(0.17)([y, LayerScale(0.5, 3)(y)]), name="blocks")
    imported = import_contents(read_architecture(model.to_json()))
    assert imported.text == EXPECTED
    assert imported.notes == [
        "LayerScale of keras.applications is written as EinsumDense",
        "CustomScaleLayer of keras.applications is written as Add and Rescaling",
    ]
    rng = np.random.default_rng(1)
    model.set_weights([rng.normal(size=weight.shape) for weight in model.get_weights()])
    model.save(tmp_path / "model.keras")
    (tmp_path / "folded.yaml").write_text(imported.text.replace("name: layer_scale", "name: scale"))
    made = specc.build(tmp_path / "folded.yaml", form="functional", weights=tmp_path / "model.keras")
    given = rng.normal(size=(2, 4, 4, 3)).astype("float32")
    np.testing.assert_allclose(made(given), model(given), rtol=1e-6)
