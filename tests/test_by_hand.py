"""Specs in the forms of the language beside the Keras code that they stand for: equal weights, outputs and training."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers, ops

import specc
from tests.support.checking import spec

# -- Copies by number ----------------------------------------------------------------------------

UNET = """
    vars: {depth: 2, width: 2}
    defaults: {Conv1D: {kernel_size: 3, padding: same, activation: relu}}
    blocks:
      down:
        args: {filters: null}
        inputs: [x]
        layers:
          - {type: Conv1D, name: skip, filters: $filters, repeat: 2}
          - {type: MaxPooling1D, name: smaller}
        outputs: [smaller, skip]
      up:
        inputs: [x, skip]
        layers:
          - {type: Conv1DTranspose, name: larger, filters: "$(shape(skip)[-1])", kernel_size: 2, strides: 2, from: x}
          - {type: Concatenate, from: [skip, larger]}
          - {type: Conv1D, name: out, filters: "$(shape(skip)[-1])", repeat: 2}
        outputs: [out]
    layers:
      - {type: Input, name: signal, shape: [16, 1]}
      - {type: down, name: down, filters: $(width * 2 ** index), repeat: $depth}
      - {type: Conv1D, name: bottom, filters: $(width * 2 ** depth)}
      - {type: up, name: up, repeat: $depth, from: [bottom, "down[$(depth - 1 - index)].skip"]}
      - {type: GlobalAveragePooling1D, name: pooled, each: {level: "$(range(depth))"}, from: "up[$level]"}
      - {type: Concatenate, name: all, from: "pooled[*]"}
      - {type: Dense, name: mask, units: 1, from: "up[-1]"}
    outputs: [mask, all, "down[0].skip"]
    compile: {optimizer: sgd, loss: {mask: mse, all: mse, down_1.skip: mae}}
"""


def unet(depth: int) -> Any:
    def conv(x: Any, filters: int) -> Any:
        return layers.Conv1D(filters, 3, padding="same", activation="relu")(x)

    signal = x = keras.Input((16, 1))
    skips, levels = [], []
    for level in range(depth):
        skips.append(conv(conv(x, 2 * 2**level), 2 * 2**level))
        x = layers.MaxPooling1D()(skips[-1])
    x = conv(x, 2 * 2**depth)
    for skip in reversed(skips):
        filters = skip.shape[-1]
        x = layers.Concatenate()([skip, layers.Conv1DTranspose(filters, 2, strides=2)(x)])
        x = conv(conv(x, filters), filters)
        levels.append(layers.GlobalAveragePooling1D()(x))
    joined = layers.Concatenate(name="all")(levels)
    first = layers.Identity(name="down_1.skip")(skips[0])
    model = keras.Model(signal, [layers.Dense(1, name="mask")(x), joined, first])
    model.compile("sgd", {"mask": "mse", "all": "mse", "down_1.skip": "mae"})
    return model


# -- Outputs by their items' names ---------------------------------------------------------------

HEADS = """
    blocks:
      head:
        args: {units: null}
        inputs: [x]
        layers:
          - {type: Dense, name: hidden, units: 4, activation: relu}
          - {type: Dense, name: out, units: $units}
        outputs: [out]
    layers:
      - {type: Input, name: x, shape: [4]}
      - {type: Dense, name: trend, units: 3, activation: relu, repeat: 2}
      - {type: head, name: price, units: 1, from: x}
      - {type: head, name: $task, units: 2, each: {task: [buy, sell]}, from: x}
    compile:
      optimizer: sgd
      loss: {price: mse, trend: mae, buy: mse, sell: mse}
      loss_weights: {trend: 0.5}
      metrics: {price: [mae], trend: [mse]}
"""


def heads() -> Any:
    x = keras.Input((4,))
    trend = layers.Dense(3, activation="relu")(layers.Dense(3, activation="relu")(x))

    def head(name: str, units: int) -> Any:
        return layers.Identity(name=name)(layers.Dense(units)(layers.Dense(4, activation="relu")(x)))

    outputs = [layers.Identity(name="trend")(trend), head("price", 1), head("buy", 2), head("sell", 2)]
    model = keras.Model(x, outputs)
    model.compile(
        "sgd",
        {"price": "mse", "trend": "mae", "buy": "mse", "sell": "mse"},
        loss_weights={"trend": 0.5, "price": 1.0, "buy": 1.0, "sell": 1.0},
        metrics={"price": ["mae"], "trend": ["mse"]},
    )
    return model


# -- What else the language has -------------------------------------------------------------------

SKIPS = """
    blocks:
      step:
        args: {rate: null}
        inputs: [x, total]
        layers:
          - {type: Conv1D, name: out, filters: "$(shape(x)[-1])", kernel_size: 2, padding: causal, dilation_rate: $rate, from: x}
          - {type: Add, name: sum, from: [total, out]}
        outputs: {x: out, total: sum}
      fuse:
        inputs: [x, {name: skips, many: true}]
        layers:
          - {type: Concatenate, name: all, from: [skips, x]}
          - {formula: "all + skips[0][..., :1]", name: out}
        outputs: [out]
    layers:
      - {type: Input, name: x, shape: [6, 2]}
      - {type: step, name: step, rate: $rate, repeat: {rate: [1, 2, 4]}, from: {x: x, total: x}}
      - {type: fuse, name: fused, from: [step.total, "step[*]"]}
      - {type: Dense, name: y, units: 1}
    compile: {optimizer: sgd, loss: mse}
