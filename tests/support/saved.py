"""Compares what specc's archive says of a layer or an object with what the installed Keras saves of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, NamedTuple

import keras
from keras.src.saving.serialization_lib import serialize_keras_object

import specc
from specc.archive.writing.configs import of_layer
from specc.automatic_names import snake_case
from specc.backends.keras_model import realize
from specc.calls import Policy
from specc.ir import NestedModel
from specc.layers.base import Layer
from specc.shapes import Tensor
from tests.support.examples import written
from tests.support.layer_agreement import keras_input

Given = dict[str, Tensor | tuple[Tensor, ...]]


class Example(NamedTuple):
    """A layer of a type as its example has it."""

    layer: Layer
    given: Given | None
    """The tensors that it is called with; None if it is inside another layer."""
    options: dict[str, Any]


@cache
def example_of(name: str) -> Example:
    """The layer of the type's example."""
    graph = specc.compile({"layers": written(name)})
    for node in graph.nodes.values():
        for layer in node.layer.with_inner():
            if isinstance(layer, Layer) and layer.type_name == name:
                whole = layer is node.layer
                return Example(layer, graph.given(node) if whole else None, node.options)
    raise LookupError(name)


@contextmanager
def policy(name: str) -> Iterator[None]:
    """Keras with another dtype policy."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(name)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


def no_models(model: NestedModel, name: str) -> dict[str, Any]:
    """There are no nested models."""
    raise AssertionError(name)


def both(layer: Layer, given: Given | None, options: dict[str, Any], default: str = "float32") -> tuple[Any, Any]:
    """What specc says of a layer, and what Keras saves of it; called on these tensors, unless there are none.

    RuleError if it cannot be called.
    """
    call = None if given is None else layer.call(given, options, Policy.named(default))
    if call is not None:
        layer.infer(call)
    with policy(default):
        made = realize(layer)
        if given is not None:
            first, *others = ((name, _inputs(layer, name, value)) for name, value in given.items())
            made(first[1], **dict(others), **options)
    said = of_layer(layer, made.name, call, no_models)
    return as_json(said), as_json(serialize_keras_object(made))


def _inputs(layer: Layer, name: str, value: Tensor | tuple[Tensor, ...]) -> Any:
    return keras_input(value) if isinstance(value, Tensor) else layer.nest(name, [keras_input(one) for one in value])


def as_json(config: Any) -> Any:
    """As JSON, without what differs each time: the seeds that RandomCrop draws, and the counts in automatic names."""
    return json.loads(json.dumps(config), object_hook=_without_counts)


def _without_counts(found: dict[str, Any]) -> dict[str, Any]:
    if found.get("class_name") == "RandomCrop":
        found["config"]["seed"] = "drawn"
    if found.get("module", "").startswith(COUNTED) and isinstance(name := found["config"].get("name"), str):
        found["config"]["name"] = re.sub(f"^({snake_case(found['class_name'])})_\\d+$", r"\1", name)
    return found


COUNTED = ("keras.layers", "keras.losses", "keras.metrics", "keras.optimizers")
"""The modules of what Keras counts names of in the whole process."""


def differences(ours: Any, theirs: Any, path: str = "") -> Iterator[str]:
    """The values that differ, also in their types, one a line."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for key in sorted(ours.keys() | theirs.keys()):
            yield from differences(ours.get(key, "nothing"), theirs.get(key, "nothing"), f"{path}.{key}")
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for index, pair in enumerate(zip(ours, theirs, strict=True)):
            yield from differences(*pair, f"{path}[{index}]")
    elif ours != theirs or type(ours) is not type(theirs):
        yield f"{path}: specc {ours!r}, Keras {theirs!r}"
