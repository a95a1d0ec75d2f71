"""The kinds of Keras objects that an argument can be, and how each is found and checked.

`specc.objects` and `specc.layers` put in what they know, and `specc.frontend` the keys that the language keeps for
itself. So the type of an argument can name a kind, and a help can look one up, without an import of what is itself made
of arguments.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from specc.arguments.fields import ArgumentFields
from specc.diagnostics.codes import Code


@dataclass(frozen=True)
class Kind:
    """How the objects of a kind are found and checked."""

    find: Callable[[str], type[ArgumentFields] | None]
    """The class of a name in any spelling that Keras knows; None where there is none."""
    parse: Callable[[Any], Any]
    """Checks a value that is to be such an object. ProblemsError says what is wrong, with paths that count from it."""
    meant: Callable[[str], str | None]
    """The name that one in any spelling, also another library's, stands for; None where it is none."""


KINDS: dict[str, Kind] = {}
"""By their names, as messages say them: "initializer"... "schedule", then "layer" (operations are found there too)."""
RESERVED: dict[str, tuple[str, ...]] = {}
"""The keys that the language keeps for itself: of an "item", and of the "spec"."""
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
"""Of each kind of Keras object: the code of a name that none has."""


def find(kind: str, name: str) -> type[ArgumentFields] | None:
    """The class of a name of that kind; None where there is none."""
    return KINDS[kind].find(name)


def parse(kind: str, value: Any) -> Any:
    """Check a value that is to be an object of that kind. ProblemsError says what is wrong."""
    return KINDS[kind].parse(value)


def layer_type(name: str) -> str | None:
    """The layer type that a name in any spelling stands for: ``keras.layers.Dense``, ``Linear``, ``conv2d``."""
    return KINDS["layer"].meant(name)
