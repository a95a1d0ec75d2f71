"""The list of items of a spec or block: what each item takes, by the references as they are written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any, NamedTuple

from specc.backends.python.reading.expressions import Symbols, Unwritable, at, shapes_in
from specc.backends.python.reading.formulas import uses_in
from specc.backends.python.reading.items import Part
from specc.backends.python.reading.keys import Key
from specc.backends.python.reading.references import Lent, Port, References, Use
from specc.calls import Argument
from specc.frontend.include import Unit
from specc.frontend.references import Edge
from specc.frontend.schema import Block, Spec
from specc.passes.expansion.blocks import Blocks


class Called(NamedTuple):
    """What an item calls: its own layer, or that of another item."""

    part: Part
    copy: int | str | None = None
    """Which of its copies, by the index; None if it has none, or for an item's own layer."""
    given: Use | None = None
    """What gives the layer, if it is that of a member of an instance."""


class Taken(NamedTuple):
    """What an item takes."""

    bound: Mapping[str, list[Use]]
    """By call argument, in the order of the call."""
    many: frozenset[str]
    """The arguments that take a list."""
    carried: Mapping[str, Port | None]
    """The arguments that a copy in a chain takes from the copy before it, and the output of that."""
    passed: list[Use]
    """What is passed on if the item is left out; nothing if that would be an error."""
    asked: list[Use]
    """That whose shapes it needs."""


