"""Draws arguments of any class of layers or objects by their types."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Annotated, Any

from pydantic import TypeAdapter
from pydantic.fields import FieldInfo

from specc.arguments import Arguments

OBJECTS: dict[str, list[Any]] = {
    "initializer": [
        "HeNormal", "zeros", {"type": "RandomUniform", "minval": -1, "seed": 3}, {"type": "VarianceScaling", "scale": 2.0},
        {"type": "Constant", "value": 2}, {"type": "he_uniform"},
    ],
    "regularizer": ["l2", {"type": "L1L2", "l1": 0.1}, {"type": "L1", "l1": 0.3}, "OrthogonalRegularizer"],
    "constraint": ["non_neg", {"type": "MaxNorm", "max_value": 1, "axis": [0, 1]}, {"type": "MinMaxNorm", "rate": 0.5}],
    "activation": ["relu", "linear", "hard_swish", {"type": "LeakyReLU", "negative_slope": 0.1}, {"type": "Softmax"}],
    "schedule": [0.5, 1, {"type": "ExponentialDecay", "initial_learning_rate": 0.1, "decay_steps": 10, "decay_rate": 0.5}],
    "optimizer": ["sgd", {"type": "Adam", "learning_rate": 0.5}],
    "loss": ["mse"],
    "metric": ["mae"],
}  # fmt: skip
"""Values of the arguments that are objects, by their kind."""
POLICIES = [
    "float64", "mixed_float16", "bfloat16", "int64", "int8_from_float32", "int4_from_mixed_bfloat16",
    "int4/16_from_float32", "float8_from_mixed_float16",
]  # fmt: skip


def candidates(name: str, field: FieldInfo) -> list[Any]:
    """Values of an argument by its type: each choice, a few numbers, one of each kind of object."""
    try:
        typed: Any = Annotated.__class_getitem__((field.annotation, name, *field.metadata))  # type: ignore[attr-defined]
        return list(_of_schema(name, TypeAdapter(typed).json_schema()))
    except Exception:
        return []


def _of_schema(name: str, schema: dict[str, Any]) -> Iterator[Any]:
    if name == "dtype":
        yield from POLICIES
    elif "x-ref" in schema:
        yield from OBJECTS.get(schema["x-ref"].rpartition("/")[2], [])
    elif "anyOf" in schema:
        for option in schema["anyOf"]:
            yield from _of_schema(name, option)
    elif "enum" in schema:
        yield from schema["enum"]
    elif "const" in schema:
        yield schema["const"]
    elif not schema or isinstance(schema.get("type"), list):
        yield from (2, 0.5, [1, 2.5, 0], [[1, 2, 3]])
    elif schema["type"] == "array":
        yield from _arrays(name, schema)
    elif schema["type"] == "object":
        inner = schema.get("additionalProperties", {})
        yield from ({"rmax": value, "dmax": 2} for value in _of_schema(name, inner))
    elif schema["type"] == "integer":
        least, most = schema.get("minimum", -3), schema.get("maximum", 5)
        yield from (value for value in (-2, -1, 0, 1, 2, 3, 4, 8) if least <= value <= most)
    elif schema["type"] == "number":
        least, most = schema.get("minimum", -3), schema.get("maximum", 5)
        yield from (value for value in (-1, -0.5, 0, 0.0, 0.1, 0.5, 1, 2.5) if least <= value <= most)
    elif schema["type"] == "boolean":
        yield from (True, False)
    elif schema["type"] == "null":
        yield None
    elif schema["type"] == "string":
        yield from ("given", "cd", "hann")


def _arrays(name: str, schema: dict[str, Any]) -> Iterator[Any]:
    if "prefixItems" in schema:
        columns = [list(_of_schema(name, item)) for item in schema["prefixItems"]]
        for turn in range(max(map(len, columns))):
            yield [column[(turn + 2 * place) % len(column)] for place, column in enumerate(columns)]
        yield [column[0] for column in columns]
        return
    items = list(_of_schema(name, schema.get("items", {})))
    yield from ([item] for item in items[:4])
    yield items[:2]
    yield items[1:4]
    yield sorted(item for item in items if isinstance(item, int | float))[:3]
    yield [2, 1]
    yield [None, 3]


def alone(cls: type[Arguments], base: dict[str, Any], most: int = 3) -> Iterator[dict[str, Any]]:
    """The base arguments with one more, or with another value for one, as far as the class accepts it.

    ``most`` values of each argument, which differ from class to class.
    """
    random = Random(cls.keras_name())
    for name, field in cls.argument_fields().items():
        values = candidates(name, field)
        for value in random.sample(values, min(most, len(values))):
            given = {**base, name: value}
            if cls.parse(given)[0] is not None:
                yield given


def together(cls: type[Arguments], base: dict[str, Any], count: int, random: Random) -> Iterator[dict[str, Any]]:
    """The base arguments with several others."""
    values = {name: candidates(name, field) for name, field in cls.argument_fields().items()}
    for _ in range(count):
        given = dict(base)
        for name, found in values.items():
            if found and random.random() < 0.5:
                more = {**given, name: random.choice(found)}
                given = more if cls.parse(more)[0] is not None else given
        yield given
