"""A flat spec's lists as bodies: every item a node, in an order in which equal regions look equal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from specc.automatic_names import is_automatic
from specc.importing.fold.bodies import Body, Call, Node, Ref, takes_nothing
from specc.importing.fold.order import in_order
from specc.importing.fold.shared import with_blocks

OWN_KEYS = ("nested", "call", "share", "each", "repeat", "when", "else", "formula", "allow", "description")
"""specc's own keys, besides name and from."""
LARGEST_VALUE = 40
"""Numbers in a value that can be an argument of a block; tables of more stay in the item that has them."""
_COPIES = frozenset({"share", "each", "repeat", "when", "else", "formula"})


class NotFlatError(Exception):
    """A spec with something that a flat one does not have."""


def read_body(found: Mapping[str, Any], is_block: bool) -> Body:
    """The body of a spec or of a block. NotFlatError for one that is not flat."""
    names = list(found["inputs"]) if is_block else []
    if "edges" in found or not all(isinstance(name, str) for name in names):
        raise NotFlatError
    reader = _Reader(names)
    nodes = [reader.node(item) for item in found["layers"]]
    outputs = found.get("outputs")
    if outputs is None:
        listed = [Ref(node) for node in _unread(nodes)]
    else:
        listed = [reader.ref(it) for it in (outputs.values() if isinstance(outputs, dict) else outputs)]
    for ref in listed:
        if isinstance(ref.node, Node):
            ref.node.alone = True
    for node in nodes:
        call = node.cells[0][0]
        if not node.alone and is_automatic(call.name, node.type):
            call.name = ""
    nodes = with_blocks(nodes, listed)
    return Body(len(names), in_order(nodes, listed), [[ref] for ref in listed], 1, names, is_fixed=True)


class _Reader:
    """Reads the items of one list."""

    def __init__(self, inputs: list[str]) -> None:
        self._nodes: dict[str, Node | int] = {name: number for number, name in enumerate(inputs)}
        self._before: Node | int | None = 0 if len(inputs) == 1 else None

    def node(self, item: Any) -> Node:
        """A node of an item."""
        item = {"type": item} if isinstance(item, str) else dict(item)
        if _COPIES & item.keys() - {"share"}:
            raise NotFlatError
        name, taken = str(item.pop("name", "")), item.pop("from", None)
        kind = str(item.pop("type", ""))
        fixed = {key: item.pop(key) for key in [*item] if key in OWN_KEYS or _is_large(item[key])}
        if taken is None and (kind == "Input" or takes_nothing(kind)):
            form: Any = 0
            refs: list[Ref] = []
        elif taken is None:
            if self._before is None:
                raise NotFlatError
            form, refs = "one", [Ref(self._before)]
        else:
            form, refs = self._taken(taken)
        node = Node(kind, form, fixed, [[Call(item, tuple(refs), name)]], alone=kind == "Input" or "share" in fixed)
        if "share" in fixed:
            shared = self._nodes[fixed["share"]]
            assert isinstance(shared, Node)
            shared.alone = True
            shared.cells[0][0].name = fixed["share"]
        if name:
            self._nodes[name] = node
        self._before = node
        return node

    def _taken(self, taken: Any) -> tuple[Any, list[Ref]]:
        """How ``from`` is written, and what it takes."""
        if isinstance(taken, str):
            return "one", [self.ref(taken)]
        if isinstance(taken, list):
            return len(taken), [self.ref(it) for it in taken]
        form, refs = [], []
        for key, value in taken.items():
            many = isinstance(value, list)
            form.append((key, len(value) if many else None))
            refs += [self.ref(it) for it in (value if many else [value])]
        return tuple(form), refs

    def ref(self, text: str) -> Ref:
        """A reference."""
        name, _, port = text.partition(".")
        if name not in self._nodes:
            raise NotFlatError
        return Ref(self._nodes[name], port=port or None)


def _is_large(value: Any) -> bool:
    """Whether a value is a table, which nobody would give a block as an argument."""
    return isinstance(value, list) and _numbers(value) > LARGEST_VALUE


def _numbers(value: Any) -> int:
    """How many values a list and the lists in it have, as far as that matters."""
    count = 0
    pending = [value]
    while pending and count <= LARGEST_VALUE:
        value = pending.pop()
        if isinstance(value, list):
            pending += value
        else:
            count += 1
    return count


def _unread(nodes: list[Node]) -> Iterator[Node]:
    """The nodes that no other takes."""
    read = {ref.node for node in nodes for call in node.calls() for ref in call.inputs}
    return (node for node in nodes if node not in read)
