"""What a part of a spec in another form was meant to be: ``- Dense: {units: 10}``, ``"a -> b"``, a map of layers by name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from specc.diagnostics import python_syntax, shorthand
from specc.diagnostics.notation import flow
from specc.diagnostics.problem import Fix, Problem
from specc.diagnostics.suggest import fold
from specc.diagnostics.text_safety import shorten

LONGEST_HELP = 300
LONGEST_TEXT = 1000
"""Characters of a text that is looked at, at most."""
_TYPE_KEYS = frozenset(
    {
        "_target_",
        "class_name",
        "class",
        "class_path",
        "kind",
        "layer",
        "layer_type",
        "op",
        "op_type",
        "module",
        "target",
        "cls",
    }
)
"""What others call the key that says what an object is."""
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
    if isinstance(raw.get("class_name"), str) and isinstance(raw.get("config"), dict):
        made: dict[str, Any] = saved_by_keras(raw)
        return made
    for key in () if "type" in raw else _TYPE_KEYS.intersection(raw):
        last = raw[key].rpartition(".")[2] if isinstance(raw[key], str) else ""
        if find(last) is not None:
            rest = {name: value for name, value in raw.items() if name != key}
            held = [name for name in rest if name in ("config", "args", "kwargs", "params") and len(rest) == 1]
            return {"type": last, **(rest[held[0]] if held and isinstance(rest[held[0]], dict) else rest)}
    for key, inside in () if "type" in raw else raw.items():
        cls = find(key) if isinstance(key, str) else None
        if cls is None:
            continue
        rest = {name: value for name, value in raw.items() if name != key}
        if isinstance(inside, dict):
            return {"type": key, **inside, **rest}
        if inside is None:
            return {"type": key, **rest}
        own = [name for name in cls.argument_order() if name not in python_syntax.OF_EVERY_LAYER]
        value = [inside] if own[:1] == ["shape"] and isinstance(inside, int) else inside
        return {"type": key, own[0]: value, **rest} if own else None
    return None


def saved_by_keras(value: Any) -> Any:
    """An object as Keras's ``get_config`` and ``to_json`` write it, as a spec has it: what is the default left out.

    >>> flow(saved_by_keras({"class_name": "Dense", "config": {"units": 4, "trainable": True, "activation": "linear",
    ...     "kernel_initializer": {"class_name": "GlorotUniform", "config": {"seed": None}}},
    ...     "inbound_nodes": [[["x", 0, 0, {}]]]}))
    '{type: Dense, units: 4, from: x}'
    """
    from specc import layers

    if isinstance(value, list):
        return [saved_by_keras(one) for one in value]
    if not (
        isinstance(value, dict) and isinstance(value.get("class_name"), str) and isinstance(value.get("config"), dict)
    ):
        return value
    config = {key: saved_by_keras(inside) for key, inside in value["config"].items() if inside is not None}
    made = {"type": value["class_name"]}
    cls = layers.find(value["class_name"])
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
            return f"write {shorten(flow(raw[0]), LONGEST_HELP)}; layers is one list, with one '-' for each", Fix(
                raw[0]
            )
        name = layer_type(raw[0]) if raw and isinstance(raw[0], str) else None
        if name is not None and not any(isinstance(one, str | dict) for one in raw[1:]):
            made = typed({name: raw[1]} if len(raw) == 2 else {name: None}, layers.find)
            return (
                _written(made) if made is not None and len(raw) < 3 else (f"write a map: {{type: {name}, ...}}", None)
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
    for word in ("block", "use", "component"):
        if isinstance(raw.get(word), str):
            return _written({"type": raw[word], **{key: value for key, value in raw.items() if key != word}})
    group = next(
        (key for key in ("layers", "branches", "parallel", "sequential") if isinstance(raw.get(key), list)), None
    )
    if group is not None:
        return (
            "layers is one list; branches are items with the same 'from', and a group to be used again is a block: "
            "list its layers under 'blocks', and write {type: NAME}",
            None,
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


def arguments_of_their_own(raw: list[Any], keys: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Entries of ``layers`` that hold arguments of the item above, or ``keys`` of items: where they begin, and what to do.

    >>> list(arguments_of_their_own([{"type": "Dense"}, {"units": 10}, {"activation": "relu"}], ["type"]))
    [(1, "these are arguments of the item above: remove their '- ', or write {type: Dense, units: 10, activation: relu}")]
    """
    from specc import layers
    from specc.layers.meant import layer_type

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
        cls = layers.find(layer_type(name) or "") if isinstance(name, str) else None
        known = {*keys, *cls.argument_fields()} - {"type", "share"} if cls is not None else set()


def output(raw: Any) -> tuple[str, Fix | None] | None:
    """What an entry of ``outputs`` that is no reference was meant to be: ``{name: y}``, ``{label: y}``."""
    if isinstance(raw, list) and len(raw) == 1 and isinstance(raw[0], str):
        return _found(raw[0])
    if not isinstance(raw, dict) or len(raw) != 1:
        return None
    ((key, name),) = raw.items()
    if not isinstance(name, str):
        return None
    if key in ("name", "from", "layer", "node", "output", "ref", "id"):
        return _found(name)
    return f"write {name}; with labels of their own, outputs is one map: outputs: {flow(raw)}", None


def blocks(raw: Any) -> str | None:
    """What to do about ``blocks`` that are no map."""
    if not isinstance(raw, list) or not raw or not isinstance(raw[0], dict):
        return "write a map: blocks: {NAME: {inputs: [x], layers: [...], outputs: [y]}}"
    name = raw[0].get("name")
    if isinstance(name, str):
        return f"blocks are a map by their names: write '{name}:' instead of '- name: {name}'"
    return "blocks are a map by their names: remove the '- '"


def items(raw: Any) -> str | None:
    """What to do about ``layers`` that are no list."""
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
        found = item({name: inside})
        said = found[0].removeprefix("write ") if found is not None else "{name: hidden, type: Dense, units: 10}"
    return f"write a list of items: - {said}"


def edge(raw: Any) -> tuple[str, Fix | None] | None:
    """What an edge in another form was meant to be."""
    if isinstance(raw, list) and all(isinstance(it, str | list) for it in raw):
        flat = [name for it in raw for name in (it if isinstance(it, list) else [it])]
        return _found(flat) if len(flat) > 1 and all(isinstance(name, str) for name in flat) else None
    if isinstance(raw, str) and len(raw) <= LONGEST_TEXT:
        text = raw.strip().rstrip(";").strip(" ()")
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
    if "$" in text or len(text) > LONGEST_TEXT:
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
    if isinstance(raw, dict) and raw and all(value is None for value in raw.values()):
        return _found(list(raw))
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
    return problem if found is None else problem.with_help(*found)


def _found(value: Any) -> tuple[str, Fix]:
    return f"write {flow(value)}", Fix(value)


def _written(value: dict[str, Any]) -> tuple[str, Fix | None]:
    text = flow(value)
    return (f"write {text}", Fix(value)) if len(text) <= LONGEST_HELP else (f"write {text[:LONGEST_HELP]}...", None)
