"""What functions take beside tensors: the vars of their file that they need, and what instances pass on to layers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from specc.backends.python.reading.expressions import Var, holds_map, names_in
from specc.backends.python.reading.items import layers_in, needed
from specc.frontend.include import Unit
from specc.frontend.items import INHERITED, Item
from specc.frontend.schema import Spec
from specc.ir import Program
from specc.passes.expansion.blocks import Blocks, Definition


class Needs:
    """What the functions of a program need.

    ``fixed`` are vars whose values are written, so that no function takes them.
    """

    def __init__(self, program: Program, blocks: Mapping[Unit, Blocks], fixed: frozenset[Var]) -> None:
        self._program = program
        self._blocks = blocks
        self._fixed = self._closed(fixed)
        self._of: dict[Definition, tuple[str, ...]] = {}
        self._handed: dict[Definition, set[str]] = {}
        self._layers: dict[Definition, tuple[str, ...]] = {}
        self._find_handed()

    def handed(self, definition: Definition) -> tuple[str, ...]:
        """What the instances of a block pass on to its layers."""
        return tuple(name for name in INHERITED if name in self._handed[definition])

    def layers(self, definition: Definition) -> tuple[str, ...]:
        """The arguments of a block that are layers: names of items where the instance is written, which it calls again."""
        if definition not in self._layers:
            block = definition.block
            shared = {item.share for item in block.layers}
            for item in block.layers:
                inner = self._blocks[definition.unit].get(item.type or "")
                shared |= {item.arguments.get(name) for name in (self.layers(inner) if inner is not None else ())}
            self._layers[definition] = tuple(name for name in block.args if f"${name}" in shared)
        return self._layers[definition]

    def vars(self, definition: Definition | None) -> tuple[str, ...]:
        """The vars that the function of a block takes, or the whole model."""
        return self._root_needs() if definition is None else self._needs_of(definition)

    def arguments(self, definition: Definition) -> tuple[str, ...]:
        """The arguments of a block that its function takes."""
        fixed = self.fixed(definition.unit) if definition.whole is not None else frozenset()
        return tuple(name for name in definition.block.args if name not in fixed)

    def fixed(self, unit: Unit) -> frozenset[str]:
        """The vars of a file whose values are written."""
        return frozenset(name for file, name in self._fixed if file is unit)

    def called(self, item: Item, unit: Unit) -> Iterator[tuple[Definition, Mapping[str, Any]]]:
        """The blocks that an item is an instance of, or that its layers have inside, each with its arguments."""
        for kind, arguments in layers_in(item.type, item.arguments):
            if (found := self._blocks[unit].get(kind)) is not None:
                yield found, arguments

    def _given(self, unit: Unit) -> Mapping[str, Any]:
        """The vars of a file that have other values in each model: those of the spec, and of a whole spec that it includes."""
        if unit is self._program.units[0]:
            return self._program.vars
        return unit.whole[1].args if unit.whole is not None else {}

    def _closed(self, fixed: frozenset[Var]) -> frozenset[Var]:
        """Vars with those that they are computed from."""
        found = set(fixed)
        for unit in self._program.units:
            given = self._given(unit)
            pending = [name for file, name in fixed if file is unit]
            while pending:
                for name in names_in(given[pending.pop()]) & given.keys():
                    if (unit, name) not in found:
                        found.add((unit, name))
                        pending.append(name)
        return frozenset(found)

    def _find_handed(self) -> None:
        """Find what the instances of each block pass on to its layers, and through it to those of others."""
        lists: list[tuple[Unit, tuple[Item, ...], frozenset[str]]] = [
            (self._program.units[0], self._program.spec.layers, frozenset())
        ]
        while lists:
            unit, items, passing = lists.pop()
            for item in items:
                for inner, arguments in self.called(item, unit):
                    own = {name for name in INHERITED if name in arguments and name not in inner.block.args}
                    own |= {"dtype"} if policy_of(inner) is not None else set()
                    known = self._handed.get(inner)
                    found = own | passing | (known or set())
                    if found != known:
                        self._handed[inner] = found
                        lists.append((inner.unit, inner.block.layers, frozenset(found)))

    def _needs_of(self, definition: Definition) -> tuple[str, ...]:
        """The vars that the function of a block takes, for itself and for those that it calls."""
        if definition not in self._of:
            self._of[definition] = ()
            block, unit = definition.block, definition.unit
            own: set[str] = set().union(*(needed(item, unit) for item in block.layers))
            own |= names_in([list(block.args.values()), list(block.ports.values())])
            found = own - block.args.keys() if unit is unit.head else set()
            for inner, _ in (called for item in block.layers for called in self.called(item, unit)):
                found |= set(self._needs_of(inner)) if inner.unit.head is unit.head else set()
            self._of[definition] = () if definition.whole is not None else self._in_order(found, unit.head)
        return self._of[definition]

    def _root_needs(self) -> tuple[str, ...]:
        """The vars that the model needs, with those that they are computed from."""
        unit = self._program.units[0]
        found: set[str] = set().union(*(needed(item, unit) for item in self._program.spec.layers))
        found |= names_in([self._program.spec.compile, list(texts(self._program.spec.outputs))])
        for inner, _ in (called for item in self._program.spec.layers for called in self.called(item, unit)):
            found |= set(self._needs_of(inner)) if inner.unit.head is unit else set()
        pending = list(found & self._program.vars.keys())
        while pending:
            further = names_in(self._program.vars[pending.pop()]) - found
            found |= further
            pending += further & self._program.vars.keys()
        return self._in_order(found, unit)

    def _in_order(self, names: set[str], head: Unit) -> tuple[str, ...]:
        fixed = self.fixed(head)
        return tuple(name for name in self._given(head) if name in names and name not in fixed)


def maps(program: Program) -> Iterator[Var]:
    """The vars that are maps, each with its file: Python has other forms for the objects that they stand for."""
    for unit in program.units:
        given = program.vars if unit is program.units[0] else unit.whole[1].args if unit.whole is not None else {}
        yield from ((unit, name) for name, value in given.items() if holds_map(value))


def policy_of(definition: Definition) -> str | None:
    """The dtype policy of a whole spec that is used as a block: the dtype of its layers."""
    spec = definition.unit.spec
    return spec.dtype_policy if definition.whole is not None and isinstance(spec, Spec) else None


def texts(outputs: Any) -> Iterator[str]:
    """The references in a list or a map of outputs."""
    yield from outputs.values() if isinstance(outputs, dict) else outputs or ()
