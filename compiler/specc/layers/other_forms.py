"""What a layer in another form was meant to be: ``- Dense: {units: 10}``, ``- [Dense, {units: 10}]``, ``- Dense(10)``."""

from __future__ import annotations

from typing import Any

from specc.arguments import shorthand
from specc.arguments.fields import ArgumentFields
from specc.arguments.kinds import find, layer_type
from specc.arguments.names import today
from specc.arguments.untyped import LONGEST_HELP, typed, written_item
from specc.diagnostics.notation import flow
from specc.diagnostics.problem import Fix
from specc.diagnostics.suggest import fold
from specc.diagnostics.text_safety import shorten


def _find(name: str) -> type[ArgumentFields] | None:
    return find("layer", name)


def item_form(raw: Any) -> tuple[str, Fix | None] | None:
    """What to do about an entry of ``layers`` that is not an item."""
    if raw is None:
        return "write a layer, or remove the '-'", None
    if isinstance(raw, list):
        return _list_form(raw)
    if not isinstance(raw, dict):
        return None
    if any(isinstance(key, str) and "lambda" in key.split() for key in raw):
        return "a spec contains no code; write an operation (type: ops.NAME), or a layer class in a plugin", None
    if len(raw) == 1 and (item := _shorthand(*next(iter(raw.items()))) or _named(*next(iter(raw.items())))) is not None:
        return written_item(item)
    made = typed(raw, lambda name: _find(layer_type(name) or ""))
    if made is not None and isinstance(made["type"], str):
        name = layer_type(made["type"]) or made["type"]
        cls = _find(name)
        return written_item({"type": name, **{today(cls, key): value for key, value in made.items() if key != "type"}})
    for word in ("block", "use", "component"):
        if isinstance(raw.get(word), str):
            return written_item({"type": raw[word], **{key: value for key, value in raw.items() if key != word}})
    group = next(
        (key for key in ("layers", "branches", "parallel", "sequential") if isinstance(raw.get(key), list)), None
    )
    if group is not None:
        return (
            "layers is one list; branches are items with the same 'from', and a group to be used again is a block: "
            "list its layers under 'blocks', and write {type: NAME}",
            None,
        )
    return None


def _list_form(raw: list[Any]) -> tuple[str, Fix | None] | None:
    """What to do about a list among the items: ``[Dense, {units: 10}]``, ``[{type: Dense}]``."""
    if len(raw) == 2 and isinstance(raw[0], str) and isinstance(raw[1], dict):
        return written_item({"type": raw[0], **raw[1]})
    if len(raw) == 1 and isinstance(raw[0], dict | str):
        return f"write {shorten(flow(raw[0]), LONGEST_HELP)}; layers is one list, with one '-' for each", Fix(raw[0])
    name = layer_type(raw[0]) if raw and isinstance(raw[0], str) else None
    if name is not None and not any(isinstance(one, str | dict) for one in raw[1:]):
        made = typed({name: raw[1]} if len(raw) == 2 else {name: None}, _find)
        return (
            written_item(made) if made is not None and len(raw) < 3 else (f"write a map: {{type: {name}, ...}}", None)
        )
    if raw and all(isinstance(one, dict | str) for one in raw):
        return "layers is one list: remove the inner brackets, or one of two '-'", None
    return None


def _named(name: Any, inside: Any) -> dict[str, Any] | None:
    """The item meant by a name and what it names: ``hidden: {type: Dense}``, ``hidden: ReLU``."""
    if isinstance(inside, dict) and ("type" in inside or "share" in inside):
        return {"name": name, **inside}
    if not isinstance(name, str) or not isinstance(inside, str) or name in ("name", "from"):
        return None
    is_type = fold(layer_type(name) or "") == fold(name)
    return {"name": name, "type": inside} if layer_type(inside) is not None and not is_type else None


def _shorthand(key: Any, value: Any) -> dict[str, Any] | None:
    """The item of a string that YAML split at its colon: ``Dense(units: 10)``, ``Dense: 10 relu``."""
    if not isinstance(key, str) or isinstance(value, dict | list):
        return None
    if key.isidentifier():
        return shorthand.as_item(f"{key} {value}") if isinstance(value, str) else None
    return shorthand.as_item(f"{key}: {value if isinstance(value, str) else flow(value)}")
