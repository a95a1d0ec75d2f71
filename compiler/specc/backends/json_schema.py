"""The JSON Schema of the language, made from the same classes that check a spec.

A layer's arguments stand behind ``if type = X then``: editors complete the arguments of that very type, and a checker
names the wrong one instead of every alternative. What only the whole graph can tell is left to ``specc check``.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from specc import layers, objects
from specc.arguments import Arguments
from specc.diagnostics import pages
from specc.frontend.schema import ITEM_KEYS, Block, Edge, Item, Spec
from specc.layers.base import Layer
from specc.objects.optimizers import OptimizerMap

Schema = dict[str, Any]

EXPRESSION: Schema = {"type": "string", "pattern": r"^\$"}
_NAMES: Schema = {"type": "string"}
_FROM: Schema = {
    "description": "Where the input comes from: a name, a list of names, or a map of call arguments to these.",
    "anyOf": [
        _NAMES,
        {"type": "array", "items": _NAMES, "minItems": 1},
        {
            "type": "object",
            "additionalProperties": {"anyOf": [_NAMES, {"type": "array", "items": _NAMES, "minItems": 1}]},
        },
    ],
}
_OUTPUTS: Schema = {
    "description": "The outputs: references in a list, or by label in a map.",
    "anyOf": [
        _NAMES,
        {"type": "array", "items": _NAMES, "minItems": 1},
        {"type": "object", "additionalProperties": _NAMES, "minProperties": 1},
    ],
}
_DESCRIPTIONS = {
    "type": "A layer type of Keras, an operation (ops.NAME), or a block.",
    "name": "A unique name; default: Keras's automatic name, which cannot be referred to.",
    "share": "Call the layer of that name again, with its weights.",
    "call": "Constant arguments of the layer's call, such as {training: false}.",
    "repeat": "So many copies in a chain; $index counts from 0.",
    "each": "Copies side by side, one for each value: {size: [3, 5]}.",
    "when": "false takes the item away; its first input, or 'else', stands in for it.",
    "else": "The reference that stands in when 'when' is false.",
    "nested": "Make the block instance a Keras model used as one layer.",
    "allow": "The codes of warnings that are not to be given here.",
}


def text() -> str:
    """The schema as JSON, sorted by nothing: the order is the language's own."""
    return json.dumps(schema(), indent=1)


def schema() -> Schema:
    """The schema of a spec, JSON Schema draft 2020-12."""
    classes = {name: found for name in layers.names() if (found := layers.find(name)) is not None}
    types = [*classes, *(alias for alias, name in layers.ALIASES.items() if name in classes)]
    root = _properties(Spec)
    complete = {"items": {"$ref": "#/$defs/complete"}}
    root["compile"] = {"$ref": "#/$defs/compile"}
    root["allow"] = {"$ref": "#/$defs/allow"}
    root["defaults"] = {
        "type": "object",
        "description": "Arguments for every layer of a type written in this file.",
        "properties": {name: {"$ref": f"#/$defs/layer.{layers.ALIASES.get(name, name)}"} for name in types},
        "additionalProperties": False,
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "specc",
        "description": "A neural network as data: layers and edges that specc compiles to a Keras model.",
        "type": "object",
        "properties": root,
        "required": ["layers"],
        "additionalProperties": False,
        "allOf": [
            {
                "if": {"not": {"anyOf": [{"required": ["blocks"]}, {"required": ["include"]}]}},
                "then": {"properties": {"layers": {"items": {"$ref": "#/$defs/known_type"}}}},
            },
            {
                "if": {"not": {"required": ["defaults"]}},
                "then": {
                    "properties": {
                        "layers": complete,
                        "blocks": {"additionalProperties": {"properties": {"layers": complete}}},
                    }
                },
            },
        ],
        "$defs": _shared(
            {
                "expression": EXPRESSION,
                "from": _FROM,
                "outputs": _OUTPUTS,
                "edge": _edge(),
                "item": _item(types),
                "known_type": _known_type(types),
                "arguments": {
                    "allOf": [{"if": _is_layer(name), "then": _reference(f"layer.{name}")} for name in classes]
                },
                "complete": {
                    "allOf": [_needs(name, required) for name, cls in classes.items() if (required := _required(cls))]
                },
                "allow": _allow(),
                "block": _object(
                    _properties(Block) | {"allow": {"$ref": "#/$defs/allow"}}, ["inputs", "layers", "outputs"]
                ),
                "inner_layer": _inner_layer(types),
                "compile": _compile(),
                "optimizer_map": _object_arguments(OptimizerMap),
                **{kind: _kind(kind) for kind in objects.MODULES},
                **{
                    f"{kind}.{name}": _object_arguments(cls) for kind in objects.MODULES for name, cls in _objects(kind)
                },
                **{f"layer.{name}": _layer(cls) for name, cls in classes.items()},
            }
        ),
    }


