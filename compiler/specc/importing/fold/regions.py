"""The repeated region that is worth most as a block, and putting the block in its places."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from math import inf
from typing import Any, NamedTuple

from specc.importing.fold.bodies import BEFORE, LAST, Body, Call, Node, Ref, weight
from specc.importing.fold.columns import argument_count
from specc.importing.fold.names import instance_name
from specc.importing.fold.repeats import repeats

MOST_ARGUMENTS = 6
MOST_INPUTS = 4
MOST_OUTPUTS = 3
LEAST_SAVED = 1
"""In items."""


class Place(NamedTuple):
    """Where a region begins."""

    body: Body
    start: int


@dataclass(eq=False, slots=True)
class Region:
    """A region with all of its copies, and what it is worth."""

    length: int
    places: list[Place]
    inputs: list[list[Ref]]
    """What each copy takes from outside, a list for each input of the block."""
    where: dict[tuple[int, int], int]
    """The input of the block that an input of a call is, by the node's place and the input's."""
    outputs: list[tuple[int, int, Any]]
    """What is read outside: the node's place, copy and port."""
    saved: float

    def columns(self) -> list[list[Node]]:
        """The nodes of all copies, by their places in the region."""
        return [[it.body.nodes[it.start + offset] for it in self.places] for offset in range(self.length)]


