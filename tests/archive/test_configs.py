"""Every layer type and every object as Keras's ``get_config`` gives it: with its defaults, and with drawn arguments."""

from __future__ import annotations

from contextlib import suppress
from random import Random
from typing import Any

import pytest

from specc import layers
from specc.diagnostics.problem import RuleError
from specc.layers.base import Layer
from tests.support.argument_draws import alone, together
from tests.support.examples import NAMES
from tests.support.saved import Given, both, differences, example_of

LAYERS = [name for name in NAMES if name != "Input"]


def equal(
    layer: Layer, given: Given | None = None, options: dict[str, Any] | None = None, default: str = "float32"
) -> None:
    found = list(differences(*both(layer, given, options or {}, default)))
    assert not found, (layer, found)


@pytest.mark.parametrize("name", LAYERS)
def test_a_layer_that_is_not_built(name: str) -> None:
    cls: Any = layers.find(name)
    base = example_of(name).layer.given()
    equal(cls.parse(base)[0])
    for arguments in alone(cls, base):
        equal(cls.parse(arguments)[0])


@pytest.mark.parametrize("name", [name for name in LAYERS if example_of(name).given is not None])
def test_a_layer_that_is_built(name: str) -> None:
    cls: Any = layers.find(name)
    layer, given, options = example_of(name)
    equal(layer, given, options)
    drawn = [(cls.parse(arguments)[0], "float32") for arguments in together(cls, layer.given(), 4, Random(name))]
    for other, default in [(layer, "mixed_bfloat16"), *drawn]:
        with suppress(RuleError):  # it does not fit the input
            equal(other, given, options, default)
