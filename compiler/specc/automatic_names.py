"""Keras's automatic names, counted within a scope instead of within the process."""

from __future__ import annotations

import re
from collections.abc import Container
from functools import lru_cache

_KERAS_CLASS = {"Input": "InputLayer", "GroupQueryAttention": "GroupedQueryAttention"}
"""Types whose Keras class has another name, from which Keras makes the automatic one."""


@lru_cache(maxsize=1024)
def snake_case(name: str) -> str:
    """Keras's ``to_snake_case``.

    >>> snake_case("Conv2DTranspose"), snake_case("LSTM"), snake_case("ops.matmul")
    ('conv2d_transpose', 'lstm', 'matmul')
    """
    if name.isidentifier() and name.islower():  # it is one already
        return name
    name = _KERAS_CLASS.get(name, name).rsplit(".", 1)[-1]
    name = re.sub(r"\W+", "", name)
    name = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower()


def automatic_help(name: str) -> str:
    """A help for a reference by the automatic name of a layer."""
    return f"'{name}' is an automatic name; give the layer the name itself to refer to it"


class AutomaticNames:
    """Assigns the automatic names of one scope, avoiding names that the spec uses.

    >>> names = AutomaticNames({"dense_1"})
    >>> names.next("Dense"), names.next("Dense"), names.next("Dropout")
    ('dense', 'dense_2', 'dropout')
    """

    def __init__(self, taken: Container[str] = ()) -> None:
        self._taken = taken
        self._counts: dict[str, int] = {}

    def next(self, type: str) -> str:
        """The next free name for a layer type."""
        base = snake_case(type)
        while True:
            count = self._counts.get(base, 0)
            self._counts[base] = count + 1
            name = base if count == 0 else f"{base}_{count}"
            if name not in self._taken:
                return name


def is_automatic(name: str, type: str) -> bool:
    """Whether a name is one that Keras counts for a type.

    >>> is_automatic("dense_12", "Dense"), is_automatic("dense_b", "Dense")
    (True, False)
    """
    return re.fullmatch(rf"{re.escape(snake_case(type))}(_[1-9]\d*)?", name) is not None
