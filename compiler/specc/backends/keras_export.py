"""A Keras model to what serves it without Keras: a TensorFlow SavedModel or an ONNX file, with the spec's names."""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from traceback import walk_tb
from typing import Any

from specc.backends.keras_model import Keras, deep_recursion, load_keras, load_tensorflow, quiet_stderr
from specc.diagnostics.text_safety import shorten
from specc.ir import Graph, Node, TypedGraph
from specc.passes.verify import nested_graphs

OPSET = 18
"""The version of ONNX's operations."""
LARGEST_ONNX = 2**31
"""Bytes of an ONNX file, which is one protocol buffer."""
_LONGEST_REASON = 200
_SERVABLE = re.compile(r"[A-Za-z0-9.][A-Za-z0-9_.>-]*")
"""What TensorFlow takes as the name of an input."""
_SCOPE = re.compile(r"\bspecc\.(\d+)")


class ExportError(ValueError):
    """A sound model that the format cannot hold; the message names the layer where there is one."""


def saved_model(graph: TypedGraph, model: Keras, path: str) -> None:
    """Write a SavedModel folder. Its signature takes and gives tensors by the spec's names; ``serve`` does as the model.

    ExportError for a layer or a name that TensorFlow cannot save; OSError where writing fails.
    """
    _need_servable(graph)
    keras, tf = load_keras(), load_tensorflow()
    specs = [tf.TensorSpec(tensor.shape, tensor.dtype, name=name) for name, tensor in _inputs(graph, model)]
    with _exporting(graph, model, "a SavedModel"):
        archive = keras.export.ExportArchive()
        archive.track(model)
        # Without a word on training, image augmentation would go on in what is served.
        infer = partial(model, training=False)
        serve = archive.add_endpoint("serve", infer, specs if len(specs) == 1 else [specs])

        def by_name(*given: Any) -> dict[str, Any]:
            return _outputs(graph, keras, serve(given[0] if len(given) == 1 else list(given)))

        archive.add_endpoint("serving_default", by_name, specs)
        archive.write_out(path, verbose=False)


def onnx(graph: TypedGraph, model: Keras, path: str) -> None:
    """Write an ONNX file, whose inputs and outputs have the spec's names and keep unknown sizes open.

    ExportError, before anything is written, for what ONNX cannot hold.
    """
    if graph.memory >= LARGEST_ONNX:
        raise ExportError(
            f"an ONNX file holds less than 2 GiB, and the weights of '{graph.name}' take {graph.memory:,} bytes"
        )
    both = set(graph.inputs) & set(graph.outputs)
    if both:
        raise ExportError(
            f"ONNX cannot have an input and an output of one name, '{min(both)}'; give the output another label"
        )
    with _exporting(graph, model, "ONNX") as blame:
        from onnx import checker

        proto = _convert(graph, model, blame)
        try:
            checker.check_model(proto, full_check=True)
        except (checker.ValidationError, RuntimeError) as error:
            raise blame.error(str(error), _reason(error)) from None
    with open(path, "wb") as file:
        file.write(proto.SerializeToString())


def _convert(graph: TypedGraph, model: Keras, blame: _Blame) -> Any:
    """The model as an ``onnx.ModelProto``."""
    from tf2onnx import optimizer, tf_loader, tfonnx

    from specc.backends.onnx_handlers import handlers

    keras, tf = load_keras(), load_tensorflow()
    specs = [tf.TensorSpec(tensor.shape, tensor.dtype, name=f"input_{n}") for n, tensor in enumerate(model.inputs)]

    def run(*given: Any) -> list[Any]:
        outputs = _outputs(graph, keras, model(given[0] if len(given) == 1 else list(given), training=False))
        return [tf.identity(output) for output in outputs.values()]

    with blame.scopes(tf):
        function = tf.function(run, input_signature=specs, autograph=False).get_concrete_function()
    inputs = [tensor.name for tensor in function.inputs[: len(specs)]]
    outputs = [tensor.name for tensor in function.outputs]
    with tf.device("/cpu:0"):
        frozen, tables = tf_loader.from_trackable(model, function, inputs, outputs, False)
        with tf.Graph().as_default() as flat:
            tf.import_graph_def(frozen, name="")
            converted = tfonnx.process_tf_graph(
                flat,
                opset=OPSET,
                custom_op_handlers=handlers(),
                input_names=inputs,
                output_names=outputs,
                initialized_tables=tables,
                tensors_to_rename=dict(zip(inputs + outputs, [*graph.inputs, *graph.outputs], strict=True)),
            )
        proto = optimizer.optimize_graph(converted, catch_errors=False).make_model(graph.name)
    _need_operations(proto.graph, blame)
    for taken in proto.graph.input:
        if taken.type.tensor_type.shape.dim and graph.inputs[taken.name].shape[0] is None:
            taken.type.tensor_type.shape.dim[0].dim_param = "batch"
    return proto


def _need_operations(graph: Any, blame: _Blame) -> None:
    """ExportError for an operation that ONNX has not; the converter leaves TensorFlow's in its place."""
    from onnx import defs

    for node in graph.node:
        if not defs.has(node.op_type, node.domain):
            raise blame.error(node.name, f"ONNX has nothing for TensorFlow's {node.op_type}")
        for attribute in node.attribute:
            for inner in (attribute.g, *attribute.graphs):
                _need_operations(inner, blame)


def _inputs(graph: TypedGraph, model: Keras) -> Iterator[tuple[str, Keras]]:
    """The inputs of a model, by the spec's names."""
    return zip(graph.inputs, model.inputs, strict=True)