class Scope(References):
    """The items of one list: what each takes and calls."""

    def __init__(
        self,
        written: Block | Spec,
        parts: list[Part],
        heads: Mapping[str, Part],
        values: Mapping[str, Any],
        blocks: Mapping[Unit, Blocks],
        head: Callable[[Part], Part],
    ) -> None:
        super().__init__(written, parts, values, blocks)
        self.edges = _edges(written.edges)
        self.taken: dict[Part, Taken] = {}
        self.heads = heads
        """The arguments of the block that are layers."""
        self._called: dict[Part, Called] = {}
        self._head = head
        """Gives what stands for the layer that a part calls, where that is written elsewhere."""
        self._lent: dict[tuple[Part, Lent], Part] = {}

    def take(self) -> None:
        """Find out what each part takes."""
        for index, part in enumerate(self.parts):
            with at(part.path):
                self.taken[part] = self._take(part, self.parts[index - 1] if index else None)

    # -- What they lead to --------------------------------------------------------------------

    def resolved(self, use: Use) -> Use:
        """What a use leads to, past parts that are known to be left out."""
        for _ in range(len(self.parts) + 1):
            if use.part is None or not use.part.absent:
                return use
            passed = self.taken[use.part].passed
            if not passed:
                raise Unwritable("an item that is left out and passes nothing on")
            use = passed[0]
        raise Unwritable("items that are left out and pass on each other")

    def port(self, part: Part, port: Port | None) -> Port:
        """The output that a reference refers to."""
        if port is not None:
            return port
        source = self.source_of(part)
        return self.ports_of(source)[0] if source.kind == "instance" else 0

    def source_of(self, part: Part) -> Part:
        """The part whose layer is called: itself, or the one that it shares."""
        return self.called(part).part

    def called(self, part: Part) -> Called:
        """What a part calls."""
        if part not in self._called:
            self._called[part] = Called(part) if part.kind != "share" else self.layer(part.item.share or "", part)
        return self._called[part]

    def handed(self, part: Part) -> list[Called]:
        """The layers that an instance of a block is handed as arguments."""
        return [self.layer(part.item.arguments[name], part) for name in part.layers]

    def layer(self, text: str, user: Part) -> Called:
        """The layer that a part refers to: of an item, or one that the block is handed as an argument."""
        if text.startswith("$") and text[1:] in self.heads:
            return Called(self.heads[text[1:]])
        use = self.use(text, user.symbols)
        target = use.part
        if target is None or target.names or isinstance(use.copy, Key) or use != Use(target, "", use.port, use.copy):
            raise Unwritable("a layer that is called again, and whose name values decide")
        if use.port is not None:
            return self._of_member(use, target, user)
        if target.kind != "share":
            return Called(target, -1 if use.copy is None and target.copies == "chain" else use.copy)
        found = self.called(target)
        if isinstance(found.copy, str) and target.copies != "one":
            raise Unwritable("copies that each call another layer, which are called again")
        return found

    def _of_member(self, use: Use, target: Part, user: Part) -> Called:
        """The layer of a member of an instance."""
        source = self.source_of(target)
        if source.kind != "instance" or isinstance(use.port, int | Lent | None):
            raise Unwritable("a layer inside a model that is called again")
        path = use.port if isinstance(use.port, tuple) else tuple(source.block.ports[use.port].split("."))
        port, is_chain = Lent(path), target.copies == "chain"
        if (target, port) not in self._lent:
            is_called = user.kind == "share"
            self._lent[target, port] = self._head(user) if is_called else replace(user, kind="layer", layers=())
        copy = -1 if is_chain and use.copy is None else use.copy
        return Called(self._lent[target, port], None, Use(target, "", port, copy))

    def lent(self, path: tuple[str, ...], symbols: Symbols) -> Use:
        """What gives the layer of a member of the block's instances."""
        first, *rest = path
        use = self.use(first, symbols)
        if use.part is None or use.port is not None or (not rest and use.part.kind == "share"):
            raise Unwritable("a layer inside a block that calls another, called again")
        return use._replace(port=Lent(tuple(rest)))

    def borrowed(self, part: Part) -> list[Use]:
        """What gives the layers of members of instances that a part calls, or is handed."""
        if part.absent:
            return []
        return [it.given for it in (self.called(part), *self.handed(part)) if it.given is not None]

    def reads(self, part: Part) -> list[Use]:
        """All that a part takes, or whose shapes it needs."""
        taken = self.taken[part]
        found = [use for uses in taken.bound.values() for use in uses]
        over = [use for it in part.over.values() for use in it.uses]
        uses = [it for use in [*found, *over, *taken.asked, *self.borrowed(part)] for it in use.each]
        return [it for use in uses for it in self.all_of(use)]

    def all_of(self, use: Use) -> list[Use]:
        """A use; where a name leads to one of several items, those of them all."""
        if use.part is None or not isinstance(use.copy, Key):
            return [use]
        return [use._replace(part=part) for part in self.family(use.part)]

    # -- What feeds what ----------------------------------------------------------------------

    def _otherwise(self, part: Part) -> list[Use]:
        """What ``else`` refers to."""
        otherwise = part.item.else_
        return [self._use(otherwise, part)] if isinstance(otherwise, str) else []

    def _take(self, part: Part, above: Part | None) -> Taken:
        positional, named = self._sources(part, above)
        positional = [use for use in positional if not use.is_nothing]
        named = {name: [use for use in uses if not use.is_nothing] for name, uses in named.items()}
        passed = self._otherwise(part)
        if not passed and not part.is_optional:
            passed = (positional or [use for uses in named.values() for use in uses])[:1]
        if part.absent:
            return Taken({}, frozenset(), {}, passed, [])
        if part.kind == "formula":
            return Taken({"": positional}, frozenset([""]), {}, passed, [])
        source = self.source_of(part)
        if source.absent:
            raise Unwritable("a call of a layer that is left out")
        signature, free = self._signature(source)
        bound: dict[str, list[Use]] = {}
        rest = list(positional)
        for argument in free:
            if rest:
                bound[argument.name] = rest if argument.many else [rest.pop(0)]
                rest = [] if argument.many else rest
        if rest:
            raise Unwritable("more tensors than a call takes")
        for name, uses in named.items():
            bound.setdefault(name, []).extend(uses)
        carried: dict[str, Port | None] = {}
        if part.copies == "chain" and free:
            carried = {free[0].name: None}
            if source.kind in ("instance", "model"):
                handed = {port: index for index, port in enumerate(self.ports_of(source)) if index}
                for argument in signature[1:]:
                    if argument.name in handed:
                        carried[argument.name] = argument.name if source.kind == "instance" else handed[argument.name]
        if not set(bound) <= {argument.name for argument in signature}:
            raise Unwritable("an argument that is none of the call")
        ordered = {argument.name: bound[argument.name] for argument in signature if argument.name in bound}
        item = part.item
        asked = [
            self.use(text, part.symbols) for text in shapes_in([item.arguments, item.when, item.repeat, item.each])
        ]
        many = frozenset(argument.name for argument in signature if argument.many)
        return Taken(ordered, many, carried, passed, asked)

    def _signature(self, source: Part) -> tuple[Sequence[Argument], Sequence[Argument]]:
        """The arguments of a call that take tensors, and those that are filled by position."""
        if source.kind in ("instance", "model"):
            block = source.block
            inputs = [Argument(name, many=name in block.many) for name in block.inputs]
            return inputs, inputs
        assert source.callee is not None
        return source.callee.tensor_arguments(), source.callee.open_tensors()

    def _sources(self, part: Part, above: Part | None) -> tuple[list[Use], dict[str, list[Use]]]:
        """What a part takes by position, and by name."""
        if part.kind == "input":
            return [], {}
        if part.kind == "formula":
            return uses_in(part, self), {}
        given = part.item.from_
        if given is not None:
            if isinstance(given, dict):
                return [], {name: self._uses(value, part) for name, value in given.items()}
            return self._uses(given, part), {}
        if self.edges is not None:
            positional: list[Use] = []
            named: dict[str, list[Use]] = {}
            for source, argument in self.edges.get(part.label or "", ()):
                found = named.setdefault(argument, []) if argument else positional
                found.append(self._use(source, part))
            return positional, named
        if not part.absent and part.kind in ("operation", "instance") and not self._signature(part)[1]:
            return [], {}
        if above is not None:
            return [Use(above)], {}
        if len(self._inputs) != 1:
            raise Unwritable("nothing that an item takes")
        return [Use(None, self._inputs[0])], {}


def _edges(edges: Iterable[tuple[str, ...] | Edge] | None) -> dict[str, list[tuple[str, str]]] | None:
    """What edges lead to each item: the reference, and the call argument or nothing."""
    if edges is None:
        return None
    found: dict[str, list[tuple[str, str]]] = {}
    for source, target in _pairs(edges):
        if "$" in target:
            raise Unwritable("an edge to what a value names")
        name, _, argument = target.partition(".")
        found.setdefault(name, []).append((source, argument))
    return found


def _pairs(edges: Iterable[tuple[str, ...] | Edge]) -> Iterator[tuple[str, str]]:
    for edge in edges:
        if isinstance(edge, Edge):
            yield edge.from_, edge.to
        else:
            yield from pairwise(edge)
