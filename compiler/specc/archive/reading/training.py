"""What a model was compiled with, read from Keras's files: the ``compile`` section of a spec.

The other direction of `specc.archive.writing.training`. The state of an optimizer is not read: a spec says how training begins.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from specc import objects
from specc.archive.reading.layers import read_object
from specc.diagnostics.problem import Problem, ProblemsError
from specc.diagnostics.text_safety import quote_value
from specc.source import Path
from specc.training import Training

_KINDS = {"optimizer": "optimizer", "loss": "loss", "metrics": "metric", "weighted_metrics": "metric"}
"""The kinds of objects in the arguments of ``compile``."""
_PER_DEVICE = ("jit_compile", False)
"""What Keras makes of ``"auto"`` on a CPU."""


def read_training(saved: Any) -> dict[str, Any] | None:
    """A ``compile`` section, without defaults; None of a model that was not compiled.

    ProblemsError, with paths that start at ``saved``, for an object that is not one of Keras's.

    >>> read_training({"optimizer": "adam", "loss": "mse", "metrics": None, "jit_compile": False})
    {'optimizer': 'adam', 'loss': 'mse'}
    """
    if not isinstance(saved, dict) or not saved.get("optimizer"):
        return None
    return dict(_arguments(saved))


def _arguments(saved: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, field in Training.argument_fields().items():
        if name not in saved or (name, saved[name]) == _PER_DEVICE:
            continue
        kind = _KINDS.get(name)
        value = _read(saved[name], kind, (name,)) if kind else saved[name]
        if name == "optimizer" or value != field.get_default():
            yield name, value


def _read(saved: Any, kind: str, path: Path) -> Any:
    """The objects of one argument, which may be in lists and maps."""
    if isinstance(saved, list):
        return [_read(item, kind, (*path, index)) for index, item in enumerate(saved)]
    if isinstance(saved, dict) and "class_name" not in saved:
        return {key: _read(item, kind, (*path, key)) for key, item in saved.items()}
    if isinstance(saved, dict) and saved["class_name"] == "function":
        name = saved.get("config")
        if not isinstance(name, str) or saved.get("module") != "builtins" or objects.find(kind, name) is None:
            named = saved.get("registered_name") if not isinstance(name, str) or name == "function" else name
            raise ProblemsError([objects.unknown(kind, str(named), path)])
        return name
    if saved is None or isinstance(saved, str):
        return saved
    if not isinstance(saved, dict):
        raise ProblemsError([Problem("invalid-value", f"must be a {kind}, not {quote_value(saved)}", path)])
    try:
        return _short(read_object(saved), kind)
    except ProblemsError as error:
        raise ProblemsError([problem.under(*path) for problem in error.problems]) from None


def _short(value: Any, kind: str) -> Any:
    """The name of an object that has no arguments; an optimizer's as most people write it."""
    if isinstance(value, dict) and value.keys() == {"type"}:
        value = value["type"]
    small = value.lower() if isinstance(value, str) else ""
    return small if kind == "optimizer" and objects.find(kind, small) is not None else value
