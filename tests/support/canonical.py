"""A Keras model as a list that does not depend on names, so that two models can be compared layer by layer.

The graph is walked from the outputs, inputs of a call in their order. Each call of a layer or operation becomes one
`Step`: class, arguments, what it is called with (other steps by their number), output shapes and dtypes, weights.
The walk is determined by the graph alone, so two models have equal lists exactly if they are the same graph.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import keras
import numpy as np


class Step(NamedTuple):
    """One call: everything about it that is not a name."""

    type: str
    layer: int
    """The number of the layer, counted by first calls: a shared layer is called with the same number again."""
    config: Any
    called_with: Any
    outputs: Any
    weights: Any
    name: str = ""
    """For messages; not compared."""

    def same(self, other: Step) -> bool:
        """Whether both are the same call but for the name."""
        return self[:-1] == other[:-1]


def canonical(model: Any) -> list[Step]:
    """The calls of a functional or sequential model, each after those that it reads; outputs and inputs last."""
    if isinstance(model, keras.Sequential):
        model = model._functional
    walk = _Walk()
    for node in calls(model):
        walk.visit(node)
    ends = [("outputs", model._outputs_struct), ("inputs", model._inputs_struct)]
    steps = [Step(kind, -1, None, walk.described(struct), None, None, kind) for kind, struct in ends]
    return [*walk.steps, *steps]


@contextmanager
def weightless() -> Iterator[None]:
    """Models built here have weights without values, which cost neither time nor memory: enough to compare them."""
    with keras.StatelessScope(initialize_variables=False):
        yield
    keras.utils.clear_session(free_memory=False)  # forgets the weights that wait for their values


class _Walk:
    def __init__(self) -> None:
        self.steps: list[Step] = []
        self.nodes: dict[int, int] = {}
        self.layers: dict[int, int] = {}

    def visit(self, node: Any) -> None:
        """Describe a call; all calls that it reads are described."""
        self.steps.append(self._step(node))
        self.nodes[id(node)] = len(self.nodes)

    def _step(self, node: Any) -> Step:
        layer = node.operation
        first = id(layer) not in self.layers
        number = self.layers.setdefault(id(layer), len(self.layers))
        nested = isinstance(layer, keras.Model)
        kind = "Model" if nested else type(layer).__name__
        config = None if not first else [step[:-1] for step in canonical(layer)] if nested else canonical_config(layer)
        return Step(
            kind if isinstance(layer, keras.Layer) else f"ops.{kind}",
            number,
            config,
            {name: self.described(value) for name, value in call_arguments(node).items()},
            [(tuple(tensor.shape), tensor.dtype) for tensor in node.outputs],
            weights(layer) if first else None,
            layer.name,
        )

    def described(self, data: Any) -> Any:
        """Call arguments with each symbolic tensor as the number of its call and of its output."""
        if isinstance(data, keras.KerasTensor):
            return ("tensor", self.nodes[id(node_of(data))], data._keras_history.tensor_index)
        if isinstance(data, dict):
            return {key: self.described(value) for key, value in data.items()}
        if isinstance(data, list | tuple):
            return [self.described(item) for item in data]
        if isinstance(data, np.ndarray) or keras.ops.is_tensor(data):
            return Constant(np.asarray(data))
        return data


class Constant:
    """A constant in a model; its last digits depend on what computed it."""

    def __init__(self, values: np.ndarray) -> None:
        self.values = values

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Constant) or self.values.dtype != other.values.dtype:
            return False
        if self.values.shape != other.values.shape:
            return False
        if self.values.dtype.kind not in "iuf":
            return bool((self.values == other.values).all())
        return bool(np.allclose(self.values, other.values, rtol=1e-3, atol=1e-3))

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Constant({self.values!r})"


def call_arguments(node: Any) -> dict[str, Any]:
    """What a layer or operation is called with, by the names of its arguments; without those that are None."""
    signature = inspect.signature(node.operation.call)
    given = signature.bind(*node.arguments.args, **node.arguments.kwargs).arguments
    for parameter in signature.parameters.values():
        if parameter.kind is parameter.VAR_KEYWORD:
            given |= given.pop(parameter.name, {})
    return {name: value for name, value in given.items() if value is not None}


def node_of(tensor: Any) -> Any:
    """The call that gave a tensor."""
    history = tensor._keras_history
    return history.operation._inbound_nodes[history.node_index]


def weights_as_called(model: Any) -> list[Any]:
    """The variables of a model in the order of its first calls, those of models inside it where they are called.

    Keras's order depends on how deep layers are, which differs between two ways to write the same.
    """
    found: dict[int, Any] = {}
    for node in calls(model):
        layer = node.operation
        inner = layer.layer if isinstance(layer, keras.layers.Wrapper) else layer
        own = weights_as_called(inner) if isinstance(inner, keras.Model) else variables(layer)
        found |= {id(weight): weight for weight in own}
    return list(found.values())


def calls(model: Any) -> Iterator[Any]:
    """The calls of a functional or sequential model, each after those that it reads."""
    if isinstance(model, keras.Sequential):
        model = model._functional
    seen: set[int] = set()
    for tensor in model.outputs:
        stack = [node_of(tensor)]
        while stack:
            node = stack[-1]
            waiting = [source for source in map(node_of, node.input_tensors) if id(source) not in seen]
            if waiting:
                stack.append(waiting[0])
                continue
            stack.pop()
            if id(node) not in seen:
                seen.add(id(node))
                yield node


def weights(layer: Any) -> list[Any]:
    """The weights of a layer or model, in Keras's order."""
    return [(tuple(weight.shape), weight.dtype, weight.trainable) for weight in variables(layer)]


