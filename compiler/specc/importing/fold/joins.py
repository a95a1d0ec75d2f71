"""Regions that are nearly those of a block, which join it: what only some of the copies have gets a ``when``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from specc.importing.fold.bodies import LAST, Body, Call, Node, Ref, weight
from specc.importing.fold.columns import derived
from specc.importing.fold.names import common_start
from specc.importing.fold.optional import NoBlockError
from specc.importing.fold.regions import MOST_ARGUMENTS, Place, Region, Search, make_block, put

MOST_WHENS = 3
LEAST_GAIN = -1
"""In items; what nearly is an instance is better one, since then it can be part of a chain."""
_GAP = 0.6
"""What a gap in an alignment costs, in matches."""


def absorb(block: Body, bodies: Sequence[Body]) -> bool:
    """Let regions next to a block's instances, which are nearly like it, become instances too; whether there were any."""
    found = False
    for body in bodies:
        at = 0
        while at < len(body.nodes):
            segment = _nearby(block, body, at)
            if segment is not None and _join(block, body, bodies, *segment):
                found = True
            else:
                at += 1
    return found


def _nearby(block: Body, body: Body, at: int) -> tuple[int, int] | None:
    """A region that ends before an instance of a block, or begins after it."""
    node = body.nodes[at]
    if node.block is block or node.alone:
        return None
    size = len(block.nodes)
    if at and body.nodes[at - 1].block is block:
        window = _free(block, body, range(at, min(len(body.nodes), at + 2 * size)))
        length = _best_length(block.nodes, window)
        if length:
            return at, at + length
    if at + 1 < len(body.nodes) and body.nodes[at + 1].block is block:
        window = _free(block, body, range(at, max(-1, at - 2 * size), -1))
        length = _best_length(block.nodes[::-1], window)
        if length:
            return at + 1 - length, at + 1
    return None


def _free(block: Body, body: Body, places: range) -> list[Node]:
    """The nodes from a place on that may belong to one region: no instances of the block, and names that go together."""
    found: list[Node] = []
    names: list[str] = []
    for place in places:
        node = body.nodes[place]
        if node.alone or not node.cells[0] or (node.block is not None and _has(node.block, block)):
            break
        name = node.cells[0][0].name
        if name and names and not common_start([*names, name]):
            break
        names += [name] if name else []
        found.append(node)
    return found


def _has(body: Body, block: Body) -> bool:
    """Whether a body is a block, or has instances of it."""
    return body is block or any(node.block is not None and _has(node.block, block) for node in body.nodes)


def _best_length(nodes: Sequence[Node], window: Sequence[Node]) -> int:
    """How many nodes of a window, from its begin, are most like the nodes of a block; 0 if too few are."""
    pairs = _aligned(nodes, window)
    if not pairs:
        return 0
    length = pairs[-1][1] + 1
    matched = sum(weight(nodes[one]) for one, _ in pairs)
    every = sum(map(weight, nodes)) + sum(map(weight, window[:length])) - matched
    return length if matched >= 4 and 2 * matched >= every else 0


def _aligned(nodes: Sequence[Node], others: Sequence[Node]) -> list[tuple[int, int]]:
    """Pairs of equal nodes, in order in both, with few gaps; what is left of the second at its end costs nothing."""
    rows, columns = len(nodes), len(others)
    scores = [[(0.0, False)] * (columns + 1) for _ in range(rows + 1)]
    for i in range(1, rows + 1):
        scores[i][0] = (-_GAP, True)
    for j in range(1, columns + 1):
        scores[0][j] = (-_GAP, True)
    for i, node in enumerate(nodes, 1):
        for j, other in enumerate(others, 1):
            options = [
                (score - (0 if in_gap else _GAP), True) for score, in_gap in (scores[i - 1][j], scores[i][j - 1])
            ]
            if node.kind == other.kind:
                options.append((scores[i - 1][j - 1][0] + _likeness(node, other), False))
            scores[i][j] = max(options)
    j = max(range(columns + 1), key=lambda it: (scores[rows][it][0], -it))
    i, found = rows, []
    while i and j:
        score, in_gap = scores[i][j]
        if not in_gap:
            found.append((i - 1, j - 1))
            i, j = i - 1, j - 1
        elif score in (scores[i - 1][j][0], scores[i - 1][j][0] - _GAP) and score >= scores[i][j - 1][0] - _GAP:
            i -= 1
        else:
            j -= 1
    return found[::-1]


