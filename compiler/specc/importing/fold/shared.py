"""Layers that are called together more than once, with the same weights: a block, and ``share`` for its other calls."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from specc.importing.fold.bodies import LAST, Body, Call, Node, Ref
from specc.importing.fold.columns import argument_count
from specc.importing.fold.names import common_start
from specc.importing.fold.order import in_order, possible
from specc.importing.fold.regions import MOST_ARGUMENTS, MOST_INPUTS, MOST_OUTPUTS

Layer = list[Node]
"""The calls of a layer."""


@dataclass(eq=False, slots=True)
class _Together:
    """Layers whose calls are wired in one way, with the block that they are and its instances."""

    layers: list[Layer]
    block: Body
    instances: list[Node]
    outputs: list[tuple[int, Any]]
    """What is read outside: the layer's number and the port."""


def with_blocks(nodes: list[Node], outputs: Sequence[Ref]) -> list[Node]:
    """The nodes with instances of blocks for layers that are called together."""
    layers = _layers(nodes, {ref.node for ref in outputs})
    taken = {node.cells[0][0].name for node in nodes}
    blocks: dict[Any, Body] = {}
    for group in _groups(layers):
        found = _together(group, nodes, taken)
        if found is None:
            continue
        taken |= {it.cells[0][0].name for it in found.instances}
        nodes = _replaced(nodes, found)
        if (ordered := possible(nodes)) is None:  # what is between two of the layers is not shared
            nodes = _put_back(nodes, found)
            continue
        nodes = ordered
        _one_block(found, blocks)
    return nodes


def _layers(nodes: Sequence[Node], outputs: set[Node | int]) -> list[Layer]:
    """The shared layers that no output has to keep by their names, and whose calls are alike."""
    firsts = {node.cells[0][0].name: [node] for node in nodes if "share" not in node.fixed}
    for node in nodes:
        if "share" in node.fixed:
            firsts.setdefault(node.fixed["share"], []).append(node)
    return [calls for calls in firsts.values() if len(calls) > 1 and not outputs & {*calls} and _alike(calls)]


def _alike(calls: Layer) -> bool:
    """Whether the calls of a layer have the same keys of their own."""
    first, *others = calls
    return all(
        {key: value for key, value in it.fixed.items() if key != "share"} == first.fixed and it.form == first.form
        for it in others
    )


def _groups(layers: Sequence[Layer]) -> Iterator[list[Layer]]:
    """Layers that are connected in the same way in each call."""
    by_first = {calls[0]: calls for calls in layers}
    group_of = {id(calls): [calls] for calls in layers}
    for calls in layers:
        for number, ref in enumerate(calls[0].cells[0][0].inputs):
            other = by_first.get(ref.node) if isinstance(ref.node, Node) else None
            if other is None or len(other) != len(calls) or group_of[id(other)] is group_of[id(calls)]:
                continue
            taken = [it.cells[0][0].inputs[number] for it in calls]
            if taken == [ref._replace(node=it) for it in other]:
                group = group_of[id(other)]
                group += group_of[id(calls)]
                group_of |= {id(it): group for it in group}
    seen: set[int] = set()
    for calls in layers:
        group = group_of[id(calls)]
        if id(group) not in seen and len(group) > 1:
            seen.add(id(group))
            yield [it for it in layers if group_of[id(it)] is group]