class Search:
    """Looks for regions in all bodies."""

    def __init__(self, bodies: Sequence[Body]) -> None:
        self.bodies = bodies
        self.spots: list[Place | None] = []
        self.index = {id(body): body.places() for body in bodies}
        self.readers = {id(body): _readers(body) for body in bodies}
        self._live = {id(body): _live(body, self.index[id(body)]) for body in bodies}
        self._ties = {id(body): _ties(body) for body in bodies}
        kinds: dict[Any, int] = {}
        self._weak: list[int] = []
        self._strong: list[int] = []
        strong: dict[Any, int] = {}
        for number, body in enumerate(bodies):
            for start, node in enumerate(body.nodes):
                kind = kinds.setdefault(node.kind, len(kinds))
                self.spots.append(Place(body, start))
                self._weak.append(kind)
                found = (kind, self._distances(body, start))
                self._strong.append(strong.setdefault(found, len(strong)))
            self.spots.append(None)
            self._weak.append(-1 - number)
            self._strong.append(-1 - number)

    def _distances(self, body: Body, start: int) -> tuple[Any, ...]:
        """How far away what a node takes is, in its first row."""
        places = self.index[id(body)]
        call = next(body.nodes[start].calls(), None)
        if call is None:
            return ()
        return tuple(start - places[it.node] if isinstance(it.node, Node) else None for it in call.inputs)

    def best(self) -> Region | None:
        """The region that saves most, the first of them; None if none saves enough."""
        candidates = sorted(self._candidates(), key=lambda it: (-it[0], it[1], it[2]))
        best: Region | None = None
        for bound, length, starts in candidates[:400]:
            if best is not None and bound <= best.saved:
                break
            for region in self._regions(length, starts, best.saved if best is not None else LEAST_SAVED):
                if region.saved > LEAST_SAVED and (best is None or region.saved > best.saved):
                    best = region
        return best

    def _candidates(self) -> Iterator[tuple[float, int, tuple[int, ...]]]:
        """Parts that occur more than once, with how many items they save at most."""
        seen = set()
        chains = set()
        for values in (self._strong, self._weak):
            for repeat in repeats(values):
                gaps = [after - before for before, after in zip(repeat.starts, repeat.starts[1:], strict=False)]
                short = {gap for gap in gaps if gap < repeat.length}
                chain = (min(short, default=0), repeat.starts[0], repeat.starts[-1] + repeat.length)
                if short and chain in chains:
                    continue
                chains.add(chain)
                lengths = {*short, *(2 * it for it in short if 2 * it < repeat.length)} or {repeat.length}
                for length in lengths:
                    for starts in self._shifted(repeat.starts, length, repeat.length):
                        if length > 1 and len(starts) > 1 and (length, starts) not in seen:
                            seen.add((length, starts))
                            yield length * (len(starts) - 1) - len(starts) / 2, length, starts

    def _shifted(self, starts: list[int], length: int, common: int) -> Iterator[tuple[int, ...]]:
        """Occurrences that do not overlap; of a chain of them those that begin where least is passed on."""
        if length == common:
            yield _apart(starts, length)
            return
        every = sorted({start + shift for start in starts for shift in range(0, common - length + 1)})
        shifts = sorted(range(min(length, common - length + 1)), key=lambda it: (self._cost(starts[0] + it), it))
        for shift in shifts[:3]:
            begin = starts[0] + shift
            yield _apart([it for it in every if it >= begin], length)

    def _cost(self, spot: int) -> float:
        """How much is passed on where a region begins."""
        place = self.spots[spot]
        return 99 if place is None else self._live[id(place.body)][place.start]

    def whole(self, length: int, place: Place) -> Region | None:
        """A region that stands alone, if it can be an instance."""
        return self._region(length, [place]) if self._signature(place, length) is not None else None

    def alike(self, length: int, starts: Sequence[int]) -> Iterator[Region]:
        """The regions of different nodes that begin there."""
        kinds: dict[tuple[int, ...], list[int]] = {}
        for start in starts:
            if start >= 0 and None not in self.spots[start : start + length]:
                kinds.setdefault(tuple(self._weak[start : start + length]), []).append(start)
        for kind, group in kinds.items():
            if len(set(kind)) > 1 and len(group) > 1:
                yield from self._regions(length, _apart(group, length))

    # -- One candidate ------------------------------------------------------------------------

    def _regions(self, length: int, starts: Sequence[int], least: float = 0) -> Iterator[Region]:
        """The regions that a candidate is: those that are wired in one way, together. They may save more than least."""
        groups: dict[Any, list[Place]] = {}
        for start in starts:
            place = self.spots[start]
            assert place is not None
            signature = self._signature(place, length)
            if signature is not None:
                groups.setdefault(signature, []).append(place)
        worthy = [it for it in groups.values() if length * (len(it) - 1) - len(it) / 2 > least]
        for places in (part for group in worthy for part in _named_alike(group, length)):
            if sum(place.body.rows for place in places) > 1 and len(places) > 1:
                region = self._region(length, places, least)
                if region is not None:
                    yield region

    def _signature(self, place: Place, length: int) -> Any:
        """How a region is wired inside, which is the same in all rows; None if it is not."""
        body, start = place
        index = self.index[id(body)]
        rows = []
        for row in range(body.rows):
            found = []
            for node in body.nodes[start : start + length]:
                cell = node.cells[row]
                found.append(
                    (
                        bool(cell),
                        *(_relative(ref, index, start, start + length) for call in cell[:1] for ref in call.inputs),
                    )
                )
                if any(_chained(call, node) != _chained(cell[1], node) for call in cell[2:]):
                    return None
            rows.append(tuple(found))
        return rows[0] if all(row == rows[0] for row in rows) else None

    def _region(self, length: int, places: list[Place], least: float = -inf) -> Region | None:
        """A region with what goes in and out; None if no person would write it as a block."""
        columns: dict[tuple[Ref | int, ...], int] = {}
        where: dict[tuple[int, int], int] = {}
        inputs: list[list[Ref]] = []
        body, start = places[0]
        index = self.index[id(body)]
        for offset in range(length):
            node = body.nodes[start + offset]
            call = next(node.calls(), None)
            for number, ref in enumerate(call.inputs if call is not None else ()):
                if isinstance(ref.node, Node) and start <= index[ref.node] < start + length:
                    continue
                column = [cell[0].inputs[number] for it in places for cell in it.body.nodes[it.start + offset].cells]
                known = columns.setdefault(tuple(column), len(inputs))
                if known == len(inputs):
                    inputs.append(column)
                where[offset, number] = known
        if len(inputs) > MOST_INPUTS:
            return None
        outputs = self._outputs(length, places)
        if not 0 < len(outputs) <= MOST_OUTPUTS:
            return None
        saved = self._saved(length, places) / (1 + 0.35 * (len(inputs) + len(outputs) - 2))
        if saved <= least:
            return None
        arguments = argument_count([[it.body.nodes[it.start + offset] for it in places] for offset in range(length)])
        if arguments is None or arguments > MOST_ARGUMENTS:
            return None
        return Region(length, places, inputs, where, outputs, saved - arguments * (0.2 + 0.05 * len(places)))

    def _saved(self, length: int, places: list[Place]) -> float:
        """The items that a block saves, but for its arguments; less where names or parts that repeat are torn."""
        chained = sum(place.body is it.body and place.start + length == it.start for place, it in pairwise(places))
        saved = length * (len(places) - 1) - len(places) + chained / 2
        torn = sum(self._ties[id(it.body)][it.start] + self._ties[id(it.body)][it.start + length] for it in places)
        saved *= 1 - 0.03 * torn / len(places)
        body, start = places[0]
        inside = [node for node in body.nodes[start : start + length] if node.block is not None and weight(node) > 3]
        kinds = len({id(it.block) for it in inside})
        return saved * 0.6 if kinds < len(inside) and (kinds > 1 or len(inside) < length) else saved

    def _outputs(self, length: int, places: list[Place]) -> list[tuple[int, int, Any]]:
        """What is read outside of a region, the last of it first."""
        found = set()
        for body, start in places:
            inside = body.nodes[start : start + length]
            members = {node: offset for offset, node in enumerate(inside)}
            for node in inside:
                for ref, reader in self.readers[id(body)].get(node, ()):
                    if reader not in members:
                        found.add((members[node], ref.copy, ref.port))
        return sorted(found, key=lambda it: (-it[0], it[1] != LAST, it[2] is not None, str(it[1:])))


def _named_alike(places: list[Place], length: int) -> Iterator[list[Place]]:
    """Places of a region, those apart where the names do not go together though they do in most places."""
    if length < 3:
        yield places
        return
    together = [bool(instance_name(it.body.nodes[it.start : it.start + length], 0)) for it in places]
    if not 0.5 * len(places) < sum(together) < len(places):
        yield places
        return
    for wanted in (True, False):
        yield [place for place, named in zip(places, together, strict=True) if named == wanted]


