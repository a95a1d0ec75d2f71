"""What a formula becomes: operations in order, and what each of them reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from specc.calls import Callee

Within = tuple[int, int]
"""The first character of a part of a formula, and the one after its last."""


class Name(NamedTuple):
    """A reference in a formula, as ``from`` has them."""

    text: str
    within: Within


class Made(NamedTuple):
    """An output of an earlier step."""

    step: int
    within: Within
    port: int | None = None
    """The output that the formula picks; None before it does."""


Operand = Name | Made


@dataclass(frozen=True)
class Step:
    """One operation of a formula."""

    operation: Callee
    inputs: dict[str, Operand | list[Operand]]
    """What each tensor argument gets; a list for one that takes many."""
    within: Within


@dataclass(frozen=True)
class Lowered:
    """A formula as operations: the last one gives its value."""

    text: str
    """The formula with its values put in, on one line."""
    steps: tuple[Step, ...]

    @property
    def names(self) -> list[Name]:
        """The references in it, in the order of the text."""
        operands = [
            operand
            for step in self.steps
            for value in step.inputs.values()
            for operand in (value if isinstance(value, list) else [value])
        ]
        return sorted((it for it in operands if isinstance(it, Name)), key=lambda name: name.within)
