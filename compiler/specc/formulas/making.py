"""The operations of a formula as they are made, one after the other."""

from __future__ import annotations

from typing import Any, NamedTuple

from specc.formulas import functions
from specc.formulas.steps import Made, Step
from specc.formulas.text import Within, error
from specc.operations.base import Operation


class Literal(NamedTuple):
    """A constant in a formula: a number, a list, a word."""

    value: Any
    within: Within


class Making:
    """The steps so far."""

    def __init__(self) -> None:
        self.steps: list[Step] = []

    def step(self, cls: type[Operation], given: dict[str, Any], constants: dict[str, Literal], within: Within) -> Made:
        """The step of an operation; constants for tensors that it takes as such stay, others become tensors."""
        literals = {name: value for name, value in given.items() if isinstance(value, Literal)}
        inputs = {name: value for name, value in given.items() if name not in literals}
        for name, literal in literals.items():
            if name in cls.constants and inputs:
                constants[name] = literal
            else:
                inputs[name] = self.array(literal)
        return self.make(cls.keras_name().removeprefix("ops."), constants, inputs, within)

    def array(self, literal: Literal) -> Made:
        """The step that makes a tensor of a constant."""
        return self.make("array", {"x": literal}, {}, literal.within)

    def make(self, function: str, constants: dict[str, Literal], inputs: dict[str, Any], within: Within) -> Made:
        """A step. ExpressionError for constants that the operation does not take."""
        cls = functions.find(function, within)
        operation, problems = cls.parse({name: literal.value for name, literal in constants.items()})
        if operation is None:
            problem = problems[0]
            at = constants.get(str(problem.path[0])) if problem.path else None
            raise error(f"{function}: {problem.message}", within if at is None else at.within, problem.help)
        order = {argument.name: inputs[argument.name] for argument in cls.tensors if argument.name in inputs}
        written = {name: literal.within for name, literal in constants.items()}
        self.steps.append(Step(operation, order, within, written))
        return Made(len(self.steps) - 1, within)

    def ports(self, made: Made) -> tuple[str, ...]:
        """The names of the outputs of a step."""
        return self.steps[made.step].operation.ports({})
