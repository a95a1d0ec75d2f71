"""The items of a spec or block as the source writes them: what each is, whether it is there, how many copies it has."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from specc import layers
from specc.automatic_names import snake_case
from specc.backends.python.reading.copies import stem, values_of_copies
from specc.backends.python.reading.expressions import (
    Symbol,
    Symbols,
    Unwritable,
    at,
    names_in,
    shapes_in,
    value_of,
    values_in,
)
from specc.backends.python.reading.facts import Facts, Member, arguments_of, lists_of
from specc.backends.python.reading.freezing import check_equal
from specc.calls import Callee
from specc.frontend.include import Unit
from specc.frontend.items import Item
from specc.frontend.schema import Block
from specc.ir import Node
from specc.layers.core import Input
from specc.operations.base import Operation
from specc.passes.expansion.blocks import Blocks, Definition
from specc.source import Path

Kind = Literal["input", "layer", "operation", "formula", "instance", "model", "share"]
Copies = Literal["one", "chain", "side"]

_KNOWN_KEYS = {
    "type", "name", "from_", "share", "call", "repeat", "each", "when", "else_", "nested", "allow", "description", "formula",
}  # fmt: skip
"""The keys of items that the source has a form for."""
_GUESSES = (4, [4], 0.5, "relu", "same", True, [[4]])
"""Values of all kinds that arguments have."""


@dataclass(eq=False)
class Part:
    """An item as the source writes it."""

    item: Item
    path: Path
    kind: Kind
    copies: Copies
    around: Symbols
    """The values of its scope, which its number of copies is computed from."""
    symbols: Symbols
    """The values for its arguments: those of its scope, and of the copy."""
    label: str | None = None
    """Its name in the spec; of a name with values in it, what is always the same."""
    names: tuple[str, ...] = ()
    """The names of its copies somewhere in the graph, if each has one of its own."""
    scope_values: Mapping[str, Any] = field(default_factory=dict)
    """The values of its scope somewhere in the graph."""
    over: dict[str, Any] = field(default_factory=dict)
    """What its copies refer to by their values, as in ``from: $of``: an `Over` for each such reference."""
    definition: Definition | None = None
    """The block of an instance or nested model."""
    layers: tuple[str, ...] = ()
    """The arguments of the block that are layers, which are given by their names."""
    callee: Callee | None = None
    """The layer or operation, with the arguments that it has somewhere in the graph."""
    values: Mapping[str, Any] = field(default_factory=dict)
    """The values that those arguments were computed from."""
    is_guess: bool = False
    """Whether other values stand for those that the arguments never have, as it is left out everywhere."""
    member: Member | None = None
    """A node or instance that it became; None if the graph has none."""
    counting: list[Any] = field(default_factory=list)
    """Arguments that decide how many outputs it has, and whose values can change."""
    given: Mapping[str, Any] = field(default_factory=dict)
    """The arguments that its block has somewhere in the graph, or would have."""
    when: Any = None
    """Its condition, if the values that are known do not decide it."""
    absent: bool = False
    """Whether the values that are known leave it out."""
    base: str = ""
    """What its automatic name begins with."""
    number: int | None = None
    """The number in its automatic name; None if it is counted when the model is built."""

    @property
    def is_optional(self) -> bool:
        """Whether nothing replaces it, or one of its copies, where it is left out: ``else: []``."""
        return self.item.else_ == [] or (self.absent and self.copies == "side")

    @property
    def block(self) -> Block:
        """The block of an instance or nested model, as it is written."""
        assert self.definition is not None
        return self.definition.block

    @property
    def options(self) -> Mapping[str, Any]:
        """The constant arguments of its call, with those that references to its outputs switch on."""
        node = self.member.it if self.member is not None else None
        return node.options if isinstance(node, Node) else self.item.call or {}

    def ports(self, source: Part) -> tuple[str, ...]:
        """The outputs of its call of the layer that ``source`` has: its own, or one that it shares."""
        assert source.callee is not None
        return source.callee.ports(dict(self.options))


class Reader:
    """Reads the items of one list."""

    def __init__(self, unit: Unit, path: Path, symbols: Symbols, facts: Facts, loop: Callable[[str], str]) -> None:
        self._unit = unit
        self._path = path
        self._symbols = symbols
        self._facts = facts
        self._loop = loop
        """The variable of a loop, for a value of copies."""
        self._values: Mapping[str, Any] = {}

    def read(self, items: tuple[Item, ...], blocks: Blocks, values: Mapping[str, Any]) -> list[Part]:
        """The parts of items; ``values`` are those of the scope somewhere in the graph."""
        self._values = values
        parts = []
        for index, item in enumerate(items):
            path = (*self._path, index)
            with at(path):
                parts.append(self._part(item, path, blocks))
        return parts

    def _part(self, item: Item, path: Path, blocks: Blocks) -> Part:
        strange = item.model_fields_set - _KNOWN_KEYS - set(item.arguments)
        if strange or "$" in (item.type or ""):
            raise Unwritable(f"the key {min(strange)}" if strange else "a type that a value names")
        if not self._symbols.is_known(item.nested):
            raise self._symbols.fix(item.nested)
        copies: Copies = "one"
        if item.repeat is not None or item.each is not None:
            copies = "side" if item.each is not None else "chain"
        inside = {} if copies == "one" else {name: Symbol(self._loop(name)) for name in ("index", *lists_of(item))}
        part = Part(item, path, self._kind(item, blocks), copies, self._symbols, self._symbols.extended(inside))
        self._name(part)
        part.definition = blocks[item.type or ""] if part.kind in ("instance", "model") else None
        self._decide(part)
        if part.absent:
            return part
        found = [it for it in self._facts.of(self._unit, path) if _is_whole(it)]
        if part.kind == "share":
            part.member = found[0] if found else None
            self._count_tensors(part)
            return part
        part.member = next((it for it in found if getattr(it.it, "shares", None) is None), found[0] if found else None)
        self._count_tensors(part)
        if "trainable" not in item.arguments:
            check_equal(found, self._facts)
        if part.definition is not None:
            self._check_instance(part, part.definition.block)
        else:
            self._find_layer(part)
            self._check_ports(part)
        return part

    def _kind(self, item: Item, blocks: Blocks) -> Kind:
        if item.share is not None:
            return "share"
        if item.formula is not None:
            return "formula"
        if item.type in blocks:
            return "model" if self._symbols.known(item.nested) is True else "instance"
        cls = layers.find(item.type or "")
        if cls is None:
            raise Unwritable("an item of no known type")
        return "input" if issubclass(cls, Input) else "operation" if issubclass(cls, Operation) else "layer"

    def _count_tensors(self, part: Part) -> None:
        """What ``len(...)`` of the block's inputs is computed from."""
        if part.member is not None:
            part.scope_values = {**part.member.tensors, **part.scope_values}

    def _name(self, part: Part) -> None:
        """What it is called, or what its copies are called together."""
        part.label = part.item.name
        part.scope_values = self._values
        if part.label is None or "$" not in part.label:
            return
        if part.copies == "one" and self._symbols.is_known(part.label):
            part.label = str(self._symbols.known(part.label))
            return
        part.label = stem(part.item)
        part.names = tuple(
            str(value_of(part.item.name, values)) for values in values_of_copies(part.item, self._values)
        )

    def _decide(self, part: Part) -> None:
        """Whether it is there, as far as the known values tell."""
        lists = lists_of(part.item) if part.copies == "side" else {}
        part.absent = any(self._symbols.is_known(given) and not self._symbols.known(given) for given in lists.values())
        when = part.item.when
        if when is None:
            return
        if part.copies == "one" and self._symbols.is_known(when):
            part.absent = self._symbols.known(when) is not True
        else:
            part.when = when

    def _check_instance(self, part: Part, block: Any) -> None:
        for name, default in block.args.items():
            given = part.item.arguments.get(name)
            if given is None and name in part.item.arguments and default is not None:
                raise Unwritable("null as an argument whose default is not null")
        if part.member is not None:
            part.given = arguments_of(part.member)
            part.values = self._facts.values(part.member, part.item, self._unit)
            return
        if part.kind == "model":
            raise self._symbols.fix(part.item.when)
        part.values = self._values_of_first(part.item)
        for name, default in block.args.items():
            given = part.item.arguments.get(name, default)
            part.given = {**part.given, name: value_of(given, {**part.values, **part.given})}

    def _find_layer(self, part: Part) -> None:
        """The layer: that of a node, or what its arguments would make of it."""
        item = part.item
        if part.member is not None:
            node = part.member.it
            part.callee = node.layer  # type: ignore[union-attr]  # only instances have none
            part.values = self._facts.values(part.member, item, self._unit)
            return
        if item.formula is not None:  # nothing reads it, so that any operation may stand for it
            part.values, part.is_guess = self._values_of_first(item), True
            part.callee = layers.find("ops.copy").parse({})[0]  # type: ignore[union-attr]
            return
        cls = layers.find(item.type or "")
        given = {**self._unit.spec.defaults.get(item.type or "", {}), **item.arguments}
        if cls is None or cls.inner_layers():
            raise self._symbols.fix(item.when)
        try:
            part.values = self._values_of_first(item)
            part.callee, _ = cls.parse(value_of(given, part.values))
        except Unwritable:
            part.callee = None
        if part.callee is None:  # the values are of no use, as it is left out
            part.is_guess = True
            part.callee = _guessed(cls, given, part.values)
        if part.callee is None:
            raise self._symbols.fix(item.when)

    def _check_ports(self, part: Part) -> None:
        """Whether values decide how many outputs the layer has: then each can be read by a computed number only."""
        layer = part.callee
        assert layer is not None
        given = {**self._unit.spec.defaults.get(part.item.type or "", {}), **part.item.arguments}
        for name, written in given.items():
            value = getattr(layer, name, None)
            if isinstance(value, int) and not part.symbols.is_known(written):
                other = layer.model_copy(update={name: not value if isinstance(value, bool) else value + 1})
                if len(other.ports(dict(part.options))) != len(layer.ports(dict(part.options))):
                    part.counting.append(written)

    def _values_of_first(self, item: Item) -> dict[str, Any]:
        """The values that the first copy of an item would have."""
        values = {**self._values, "index": 0}
        for name, given in lists_of(item).items():
            listed = value_of(given, self._values)
            if not isinstance(listed, list) or not listed:
                raise self._symbols.fix(given)
            values[name] = listed[0]
        return values


