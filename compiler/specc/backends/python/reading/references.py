"""What the references of a list of items refer to: its items and their copies, their outputs, the block's inputs."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from specc.backends.python.reading.copies import Written, values_of_copies, values_of_loops, written_references
from specc.backends.python.reading.expressions import Fixed, Symbol, Symbols, Unwritable, formulas, names_in, value_of
from specc.backends.python.reading.facts import lists_of
from specc.backends.python.reading.items import Part
from specc.backends.python.reading.keys import Key, Slot
from specc.backends.python.reading.pieces import Piece, Step, choice_in, pieces_of, source_of, steps_of
from specc.backends.python.writing.text import flat
from specc.frontend.include import Unit
from specc.frontend.schema import Block, Spec
from specc.ir import Instance
from specc.passes.expansion.blocks import Blocks, Definition


@dataclass(frozen=True)
class Lent:
    """The layer of a member of an instance, which the instance's function gives beside its outputs."""

    path: tuple[str, ...] = ()
    """The names that lead to the member; without any, the layer of the item itself."""


Port = int | str | tuple[str, ...] | Lent
"""An output: of a layer by its number, of an instance by its name, or a member by the names that lead to it; or ALL_PORTS."""
ALL_PORTS = "*"
"""All outputs of a layer, as a list."""


class Use(NamedTuple):
    """What a reference refers to."""

    part: Part | None
    """None for an input of the block."""
    name: str = ""
    """The input's name."""
    port: Port | None = None
    """None: the first output."""
    copy: int | str | Key | Literal["all"] | None = None
    """Which copy, by its index, a number or an expression of the source, or by its name. None: the last in a chain, all side
    by side."""
    loops: str = ""
    """What it is done for each of, as in ``for n in range(depth)``."""
    item: int | str | None = None
    """Which of several tensors that the output is: a number, or an expression of the source. None: all of them."""
    otherwise: tuple[str, Use] | None = None
    """A condition of the source, and what is referred to if it is not met."""

    @property
    def each(self) -> list[Use]:
        """All that it may refer to."""
        alone = self._replace(otherwise=None)
        return [alone] if self.otherwise is None else [alone, *self.otherwise[1].each]

    def at(self, number: str) -> Use:
        """One of the several tensors that it refers to."""
        has_copies = self.part is None or self.part.copies != "one"
        return self._replace(copy=number) if has_copies else self._replace(item=number)

    @property
    def is_nothing(self) -> bool:
        """Whether it is known to be left out, and nothing replaces it."""
        return self.part is not None and self.part.absent and self.part.is_optional


class Over(NamedTuple):
    """What the copies of an item refer to by their values."""

    variable: str
    """What it is called in the loop."""
    uses: list[Use]


_Values = Callable[[], Sequence[Mapping[str, Any]]]
"""Gives the values that the expressions in a reference have, wherever it is used."""
_NUMBERED = re.compile(r"(.+)_([1-9]\d*)\Z")


