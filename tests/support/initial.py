"""The weights that specc makes without Keras, beside those that Keras makes."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from specc.archive.weights.initial import Start, initial
from specc.archive.weights.initial.seeds import beginnings, drawing
from specc.ir import TypedGraph
from specc.objects.initializers import STFT, Orthogonal

DrawnByKeras = list[int]
ROUNDING = {"float16": 1e-3, "bfloat16": 1e-2, "float32": 1e-7, "float64": 1e-16}


@pytest.fixture
def draws_of_keras(monkeypatch: pytest.MonkeyPatch) -> DrawnByKeras:
    """The seeds that Keras draws."""
    drawn: DrawnByKeras = []
    draw = random.randint

    def randint(least: int, most: int) -> int:
        drawn.append(draw(least, most))
        return drawn[-1]

    monkeypatch.setattr(random, "randint", randint)
    return drawn


def drawn(graph: TypedGraph, seed: int) -> list[int | None]:
    """The seeds that specc draws instead."""
    seeds: list[int | None] = []
    draw = drawing(seed)

    def draw_next() -> int | None:
        seeds.append(draw())
        return seeds[-1]

    beginnings(graph, draw_next)
    return seeds


def whole(start: Start) -> np.ndarray[Any, Any]:
    """A weight, from its blocks."""
    weight = np.empty(start.weight.shape, start.dtype)
    for block in start.blocks():
        weight[block.where] = block.numbers
    return weight


def differing(graph: TypedGraph, model: Any, seed: int) -> list[str]:
    """The weights that are not those of the Keras model, with how far they are from them."""
    compared: dict[str, list[Any]] = {layer.name: [] for layer in model.layers}
    for start in initial(graph, seed):
        compared[start.node].append(whole(start))
    return list(_differences(graph, model, compared))


def _differences(graph: TypedGraph, model: Any, compared: dict[str, list[Any]]) -> Iterator[str]:
    for layer in model.layers:
        expected = [weight.numpy() for weight in layer.weights]
        if len(expected) != len(compared[layer.name]):
            yield f"{layer.name}: {len(compared[layer.name])} weights, {len(expected)} in Keras"
        for place, (mine, its) in enumerate(zip(compared[layer.name], expected, strict=False)):
            weight = graph.weights[layer.name][place]
            if (mine.shape, mine.dtype) != (its.shape, its.dtype):
                yield f"{layer.name}/{weight.name}: {mine.shape} {mine.dtype}, in Keras {its.shape} {its.dtype}"
            elif not np.array_equal(mine, its):
                apart = np.abs(mine.astype(float) - its.astype(float)).max()
                if apart > 10 * ROUNDING[weight.dtype] or not _is_rounded(weight.initializer):
                    yield f"{layer.name}/{weight.name}: {apart} apart"


def _is_rounded(initializer: Any) -> bool:
    """Whether Keras's numbers depend on how a library factors matrices or adds up."""
    return initializer == "orthogonal" or isinstance(initializer, (Orthogonal, STFT))
