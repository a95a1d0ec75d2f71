"""What one compilation may spend, whatever its spec says; all of it is counted before it is done.

A spec of a few lines can name values, copies and wires without end. What it may make is in proportion to its text.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, NamedTuple

DEEPEST_VALUE = 100
"""Lists and maps inside each other that a value may become; as many as may be written."""

A_LAYER = 25
"""Characters of text for each layer that copies and blocks make, where it is long."""
AN_ITEM = 12
"""Characters for each layer that stands there itself, of more than `MOST_ITEMS`."""
MOST_ITEMS = 100_000
"""Layers that stand there themselves, however short their text."""
A_FORMULA = 50
"""Characters for each formula that differs from all others, where they are more than `Budget.most_formulas`."""
A_WIRE = 10
"""Characters for each connection, of more than a hundred thousand."""


class Size(NamedTuple):
    """How large a value is."""

    elements: int
    """Those in it and the characters of texts; 1 at least."""
    depth: int
    """The lists and maps inside each other."""


@dataclass(eq=False)
class Budget:
    """What is left, and what is known of values that are measured once."""

    values: int = 1_000_000
    """Elements and characters that expressions make, and that stand where a ``$name`` stood."""
    layers: int = 30_000
    """Layers and block instances."""
    most_layers: int = layers
    characters: int = 0
    """Of the spec."""
    wires: int = 100_000
    """What references stand for, a name of many copies counted as all of them."""
    comparisons: int = 15_000
    """Names that a wrong one is compared with."""
    most_formulas: int = 20_000
    """Formulas that differ: to read one takes as long as to make a layer."""
    most_values: int = values
    most_wires: int = wires
    _formulas: set[str] = field(default_factory=set)
    _sizes: dict[int, tuple[Any, Size]] = field(default_factory=dict)
    _computed: dict[int, tuple[Any, bool]] = field(default_factory=dict)

    @classmethod
    def of(cls, characters: int) -> Budget:
        """The budget of a spec of so many characters."""
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
        """Begin to count the layers of a spec that writes so many items one by one.

        Those need only half the text of a copy.
        """
        more = written + max(0, self.characters - AN_ITEM * written) // A_LAYER
        self.layers = self.most_layers = max(self.most_layers, more)

    def spend_layers(self, count: int) -> bool:
        """Count layers and instances; False where they are too many."""
        self.layers -= count
        return self.layers >= 0

    def size(self, value: Any) -> Size:
        """The size of a value. Lists and maps that others share are measured once; none may change afterwards."""
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
        """Whether there is a ``$`` in a text, or in the texts of a list or map."""
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
        """Whether nothing is left for values or formulas, so that none can be computed any more."""
        return self.values < 0 or len(self._formulas) > self.most_formulas

    def spend_formula(self, text: str) -> bool:
        """Count a formula, equal ones once; False where they are too many."""
        self._formulas.add(text)
        return len(self._formulas) <= self.most_formulas

    def spend_values(self, count: int) -> bool:
        """Count elements and characters; False where they are too many, which leaves nothing."""
        self.values -= min(count, self.values + 1)
        return self.values >= 0


_SMALL = Size(1, 0)
_CURRENT: ContextVar[Budget | None] = ContextVar("budget", default=None)


def current() -> Budget:
    """The budget of the compilation that runs; a fresh one where none does."""
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
