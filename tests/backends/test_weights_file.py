"""Weights from files in a Keras model: what `specc.archive.weights.loading` loads without Keras, and layers of plugins."""

from __future__ import annotations

import re
import warnings
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

import specc
from specc.archive.weights.loading import Given
from specc.backends import weights_file
from tests.support import plugin
from tests.support.archives import read, weight_differences

NET = """
name: net
vars: {nested: 3, units: 2, bias: true, cells: 2}
blocks:
  part:
    inputs: [x]
    layers: [{type: Dense, name: inner, units: $nested}, {type: BatchNormalization, name: norm}]
    outputs: [norm]
layers:
  - {type: Input, name: x, shape: [4, 3]}
  - {type: Bidirectional, name: both, layer: {type: LSTM, units: $cells, return_sequences: true}}
  - {type: SpectralNormalization, name: bound, layer: {type: Dense, units: 3}}
  - {type: part, name: part, nested: true}
  - {type: Normalization, name: scaled}
  - {type: Dense, name: y, units: $units, use_bias: $bias}
  - {share: y, name: again, from: scaled}
  - {type: Dense, name: z, units: 1, from: again}
outputs: [y, z]
compile: {optimizer: adam, loss: mse}
"""


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Path]:
    """A trained model, whose optimizer has state, and its file."""
    model, path = specc.build(specc.Spec.from_text(NET)), tmp_path_factory.mktemp("saved") / "net.keras"
    model.get_layer("scaled").adapt(np.arange(24.0).reshape((2, 4, 3)))
    model.fit(np.ones((2, 4, 3)), [np.ones((2, 4, 2)), np.ones((2, 4, 1))], verbose=0)
    model.save(path)
    return model, path


def test_a_model_predicts_what_the_saved_one_does(saved: tuple[Any, Path]) -> None:
    """Normalization computes what it needs of its weights when they are loaded."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        model = specc.build(specc.Spec.from_text(NET), weights=saved[1])
    for one, other in zip(model.get_weights(), saved[0].get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
    data = np.arange(12.0).reshape((1, 4, 3))
    np.testing.assert_allclose(model(data)[1], saved[0](data)[1], rtol=1e-6)


@pytest.mark.parametrize(("values", "given"), [
    ({}, {}), ({"units": 5}, {"partial": True}), ({}, {"renamed": {"y": "y"}}),
])  # fmt: skip
def test_a_file_is_the_same_whoever_writes_it(saved: tuple[Any, Path], values: Any, given: Any, tmp_path: Path) -> None:
    from specc.backends import emit

    graph = specc.compile(specc.Spec.from_text(NET), set=values)
    said: dict[str, list[str]] = {"native": [], "keras": []}
    for via in ("native", "keras"):
        keras.utils.clear_session(free_memory=False)
        target = str(tmp_path / f"{via}.keras")
        emit.write(graph, target, seed=3, weights=Given.of(saved[1], **given), via=via, say=said[via].append)
    made, wanted = read(tmp_path / "native.keras"), read(tmp_path / "keras.keras")
    assert list(weight_differences(made, wanted, 1e-5)) == []
    assert said["native"] == said["keras"]
    assert bool(said["native"]) == bool(given.get("partial"))


@pytest.mark.parametrize(("values", "said"), [
    ({"units": 5}, "'y' (Dense) needs kernel (3, 5), bias (5,), but the file has kernel (3, 2), bias (2,); 'z' (Dense) needs kernel (5, 1), but the file has kernel (2, 1)"),
    ({"bias": False}, "'y' (Dense) needs kernel (3, 2), but the file has kernel (3, 2), (2,)"),
    ({"nested": 4}, "'part/inner' (Dense) needs kernel (3, 4), bias (4,), but the file has kernel (3, 3), bias (3,)"),
    ({"cells": 4}, "'both' (Bidirectional) needs forward_layer/cell/kernel (3, 16), forward_layer/cell/recurrent_kernel (4, 16), "),
])  # fmt: skip
def test_what_does_not_fit_names_the_layer_and_both_shapes(saved: tuple[Any, Path], values: Any, said: str) -> None:
    with pytest.raises(ValueError, match="; nothing was loaded; --partial loads what fits") as error:
        specc.build(specc.Spec.from_text(NET), set=values, weights=saved[1])
    assert said in str(error.value)
    assert len(str(error.value)) < 1000


def test_layers_of_a_plugin(tmp_path: Path) -> None:
    """Only Keras knows where they have their weights."""
    text = "layers: [{type: Input, name: x, shape: [3]}, {type: Scale, name: %s}, {type: Dense, name: y, units: 3}]"
    with plugin.added(plugin.Scale):
        model = specc.build(specc.Spec.from_text(text % "a"), seed=1)
        model.save(tmp_path / "old.keras")
        for name in ("a", "b"):
            again = specc.build(
                specc.Spec.from_text(text % name), weights=tmp_path / "old.keras", weights_map={"a": name}
            )
            for one, other in zip(again.get_weights(), model.get_weights(), strict=True):
                np.testing.assert_array_equal(one, other)
        wider = specc.Spec.from_text(text.replace("[3]", "[4]") % "a")
        with pytest.raises(ValueError, match=re.escape("'a' (Scale) needs factor (4,), but the file has factor (3,)")):
            specc.build(wider, weights=tmp_path / "old.keras")
        given = Given.of(tmp_path / "old.keras", partial=True)
        with pytest.raises(ValueError, match=r"^no layer in .*has the name and the shapes of one of the model"):
            weights_file.build(specc.compile(wider), given=given)
