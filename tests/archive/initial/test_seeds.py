"""The seeds that Keras draws, of every layer type: how many, in which order, and which weight has which."""

from __future__ import annotations

import random
from typing import Any

import pytest

import specc
from specc import layers
from specc.archive.initial.seeds import drawing
from specc.layers.rnn import Recurrent
from tests.support.examples import NAMES, Items, example
from tests.support.initial import DrawnByKeras, differing, drawn, draws_of_keras

__all__ = ["draws_of_keras"]

TYPES: dict[str, Any] = {name: layers.find(name) for name in NAMES}
RANDOM = [name for name, cls in TYPES.items() if cls.inner_layers() or any(
    name == "seed" or name.endswith("_initializer") for name in cls.argument_fields())]  # fmt: skip
"""The types that take initializers, a seed, or layers that may."""


def with_objects(value: Any, seeded: bool) -> Any:
    """The items, with a random initializer as an object in each place, and layers that drop what they can."""
    if isinstance(value, list):
        return [with_objects(each, seeded) for each in value]
    if isinstance(value, str) and value in NAMES:
        value = {"type": value}
    cls = TYPES.get(value.get("type", "")) if isinstance(value, dict) else None
    if cls is None:
        return value
    given = {key: with_objects(each, seeded) if key in cls.inner_layers() else each for key, each in value.items()}
    for place, argument in enumerate(cls.argument_order()):
        if argument.endswith("_initializer"):
            given[argument] = {"type": "LecunUniform", **({"seed": place} if seeded else {})}
        elif argument == "seed" and seeded:
            given[argument] = 5
        elif argument in ("dropout", "recurrent_dropout"):
            given[argument] = 0.25
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


@pytest.mark.parametrize("seeded", [False, True])
@pytest.mark.parametrize("name", RANDOM)
def test_given_initializers_are_constructed_before_their_layer(
    name: str, seeded: bool, draws_of_keras: DrawnByKeras
) -> None:
    agree(with_objects(example(name), seeded), draws_of_keras)


@pytest.mark.parametrize("seeded", [False, True])
@pytest.mark.parametrize("name", [name for name, cls in TYPES.items() if issubclass(cls, Recurrent)])
def test_directions_are_clones(name: str, seeded: bool, draws_of_keras: DrawnByKeras) -> None:
    """A clone is made from a configuration, in which objects and seeds may be lost."""
    *items, last = with_objects(example(name), seeded)
    agree([*items, {"type": "Bidirectional", "layer": last}], draws_of_keras)


def test_a_seed_is_that_of_python() -> None:
    random.seed(3)
    draw = drawing(3)
    assert [draw(), draw()] == [random.randint(1, int(1e9)), random.randint(1, int(1e9))]
    assert drawing(None)() is None
