"""Scopes to Graph: every reference becomes the output of a node that it stands for."""

from __future__ import annotations

from collections.abc import Iterator

from specc.calls import Argument
from specc.diagnostics import Report
from specc.ir import Graph, Node, Ref
from specc.layers.core import Input
from specc.passes.advice.copies import warn_of_copies
from specc.passes.feeding import Feeding
from specc.passes.outputs import Outputs
from specc.passes.references import Refs
from specc.passes.scopes import Entry, Scope
from specc.source import Origin


def wire(scope: Scope, name: str, report: Report, origin: Origin, outputs: object = None) -> Graph:
    """The graph of a scope: the file's, or the inside of a nested model, whose block inputs become Input nodes.

    ``outputs`` is what the spec says of them: references in a list, by label in a map, or None.
    """
    nodes: dict[str, Node] = {}
    block = scope.block
    if block is not None:
        nodes = {input: Node(input, Input(batch_shape=()), {}, origin) for input in block.inputs}
        outputs = dict(block.ports)
    feeding = Feeding(report)
    feeding.sharing.share_all(scope)
    feeding.edges.read(scope)
    for entry in _layers(scope):
        if entry.broken:
            feeding.sources(entry, (Argument(""),))
        else:
            node = _node(entry, feeding.bindings(entry))
            nodes[node.name] = node
    inputs = tuple(node.name for node in nodes.values() if isinstance(node.layer, Input))
    graph = Graph(name, nodes, inputs, (), origin)
    chosen = Outputs(scope, feeding.references)
    if not report.failed:
        chosen.choose(graph, outputs)
        warn_of_copies(scope, graph, feeding.references, report)
    elif block is None and outputs is not None:
        chosen.resolve(outputs)
    return graph


def _node(entry: Entry, bound: dict[str, Refs]) -> Node:
    assert entry.layer is not None
    shares = entry.shares.full_name if entry.shares is not None else None
    inputs: dict[str, Ref | Refs] = {}
    for argument in entry.layer.tensor_arguments():
        if (refs := bound.get(argument.name)) is not None:
            inputs[argument.name] = refs if argument.many else refs[0]
    return Node(entry.full_name, entry.layer, inputs, entry.origin, entry.options, shares, entry.named)


def _layers(scope: Scope) -> Iterator[Entry]:
    """The entries that are calls of layers, or broken; members of instances in the place of these."""
    stack = [iter(scope.entries)]
    while stack:
        for entry in stack[-1]:
            if entry.absent:
                continue
            if entry.inner is not None:
                stack.append(iter(entry.inner.entries))
                break
            if entry.layer is not None or entry.broken:
                yield entry
        else:
            stack.pop()
