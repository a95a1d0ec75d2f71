"""What the formats that run a model without Keras share: outputs by the spec's names, and errors that name the layer."""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from traceback import walk_tb
from typing import Any

from specc.backends.keras_model import DEEPEST_RECURSION, Keras, load_keras, load_tensorflow, quiet_stderr
from specc.diagnostics.text_safety import shorten
from specc.ir import Graph, Node, TypedGraph
from specc.passes.verify import nested_graphs
from specc.pipeline import recursion_limit

_LONGEST_REASON = 200
_SCOPE = re.compile(r"\bspecc\.(\d+)")


class ExportError(ValueError):
    """A valid model that the format cannot express; the message names the layer if there is one."""


def outputs_by_name(graph: TypedGraph, keras: Keras, given: Any) -> dict[str, Any]:
    """What a model gave, by the spec's names."""
    tensors = [given[name] for name in graph.outputs] if isinstance(given, dict) else keras.tree.flatten(given)
    return dict(zip(graph.outputs, tensors, strict=True))


class Blame:
    """Finds the layer that an error is about."""

    def __init__(self, graph: TypedGraph, model: Keras, format: str) -> None:
        self.graph = graph
        self.format = format
        self.operations = list(_operations(model))
        self._known = {id(operation) for operation in self.operations}

    @contextmanager
    def scopes(self, tf: Any) -> Iterator[None]:
        """While a graph is traced, name what each layer computes by the layer's number."""

        def scoped(call: Any, name: str) -> Any:
            def run(*args: Any, **kwargs: Any) -> Any:
                with tf.name_scope(name):
                    return call(*args, **kwargs)

            return run

        with ExitStack() as stack:
            for number, operation in enumerate(self.operations):
                # bypasses the layer's __setattr__, which tracks attributes
                object.__setattr__(operation, "call", scoped(operation.call, f"specc.{number}"))
                stack.callback(object.__delattr__, operation, "call")
            yield

    def error(self, where: str, reason: str) -> ExportError:
        """The error, about the layer in whose scope a name is."""
        found = _SCOPE.findall(where)
        return self._about(self.operations[int(found[-1])] if found else None, reason)

    def of(self, error: BaseException) -> ExportError:
        """The error that was raised somewhere inside: about the innermost of the layers that were running."""
        operation, where = None, ""
        for frame, _ in walk_tb(error.__traceback__):
            running = frame.f_locals.get("self")
            if id(running) in self._known:
                operation = running
            converted = getattr(frame.f_locals.get("node"), "name", "")
            if isinstance(converted, str) and _SCOPE.search(converted):
                where = converted
        if operation is None or where:
            return self.error(where or str(error), reason(error))
        return self._about(operation, reason(error))

    def _about(self, operation: Keras | None, reason: str) -> ExportError:
        if operation is None:
            return ExportError(f"'{self.graph.name}' cannot be written as {self.format}: {reason}")
        kinds = (node.type for node in _nodes(self.graph.graph) if node.name == operation.name)
        kind = next(kinds, type(operation).__name__)
        return ExportError(f"'{operation.name}' ({kind}) cannot be written as {self.format}: {reason}")


def _nodes(graph: Graph) -> Iterator[Node]:
    """The nodes of a graph, then those of nested models."""
    yield from graph.nodes.values()
    for inner in nested_graphs(graph):
        yield from _nodes(inner)


def _operations(model: Keras) -> Iterator[Keras]:
    """The layers and operations of a model, then those of nested models."""
    for operation in getattr(model, "operations", model.layers):
        yield operation
        if hasattr(operation, "layers"):
            yield from _operations(operation)


def reason(error: BaseException) -> str:
    """What an error of Keras, TensorFlow or ONNX says, in a line."""
    if "symbolic" in str(error) and "tf.Tensor" in str(error):
        return "Keras computes it for sizes that are known only; give the Input its sizes as numbers"
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    said = lines[1] if len(lines) > 1 and lines[0].startswith("Exception encountered") else lines[0] if lines else ""
    return shorten(said.removeprefix("make_sure failure: "), _LONGEST_REASON) or type(error).__name__


@contextmanager
def exporting(graph: TypedGraph, model: Keras, format: str) -> Iterator[Blame]:
    """Keeps exporters quiet, and makes their errors name the layer. OSError if writing fails."""
    keras, tf = load_keras(), load_tensorflow()
    blame = Blame(graph, model, format)
    filtered, disabled = keras.config.is_traceback_filtering_enabled(), logging.root.manager.disable
    keras.config.disable_traceback_filtering()  # the tracebacks lead to the layer
    logging.disable(logging.CRITICAL)
    try:
        with recursion_limit(DEEPEST_RECURSION), quiet_stderr(always=True), warnings.catch_warnings():
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
    """TensorFlow's error as Python's, if it is about a file."""
    # TensorFlow puts the system's own words between the file's name and the operation's.
    before, _, reason = error.message.rpartition("; ")
    return OSError(None, reason.partition(" [Op:")[0] or type(error).__name__) if "/" in before else None