def _outputs(graph: TypedGraph, keras: Keras, given: Any) -> dict[str, Any]:
    """What a model gave, by the spec's names."""
    tensors = [given[name] for name in graph.outputs] if isinstance(given, dict) else keras.tree.flatten(given)
    return dict(zip(graph.outputs, tensors, strict=True))


def _need_servable(graph: TypedGraph) -> None:
    """ExportError for names of inputs that TensorFlow cannot take, or makes equal."""
    seen: dict[str, str] = {}
    for name in graph.inputs:
        if not _SERVABLE.fullmatch(name):
            raise ExportError(
                f"a SavedModel cannot have an input named '{name}': begin it with an ASCII letter or digit; further "
                "characters are ASCII letters, digits, '_' and '-'"
            )
        first = seen.setdefault(name.lower().replace("-", "_"), name)
        if first != name:
            raise ExportError(
                f"a SavedModel cannot have inputs named '{first}' and '{name}', which TensorFlow makes equal; rename one"
            )


# -- What fails ------------------------------------------------------------------------------------


class _Blame:
    """Finds the layer that an error is about."""

    def __init__(self, graph: TypedGraph, model: Keras, format: str) -> None:
        self.graph = graph
        self.format = format
        self.operations = list(_operations(model))
        self._known = {id(operation) for operation in self.operations}

    @contextmanager
    def scopes(self, tf: Any) -> Iterator[None]:
        """While a graph is traced, have what each layer computes named by the layer's number."""

        def scoped(call: Any, name: str) -> Any:
            def run(*args: Any, **kwargs: Any) -> Any:
                with tf.name_scope(name):
                    return call(*args, **kwargs)

            return run

        with ExitStack() as stack:
            for number, operation in enumerate(self.operations):
                # past the layer's own __setattr__, which tracks what is set
                object.__setattr__(operation, "call", scoped(operation.call, f"specc.{number}"))
                stack.callback(object.__delattr__, operation, "call")
            yield

    def error(self, where: str, reason: str) -> ExportError:
        """The error, about the layer in whose scope a name lies."""
        found = _SCOPE.findall(where)
        return self._about(self.operations[int(found[-1])] if found else None, reason)

    def of(self, error: BaseException) -> ExportError:
        """The error that was raised somewhere inside: about the innermost layer among those that were at work."""
        operation, where = None, ""
        for frame, _ in walk_tb(error.__traceback__):
            running = frame.f_locals.get("self")
            if id(running) in self._known:
                operation = running
            converted = getattr(frame.f_locals.get("node"), "name", "")
            if isinstance(converted, str) and _SCOPE.search(converted):
                where = converted
        if operation is None or where:
            return self.error(where or str(error), _reason(error))
        return self._about(operation, _reason(error))

    def _about(self, operation: Keras | None, reason: str) -> ExportError:
        if operation is None:
            return ExportError(f"'{self.graph.name}' cannot be written as {self.format}: {reason}")
        kinds = (node.type for node in _nodes(self.graph.graph) if node.name == operation.name)
        kind = next(kinds, type(operation).__name__)
        return ExportError(f"'{operation.name}' ({kind}) cannot be written as {self.format}: {reason}")


def _nodes(graph: Graph) -> Iterator[Node]:
    """The nodes of a graph, those of nested models behind its own."""
    yield from graph.nodes.values()
    for inner in nested_graphs(graph):
        yield from _nodes(inner)


def _operations(model: Keras) -> Iterator[Keras]:
    """The layers and operations of a model, those of nested models behind their own."""
    for operation in getattr(model, "operations", model.layers):
        yield operation
        if hasattr(operation, "layers"):
            yield from _operations(operation)


def _reason(error: BaseException) -> str:
    """What an error says, in a line."""
    if "symbolic" in str(error) and "tf.Tensor" in str(error):
        return "Keras computes it for sizes that are known only; give the Input its sizes as numbers"
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    said = lines[1] if len(lines) > 1 and lines[0].startswith("Exception encountered") else lines[0] if lines else ""
    return shorten(said.removeprefix("make_sure failure: "), _LONGEST_REASON) or type(error).__name__


@contextmanager
def _exporting(graph: TypedGraph, model: Keras, format: str) -> Iterator[_Blame]:
    """Nothing is printed by those who export, and what they raise names the layer. OSError where writing fails."""
    keras, tf = load_keras(), load_tensorflow()
    blame = _Blame(graph, model, format)
    filtered, disabled = keras.config.is_traceback_filtering_enabled(), logging.root.manager.disable
    keras.config.disable_traceback_filtering()  # the tracebacks lead to the layer
    logging.disable(logging.CRITICAL)
    try:
        with deep_recursion(), quiet_stderr(always=True), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield blame
    except (OSError, ExportError, MemoryError):
        raise
    except Exception as error:
        if isinstance(error, tf.errors.OpError) and (written := _not_written(error)) is not None:
            raise written from error
        raise blame.of(error) from error
    finally:
        logging.disable(disabled)
        if filtered:
            keras.config.enable_traceback_filtering()


def _not_written(error: Any) -> OSError | None:
    """TensorFlow's error as Python's, where it is about a file."""
    # TensorFlow puts the system's own words between the file's name and the operation's.
    before, _, reason = error.message.rpartition("; ")
    return OSError(None, reason.partition(" [Op:")[0] or type(error).__name__) if "/" in before else None