def _item(types: list[str]) -> Schema:
    properties = _properties(Item)
    for name, description in _DESCRIPTIONS.items():
        properties[name]["description"] = description
    properties["allow"] = {"$ref": "#/$defs/allow"}
    properties["type"] = {
        "description": _DESCRIPTIONS["type"],
        "anyOf": [{"enum": types}, {"type": "string"}],
    }
    return {
        "description": "A layer: its type, specc's own keys, and the type's arguments; or just the type.",
        "if": {"type": "string"},
        "else": {
            "type": "object",
            "properties": properties,
            "anyOf": [{"required": ["type"]}, {"required": ["share"]}],
            "allOf": [{"$ref": "#/$defs/arguments"}],
        },
    }


def _allow() -> Schema:
    return {"description": _DESCRIPTIONS["allow"], "type": "array", "items": {"enum": pages.warnings()}}


def _known_type(types: list[str]) -> Schema:
    known = {"if": {"$ref": "#/$defs/expression"}, "else": {"enum": types}}
    return {"if": {"type": "object"}, "then": {"properties": {"type": known}}, "else": known}


def _needs(name: str, required: list[str]) -> Schema:
    return {"if": _is_layer(name), "then": {"required": required}}


def _required(cls: type[Arguments]) -> list[str]:
    return [name for name, field in cls.argument_fields().items() if field.is_required()]


def _reference(definition: str) -> Schema:
    return {"$ref": f"#/$defs/{definition}"}


def _is_layer(name: str) -> Schema:
    """The condition that an item is of a type, by its name or an alias."""
    aliases = [alias for alias, main in layers.ALIASES.items() if main == name]
    return _has_type({"enum": [name, *aliases]} if aliases else {"const": name})


def _has_type(condition: Schema) -> Schema:
    # The "type": "object" is what makes editors offer the right keys.
    return {"type": "object", "properties": {"type": condition}, "required": ["type"]}


def _layer(cls: type[Layer]) -> Schema:
    return {
        "description": _first_line(cls),
        "type": "object",
        "properties": _properties(cls) | dict.fromkeys(ITEM_KEYS, True),
        "additionalProperties": False,
    }


def _inner_layer(types: list[str]) -> Schema:
    """A layer inside another: a type, a block, or a map with ``type``."""
    name = {"anyOf": [{"enum": types}, {"type": "string"}]}
    return _name_or_map(name, name, [{"$ref": "#/$defs/arguments"}])


def _kind(kind: str) -> Schema:
    """An object of a kind: its name in any spelling, or a map with ``type`` and that type's arguments."""
    names = list(objects.spellings(kind))
    conditions = [
        {"if": _has_type(_spelled(kind, cls)), "then": _reference(f"{kind}.{name}")} for name, cls in _objects(kind)
    ]
    in_map = list(names)
    if kind == "activation":
        in_map += objects.ACTIVATION_LAYERS
        conditions += [
            {"if": _is_layer(name), "then": _reference(f"layer.{name}")} for name in objects.ACTIVATION_LAYERS
        ]
    any_case = [name for name, cls in objects.spellings(kind).items() if cls.any_case]
    shown = _name_or_map(_one_of(names, any_case), _one_of(in_map, any_case), conditions)
    return {"if": {"type": "number"}, "else": shown} if kind == "schedule" else shown


def _name_or_map(name: Schema, name_in_map: Schema, conditions: list[Schema]) -> Schema:
    return {
        "if": {"type": "string"},
        "then": {"if": EXPRESSION, "else": name},
        "else": {"type": "object", "properties": {"type": name_in_map}, "required": ["type"], "allOf": conditions},
    }


def _one_of(names: list[str], any_case: list[str]) -> Schema:
    """One of the names. Those in any case are a condition of their own, so that the list is what a checker names."""
    return {"if": {"pattern": _any_case(any_case)}, "else": {"enum": names}} if any_case else {"enum": names}


def _spelled(kind: str, cls: type[Arguments]) -> Schema:
    """One of the spellings of an object."""
    names = [name for name, found in objects.spellings(kind).items() if found is cls]
    any_case = [name for name in names if objects.spellings(kind)[name].any_case]
    return {"pattern": _any_case(any_case)} if any_case else {"enum": names}


def _any_case(names: list[str]) -> str:
    """A pattern for names without regard to case, which JSON Schema's patterns have no flag for."""
    letters = (
        "".join(f"[{c.lower()}{c.upper()}]" if c.isalpha() else c for c in name)
        for name in dict.fromkeys(map(str.lower, names))
    )
    return f"^({'|'.join(letters)})$"


def _objects(kind: str) -> list[tuple[str, type[Arguments]]]:
    unique = {cls.keras_name(): cls for cls in objects.spellings(kind).values()}
    return list(unique.items())


def _object_arguments(cls: type[Arguments]) -> Schema:
    return {
        "description": _first_line(cls),
        "type": "object",
        "properties": {"type": True, **_properties(cls)},
        "required": _required(cls),
        "additionalProperties": False,
    }


def _compile() -> Schema:
    from specc.training import Training

    return {"description": "The arguments of Keras's Model.compile.", **_object(_properties(Training), [])}


