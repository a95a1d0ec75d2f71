"""What the references of a list of items refer to: its items and their copies, their outputs, the block's inputs."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from specc.backends.python.copies import Written, listed, values_of_copies, values_of_loops, written_references
from specc.backends.python.expressions import Fixed, Symbol, Symbols, Unwritable, formulas, names_in, value_of
from specc.backends.python.facts import lists_of
from specc.backends.python.items import Part
from specc.backends.python.text import flat, quote
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


_Values = Callable[[], Sequence[Mapping[str, Any]]]
"""Gives the values that the expressions in a reference have, wherever it is used."""
_IN_BRACKETS = re.compile(r"([^\[\]]+)\[(\*|-?\d+)\]\Z")
_NUMBERED = re.compile(r"(.+)_([1-9]\d*)\Z")


class References:
    """The names of a list of items, and what is written with them."""

    def __init__(self, written: Block | Spec, parts: list[Part], values: Mapping[str, Any]) -> None:
        self.parts = parts
        self._inputs = written.inputs if isinstance(written, Block) else ()
        self._many = written.many if isinstance(written, Block) else frozenset()
        self.names = {part.label: part for part in parts if part.label is not None and not part.names}
        self._named_by_values = {name: part for part in parts for name in part.names}
        self._values = values
        """The values of the list somewhere in the graph."""

    def source_of(self, part: Part) -> Part:
        """The part whose layer is called: itself, or the one that it shares."""
        raise NotImplementedError

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

    # -- What items refer to ------------------------------------------------------------------

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
