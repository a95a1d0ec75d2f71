"""Whether two values that Keras saves mean the same: configurations of layers, and what is in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import isclose
from typing import Any

from specc.archive.reading.layers import MODELS
from specc.automatic_names import is_automatic
from specc.diagnostics.text_safety import quote_value
from specc.source import Path

Models = Callable[[dict[str, Any], dict[str, Any]], Iterator[str]]
"""What differs between models that are arguments of layers."""

_PLACES = frozenset({"module", "registered_name", "shared_object_id", "build_config", "compile_config"})
"""Keys of a saved object that are not its class and its configuration."""


def differences(ours: Any, theirs: Any, models: Models, path: Path = ()) -> Iterator[str]:
    """What differs, with the places inside: what was read is ``ours``, and may lack what later versions save."""
    ours, theirs = _plain(ours), _plain(theirs)
    if isinstance(ours, dict) and isinstance(theirs, dict):
        yield from _maps(ours, theirs, models, path)
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for index, (one, other) in enumerate(zip(ours, theirs, strict=True)):
            yield from differences(one, other, models, (*path, index))
    elif not _is_same(ours, theirs):
        yield f"{_said(path)} is {quote_value(theirs)} in place of {quote_value(ours)}"


def _maps(ours: dict[str, Any], theirs: dict[str, Any], models: Models, path: Path) -> Iterator[str]:
    kind = ours.get("class_name")
    if kind in MODELS and theirs.get("class_name") in MODELS:
        yield from (f"{_said(path)}: {what}" for what in models(ours, theirs))
        return
    for key, value in ours.items():
        if "class_name" in ours and key in _PLACES:
            continue
        if key == "quantization_config":  # the dtype policy says as much
            continue
        if key == "name" and _are_counted(value, theirs.get(key)):
            continue
        if key in theirs:
            yield from differences(value, theirs[key], models, (*path, key))
        elif value is not None:
            yield f"{_said((*path, key))} is missing, and was {quote_value(value)}"


def _plain(value: Any) -> Any:
    """A value in the one form that it has here: tuples are lists, the dtype policies of Keras are their names."""
    if not isinstance(value, dict):
        return value
    if value.get("class_name") == "__tuple__":
        return value.get("items")
    inside = value.get("config")
    if value.get("class_name") == "DTypePolicy" and isinstance(inside, dict):
        return inside.get("name")
    return value


def _are_counted(ours: Any, theirs: Any) -> bool:
    """Whether two names are one with another number at its end."""
    if not isinstance(ours, str) or not isinstance(theirs, str):
        return False
    base = min(ours, theirs, key=len).rstrip("0123456789").removesuffix("_")
    return is_automatic(ours, base) and is_automatic(theirs, base)


def _is_same(ours: Any, theirs: Any) -> bool:
    if isinstance(ours, bool) or isinstance(theirs, bool) or not isinstance(ours, int | float):
        return type(ours) is type(theirs) and bool(ours == theirs)
    return isinstance(theirs, int | float) and isclose(ours, theirs, rel_tol=1e-6)


def are_sizes(ours: Any, theirs: Any) -> bool:
    """Whether the sizes of one are those of the other, where both know them.

    >>> are_sizes({"input_shape": [None, 8]}, {"input_shape": [32, 8]}), are_sizes([None, 8], [None, 9])
    (True, False)
    """
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return ours.keys() == theirs.keys() and all(are_sizes(ours[key], theirs[key]) for key in ours)
    if isinstance(ours, list) and isinstance(theirs, list):
        return len(ours) == len(theirs) and all(map(are_sizes, ours, theirs))
    return ours is None or theirs is None or ours == theirs


def are_built_alike(ours: Any, theirs: Any) -> bool:
    """Whether layers are built with equal shapes, but for the batch: ``adapt`` builds with that of its data.

    >>> are_built_alike({"input_shape": [10, 3]}, {"input_shape": [None, 3]}), are_built_alike([10, 3], [10, 4])
    (True, False)
    """
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return ours.keys() == theirs.keys() and all(are_built_alike(ours[key], theirs[key]) for key in ours)
    if isinstance(ours, list) and isinstance(theirs, list):
        return len(ours) == len(theirs) and ours[1:] == theirs[1:]
    return bool(ours == theirs)


def _said(path: Path) -> str:
    """A path as it is written in Python.

    >>> _said(("layer", "config", "units"))
    'layer.config.units'
    """
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(".")
