"""The list of items of a spec or block: what each item takes, by the references as they are written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, Literal, NamedTuple

from specc.backends.python.expressions import Symbols, Unwritable, formulas, shapes_in
from specc.backends.python.formulas import uses_in
from specc.backends.python.items import Part
from specc.calls import Argument
from specc.frontend.references import Edge
from specc.frontend.schema import Block, Spec
from specc.ir import Instance
from specc.passes.expansion.blocks import Blocks

Port = int | str | tuple[str, ...]
"""An output: of a layer by its number, of an instance by its name, or a member by the names that lead to it."""


class Use(NamedTuple):
    """What a reference refers to."""

    part: Part | None
    """None for an input of the block."""
    name: str = ""
    """The input's name."""
    port: Port | None = None
    """None: the first output."""
    copy: int | str | Literal["all"] | None = None
    """Which copy, by its index: a number, or an expression of the source. None: the last in a chain, all side by side."""


class Called(NamedTuple):
    """What an item calls: its own layer, or that of another item."""

    part: Part
    copy: int | str | None = None
    """Which of its copies, by the index; None if it has none, or for an item's own layer."""


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


_IN_BRACKETS = re.compile(r"([^\[\]]+)\[(\*|-?\d+)\]\Z")
_NUMBERED = re.compile(r"(.+)_([1-9]\d*)\Z")


