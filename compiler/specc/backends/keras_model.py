"""TypedGraph to ``keras.Model``. The only module that imports keras, and only inside its functions."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from itertools import pairwise
from operator import attrgetter
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from specc.archive.writing.mask_names import names_before_masks
from specc.arguments import Arguments
from specc.arguments.plugged import PluginError
from specc.backends.counterparts import blaming_plugin, check_agreement, counterpart, need_one_operation
from specc.diagnostics import CompileError, Diagnostic
from specc.diagnostics.frames import through
from specc.diagnostics.problem import Problem
from specc.ir import NestedModel, Node, Ref, TypedGraph
from specc.layers.base import Layer
from specc.layers.core import Input
from specc.layers.inner import inner_names, listed
from specc.objects.base import KerasObject
from specc.operations.base import Operation
from specc.pipeline import recursion_limit

_WHERE = re.compile(r"\{\{.*?\}\}|\[Op:\w+\]|name: *\Z")
"""What TensorFlow says of its own insides."""
Keras = Any
"""A Keras object. Keras has no type stubs, and importing it for its types would take seconds."""
DEEPEST_RECURSION = 200_000
"""Keras walks a graph recursively, several calls per layer: a chain of a thousand layers exceeds Python's limit."""
CONSTANT_AS_TEXT = 20
"""How much more memory a constant takes than it has bytes: Keras saves it as text, made from a list of Python's numbers."""


def build(graph: TypedGraph, seed: int | None = None) -> Keras:
    """The Keras model of a checked graph, compiled if the spec says how.

    With ``seed``, Keras's random state is set first, so that the weights are reproducible.
    """
    keras = load_keras()
    with _pinned(keras, graph.graph.dtype_policy), recursion_limit(DEEPEST_RECURSION):
        if seed is not None:
            keras.utils.set_random_seed(seed)
        make = _sequential if graph.form == "sequential" else _functional
        model = make(keras, graph)
        if graph.graph.training is not None:
            outputs = [output.name for output in graph.graph.outputs]
            arguments = graph.graph.training.arguments(outputs)
            model.compile(**{name: realize(value) for name, value in arguments.items()})
    return model


def check_memory(graph: TypedGraph) -> None:
    """MemoryError if the weights and constants would not fit twice into the machine's memory."""
    constants = graph.constant_bytes
    needed = 2 * (graph.memory + constants * CONSTANT_AS_TEXT)
    try:
        available = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):  # not on this system
        return
    if needed > available:
        has = f"{graph.params:,} parameters" + f" and {constants:,} bytes of constants" * bool(constants)
        raise MemoryError(
            f"'{graph.name}' has {has}; twice their memory is {needed:,} bytes, and this machine has {available:,}"
        )


def load_keras() -> Keras:
    """Import keras on the TensorFlow backend, without TensorFlow's start-up messages."""
    if "keras" not in sys.modules:
        os.environ["KERAS_BACKEND"] = "tensorflow"
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
        with quiet_stderr():
            import keras
    import keras

    return keras


def load_tensorflow() -> Any:
    """TensorFlow, which Keras has imported."""
    load_keras()
    import tensorflow

    return tensorflow


# -- Models --------------------------------------------------------------------------------------


def _sequential(keras: Keras, graph: TypedGraph) -> Keras:
    """All layers in one list: ``Sequential.add`` rebuilds the model each time."""
    _count_names(keras, graph)
    listed = [_layer(keras, graph, graph.nodes[name]) for name in graph.order]
    try:
        model = keras.Sequential(listed, name=graph.name)
    except Exception:
        _call_next(graph, listed)
        raise
    _call_next(graph, listed)  # Keras stops without an error where a layer of a plugin lacks a method
    for layer in model.layers:
        if not layer.trainable:
            _freeze(layer)
        node = graph.nodes[layer.name]
        if node.layer.imported_from:
            check_agreement(graph, node, keras.tree.flatten(layer.input), keras.tree.flatten(layer.output), layer)
    return model


def _call_next(graph: TypedGraph, listed: list[Keras]) -> None:
    """Call the first layer that Keras has not called: if it is a plugin's, or has one inside, the error is the plugin's."""
    for above, layer in pairwise(listed):
        if not layer._inbound_nodes:
            with blaming_plugin(graph.nodes[layer.name].layer):
                layer(getattr(above, "output", above))
            return


def _count_names(keras: Keras, graph: TypedGraph) -> None:
    """Advance Keras's counters past the layers' names, which it ignores when it names the operations of masks."""
    for name, count in names_before_masks(graph).items():
        for _ in range(count):
            keras.backend.get_uid(name)