def _likeness(node: Node, other: Node) -> float:
    """More than 1 if the arguments are equal, too."""
    one, two = (next(it.calls()).arguments for it in (node, other))
    return 1 + 0.3 * (one == two)


# -- Joining -------------------------------------------------------------------------------------


def _join(block: Body, body: Body, bodies: Sequence[Body], start: int, end: int) -> bool:
    """Make a region an instance of a block that has what only one of them has, too; False if nobody would write that."""
    region = Search([body]).whole(end - start, Place(body, start))
    if region is None or len(region.inputs) != block.inputs or len(region.outputs) != len(block.outputs):
        return False
    other = make_block(region, is_trial=True)
    joined = merged(block, other)
    try:
        found = derived(joined)
    except NoBlockError:
        return False
    more = len(joined.nodes) - len(block.nodes) + (len(found.arguments) - len(derived(block).arguments)) / 2
    if end - start - 1 - more < LEAST_GAIN or not _mostly_common(joined):
        return False
    if len(found.arguments) > MOST_ARGUMENTS or found.whens > MOST_WHENS:
        return False
    rows = block.rows
    block.nodes, block.outputs, block.rows = joined.nodes, joined.outputs, joined.rows
    put(region, block, rows)
    for each in [*bodies, block]:
        each.derived = None
    return True


def _mostly_common(block: Body) -> bool:
    """Whether at least half of a block is in all copies."""
    common = sum(weight(node) for node in block.nodes if all(node.cells))
    return 2 * common >= sum(map(weight, block.nodes))


def merged(block: Body, other: Body) -> Body:
    """A block with the rows of two, whose equal nodes are one."""
    pairs = dict(_aligned(block.nodes, other.nodes))
    nodes: list[Node] = []
    places: dict[Node, Node] = {}
    at = 0
    for number, node in enumerate(block.nodes):
        while number in pairs and at < pairs[number]:
            _add(nodes, places, None, other.nodes[at], block.rows, other.rows)
            at += 1
        if number in pairs:
            _add(nodes, places, node, other.nodes[at], block.rows, other.rows)
            at += 1
        else:
            _add(nodes, places, node, None, block.rows, other.rows)
    for node in other.nodes[at:]:
        _add(nodes, places, None, node, block.rows, other.rows)
    for node in nodes:
        for call in node.calls():
            call.inputs = tuple(_in(places, ref) for ref in call.inputs)
    outputs = [
        [_in(places, ref) for ref in [*one, *two]] for one, two in zip(block.outputs, other.outputs, strict=True)
    ]
    return Body(block.inputs, nodes, outputs, block.rows + other.rows, [], block.handed, block.kept)


def _add(nodes: list[Node], places: dict[Node, Node], one: Node | None, two: Node | None, rows: int, more: int) -> None:
    """Add a node that is in one block, in the other, or in both."""
    either = one or two
    assert either is not None
    cells = [*(one.cells if one is not None else [[]] * rows), *(two.cells if two is not None else [[]] * more)]
    node = Node(
        either.type, either.form, either.fixed, [[replace(call) for call in cell] for cell in cells], either.block
    )
    nodes.append(node)
    places |= {it: node for it in (one, two) if it is not None}


def _in(places: dict[Node, Node], ref: Ref) -> Ref:
    return ref._replace(node=places[ref.node]) if isinstance(ref.node, Node) else ref


# -- What follows most instances ---------------------------------------------------------------------


def extend(block: Body, bodies: list[Body]) -> Body | None:
    """A block with what follows or goes before most instances, and may be missing at others; None if nothing does."""
    search = Search(bodies)
    rows = sum(len(node.cells) for node in instances(block, bodies))
    best: Region | None = None
    for shift in (0, -1):
        starts = [
            spot + shift
            for spot, place in enumerate(search.spots)
            if place is not None and place.body.nodes[place.start].block is block
        ]
        for region in search.alike(2, starts):
            covered = sum(place.body.rows for place in region.places)
            is_most = rows / 2 <= covered < rows
            simple = len(region.inputs) == block.inputs and len(region.outputs) == 1
            if is_most and simple and (best is None or covered > sum(it.body.rows for it in best.places)):
                best = region
    return None if best is None else _made(best, bodies)


def _made(region: Region, bodies: list[Body]) -> Body:
    """A block of a region, which stands in its places."""
    found = make_block(region)
    put(region, found)
    bodies.append(found)
    return found


