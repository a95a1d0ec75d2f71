"""Keras's models, imported and built again with their weights, predict the same."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from keras import Input, Model, Sequential, layers

import specc


def mobile_net_v3() -> Any:
    return keras.applications.MobileNetV3Small((32, 32, 3), weights=None, classes=3)


def auto_encoder() -> Any:
    """Two Sequential models in a functional one."""
    encoder = Sequential([Input((16,)), layers.Dense(8, activation="relu"), layers.Dense(4)], name="encoder")
    decoder = Sequential([Input((4,)), layers.Dense(8), layers.Dense(16)], name="decoder")
    x = Input((16,), name="x")
    return Model(x, decoder(encoder(x)))


def two_towers() -> Any:
    """A nested model that is shared, with several outputs in a map."""
    x = Input((8,))
    tower = Model(x, {"wide": layers.Dense(4)(x), "deep": layers.Dense(4)(layers.Dense(3, "relu")(x))}, name="tower")
    left, right = Input((8,), name="left"), Input((8,), name="right")
    one, other = tower(left), tower(right)
    return Model([left, right], layers.Dot(-1)([layers.Add()([one["wide"], one["deep"]]), other["deep"]]))


def states() -> Any:
    """An encoder whose states begin a decoder, and masks."""
    words, before = Input((None,), dtype="int32", name="words"), Input((None, 4), name="before")
    embedded = layers.Embedding(20, 6, mask_zero=True)(words)
    _, *state = layers.LSTM(5, return_state=True)(embedded)
    decoded = layers.LSTM(5, return_sequences=True)(before, initial_state=state)
    return Model([words, before], [layers.TimeDistributed(layers.Dense(3))(decoded), before[:, 0] * 2 + 1])


@pytest.mark.parametrize("make", [mobile_net_v3, auto_encoder, two_towers, states])
def test_predictions(make: Callable[[], Any], tmp_path: Path) -> None:
    keras.utils.clear_session(free_memory=False)
    model = make()
    rng = np.random.default_rng(3)
    model.set_weights([weight + 0.05 * rng.random(weight.shape) for weight in model.get_weights()])
    path = tmp_path / "model.keras"
    model.save(path)
    spec = tmp_path / "spec.yaml"
    spec.write_text(specc.import_model(path).text)
    made = specc.build(spec, form="functional", weights=path)
    listed = [
        rng.integers(0, 20, (2, 7)).astype("int32") if tensor.dtype == "int32" else _numbers(rng, tensor.shape)
        for tensor in model.inputs
    ]
    given = listed[0] if len(listed) == 1 else listed
    for one, other in zip(keras.tree.flatten(made(given)), keras.tree.flatten(model(given)), strict=True):
        np.testing.assert_array_equal(one, other)


def _numbers(rng: np.random.Generator, shape: tuple[int | None, ...]) -> Any:
    return rng.random([2, *(size or 7 for size in shape[1:])]).astype("float32")