def _guessed(cls: type[Callee], given: Mapping[str, Any], values: Mapping[str, Any]) -> Callee | None:
    """A layer with values that its arguments may have, where they cannot be computed or are none of its."""
    known: dict[str, Any] = {}
    tries: dict[str, list[Any]] = {}
    for name, written in given.items():
        try:
            known[name] = value_of(written, values)
        except Unwritable:
            known[name] = None
        if names_in(written) or shapes_in(written):
            tries[name] = list(_GUESSES)
    while True:
        layer, problems = cls.parse(known)
        wrong = [name for problem in problems for name in problem.path[:1] if tries.get(str(name))]
        if layer is not None or not wrong:
            return layer
        known[str(wrong[0])] = tries[str(wrong[0])].pop(0)


def _is_whole(member: Member) -> bool:
    """Whether it is what an item is called: of a formula, the last operation."""
    formula = getattr(member.it, "formula", None)
    return formula is None or member.it.name == formula.name


# -- Automatic names -----------------------------------------------------------------------------


def number(parts: list[Part], inputs: tuple[str, ...]) -> set[str]:
    """Give parts without a name the number in their automatic one, as expansion does; the names that are taken.

    Numbers that depend on conditions and counts are left out: then the source counts.
    """
    taken = {part.label for part in parts if part.label is not None} | set(inputs)
    for part in parts:
        taken |= set(part.names)
        if part.label is not None and part.copies != "one" and not part.names:
            taken |= {f"{part.label}_{index + 1}" for index in range(_count(part))}
    unnamed = [part for part in parts if part.label is None and not part.absent]
    for part in unnamed:
        share = (part.item.share or "").replace(".", "_")
        kind = layers.ALIASES.get(part.item.type or "", part.item.type or "")
        if part.kind == "formula":  # it is called as its last operation
            assert part.callee is not None
            kind = part.callee.type_name
        part.base = snake_case(f"{share}_call" if share else kind)
    last = {part.base: part for part in unnamed}
    counted = {
        part.base for part in unnamed if part.copies != "one" or (part.when is not None and last[part.base] is not part)
    }
    numbers: dict[str, int] = {}
    for part in unnamed:
        if part.base in counted:
            continue
        while True:
            part.number = numbers.get(part.base, 0)
            numbers[part.base] = part.number + 1
            if automatic(part) not in taken:
                break
    return {name for name in taken if any(name == base or name.startswith(f"{base}_") for base in counted)}


