"""What a formula becomes: operations in order, and what each of them reads."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from specc.calls import Callee
from specc.formulas.text import FormulaText, Within


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
    constants: dict[str, Within] = field(default_factory=dict)
    """Where each of its constants is written."""


@dataclass(frozen=True)
class Lowered:
    """A formula as operations: the last one gives its value."""

    text: FormulaText
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
