"""The seeds that Keras draws, of every layer type: how many, in which order, and which weight has which."""

from __future__ import annotations

import random
from itertools import count, product
from typing import Any

import pytest

import specc
from specc import layers
from specc.archive.weights.initial.seeds import Construction, drawing
from specc.backends.keras_model import realize
from specc.layers.rnn import Recurrent
from tests.support.examples import NAMES, Items, example
from tests.support.initial import DrawnByKeras, differing, drawn, draws_of_keras

__all__ = ["draws_of_keras"]

TYPES: dict[str, Any] = {name: layers.find(name) for name in NAMES}
RANDOM = [name for name, cls in TYPES.items() if cls.inner_layers() or any(
    name == "seed" or name.endswith("_initializer") for name in cls.argument_fields())]  # fmt: skip
"""The types that take initializers, a seed, or layers that may."""


def with_objects(value: Any, seed: int | None = None) -> Any:
    """The items, with a random initializer as an object in each place, every second with a seed, and layers that drop."""
    if isinstance(value, list):
        return [with_objects(each, seed) for each in value]
    if isinstance(value, str) and value in NAMES:
        value = {"type": value}
    cls = TYPES.get(value.get("type", "")) if isinstance(value, dict) else None
    if cls is None:
        return value
    given = {key: with_objects(each, seed) if key in cls.inner_layers() else each for key, each in value.items()}
    initializers = [argument for argument in cls.argument_order() if argument.endswith("_initializer")]
    for place, argument in enumerate(initializers):
        given[argument] = {"type": "LecunUniform", "seed": place if place % 2 else None}
    for argument, other in (("seed", seed), ("dropout", 0.25), ("recurrent_dropout", 0.25)):
        if argument in cls.argument_fields():
            given[argument] = other
    return given


def agree(items: Items, draws: DrawnByKeras) -> None:
    """The same seeds are drawn, and the weights are equal."""
    spec = {"name": "model", "layers": items}
    draws.clear()
    model = specc.build(spec, seed=7)
    graph = specc.compile(spec)
    assert drawn(graph, 7) == draws
    assert differing(graph, model, 7) == []


@pytest.mark.parametrize("name", NAMES)
def test_examples_have_the_weights_of_keras(name: str, draws_of_keras: DrawnByKeras) -> None:
    agree(example(name), draws_of_keras)


@pytest.mark.parametrize("name", RANDOM)
def test_given_initializers_are_constructed_before_their_layer(name: str, draws_of_keras: DrawnByKeras) -> None:
    agree(with_objects(example(name)), draws_of_keras)


def test_constructors_draw_as_often_whatever_the_arguments(draws_of_keras: DrawnByKeras) -> None:
    compared = 0
    for name in (name for name in RANDOM if "seed" in TYPES[name].model_fields):
        given = next((item for item in example(name) if item["type"] == name), {})
        given = {key: value for key, value in given.items() if key in TYPES[name].argument_fields() and key != "name"}
        for argument, value in product(TYPES[name].argument_order(), (True, False, None, 0, 0.5)):
            layer, _ = TYPES[name].parse({**given, argument: value})
            if layer is None:
                continue
            draws_of_keras.clear()
            try:
                realize(layer)
            except Exception:  # check refuses it later, when it knows the inputs
                continue
            mine = count()
            Construction({}, mine.__next__).construct(layer)
            assert next(mine) == len(draws_of_keras), (name, argument, value)
            compared += 1
    assert compared > 300


@pytest.mark.parametrize("seed", [None, 5])
@pytest.mark.parametrize("name", [name for name, cls in TYPES.items() if issubclass(cls, Recurrent)])
def test_directions_are_clones(name: str, seed: int | None, draws_of_keras: DrawnByKeras) -> None:
    """A clone is made from a configuration, in which objects and seeds may be lost."""
    *items, last = with_objects(example(name), seed)
    agree([*items, {"type": "Bidirectional", "layer": last}], draws_of_keras)


def test_a_seed_is_that_of_python() -> None:
    random.seed(3)
    draw = drawing(3)
    assert [draw(), draw()] == [random.randint(1, int(1e9)), random.randint(1, int(1e9))]
    assert drawing(None)() is None
