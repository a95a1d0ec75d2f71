"""Sequences where a recurrent layer takes states, and a wrong number of states."""

from __future__ import annotations

from collections.abc import Iterator

from specc.calls import Callee
from specc.diagnostics.problem import RuleError
from specc.ir import Node, Ref
from specc.layers.merging import Concatenate
from specc.layers.rnn import Recurrent
from specc.layers.wrappers import Bidirectional
from specc.suggestions.look import Change, Look


def states(look: Look, node: Node, error: RuleError | None) -> str | None:
    """The states of the layers that ``initial_state`` names, if it names their outputs, or not all of their states."""
    given = node.inputs.get("initial_state", ())
    if isinstance(given, Ref) or not given:
        return None
    names = dict.fromkeys(ref.node for ref in given)
    sources = [look.graph.nodes[name] for name in names if name in look.tensors]

    changes = (found for source in sources for found in _changes(look, node, source))
    fix = look.first_sound(changes, node.name)
    if fix is not None or not sources:
        return fix
    wanted, got = _state_names(node.layer), _state_names(sources[0].layer)
    if len(wanted) == len(got):
        return look.first_sound(_units(look, node, given[0]), node.name)
    if not got:
        return None
    count = [f"'{it.name}' ({it.type}) has {len(names)}" for it, names in ((node, wanted), (sources[0], got))]
    return f"of states {count[0]} and {count[1]}: use layers of one type for both"


def _changes(look: Look, node: Node, source: Node) -> Iterator[tuple[str, Change]]:
    """Ways to give the states of a layer to a node: directly, for both directions, joined from both."""
    giving = _giving_states(source.layer)
    if giving is None:
        return
    layer, setting = giving
    change = look.with_layer(source, layer)
    intro = f"the states of '{source.name}' are its other outputs: "
    if setting is not None:
        intro += f"set return_state: true on {setting}'{source.name}', and "
    outputs = layer.ports(source.options)
    ports = [port for port in outputs if "state" in port]
    refs = {f"{source.own_name}.{port}": Ref(source.name, outputs.index(port)) for port in ports}
    names = list(refs)
    for written in (names, names * 2 if isinstance(node.layer, Bidirectional) else names[:1]):
        given = tuple(refs[name] for name in written)
        yield f"{intro}write initial_state: [{', '.join(written)}]", {**change, node.name: _with_states(node, given)}
    if isinstance(layer, Bidirectional):
        half = len(names) // 2
        pairs = list(zip(names[:half], names[half:], strict=True))
        joins = [
            Node(f"{node.name} {one}", Concatenate(), {"inputs": (refs[one], refs[other])}, node.origin)
            for one, other in pairs
        ]
        froms = " and ".join(f"from: [{one}, {other}]" for one, other in pairs)
        count = "a Concatenate layer" if half == 1 else f"{half} Concatenate layers"
        joined = {join.name: join for join in joins}
        said = f"{intro}give {count} as initial_state, {froms}"
        yield said, {**change, **joined, node.name: _with_states(node, tuple(map(Ref, joined)))}


def _units(look: Look, node: Node, state: Ref) -> Iterator[tuple[str, Change]]:
    """As many units as the given state has."""
    tensor = look.tensor(state)
    if tensor is not None and hasattr(node.layer, "units") and tensor.shape[-1] is not None:
        layer = node.layer.model_copy(update={"units": tensor.shape[-1]})
        words = f"set units: {tensor.shape[-1]} on '{node.own_name}', as many as '{look.graph.nodes[state.node].own_name}' has"
        yield words, look.with_layer(node, layer)


def _with_states(node: Node, refs: tuple[Ref, ...]) -> Node:
    return node._replace(inputs={**node.inputs, "initial_state": refs})


def _giving_states(layer: Callee) -> tuple[Callee, str | None] | None:
    """A recurrent layer that also gives its states, and which layer to set that on; None if it is already set."""
    if isinstance(layer, Recurrent):
        if layer.return_state:
            return layer, None
        return layer.model_copy(update={"return_state": True}), ""
    if not isinstance(layer, Bidirectional):
        return None
    if layer.layer.return_state:
        return layer, None
    both = {
        name: inner.model_copy(update={"return_state": True})
        for name in ("layer", "backward_layer")
        if (inner := getattr(layer, name)) is not None
    }
    return layer.model_copy(update=both), "the layer in "


def _state_names(layer: Callee) -> tuple[str, ...]:
    """The states of a recurrent layer, in its own order."""
    if isinstance(layer, Bidirectional):
        return (*_state_names(layer.layer), *_state_names(layer.backward_layer or layer.layer))
    return layer.state_names() if isinstance(layer, Recurrent) else ()
