"""What a part of a spec in another form was meant to be: ``- Dense: {units: 10}``, ``"a -> b"``, a map of layers by name."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from specc.diagnostics import python_syntax, shorthand
from specc.diagnostics.problem import Fix, Problem
from specc.diagnostics.python_syntax import flow
from specc.diagnostics.text_safety import shorten

LONGEST_HELP = 300
_NAME = re.compile(r"[^\W\d][\w.-]*\Z|\d[\w.-]*\Z")
_ARROW = re.compile(r"\s*(?:-+>|=+>|-\.+->?|→|>>?|-{3,}|={3,})\s*(?:\|[^|]*\|\s*)?|\s+(?:to|into|then)\s+")
_OF_SIGNS = {"+": "Add", "*": "Multiply", "-": "Subtract", "@": "ops.matmul"}
_SHAPE = re.compile(r"(?<=\w)(?:\[[^\[\]]*\]|\([^()]*\)|\{[^{}]*\})")
"""What Mermaid writes behind a name for the box's form and words."""


def typed(raw: dict[str, Any], find: Callable[[str], Any]) -> dict[str, Any] | None:
    """A map without ``type``, with it: of a layer or another object of Keras; None where no key names one.

    ``find`` gives the class of a name.

    >>> from specc import layers
    >>> flow(typed({"Dense": {"units": 10}}, layers.find)), flow(typed({"Dense": 10, "name": "y"}, layers.find))
    ('{type: Dense, units: 10}', '{type: Dense, units: 10, name: y}')
    >>> flow(typed({"class_name": "Dense", "config": {"units": 10}}, layers.find))
    '{type: Dense, units: 10}'
    """
    if isinstance(raw.get("class_name"), str) and isinstance(raw.get("config"), dict):  # as Keras saves it
        given = {key: value for key, value in raw["config"].items() if value is not None}
        return {"type": raw["class_name"], **given}
    for key, inside in () if "type" in raw else raw.items():
        cls = find(key) if isinstance(key, str) else None
        if cls is None:
            continue
        rest = {name: value for name, value in raw.items() if name != key}
        if isinstance(inside, dict):
            return {"type": key, **inside, **rest}
        if inside is None:
            return {"type": key, **rest}
        own = [name for name in cls.argument_fields() if name not in python_syntax.OF_EVERY_LAYER]
        return {"type": key, own[0]: inside, **rest} if own else None
    return None


def item(raw: Any) -> tuple[str, Fix | None] | None:
    """What to do about an entry of ``layers`` that is no item."""
    from specc import layers
    from specc.layers.meant import layer_type

    if raw is None:
        return "write a layer, or remove the '-'", None
    if isinstance(raw, list):
        if len(raw) == 2 and isinstance(raw[0], str) and isinstance(raw[1], dict):
            return _written({"type": raw[0], **raw[1]})
        if len(raw) == 1 and isinstance(raw[0], dict | str):
            return f"write {shorten(flow(raw[0]), LONGEST_HELP)}: layers is one list, with one '-' for each", Fix(
                raw[0]
            )
        if raw and all(isinstance(one, dict | str) for one in raw):
            return "layers is one list: remove the inner brackets, or one of two '-'", None
        return None
    if not isinstance(raw, dict):
        return None
    if any(isinstance(key, str) and "lambda" in key.split() for key in raw):
        return "a spec holds no code; write an operation (type: ops.NAME), or a layer class in a plugin", None
    if len(raw) == 1 and (short := _shorthand(*next(iter(raw.items())))) is not None:
        return _written(short)
    made = typed(raw, lambda name: layers.find(layer_type(name) or ""))
    if made is not None and isinstance(made["type"], str):
        name = layer_type(made["type"]) or made["type"]
        cls = layers.find(name)
        return _written(
            {python_syntax.today(cls, key): name if key == "type" else value for key, value in made.items()}
        )
    if len(raw) == 1:
        ((name, inside),) = raw.items()
        if isinstance(inside, dict) and ("type" in inside or "share" in inside):
            return _written({"name": name, **inside})
        if isinstance(inside, str) and layer_type(inside) is not None and name not in ("name", "from"):
            return _written({"name": name, "type": inside})
    return None


def _shorthand(key: Any, value: Any) -> dict[str, Any] | None:
    """The item of a text that YAML took apart at its colon: ``Dense(units: 10)``, ``Dense: 10 relu``."""
    if not isinstance(key, str) or isinstance(value, dict | list):
        return None
    if key.isidentifier():
        return shorthand.as_item(f"{key} {value}") if isinstance(value, str) else None
    return shorthand.as_item(f"{key}: {value if isinstance(value, str) else flow(value)}")