class Scope:
    """The items of one list, and their names."""

    def __init__(self, written: Block | Spec, parts: list[Part], blocks: Blocks) -> None:
        self.parts = parts
        self._inputs = written.inputs if isinstance(written, Block) else ()
        self._blocks = blocks
        self.names = {part.label: part for part in parts if part.label is not None}
        self.edges = _edges(written.edges)
        self.taken: dict[Part, Taken] = {}
        self.heads: Mapping[str, Part] = {}
        """The arguments of the block that are layers."""
        self._called: dict[Part, Called] = {}

    def take(self) -> None:
        """Find out what each part takes."""
        for index, part in enumerate(self.parts):
            self.taken[part] = self._take(part, self.parts[index - 1] if index else None)

    # -- References ---------------------------------------------------------------------------

    def use(self, text: str, symbols: Symbols) -> Use:
        """What a reference refers to."""
        first, copy, steps = self._parsed(text, symbols)
        if first in self._inputs:
            if steps:
                raise Unwritable
            return Use(None, first, None, copy)
        if first not in self.names:
            raise Unwritable
        part = self.names[first]
        if copy is not None and part.copies == "one" and not part.absent:
            raise Unwritable
        if copy == -1 and part.copies == "chain":
            copy = None
        return Use(part, "", self._port(part, steps), copy)

    def found(self, text: str) -> Use | None:
        """What a reference in a formula refers to; None if it is none."""
        name = text.partition(".")[0].partition("[")[0]
        return self.use(text, Symbols({})) if name in self.names or name in self._inputs else None

    def _parsed(self, text: str, symbols: Symbols) -> tuple[str, int | str | None, list[str]]:
        """The name that a reference begins with, the copy, and what follows."""
        if "$" in text and symbols.is_known(text):
            text = str(symbols.known(text))
        found = list(formulas(text)) if "$" in text else []
        if not found:
            first, *steps = text.split(".")
            if numbered := _IN_BRACKETS.match(first):
                return numbered[1], "all" if numbered[2] == "*" else int(numbered[2]), steps
            if first not in self.names and (numbered := _NUMBERED.match(first)) and numbered[1] in self.names:
                return numbered[1], int(numbered[2]) - 1, steps
            return first, None, steps
        formula, *more = found
        before, after = text[: formula.start], text[formula.end :]
        name, is_index = before[:-1], before.endswith("[")
        after = after.removeprefix("]") if is_index else after
        if (
            more
            or not before.endswith(("[", "_"))
            or after[:1] not in ("", ".")
            or name not in {*self.names, *self._inputs}
        ):
            raise symbols.fix(text)
        copy = symbols.python(formula.tree) if is_index else symbols.minus_one(text)
        return name, copy, after.split(".")[1:]

    def _port(self, part: Part, steps: list[str]) -> Port | None:
        if not steps:
            return None
        source = self.source_of(part)
        if source.absent:
            return None
        if source.kind == "instance":
            ports = self.ports_of(source)
            if len(steps) == 1 and steps[0] in (own := self._own_ports(source)):
                return ports[own.index(steps[0])]
            if steps[0] in ports or steps[0].isdigit():
                if len(steps) == 1 and int(steps[0]) < len(ports):
                    return ports[int(steps[0])]
                raise Unwritable
            given = self._blocks[source.block].block.ports
            return next((port for port, text in given.items() if text == ".".join(steps)), tuple(steps))
        ports = self._own_ports(source) if source.kind == "model" else list(part.ports(source))
        if len(steps) > 1:
            raise Unwritable
        if steps[0] in ports:
            return ports.index(steps[0])
        if steps[0].isdigit() and int(steps[0]) < len(ports):
            return int(steps[0])
        raise Unwritable

    def resolved(self, use: Use) -> Use:
        """What a use leads to, past parts that are known to be left out."""
        for _ in range(len(self.parts) + 1):
            if use.part is None or not use.part.absent:
                return use
            passed = self.taken[use.part].passed
            if not passed:
                raise Unwritable
            use = passed[0]
        raise Unwritable

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

    def layer(self, text: str, user: Part) -> Called:
        """The layer that a part refers to: of an item, or one that the block is handed as an argument."""
        if text.startswith("$") and text[1:] in self.heads:
            return Called(self.heads[text[1:]])
        name, copy, steps = self._parsed(text, user.symbols)
        target = self.names.get(name)
        if steps or target is None:
            raise Unwritable
        if target.kind != "share":
            return Called(target, -1 if copy is None and target.copies == "chain" else copy)
        found = self.called(target)
        if isinstance(found.copy, str) and target.copies != "one":
            raise Unwritable  # each of the copies calls another layer
        return found

    # -- What feeds what ----------------------------------------------------------------------

    def _otherwise(self, part: Part) -> list[Use]:
        """What ``else`` refers to."""
        otherwise = part.item.else_
        if isinstance(otherwise, list):
            raise Unwritable  # an item that is left out of several
        return [self.use(otherwise, part.symbols)] if otherwise is not None else []

    def _take(self, part: Part, above: Part | None) -> Taken:
        positional, named = self._sources(part, above)
        passed = self._otherwise(part)
        if not passed:
            passed = (positional or [use for uses in named.values() for use in uses])[:1]
        if part.absent:
            return Taken({}, frozenset(), {}, passed, [])
        if part.kind == "formula":
            return Taken({"": positional}, frozenset([""]), {}, passed, [])
        source = self.source_of(part)
        if source.absent:
            raise Unwritable
        signature, free = self._signature(source)
        bound: dict[str, list[Use]] = {}
        rest = list(positional)
        for argument in free:
            if rest:
                bound[argument.name] = rest if argument.many else [rest.pop(0)]
                rest = [] if argument.many else rest
        if rest:
            raise Unwritable
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
            raise Unwritable
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
            block = self._blocks[source.block].block
            inputs = [Argument(name, many=name in block.many) for name in block.inputs]
            return inputs, inputs
        assert source.callee is not None
        return source.callee.tensor_arguments(), source.callee.open_tensors()

    def ports_of(self, part: Part) -> list[str]:
        """The outputs of the block of an instance or nested model."""
        return list(self._blocks[part.block].block.ports)

    def _own_ports(self, part: Part) -> list[str]:
        """What references call these: those of a whole spec that lists none depend on the instance's values."""
        it = part.member.it if part.member is not None and self._blocks[part.block].whole is not None else None
        if it is None:
            return self.ports_of(part)
        return list(it.outputs if isinstance(it, Instance) else it.layer.ports({}))

    def _sources(self, part: Part, above: Part | None) -> tuple[list[Use], dict[str, list[Use]]]:
        """What a part takes by position, and by name."""
        if part.kind == "input":
            return [], {}
        if part.kind == "formula":
            return uses_in(part.item.formula or "", self.found), {}
        given = part.item.from_
        if given is not None:
            if isinstance(given, dict):
                return [], {name: self._uses(value, part.symbols) for name, value in given.items()}
            return self._uses(given, part.symbols), {}
        if self.edges is not None:
            positional: list[Use] = []
            named: dict[str, list[Use]] = {}
            for source, argument in self.edges.get(part.label or "", ()):
                found = named.setdefault(argument, []) if argument else positional
                found.append(self.use(source, part.symbols))
            return positional, named
        if not part.absent and part.kind in ("operation", "instance") and not self._signature(part)[1]:
            return [], {}
        if above is not None:
            return [Use(above)], {}
        if len(self._inputs) != 1:
            raise Unwritable
        return [Use(None, self._inputs[0])], {}

    def _uses(self, given: Any, symbols: Symbols) -> list[Use]:
        if isinstance(given, str):
            return [self.use(given, symbols)]
        if not isinstance(given, list):
            raise Unwritable
        return [self.use(text, symbols) for text in given]


def _edges(edges: Iterable[tuple[str, ...] | Edge] | None) -> dict[str, list[tuple[str, str]]] | None:
    """What edges lead to each item: the reference, and the call argument or nothing."""
    if edges is None:
        return None
    found: dict[str, list[tuple[str, str]]] = {}
    for source, target in _pairs(edges):
        if "$" in target:
            raise Unwritable
        name, _, argument = target.partition(".")
        found.setdefault(name, []).append((source, argument))
    return found


def _pairs(edges: Iterable[tuple[str, ...] | Edge]) -> Iterator[tuple[str, str]]:
    for edge in edges:
        if isinstance(edge, Edge):
            yield edge.from_, edge.to
        else:
            yield from pairwise(edge)
