"""The schema of a value: it takes what specc takes, expressions too, and names what is wrong with anything else."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from specc import layers, objects
from specc.language.json_values import DEFINITIONS, admitting, object_definitions, properties, shared, used

SIZE = {"type": "integer", "minimum": 1}


@cache
def definitions() -> dict[str, Any]:
    return {**DEFINITIONS, **object_definitions()}


def validator(schema: dict[str, Any]) -> Draft202012Validator:
    return Draft202012Validator({**schema, "$defs": definitions()})


# -- Values ----------------------------------------------------------------------------------------

VALUES: dict[str, tuple[dict[str, Any], list[Any], list[tuple[Any, str]]]] = {
    "a number": (SIZE, [1, "$width", "$(2 * width)"], [(0, "0 is less than the minimum of 1"), ("1", "'1' is not of type 'integer'"), (None, "None is not of type 'integer', 'string'")]),
    "null too": ({"anyOf": [SIZE, {"type": "null"}]}, [1, None, "$w"], [(0, "0 is less than the minimum of 1")]),
    "a choice": ({"type": "string", "enum": ["same", "valid"]}, ["same", "$padding"], [("sane", "'sane' is not one of ['same', 'valid']"), (1, "1 is not of type 'string'")]),
    "a list": (
        {"type": "array", "items": SIZE, "minLength": 2}, [[1, 2], [1, "$w"], "$sizes"],
        [([1], "[1] is too short"), ([1, 0], "0 is less than the minimum of 1"), ([1, "2"], "'2' is not of type 'integer'"), ("1", "'1' is not of type 'array'")],
    ),
    "one or a list": ({"anyOf": [SIZE, {"type": "array", "items": SIZE}]}, [3, [3, 3], "$size"], [(0, "0 is less than the minimum of 1"), ([0], "0 is less than the minimum of 1")]),
    "a map": ({"type": "object", "additionalProperties": {"type": "number"}}, [{"a": 1}, {"a": "$w"}], [({"a": "x"}, "'x' is not of type 'number'")]),
    "an object of Keras": ({"$ref": "#/$defs/initializer"}, ["he_normal", {"type": "he_normal", "seed": 1}, "$init"], [("he_norml", "'he_norml' is not one of ["), (None, "None is not of type 'string', 'object'")]),
    "an object of Keras or null": ({"anyOf": [{"$ref": "#/$defs/regularizer"}, {"type": "null"}]}, ["l2", None], [("l3", "'l3' is not one of [")]),
    "an object or a list of them": (
        {"anyOf": [{"$ref": "#/$defs/loss"}, {"type": "array", "items": {"$ref": "#/$defs/loss"}}]}, ["mse", ["mse", {"type": "Huber", "delta": 2}], "$loss"],
        [("mze", "'mze' is not one of ["), (["mze"], "'mze' is not one of [")],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("found", "accepted", "refused"), VALUES.values(), ids=VALUES)
def test_a_value(found: dict[str, Any], accepted: list[Any], refused: list[tuple[Any, str]]) -> None:
    check = validator(admitting(found))
    assert [value for value in accepted if not check.is_valid(value)] == []
    for value, start in refused:
        (error,) = check.iter_errors(value)
        assert error.message.startswith(start)


# -- Arguments -------------------------------------------------------------------------------------

TEXT = {"$ref": "#/$defs/text"}
ARGUMENTS: dict[tuple[str, str], dict[str, Any]] = {
    ("Dense", "units"): {
        "description": "The size of the output's last axis. A positive integer. Required.",
        "type": ["integer", "string"], "minimum": 1, "maximum": 2**31 - 1, "if": TEXT, "then": {"type": "integer"},
    },
    ("Dense", "activation"): {
        "description": "The function applied to the result; null: none. An activation or null. Default: null.",
        "$ref": "#/$defs/activation.or_null",
    },
    ("Conv2D", "padding"): {
        "description": 'valid: only windows within the input; same: padding around it, so that only strides change the size. "valid" or "same". Default: "valid".',
        "default": "valid", "type": ["string"], "if": TEXT, "then": {"enum": ["valid", "same"]},
        "anyOf": [{}, {"allOf": [{"enum": ["valid", "same"]}, {"not": {}}]}],  # for editors: it never holds
    },
    ("Permute", "dims"): {
        "description": "The axes in their new order, counted from 1, without the batch axis. A list of integers. Required.",
        "type": ["array", "string"], "if": TEXT, "then": {"type": "array"},
        "allOf": [{"items": {"type": ["integer", "string"], "minimum": -(2**63) + 1, "maximum": 2**63 - 1, "if": TEXT, "then": {"type": "integer"}}}],
        "defaultSnippets": [{"label": "[ ]", "body": "^[$1]"}],
    },
}  # fmt: skip


@pytest.mark.parametrize(("type", "name"), ARGUMENTS)
def test_an_argument(type: str, name: str) -> None:
    cls = layers.find(type)
    assert cls is not None
    assert properties(cls)[name] == ARGUMENTS[type, name]


# -- Objects ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", objects.MODULES)
def test_every_spelling_passes(kind: str) -> None:
    names = list(objects.spellings(kind))
    names += [
        changed(name)
        for name in names
        for changed in (str.lower, str.upper)
        if objects.find(kind, changed(name)) is not None
    ]
    accept = validator({"$ref": f"#/$defs/{kind}.names"})
    assert [name for name in names if not accept.is_valid(name)] == []
    assert not accept.is_valid("no such thing")
    accept = validator({"$ref": f"#/$defs/{kind}.map"})
    for name in names:
        messages = [error.message for error in accept.iter_errors({"type": name, "no_argument": 1})]
        assert any("'no_argument' was unexpected" in message for message in messages), name


# -- Definitions -----------------------------------------------------------------------------------

LONG = {"description": "long " * 20}


def test_what_several_definitions_have_is_defined_once() -> None:
    given = {
        "layer.A": {"properties": {"size": LONG, "short": {}}},
        "layer.B": {"properties": {"size": LONG, "rate": LONG, "short": {}}},
        "layer.C": {"properties": {"size": {**LONG, "minimum": 0}, "only": {**LONG, "maximum": 1}}},
        "layer.D": {"properties": {"size": {**LONG, "minimum": 0}}},
        "other": {"properties": {"rate": LONG}},
    }
    assert shared(given, ("layer",)) == {
        "layer.A": {"properties": {"size": {"$ref": "#/$defs/argument.size"}, "short": {}}},
        "layer.B": {"properties": {"size": {"$ref": "#/$defs/argument.size"}, "rate": LONG, "short": {}}},
        "layer.C": {"properties": {"size": {"$ref": "#/$defs/argument.size.2"}, "only": {**LONG, "maximum": 1}}},
        "layer.D": {"properties": {"size": {"$ref": "#/$defs/argument.size.2"}}},
        "other": {"properties": {"rate": LONG}},
        "argument.size": LONG,
        "argument.size.2": {**LONG, "minimum": 0},
    }


def test_what_nothing_refers_to_is_left_out() -> None:
    a, b = {"$ref": "#/$defs/a"}, {"$ref": "#/$defs/b"}
    given = {"items": a, "$defs": {"a": {"allOf": [b]}, "b": a, "c": {"anyOf": [a, {"$ref": "#/$defs/d"}]}, "d": {}}}
    assert used(given) == {"items": a, "$defs": {"a": {"allOf": [b]}, "b": a}}