"""


def skips() -> Any:
    given = x = total = keras.Input((6, 2))
    steps = []
    for rate in (1, 2, 4):
        x = layers.Conv1D(2, 2, padding="causal", dilation_rate=rate)(x)
        total = layers.Add()([total, x])
        steps.append(x)
    fused = layers.Concatenate()([*steps, total]) + steps[0][..., :1]
    model = keras.Model(given, layers.Dense(1, name="y")(fused))
    model.compile("sgd", "mse")
    return model


SHARED = """
    blocks:
      read:
        args: {head: null}
        inputs: [x]
        layers:
          - {type: Dense, name: deeper, units: 4, activation: relu}
          - {share: $head, name: said}
        outputs: [deeper, said]
    layers:
      - {type: Input, name: $field, shape: [4], each: {field: [left, right]}}
      - {type: Dense, name: turn, units: 4, activation: tanh, from: left}
      - {share: turn, name: turned, repeat: 2}
      - {share: turn, name: other, each: {of: [right, turned]}, from: $of}
      - {type: read, name: second, head: turn, from: "other[-1]"}
      - {type: ops.arange, name: places, stop: 4, dtype: float32}
      - {formula: "(second + second.said) * places + [0, 1, 0, 1]", name: placed}
      - {formula: "concatenate([placed, other[0], exp(-turned[0] ** 2 / 2)], axis=-1)", name: all}
      - {type: Dense, name: y, units: 1}
    compile: {optimizer: sgd, loss: mse}
"""


def shared() -> Any:
    left, right = keras.Input((4,), name="left"), keras.Input((4,), name="right")
    turn = layers.Dense(4, activation="tanh")
    once = turn(turn(left))
    turned = turn(once)
    others = [turn(right), turn(turned)]
    deeper = layers.Dense(4, activation="relu")(others[1])
    placed = (deeper + turn(deeper)) * ops.arange(4, dtype="float32") + np.array([0, 1, 0, 1], "float32")
    joined = ops.concatenate([placed, others[0], ops.exp(-(once**2) / 2)], axis=-1)
    model = keras.Model([left, right], layers.Dense(1, name="y")(joined))
    model.compile("sgd", "mse")
    return model


CASES: dict[str, tuple[str, dict[str, Any], Callable[[], Any]]] = {
    "unet of depth 2": (UNET, {}, lambda: unet(2)),
    "unet of depth 1": (UNET, {"depth": 1}, lambda: unet(1)),
    "outputs by their items' names": (HEADS, {}, heads),
    "what is handed on": (SKIPS, {}, skips),
    "what is shared": (SHARED, {}, shared),
}


@pytest.mark.parametrize("case", CASES)
def test_spec_is_what_is_written_by_hand(case: str, tmp_path: Path) -> None:
    text, values, build = CASES[case]
    ours, theirs = specc.build(spec(text), set=values, seed=0), build()
    pairs = match(ours, theirs)
    numbers = np.random.default_rng(0)
    data = [[numbers.random((rows, *given.shape[1:]), "float32") for given in ours.inputs] for rows in (3, 5)]
    for batch in data:
        alike(ours(batch), theirs(batch))
    targets = [numbers.random((3, *made.shape[1:]), "float32") for made in ours.outputs]
    logs = []
    for model in (ours, theirs):
        model.run_eagerly = True
        logs.append(list(model.train_on_batch(data[0], targets, return_dict=True).values()))
    np.testing.assert_allclose(sorted(logs[0]), sorted(logs[1]), rtol=1e-5)
    for one, other in pairs:
        np.testing.assert_allclose(one.numpy(), other.numpy(), rtol=1e-4, atol=1e-6)
    ours.save(tmp_path / "model.keras")
    alike(keras.models.load_model(tmp_path / "model.keras")(data[1]), ours(data[1]))


def match(ours: Any, theirs: Any) -> list[tuple[Any, Any]]:
    """Give the second model the weights of the first, and return the pairs."""
    assert [weight.shape for weight in ours.weights] == [weight.shape for weight in theirs.weights]
    theirs.set_weights(ours.get_weights())
    return list(zip(ours.weights, theirs.weights, strict=True))


def alike(ours: Any, theirs: Any) -> None:
    """Fail unless two results of a model are equal."""
    for one, other in zip(keras.tree.flatten(ours), keras.tree.flatten(theirs), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)