def _edge() -> Schema:
    return {
        "description": "An edge: a path of two or more names, or a map with 'from' and 'to'.",
        "if": {"type": "array"},
        "then": {"items": _NAMES, "minItems": 2},
        "else": _object(_properties(Edge), ["from", "to"]),
    }


def _object(properties: Schema, required: list[str]) -> Schema:
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _properties(cls: type[Arguments]) -> Schema:
    """The schemas of a class's fields as pydantic makes them, each with an expression in its stead."""
    generated = cls.model_json_schema(by_alias=True)
    parts = generated.get("$defs", {})
    known = cls.argument_fields()
    return {
        name: _structure(_cleaned(found, parts)) if name in _STRUCTURE else _admitting(_cleaned(found, parts))
        for name, found in generated.get("properties", {}).items()
        if name in known
    }


_STRUCTURE = ("layers", "edges", "blocks", "vars", "variants", "defaults", "include", "inputs", "args")
"""Parts of a spec that no expression stands for."""


def _structure(found: Schema) -> Schema:
    """A part of a spec, which may be null where the class says so."""
    options = [option for option in found.get("anyOf", ()) if option != {"type": "null"}]
    return {"if": {"type": "null"}, "else": options[0]} if len(options) == 1 else found


def _admitting(found: Schema) -> Schema:
    """The schema, and an expression in its stead or in the stead of an entry of its lists and maps.

    Written as a condition and not as an alternative, so that a checker has one thing to say about a wrong value.
    """
    kept = {key: value for key, value in found.items() if key in ("default", "description")}
    shown, nullable = _inside({key: value for key, value in found.items() if key not in kept})
    condition = {"type": ["string", "null"], "pattern": EXPRESSION["pattern"]} if nullable else EXPRESSION
    return {**kept, "if": condition, "else": shown} if shown else kept


def _inside(found: Schema) -> tuple[Schema, bool]:
    """A schema whose lists and maps admit expressions; and whether it also stood for null, which it does no more."""
    options = [option for option in found.get("anyOf", ()) if option != {"type": "null"}]
    nullable = len(options) < len(found.get("anyOf", ()))
    if len(options) == 1:
        return _inside(options[0])[0], nullable
    lists = [option for option in options if option.get("type") == "array"]
    if len(lists) == 1 and len(found) == 1:
        others = [option for option in options if option is not lists[0]]
        other = others[0] if len(others) == 1 else {"anyOf": others}
        found = {"if": {"type": "array"}, "then": lists[0], "else": other}
    elif options:
        found = {**found, "anyOf": options}
    shown = dict(found)
    for key in ("items", "additionalProperties"):
        if isinstance(shown.get(key), dict):
            shown[key] = _admitting(shown[key])
    for key in ("then", "else"):
        if key in shown:
            inner, may_be_null = _inside(shown[key])
            shown[key] = {"if": {"type": "null"}, "else": inner} if may_be_null else inner
    if "prefixItems" in shown:
        shown["prefixItems"] = [_admitting(option) for option in shown["prefixItems"]]
    if "anyOf" in shown:
        shown["anyOf"] = [_inside(option)[0] for option in shown["anyOf"]]
    return shown, nullable


def _cleaned(found: Any, parts: Schema) -> Any:
    """Without pydantic's titles; with pydantic's own references resolved, and ``x-ref``, which the types use since
    pydantic resolves a ``$ref`` itself, as references."""
    if isinstance(found, list):
        return [_cleaned(item, parts) for item in found]
    if not isinstance(found, dict):
        return found
    if "$ref" in found:
        return _cleaned(parts[found["$ref"].rsplit("/", 1)[-1]], parts)
    kept = {key: value for key, value in found.items() if not (key == "title" and isinstance(value, str))}
    return {"$ref" if key == "x-ref" else key: _cleaned(value, parts) for key, value in kept.items()}


def _shared(definitions: Schema) -> Schema:
    """The definitions, those properties that several of them have defined once, under ``argument.NAME``."""
    uses = Counter((name, json.dumps(found)) for _, name, found in _all_properties(definitions))
    names: dict[tuple[str, str], str] = {}
    for properties, name, found in list(_all_properties(definitions)):
        use = (name, json.dumps(found))
        if uses[use] < LEAST_SHARED or len(use[1]) < SHORTEST_SHARED:
            continue
        if use not in names:
            alike = sum(known == name for known, _ in names)
            names[use] = f"argument.{name}" + (f".{alike + 1}" if alike else "")
            definitions[names[use]] = found
        properties[name] = _reference(names[use])
    return definitions


LEAST_SHARED, SHORTEST_SHARED = 2, 60
"""How often a property's schema must occur to be shared, and how many characters it must have."""


def _all_properties(definitions: Schema) -> Iterator[tuple[Schema, str, Schema]]:
    for name, definition in definitions.items():
        if name.split(".")[0] in ("layer", *objects.MODULES):
            properties = definition.get("properties", {})
            yield from ((properties, key, found) for key, found in properties.items() if isinstance(found, dict))


def _first_line(cls: type) -> str:
    return (cls.__doc__ or "").strip().split("\n", 1)[0]
