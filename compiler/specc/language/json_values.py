"""What a value may be, as JSON Schema for checkers and for editors: an argument, an entry of a list, an object of Keras.

Editors and checkers expect different things of a schema, and each keyword here serves one of them.

- Checkers report a wrong value best if conditions lead to one rule for it, so there are no alternatives.
- Editors offer the values that they find without a condition, through ``anyOf``. `offered` is an alternative that never
  matches and exists for them alone; ``type`` and the conditions tell them, like checkers, what a value may be.
- Editors write ``default`` after a key. A list would become a block within a flow map, so it is only in the
  description, and ``defaultSnippets`` write the brackets.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from pydantic.fields import FieldInfo

from specc import layers, objects
from specc.arguments import Arguments, in_words
from specc.diagnostics.text_safety import quote_value
from specc.language.argument_texts import argument_text
from specc.operations.base import Operation

Schema = dict[str, Any]

TEXT: Schema = {"$ref": "#/$defs/text"}
EXPRESSION: Schema = {"$ref": "#/$defs/expression"}
DEFINITIONS: Schema = {
    "text": {"type": "string", "pattern": r"^(?!\$)(?!.*\$\()"},
    "expression": {"type": "string", "pattern": r"^\$|\$\("},
}
"""A literal string, and one that a value is inserted into: ``$width``, ``$(width * 4)``, ``block$(index)``."""
UNSEEN: Schema = {"doNotSuggest": True}
"""On a property that another schema describes, so that editors offer it once."""
OR_NULL = ".or_null"
"""The suffix of the name of a definition that also admits null."""
_BRACKETS = {"array": ("[ ]", "^[$1]"), "object": ("{ }", "^{$1}")}
"""What an editor writes where a list or a map is expected; the ``^`` says that it is not to be quoted."""
_LENGTHS = {"minLength": "minItems", "maxLength": "maxItems"}
"""pydantic says of lists after a validator what only strings have."""


def properties(cls: type[Arguments]) -> Schema:
    """The schemas of a class's arguments, each with a description, and with an expression as an alternative."""
    generated = cls.model_json_schema(by_alias=True)
    parts = generated.get("$defs", {})
    fields, found = cls.argument_fields(), generated.get("properties", {})
    return {
        name: described(fields[name], _cleaned(found[name], parts), argument_text(cls, name))
        for name in cls.argument_order()
    }


def described(field: FieldInfo, found: Schema, text: str | None) -> Schema:
    """An argument: its description, type and default, in words and as a schema."""
    words = in_words(field)
    default = found.get("default")
    after = (
        "Required." if field.is_required() else f"Default: {quote_value(field.get_default(call_default_factory=True))}."
    )
    said = "" if text is None else f"{text}. "
    schema: Schema = {"description": f"{said}{words[:1].upper()}{words[1:]}. {after}"}
    if isinstance(default, str | int | float):
        schema["default"] = default
    return schema | admitting({key: it for key, it in found.items() if key not in ("default", "description")})


def admitting(found: Schema) -> Schema:
    """The schema of a value, with an expression as an alternative to it and to everything inside it."""
    options, nullable = _options(found)
    if len(options) == 1 and "$ref" in options[0]:
        return {"$ref": options[0]["$ref"] + (OR_NULL if nullable else "")}
    if any(not isinstance(option.get("type"), str) for option in options):
        return _unlike(options, nullable)
    kinds: dict[str, list[Schema]] = {}
    for option in options:
        kinds.setdefault(option["type"], []).append({key: it for key, it in option.items() if key != "type"})
    if "number" in kinds:  # which an integer is, too
        kinds.pop("integer", None)
    schema: Schema = {"type": [*dict.fromkeys([*kinds, "string"]), *["null"] * nullable]}
    inside = []
    for kind, rules in kinds.items():
        if kind in _BRACKETS:
            inside.append(_any_of(kind, [_inside(rule) for rule in rules]))
        elif kind != "string" and (len(rules) > 1 or "enum" in rules[0]):
            inside.append({"if": {"type": kind}, "then": {"anyOf": rules}})
        elif kind != "string":
            schema |= rules[0]
    if "string" not in kinds:
        schema |= {"if": TEXT, "then": {"type": next(iter(kinds)) if len(kinds) == 1 else list(kinds)}}
    elif kinds["string"][0]:
        schema |= {"if": TEXT, "then": kinds["string"][0] if len(kinds["string"]) == 1 else {"anyOf": kinds["string"]}}
        if "enum" in kinds["string"][0]:
            schema["anyOf"] = offered(kinds["string"][0])
    if inside := [rule for rule in inside if rule]:
        schema["allOf"] = inside
    return schema | brackets(next(iter(kinds)))


