"""The sizes that a spec leaves open, the batch first: the shapes are inferred again with numbers in their place.

`infer` takes an unknown size for one that fits. So does Keras, which finds out in predict that the batch axis of one
tensor lies over another axis of a second, or that a shape which is written out is that of one batch only.
"""

from __future__ import annotations

import re
from functools import partial

from specc.diagnostics import Report
from specc.diagnostics.problem import RuleError, TooLargeError
from specc.ir import Node, TypedGraph
from specc.layers.base import Call, Policy, Weight
from specc.layers.core import Input
from specc.layers.nested import NestedModel
from specc.layers.operation import Operation
from specc.passes.batch_help import batch_help
from specc.passes.infer import Inference, check_sizes
from specc.passes.scopes import through
from specc.shapes import Shape, Tensor, show_shape
from specc.source import Place

INDIVISIBLE = (3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97)
DIVISIBLE = (840, 1680, 2520, 5040)
"""Batches that nothing divides, and those that many numbers divide and that reach far."""
LENGTHS = (840, 5040, 27720)
"""What stands for every other open size, one after the other until one runs."""
MOST_TRIED = 8
"""Batch sizes that are tried to say which ones run."""


def check_open_sizes(graph: TypedGraph, report: Report) -> None:
    """Errors where a layer runs for few batches only, warnings where it runs for few of the other open sizes only."""
    batches = {tensor.shape[:1] for name in graph.graph.inputs for tensor in graph.tensors[name]}
    if (None,) not in batches:
        return
    known = {dim for tensors in graph.tensors.values() for tensor in tensors for dim in tensor.shape}
    fixed = sorted(dim for (dim, *_) in batches - {()} if dim is not None)
    tried = [*fixed, *(_other_than(known, sizes) for sizes in (INDIVISIBLE, DIVISIBLE))]
    first = Filled(graph, tried[0])
    if fixed and first.errors:  # the other Inputs bring as many examples, or the tensors are stretched
        first = next((filled for filled in (Filled(graph, batch) for batch in tried[1:]) if not filled.errors), first)
    for name, error in first.narrow.items():
        _warn(graph, name, error, first.batch, report)
    for name in first.mixing:
        _warn_of_mixing(graph, name, report)
    if first.errors:
        _report_refused(graph, first, Filled(graph, tried[-1]), report)
    elif not fixed:
        _check_outputs(graph, first, report)


def _other_than(known: set[int | None], sizes: tuple[int, ...]) -> int:
    """The first of the sizes that no axis in the graph has."""
    return next((size for size in sizes if size not in known), sizes[-1])


class Filled(Inference):
    """A graph inferred for one batch size: what is refused then, and what is doubtful."""

    def __init__(self, graph: TypedGraph, batch: int) -> None:
        super().__init__(graph.graph, Policy.named(graph.graph.dtype_policy), Report())
        self.batch = batch
        self.errors: dict[str, RuleError] = {}
        self.crossed: set[str] = set()
        """Nodes refused since the batch axis of a tensor lies over an open one of another."""
        self.narrow: dict[str, RuleError] = {}
        """Nodes that run for few of the other open sizes, and why."""
        self.mixing: list[str] = []
        """Operations that compute with each two examples of a batch, though their tensors have one batch axis each."""
        for name in graph.order:
            node = graph.nodes[name]
            if isinstance(node.layer, Input):
                self.tensors[name] = tuple(_with_batch(tensor, batch) for tensor in graph.tensors[name])
            elif all(ref.node in self.tensors for ref in node.refs()) and self._node(node):
                self._doubt(node)

    def _weights(self, node: Node, call: Call) -> tuple[Weight, ...]:
        return ()

    def refused(self, node: Node, error: RuleError, help: str | None) -> None:
        """Keep the error of a node; what only grows too large for this batch size says nothing."""
        if not isinstance(error, TooLargeError):
            error.help = help
            self.errors[node.name] = error

    def _node(self, node: Node) -> bool:
        if super()._node(node):
            return True
        if self.report.diagnostics:  # of a nested model
            inside, *_ = self.report.diagnostics
            self.errors[node.name] = RuleError(f"has a layer inside that fails: {inside.message}", help=inside.help)
            self.report = Report()
        return False

    def _doubt(self, node: Node) -> None:
        given = self.given(node)
        flat = [tensor for value in given.values() for tensor in ((value,) if isinstance(value, Tensor) else value)]
        if isinstance(node.layer, Operation) and node.layer.broadcasts and len(flat) > 1:
            ranks = {len(tensor.shape) for tensor in flat if tensor.shape[:1] == (self.batch,)}
            once = all(tensor.shape.count(self.batch) <= 1 for tensor in flat)
            if len(ranks) > 1 and once and self.tensors[node.name][0].shape.count(self.batch) > 1:
                self.mixing.append(node.name)
        if all(None not in tensor.shape for tensor in flat) or any(tensor.ragged for tensor in flat):
            return
        if any(isinstance(layer, NestedModel) for layer in node.layer.with_inner()):
            return
        first: RuleError | None = None
        for length in LENGTHS:
            error = self._why_not(node, given, length)
            if error is None:
                return
            first = first or error
        assert first is not None
        if self._why_not(node, given, self.batch) is None:
            self.crossed.add(node.name)
            self.errors[node.name] = first
            del self.tensors[node.name]
        else:
            self.narrow[node.name] = first

    def _why_not(self, node: Node, given: dict[str, Tensor | tuple[Tensor, ...]], length: int) -> RuleError | None:
        """Why a node cannot run where all open sizes are that length; None where it can."""
        filled = {
            name: _with_length(value, length)
            if isinstance(value, Tensor)
            else tuple(_with_length(tensor, length) for tensor in value)
            for name, value in given.items()
        }
        try:
            check_sizes(node.layer.infer(node.layer.call(filled, node.options, self.policy)))
        except TooLargeError:
            return None
        except RuleError as error:
            return error
        return None