class References:
    """The names of a list of items, and what is written with them."""

    def __init__(
        self, written: Block | Spec, parts: list[Part], values: Mapping[str, Any], blocks: Mapping[Unit, Blocks]
    ) -> None:
        self.parts = parts
        self._blocks = blocks
        self._inputs = written.inputs if isinstance(written, Block) else ()
        self._many = written.many if isinstance(written, Block) else frozenset()
        self.names = {part.label: part for part in parts if part.label is not None and not part.names}
        self._named_by_values = {name: part for part in parts for name in part.names}
        self._values = values
        """The values of the list somewhere in the graph."""
        self._families: dict[Part, list[Part]] = {}
        """Items that references with values in them lead to, by their names."""

    def source_of(self, part: Part) -> Part:
        """The part whose layer is called: itself, or the one that it shares."""
        raise NotImplementedError

    def use(self, text: str, symbols: Symbols, values: _Values | None = None) -> Use:
        """What a reference refers to; ``values`` are those that its expressions have, wherever it is used."""
        return self._chosen(pieces_of(text), symbols, values or (lambda: [self._values]))

    def _chosen(self, pieces: list[Piece], symbols: Symbols, values: _Values) -> Use:
        """What a reference refers to, on conditions."""
        choice = choice_in(pieces)
        if choice is None:
            return self._found(steps_of(_known(it, symbols) for it in pieces), symbols, values)
        condition = source_of(choice.condition)
        if symbols.is_known(condition):
            return self._chosen(choice.first if symbols.known(condition) else choice.second, symbols, values)
        met, unmet = (
            lambda wanted=wanted: [each for each in values() if bool(value_of(condition, each)) is wanted]
            for wanted in (True, False)
        )
        first, second = self._chosen(choice.first, symbols, met), self._chosen(choice.second, symbols, unmet)
        if first.otherwise is not None:
            raise Unwritable("a reference on several conditions")
        return first._replace(otherwise=(symbols.python(choice.condition), second))

    def _found(self, steps: list[Step], symbols: Symbols, values: _Values) -> Use:
        first, copy = self._first(steps[0], symbols, values)
        if isinstance(first, str):
            if steps[1:]:
                raise Unwritable("a member of what is given")
            return Use(None, first, None, copy)
        if copy is not None and first.copies == "one" and not first.absent:
            raise Unwritable("a copy of what has none")
        if copy == -1 and first.copies == "chain":
            copy = None
        return self._port(first, steps[1:], symbols, values)._replace(copy=copy)

    def _first(self, step: Step, symbols: Symbols, values: _Values) -> tuple[Part | str, int | str | Key | None]:
        """The item that a reference begins with, or the name of an input; and the copy."""
        name = step.fixed_name
        if name is None:
            return self._by_name(step, symbols, values)
        if name in self._named_by_values and step.number is None:
            part = self._named_by_values[name]
            return part, None if part.copies == "one" else Key((name,))
        copy: int | str | None = _number(step, symbols)
        if name not in self.names and (numbered := _NUMBERED.match(name)) and numbered[1] in self.names:
            name, copy = numbered[1], int(numbered[2]) - 1
        if name in self._inputs:
            return name, copy
        if name not in self.names:
            raise Unwritable("a name that is none here")
        return self.names[name], copy

    def _by_name(self, step: Step, symbols: Symbols, values: _Values) -> tuple[Part, str | Key | None]:
        """What a name with values in it is: that of a copy by its number, or of one of several whose names have one form."""
        *before, last = step.name
        if len(before) == 1 and str(before[0]).endswith("_") and isinstance(last, ast.expr):
            target = self.names.get(str(before[0])[:-1])
            if target is not None and target.copies != "one":
                return target, symbols.minus_one(last)
        text = "".join(map(source_of, step.name))
        names = sorted({str(value_of(text, each)) for each in values()})
        parts = list(dict.fromkeys(self._named_by_values.get(name) or self.names.get(name) for name in names))
        keyed = [part for part in parts if part is not None and part.names]
        if not keyed or any(it is None or (it not in keyed and it.copies != "one") for it in parts):
            raise symbols.fix(text)
        if keyed[0].copies == "one":
            if len(parts) > 1 or keyed[0].item.name != text:
                raise symbols.fix(text)
            return keyed[0], None
        self._join([it for it in parts if it is not None])
        return keyed[0], _key(step.name, symbols, values())

    def _join(self, parts: list[Part]) -> None:
        """Note that one reference leads to some items: they are found by their names together."""
        if len(parts) > 1 and any(part.absent or part.when is not None for part in parts):
            raise Unwritable("items with conditions that are found by their names")
        together = {it: None for part in parts for it in [part, *self._families.get(part, ())]}
        family = [part for part in self.parts if part in together]
        self._families |= dict.fromkeys(together, family)

    def family(self, part: Part) -> list[Part]:
        """The items that are found by their names together with one."""
        return self._families.get(part, [part])

    def key_of(self, part: Part) -> Key:
        """The name of each copy of an item."""
        name = part.item.name or ""
        if not part.names:
            return Key((name,))
        return _key(tuple(pieces_of(name)), part.symbols, values_of_copies(part.item, part.scope_values))

    def _port(self, part: Part, steps: list[Step], symbols: Symbols, values: _Values) -> Use:
        """An output of an item, or one of the several tensors that it is."""
        texts = [step.text for step in steps]
        if not steps or self.source_of(part).absent:
            return Use(part)
        *before, last = steps
        around = [text for text in texts[:-1] if text is not None]
        if len(around) < len(before):
            raise symbols.fix([source_of(piece) for step in before for piece in step.name])
        if (name := last.fixed_name) is None:
            return self._numbered_port(part, steps, symbols, values)
        if last.number is None:
            if not before and (numbered := _NUMBERED.match(name)) and self._are_copies(part, numbered[1]):
                return Use(part, "", numbered[1], item=int(numbered[2]) - 1)
            return Use(part, "", self._fixed_port(part, [*around, name]))
        number = _number(last, symbols)
        item = None if number == "all" else number
        if not before and self.is_list(part, name):
            return Use(part, "", self._fixed_port(part, [name]), item=item)
        if isinstance(number, str) and self.source_of(part).kind == "instance":
            return Use(part, "", (*around, f"{name}[*]"), item=item)  # a copy inside, of all of them
        return Use(part, "", self._fixed_port(part, [*around, last.text or ""]))

    def _numbered_port(self, part: Part, steps: list[Step], symbols: Symbols, values: _Values) -> Use:
        """An output of a layer by a number that is computed."""
        (*before, last), source = steps, self.source_of(part)
        text = source_of(last.name[0])
        numbers = [value_of(text, each) for each in values()]
        is_number = not before and len(last.name) == 1 and last.number is None
        if not is_number or source.kind in ("instance", "model") or not all(isinstance(it, int) for it in numbers):
            raise symbols.fix("".join(map(source_of, last.name)))
        return Use(part, "", ALL_PORTS, item=flat(symbols.express(text)))

    def is_several(self, use: Use) -> bool:
        """Whether a reference is to several tensors."""
        if use.part is None:
            return use.name in self._many
        port = use.port
        if port is None and self.source_of(use.part).kind == "instance":
            port = next(iter(self.ports_of(self.source_of(use.part))), None)
        return use.part.copies != "one" or (isinstance(port, str) and self.is_list(use.part, port))

    def is_list(self, part: Part, port: str) -> bool:
        """Whether an output of an instance is several tensors."""
        source = self.source_of(part)
        return source.definition is not None and source.kind == "instance" and self._gives_list(source.definition, port)

    def _are_copies(self, part: Part, port: str) -> bool:
        """Whether an output of an instance is all copies of an item of its name."""
        ports = self.source_of(part).block.ports if self.source_of(part).kind == "instance" else {}
        return ports.get(port) in (port, f"{port}[*]") and self.is_list(part, port)

    def _gives_list(self, definition: Definition, port: str) -> bool:
        block = definition.block
        text = block.ports.get(port, port)
        if text in block.many or "[*]" in text:
            return True
        name, _, inner_port = text.partition(".")
        item = next((item for item in block.layers if item.name == name), None)
        if item is None or item.each is not None:
            return item is not None and not inner_port
        inner = self._blocks[definition.unit].get(item.type or "")
        if inner is None or item.nested is True:
            return False
        return self._gives_list(inner, inner_port or next(iter(inner.block.ports), ""))

    def has_copies(self, use: Use) -> bool:
        """Whether a reference is to a member that has copies."""
        if use.part is None or not isinstance(use.port, tuple):
            return False
        definition, item = self.source_of(use.part).definition, None
        for name in use.port:
            if definition is None:
                return False
            item = next((item for item in definition.block.layers if item.name == name), None)
            definition = self._blocks[definition.unit].get((item.type if item is not None else None) or "")
        return item is not None and (item.repeat is not None or item.each is not None)

    def found(self, text: str, user: Part) -> Use | None:
        """What a reference in the formula of an item refers to; None if it is none."""
        if "$" in text:
            return self._use(text, user)
        name = text.partition(".")[0].partition("[")[0]
        numbered = _NUMBERED.match(name)
        whole = {name, numbered[1]} if numbered is not None else {name}
        known = not whole.isdisjoint([*self.names, *self._inputs, *self._named_by_values])
        return self.use(text, Symbols({})) if known else None

    def _fixed_port(self, part: Part, steps: list[str]) -> Port | None:
        source = self.source_of(part)
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
        copies = values_of_copies(part.item, part.scope_values) if "$" in given else []
        listed = self._computed(given, part.symbols, copies) if copies else None
        return [self._use(given, part)] if listed is None else listed

    def listed(self, texts: Iterable[str], symbols: Symbols) -> list[Use]:
        """What outputs refer to, some of which may be computed lists."""
        found: list[Use] = []
        for text in texts:
            several = self._computed(text, symbols, [self._values]) if "$" in text else None
            found += [self.use(text, symbols)] if several is None else several
        return found

    def _computed(self, given: str, symbols: Symbols, copies: Sequence[Mapping[str, Any]]) -> list[Use] | None:
        """What a computed list of references refers to; None if it is a single reference.

        ``copies`` are the values that it has in each copy of what it is written at.
        """
        (formula, *more) = formulas(given)
        if more or (formula.start, formula.end) != (0, len(given)):
            return None
        names = value_of(given, copies[0]) if copies else None
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
            return [self._in_loops(it, symbols, copies) for it in written]
        if item is None:
            raise symbols.fix(given)
        return [Use(item, "", None, Key((Slot("key", str),)), f"for key in {symbols.python(formula.tree)}")]

    def _in_loops(self, it: Written, symbols: Symbols, copies: Sequence[Mapping[str, Any]]) -> Use:
        """What a reference with values of loops in it refers to."""
        bound = {loop.target.id: Symbol(loop.target.id) for loop in it.loops if isinstance(loop.target, ast.Name)}
        if any(name in symbols for name in bound):
            raise Unwritable("a loop whose name is that of a value")
        inside = symbols.extended(bound)
        values = [inner for each in copies for inner in values_of_loops(it.loops, each)]
        use = self.use(it.text, inside, lambda: values)
        if len(it.loops) == 1 and names_in(it.text).isdisjoint(bound):
            return use._replace(loops=f"* {symbols.count(it.loops[0].iter)}")
        return use._replace(loops=inside.loops(it.loops))

    def _use(self, text: str, part: Part) -> Use:
        """What a reference of an item refers to; where its copies refer to different items, the variable of their loop."""
        try:
            return self.use(text, part.symbols, lambda: values_of_copies(part.item, part.scope_values))
        except (Unwritable, Fixed):
            if names_in(text).isdisjoint(["index", *lists_of(part.item)]):
                raise
        if text not in part.over:
            part.over[text] = self._over(text, part)
        return Use(None, f"${part.over[text].variable}")

    def _over(self, text: str, part: Part) -> Over:
        """What the copies of an item refer to, each by its values."""
        item = part.item
        (first, *rest) = pieces_of(text)
        name = first.id if isinstance(first, ast.Name) else str(first).strip("_-.").rpartition(".")[2]
        if name in names_in([item.arguments, item.when, item.call, item.name]):
            name = f"{name}_tensor"
        lists = lists_of(item)
        given = lists.get(first.id) if isinstance(first, ast.Name) and not rest else None
        copies = values_of_copies(item, part.scope_values)
        computed = self._computed(given, part.around, copies) if isinstance(given, str) else None
        if computed is not None:
            return Over(name, computed)
        if not part.around.is_known(given := [lists, item.repeat]):
            raise part.around.fix(given)
        texts = [str(value_of(text, each)) for each in values_of_copies(item, part.scope_values)]
        return Over(name, [self.use(it, part.around) for it in texts])


def _known(piece: Piece, symbols: Symbols) -> Piece:
    """A part as it is, if the value of its expression is known."""
    if isinstance(piece, str) or not symbols.is_known(source_of(piece)):
        return piece
    return str(symbols.known(source_of(piece)))


def _key(pieces: tuple[Piece, ...], symbols: Symbols, values: Sequence[Mapping[str, Any]]) -> Key:
    """A name with values in it."""
    found: list[str | Slot] = []
    for piece in pieces:
        if isinstance(known := _known(piece, symbols), str):
            found.append(known)
            continue
        kinds = {type(value_of(source_of(piece), each)) for each in values}
        found.append(Slot(symbols.python(known), kinds.pop() if len(kinds) == 1 else object))
    return Key(tuple(found))


def _number(step: Step, symbols: Symbols) -> int | str | None:
    """Which copy or tensor a step means, as the source has it."""
    if isinstance(step.number, ast.expr):
        return symbols.python(step.number)
    return "all" if step.number == "*" else step.number
