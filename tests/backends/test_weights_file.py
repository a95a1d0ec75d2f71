"""Files of initial weights: all kinds of layers, and what is said where they do not fit."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import specc
from specc.backends import weights_file

NET = """
name: net
vars: {nested: 3, units: 2, bias: true, optimizer: adam, cells: 2}
blocks:
  part:
    inputs: [x]
    layers: [{type: Dense, name: inner, units: $nested}, {type: BatchNormalization, name: norm}]
    outputs: [norm]
layers:
  - {type: Input, name: x, shape: [4, 3]}
  - {type: Bidirectional, name: both, layer: {type: LSTM, units: $cells, return_sequences: true}}
  - {type: TimeDistributed, name: steps, layer: {type: Dense, units: 3}}
  - {type: part, name: part, nested: true}
  - {type: Dense, name: y, units: $units, use_bias: $bias}
  - {share: y, name: again, from: part}
  - {type: Dense, name: z, units: 1, from: again}
outputs: [y, z]
compile: {optimizer: $optimizer, loss: mse}
"""


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Path]:
    """A trained model, whose optimizer has state, and its file."""
    model, path = net(), tmp_path_factory.mktemp("saved") / "net.keras"
    model.fit(np.ones((2, 4, 3)), [np.ones((2, 4, 2)), np.ones((2, 4, 1))], verbose=0)
    model.save(path)
    return model, path


def net(text: str = NET, **values: Any) -> Any:
    return specc.build(specc.Spec.from_text(text), set=values)


@pytest.mark.parametrize("optimizer", ["adam", "sgd", {"type": "SGD", "momentum": 0.9}])
def test_what_fits_is_loaded_without_a_word(saved: tuple[Any, Path], optimizer: Any) -> None:
    model = net(optimizer=optimizer)
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        weights_file.load(model, str(saved[1]))
    for one, other in zip(model.get_weights(), saved[0].get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(("values", "said"), [
    ({"units": 5}, "'y' (Dense) needs kernel (3, 5), bias (5,), but the file has kernel (3, 2), bias (2,); 'z' (Dense) needs kernel (5, 1), but the file has kernel (2, 1)"),
    ({"bias": False}, "'y' (Dense) needs kernel (3, 2), but the file has kernel (3, 2), (2,)"),
    ({"nested": 4}, "'inner' (Dense) in 'part' needs kernel (3, 4), bias (4,), but the file has kernel (3, 3), bias (3,)"),
    ({"cells": 4}, "'both' (Bidirectional) needs backward_layer/cell/0 (3, 16), "),
])  # fmt: skip
def test_what_does_not_fit_names_the_layer_and_both_shapes(saved: tuple[Any, Path], values: Any, said: str) -> None:
    with pytest.raises(ValueError, match="; nothing was loaded") as error:
        weights_file.load(net(**values), str(saved[1]))
    assert said in str(error.value)
    assert len(str(error.value)) < 1000


@pytest.mark.parametrize(("text", "said"), [
    (NET.replace("outputs: [y, z]", "  - {type: Dense, name: more, units: 1}\noutputs: [y, more]"), "'more' (Dense) needs kernel (1, 1), bias (1,), but the file has nothing for it"),
    (NET.replace("  - {type: Dense, name: z, units: 1, from: again}\n", "").replace("[y, z]", "[y, again]"), "the file has weights of 'z', (2, 1), (1,), but the spec has no such layer"),
])  # fmt: skip
def test_another_number_of_layers(saved: tuple[Any, Path], text: str, said: str) -> None:
    with pytest.raises(ValueError, match="do not fit the model") as error:
        weights_file.load(net(text), str(saved[1]))
    assert said in str(error.value)
