"""What is taken where not all copies of a block have a layer: what ``when`` and ``else`` say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from specc.importing.fold.bodies import BEFORE, Body, Node, Ref


class NoBlockError(Exception):
    """Copies that no block can have: an argument has no known default, or ``else`` cannot say what is taken."""


@dataclass(eq=False, slots=True)
class Wiring:
    """What the items of a block take, whatever is left out of it."""

    inputs: dict[Node, list[Ref]] = field(default_factory=dict)
    outputs: list[Ref] = field(default_factory=list)
    otherwise: dict[Node, Ref] = field(default_factory=dict)
    """The ``else`` of the items that need one."""


def wiring(body: Body) -> Wiring:
    """The wiring of a body. NoBlockError if there is none that is right for all rows."""
    return _Wiring(body).result()


class _Wiring:
    def __init__(self, body: Body) -> None:
        self._body = body
        self._found = Wiring()
        self._order = body.places()

    def result(self) -> Wiring:
        """The wiring, which is compared with what each row has."""
        for node in self._body.nodes:
            slots = list(self._slots(node))
            self._found.inputs[node] = [self._together(slot) for slot in slots]
        wanted = [dict(enumerate(output)) for output in self._body.outputs]
        self._found.outputs = [self._together(output) for output in wanted]
        for node in self._body.nodes:
            for ref, slot in zip(self._found.inputs[node], self._slots(node), strict=True):
                self._compare(ref, slot)
        for ref, slot in zip(self._found.outputs, wanted, strict=True):
            self._compare(ref, slot)
        return self._found

    def _slots(self, node: Node) -> Iterator[dict[int, Ref]]:
        """What a node takes at each of its inputs, in the rows that have it."""
        first = next(node.calls(), None)
        for number in range(len(first.inputs) if first is not None else 0):
            yield {row: cell[0].inputs[number] for row, cell in enumerate(node.cells) if cell}

    def _compare(self, ref: Ref, slot: Mapping[int, Ref]) -> None:
        if any(self._in_row(ref, row) != wanted for row, wanted in slot.items()):
            raise NoBlockError

    def _in_row(self, ref: Ref, row: int) -> Ref:
        """What a reference means in a row."""
        while isinstance(ref.node, Node) and not ref.node.cells[row]:
            other = self._found.otherwise.get(ref.node)
            ref = other if other is not None else self._found.inputs[ref.node][0]
        return ref

    def _together(self, slot: Mapping[int, Ref]) -> Ref:
        """One reference that means what each row takes."""
        distinct = dict.fromkeys(slot.values())
        if len(distinct) == 1:
            return next(iter(distinct))
        places = [ref for ref in distinct if isinstance(ref.node, Node) and ref.copy != BEFORE]
        for ref in sorted(places, key=lambda it: -self._place(it)):
            if all((wanted == ref) == bool(ref.node.cells[row]) for row, wanted in slot.items()):  # type: ignore[union-attr]
                assert isinstance(ref.node, Node)
                rest = {row: wanted for row, wanted in slot.items() if wanted != ref}
                if not all(self._passes(ref.node, row, wanted) for row, wanted in rest.items()):
                    if any(len(cell) > 1 for cell in ref.node.cells):
                        raise NoBlockError  # 0 copies hand on what they take
                    self._found.otherwise.setdefault(ref.node, self._together(rest))
                return ref
        raise NoBlockError

    def _passes(self, node: Node, row: int, wanted: Ref) -> bool:
        """Whether a node that is absent in a row means the right thing by itself."""
        return node in self._found.inputs and bool(node.cells) and self._in_row(Ref(node), row) == wanted

    def _place(self, ref: Ref) -> int:
        return self._order[ref.node] if isinstance(ref.node, Node) else -1