def _together(layers: list[Layer], nodes: Sequence[Node], taken: set[str]) -> _Together | None:
    """The block of layers; None if no person would write one."""
    numbers = {calls[0]: number for number, calls in enumerate(layers)}
    inputs: dict[tuple[Ref, ...], int] = {}
    made = [Node(it.type, it.form, it.fixed, [[replace(it.cells[0][0])]]) for it, *_ in layers]
    for calls, node in zip(layers, made, strict=True):
        refs = []
        for slot in zip(*(it.cells[0][0].inputs for it in calls), strict=True):
            number = numbers.get(slot[0].node) if isinstance(slot[0].node, Node) else None
            if number is None:
                refs.append(Ref(inputs.setdefault(slot, len(inputs))))
            elif slot == tuple(slot[0]._replace(node=it) for it in layers[number]):
                refs.append(slot[0]._replace(node=made[number]))
            else:
                return None
        node.cells[0][0].inputs = tuple(refs)
    outputs = _outputs(layers, nodes)
    if not 0 < len(inputs) <= MOST_INPUTS or not 0 < len(outputs) <= MOST_OUTPUTS:
        return None
    read = [Ref(made[number], LAST, port) for number, port in outputs]
    block = Body(len(inputs), in_order(made, read), [[ref] for ref in read])
    form = "one" if len(inputs) == 1 else len(inputs)
    start = common_start([calls[0].cells[0][0].name for calls in layers]) or "shared"
    free = itertools.chain([start], (f"{start}_{it}" for it in itertools.count(1)))
    names = [*itertools.islice((it for it in free if it not in taken), len(layers[0]))]
    instances = [
        Node("", form, {"share": names[0]} if number else {}, [[Call({}, refs, names[number])]], block, alone=True)
        for number, refs in enumerate(zip(*inputs, strict=True))
    ]
    return _Together(layers, block, instances, outputs)


def _outputs(layers: Sequence[Layer], nodes: Sequence[Node]) -> list[tuple[int, Any]]:
    """What is read outside of the layers' calls, the last of it first."""
    call_of = {node: (number, call) for number, calls in enumerate(layers) for call, node in enumerate(calls)}
    found = set()
    for node in nodes:
        own = call_of.get(node)
        for ref in node.cells[0][0].inputs:
            read = call_of.get(ref.node) if isinstance(ref.node, Node) else None
            if read is not None and (own is None or own[1] != read[1]):
                found.add((read[0], ref.port))
    return sorted(found, key=lambda it: (-it[0], it[1] is not None, str(it[1])))


def _replaced(nodes: Sequence[Node], found: _Together) -> list[Node]:
    """The nodes with the instances, each where the last of its layers was."""
    ends = {found.layers[-1][number]: it for number, it in enumerate(found.instances)}
    gone = {node for calls in found.layers for node in calls}
    _rewire([*found.instances, *(it for it in nodes if it not in gone)], _changes(found))
    return [ends.get(node, node) for node in nodes if node not in gone or node in ends]


def _put_back(nodes: Sequence[Node], found: _Together) -> list[Node]:
    """The nodes as they were."""
    rest = [node for node in nodes if node not in found.instances]
    _rewire(rest, {new: old for old, new in _changes(found).items()})
    ordered = possible([*rest, *(it for calls in zip(*found.layers, strict=True) for it in calls)])
    assert ordered is not None
    return ordered


def _changes(found: _Together) -> dict[Ref, Ref]:
    """What becomes of what is read outside."""
    return {
        Ref(node, LAST, port): Ref(found.instances[call], LAST, output or None)
        for output, (number, port) in enumerate(found.outputs)
        for call, node in enumerate(found.layers[number])
    }


def _rewire(nodes: Sequence[Node], changes: dict[Ref, Ref]) -> None:
    for node in nodes:
        for call in node.calls():
            call.inputs = tuple(changes.get(ref, ref) for ref in call.inputs)


def _one_block(found: _Together, blocks: dict[Any, Body]) -> None:
    """Let layers that are like others be a row of the block of those."""
    own = found.block
    index = own.places()

    def place(ref: Ref) -> Any:
        return (index[ref.node], ref.port) if isinstance(ref.node, Node) else ref.node

    wired = tuple((it.kind, *map(place, it.cells[0][0].inputs)) for it in own.nodes)
    block = blocks.setdefault((wired, own.inputs, *(place(output[0]) for output in own.outputs)), own)
    if block is own:
        return
    columns = [
        [*(Node(it.type, it.form, it.fixed, [cell]) for cell in it.cells), more]
        for it, more in zip(block.nodes, own.nodes, strict=True)
    ]
    arguments = argument_count(columns)
    if arguments is None or arguments > MOST_ARGUMENTS:
        return
    same = dict(zip(own.nodes, block.nodes, strict=True))
    own.replace(lambda ref: ref._replace(node=same[ref.node]) if isinstance(ref.node, Node) else ref)
    for node, more in zip(block.nodes, own.nodes, strict=True):
        node.cells += more.cells
    for output in block.outputs:
        output.append(output[0])
    for instance in found.instances:
        instance.block = block
        instance.cells[0][0].row = block.rows
    block.rows += 1
