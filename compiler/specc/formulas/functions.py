"""The functions of formulas: those of ``keras.ops``, and what is meant by others."""

from __future__ import annotations

from specc import keras_signatures, layers, operations
from specc.diagnostics.suggest import did_you_mean
from specc.diagnostics.text_safety import quote_value
from specc.expressions.errors import ExpressionError
from specc.formulas.text import Within, error
from specc.operations.base import Operation

_MODULES = ("nn.", "numpy.", "linalg.", "math.", "core.")
"""Modules of ``keras.ops`` whose functions it has itself, too."""
_ELSEWHERE = {
    "len": "a formula has tensors only; $(...) computes with lists",
    "float": "write cast(x, 'float32')",
    "int": "write cast(x, 'int32')",
    "bool": "write x != 0",
    "range": "write arange(n)",
    "pow": "write a ** b",
    "concat": "write concatenate([a, b], axis=-1)",
    "reduce_sum": "write sum(x, axis=1)",
    "reduce_mean": "write mean(x, axis=1)",
    "gather": "write take(x, indices, axis=1)",
    "permute": "write transpose(x, [0, 2, 1])",
    "view": "write reshape(x, [-1, 8])",
    "unsqueeze": "write expand_dims(x, axis=1)",
    "shape": "$(shape(x)[-1]) is the size of an axis",
}
"""What to write instead of functions that are not Keras's."""


def find(name: str, within: Within, is_tensor: bool) -> type[Operation]:
    """The operation of a function's name; ``is_tensor``: whether what is before its first dot is one's name."""
    for one in (name, *(name.removeprefix(module) for module in _MODULES if name.startswith(module))):
        found = layers.find(f"ops.{one}")
        if found is not None:
            assert issubclass(found, Operation)
            return found
    raise _unknown(name, within, is_tensor)


def _unknown(name: str, within: Within, is_tensor: bool) -> ExpressionError:
    last = name.rpartition(".")[2]
    message = f"there is no function {quote_value(name)}"
    if f"ops.{name}" in operations.REFUSED:
        message, help = f"{name} cannot be used in a spec", operations.REFUSED[f"ops.{name}"]
    elif last != name and layers.find(f"ops.{last}") is not None:
        tensor = name.rpartition(".")[0]
        help = f"write {last}({tensor}, ...)" if is_tensor else f"functions are those of keras.ops: write {last}(...)"
    elif last in _ELSEWHERE:
        help = _ELSEWHERE[last]
    elif layers.find(name) is not None:
        message = f"{name} is a layer, and a formula has operations only"
        help = f"write an item {{type: {name}, name: ...}}, and its name here"
    else:
        known = [one.removeprefix("ops.") for one in operations.names()]
        help = (
            did_you_mean(last, known) or "functions are those of keras.ops: exp(x), sum(x, axis=1), concatenate([a, b])"
        )
    return error(message, within, help)


def arguments_of(cls: type[Operation]) -> list[str]:
    """The arguments of a function in Keras's order; one that takes all that follow begins with ``*``."""
    found = keras_signatures.find(cls.signature_name())
    return [argument.name for argument in cls.tensors] if found is None else list(found.arguments)
