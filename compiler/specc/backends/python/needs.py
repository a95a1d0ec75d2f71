"""What functions take beside tensors: the vars of the spec that they need, and what instances pass on to layers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from specc.backends.python.expressions import names_in
from specc.backends.python.items import needed
from specc.frontend.include import Unit
from specc.frontend.items import INHERITED, Item
from specc.ir import Program
from specc.passes.expansion.blocks import Blocks, Definition


class Needs:
    """What the functions of a program need; ``fixed`` are vars whose values are written, so that no function takes them."""

    def __init__(self, program: Program, blocks: Mapping[Unit, Blocks], fixed: frozenset[str]) -> None:
        self._program = program
        self._blocks = blocks
        self._fixed = self._closed(fixed)
        self._of: dict[Definition, tuple[str, ...]] = {}
        self._handed: dict[Definition, set[str]] = {}
        self._find_handed()

    def handed(self, definition: Definition) -> tuple[str, ...]:
        """What the instances of a block pass on to its layers."""
        return tuple(name for name in INHERITED if name in self._handed[definition])

    def vars(self, definition: Definition | None) -> tuple[str, ...]:
        """The vars that the function of a block takes, or the whole model."""
        return self._root_needs() if definition is None else self._needs_of(definition)

    def _closed(self, fixed: frozenset[str]) -> frozenset[str]:
        """Vars with those that they are computed from."""
        pending, found = list(fixed), set(fixed)
        while pending:
            for name in names_in(self._program.vars[pending.pop()]) & self._program.vars.keys() - found:
                found.add(name)
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
                inner = self._blocks[unit].get(item.type or "")
                if inner is None:
                    continue
                own = {name for name in INHERITED if name in item.arguments and name not in inner.block.args}
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
            found = own - block.args.keys() if unit is self._program.units[0] else set()
            for item in block.layers:
                inner = self._blocks[unit].get(item.type or "")
                found |= set(self._needs_of(inner)) if inner is not None else set()
            self._of[definition] = self._in_order(found)
        return self._of[definition]

    def _root_needs(self) -> tuple[str, ...]:
        """The vars that the model needs, with those that they are computed from."""
        unit = self._program.units[0]
        found: set[str] = set().union(*(needed(item, unit) for item in self._program.spec.layers))
        found |= names_in([self._program.spec.compile, list(texts(self._program.spec.outputs))])
        for item in self._program.spec.layers:
            inner = self._blocks[unit].get(item.type or "")
            found |= set(self._needs_of(inner)) if inner is not None else set()
        pending = list(found & self._program.vars.keys())
        while pending:
            further = names_in(self._program.vars[pending.pop()]) - found
            found |= further
            pending += further & self._program.vars.keys()
        return self._in_order(found)

    def _in_order(self, names: set[str]) -> tuple[str, ...]:
        return tuple(name for name in self._program.vars if name in names and name not in self._fixed)


def texts(outputs: Any) -> Iterator[str]:
    """The references in a list or a map of outputs."""
    yield from outputs.values() if isinstance(outputs, dict) else outputs or ()