def _with_batch(tensor: Tensor, batch: int) -> Tensor:
    return tensor._replace(shape=(batch, *tensor.shape[1:])) if tensor.shape[:1] == (None,) else tensor


def _with_length(tensor: Tensor, length: int) -> Tensor:
    mask = None if tensor.mask is None else _known(tensor.mask, length)
    return tensor._replace(shape=_known(tensor.shape, length), mask=mask)


def _known(shape: Shape, length: int) -> Shape:
    return tuple(length if dim is None else dim for dim in shape)


# -- What is said about it -----------------------------------------------------------------------


def _report_refused(graph: TypedGraph, first: Filled, second: Filled, report: Report) -> None:
    for name, error in first.errors.items():
        node = graph.nodes[name]
        message = _worded(error.message, first.batch)
        if name in first.crossed:
            text = f"runs only where an open size is that of the batch: it {message}"
        elif name not in second.errors and name in second.tensors:
            _warn(graph, name, error, first.batch, report)
            continue
        else:
            text = f"{_runs_for(graph, node, {first.batch, second.batch})}: it {message}"
        mends = batch_help(graph, first, node, partial(_passes, name, first.batch))
        walk = Inference(graph.graph, first.policy, report)
        walk.tensors = graph.tensors
        walk.refused(
            node,
            RuleError(text, argument=error.argument, tensors=error.tensors, code="batch-axis"),
            mends or (error.help and _worded(error.help, first.batch)),
        )


def _passes(name: str, batch: int, graph: TypedGraph) -> bool:
    return name in Filled(graph, batch).tensors


def _runs_for(graph: TypedGraph, node: Node, failed: set[int]) -> str:
    """For which batches a node runs, in words."""
    dims = {dim for ref in node.refs() for dim in graph.tensor(ref).shape if dim is not None}
    tried = sorted({1, *dims} - failed)[:MOST_TRIED]
    runs = [str(batch) for batch in tried if node.name in Filled(graph, batch).tensors]
    return f"runs for a batch of {' or '.join(runs)} only" if runs else "does not run for every batch"


def _warn(graph: TypedGraph, name: str, error: RuleError, batch: int, report: Report) -> None:
    node = graph.nodes[name]
    report.warning(
        "open-size",
        f"'{name}' ({node.type}) runs for few of the sizes that are left open: it {_worded(error.message, batch)}",
        _place(node, error.argument),
        help=_worded(error.help, batch) if error.help else "give the open sizes numbers in the Inputs",
        related=through(node.origin.frames),
    )


def _warn_of_mixing(graph: TypedGraph, name: str, report: Report) -> None:
    node = graph.nodes[name]
    shapes = " and ".join(show_shape(graph.tensor(ref).shape) for ref in node.refs())
    report.warning(
        "batch-axis",
        f"'{name}' ({node.type}) computes with each two examples of a batch: the batch axes of {shapes} come to lie on different axes",
        node.origin.place,
        help="give them equally many axes: keepdims: true keeps those that are summed up, a Reshape layer adds axes of size 1",
        related=through(node.origin.frames),
    )


def _check_outputs(graph: TypedGraph, first: Filled, report: Report) -> None:
    """Warn of outputs that are not one row for each example."""
    odd = {
        output.name: output.ref
        for output in graph.graph.outputs
        if output.ref.node in first.tensors
        and first.tensors[output.ref.node][output.ref.port].shape[:1] not in ((first.batch,), (None,))
    }
    for name, ref in odd.items():
        node, shape = graph.nodes[ref.node], first.tensors[ref.node][ref.port].shape
        rows = f"{shape[0]} rows" if shape else "one number"
        report.warning(
            "batch-axis",
            f"the output '{name}' has no batch axis: of {first.batch} examples it gives {rows}",
            node.origin.place,
            help="axis 0 is the batch axis: sum up, join, cut and index along axis 1 or a later one",
            related=through(node.origin.frames),
        )


def _place(node: Node, argument: str | None) -> Place:
    return node.origin.at(argument) if argument and node.origin.place.has(argument) else node.origin.place


def _worded(message: str, batch: int) -> str:
    """A message about a batch of so many, and open sizes, in words.

    >>> _worded("cannot broadcast (3, 840, 8) and (3, 8)", 3)
    'cannot broadcast (batch, n, 8) and (batch, 8)'
    """
    words = {str(batch): "batch", **{str(length): "n" for length in LENGTHS}}
    return re.sub(r"\b\d+\b", lambda found: words.get(found[0], found[0]), message)
