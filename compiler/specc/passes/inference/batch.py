"""The sizes that a spec leaves open, the batch first: shapes are inferred again with numbers instead.

`infer` assumes that an unknown size fits. So does Keras, which finds out in predict that the batch axis of one tensor
is aligned with another axis of a second, or that a shape that is written out fits one batch size only.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Self

from specc.calls import Call, Policy, Weight
from specc.diagnostics import Report
from specc.diagnostics.codes import WarningCode
from specc.diagnostics.frames import through
from specc.diagnostics.problem import KnownSizeError, RuleError, with_subject
from specc.ir import NestedModel, Node, TypedGraph, call_key
from specc.layers.core import Input
from specc.passes.inference.infer import Inference, check_sizes, infer_nested
from specc.passes.inference.nested import TypedModels
from specc.passes.inference.refused import Refused, announced_help, report_refusal
from specc.shapes import Shape, Tensor, show_shape
from specc.source import Path

INDIVISIBLE = (3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97)
DIVISIBLE = (840, 1680, 2520, 5040)
"""Batch sizes that nothing divides, and batch sizes that many numbers divide and that are large."""
LENGTHS = (840, 5040, 27720)
"""Values for every other open size, tried in order until one runs."""
MOST_TRIED = 8
"""Batch sizes that are tried to say which ones run."""
MOST_NODES = 10_000
"""Nodes that are inferred for that, in all."""


def check_open_sizes(graph: TypedGraph, report: Report) -> None:
    """Report errors for layers that run for few batch sizes; warnings for few other sizes, or mixed examples."""
    batches = {tensor.shape[:1] for name in graph.graph.inputs for tensor in graph.tensors[name]}
    if (None,) not in batches:
        return
    distinct = {id(tensors): tensors for tensors in graph.tensors.values()}.values()
    known = {dim for tensors in distinct for tensor in tensors for dim in tensor.shape}
    fixed = sorted(dim for (dim, *_) in batches - {()} if dim is not None)
    tried = [*fixed, *(_other_than(known, sizes) for sizes in (INDIVISIBLE, DIVISIBLE))]
    if not fixed and keeps_apart(graph, tried[0]):
        return
    first = Filled(graph, tried[0]).walk()
    if fixed and first.errors:  # the other Inputs have as many examples, or the tensors are broadcast
        first = next(
            (filled for filled in (Filled(graph, batch).walk() for batch in tried[1:]) if not filled.errors), first
        )
    words = _Words(graph, first, report)
    for name in first.narrow:
        words.narrow(name)
    for name in first.mixing:
        words.mixing(name)
    if first.errors:
        words.refused(Filled(graph, tried[-1]).walk())
    elif not fixed:
        words.outputs()


def _other_than(known: set[int | None], sizes: tuple[int, ...]) -> int:
    """The first of the sizes that no axis in the graph has."""
    return next((size for size in sizes if size not in known), sizes[-1])


def keeps_apart(graph: TypedGraph, batch: int) -> bool:
    """Whether every call gives, for that batch size, the shapes that are known with that number in them.

    Then a walk would find the same, and there is nothing to report. Equal calls are tried once.
    """
    if any(graph.tensor(output.ref).shape[:1] != (None,) for output in graph.graph.outputs):
        return False
    trial = Filled(graph, batch)
    distinct = {id(tensors): tensors for tensors in graph.tensors.values()}
    doubtful = {key for key, tensors in distinct.items() if not all(map(_is_open_in_batch_only, tensors))}
    filled: dict[int, tuple[Tensor, ...]] = {}

    def fill(name: str) -> tuple[Tensor, ...]:
        tensors = graph.tensors[name]
        if id(tensors) not in filled:
            filled[id(tensors)] = tuple(_filled(tensor, batch) for tensor in tensors)
        return filled[id(tensors)]

    seen = set()
    for node in graph.nodes.values():
        if node.layer.any_batch and not (
            doubtful and any(id(graph.tensors[ref.node]) in doubtful for ref in node.refs())
        ):
            continue
        key = (call_key(node, graph.tensors), node.name if node.options else None)
        if key in seen or isinstance(node.layer, Input):
            continue
        seen.add(key)
        trial.tensors = {ref.node: fill(ref.node) for ref in node.refs()}
        if not trial.is_sound(node) or trial.tensors[node.name] != fill(node.name):
            return False
    return True


def _is_open_in_batch_only(tensor: Tensor) -> bool:
    return tensor.shape[:1] == (None,) and None not in tensor.shape[1:]


def _filled(tensor: Tensor, batch: int) -> Tensor:
    """A tensor whose open first axis, and its mask's, has that size."""
    mask = tensor.mask
    if mask is not None and mask[:1] == (None,):
        tensor = tensor._replace(mask=(batch, *mask[1:]))
    return _with_batch(tensor, batch)


