"""Whether the ``compile`` section of a spec says what a model was compiled with: the rest of `specc.importing.proof`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from specc import objects
from specc.importing import saved_values

_BY_OUTPUT = {"loss": "loss", "loss_weights": "", "metrics": "metric", "weighted_metrics": "metric"}
"""The arguments that go by output, and the kinds of objects in them."""


def training_differences(
    ours: dict[str, Any], theirs: dict[str, Any], names: Sequence[str], other_names: Sequence[str]
) -> Iterator[str]:
    """What differs between the saved arguments of ``compile``; the names are those of the outputs of each model."""
    yield from (f"compile: {it}" for it in _objects(ours["optimizer"], theirs.get("optimizer"), "optimizer"))
    for name, kind in _BY_OUTPUT.items():
        one, other = (_listed(it.get(name), of) for it, of in ((ours, names), (theirs, other_names)))
        if len(one) != len(other):
            yield f"compile: {name} has {len(other)} values in place of {len(one)}"
        for first, second in zip(one, other, strict=False):
            yield from (f"compile: {name}: {it}" for it in _objects(first, second, kind))
    for name in ("run_eagerly", "steps_per_execution"):
        if name in ours and ours[name] != theirs.get(name):
            yield f"compile: {name} is {theirs.get(name)} in place of {ours[name]}"


def _listed(value: Any, outputs: Sequence[str]) -> list[Any]:
    """What each output has of one value, a list or a map."""
    is_map = isinstance(value, dict) and "class_name" not in value
    if is_map:
        value = [value.get(name) for name in outputs]
    elif len(outputs) == 1:
        inside = value if isinstance(value, list) else [value]
        value = inside[0] if len(inside) == 1 and isinstance(inside[0], list) else value
        return [[] if value is None else value if isinstance(value, list) else [value]]
    elif not isinstance(value, list):
        value = [value] * len(outputs)
    return [[] if it is None else it if isinstance(it, list) else [it] for it in value]


def _objects(ours: Any, theirs: Any, kind: str) -> Iterator[str]:
    """What differs between objects, each of which may be its name."""
    if isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for one, other in zip(ours, theirs, strict=True):
            yield from _objects(one, other, kind)
        return
    ours, theirs = _function(ours), _function(theirs)
    if isinstance(ours, str) != isinstance(theirs, str):
        ours, theirs = _class(ours, kind), _class(theirs, kind)
    yield from saved_values.differences(ours, theirs, lambda *_: iter(()))


def _function(value: Any) -> Any:
    """The name of a function, which is saved as an object."""
    is_function = isinstance(value, dict) and value.get("class_name") == "function"
    return value.get("config") if is_function else value


def _class(value: Any, kind: str) -> Any:
    """The name of an object's class."""
    if isinstance(value, dict):
        return value.get("class_name")
    found = objects.find(kind, value) if isinstance(value, str) else None
    return value if found is None else found.keras_name()
