"""The JSON Schema of the language, made from the same classes that check a spec.

A layer's arguments are under ``if type = X then``: editors complete the arguments of that very type, and a checker
names the wrong one instead of every alternative. What depends on the whole graph is left to ``specc check``.
"""

from __future__ import annotations

import json
import string
from collections.abc import Iterator, Mapping
from typing import Any

from specc import layers, objects
from specc.arguments import Arguments
from specc.calls import Callee
from specc.diagnostics.codes import WARNINGS
from specc.frontend import std
from specc.frontend.items import ITEM_KEYS, KEYS_OF_FORMULAS, KEYS_OF_SHARED, Item
from specc.frontend.references import Edge
from specc.frontend.schema import Block, BlockInput, Spec
from specc.language.json_values import (
    DEFINITIONS,
    EXPRESSION,
    OR_NULL,
    TEXT,
    UNSEEN,
    Schema,
    admitting,
    arguments_of,
    brackets,
    enum,
    first_paragraph,
    has_type,
    inner_types,
    is_layer,
    layer_types,
    object_definitions,
    offered,
    properties,
    required,
    shared,
    used,
)
from specc.objects.optimizers import OptimizerMap
from specc.passes.expect import KEYS as CONTRACTS
from specc.policies import POLICIES
from specc.training import Training

_TRAINING = {
    "optimizer": "The optimizer. Default: rmsprop.",
    "loss": "The loss; with several outputs also a list with one for each, or a map by output name.",
    "loss_weights": "The weights of the losses in their sum: a number, a list, or a map by output name.",
    "metrics": "A metric or a list of them; with several outputs a map by output name.",
    "weighted_metrics": "As 'metrics', for those that count each sample with its weight.",
}
"""The arguments of `Model.compile`, in words."""
_CONTRACT = {
    "params": 'The number of parameters, or a bound of it: "< 5M".',
    "trainable_params": "The number of trainable parameters, or a bound of it.",
    "memory": "The bytes of all weights, or a bound of them.",
    "layers": "The number of layers, or a bound of it.",
    "form": "sequential for a chain of layers, functional for anything else.",
    "outputs": "The outputs with their shapes: {label: [null, 10]}.",
}
_NAMES: Schema = {"type": "string", "pattern": r"^([^\[\]]|\[(\*|-?[0-9]+)\])*$|\$"}
"""References: brackets hold the number of a copy, or what computes it."""
_REFERENCES: Schema = {"items": _NAMES, "minItems": 1}
_FROM: Schema = {
    "type": ["string", "array", "object"],
    "allOf": [{**_REFERENCES, "additionalProperties": {"type": ["string", "array"], **_REFERENCES}}],
}
_OUTPUTS: Schema = {
    "type": ["string", "array", "object"],
    "allOf": [{**_REFERENCES, "additionalProperties": _NAMES, "minProperties": 1}],
}


def text() -> str:
    """The schema as JSON, unsorted: the order is that of the language. Each definition has a line."""
    whole = schema()
    definitions = ",\n".join(f'  "{name}": {json.dumps(it)}' for name, it in whole.pop("$defs").items())
    parts = [f' "{name}": {json.dumps(it)}' for name, it in whole.items()]
    return "{\n" + ",\n".join([*parts, f' "$defs": {{\n{definitions}\n }}']) + "\n}"


def schema() -> Schema:
    """The schema of a spec, JSON Schema draft 2020-12."""
    classes = {name: found for name in layers.names() if (found := layers.find(name)) is not None}
    types = layer_types()
    definitions = {
        **DEFINITIONS,
        **_items(classes),
        "block_input": {**_object(_keys(BlockInput), ["name"]), "type": ["string", "object"]},
        "block": _object(_keys(Block), ["inputs", "layers", "outputs"]),
        "inner_layer": _inner_layer(),
        "inner_layer.types": enum({name: types[name] for name in inner_types()}),
        f"inner_layer{OR_NULL}": _or_null(_inner_layer()),
        "layer_types": enum(types),
        **_known(types),
        "compile": _compile(),
        "expect": _expect(),
        "optimizer_map": arguments_of(OptimizerMap),
        **object_definitions(),
        **{f"layer.{name}": _layer(cls) for name, cls in classes.items()},
    }
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "description": "A neural network as data: layers and edges that specc compiles to a Keras model.",
        "type": "object",
        "properties": _keys_of_spec(types),
        "if": {"required": ["blocks"]},
        "else": {"required": ["layers"]},
        "additionalProperties": False,
        "allOf": [
            *_types_known(types),
            {"if": {"not": {"required": ["defaults"]}}, "then": _all_items(_reference("complete"))},
        ],
        "$defs": shared(definitions, of=("layer", *objects.MODULES)),
    }
    return used(whole)