class Filled(Inference):
    """A graph inferred for one batch size: the nodes that are then refused or doubtful."""

    def __init__(self, graph: TypedGraph, batch: int) -> None:
        super().__init__(graph.graph, Policy.named(graph.graph.dtype_policy), checks=False)
        self.models = TypedModels(infer_nested, graph.models)
        self.typed = graph
        self.batch = batch
        self.errors: dict[str, RuleError] = {}
        self.crossed: set[str] = set()
        """Nodes refused because the batch axis of a tensor is aligned with an open axis of another."""
        self.narrow: dict[str, RuleError] = {}
        """Nodes that run for few of the other open sizes, and why."""
        self.mixing: list[str] = []
        """Operations that compute with every two examples of a batch, though their tensors have one batch axis each."""

    def walk(self) -> Self:
        """Infer all nodes, from the inputs to the outputs."""
        for name in self.typed.order:
            node = self.typed.nodes[name]
            if isinstance(node.layer, Input):
                self.tensors[name] = tuple(_with_batch(tensor, self.batch) for tensor in self.typed.tensors[name])
            elif all(ref.node in self.tensors for ref in node.refs()) and self.node(node):
                self._doubt(node)
        return self

    def is_sound(self, node: Node) -> bool:
        """Whether a node, by itself, is neither refused nor doubtful."""
        if isinstance(node.layer, Input):
            return True
        if not self.node(node):
            return False
        self._doubt(node)
        return not (self.errors or self.narrow or self.mixing)

    def _weights(self, node: Node, call: Call) -> tuple[Weight, ...]:
        return ()

    def node(self, node: Node) -> bool:
        """Infer a node; False, and recorded, if it is refused. What says nothing of other sizes is not recorded."""
        if super().node(node):
            return True
        _, error = self.refusals.pop()
        if isinstance(error, Refused):
            self.errors[node.name] = RuleError(f"has a layer inside that fails: {error.message}", help=error.help)
        elif not isinstance(error, KnownSizeError):
            help = announced_help(self.tensors[ref.node][ref.port] for ref in node.refs())
            error.problem = replace(error.problem, help=help or error.problem.help)
            self.errors[node.name] = error
        return False

    def _doubt(self, node: Node) -> None:
        given = self.given(node)
        flat = [tensor for value in given.values() for tensor in ((value,) if isinstance(value, Tensor) else value)]
        if any(None in tensor.shape for tensor in flat):
            self._try_lengths(node, given, flat)
        if node.name in self.errors or node.layer.allowed_in_sequential or not getattr(node.layer, "broadcasts", False):
            return
        ranks = {len(tensor.shape) for tensor in flat if tensor.shape[:1] == (self.batch,)}
        once = all(tensor.shape.count(self.batch) <= 1 for tensor in flat)
        if len(ranks) > 1 and once and self.tensors[node.name][0].shape.count(self.batch) > 1:
            self.mixing.append(node.name)

    def _try_lengths(self, node: Node, given: dict[str, Tensor | tuple[Tensor, ...]], flat: list[Tensor]) -> None:
        if any(tensor.ragged for tensor in flat):
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
        """Why a node cannot run if all open sizes have that length; None if it can."""
        filled = {
            name: _with_length(value, length)
            if isinstance(value, Tensor)
            else tuple(_with_length(tensor, length) for tensor in value)
            for name, value in given.items()
        }
        try:
            check_sizes(node.layer.infer(node.call(filled, self.policy, self.models)))
        except KnownSizeError:
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


# -- Reports -------------------------------------------------------------------------------------