def group(block: Body, bodies: list[Body]) -> Body | None:
    """A block with all that the author's names say belongs to most instances; None if they do not say more."""
    search = Search(bodies)
    groups: dict[int, list[int]] = {}
    for spot, place in enumerate(search.spots):
        if place is not None and place.body.nodes[place.start].block is block:
            start, end = _named_range(place)
            if end - start > 1:
                groups.setdefault(end - start, []).append(spot - (place.start - start))
    regions = [region for length, starts in groups.items() for region in search.alike(length, starts)]
    regions = [it for it in regions if len(it.inputs) == block.inputs and len(it.outputs) == 1]
    if not regions:
        return None
    best = max(regions, key=lambda it: (len(it.places) * it.length, it.length))
    return _made(best, bodies)


def _named_range(place: Place) -> tuple[int, int]:
    """The nodes around an instance whose names begin with its name."""
    nodes, start = place.body.nodes, place.start
    begin = f"{nodes[start].cells[0][0].name}_" if nodes[start].cells[0] else "_"
    end = start + 1
    if begin == "_":
        return start, end
    while start and _belongs(nodes[start - 1], begin):
        start -= 1
    while end < len(nodes) and _belongs(nodes[end], begin):
        end += 1
    return start, end


def _belongs(node: Node, begin: str) -> bool:
    return not node.alone and bool(node.cells[0]) and node.cells[0][0].name.startswith(begin)


# -- Blocks that nobody needs ----------------------------------------------------------------------


def inline(bodies: list[Body]) -> bool:
    """Put what is in a block where it stands, if that is one place or the block is just a chain; whether there were any."""
    uses: dict[int, list[tuple[Body, Node]]] = {}
    for body in bodies:
        for node in body.nodes:
            if node.block is not None:
                uses.setdefault(id(node.block), []).append((body, node))
    for found in uses.values():
        block = found[0][1].block
        assert block is not None
        single = all(len(cell) == 1 for _, node in found for cell in node.cells)
        if single and (len(found) == 1 or (_is_chain(block) and not any(node.alone for _, node in found))):
            for body, node in found:
                _inline(body, node)
            bodies[:] = [it for it in bodies if it is not block]
            for each in bodies:
                each.derived = None
            return True
    return False


def _is_chain(block: Body) -> bool:
    """Whether a block is one item with ``repeat``, which can as well stand where the block does."""
    if len(block.nodes) != 1 or block.handed or not all(block.nodes[0].cells):
        return False
    return not isinstance(derived(block).items[block.nodes[0]].repeat, dict)


def _inline(body: Body, instance: Node) -> None:
    """Replace an instance by what is in its block."""
    block = instance.block
    assert block is not None
    calls = [cell[0] for cell in instance.cells]
    new: dict[Node, Node] = {
        node: Node(node.type, node.form, node.fixed, [node.cells[call.row] for call in calls], node.block)
        for node in block.nodes
    }

    def moved(ref: Ref, row: int) -> Ref:
        return calls[row].inputs[ref.node] if isinstance(ref.node, int) else ref._replace(node=new[ref.node])

    for node in new.values():
        for row, cell in enumerate(node.cells):
            for call in cell:
                call.inputs = tuple(moved(ref, row) for ref in call.inputs)
    for reader in [*body.nodes]:
        for row, cell in enumerate(reader.cells):
            for call in cell:
                call.inputs = tuple(_through(ref, instance, block, row, calls, new) for ref in call.inputs)
    body.outputs = [
        [_through(ref, instance, block, row, calls, new) for row, ref in enumerate(output)] for output in body.outputs
    ]
    at = body.nodes.index(instance)
    body.nodes[at : at + 1] = list(new.values())


def _through(ref: Ref, instance: Node, block: Body, row: int, calls: Sequence[Call], new: dict[Node, Node]) -> Ref:
    """What an output of an instance is, in a row."""
    if ref.node is not instance:
        return ref
    assert ref.copy == LAST
    inner = block.outputs[int(ref.port or 0)][calls[row].row]
    return calls[row].inputs[inner.node] if isinstance(inner.node, int) else inner._replace(node=new[inner.node])


def instances(block: Body, bodies: Sequence[Body]) -> Iterator[Node]:
    """The instances of a block."""
    return (node for body in bodies for node in body.nodes if node.block is block)
