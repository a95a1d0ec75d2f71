"""The list of items of a spec or block: what each item takes, by the references as they are written."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, Literal, NamedTuple

from specc.backends.python.copies import Written, listed, values_of_copies, values_of_loops, written_references
from specc.backends.python.expressions import (
    Fixed,
    Symbol,
    Symbols,
    Unwritable,
    at,
    formulas,
    names_in,
    shapes_in,
    value_of,
)
from specc.backends.python.facts import lists_of
from specc.backends.python.formulas import uses_in
from specc.backends.python.items import Part
from specc.backends.python.text import flat, quote
from specc.calls import Argument
from specc.frontend.references import Edge
from specc.frontend.schema import Block, Spec
from specc.ir import Instance

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
    """Which copy, by its index or name: a number, or an expression of the source. None: the last in a chain, all side by side."""
    loops: str = ""
    """What it is done for each of, as in ``for n in range(depth)``."""


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


_Values = Callable[[], Sequence[Mapping[str, Any]]]
"""Gives the values that the expressions in a reference have, wherever it is used."""
_IN_BRACKETS = re.compile(r"([^\[\]]+)\[(\*|-?\d+)\]\Z")
_NUMBERED = re.compile(r"(.+)_([1-9]\d*)\Z")


class Scope:
    """The items of one list, and their names."""

    def __init__(
        self, written: Block | Spec, parts: list[Part], heads: Mapping[str, Part], values: Mapping[str, Any]
    ) -> None:
        self.parts = parts
        self._inputs = written.inputs if isinstance(written, Block) else ()
        self._many = written.many if isinstance(written, Block) else frozenset()
        self.names = {part.label: part for part in parts if part.label is not None and not part.names}
        self._named_by_values = {name: part for part in parts for name in part.names}
        self._values = values
        """The values of the list somewhere in the graph."""
        self.edges = _edges(written.edges)
        self.taken: dict[Part, Taken] = {}
        self.heads = heads
        """The arguments of the block that are layers."""
        self._called: dict[Part, Called] = {}

    def take(self) -> None:
        """Find out what each part takes."""
        for index, part in enumerate(self.parts):
            with at(part.path):
                self.taken[part] = self._take(part, self.parts[index - 1] if index else None)

    # -- References ---------------------------------------------------------------------------

    def use(self, text: str, symbols: Symbols, values: _Values | None = None) -> Use:
        """What a reference refers to, by the values that expressions in it have; several where copies or loops are."""
        first, copy, steps = self._parsed(text, symbols, values)
        if first in self._inputs:
            if steps:
                raise Unwritable("a member of what is given")
            return Use(None, first, None, copy)
        part = self._named_by_values.get(first) or self.names.get(first)
        if part is None:
            raise Unwritable("a name that is none here")
        if copy is not None and part.copies == "one" and not part.absent:
            raise Unwritable("a copy of what has none")
        if copy == -1 and part.copies == "chain":
            copy = None
        if (
            steps
            and part.copies == "one"
            and (numbered := _IN_BRACKETS.match(steps[-1]))
            and self._is_list(part, numbered[1])
        ):
            return Use(part, "", numbered[1], "all" if numbered[2] == "*" else int(numbered[2]))
        return Use(part, "", self._port(part, steps), copy)

    def is_several(self, use: Use) -> bool:
        """Whether a reference is to several tensors."""
        if use.part is None:
            return use.name in self._many
        return use.part.copies != "one" or (isinstance(use.port, str) and self._is_list(use.part, use.port))

    def _is_list(self, part: Part, port: str) -> bool:
        """Whether an output of an instance is all copies of an item with its name."""
        source = self.source_of(part)
        if source.kind != "instance" or source.block.ports.get(port) != port:
            return False
        return any(item.name == port and item.each is not None for item in source.block.layers)

    def found(self, text: str) -> Use | None:
        """What a reference in a formula refers to; None if it is none."""
        name = text.partition(".")[0].partition("[")[0]
        known = name in self.names or name in self._inputs or name in self._named_by_values
        return self.use(text, Symbols({})) if known else None

    def _parsed(
        self, text: str, symbols: Symbols, values: _Values | None = None
    ) -> tuple[str, int | str | None, list[str]]:
        """The name that a reference begins with, the copy, and what follows."""
        if "$" in text and symbols.is_known(text):
            text = str(symbols.known(text))
        found = list(formulas(text)) if "$" in text else []
        if not found:
            first, *steps = text.split(".")
            if first in self._named_by_values:
                is_one = self._named_by_values[first].copies == "one"
                return first, None if is_one else quote(first), steps
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
            return self._by_name(text, found[-1].end, symbols, values)
        copy = symbols.python(formula.tree) if is_index else symbols.minus_one(text)
        return name, copy, after.split(".")[1:]

    def _by_name(
        self, text: str, end: int, symbols: Symbols, values: _Values | None
    ) -> tuple[str, int | str | None, list[str]]:
        """What a reference with values in it refers to: one of several items whose names have the same form."""
        more, _, after = text[end:].partition(".")
        name = text[:end] + more
        names = {str(value_of(name, each)) for each in (values() if values is not None else [self._values])}
        parts = {self._named_by_values.get(each) for each in names}
        part = next(iter(parts), None)
        if len(parts) != 1 or part is None or (part.copies == "one" and part.item.name != name):
            raise symbols.fix(text)
        steps = after.split(".") if after else []
        return min(names), None if part.copies == "one" else flat(symbols.express(name)), steps

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
                raise Unwritable("an output that is none of its block")
            given = source.block.ports
            return next((port for port, text in given.items() if text == ".".join(steps)), tuple(steps))
        ports = self._own_ports(source) if source.kind == "model" else list(part.ports(source))
        if len(steps) > 1:
            raise Unwritable("several steps to an output of a layer")
        if steps[0] in ports:
            return ports.index(steps[0])
        if steps[0].isdigit() and int(steps[0]) < len(ports):
            return int(steps[0])
        raise Unwritable("an output that is none of its layer")

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
        name, copy, steps = self._parsed(text, user.symbols)
        target = self.names.get(name)
        if steps or target is None:
            raise Unwritable("a layer inside an instance that is called again")
        if target.kind != "share":
            return Called(target, -1 if copy is None and target.copies == "chain" else copy)
        found = self.called(target)
        if isinstance(found.copy, str) and target.copies != "one":
            raise Unwritable("copies that each call another layer, which are called again")
        return found

    # -- What feeds what ----------------------------------------------------------------------

    def _otherwise(self, part: Part) -> list[Use]:
        """What ``else`` refers to."""
        otherwise = part.item.else_
        if isinstance(otherwise, list):
            raise Unwritable("several items in else")
        return [self._use(otherwise, part)] if otherwise is not None else []

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

    def ports_of(self, part: Part) -> list[str]:
        """The outputs of the block of an instance or nested model."""
        return list(part.block.ports)

    def _own_ports(self, part: Part) -> list[str]:
        """What references call these: those of a whole spec that lists none depend on the instance's values."""
        is_whole = part.definition is not None and part.definition.whole is not None
        it = part.member.it if part.member is not None and is_whole else None
        if it is None:
            return self.ports_of(part)
        return list(it.outputs if isinstance(it, Instance) else it.layer.ports({}))

    def _sources(self, part: Part, above: Part | None) -> tuple[list[Use], dict[str, list[Use]]]:
        """What a part takes by position, and by name."""
        if part.kind == "input":
            return [], {}
        if part.kind == "formula":
            return uses_in(part.item.formula or "", self.found, self.is_several), {}
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

    def _uses(self, given: Any, part: Part) -> list[Use]:
        """What a reference or a list of them refers to."""
        if isinstance(given, list):
            return [self._use(text, part) for text in given]
        if not isinstance(given, str):
            raise Unwritable("a reference in groups")
        listed = self._computed(given, part, part.symbols) if "$" in given else None
        return [self._use(given, part)] if listed is None else listed

    def _computed(self, given: str, part: Part, symbols: Symbols) -> list[Use] | None:
        """What a computed list of references refers to; None if it is a single reference."""
        (formula, *more) = formulas(given)
        if more or (formula.start, formula.end) != (0, len(given)):
            return None
        names = value_of(given, values_of_copies(part.item, part.scope_values)[0])
        if not isinstance(names, list):
            return None
        items = {self._named_by_values.get(name) for name in names}
        item = next(iter(items)) if len(items) == 1 else None
        is_all = item is not None and list(item.names) == names
        if is_all and item is not None and names_in(given) == names_in(list(lists_of(item.item).values())):
            return [Use(item, "", None, "all")]
        if symbols.is_known(given):
            return [self.use(name, symbols) for name in symbols.known(given)]
        written = written_references(formula.tree)
        if written is not None:
            return [self._in_loops(it, part, symbols) for it in written]
        if item is None:
            raise symbols.fix(given)
        return [Use(item, "", None, "key", f"for key in {symbols.python(formula.tree)}")]

    def _in_loops(self, it: Written, part: Part, symbols: Symbols) -> Use:
        """What a reference with values of loops in it refers to."""
        bound = {loop.target.id: Symbol(loop.target.id) for loop in it.loops if isinstance(loop.target, ast.Name)}
        if any(name in symbols for name in bound):
            raise Unwritable("a loop whose name is that of a value")
        inside = symbols.extended(bound)
        values = values_of_loops(it.loops, values_of_copies(part.item, part.scope_values)[0])
        return self.use(it.text, inside, lambda: values)._replace(loops=inside.loops(it.loops))

    def _use(self, text: str, part: Part) -> Use:
        """What a reference of an item refers to; a value of its copies may be that."""
        value = listed(text, part.item) if "$" in text else None
        if value is None or self._is_of_one(text, part):
            return self.use(text, part.symbols, lambda: values_of_copies(part.item, part.scope_values))
        name = self._over(part, value.name, value.after)
        return Use(None, f"${name}")

    def _is_of_one(self, text: str, part: Part) -> bool:
        """Whether a reference with a value of the copies in it is always to a copy of the same item."""
        try:
            self.use(text, part.symbols, lambda: values_of_copies(part.item, part.scope_values))
        except (Unwritable, Fixed):
            return False
        return True

    def _over(self, part: Part, name: str, after: str) -> str:
        """The variable of a loop over what the copies of a part refer to by a value."""
        given = lists_of(part.item)[name]
        found = None if isinstance(given, list) or after else self._computed(given, part, part.around)
        texts = [] if found is not None else given if isinstance(given, list) else part.around.known(given)
        uses = found or [self.use(f"{text}{after}", part.around) for text in texts]
        if part.over.setdefault(name, uses) != uses:
            raise Unwritable("copies that refer to different items by one value")
        item = part.item
        is_value = name in names_in([item.arguments, item.when, item.call, item.name])
        return f"{name}_tensor" if is_value else name


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
