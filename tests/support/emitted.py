"""Emitted sources: running one, and comparing what it builds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import keras

from tests.support.canonical import described


def run(text: str, **values: Any) -> Any:
    """The model that a source builds, with those values of its parameters."""
    scope: dict[str, Any] = {"__name__": "emitted"}
    exec(compile(text, "emitted.py", "exec"), scope)
    return scope["build_model"](**values)


def all_of(model: Any) -> Any:
    """All that a source's model has in common with specc's own: that is, but for the names of inner operations."""
    operations = list(_operations(model))
    names = [operation.name for operation in operations]
    is_map = isinstance(getattr(model, "output", None), dict)
    outputs = list(model.output if is_map else getattr(model, "output_names", ()))  # a map has names of its own
    for number, operation in enumerate(operations):
        operation.name = f"operation_{number}"
    found = described(model)
    for operation, name in zip(operations, names, strict=True):
        operation.name = name
    return {**found, "outputs": outputs}


def _operations(model: Any) -> Iterator[Any]:
    """The operations of a model that are no layers, those of models inside it included."""
    for operation in getattr(model, "operations", getattr(model, "layers", ())):
        if isinstance(operation, keras.Model):
            yield from _operations(operation)
        elif not isinstance(operation, keras.Layer):
            yield operation
