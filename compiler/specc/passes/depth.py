"""How deep Keras recurses into a graph: one call for each layer on the way back from an output to an input."""

from __future__ import annotations

from specc.ir import Graph


def depth(graph: Graph) -> int:
    """The most layers in a row on Keras's walk through an acyclic graph; an Input is not counted.

    The walk goes from each output back, into the inputs of a layer in their order, and into no layer twice. So a short
    path that comes first can make the walk shorter than the longest path.
    """
    seen: set[str] = set()
    deepest = 0
    for output in graph.outputs:
        pending = [(output.ref.node, 1)]
        while pending:
            name, reached = pending.pop()
            if name in seen:
                continue
            seen.add(name)
            refs = graph.nodes[name].refs()
            if refs and reached > deepest:
                deepest = reached
            for ref in refs[::-1]:
                pending.append((ref.node, reached + 1))
    return deepest