def _functional(keras: Keras, graph: TypedGraph) -> Keras:
    _count_names(keras, graph)
    layers: dict[str, Keras] = {}
    tensors: dict[str, tuple[Keras, ...]] = {}
    for name in graph.order:
        node = graph.nodes[name]
        if isinstance(node.layer, Input):
            layers[name] = _layer(keras, graph, node)
            tensors[name] = (layers[name],)
            continue
        is_constant = name in graph.graph.constants
        with _computing(node) if is_constant else nullcontext():
            if isinstance(node.layer, Operation):
                outputs = _operate(keras, node, tensors, is_constant)
            else:
                owner = node.shares or name
                if owner not in layers:
                    layers[owner] = _layer(keras, graph, graph.nodes[owner])
                with blaming_plugin(node.layer):
                    outputs = _call(layers[owner], node, tensors)
                if node.layer.frozen:
                    _freeze(layers[owner])
        tensors[name] = tuple(keras.tree.flatten(outputs))
        if node.layer.imported_from:
            given = [tensors[ref.node][ref.port] for ref in node.refs()]
            check_agreement(graph, node, given, list(tensors[name]), layers.get(name))
    inputs = [tensors[name][0] for name in graph.graph.inputs]
    found = {output.name: tensors[output.ref.node][output.ref.port] for output in graph.graph.outputs}
    for output in graph.graph.outputs:
        if output.renamed:
            found[output.name] = _instance(graph.naming_layer(output), {}, output.name)(found[output.name])
    outputs = {"map": found, "one": next(iter(found.values())), "list": list(found.values())}[graph.graph.outputs_form]
    return keras.Model(inputs[0] if len(inputs) == 1 else inputs, outputs, name=graph.name)


@contextmanager
def _computing(node: Node) -> Iterator[None]:
    """CompileError for a constant that cannot be computed of its numbers, such as the inverse of a singular matrix."""
    try:
        yield
    except (PluginError, MemoryError):
        raise
    except Exception as error:
        said = _WHERE.sub("", str(error)).strip().split("\n", 1)[0].rstrip(".")
        message = f"'{node.name}' ({node.type}) cannot be computed of these constants: {said}"
        problem = Problem(
            "constant-input", message, help="it is computed when the model is built: give it other numbers"
        )
        raise CompileError([Diagnostic.of(problem, node.origin.place, through(node.origin.frames))]) from None


def _layer(keras: Keras, graph: TypedGraph, node: Node) -> Keras:
    if isinstance(node.layer, Input):
        arguments = {name: realize(value) for name, value in node.layer.given().items() if name != "trainable"}
        return keras.Input(**arguments, name=node.name)
    return _instance(node.layer, graph.models, node.name)


def _call(layer: Keras, node: Node, tensors: dict[str, tuple[Keras, ...]]) -> Keras:
    given = {
        argument: _tensors(value, tensors)
        if isinstance(value, Ref)
        else node.layer.nest(argument, _tensors(value, tensors))
        for argument, value in node.inputs.items()
    }
    if isinstance(node.layer, NestedModel):
        listed = [given[argument.name] for argument in node.layer.tensor_arguments()]
        return layer(listed[0] if len(listed) == 1 else listed, **node.options)
    first = next(iter(node.layer.tensor_arguments())).name
    return layer(given.pop(first), **given, **node.options)


def _operate(keras: Keras, node: Node, tensors: dict[str, tuple[Keras, ...]], is_constant: bool) -> Keras:
    """Call one of ``keras.ops``, and name the operation as its node, since the function has no such argument.

    A constant is computed at once, and is no operation of the model.
    """
    assert isinstance(node.layer, Operation)
    given = {argument: _tensors(value, tensors) for argument, value in node.inputs.items()}
    outputs = _function(keras, node.layer, given)
    if is_constant:
        return outputs
    first = outputs[0] if isinstance(outputs, list | tuple) else outputs
    if node.layer.imported_from:
        need_one_operation(node, keras.tree.flatten(given), first)
    first._keras_history.operation.name = node.name
    return outputs


def _function(keras: Keras, operation: Operation, given: Mapping[str, Keras]) -> Keras:
    """What the function of an operation gives."""
    positional, named = operation.call_arguments(given)
    function = _keras_class(keras, operation)
    with blaming_plugin(operation):
        return function(*map(realize, positional), **{name: realize(value) for name, value in named.items()})


def _tensors(value: Ref | tuple[Ref, ...], tensors: dict[str, tuple[Keras, ...]]) -> Keras:
    if isinstance(value, Ref):
        return tensors[value.node][value.port]
    return [tensors[ref.node][ref.port] for ref in value]


# -- Arguments -----------------------------------------------------------------------------------


Models = Mapping[NestedModel, TypedGraph]
"""The nested models that an argument may contain."""


