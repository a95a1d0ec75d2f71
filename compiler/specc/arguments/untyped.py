"""Maps that give their type in another way: ``{Dense: {units: 10}}``, ``{class_name: Dense, config: {}}``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from specc.arguments.fields import OF_EVERY_LAYER, ArgumentFields
from specc.arguments.kinds import find
from specc.diagnostics.notation import flow
from specc.diagnostics.problem import Fix
from specc.diagnostics.suggest import fold

LONGEST_HELP = 300
"""Most characters of a value that a help says to write."""
_TYPE_KEYS = frozenset({
    "_target_", "class_name", "class", "class_path", "kind", "layer", "layer_type", "op", "op_type", "module", "target",
    "cls",
})  # fmt: skip
"""Other names for the key that gives the type of an object."""


def typed(raw: dict[str, Any], find_type: Callable[[str], type[ArgumentFields] | None]) -> dict[str, Any] | None:
    """A map without ``type``, with it: for a layer or another Keras object; None if no key names one.

    ``find_type`` returns the class of a name.

    >>> from specc import layers
    >>> flow(typed({"Dense": {"units": 10}}, layers.find)), flow(typed({"Dense": 10, "name": "y"}, layers.find))
    ('{type: Dense, units: 10}', '{type: Dense, units: 10, name: y}')
    >>> flow(typed({"class_name": "Dense", "config": {"units": 10}}, layers.find))
    '{type: Dense, units: 10}'
    """
    if isinstance(raw.get("class_name"), str) and isinstance(raw.get("config"), dict):
        made: dict[str, Any] = saved_by_keras(raw)
        return made
    for key in () if "type" in raw else [key for key in raw if key in _TYPE_KEYS]:
        last = raw[key].rpartition(".")[2] if isinstance(raw[key], str) else ""
        if find_type(last) is not None:
            rest = {name: value for name, value in raw.items() if name != key}
            held = [name for name in rest if name in ("config", "args", "kwargs", "params") and len(rest) == 1]
            return {"type": last, **(rest[held[0]] if held and isinstance(rest[held[0]], dict) else rest)}
    for key, inside in () if "type" in raw else raw.items():
        cls = find_type(key) if isinstance(key, str) else None
        if cls is None:
            continue
        rest = {name: value for name, value in raw.items() if name != key}
        if isinstance(inside, dict):
            return {"type": key, **inside, **rest}
        if inside is None:
            return {"type": key, **rest}
        own = [name for name in cls.argument_order() if name not in OF_EVERY_LAYER]
        value = [inside] if own[:1] == ["shape"] and isinstance(inside, int) else inside
        return {"type": key, own[0]: value, **rest} if own else None
    return None


def saved_by_keras(value: Any) -> Any:
    """An object as Keras's ``get_config`` and ``to_json`` write it, as a spec writes it, without default values.

    >>> flow(saved_by_keras({"class_name": "Dense", "config": {"units": 4, "trainable": True, "activation": "linear",
    ...     "kernel_initializer": {"class_name": "GlorotUniform", "config": {"seed": None}}},
    ...     "inbound_nodes": [[["x", 0, 0, {}]]]}))
    '{type: Dense, units: 4, from: x}'
    """
    if isinstance(value, list):
        return [saved_by_keras(one) for one in value]
    if not (
        isinstance(value, dict) and isinstance(value.get("class_name"), str) and isinstance(value.get("config"), dict)
    ):
        return value
    config = {key: saved_by_keras(inside) for key, inside in value["config"].items() if inside is not None}
    made = {"type": value["class_name"]}
    cls = find("layer", value["class_name"])
    if value["class_name"] in ("Input", "InputLayer"):
        shape = config.pop("batch_input_shape", None) or config.pop("batch_shape", None)
        made = {"type": "Input"} | ({"shape": shape[1:]} if isinstance(shape, list) else {})
    defaults = {} if cls is None else {name: field.default for name, field in cls.argument_fields().items()}
    defaults["dtype"] = "float32"
    for key, given in config.items():
        policy = key == "dtype" and isinstance(given, dict) and given.get("type") == "DTypePolicy"
        plain = given.get("name") if policy else given
        bare = plain.get("type") if isinstance(plain, dict) and len(plain) == 1 else plain
        default = defaults.get(key, ...)
        default = list(default) if isinstance(default, tuple) else default
        if (
            bare == default
            or (default is None and bare in (False, "linear"))
            or (isinstance(bare, str) and isinstance(default, str) and fold(bare) == fold(default))
        ):
            continue
        made[key] = bare
    fed = list(_fed_by(value.get("inbound_nodes")))
    return made | ({"from": fed[0] if len(fed) == 1 else fed} if fed else {})


def _fed_by(nodes: Any) -> Iterator[str]:
    """The names of the layers that feed one, from its ``inbound_nodes``."""
    if isinstance(nodes, dict):
        history = nodes.get("keras_history")
        if isinstance(history, list) and history and isinstance(history[0], str):
            yield history[0]
            return
        nodes = list(nodes.values())
    if not isinstance(nodes, list):
        return
    if len(nodes) >= 3 and isinstance(nodes[0], str) and isinstance(nodes[1], int):
        yield nodes[0]
        return
    for inside in nodes:
        yield from _fed_by(inside)


def found_value(value: Any) -> tuple[str, Fix]:
    """The help and the fix that write a value."""
    return f"write {flow(value)}", Fix(value)


def written_item(value: dict[str, Any]) -> tuple[str, Fix | None]:
    """The help that writes an item, cut if it is long, and then without a fix."""
    text = flow(value)
    return (f"write {text}", Fix(value)) if len(text) <= LONGEST_HELP else (f"write {text[:LONGEST_HELP]}...", None)
