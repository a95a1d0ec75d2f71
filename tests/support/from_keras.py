"""Converts a Keras model to a spec, and compares what specc infers of it with what Keras made.

A model is converted if it is functional or sequential and made of public layers and operations; nested models become
blocks with ``nested: true``, and a layer that is called again becomes a ``share``.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import keras

from specc import layers
from specc.ir import NestedModel, TypedGraph
from tests.support.canonical import call_arguments, node_of


class Converted(NamedTuple):
    """A spec, and the Keras node that each of its layers was, by name."""

    spec: dict[str, Any]
    nodes: dict[str, Any]


class NotPublicError(Exception):
    """A layer is of a class that is not in ``keras.layers``; the text is the class's name."""


def convert(model: Any) -> Converted:
    """The spec of a Keras model. NotPublicError for a layer that no spec can name."""
    blocks: dict[str, Any] = {}
    conversion = _Conversion(_functional(model), blocks)
    items, outputs = conversion.items()
    spec = {"name": _safe(model.name), "layers": items, "outputs": outputs, **({"blocks": blocks} if blocks else {})}
    return Converted(spec, conversion.by_name)


def not_public(model: Any) -> set[str]:
    """The classes of a model's layers, those of nested models included, that are not in ``keras.layers``."""
    found = set()
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            found |= not_public(layer)
        elif getattr(keras.layers, type(layer).__name__, None) is not type(layer):
            found.add(type(layer).__name__)
    return found


def agree(graph: TypedGraph, nodes: dict[str, Any]) -> None:
    """Fail unless every layer has the output shapes, dtypes and weights of the Keras node that it was."""
    assert set(graph.nodes) == set(nodes)
    for name, node in nodes.items():
        ours = [(tensor.shape, tensor.dtype) for tensor in graph.tensors[name]]
        theirs = [(tuple(tensor.shape), tensor.dtype) for tensor in node.outputs]
        assert ours == theirs, f"{name}\nspecc: {ours}\nkeras: {theirs}"
        if graph.nodes[name].shares is None:
            weights = [(weight.shape, weight.dtype, weight.trainable) for weight in graph.weights[name]]
            wanted = getattr(node.operation, "weights", ())
            built = [(tuple(weight.shape), weight.dtype, weight.trainable) for weight in wanted]
            if isinstance(graph.nodes[name].layer, NestedModel):  # as one bag: Keras orders them by depth in the graph
                weights, built = sorted(weights), sorted(built)
            assert weights == built, f"{name}\nspecc: {weights}\nkeras: {built}"


def _functional(model: Any) -> Any:
    return model._functional if isinstance(model, keras.Sequential) else model


