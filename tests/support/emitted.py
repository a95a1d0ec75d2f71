"""Emitted sources: running one, and comparing what it builds."""

from __future__ import annotations

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
    outputs = list(getattr(model, "output_names", ()))
    _rename_operations(model)
    found = described(model)
    found["outputs"] = outputs
    return found


def _rename_operations(model: Any) -> None:
    number = 0
    for operation in getattr(model, "operations", ()):
        if isinstance(operation, keras.Model):
            _rename_operations(operation)
        elif not isinstance(operation, keras.Layer):
            number += 1
            operation.name = f"operation_{number}"
