"""What a part of a spec in another form probably means: ``"a -> b"``, ``{a: b}``, a map of layers by name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from specc.arguments.kinds import find, layer_type
from specc.arguments.untyped import LONGEST_HELP, found_value
from specc.diagnostics.notation import flow
from specc.diagnostics.problem import Fix
from specc.diagnostics.text_safety import shorten

LONGEST_TEXT = 1000
"""Most characters of a string that is examined."""
_NAME = re.compile(r"[^\W\d][\w.-]*\Z|\d[\w.-]*\Z")
_ARROW = re.compile(r"\s*(?:-+>|=+>|-\.+->?|→|>>?|-{3,}|={3,})\s*(?:\|[^|]*\|\s*)?|\s+(?:to|into|then)\s+")
_OF_SIGNS = {"+": "Add", "*": "Multiply", "-": "Subtract", "@": "ops.matmul"}
_SHAPE = re.compile(r"(?<=\w)(?:\[[^\[\]]*\]|\([^()]*\)|\{[^{}]*\})")
"""What Mermaid writes after a name for the box's form and words."""


def arguments_of_their_own(raw: list[Any], keys: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Entries of ``layers`` with arguments of the item above, or with ``keys`` of items: where they begin, and what to do.

    >>> list(arguments_of_their_own([{"type": "Dense"}, {"units": 10}, {"activation": "relu"}], ["type"]))
    [(1, "these are arguments of the item above: remove their '- ', or write {type: Dense, units: 10, activation: relu}")]
    """
    above: dict[str, Any] = {}
    known: set[str] = set()
    begin = 0
    for index, entry in enumerate([*raw, "end"]):
        if isinstance(entry, dict) and entry and above and entry.keys() <= known - above.keys():
            begin = begin or index
            above = {**above, **entry}
            continue
        if begin:
            yield (
                begin,
                f"these are arguments of the item above: remove their '- ', or write {shorten(flow(above), LONGEST_HELP)}",
            )
        begin, above = 0, {"type": entry} if isinstance(entry, str) else entry if isinstance(entry, dict) else {}
        name = above.get("type")
        cls = find("layer", layer_type(name) or "") if isinstance(name, str) else None
        known = {*keys, *cls.argument_fields()} - {"type", "share"} if cls is not None else set()


def output(raw: Any) -> tuple[str, Fix | None] | None:
    """What an entry of ``outputs`` that is not a reference probably means: ``{name: y}``, ``{label: y}``."""
    if isinstance(raw, list) and len(raw) == 1 and isinstance(raw[0], str):
        return found_value(raw[0])
    if not isinstance(raw, dict) or len(raw) != 1:
        return None
    ((key, name),) = raw.items()
    if not isinstance(name, str):
        return None
    if key in ("name", "from", "layer", "node", "output", "ref", "id"):
        return found_value(name)
    return f"write {name}; to give outputs labels, write one map: outputs: {flow(raw)}", None


def blocks(raw: Any) -> str | None:
    """What to do about ``blocks`` that are not a map."""
    if not isinstance(raw, list) or not raw or not isinstance(raw[0], dict):
        return "write a map: blocks: {NAME: {inputs: [x], layers: [...], outputs: [y]}}"
    name = raw[0].get("name")
    if isinstance(name, str):
        return f"blocks are a map of names to blocks: write '{name}:' instead of '- name: {name}'"
    return "blocks are a map of names to blocks: remove the '- '"


def items(raw: Any) -> str | None:
    """What to do about ``layers`` that are not a list."""
    if isinstance(raw, str):
        return f"write a list of items: [{shorten(raw)}]"
    if raw is None:
        return "list the layers: [{type: Input, name: x, shape: [8]}, {type: Dense, units: 1}]"
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
        from specc.layers.other_forms import item_form  # for errors only

        found = item_form({name: inside})
        said = found[0].removeprefix("write ") if found is not None else "{name: hidden, type: Dense, units: 10}"
    return f"write a list of items: - {said}"


def edge(raw: Any) -> tuple[str, Fix | None] | None:
    """What an edge in another form probably means."""
    if isinstance(raw, list) and all(isinstance(it, str | list) for it in raw):
        flat = [name for it in raw for name in (it if isinstance(it, list) else [it])]
        return found_value(flat) if len(flat) > 1 and all(isinstance(name, str) for name in flat) else None
    if isinstance(raw, str) and len(raw) <= LONGEST_TEXT:
        text = raw.strip().rstrip(";").strip()
        text = text[1:-1].strip() if text[:1] == "(" and text[-1:] == ")" else text
        is_drawn = _ARROW.search(text)
        names = _ARROW.split(_SHAPE.sub("", text)) if is_drawn else re.split(r"\s*[,:]\s*|\s+", text)
        if len(names) > 1 and all(map(_NAME.match, names)):
            return found_value(names)
    if isinstance(raw, dict) and len(raw) == 1:
        ((start, end),) = raw.items()
        ends = end if isinstance(end, list) else [end]
        if start not in ("from", "to") and ends and all(isinstance(one, str) for one in ends):
            return found_value([start, ends[0]]) if len(ends) == 1 else _one_each(start, ends)
    if isinstance(raw, dict) and raw.keys() == {"from", "to"} and isinstance(raw["to"], list):
        return _one_each(raw["from"], raw["to"])
    return None


def _one_each(start: str, ends: list[str]) -> tuple[str, None]:
    return f"write one edge for each: {', '.join(flow([start, end]) for end in ends[:10])}", None


def edges(raw: Any) -> tuple[str, Fix] | None:
    """What ``edges`` that are not a list probably mean."""
    if isinstance(raw, str):
        paths = [edge(part) for part in re.split(r"[;\n]|,(?=[^,]*(?:>|→))", raw) if part.strip()]
        made = [path[1].value for path in paths if path is not None and path[1] is not None]
        return found_value(made) if made and len(made) == len(paths) else None
    if isinstance(raw, dict) and raw:
        ends = {start: end if isinstance(end, list) else [end] for start, end in raw.items()}
        if all(isinstance(end, str) for listed in ends.values() for end in listed):
            return found_value([[start, end] for start, listed in ends.items() for end in listed])
    return None


def references(text: str) -> tuple[str, Fix | None] | None:
    """What a string that is not a layer's name probably means: a list of names."""
    if "$" in text or len(text) > LONGEST_TEXT:
        return None
    names = [part for part in re.split(r"\s*[,;]\s*|\s+and\s+|\s+", text.strip(" ()[]")) if part]
    if len(names) > 1 and all(map(_NAME.match, names)):
        return found_value(names)
    if (sign := re.search(r"\s*[+*@]\s*|\s+-\s+", text)) and all(map(_NAME.match, terms := text.split(sign[0]))):
        made = flow({"type": _OF_SIGNS[sign[0].strip()], "name": "joined", "from": terms})
        return f"write an item that joins them, {made}, and from: joined", None
    if port := re.fullmatch(r"([^\W\d][\w.-]*):(\d+)", text):
        return found_value(f"{port[1]}.{port[2]}")
    return None


def names(raw: Any) -> tuple[str, Fix | None] | None:
    """What a map or list that names no layers probably means: ``{a, b}``, ``[[a, b]]``, ``[a b]``."""
    if isinstance(raw, dict) and raw and all(value is None for value in raw.values()):
        return found_value(list(raw))
    if not isinstance(raw, list) or len(raw) != 1:
        return None
    if isinstance(raw[0], str) and re.search(r"[\s;]", raw[0].strip()):
        return references(raw[0])
    if not isinstance(raw[0], list):
        return None
    inside = raw[0]
    return (
        found_value(inside)
        if len(inside) > 1 and all(isinstance(name, str) and _NAME.match(name) for name in inside)
        else None
    )
