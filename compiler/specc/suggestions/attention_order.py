"""Query, value and key in another order than Keras's."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

from specc.diagnostics.problem import RuleError
from specc.ir import Node, refs_of
from specc.layers.attention_roles import ROLES
from specc.suggestions.look import Change, Inputs, Look, spelled


def attention_order(look: Look, node: Node, error: RuleError | None) -> str | None:
    """The order of the given tensors with which an attention layer can be called."""
    if "scores" not in node.layer.port_options:
        return None
    in_list = "inputs" in node.inputs  # of Attention and AdditiveAttention
    refs = tuple(ref for name in ("inputs", *ROLES) if name in node.inputs for ref in refs_of(node.inputs[name]))

    def changes() -> Iterator[tuple[str, Change]]:
        for order in permutations(refs):
            if order == refs:
                continue
            names = [spelled(look.graph, ref) for ref in order]
            if in_list:
                inputs: Inputs = {**node.inputs, "inputs": order}
                written = f"[{', '.join(names)}]"
            else:
                inputs = {**node.inputs, **dict(zip(ROLES, order, strict=False))}
                written = f"{{{', '.join(map(': '.join, zip(ROLES, names, strict=False)))}}}"
            said = f"the order is query, value, key: write from: {written}"
            yield said, {node.name: node._replace(inputs=inputs)}

    return look.first_sound(changes(), node.name)