def _keys_of_spec(types: dict[str, str]) -> Schema:
    """The keys of a spec; those whose values depend on the layer types and other objects are not in `Spec`'s own schema."""
    root = _keys(Spec)
    root["defaults"] |= {
        "properties": {
            name: {
                "description": says,
                "type": "object",
                "allOf": [_reference(f"layer.{layers.ALIASES.get(name, name)}")],
                **brackets("object"),
            }
            for name, says in types.items()
        },
        "additionalProperties": False,
    }
    own = {"if": {"pattern": f"^{std.PREFIX}"}, "then": {"enum": list(std.names())}}
    root["include"]["allOf"] = [*root["include"]["allOf"], {"items": own}]
    for key, rule in (
        ("compile", {"type": ["object", "null"], "allOf": [_reference("compile")]}),
        ("expect", {"type": ["object", "null"], "allOf": [_reference("expect")]}),
        ("dtype_policy", admitting({"anyOf": [{"enum": list(POLICIES)}, {"type": "null"}]})),
    ):
        root[key] = {"description": Spec.argument_fields()[key].description, **rule}
    return root


def _items(classes: Mapping[str, type[Callee]]) -> Schema:
    """What an item may be: its keys, and its arguments by its type."""
    return {
        f"from{OR_NULL}": _or_null(_FROM),
        "outputs": _OUTPUTS,
        f"outputs{OR_NULL}": _or_null(_OUTPUTS),
        "edge": _edge(),
        "item": _item(),
        "item.keys": {"properties": _item_keys()},
        "item.arguments": {"allOf": [{"if": is_layer(name), "then": _reference(f"layer.{name}")} for name in classes]},
        "item.bare": {
            "allOf": [
                {"if": {"const": name}, "then": _reference(f"layer.{name}/properties/type")}
                for name, cls in classes.items()
                if not required(cls)
            ]
        },
        "complete": {
            "allOf": [
                {"if": is_layer(name), "then": {"required": needed}}
                for name, cls in classes.items()
                if (needed := required(cls))
            ]
        },
    }


def _reference(definition: str) -> Schema:
    return {"$ref": f"#/$defs/{definition}"}


def _or_null(schema: Schema) -> Schema:
    return {**schema, "type": [*schema["type"], "null"]}


def _object(properties: Schema, required: list[str]) -> Schema:
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _keys(cls: type[Arguments]) -> Schema:
    """The schemas of the keys of a part of the spec whose values are literal: no expression is allowed."""
    generated = cls.model_json_schema(by_alias=True).get("properties", {})
    fields = cls.argument_fields()
    keys = {key: _structure(found) for key, found in generated.items() if key in fields}
    if "allow" in keys:
        keys["allow"]["items"] = {"enum": list(WARNINGS)}
    for key in _IN_BRACKETS & keys.keys():
        keys[key] = _in_brackets(keys[key])
    return {key: {"description": fields[key].description, **rule} for key, rule in keys.items()}


def _in_brackets(rule: Schema) -> Schema:
    """A list or a map that an editor writes in brackets, not as a block, recognized by its schema."""
    kind = rule["type"][0] if isinstance(rule["type"], list) else rule["type"]
    inside = {key: it for key, it in rule.items() if key != "type"}
    return {"type": rule["type"], "allOf": [inside], **brackets(kind)}


INNER_LAYERS = ("layer", "backward_layer", "cell", "cells", "layers")
"""The arguments that are layers, for all layers that have some."""
_IN_BRACKETS = {"include", "inputs", "args", "call", "allow", "freeze"}
"""Keys of the spec whose values are short."""


