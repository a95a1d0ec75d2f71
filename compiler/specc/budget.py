"""What one compilation may spend, whatever its spec says; everything is counted before it is done.

A spec of a few lines can define values, copies and wires without end. What it may create is proportional to its text.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, NamedTuple

DEEPEST_VALUE = 100
"""How deep lists and maps in a computed value may be nested; as deep as in a file."""

A_LAYER = 25
"""Characters of text for each layer that copies and blocks make, in a long spec."""
AN_ITEM = 12
"""Characters for each layer that is written out, beyond `MOST_ITEMS`."""
MOST_ITEMS = 100_000
"""Layers that may be written out, however short their text."""
A_FORMULA = 50
"""Characters for each different formula, beyond `Budget.most_formulas`."""
A_WIRE = 10
"""Characters for each connection beyond a hundred thousand."""
LARGEST_CONSTANT = 1 << 26
"""Bytes of a tensor that is computed when the model is built; Keras saves it as text, which takes five times as many."""
MOST_CONSTANT_BYTES = 1 << 28
"""Bytes of all such tensors of a model."""


class Size(NamedTuple):
    """How large a value is."""

    elements: int
    """Elements and characters of strings; at least 1."""
    depth: int
    """How deep lists and maps are nested."""


@dataclass(eq=False)
class Budget:
    """What is left, and the values that have been measured."""

    values: int = 1_000_000
    """Elements and characters that expressions create, and that replace ``$name``."""
    layers: int = 30_000
    """Layers and block instances."""
    most_layers: int = layers
    characters: int = 0
    """Of the spec."""
    wires: int = 100_000
    """Resolved references; a name of many copies counts as all of them."""
    comparisons: int = 15_000
    """Names that a wrong one is compared with."""
    most_formulas: int = 20_000
    """Different formulas: parsing one takes as long as creating a layer."""
    most_values: int = values
    most_wires: int = wires
    _formulas: set[str] = field(default_factory=set)
    _sizes: dict[int, tuple[Any, Size]] = field(default_factory=dict)
    _computed: dict[int, tuple[Any, bool]] = field(default_factory=dict)

    @classmethod
    def of(cls, characters: int) -> Budget:
        """The budget of a spec with that many characters."""
        values, wires = cls.values + characters, cls.wires + characters // A_WIRE
        formulas = max(cls.most_formulas, characters // A_FORMULA)
        return cls(
            values,
            characters=characters,
            wires=wires,
            most_formulas=formulas,
            most_values=values,
            most_wires=wires,
        )

    @property
    def most_items(self) -> int:
        """The most items of a list of layers."""
        return max(MOST_ITEMS, self.characters // AN_ITEM)

    def allow_layers(self, written: int) -> None:
        """Begin to count the layers of a spec with that many items written out.

        Those need only half the text of a copy.
        """
        more = written + max(0, self.characters - AN_ITEM * written) // A_LAYER
        self.layers = self.most_layers = max(self.most_layers, more)

    def spend_layers(self, count: int) -> bool:
        """Count layers and instances; False if they are too many."""
        self.layers -= count
        return self.layers >= 0

    def size(self, value: Any) -> Size:
        """The size of a value. Shared lists and maps are measured once; none may change afterwards."""
        if isinstance(value, str):
            return Size(max(1, len(value)), 0)
        if not isinstance(value, list | dict):
            return _SMALL
        known = self._sizes.get(id(value))
        if known is None:
            elements, depth = 1, 0
            for part in value.values() if isinstance(value, dict) else value:
                inside = self.size(part) if isinstance(part, str | list | dict) else _SMALL
                elements += inside.elements
                depth = max(depth, inside.depth)
            known = self._sizes[id(value)] = (value, Size(elements, depth + 1))
        return known[1]

    def is_computed(self, value: Any) -> bool:
        """Whether there is a ``$`` in a string, or in the strings of a list or map."""
        if isinstance(value, str):
            return "$" in value
        if not isinstance(value, (list, dict)):
            return False
        known = self._computed.get(id(value))
        if known is None:
            found = False
            for part in value.values() if isinstance(value, dict) else value:
                if "$" in part if isinstance(part, str) else self.is_computed(part):
                    found = True
                    break
            known = self._computed[id(value)] = (value, found)
        return known[1]

    @property
    def is_overdrawn(self) -> bool:
        """Whether nothing is left for values or formulas, so that no more can be computed."""
        return self.values < 0 or len(self._formulas) > self.most_formulas

    def spend_formula(self, text: str) -> bool:
        """Count a formula, equal ones once; False if they are too many."""
        self._formulas.add(text)
        return len(self._formulas) <= self.most_formulas

    def spend_values(self, count: int) -> bool:
        """Count elements and characters; False if they are too many, which leaves nothing."""
        self.values -= min(count, self.values + 1)
        return self.values >= 0


_SMALL = Size(1, 0)
_CURRENT: ContextVar[Budget | None] = ContextVar("budget", default=None)


def current() -> Budget:
    """The budget of the current compilation; a new one if there is none."""
    return _CURRENT.get() or Budget()


@contextmanager
def compilation(characters: int) -> Iterator[Budget]:
    """Give a compilation its budget, by the characters of its spec."""
    budget = Budget.of(characters)
    token = _CURRENT.set(budget)
    try:
        yield budget
    finally:
        _CURRENT.reset(token)
