"""Layers that cannot take their inputs, reported with the fix that was found for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from specc.diagnostics import Related, Report
from specc.diagnostics.frames import through
from specc.diagnostics.problem import RuleError
from specc.ir import Graph, Node, refs_of
from specc.passes.inference.declared import DeclaredError
from specc.passes.inference.made_for import OtherSizeError
from specc.shapes import Tensor, show_shape

if TYPE_CHECKING:
    from specc.suggestions.look import Attempt

MOST_ASKED = 200
"""Refused nodes for which a fix is searched up the graph: more than a report shows."""


class Refusal(NamedTuple):
    """A node that cannot take its inputs, and why: by its layer's rule, or by layers inside a nested model."""

    node: Node
    error: RuleError | Refused


class Refused(Exception):
    """A graph has layers that cannot take their inputs; with what is needed to search for fixes."""

    def __init__(
        self,
        refusals: Sequence[Refusal],
        graph: Graph,
        tensors: Mapping[str, tuple[Tensor, ...]],
        attempt: Attempt,
        is_nested: bool,
    ) -> None:
        super().__init__()
        self.refusals = refusals
        self.graph = graph
        self.tensors = tensors
        """Those that are known."""
        self.attempt = attempt
        self.is_nested = is_nested

    @property
    def message(self) -> str:
        """The message about the first."""
        node, error = self.refusals[0]
        return error.message if isinstance(error, Refused) else f"'{node.name}' ({node.type}) {error.problem.message}"

    @property
    def help(self) -> str | None:
        """The help for the first, as its layer gives it."""
        _, error = self.refusals[0]
        return error.help if isinstance(error, Refused) else error.problem.help


def report_refused(refused: Refused, report: Report) -> None:
    """Report all layers that cannot take their inputs, each once."""
    from specc.suggestions import suggest  # for errors only, with the layers that they import
    from specc.suggestions.look import Look

    look = Look(refused.graph, refused.tensors, refused.attempt, refused.is_nested)
    for number, (node, error) in enumerate(refused.refusals):
        is_asked = number < MOST_ASKED
        if isinstance(error, Refused):
            inside = Report()
            report_refused(error, inside)
            help = suggest(look, node, None) if is_asked else None
            found = inside.diagnostics
            report.include(found if help is None else [replace(it, help=help) for it in found])
        else:
            help = (
                announced_help(look.given(node))
                or (
                    suggest(look, node, error)
                    if is_asked and not isinstance(error, DeclaredError | OtherSizeError)
                    else None
                )
                or error.problem.help
            )
            report_refusal(look.graph, look.tensors, node, error, help, report)


def report_refusal(
    graph: Graph,
    tensors: Mapping[str, tuple[Tensor, ...]],
    node: Node,
    error: RuleError,
    help: str | None,
    report: Report,
) -> None:
    """Report that a node cannot take its inputs, with the layers that give them."""
    problem, item = error.problem, node.origin.place
    is_written = bool(problem.path) and item.has(problem.path[0])
    place = problem.place(item) if is_written else node.origin.at("from")
    related = []
    for argument, value in node.inputs.items():
        if error.tensors is not None and argument not in error.tensors:
            continue
        for ref in refs_of(value):
            source, tensor = graph.nodes[ref.node], tensors[ref.node][ref.port]
            dtype = "" if tensor.dtype == "float32" else f" {tensor.dtype}"
            who = f"'{source.name}' " if source.origin.frames else ""
            related.append(Related(f"{who}gives {show_shape(tensor.shape)}{dtype}", source.origin.place))
    related += [Related(said, there) for said, there in error.places]
    said = replace(problem, message=f"'{node.name}' ({node.type}) {problem.message}", path=(), help=help)
    report.add(said, place, [*related, *through(node.origin.frames)])


def announced_help(given: Iterable[Tensor]) -> str | None:
    """The fix for an input that Keras announces with another shape, if there is one."""
    return next((tensor.announced.help for tensor in given if tensor.announced is not None), None)