def _structure(found: Any) -> Any:
    """A part of a spec, which may be null if the class says so."""
    if isinstance(found, list):
        return [_structure(item) for item in found]
    if not isinstance(found, dict):
        return found
    options = [option for option in found.get("anyOf", ()) if option != {"type": "null"}]
    if len(options) == 1:
        option = _structure(options[0])
        return option | ({"$ref": option["$ref"] + OR_NULL} if "$ref" in option else {"type": [option["type"], "null"]})
    words = {"title", "default", "description"}
    return {"$ref" if key == "x-ref" else key: _structure(it) for key, it in found.items() if key not in words}


# -- Layers ----------------------------------------------------------------------------------------


def _item() -> Schema:
    """A layer. The arguments come before the keys: of two descriptions of its type, editors show the first."""
    return {
        "description": "A layer: its type, specc's own keys, and the type's arguments; or just the type.",
        "type": ["object", "string"],
        "if": {"type": "object"},
        "then": {
            "type": "object",
            "allOf": [
                _reference("item.arguments"),
                _reference("item.keys"),
                {"if": {"anyOf": [{"required": ["share"]}, {"required": ["formula"]}]}, "else": {"required": ["type"]}},
                {"if": {"required": ["share"]}, "then": {"propertyNames": {"enum": list(KEYS_OF_SHARED)}}},
                {"if": {"required": ["formula"]}, "then": {"propertyNames": {"enum": list(KEYS_OF_FORMULAS)}}},
            ],
            "dependentRequired": {"else": ["when"]},
        },
        "else": _reference("item.bare"),
        "anyOf": offered(_reference("layer_types")),
    }


def _item_keys() -> Schema:
    keys = _keys(Item)
    keys["type"] |= {"type": "string", "anyOf": offered(_reference("layer_types"))}
    keys["else"] = {
        "description": keys["else"]["description"],
        "type": ["string", "array", "null"],  # in one list: editors write the colon after a key whose value has a type
        "maxItems": 0,
    }
    lists = {"type": "object", "additionalProperties": {"type": "array"}, "minProperties": 1}
    count = {"type": "integer", "minimum": 0}
    for key, kinds in (
        ("when", [{"type": "boolean"}]),
        ("nested", [{"type": "boolean"}]),
        ("repeat", [count, lists]),
        ("each", [lists]),
    ):
        admitted = admitting({"anyOf": [*kinds, {"type": "null"}]})
        keys[key] = {"description": keys[key]["description"], **admitted}
    return keys


def _layer(cls: type[Callee]) -> Schema:
    says = first_paragraph(cls)
    return {
        "description": says,
        "type": "object",
        "properties": {**properties(cls), **dict.fromkeys(ITEM_KEYS, True), "type": {"description": says}},
        "additionalProperties": False,
    }


def _inner_layer() -> Schema:
    """A layer inside another: a type, a block, or a map with ``type``."""
    types = _reference("inner_layer.types")
    no_operation = {"if": {"type": "string", "pattern": r"^ops\."}, "then": types}
    type_of = {
        "description": "A layer type of Keras, or a block.",
        "type": "string",
        "anyOf": offered(types),
        **no_operation,
    }
    return {
        "type": ["object", "string"],
        "if": {"type": "object"},
        "then": {
            "type": "object",
            "allOf": [_reference("item.arguments"), {"properties": {"type": type_of}, "required": ["type"]}],
        },
        "else": no_operation,
        "anyOf": offered(types),
    }


def _types_known(types: dict[str, str]) -> list[Schema]:
    """Every type is Keras's or a block's. A schema cannot look a name up in the file, but it can see that none of the
    file's blocks begins with a letter; then a type that does so is Keras's. Included files are not visible."""
    rules = []
    for first, _ in _beginnings(types):
        no_block = {"blocks": {"propertyNames": {"not": {"pattern": f"^{first}"}}, **UNSEEN}}
        seen = {"not": {"required": ["include"]}, "properties": no_block}
        rules.append({"if": seen, "then": _all_items(_reference(f"known.{first}"))})
    return [_all_items(_reference("known")), *rules]


def _beginnings(types: dict[str, str]) -> Iterator[tuple[str, list[str]]]:
    """The first characters of names, as patterns, each with the types that begin so."""
    for letter in string.ascii_letters:
        yield letter, [name for name in types if name[0] == letter and "." not in name]
    yield f"[^${string.ascii_letters}]", []