def _apart(starts: Sequence[int], length: int) -> tuple[int, ...]:
    """The occurrences that do not overlap, from the left."""
    found: list[int] = []
    for start in starts:
        if not found or start >= found[-1] + length:
            found.append(start)
    return tuple(found)


def _relative(ref: Ref, index: dict[Node, int], start: int, end: int) -> Any:
    """A reference as it is the same in each copy of a region."""
    if isinstance(ref.node, Node) and start <= index[ref.node] < end:
        return (index[ref.node] - start, ref.copy, ref.port)
    return None


def _chained(call: Call, node: Node) -> Any:
    """What a copy in a chain takes: the same as each other copy, but for what the one before it gives."""
    return tuple(ref._replace(node=0) if ref.node is node else ref for ref in call.inputs)


def _readers(body: Body) -> dict[Node, list[tuple[Ref, Node | None]]]:
    """What reads each node: nodes, and None for the outputs."""
    found: dict[Node, list[tuple[Ref, Node | None]]] = {}
    for node in body.nodes:
        for ref in {ref for call in node.calls() for ref in call.inputs}:
            if isinstance(ref.node, Node) and ref.node is not node:
                found.setdefault(ref.node, []).append((ref, node))
    for output in body.outputs:
        for ref in set(output):
            if isinstance(ref.node, Node):
                found.setdefault(ref.node, []).append((ref, None))
    return found


def _live(body: Body, places: dict[Node, int]) -> list[int]:
    """How many values are passed on to where each node begins, and after."""
    ends: dict[Ref, int] = {}
    for place, node in enumerate(body.nodes):
        for call in node.calls():
            for ref in call.inputs:
                if ref.node is not node:
                    ends[ref] = place
    changes = [0] * (len(body.nodes) + 2)
    for ref, end in ends.items():
        changes[places[ref.node] + 1 if isinstance(ref.node, Node) else 0] += 1
        changes[end + 1] -= 1
    found, live = [], 0
    for change in changes:
        live += change
        found.append(live)
    return found


def _ties(body: Body) -> list[int]:
    """How many words the names of each node and of the one before it begin with in common, at most 4; and after the last."""
    names = [node.cells[0][0].name.split("_") if node.cells[0] else [""] for node in body.nodes]
    found = [0]
    for before, words in pairwise(names):
        common = next((at for at, pair in enumerate(zip(before, words, strict=False)) if pair[0] != pair[1]), 4)
        found.append(common if words != [""] and before != [""] else 0)
    return [*found, 0]


# -- Making the block ----------------------------------------------------------------------------


def make_block(region: Region, is_trial: bool = False) -> Body:
    """A block of a region; on trial, what it is made of stays as it is."""
    block = Body(len(region.inputs), [])
    columns = region.columns()
    for column in columns:
        node = column[0]
        cells = [[replace(call) for call in cell] if is_trial else cell for it in column for cell in it.cells]
        block.nodes.append(Node(node.type, node.form, node.fixed, cells, node.block))
    members = {node: block.nodes[offset] for offset, column in enumerate(columns) for node in column}
    for offset, node in enumerate(block.nodes):
        for call in node.calls():
            call.inputs = tuple(
                ref._replace(node=members[ref.node])
                if isinstance(ref.node, Node) and (ref.copy == BEFORE or (offset, number) not in region.where)
                else Ref(region.where[offset, number])
                for number, ref in enumerate(call.inputs)
            )
    block.rows = len(block.nodes[0].cells)
    block.outputs = [[Ref(block.nodes[offset], copy, port)] * block.rows for offset, copy, port in region.outputs]
    return block


def put(region: Region, block: Body, row: int = 0) -> None:
    """Put instances of a block in a region's places, the first of which is a row of the block."""
    form = "one" if len(region.inputs) == 1 else len(region.inputs)
    first = row
    columns = region.columns()
    changes: dict[int, dict[Ref, Ref]] = {}
    instances: dict[Place, Node] = {}
    for number, place in enumerate(region.places):
        cells = []
        for inner in range(place.body.rows):
            taken = tuple(column[row - first] for column in region.inputs)
            name = instance_name([column[number] for column in columns], inner)
            cells.append([Call({}, taken, name, row)])
            row += 1
        instance = Node("", form, {}, cells, block)
        instances[place] = instance
        mine = changes.setdefault(id(place.body), {})
        for output, (offset, copy, port) in enumerate(region.outputs):
            mine[Ref(columns[offset][number], copy, port)] = Ref(instance, LAST, output or None)
    for body in {id(place.body): place.body for place in region.places}.values():
        starts = {place.start: instances[place] for place in region.places if place.body is body}
        nodes, at = [], 0
        while at < len(body.nodes):
            nodes.append(starts.get(at, body.nodes[at]))
            at += region.length if at in starts else 1
        body.nodes = nodes
        body.replace(partial(_changed, changes[id(body)]))


def _changed(changes: dict[Ref, Ref], ref: Ref) -> Ref:
    return changes.get(ref, ref)
