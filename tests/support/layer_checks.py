"""What the tests of layer families share: examples, messages."""

from __future__ import annotations

from typing import Any

import keras
import pytest

from specc import layers
from specc.backends.keras_model import realize
from specc.calls import Policy
from specc.diagnostics.problem import Problem, RuleError
from specc.layers.base import Layer
from specc.shapes import Shape, Tensor
from tests.support.examples import written
from tests.support.layer_agreement import agree, by_argument


def named_twice(axes: Any, shape: Shape) -> set[int | None]:
    """The sizes of the axes that an argument names twice: specc refuses it, and Keras runs some where the sizes fit."""
    named = [axis % len(shape) for axis in axes if shape] if isinstance(axes, list) else []
    return {shape[axis] for axis in named if named.count(axis) > 1}


def example_agrees(type_name: str) -> None:
    """Fail unless the example in the documentation of a layer builds and runs, in specc and in Keras."""
    items = written(type_name)
    inputs = [item for item in items if item["type"] == "Input"]
    given = items[len(inputs)]
    assert given["type"] == type_name
    arguments = {name: value for name, value in given.items() if name not in ("type", "from")}
    tensors = [Tensor((None, *each["shape"]), each.get("dtype", "float32")) for each in inputs]
    assert agree(
        type_name, arguments, tensors if _class(type_name).tensors[0].many else tensors[0], run=True, accepted=True
    )


def parsed(type_name: str, arguments: dict[str, Any]) -> Any:
    """The layer of arguments that are right."""
    layer, problems = _class(type_name).parse(arguments)
    assert layer is not None, problems
    return layer


def problems_of(type_name: str, arguments: dict[str, Any]) -> list[Problem]:
    """Everything that is wrong with the arguments of a layer."""
    return _class(type_name).parse(arguments)[1]


def problems(type_name: str, arguments: dict[str, Any]) -> list[tuple[str, str | None]]:
    """The message and help of everything that is wrong with the arguments of a layer."""
    return [(problem.message, problem.help) for problem in problems_of(type_name, arguments)]


def problem(type_name: str, arguments: dict[str, Any]) -> tuple[str, str | None, tuple[str | int, ...]]:
    """The message, help and path of the one problem that the arguments have."""
    (found,) = problems_of(type_name, arguments)
    return found.message, found.help, found.path


def refusal(type_name: str, arguments: dict[str, Any], inputs: Any, options: dict[str, Any] | None = None) -> Problem:
    """The error with which a layer refuses its inputs: tensors by argument, or one, or its shape."""
    layer = parsed(type_name, arguments)
    tensors = inputs if isinstance(inputs, Tensor | list | dict) else Tensor(inputs)
    with pytest.raises(RuleError) as caught:
        layer.infer(layer.call(by_argument(type(layer), tensors), options or {}, Policy.named("float32")))
    return caught.value.problem


def _argument(problem: Problem) -> str | None:
    return str(problem.path[0]) if problem.path else None


def refused(
    type_name: str, arguments: dict[str, Any], inputs: Any, options: dict[str, Any] | None = None
) -> tuple[str, str | None, str | None]:
    """The message and help of that error, and the argument that it blames."""
    problem = refusal(type_name, arguments, inputs, options)
    return problem.message, problem.help, _argument(problem)


def message_and_help(
    type_name: str, arguments: dict[str, Any], inputs: Any, options: dict[str, Any] | None = None
) -> tuple[str, str | None]:
    return refused(type_name, arguments, inputs, options)[:2]


def masks(type_name: str, arguments: dict[str, Any], inputs: dict[str, Any]) -> list[Any]:
    """The shapes of the masks of a layer's outputs."""
    layer = parsed(type_name, arguments)
    return [tensor.mask for tensor in layer.infer(layer.call(inputs, {}, Policy.named("float32")))]


def same_paths(type_name: str, arguments: dict[str, Any], inputs: dict[str, Any]) -> None:
    """The full names of the weights are those in Keras, without the layer's own name."""
    keras.utils.clear_session(free_memory=False)
    layer = parsed(type_name, arguments)
    call = layer.call(inputs, {}, Policy.named("float32"))
    layer.infer(call)
    theirs = realize(layer)
    tensors = {name: keras.Input(batch_shape=tensor.shape, dtype=tensor.dtype) for name, tensor in inputs.items()}
    theirs(**tensors)
    assert [weight.name for weight in layer.weights(call)] == [
        weight.path.split("/", 1)[1] for weight in theirs.weights
    ]


def _class(type_name: str) -> type[Layer]:
    cls = layers.find(type_name)
    assert cls is not None
    assert issubclass(cls, Layer)
    return cls
