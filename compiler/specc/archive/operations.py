"""Operations as Keras saves them: which class a function of ``keras.ops`` makes, its configuration and its call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from specc import keras_signatures
from specc.keras_signatures import REQUIRED
from specc.operations.base import Operation


class Config(NamedTuple):
    """A class of an operation and its configuration, without the name."""

    module: str
    class_name: str
    arguments: dict[str, Any]


_STANDARD = {"data_format": "channels_last"}
"""What Keras makes of these arguments if they are not given, before it makes the operation."""


def symbolic(operation: Operation, tensors: Mapping[str, Any]) -> tuple[Config, list[Any], dict[str, Any]]:
    """The operation that a function makes of tensors, and the positional and named arguments of its call."""
    name = operation.keras_name()
    made, signature = keras_signatures.symbolic(name), keras_signatures.find(name)
    assert made is not None
    assert signature is not None
    positional, keywords = operation.call_arguments(tensors)
    names = list(signature.arguments)
    values: dict[str, Any] = {}
    for index, argument in enumerate(names):
        if argument.startswith("*"):
            values[argument.lstrip("*")] = positional[index:]
        elif index < len(positional):
            values[argument] = positional[index]
        elif argument in keywords:
            values[argument] = keywords[argument]
        elif signature.arguments[argument] is not REQUIRED:
            values[argument] = signature.arguments[argument]
    config = {key: _value(text, values) for key, text in made.config.items()}
    given: list[Any] = []
    for text in made.positional:
        given += values[text[1:]] if text.startswith("*") else [_value(text, values)]
    return Config(made.module, made.class_name, config), given, {k: _value(it, values) for k, it in made.named.items()}


def _value(text: str, values: Mapping[str, Any]) -> Any:
    """The value of an expression of a function's arguments: one of them, or a constant."""
    if text in values:
        return values[text]
    import ast

    return ast.literal_eval(text)