def brackets(kind: str) -> Schema:
    """What makes an editor write brackets for a value of that type."""
    if kind not in _BRACKETS:
        return {}
    label, body = _BRACKETS[kind]
    return {"defaultSnippets": [{"label": label, "body": body}]}


def offered(*found: Schema) -> list[Schema]:
    """Alternatives that any value fits, and in which an editor finds what it can offer: see above."""
    return [{}, {"allOf": [*found, {"not": {}}]}]


def _options(found: Schema) -> tuple[list[Schema], bool]:
    """The alternatives of a schema, each of one type; and whether it also admits null."""
    plain: list[Schema] = []
    for option in found.get("anyOf", [found]):
        kinds = option.get("type")
        if isinstance(kinds, list):
            plain += [{**option, "type": kind} for kind in kinds]
        elif "const" in option:
            plain.append({"type": kinds, "enum": [option["const"]]})
        elif "enum" in option:
            plain.append({"type": "string", **option})
        else:
            plain.append(option)
    options = [option for option in plain if option != {"type": "null"}]
    return options, len(options) < len(plain)


def _unlike(options: list[Schema], nullable: bool) -> Schema:
    """A value whose alternatives need a condition to distinguish them, such as a layer or a list of layers."""
    lists = [option for option in options if option.get("type") == "array"]
    others = [option for option in options if option not in lists] + [{"type": "null"}] * nullable
    other = others[0] if len(others) == 1 else {"anyOf": others}
    if lists:
        other = {"if": {"type": "array"}, "then": _inside(lists[0]), "else": other}
    return {"if": EXPRESSION, "else": other, "anyOf": offered(*(option for option in options if "$ref" in option))}


def _any_of(kind: str, rules: list[Schema]) -> Schema:
    return rules[0] if len(rules) == 1 else {"if": {"type": kind}, "then": {"anyOf": rules}}


def _inside(rule: Schema) -> Schema:
    """The rule of a list or a map, which admits expressions inside."""
    shown = {_LENGTHS.get(key, key): it for key, it in rule.items() if key not in ("type", "additionalProperties")}
    if isinstance(rule.get("items"), dict):
        shown["items"] = admitting(rule["items"])
    if "prefixItems" in rule:
        shown["prefixItems"] = [admitting(it) for it in rule["prefixItems"]]
    if isinstance(rule.get("additionalProperties"), dict):
        shown["additionalProperties"] = admitting(rule["additionalProperties"])
    return shown


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


# -- Objects of Keras: a name in any spelling, or a map with type ---------------------------------


def object_definitions() -> Schema:
    """The definitions of all kinds of objects: initializers, losses, optimizers..."""
    definitions: Schema = {}
    for kind in objects.MODULES:
        definitions |= _kind(kind)
        for name, cls in _classes(kind).items():
            definitions[f"{kind}.{name}"] = arguments_of(cls)
    return definitions


def arguments_of(cls: type[Arguments]) -> Schema:
    """A map of an object's arguments, ``type`` among them."""
    return {
        "description": first_paragraph(cls),
        "type": "object",
        "properties": {"type": {"description": first_paragraph(cls)}, **properties(cls)},
        "required": required(cls),
        "additionalProperties": False,
    }


def required(cls: type[Arguments]) -> list[str]:
    """The names of the arguments that have no default."""
    return [name for name in cls.argument_order() if cls.argument_fields()[name].is_required()]


def first_paragraph(cls: type) -> str:
    """The first line of a class's docstring."""
    return " ".join((cls.__doc__ or "").strip().split("\n\n", 1)[0].replace("``", "`").split())


def is_layer(name: str) -> Schema:
    """The condition that a map is of a layer type, by its name or an alias."""
    aliases = [alias for alias, main in layers.ALIASES.items() if main == name]
    # Editors list the values of an enum wherever it is asked, so that a pattern is better where there are several names.
    return has_type({"pattern": f"^({'|'.join([name, *aliases])})$"} if aliases else {"const": name})


def has_type(condition: Schema) -> Schema:
    """The condition that a map has such a type."""
    # The "type": "object" is what makes editors offer the right keys.
    return {"type": "object", "properties": {"type": {**condition, **UNSEEN}}, "required": ["type"]}