def automatic(part: Part) -> str:
    """The automatic name of a part that has a number."""
    return f"{part.base}_{part.number}" if part.number else part.base


def _count(part: Part) -> int:
    """How many copies an item has, if that is known; else more than it may be."""
    lists = lists_of(part.item)
    given = next(iter(lists.values())) if lists else part.item.repeat
    if not part.around.is_known(given):
        return 0
    found = part.around.known(given)
    return len(found) if lists else int(found)


def needed(item: Item, unit: Unit) -> set[str]:
    """The values that an item needs, with the defaults of its layers."""
    own = {"index", *lists_of(item)}
    shared = {key: getattr(item, key) for key in ("when", "repeat", "each", "from_", "share", "call", "else_", "name")}
    found = names_in(item.arguments) | names_in(shared) | names_in(values_in(item.formula or ""))
    for kind, _ in layers_in(item.type, item.arguments):
        given = unit.spec.defaults.get(kind, {})
        found |= names_in({name: value for name, value in given.items() if name not in item.arguments})
    return found - own


def layers_in(kind: str | None, arguments: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The type and the arguments of a layer, and those of the layers and objects inside it."""
    if kind is not None:
        yield kind, arguments
    cls = layers.find(kind or "")
    wrapped = cls.inner_layers() if cls is not None else ()
    for key, value in arguments.items():
        for inner in value if isinstance(value, list) else [value]:
            if isinstance(inner, dict) and isinstance(inner.get("type"), str):
                yield from layers_in(inner["type"], {name: it for name, it in inner.items() if name != "type"})
            elif isinstance(inner, str) and key in wrapped:
                yield inner, {}