def variables(layer: Any) -> list[Any]:
    """The variables of a layer or model; an operation has none, but may have an argument called ``weights``."""
    return list(layer.weights) if isinstance(layer, keras.Layer) else []


def canonical_config(layer: Any) -> Any:
    """The arguments of a layer, or of an operation, without its name and those of layers inside it."""
    if isinstance(layer, keras.Layer):
        config = _nameless(layer.get_config())
        if isinstance(layer, keras.layers.Wrapper) and isinstance(layer.layer, keras.Model):
            config["layer"] = [step[:-1] for step in canonical(layer.layer)]
        return config
    constants = {key: value for key, value in vars(layer).items() if not key.startswith("_") and key != "name"}
    return {key: _inner(value) for key, value in constants.items() if value is None or isinstance(value, _PLAIN)}


_PLAIN = (bool, int, float, str, tuple, list, slice)


def _nameless(config: Any) -> Any:
    """A layer's configuration without its name, the same for layers inside it; lists for tuples."""
    if isinstance(config, dict):
        return {key: _inner(value) for key, value in config.items() if key != "name"}
    return config


def _inner(value: Any) -> Any:
    if isinstance(value, dict):
        inner = {key: _inner(item) for key, item in value.items()}
        config = inner.get("config")
        if "class_name" in inner and isinstance(config, dict) and "trainable" in config:  # a layer, of a plugin too
            inner["config"] = _nameless(inner["config"])
        return inner
    return [_inner(item) for item in value] if isinstance(value, list | tuple) else value


def same(ours: Any, theirs: Any) -> None:
    """Fail unless two models are the same graph: classes, arguments, shapes, weights in order, connections."""
    left, right = canonical(ours), canonical(theirs)
    for number, (one, other) in enumerate(zip(left, right, strict=False)):
        assert one.same(other), f"step {number}\nours:   {one}\ntheirs: {other}"
    assert len(left) == len(right)
    assert weights(ours) == weights(theirs)


def described(model: Any) -> Any:
    """All that two models with the same names must have in common, as plain data."""
    found = {
        "class": type(model).__name__,
        "config": model.get_config(),
        "weights": [(w.path, tuple(w.shape), w.dtype, w.trainable) for w in model.weights],
        "inputs": list(model.input_names) if hasattr(model, "input_names") else None,
        "outputs": list(model.output_names) if hasattr(model, "output_names") else None,
        "policy": model.dtype_policy.name,
        "compile": model.get_compile_config() if model.compiled else None,
        "optimizer": type(model.optimizer).__name__ if model.compiled else None,
    }
    return json.loads(json.dumps(found, default=str))