class _Words:
    """Reports what one walk for a batch size found."""

    def __init__(self, graph: TypedGraph, found: Filled, report: Report) -> None:
        self.graph, self.found, self.report = graph, found, report

    def refused(self, other: Filled) -> None:
        """Report what fails for this batch size; ``other`` has a size that many numbers divide."""
        from specc.passes.inference.batch_help import axis_help, batch_help  # for what is wrong only

        names = [name for name in self.found.errors if name in self.found.crossed or name not in other.tensors]
        for name in self.found.errors.keys() - set(names):
            node, error = self.graph.nodes[name], self.found.errors[name]
            help = axis_help(node) or self._worded(error.problem.help)
            self._warn(
                "open-size",
                node,
                f"runs for only a few batch sizes: it {self._worded(error.problem.message)}",
                help,
                error.problem.path,
            )
        runs = self._what_runs(names, {self.found.batch, other.batch})
        for name in names:
            node, error = self.graph.nodes[name], self.found.errors[name]
            if name in self.found.crossed:
                which = "only where an open size is that of the batch"
            else:
                which = f"for a batch of {' or '.join(runs[name])} only" if runs[name] else "for only a few batch sizes"
            message = f"runs {which}: it {self._worded(error.problem.message)}"
            help = batch_help(self.graph, self.found, node) or axis_help(node) or self._worded(error.problem.help)
            told = RuleError(message, tensors=error.tensors)
            told.problem = replace(error.problem, code="batch-axis", message=message)
            report_refusal(self.graph.graph, self.graph.tensors, node, told, help, self.report)

    def _what_runs(self, names: list[str], failed: set[int]) -> dict[str, list[str]]:
        """Batch sizes for which nodes run."""
        refs = {ref for name in names for ref in self.graph.nodes[name].refs()}
        dims = {dim for ref in refs for dim in self.graph.tensor(ref).shape if dim is not None}
        runs: dict[str, list[str]] = {name: [] for name in names}
        most = min(MOST_TRIED, MOST_NODES // len(self.graph.nodes))
        for batch in sorted({1, *dims} - failed)[:most]:
            tensors = Filled(self.graph, batch).walk().tensors
            for name in names:
                if name in tensors:
                    runs[name].append(str(batch))
        return runs

    def narrow(self, name: str) -> None:
        """Report a node that runs for few of the open sizes besides the batch."""
        node, error = self.graph.nodes[name], self.found.narrow[name]
        message = f"runs for only a few of the sizes that are left open: it {self._worded(error.problem.message)}"
        help = "; ".join(filter(None, (self._worded(error.problem.help), "give the open size a number in its Input")))
        self._warn("open-size", node, message, help, error.problem.path)

    def mixing(self, name: str) -> None:
        """Report an operation whose tensors have their batch axes in different places."""
        from specc.passes.inference.batch_help import batch_help

        node = self.graph.nodes[name]
        shapes = " and ".join(show_shape(self.graph.tensor(ref).shape) for ref in node.refs())
        message = f"computes with every two examples of a batch: {shapes} have their batch axes in different places"
        help = batch_help(self.graph, self.found, node) or "give them the same number of axes, with a Reshape layer"
        self._warn("mixed-batch", node, message, help)

    def outputs(self) -> None:
        """Report outputs that do not have one row for each example."""
        batch = self.found.batch
        for output in self.graph.graph.outputs:
            if output.ref.node not in self.found.tensors:  # not known for this size, which says nothing of others
                continue
            shape = self.found.tensors[output.ref.node][output.ref.port].shape
            if shape[:1] in ((batch,), (None,)):
                continue
            rows = f"has {shape[0]} row{'s' * (shape[0] != 1)}" if shape else "is one number"
            self._warn(
                "mixed-batch",
                self.graph.nodes[output.ref.node],
                f"{rows} for a batch of {batch}: as an output it needs one row for each example",
                "axis 0 is the batch axis: reduce, join, slice and index along axis 1 or a later one",
            )

    def _warn(self, code: WarningCode, node: Node, message: str, help: str | None, path: Path = ()) -> None:
        at = node.origin.at(*path) if path and node.origin.place.has(path[0]) else node.origin.place
        text = with_subject(f"'{node.name}' ({node.type})", message)
        self.report.warning(code, text, at, help=help, related=through(node.origin.frames))

    def _worded(self, text: str | None) -> str:
        return in_words(text or "", self.found.batch)


def in_words(message: str, batch: int) -> str:
    """A message about that batch size, and open sizes, in words.

    >>> in_words("cannot broadcast (3, 840, 8) and (3, 8)", 3)
    'cannot broadcast (batch, n, 8) and (batch, 8)'
    """
    words = {str(batch): "batch", **{str(length): "n" for length in LENGTHS}}
    return re.sub(r"\b\d+\b", lambda found: words.get(found[0], found[0]), message)
