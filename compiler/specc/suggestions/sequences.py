"""Recurrent layers that give their last step where all steps are needed."""

from __future__ import annotations

from collections.abc import Mapping

from specc.calls import Callee
from specc.diagnostics.problem import RuleError
from specc.ir import NestedModel, Node
from specc.layers.rnn import Recurrent
from specc.suggestions.look import Change, Look

MOST_ALONE = 8
"""Most recurrent layers that are tried one by one; if there are more, only all together."""

Turned = tuple[str, Change]
"""Recurrent layers as a message names them, and the change that lets them give all steps."""


def return_sequences(look: Look, node: Node, error: RuleError | None, rank: int = 0) -> str | None:
    """The fewest recurrent layers above a node that fix it, and those that the layers after them then need.

    ``rank``: the least rank of the node's inputs, for a node that can be called as it is but should not be.
    """
    found = _fewest(look, node.name, {}, rank)
    if found is None:
        return None
    words, change = found
    named = [words]
    for name in look.below(node.name):
        if look.sound(change, name) is None:
            further = _fewest(look, name, change)
            if further is None:
                break
            named.append(further[0])
            change = further[1]
    names = list(dict.fromkeys(named))
    return f"set return_sequences: true on {', '.join(names[:-1])}{' and ' * bool(names[1:])}{names[-1]}"


def _fewest(look: Look, goal: str, before: Change, rank: int = 0) -> Turned | None:
    """The fewest recurrent layers above a node with which it can be called."""
    found = list(_above(look, goal, before))
    alone = found if len(found) <= MOST_ALONE else []
    together = [(" and ".join(words for words, _ in found), {k: v for _, it in found for k, v in it.items()})]
    for words, turned in [*alone, *(together if len(found) > 1 else ())]:
        change = {**before, **turned}
        tensors = look.sound(change, goal)
        if tensors is not None and all(
            len(tensors[ref.node][ref.port].shape) >= rank for ref in look.node(goal, change).refs()
        ):
            return words, change
    return None


def _above(look: Look, goal: str, change: Mapping[str, Node]) -> list[Turned]:
    """The recurrent layers whose last steps reach a node, nearest first."""
    found: list[Turned] = []

    def end(node: Node, port: int) -> bool:
        turned = _turned(node.layer)
        if turned is None:
            return False
        if port == 0:  # the others are states
            found.append((_words(node, turned[0]), look.with_layer(node, turned[1])))
        return True

    for _ in look.above(goal, change, end):
        pass
    return found


def _words(node: Node, inside: str) -> str:
    return f"{inside} in '{node.name}'" if inside else f"'{node.name}'"


def _turned(layer: Callee) -> tuple[str, Callee] | None:
    """A layer that gives all steps instead of the last, and how messages name the recurrent layer inside."""
    if isinstance(layer, NestedModel):
        return _turned_inside(layer)
    if isinstance(layer, Recurrent):
        return None if layer.return_sequences else ("", layer.model_copy(update={"return_sequences": True}))
    inner = {name: _turned(value) for name in layer.inner_layers() if isinstance(value := getattr(layer, name), Callee)}
    update = {name: turned[1] for name, turned in inner.items() if turned is not None}
    return ("the layer", layer.model_copy(update=update)) if update else None


def _turned_inside(model: NestedModel) -> tuple[str, Callee] | None:
    """A nested model whose recurrent layers nearest to its outputs give all steps."""
    nodes = model.graph.nodes
    pending = [output.ref.node for output in model.graph.outputs]
    seen: set[str] = set()
    named: list[str] = []
    change: Change = {}
    for name in pending:
        if name in seen:
            continue
        seen.add(name)
        node = nodes[name]
        turned = _turned(node.layer)
        if turned is None:
            pending += [ref.node for ref in node.refs()]
            continue
        named.append(_words(node, turned[0]))
        change[name] = node._replace(layer=turned[1])
    return (" and ".join(named), model.with_nodes({**nodes, **change})) if named else None