def realize(value: Any, models: Models = MappingProxyType({})) -> Keras:
    """A checked argument as Keras takes it: objects and layers become Keras instances, the rest is unchanged.

    An operation is a constant, which takes the place of a tensor.
    """
    if isinstance(value, Operation):
        return _function(load_keras(), value, {})
    if isinstance(value, Arguments):
        return _instance(value, models)
    if isinstance(value, tuple):
        return tuple(realize(item, models) for item in value)
    if isinstance(value, list):
        return [realize(item, models) for item in value]
    if isinstance(value, dict):
        return {key: realize(item, models) for key, item in value.items()}
    return value


def _keras_class(keras: Keras, value: Arguments) -> Keras:
    if value.imported_from:
        return counterpart(value)
    return attrgetter(f"{value.keras_module}.{value.keras_name().removeprefix('ops.')}")(keras)


def _instance(value: Arguments, models: Models, name: str | None = None) -> Keras:
    """Keras's object of the same class with the arguments that the spec gives."""
    import keras

    if isinstance(value, NestedModel):
        model = _functional(keras, models[value])
        if name is not None or value.name is not None:
            model.name = name or value.name
        return model
    cls = _keras_class(keras, value)
    if isinstance(value, KerasObject) and not value.has_class:
        return cls
    if not isinstance(value, Layer):
        with blaming_plugin(value):
            return cls(**{key: realize(item, models) for key, item in value.given().items()})
    given = value.given()
    layers = [layer for key in value.inner_layers() if key in given for layer in listed(given[key])]
    names = iter(inner_names(layers))
    arguments = {
        key: _inner(item, models, names) if key in value.inner_layers() else realize(item, models)
        for key, item in given.items()
        if key != "trainable"
    }
    if name is not None:
        arguments["name"] = name
    with blaming_plugin(value):
        instance = cls(**arguments)
    if not value.trainable:
        # Keras's constructors freeze a layer's own weights only; the setter reaches the layers inside it too, but
        # does nothing if the constructor has set the same value.
        instance.trainable = False
    return instance


def _freeze(layer: Keras) -> None:
    """Freeze a layer that already has its weights, including layers that it created when it was first called."""
    layer.trainable = True  # setting the same value would do nothing
    layer.trainable = False


def _inner(value: Any, models: Models, names: Iterator[str]) -> Keras:
    """Inner layers with the names that specc counts for them, since Keras counts them per process."""
    if isinstance(value, tuple):
        return [_inner(item, models, names) for item in value]
    return None if value is None else _instance(value, models, next(names))


# -- Surroundings --------------------------------------------------------------------------------


@contextmanager
def _pinned(keras: Keras, dtype_policy: str) -> Iterator[None]:
    """Set Keras's global settings as specs expect them, whatever a keras.json or the program has set; then restore."""
    config = keras.config
    before = (config.dtype_policy(), config.floatx(), config.image_data_format(), config.epsilon())
    config.set_floatx("float32")
    config.set_image_data_format("channels_last")
    config.set_epsilon(1e-7)
    config.set_dtype_policy(dtype_policy)
    try:
        yield
    finally:
        policy, floatx, data_format, epsilon = before
        config.set_floatx(floatx)
        config.set_image_data_format(data_format)
        config.set_epsilon(epsilon)
        config.set_dtype_policy(policy)


@contextmanager
def quiet_stderr(always: bool = False) -> Iterator[None]:
    """Hold back what native code writes to standard error.

    It is shown after all if the block fails, unless ``always``, and not if it is interrupted.
    """
    import tempfile

    sys.stderr.flush()
    try:
        saved = os.dup(2)
    except OSError:  # there is no standard error
        yield
        return
    with tempfile.TemporaryFile() as held:
        os.dup2(held.fileno(), 2)
        try:
            yield
        except Exception:
            if not always:
                os.dup2(saved, 2)
                held.seek(0)
                os.write(2, held.read())
            raise
        finally:
            os.dup2(saved, 2)
            os.close(saved)


# -- Files ---------------------------------------------------------------------------------------


class Built(NamedTuple):
    """A graph and the Keras model that was built from it: what the formats that Keras writes are made of."""

    graph: TypedGraph
    model: Keras


def save(built: Built, path: str) -> None:
    """Save a model with its weights as ``.keras``."""
    with recursion_limit(DEEPEST_RECURSION):
        built.model.save(path)


def save_architecture(built: Built, path: str) -> None:
    """Save Keras's architecture JSON of a model."""
    with recursion_limit(DEEPEST_RECURSION):
        text = str(built.model.to_json(indent=2))
    Path(path).write_text(text + "\n", encoding="utf-8")
