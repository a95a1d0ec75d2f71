"""The kinds of Keras objects that an argument can be, and how each is found and checked.

`specc.objects` and `specc.layers` register what they know, and `specc.frontend` the keys that the language reserves.
So the type of an argument can name a kind, and a help can look one up, without importing modules that are themselves
built on arguments.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from specc.arguments.fields import ArgumentFields
from specc.diagnostics.codes import Code


@dataclass(frozen=True)
class Kind:
    """How the objects of a kind are found and checked."""

    find: Callable[[str], type[ArgumentFields] | None]
    """The class of a name in any spelling that Keras knows; None if there is none."""
    parse: Callable[[Any], Any]
    """Checks a value that must be such an object. ProblemsError has what is wrong, with paths that start at it."""
    meant: Callable[[str], str | None]
    """Keras's name for a name in any spelling, also another library's; None if it is not one."""
    refused: Callable[[], Mapping[str, str]]
    """The names that Keras has and no spec can use, each with the reason and what to do instead."""


LISTED = "'specc layers' lists the layer types"
"""The help for a layer type that nothing is like."""
KINDS: dict[str, Kind] = {}
"""By their names in messages: "initializer"... "schedule", then "layer" (operations are found there too)."""
RESERVED: dict[str, tuple[str, ...]] = {}
"""The keys that the language reserves: those of an "item", and of the "spec"."""
UNKNOWN_CODES: dict[str, Code] = {
    "layer": "unknown-layer",
    "operation": "unknown-layer",
    "initializer": "unknown-initializer",
    "regularizer": "unknown-regularizer",
    "constraint": "unknown-constraint",
    "activation": "unknown-activation",
    "loss": "unknown-loss",
    "metric": "unknown-metric",
    "optimizer": "unknown-optimizer",
    "schedule": "unknown-schedule",
}
"""For each kind of Keras object, the error code of an unknown name."""


def find(kind: str, name: str) -> type[ArgumentFields] | None:
    """The class of a name of that kind; None if there is none."""
    return KINDS[kind].find(name)


def parse(kind: str, value: Any) -> Any:
    """Check a value that must be an object of that kind. ProblemsError has what is wrong."""
    return KINDS[kind].parse(value)


def layer_type(name: str) -> str | None:
    """The layer type that a name in any spelling means: ``keras.layers.Dense``, ``Linear``, ``conv2d``."""
    return KINDS["layer"].meant(name)