class _Conversion:
    """One model, or one nested model as a block."""

    def __init__(self, model: Any, blocks: dict[str, Any]) -> None:
        self.model = model
        self.blocks = blocks
        self.by_name: dict[str, Any] = {}
        self.names: dict[int, str] = {}
        self.first_calls: dict[int, str] = {}

    def items(self) -> tuple[list[Any], Any]:
        """The layers and the outputs of the spec."""
        items = [self._input(tensor) for tensor in self.model.inputs]
        items += [self._call(node) for node in self._order()]
        return items, self._outputs()

    def block(self) -> dict[str, Any]:
        """The model as a block."""
        inputs = [self._name(node_of(tensor)) for tensor in self.model.inputs]
        return {"inputs": inputs, "layers": [self._call(node) for node in self._order()], "outputs": self._outputs()}

    def _order(self) -> list[Any]:
        """The calls, each after all that it reads."""
        depths = self.model._nodes_by_depth
        return [node for depth in sorted(depths, reverse=True) for node in depths[depth] if not node.is_input]

    def _outputs(self) -> Any:
        struct = self.model._outputs_struct
        if isinstance(struct, dict):
            return {label: self._reference(tensor) for label, tensor in struct.items()}
        return [self._reference(tensor) for tensor in self.model.outputs]

    def _name(self, node: Any) -> str:
        if id(node) not in self.names:
            name = base = _safe(node.operation.name)
            number = 1
            while name in self.by_name:
                name, number = f"{base}_call{number}", number + 1
            self.names[id(node)] = name
            self.by_name[name] = node
        return self.names[id(node)]

    def _reference(self, tensor: Any) -> str:
        port = tensor._keras_history.tensor_index
        return self._name(node_of(tensor)) + (f".{port}" if port else "")

    def _input(self, tensor: Any) -> dict[str, Any]:
        item = {
            "type": "Input",
            "name": self._name(node_of(tensor)),
            "shape": list(tensor.shape[1:]),
            "dtype": tensor.dtype,
        }
        return item if tensor.shape[0] is None else {**item, "shape": None, "batch_shape": list(tensor.shape)}

    def _call(self, node: Any) -> dict[str, Any]:
        operation = node.operation
        first = self.first_calls.get(id(operation))
        name = self._name(node)
        if first is not None:
            return {"share": first, "name": name, **self._called_with(node)}
        self.first_calls[id(operation)] = name
        if isinstance(operation, keras.Model):
            return {"type": self._nested(operation), "name": name, "nested": True, **self._called_with(node)}
        if isinstance(operation, keras.Layer):
            return {**_item(operation), "name": name, **self._called_with(node)}
        return {"name": name, **self._operation(node)}

    def _nested(self, model: Any) -> str:
        name = f"{_safe(model.name)}_block"
        self.blocks[name] = _Conversion(_functional(model), self.blocks).block()
        return name

    def _called_with(self, node: Any) -> dict[str, Any]:
        """``from`` and ``call`` of a layer's call."""
        given = call_arguments(node)
        tensors = {key: self._tensors(value) for key, value in given.items() if _has_tensor(value)}
        constants = {key: value for key, value in given.items() if key not in tensors}
        source = next(iter(tensors.values())) if len(tensors) == 1 else tensors
        return {"from": source, **({"call": constants} if constants else {})}

    def _operation(self, node: Any) -> dict[str, Any]:
        operation = node.operation
        kind = "ops." + re.sub(r"(?<!^)(?=[A-Z])", "_", type(operation).__name__).lower()
        cls = layers.find(kind)
        if cls is None:
            raise NotPublicError(type(operation).__name__)
        given = call_arguments(node)
        tensors = {key: self._tensors(value) for key, value in given.items() if _has_tensor(value)}
        known = cls.argument_fields()
        constants = {key: value for key, value in {**vars(operation), **given}.items() if key in known}
        constants = {key: _value(value) for key, value in constants.items() if key not in tensors and value is not None}
        return {"type": kind, **constants, "from": tensors}

    def _tensors(self, value: Any) -> Any:
        if isinstance(value, list | tuple):
            return [self._reference(tensor) for tensor in value]
        return self._reference(value)


def _item(layer: Any) -> dict[str, Any]:
    """Type and arguments of a layer, from its configuration."""
    kind = type(layer).__name__
    if getattr(keras.layers, kind, None) is not type(layer):
        raise NotPublicError(kind)
    return {"type": kind, **_arguments(kind, layer.get_config())}


def _arguments(kind: str, config: dict[str, Any]) -> dict[str, Any]:
    cls = layers.find(kind)
    refused = cls.refused if cls is not None else {}
    given = {key: _value(value) for key, value in config.items() if key not in ("name", "trainable")}
    return {
        key: value
        for key, value in given.items()
        if not (key == "dtype" and value == "float32") and not (key in refused and value in (None, False))
    }


def _value(value: Any) -> Any:
    """A value of a configuration as a spec has it: objects by ``type``, lists for tuples."""
    if isinstance(value, dict) and "class_name" in value:
        kind, config = value["class_name"], value["config"]
        if kind == "DTypePolicy":
            return config["name"]
        if str(value.get("module")).startswith("keras.layers"):
            return {"type": kind, **_arguments(kind, config)}
        return {"type": kind, **{key: _value(item) for key, item in config.items() if item is not None}}
    if isinstance(value, list | tuple):
        return [_value(item) for item in value]
    return value


def _has_tensor(value: Any) -> bool:
    return any(isinstance(item, keras.KerasTensor) for item in keras.tree.flatten(value))


def _safe(name: str) -> str:
    return re.sub(r"[^\w-]+", "_", name)
