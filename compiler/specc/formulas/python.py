"""A formula as one expression of Python, with the functions of ``keras.ops``."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from specc.formulas.functions import arguments_of
from specc.formulas.operators import BINARY, COMPARE, UNARY, Operator
from specc.formulas.steps import Lowered, Made, Name, Operand, Step
from specc.operations.base import Operation

_SIGNS: dict[str, Operator] = {f"ops.{found.operation}": found for found in (*BINARY.values(), *COMPARE.values())}
_UNARY: dict[str, Operator] = {f"ops.{found.operation}": found for found in UNARY.values()}
_NO_SIGNS = frozenset({"=="})
"""Signs that compare objects, and not the elements, between Keras's tensors."""
_ATOM = 9
_POWER = 7


class Names(Protocol):
    """What the code around the expression calls things."""

    def tensor(self, reference: str) -> str:
        """The expression for what a reference in the formula refers to: a variable, mostly."""

    def is_constant(self, reference: str) -> bool:
        """Whether that is a constant: TensorFlow's operators, which it has, promote no dtypes."""

    def value(self, written: str) -> str:
        """The expression for ``$name`` or ``$(...)`` as it is written in the formula."""


class _Text(NamedTuple):
    """An expression, how strongly its outermost operator binds, and whether what it gives is a constant."""

    text: str
    binds: int
    is_constant: bool

    def beside(self, binds: int) -> str:
        """The text as an operand of an operator that binds that strongly."""
        return self.text if self.binds >= binds else f"({self.text})"


def expression(formula: Lowered, names: Names) -> str:
    """The formula as Python, which gives the same as its operations."""
    return _Writer(formula, names).step(len(formula.steps) - 1).text


class _Writer:
    def __init__(self, formula: Lowered, names: Names) -> None:
        self._formula = formula
        self._names = names

    def step(self, number: int) -> _Text:
        """What a step computes."""
        step = self._formula.steps[number]
        if step.operation.type_name == "ops.copy" and isinstance(made := step.inputs["x"], Made) and made.port:
            return self._operand(made)
        if step.operation.type_name == "ops.get_item":
            (value,) = map(self._operand, _listed(step.inputs["x"]))
            return _Text(f"{value.beside(_ATOM)}[{self._constant(step, 'key')}]", _ATOM, value.is_constant)
        if (sign := _UNARY.get(step.operation.type_name)) is not None:
            (value,) = map(self._operand, _listed(step.inputs["x"]))
            if not value.is_constant:
                return _Text(f"{sign.sign}{value.beside(sign.binds)}", sign.binds, False)
        if (sign := _SIGNS.get(step.operation.type_name)) is not None and sign.sign not in _NO_SIGNS:
            infix = self._infix(step, sign)
            if infix is not None:
                return infix
        return self._call(step)

    def _infix(self, step: Step, sign: Operator) -> _Text | None:
        """An operator between two values; None where that is not Keras's: two constants, or a constant tensor first."""
        first, second = (self._side(step, name) for name in ("x1", "x2"))
        is_tensor = "x1" in step.inputs or isinstance(getattr(step.operation, "x1", None), tuple)
        if first.is_constant and (is_tensor or second.is_constant):
            return None
        left, right = (sign.binds + 1, sign.binds) if sign.binds == _POWER else (sign.binds, sign.binds + 1)
        if sign.binds == 1:  # a chain of comparisons means something else
            left = 2
        return _Text(f"{first.beside(left)} {sign.sign} {second.beside(right)}", sign.binds, False)

    def _side(self, step: Step, name: str) -> _Text:
        if name in step.inputs:
            (operand,) = _listed(step.inputs[name])
            return self._operand(operand)
        text = self._constant(step, name)
        if isinstance(getattr(step.operation, name), tuple):
            return _Text(f"keras.ops.array({text})", _ATOM, True)
        return _Text(text, _ATOM if text.replace(".", "").isalnum() else 0, True)

    def _call(self, step: Step) -> _Text:
        """A call of the function: by position what it needs, by name the rest."""
        operation = step.operation
        assert isinstance(operation, Operation)
        cls = type(operation)
        given = {name: list(map(self._operand, _listed(value))) for name, value in step.inputs.items()}
        is_constant = all(it.is_constant for found in given.values() for it in found)
        written: list[str] = []
        named = False
        for argument in arguments_of(cls):
            name = argument.removeprefix("*")
            if argument != name:
                written += [it.text for it in given[name]]
            elif name not in given and name not in step.constants:
                named = cls.keras_name() != "ops.arange" or name != "start"  # Keras takes a lone end first
            else:
                by_place = name in given or name in cls.tensor_names() or cls.keras_name() == "ops.arange"
                named = named or not (by_place or cls.argument_fields()[name].is_required())
                text = self._argument(step, name, given)
                written.append(f"{name}={text}" if named else text)
        return _Text(f"{cls.function}({', '.join(written)})", _ATOM, is_constant)

    def _argument(self, step: Step, name: str, given: dict[str, list[_Text]]) -> str:
        if name not in given:
            return self._side(step, name).text if name in step.operation.tensor_names() else self._constant(step, name)
        texts = ", ".join(it.text for it in given[name])
        return f"[{texts}]" if isinstance(step.inputs[name], list) else texts

    def _constant(self, step: Step, name: str) -> str:
        """A constant as it is written."""
        return self._formula.text.written_with(step.constants[name], self._names.value)

    def _operand(self, operand: Operand) -> _Text:
        if isinstance(operand, Name):
            return _Text(self._names.tensor(operand.text), _ATOM, self._names.is_constant(operand.text))
        made = self.step(operand.step)
        if operand.port is None:
            return made
        return _Text(f"{made.beside(_ATOM)}[{operand.port}]", _ATOM, made.is_constant)


def _listed(value: Operand | list[Operand]) -> list[Operand]:
    return value if isinstance(value, list) else [value]