def _known(types: dict[str, str]) -> Schema:
    """The rules for types that begin with a letter; and for types with a dot, which no block has in its name."""
    rules: Schema = {}
    dotted = [name for name in types if "." in name]
    for definition, pattern, known in (
        ("known", r"^[^$]*\.", dotted),
        *((f"known.{first}", rf"^{first}[^.$]*$", known) for first, known in _beginnings(types)),
    ):
        # Not asked of a type that is right: editors would list all of them after the description of the type.
        wrong = {"type": "string", "pattern": pattern, "not": {"enum": known}}
        type_of = {"if": wrong, "then": {"enum": known}, **UNSEEN}
        # Also the layers in a layer's arguments; a block's argument may have such a name.
        within = {"properties": dict.fromkeys(INNER_LAYERS, _reference(f"{definition}.inner"))}
        of_map = {"properties": {"type": type_of}, "allOf": [{"if": _reference("wraps"), "then": within}]}
        rules[definition] = {"if": {"type": "object"}, "then": of_map, "else": type_of}
        rule = _reference(definition)
        rules[f"{definition}.inner"] = {"if": {"type": "array"}, "then": {"items": rule}, "else": rule, **UNSEEN}
    wrappers = [name for name in types if (cls := layers.find(name)) and cls.inner_layers()]
    return rules | {"wraps": has_type({"pattern": f"^({'|'.join(wrappers)})$"})}


def _all_items(rule: Schema) -> Schema:
    """A rule for all items of a spec, including those in blocks."""
    items = {"items": rule, **UNSEEN}
    in_blocks = {"additionalProperties": {"properties": {"layers": items}}, **UNSEEN}
    return {"properties": {"layers": items, "blocks": in_blocks}}


def _edge() -> Schema:
    return {
        "description": "An edge: a path of two or more names, or a map with 'from' and 'to'.",
        "type": ["array", "object"],
        "if": {"type": "array"},
        "then": {"items": _NAMES, "minItems": 2},
        "else": _object(_keys(Edge), ["from", "to"]),
    }


# -- Training and expectations ------------------------------------------------------------------------


def _compile() -> Schema:
    found = properties(Training)
    found["optimizer"]["default"] = "rmsprop"
    metrics = {
        "if": {"type": "array"},
        "then": {"items": _reference("metric")},
        "else": _reference("metric.or_null"),
        "anyOf": offered(_reference("metric.offered")),
    }
    for key, one, types in (
        ("loss", _reference("loss.or_null"), ["string"]),
        ("loss_weights", admitting({"type": ["number", "null"]}), ["number", "string"]),
        ("metrics", metrics, ["string"]),
        ("weighted_metrics", metrics, ["string"]),
    ):
        found[key] = {
            "type": [*types, "array", "object", "null"],
            "if": {"type": "array"},
            "then": {"items": one},
            "else": {
                "if": {"type": "object", "not": {"required": ["type"]}},
                "then": {"additionalProperties": one},
                "else": one,
            },
        }
        if key != "loss_weights":
            kind = "loss" if key == "loss" else "metric"
            found[key]["anyOf"] = offered(_reference(f"{kind}.offered"))
    for key, words in _TRAINING.items():
        found[key] = {**found[key], "description": words}
    return {"properties": found, "additionalProperties": False}


def _expect() -> Schema:
    bound = {
        "type": ["integer", "string"],
        "minimum": 0,
        "if": TEXT,
        "then": {"pattern": r"^\s*(<=|>=|<|>|)\s*[0-9]+(\.[0-9]+)?\s*[KMGT]?\s*$"},
    }
    shape = admitting({"type": "array", "items": {"anyOf": [{"type": "integer"}, {"type": "null"}]}})
    rules: Schema = {
        **dict.fromkeys(CONTRACTS, bound),
        "form": admitting({"type": "string", "enum": ["sequential", "functional"]}),
        "outputs": {
            "type": ["object", "string"],
            "if": {"type": "string"},
            "then": EXPRESSION,
            "allOf": [{"additionalProperties": shape}],
            **brackets("object"),
        },
    }
    described = {key: {"description": _CONTRACT[key], **rules[key]} for key in CONTRACTS}
    return {"properties": described, "additionalProperties": False}
