"""Operations of Keras's files, read: the function of ``keras.ops``, its tensors and its constants.

The other direction of `specc.archive.operations`, from the same records of what each function makes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from specc import keras_signatures, operations
from specc.archive.operations import STANDARD
from specc.automatic_names import snake_case
from specc.keras_signatures import REQUIRED, Symbolic


class ReadOperation(NamedTuple):
    """An operation as a spec has it."""

    type: str
    constants: dict[str, Any]
    """Its arguments, those that are not the function's defaults."""
    tensors: dict[str, Any]
    """What it takes, by the names of the function."""


def type_of(module: str, class_name: str) -> str | None:
    """The function that makes the operations of a class; None if no function does.

    >>> type_of("keras.src.ops.numpy", "Absolute")
    'ops.absolute'
    """
    return _types().get((module, class_name))


@cache
def _types() -> dict[tuple[str, str], str]:
    """The function of each class; of several that make the same, the one that has its name."""
    found: dict[tuple[str, str], str] = {}
    for name in operations.names():
        made = keras_signatures.symbolic(name)
        if made is None:
            continue
        key = made.module, made.class_name
        if key not in found or name.rpartition(".")[2] == snake_case(made.class_name):
            found[key] = name
    return found


def read_operation(
    type: str, config: Mapping[str, Any], positional: Sequence[Any], named: Mapping[str, Any], is_tensor: Any
) -> ReadOperation:
    """One call of an operation; ``is_tensor`` says of a value whether it is a tensor, or a list of them."""
    made, signature = keras_signatures.symbolic(type), keras_signatures.find(type)
    assert made is not None
    assert signature is not None
    given = _arguments(made, config, positional, named)
    tensors = {name: value for name, value in given.items() if is_tensor(value)}
    constants = {
        name: value
        for name, value in given.items()
        if name not in tensors
        and not _is_default(value, signature.arguments.get(name, REQUIRED), _standard(made, name))
    }
    return ReadOperation(type, constants, tensors)


def _arguments(
    made: Symbolic, config: Mapping[str, Any], positional: Sequence[Any], named: Mapping[str, Any]
) -> dict[str, Any]:
    """The arguments of the function."""
    found = {_argument(text): config[key] for key, text in made.config.items() if key in config and _argument(text)}
    rest = list(positional)
    for text in made.positional:
        if text.startswith("*"):
            found[text[1:]], rest = rest, []
        elif rest:
            found[_argument(text)] = rest.pop(0)
    found |= {_argument(made.named[key]): value for key, value in named.items() if key in made.named}
    return found


def _argument(text: str) -> str:
    """The argument that an expression is made of; empty for a constant.

    >>> _argument("padding.lower()"), _argument("standardize_dtype(dtype)"), _argument("None")
    ('padding', 'dtype', '')
    """
    found = re.search(r"\((\w+)\)", text) or re.match(r"()(\w+)", text)
    name = "" if found is None else found[found.lastindex or 0]
    return "" if name in ("None", "True", "False") or not name.isidentifier() else name


def _standard(made: Symbolic, name: str) -> Any:
    """What Keras makes of an argument that is not given, before it makes the operation."""
    return STANDARD.get(name) if f"standardize_{name}({name})" in made.config.values() else None


def _is_default(value: Any, default: Any, standard: Any) -> bool:
    """Whether an argument has the value that the function gives it."""
    if default is None and value is not None and value == standard:
        return True
    return default is not REQUIRED and bool(value == default) and type(value) is type(default)
