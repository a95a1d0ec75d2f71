"""Operations of Keras's files, read: the function of ``keras.ops``, its tensors and its constants.

The other direction of `specc.archive.writing.operations`, from the same records of what each function makes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, NamedTuple

from specc import keras_signatures, operations
from specc.archive.reading.access import wrong
from specc.archive.writing.operations import STANDARD
from specc.automatic_names import snake_case
from specc.diagnostics.text_safety import quote_value
from specc.keras_signatures import REQUIRED, Symbolic
from specc.source import Path


class ReadOperation(NamedTuple):
    """An operation as a spec has it."""

    constants: dict[str, Any]
    """Its arguments, those that are not the function's defaults."""
    tensors: dict[str, Any]
    """What it takes, by the names of the function."""
    places: dict[str, Path]
    """Where each argument is written."""


class Given(NamedTuple):
    """What a call was given, with sources as leaves, and where it is."""

    positional: list[Any]
    named: dict[str, Any]
    path: Path


def type_of(module: str, class_name: str) -> str | None:
    """The function that makes the operations of a class; None if no function does.

    >>> type_of("keras.src.ops.numpy", "Absolute")
    'ops.absolute'
    """
    return _types().get((module, class_name.lower())) or _FORMER_CLASSES.get((module, class_name))


_FORMER_CLASSES = {("keras.src.ops.image", "ExtractPatches3D"): "ops.image.extract_patches_3d"}


@cache
def _types() -> dict[tuple[str, str], str]:
    """The function of each class; of several that make the same, the one that has its name."""
    found: dict[tuple[str, str], str] = {}
    for name in operations.names():
        made = keras_signatures.symbolic(name)
        if made is None:
            continue
        key = made.module, made.class_name.lower()  # CtcLoss of Keras 3.0 is CTCLoss
        if key not in found or name.rpartition(".")[2] == snake_case(made.class_name):
            found[key] = name
    return found


def read_operation(
    type: str, config: Mapping[str, Any], call: Given, is_tensor: Callable[[Any], bool], path: Path
) -> ReadOperation:
    """One call of an operation at a path; ``is_tensor`` says of a value whether it is a tensor, or a list of them."""
    made, signature = keras_signatures.symbolic(type), keras_signatures.find(type)
    assert made is not None
    assert signature is not None
    given, places = _arguments(made, list(signature.arguments), config, call, path)
    tensors = {name: value for name, value in given.items() if is_tensor(value)}
    constants = {
        name: value
        for name, value in given.items()
        if name not in tensors
        and not _is_default(value, signature.arguments.get(name, REQUIRED), _standard(made, name))
    }
    return ReadOperation(constants, tensors, places)


def _arguments(
    made: Symbolic, names: list[str], config: Mapping[str, Any], call: Given, path: Path
) -> tuple[dict[str, Any], dict[str, Path]]:
    """The arguments of the function, which have these names, and where each is written.

    Earlier versions of Keras gave more to the call and less to the constructor, under the function's own names.
    """
    found: dict[str, Any] = {}
    places: dict[str, Path] = {}

    def add(name: str, value: Any, place: Path) -> None:
        if name:  # else it is a constant of the function
            found[name], places[name] = value, place

    for key, value in config.items():
        if key in made.config:
            add(_argument(made.config[key]), value, (*path, "config", key))
        elif (name := _FORMER.get((made.class_name, key), key)) in names:
            add(name, value, (*path, "config", key))
        elif key != "name" and value is not None:
            raise wrong(f"{made.class_name} has no argument {quote_value(key)}", (*path, "config", key))
    order = [text if text.startswith("*") else _argument(text) for text in made.positional]
    order += [name for name in names if name not in order]
    for index, value in enumerate(call.positional):
        if index < len(order) and order[index].startswith("*"):
            add(order[index][1:], call.positional[index:], (*call.path, "args"))
            break
        if index >= len(order):
            raise wrong(f"takes {len(order)} arguments, not {len(call.positional)}", (*call.path, "args"))
        add(order[index], value, (*call.path, "args", index))
    for key, value in call.named.items():
        name = _argument(made.named[key]) if key in made.named else key
        place = (*call.path, "kwargs", key)
        if key not in made.named and key not in names:
            raise wrong(f"{made.class_name} takes no argument {quote_value(key)}", place)
        if name in found:
            raise wrong(f"gives {name} twice", place)
        add(name, value, place)
    return found, places


_FORMER = {("Threshold", "threshold_value"): "threshold", ("Threshold", "value"): "default_value"}
"""What arguments were called by earlier versions of Keras."""


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
    return default is not REQUIRED and type(value) is type(default) and bool(value == default)
