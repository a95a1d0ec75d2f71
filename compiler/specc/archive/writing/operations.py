"""Operations as Keras saves them: which class a function of ``keras.ops`` makes, its configuration and its call."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any, NamedTuple

from specc import keras_signatures
from specc.dtypes import FLOATX
from specc.keras_signatures import REQUIRED
from specc.operations.base import Operation


class Config(NamedTuple):
    """A class of an operation and its configuration, without the name."""

    module: str
    class_name: str
    arguments: dict[str, Any]


def symbolic(operation: Operation, tensors: Mapping[str, Any]) -> tuple[Config, list[Any], dict[str, Any]]:
    """The operation that a function makes of tensors, and the positional and named arguments of its call."""
    name = operation.keras_name()
    signature = keras_signatures.find(name)
    assert signature is not None
    positional, values = operation.call_arguments(tensors)
    for index, argument in enumerate(signature.arguments):
        if argument.startswith("*"):
            values[argument[1:]] = positional[index:]
            break
        if index < len(positional):
            values[argument] = positional[index]
    config, given, named = made_by(name, values)
    return config._replace(arguments=config.arguments | operation.saved()), given, named


def made_by(name: str, values: Mapping[str, Any]) -> tuple[Config, list[Any], dict[str, Any]]:
    """The operation that a function makes of these arguments, and the arguments of its call."""
    made, signature = keras_signatures.symbolic(name), keras_signatures.find(name)
    assert made is not None
    assert signature is not None
    values = {name: default for name, default in signature.arguments.items() if default is not REQUIRED} | dict(values)
    config = {key: _value(text, values) for key, text in made.config.items()}
    given: list[Any] = []
    for text in made.positional:
        given += values[text[1:]] if text.startswith("*") else [_value(text, values)]
    return Config(made.module, made.class_name, config), given, {k: _value(it, values) for k, it in made.named.items()}


STANDARD = {"data_format": "channels_last", "dtype": FLOATX}
"""What Keras makes of arguments that are not given, by ``standardize_data_format`` and ``standardize_dtype``."""


def _value(text: str, values: Mapping[str, Any]) -> Any:
    """The value of an expression of a function's arguments: one of them, what Keras makes of it, or a constant.

    >>> _value("padding.lower()", {"padding": "SAME"}), _value("standardize_dtype(dtype)", {"dtype": None})
    ('same', 'float32')
    """
    if text in values:
        return values[text]
    tree = ast.parse(text, mode="eval").body
    if not isinstance(tree, ast.Call):
        return ast.literal_eval(tree)
    if isinstance(tree.func, ast.Attribute):
        return _value(ast.unparse(tree.func.value), values).lower()
    given = _value(ast.unparse(tree.args[0]), values)
    return STANDARD[ast.unparse(tree.func).removeprefix("standardize_")] if given is None else given
