"""The ``defaults`` of a spec: arguments that most layers of a type have."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from specc import layers
from specc.arguments.fields import in_order
from specc.layers.base import Layer

FEWEST = 3
"""The layers of a type that have to agree."""
_MOST = 0.75
"""The part of the layers of a type that has to agree."""
_EACH_HAS_ITS_OWN = frozenset({"name", "trainable"})
"""Arguments that are written where they hold, as those are that a layer needs."""
_OF_LAYERS = frozenset({"layers", "layer", "backward_layer", "cell", "cells"})
"""Keys whose values are layers, which may be bare types."""
_UNWRITTEN = object()
"""In place of a default that is no plain value."""
_WIRING = ("from", "call")
"""What stands after the arguments of an item."""
_KEYS = ("description", "vars", "variants", "name", "dtype_policy")
"""What stands before the defaults."""


def with_defaults(spec: Mapping[str, Any]) -> dict[str, Any]:
    """A spec in which what most layers of a type agree on stands once.

    >>> item = {"type": "Conv2D", "filters": 8, "kernel_size": 3, "padding": "same"}
    >>> with_defaults({"layers": [item, item, item, {**item, "kernel_size": 1}]})["layers"][2:]
    [{'type': 'Conv2D', 'filters': 8}, {'type': 'Conv2D', 'filters': 8, 'kernel_size': 1}]
    """
    found: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for item in _layers(spec):
        found[item["type"]].append(item)
    defaults = {name: shared for name, items in found.items() if (shared := _shared(name, items))}
    if not defaults:
        return dict(spec)
    before = {key: spec[key] for key in _KEYS if key in spec}
    rest = {key: _without(value, defaults, key) for key, value in spec.items() if key not in before}
    return {**before, "defaults": defaults, **rest}


def _class(value: Any) -> type[Layer] | None:
    """The class of an item, or of a layer that is an argument."""
    name = value.get("type") if isinstance(value, Mapping) else value
    found = layers.find(name) if isinstance(name, str) and not name.startswith("ops.") else None
    return found if found is not None and issubclass(found, Layer) else None


def _layers(value: Any, key: str = "") -> Iterator[Mapping[str, Any]]:
    """All layers of a spec, those inside others included; a bare type is a map, too."""
    if isinstance(value, Mapping):
        if key in _OF_LAYERS and _class(value) is not None:
            yield value
        for name, item in value.items():
            if name != "compile":
                yield from _layers(item, name)
    elif isinstance(value, list):
        for item in value:
            yield from _layers(item, key)
    elif key in _OF_LAYERS and _class(value) is not None:
        yield {"type": value}


def _shared(name: str, items: list[Mapping[str, Any]]) -> dict[str, Any]:
    """What most layers of a type have."""
    cls = _class(name)
    assert cls is not None
    fields = cls.argument_fields()
    return {
        argument: value
        for argument, _ in in_order(cls)
        if argument in fields
        and (argument == "kernel_size" or not fields[argument].is_required())
        and argument not in _EACH_HAS_ITS_OWN
        and (value := _value(cls, argument, items)) is not None
    }


def _value(cls: type[Layer], argument: str, items: list[Mapping[str, Any]]) -> Any:
    """The value of an argument that most layers have; None if there is none, or if it would not be shorter."""
    given = [json.dumps(item[argument]) for item in items if argument in item]
    if not given:
        return None
    text, count = Counter(given).most_common(1)[0]
    missing = len(items) - len(given)
    if count < FEWEST or count < _MOST * len(items) or "$" in text or count <= missing + 1:
        return None
    if missing and _default(cls, argument) is _UNWRITTEN:
        return None
    return json.loads(text)


def _default(cls: type[Layer], argument: str) -> Any:
    """The value that a layer has without an argument."""
    field = cls.argument_fields()[argument]
    default = _UNWRITTEN if field.is_required() else field.get_default()
    return default if default is None or isinstance(default, bool | int | float | str) else _UNWRITTEN


def _without(value: Any, defaults: Mapping[str, dict[str, Any]], key: str = "") -> Any:
    """The same, without what the defaults say; what they change is said."""
    if isinstance(value, list):
        return [_without(item, defaults, key) for item in value]
    if isinstance(value, str) and key in _OF_LAYERS and value in defaults:
        value = {"type": value}
    if not isinstance(value, Mapping):
        return value
    cls = _class(value)
    inside = {name: item if name == "compile" else _without(item, defaults, name) for name, item in value.items()}
    if cls is None or key not in _OF_LAYERS or value["type"] not in defaults:
        return inside
    wiring = {name: inside.pop(name) for name in _WIRING if name in inside}
    for argument, default in defaults[value["type"]].items():
        if argument not in inside:
            inside[argument] = _default(cls, argument)
        elif inside[argument] == default and type(inside[argument]) is type(default):
            del inside[argument]
    inside |= wiring
    return value["type"] if inside.keys() == {"type"} else inside
