"""An item that takes the item directly above it, where another one was meant."""

from __future__ import annotations

from collections.abc import Iterator

from specc.diagnostics.problem import RuleError
from specc.ir import Node, Ref
from specc.passes.implied import implied
from specc.suggestions.look import Change, Inputs, Look

MOST_TRIED = 10


def taken_above(look: Look, node: Node, error: RuleError | None) -> str | None:
    """Another item for a node that names no input, in a graph that branches."""
    found = implied(look.graph, node)
    nodes = list(look.graph.nodes.values())
    if found is None or not (len(look.graph.inputs) > 1 or any(it.origin.place.has("from") for it in nodes)):
        return None
    taken = node.refs()[0].node

    def changes() -> Iterator[tuple[str, Change]]:
        before = nodes[: nodes.index(node)]
        named = [
            it for it in reversed(before) if it.named and it.name != taken and it.origin.frames == node.origin.frames
        ]
        for other in named[:MOST_TRIED]:
            ref = Ref(other.name)
            inputs: Inputs = {name: ref if isinstance(value, Ref) else (ref,) for name, value in node.inputs.items()}
            said = f"{found}; write from: {other.own_name} if that is meant"
            yield said, {node.name: node._replace(inputs=inputs)}

    return look.first_sound(changes(), node.name)
