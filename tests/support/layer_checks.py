"""What the tests of layer families share: examples, messages."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from specc import layers
from specc.diagnostics.problem import RuleError
from specc.layers.base import Policy
from specc.shapes import Shape, Tensor
from tests.support.layer_agreement import Inputs, agree, by_argument


def named_twice(axes: Any, shape: Shape) -> set[int | None]:
    """The sizes of the axes that an argument names twice: specc refuses it, and Keras runs some where the sizes fit."""
    named = [axis % len(shape) for axis in axes if shape] if isinstance(axes, list) else []
    return {shape[axis] for axis in named if named.count(axis) > 1}


def example_agrees(type_name: str) -> None:
    """Fail unless the example in the documentation of a layer builds and runs, in specc and in Keras."""
    cls = layers.find(type_name)
    assert cls is not None
    items = [{"type": item} if isinstance(item, str) else item for item in yaml.safe_load(cls.example)["layers"]]
    inputs = [item for item in items if item["type"] == "Input"]
    given = items[len(inputs)]
    assert given["type"] == type_name
    arguments = {name: value for name, value in given.items() if name not in ("type", "from")}
    tensors = [Tensor((None, *each["shape"]), each.get("dtype", "float32")) for each in inputs]
    assert agree(type_name, arguments, tensors if cls.tensors[0].many else tensors[0], run=True, accepted=True)


def refusal(type_name: str, arguments: dict[str, Any], inputs: Inputs | tuple[int | None, ...]) -> RuleError:
    """The error with which a layer refuses its inputs."""
    cls = layers.find(type_name)
    assert cls is not None
    layer, problems = cls.parse(arguments)
    assert layer is not None, problems
    tensors = inputs if isinstance(inputs, Tensor | list | dict) else Tensor(inputs)
    with pytest.raises(RuleError) as caught:
        layer.infer(layer.call(by_argument(cls, tensors), {}, Policy.named("float32")))
    return caught.value


def problem(type_name: str, arguments: dict[str, Any]) -> tuple[str, str | None, tuple[str | int, ...]]:
    """The message, help and path of the one problem that the arguments have."""
    cls = layers.find(type_name)
    assert cls is not None
    _, problems = cls.parse(arguments)
    assert len(problems) == 1, problems
    return problems[0].message, problems[0].help, problems[0].path
