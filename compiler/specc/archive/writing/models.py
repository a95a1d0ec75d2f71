"""Models as Keras's ``get_config`` gives them: layers, and how they are called."""

from __future__ import annotations

from typing import Any

from specc.archive.names import policy, private, public
from specc.archive.writing.configs import of_layer, of_value, tensor
from specc.archive.writing.constants import Constant
from specc.archive.writing.network import Called, Made, Network, Networks, Symbol
from specc.ir import NestedModel, Node, TypedGraph
from specc.layers.base import Layer
from specc.layers.core import Input
from specc.policies import Policy
from specc.shapes import Tensor


def of_model(graph: TypedGraph, networks: Networks | None = None) -> dict[str, Any]:
    """A model as ``model.to_json()`` has it, without what it was compiled with."""
    networks = networks or Networks()
    return _sequential(graph, networks) if graph.form == "sequential" else _functional(graph, graph.name, networks)


def _sequential(graph: TypedGraph, networks: Networks) -> dict[str, Any]:
    layers = [_layer(graph, graph.nodes[name], networks) for name in graph.order]
    shape = list(graph.tensors[graph.order[0]][0].shape)
    config = {
        "name": graph.name,
        "trainable": True,
        "dtype": policy(graph.graph.dtype_policy),
        "layers": layers,
        "build_input_shape": shape,
    }
    return {**public("keras", "Sequential", config), "build_config": {"input_shape": shape}}


def _functional(graph: TypedGraph, name: str, networks: Networks) -> dict[str, Any]:
    network = networks.of(graph)
    kept = _kept(network)
    layers = [_called(network, called, kept, networks) for called in network.order]
    inputs = [_reference(symbol, kept) for symbol in network.inputs]
    outputs: Any = {name: _reference(symbol, kept) for name, symbol in network.outputs.items()}
    if graph.graph.outputs_form == "one":
        outputs = next(iter(outputs.values()))
    elif graph.graph.outputs_form == "list":
        outputs = list(outputs.values())
    config = {
        "name": name,
        "trainable": True,  # also if all layers inside are frozen, as specc freezes them
        "layers": layers,
        "input_layers": inputs[0] if len(inputs) == 1 else inputs,
        "output_layers": outputs,
    }
    return {**private("keras.src.models.functional", "Functional", config), "build_config": {"input_shape": None}}


_Kept = dict[tuple[Called, int], int]
"""The number of each call among those of its operation that are saved."""


def _kept(network: Network) -> _Kept:
    """The calls that an output depends on, and the inputs."""
    found: set[tuple[Called, int]] = {(symbol.operation, symbol.call) for symbol in network.inputs}
    pending = [(symbol.operation, symbol.call) for symbol in network.outputs.values()]
    while pending:
        key = pending.pop()
        if key not in found:
            found.add(key)
            pending += [(it.operation, it.call) for it in key[0].calls[key[1]].symbols()]
    numbers: _Kept = {}
    for called in network.order:
        saved = [index for index in range(len(called.calls)) if (called, index) in found]
        numbers |= {(called, index): number for number, index in enumerate(saved)}
    return numbers


def _called(network: Network, called: Called, kept: _Kept, networks: Networks) -> dict[str, Any]:
    """An operation of a functional model, and its calls."""
    graph = network.graph
    if called.config is not None and not isinstance(called.config, Layer):
        module, class_name, arguments = called.config
        config = {name: of_value(value) for name, value in arguments.items()}
        if called.node is None or "name" not in called.node.layer.unsaved:
            config = {"name": called.name, **config}
        found = private(module, class_name, config)
    elif called.node is None:
        assert called.config is not None
        symbol = called.calls[0].positional[0]
        call = called.config.call({"inputs": Tensor(symbol.shape, symbol.dtype)}, {}, _policy(graph))
        found = of_layer(called.config, called.name, call, _nested(graph, networks))
    else:
        found = _layer(graph, called.node, networks)
    calls = [made for index, made in enumerate(called.calls) if (called, index) in kept]
    is_input = called.node is not None and isinstance(called.node.layer, Input)
    return {**found, "name": called.name, "inbound_nodes": [] if is_input else [_inbound(made, kept) for made in calls]}


def _inbound(made: Made, kept: _Kept) -> dict[str, Any]:
    return {
        "args": [_given(value, kept) for value in made.positional],
        "kwargs": {name: _given(value, kept) for name, value in made.named.items()},
    }


def _given(value: Any, kept: _Kept) -> Any:
    """What a call was given."""
    if isinstance(value, Symbol):
        history = [value.operation.name, kept[value.operation, value.call], value.index]
        config = {"shape": list(value.shape), "dtype": value.dtype, "keras_history": history}
        return {"class_name": "__keras_tensor__", "config": config}
    if isinstance(value, Constant):
        return tensor(value.lists(), value.dtype)
    if isinstance(value, slice):
        bounds = {"start": value.start, "stop": value.stop, "step": value.step}
        return {"class_name": "__slice__", "config": bounds}
    if value is Ellipsis:
        return {"class_name": "__ellipsis__", "config": {}}
    if isinstance(value, list | tuple):
        return [_given(item, kept) for item in value]
    return of_value(value)


def _reference(symbol: Symbol, kept: _Kept) -> list[Any]:
    """An input or output of a model."""
    called = symbol.operation
    is_model = called.node is not None and isinstance(called.node.layer, NestedModel)
    return [called.name, kept[called, symbol.call] + is_model, symbol.index]


def _layer(graph: TypedGraph, node: Node, networks: Networks) -> dict[str, Any]:
    """The layer of a node."""
    layer = node.layer
    if isinstance(layer, Input):
        return _input(graph, node)
    given = {
        name: tuple(it.symbolic for it in value)
        if isinstance(value, list | tuple) and not isinstance(value, Tensor)
        else value.symbolic
        for name, value in graph.given(node).items()
    }
    call = node.call(given, _policy(graph))
    return of_layer(layer, node.name, call, _nested(graph, networks))


def _policy(graph: TypedGraph) -> Policy:
    return Policy.named(graph.graph.dtype_policy)


def _input(graph: TypedGraph, node: Node) -> dict[str, Any]:
    (given,) = graph.tensors[node.name]
    config = {
        "batch_shape": list(given.shape),
        "dtype": given.dtype,
        "sparse": given.sparse,
        "ragged": given.ragged,
        "name": node.name,
        "optional": node.layer.optional,  # type: ignore[attr-defined]
    }
    return public("keras.layers", "InputLayer", config)


def _nested(graph: TypedGraph, networks: Networks) -> Any:
    def describe(model: NestedModel, name: str) -> dict[str, Any]:
        return {**_functional(graph.models[model], name, networks), "compile_config": {}}

    return describe