def items(raw: Any) -> str | None:
    """What to do about ``layers`` that are no list."""
    if isinstance(raw, str):
        return f"write a list of items: [{shorten(raw)}]"
    if not isinstance(raw, dict) or not raw:
        return None
    if "type" in raw:
        return (
            f"begin each layer with '- ': - {flow(raw)}"
            if len(flow(raw)) < LONGEST_HELP
            else "begin each layer with '- '"
        )
    name, inside = next(iter(raw.items()))
    if isinstance(inside, dict) and "type" in inside:
        said = flow({"name": name, **inside})
    else:
        found = item({name: inside})
        said = found[0].removeprefix("write ") if found is not None else "{name: hidden, type: Dense, units: 10}"
    return f"write a list of items: - {said}"


def edge(raw: Any) -> tuple[str, Fix | None] | None:
    """What an edge in another form was meant to be."""
    if isinstance(raw, str):
        text = raw.strip().rstrip(";").strip()
        is_drawn = _ARROW.search(text)
        names = _ARROW.split(_SHAPE.sub("", text)) if is_drawn else re.split(r"\s*[,:]\s*|\s+", text)
        if len(names) > 1 and all(map(_NAME.match, names)):
            return _found(names)
    if isinstance(raw, dict) and len(raw) == 1:
        ((start, end),) = raw.items()
        ends = end if isinstance(end, list) else [end]
        if start not in ("from", "to") and ends and all(isinstance(one, str) for one in ends):
            return _found([start, ends[0]]) if len(ends) == 1 else _one_each(start, ends)
    if isinstance(raw, dict) and raw.keys() == {"from", "to"} and isinstance(raw["to"], list):
        return _one_each(raw["from"], raw["to"])
    return None


def _one_each(start: str, ends: list[str]) -> tuple[str, None]:
    return f"write one edge for each: {', '.join(flow([start, end]) for end in ends[:10])}", None


def edges(raw: Any) -> tuple[str, Fix] | None:
    """What ``edges`` that are no list were meant to be."""
    if isinstance(raw, str):
        paths = [edge(part) for part in re.split(r"[;\n]|,(?=[^,]*(?:>|→))", raw) if part.strip()]
        made = [path[1].value for path in paths if path is not None and path[1] is not None]
        return _found(made) if made and len(made) == len(paths) else None
    if isinstance(raw, dict) and raw:
        ends = {start: end if isinstance(end, list) else [end] for start, end in raw.items()}
        if all(isinstance(end, str) for listed in ends.values() for end in listed):
            return _found([[start, end] for start, listed in ends.items() for end in listed])
    return None


def references(text: str) -> tuple[str, Fix | None] | None:
    """What a text that cannot be the name of a layer was meant to be: a list of names."""
    if "$" in text:
        return None
    names = [part for part in re.split(r"\s*[,;]\s*|\s+and\s+|\s+", text.strip(" ()[]")) if part]
    if len(names) > 1 and all(map(_NAME.match, names)):
        return _found(names)
    if (sign := re.search(r"\s*[+*@]\s*|\s+-\s+", text)) and all(map(_NAME.match, terms := text.split(sign[0]))):
        made = flow({"type": _OF_SIGNS[sign[0].strip()], "name": "joined", "from": terms})
        return f"write an item that joins them, {made}, and from: joined", None
    if port := re.fullmatch(r"([^\W\d][\w.-]*)(?:\[(\d+)\]|:(\d+))", text):
        return _found(f"{port[1]}.{port[2] or port[3]}")
    return None


def names(raw: Any) -> tuple[str, Fix | None] | None:
    """What a map or list that names no layers was meant to be: ``{a, b}``, ``[[a, b]]``, ``[a b]``."""
    if isinstance(raw, dict) and len(raw) > 1 and all(value is None for value in raw.values()):
        raw = [list(raw)]
    if not isinstance(raw, list) or len(raw) != 1:
        return None
    if isinstance(raw[0], str) and re.search(r"[\s;]", raw[0].strip()):
        return references(raw[0])
    if not isinstance(raw[0], list):
        return None
    inside = raw[0]
    return (
        _found(inside)
        if len(inside) > 1 and all(isinstance(name, str) and _NAME.match(name) for name in inside)
        else None
    )


def with_help(problem: Problem, found: tuple[str, Fix | None] | None) -> Problem:
    """A problem with what was meant as its help, where that is known."""
    from dataclasses import replace

    return problem if found is None else replace(problem, help=found[0], fix=found[1])


def _found(value: Any) -> tuple[str, Fix]:
    return f"write {flow(value)}", Fix(value)


def _written(value: dict[str, Any]) -> tuple[str, Fix | None]:
    text = flow(value)
    return (f"write {text}", Fix(value)) if len(text) <= LONGEST_HELP else (f"write {text[:LONGEST_HELP]}...", None)