def _kind(kind: str) -> Schema:
    words = objects.article(kind)
    conditions = [
        {"if": has_type(_spelled(kind, cls)), "then": {"$ref": f"#/$defs/{kind}.{name}"}}
        for name, cls in _classes(kind).items()
    ]
    texts = {name: first_paragraph(cls) for name, cls in objects.spellings(kind).items()}
    names = {"$ref": f"#/$defs/{kind}.names"}
    offer = {"$ref": f"#/$defs/{kind}.offered"}
    layers_too: Schema = {"enum": []}
    if kind == "activation":
        layers_too = enum(
            {name: first_paragraph(cls) for name in objects.ACTIVATION_LAYERS if (cls := layers.find(name))}
        )
        conditions += [{"if": is_layer(name), "then": {"$ref": f"#/$defs/layer.{name}"}} for name in layers_too["enum"]]
    in_map = {"if": layers_too, "else": names} if layers_too["enum"] else names
    types = [*["number"] * (kind == "schedule"), "string", "object"]
    shown = {
        "allOf": [{"if": TEXT, "then": names}, {"if": {"type": "object"}, "then": {"$ref": f"#/$defs/{kind}.map"}}],
        "anyOf": offered(offer),
    }
    type_of = {
        "description": f"The name of {words}.",
        "type": "string",
        "if": TEXT,
        "then": in_map,
        "anyOf": offered(offer, *[layers_too] * (in_map is not names)),
    }
    any_case = [name for name, cls in objects.spellings(kind).items() if cls.any_case]
    # Names in any case are a separate condition, so that the list is what a checker names.
    spelled = {"if": offer, "else": {"if": {"pattern": _in_any_case(any_case)}, "else": {"enum": list(texts)}}}
    return {
        kind: {"type": types, **shown},
        f"{kind}{OR_NULL}": {"type": [*types, "null"], **shown},
        f"{kind}.offered": enum(texts),
        f"{kind}.names": spelled if any_case else offer,
        f"{kind}.map": {
            "type": "object",
            "properties": {"type": type_of},
            "required": ["type"],
            "allOf": conditions,
        },
    }


def enum(texts: dict[str, str]) -> Schema:
    """One of some names, each with what it is."""
    return {"enum": list(texts), "enumDescriptions": list(texts.values())}


def _spelled(kind: str, cls: type[Arguments]) -> Schema:
    """One of the spellings of an object."""
    names = [name for name, found in objects.spellings(kind).items() if found is cls]
    any_case = [name for name in names if objects.spellings(kind)[name].any_case]
    return {"pattern": _in_any_case(any_case)} if any_case else {"enum": names}


def _in_any_case(names: list[str]) -> str:
    """A pattern for names without regard to case, which JSON Schema's patterns have no flag for."""
    letters = (
        "".join(f"[{c.lower()}{c.upper()}]" if c.isalpha() else c for c in name)
        for name in dict.fromkeys(map(str.lower, names))
    )
    return f"^({'|'.join(letters)})$"


def _classes(kind: str) -> dict[str, type[Arguments]]:
    return {cls.keras_name(): cls for cls in objects.spellings(kind).values()}


# -- Layer types -----------------------------------------------------------------------------------


def layer_types() -> dict[str, str]:
    """Every layer type and alias, each with what it is."""
    names = [*layers.names(), *layers.ALIASES]
    return {name: first_paragraph(cls) for name in names if (cls := layers.find(name)) is not None}


def inner_types() -> list[str]:
    """The types that can be a layer inside another: operations cannot."""
    return [name for name in layer_types() if not issubclass(layers.find(name) or object, Operation)]


def shared(definitions: Schema, of: tuple[str, ...]) -> Schema:
    """The definitions, with properties that several of them have defined once, under ``argument.NAME``.

    ``of`` are the prefixes of the names of the definitions that are considered.
    """
    uses: dict[tuple[str, str], list[Schema]] = {}
    for name, definition in definitions.items():
        if name.split(".")[0] in of:
            for key, found in definition.get("properties", {}).items():
                uses.setdefault((key, json.dumps(found)), []).append(definition["properties"])
    taken: dict[str, int] = {}
    for (key, said), places in uses.items():
        if len(places) < LEAST_SHARED or len(said) < SHORTEST_SHARED:
            continue
        taken[key] = taken.get(key, 0) + 1
        name = f"argument.{key}" + (f".{taken[key]}" if taken[key] > 1 else "")
        definitions[name] = json.loads(said)
        for place in places:
            place[key] = {"$ref": f"#/$defs/{name}"}
    return definitions


def used(schema: Schema) -> Schema:
    """The schema without the definitions that nothing refers to."""
    kept: Schema = {}
    waiting = list(_references({key: it for key, it in schema.items() if key != "$defs"}))
    while waiting:
        if (name := waiting.pop()) not in kept:
            kept[name] = schema["$defs"][name]
            waiting += _references(kept[name])
    return {**schema, "$defs": {name: it for name, it in schema["$defs"].items() if name in kept}}


def _references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"].split("/")[2]
        part = list(part.values())
    if isinstance(part, list):
        for item in part:
            yield from _references(item)


LEAST_SHARED, SHORTEST_SHARED = 2, 60
"""How often a property's schema must occur to be shared, and how many characters it must have."""
