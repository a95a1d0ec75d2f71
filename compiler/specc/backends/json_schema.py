"""The JSON Schema of the language, made from the same classes that check a spec.

A layer's arguments stand behind ``if type = X then``: editors complete the arguments of that very type, and a checker
names the wrong one instead of every alternative. What only the whole graph can tell is left to ``specc check``.
"""

from __future__ import annotations

import json
from typing import Any

from specc import layers, objects
from specc.arguments import Arguments
from specc.frontend.schema import ITEM_KEYS, Block, Edge, Item, Spec
from specc.layers.base import Layer

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
}


def text() -> str:
    """The schema as JSON, sorted by nothing: the order is the language's own."""
    return json.dumps(schema(), indent=1)


def schema() -> Schema:
    """The schema of a spec, JSON Schema draft 2020-12."""
    classes = {name: found for name in layers.names() if (found := layers.find(name)) is not None}
    types = [*classes, *(alias for alias, name in layers.ALIASES.items() if name in classes)]
    root = _properties(Spec)
    root["compile"] = {"$ref": "#/$defs/compile"}
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
                "then": {"properties": {"layers": {"items": {"$ref": "#/$defs/complete"}}}},
            },
        ],
        "$defs": {
            "expression": EXPRESSION,
            "from": _FROM,
            "outputs": _OUTPUTS,
            "edge": _edge(),
            "item": _item(types),
            "known_type": _known_type(types),
            "complete": {"allOf": [_needs(name, classes[layers.ALIASES.get(name, name)]) for name in types]},
            "block": _object(_properties(Block), ["inputs", "layers", "outputs"]),
            "inner_layer": _named(types, [_then(name, f"layer.{layers.ALIASES.get(name, name)}") for name in types]),
            "compile": _compile(),
            **{kind: _kind(kind) for kind in objects.MODULES},
            **{f"{kind}.{name}": _object_arguments(cls) for kind in objects.MODULES for name, cls in _objects(kind)},
            **{f"layer.{name}": _layer(cls) for name, cls in classes.items()},
        },
    }


def _item(types: list[str]) -> Schema:
    properties = _properties(Item)
    for name, description in _DESCRIPTIONS.items():
        properties[name]["description"] = description
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
            "allOf": [_then(name, f"layer.{layers.ALIASES.get(name, name)}") for name in types],
        },
    }


def _known_type(types: list[str]) -> Schema:
    known = {"anyOf": [{"enum": types}, {"$ref": "#/$defs/expression"}]}
    return {"if": {"type": "object"}, "then": {"properties": {"type": known}}, "else": known}


def _needs(name: str, cls: type[Layer]) -> Schema:
    required = [argument for argument, field in cls.argument_fields().items() if field.is_required()]
    return {"if": _is_type(name), "then": {"required": required}} if required else {}


def _then(name: str, definition: str) -> Schema:
    return {"if": _is_type(name), "then": {"$ref": f"#/$defs/{definition}"}}


def _is_type(name: str) -> Schema:
    # The "type": "object" inside the condition is what makes editors offer the right keys.
    return {"type": "object", "properties": {"type": {"const": name}}, "required": ["type"]}


def _layer(cls: type[Layer]) -> Schema:
    own = {key: True for key in ITEM_KEYS} | {"name": True}
    return {
        "description": _first_line(cls),
        "type": "object",
        "properties": {**_properties(cls), **own},
        "additionalProperties": False,
    }


def _kind(kind: str) -> Schema:
    names = list(objects.spellings(kind))
    shown = _named(names, [_then(name, f"{kind}.{cls.keras_name()}") for name, cls in objects.spellings(kind).items()])
    if kind == "schedule":
        shown = {"anyOf": [{"type": "number"}, shown]}
    if kind == "activation":
        activation_layers = ("ReLU", "LeakyReLU", "ELU", "Softmax")
        shown["else"]["properties"]["type"] = {"enum": [*names, *activation_layers]}
        shown["else"]["allOf"] += [_then(name, f"layer.{name}") for name in activation_layers]
    if kind in ("loss", "metric"):
        # A compile section also has lists and maps of them by output.
        shown = {"if": EXPRESSION, "else": shown}
    return shown


def _named(names: list[str], conditions: list[Schema]) -> Schema:
    """A name, or a map with ``type`` and that type's arguments."""
    return {
        "if": {"type": "string"},
        "then": {"anyOf": [{"enum": names}, {"type": "string"}]} if "Dense" in names else {"anyOf": [{"enum": names}, EXPRESSION]},
        "else": {
            "type": "object",
            "properties": {"type": {"anyOf": [{"enum": names}, {"type": "string"}]} if "Dense" in names else {"enum": names}},
            "required": ["type"],
            "allOf": conditions,
        },
    }


def _objects(kind: str) -> list[tuple[str, type[Arguments]]]:
    unique = {cls.keras_name(): cls for cls in objects.spellings(kind).values()}
    return list(unique.items())


def _object_arguments(cls: type[Arguments]) -> Schema:
    required = [name for name, field in cls.argument_fields().items() if field.is_required()]
    return {
        "description": _first_line(cls),
        "type": "object",
        "properties": {"type": True, **_properties(cls)},
        "required": required,
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
    """The schemas of a class's fields as pydantic makes them, each with an expression as an alternative."""
    generated = cls.model_json_schema(by_alias=True)
    known = cls.argument_fields()
    return {
        name: _cleaned(found) if name in _STRUCTURE else _or_expression(_cleaned(found))
        for name, found in generated.get("properties", {}).items()
        if name in known
    }


_STRUCTURE = ("layers", "edges", "blocks", "vars", "variants", "defaults", "include", "inputs", "args")
"""Parts of a spec that no expression stands for."""


def _or_expression(found: Schema) -> Schema:
    """The schema, and an expression in its stead or in the stead of an entry of its lists.

    Written as a condition and not as an alternative, so that a checker has one thing to say about a wrong value.
    """
    shown = dict(found)
    for key in ("items", "additionalProperties"):
        if isinstance(shown.get(key), dict):
            shown[key] = _or_expression(shown[key])
    for key in ("prefixItems", "anyOf"):
        if key in shown:
            shown[key] = [_or_expression(option) if key == "prefixItems" else _inside(option) for option in shown[key]]
    kept: Schema = {key: shown.pop(key) for key in ("default", "description") if key in shown}
    return {**kept, "if": EXPRESSION, "else": shown} if shown else kept


def _inside(option: Schema) -> Schema:
    """An alternative of a schema that admits expressions already: only its lists are left to admit them."""
    admitted = _or_expression(option)
    inside: Schema = admitted.get("else", admitted)
    return inside


def _cleaned(found: Any) -> Any:
    """Without pydantic's titles; with ``x-ref``, which the types use since pydantic resolves references itself, as references."""
    if isinstance(found, dict):
        kept = {key: value for key, value in found.items() if not (key == "title" and isinstance(value, str))}
        return {"$ref" if key == "x-ref" else key: _cleaned(value) for key, value in kept.items()}
    return [_cleaned(item) for item in found] if isinstance(found, list) else found


def _first_line(cls: type) -> str:
    return (cls.__doc__ or "").strip().split("\n", 1)[0]
