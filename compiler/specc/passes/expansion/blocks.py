"""The blocks of all files: their names, arguments and inputs are unique, and none contains itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from operator import attrgetter
from typing import Any

from specc import layers
from specc.arguments.kinds import LISTED
from specc.diagnostics import Related, Report
from specc.diagnostics.problem import Problem
from specc.diagnostics.suggest import nearest
from specc.frontend import std
from specc.frontend.include import Unit
from specc.frontend.items import INHERITED, ITEM_KEYS
from specc.frontend.schema import Block
from specc.frontend.whole_spec import WholeSpec
from specc.source import Part, Path, Place

DEEPEST_BLOCKS = 200
"""How deep written blocks may be nested; instances have a limit too, when they are expanded."""


@dataclass(frozen=True, eq=False)
class Definition:
    """A block, and where it is written."""

    name: str
    unit: Unit
    whole: WholeSpec | None = None
    """For a whole spec, the block that it is; else its file has the block."""

    @cached_property
    def block(self) -> Block:
        """The block; one of specc's own is read when something first asks for it."""
        found: Block = self.whole or self.unit.spec.blocks[self.name]
        return found

    @property
    def path(self) -> Path:
        """The path of the block in its file."""
        return () if self.whole is not None else ("blocks", self.name)

    def place(self, *path: str | int, part: Part = "value") -> Place:
        """A place in the block."""
        if self.whole is not None and path[:1] == ("args",):
            path = ("vars", *path[1:])
        return self.unit.place(*self.path, *path, part=part)

    @property
    def named(self) -> Place:
        """Where its name is written."""
        return self.place("name") if self.whole is not None else self.place(part="key")


Blocks = dict[str, Definition]
"""The blocks that a file sees, by name."""


def blocks_of(units: list[Unit]) -> dict[Unit, Blocks]:
    """The blocks that each file sees: those of the spec or library that it is part of, the first of each name; then those of
    the libraries that this includes."""
    seen: dict[Unit, Blocks] = {}
    defined = {unit: [Definition(name, unit) for name in unit.spec.blocks] for unit in units}
    for unit in units:
        own = seen.setdefault(unit.head, {})
        for block in defined[unit]:
            own.setdefault(block.name, block)
        if unit.whole is not None:
            defined[unit] = [Definition(unit.whole[0], unit, unit.whole[1])]
    for unit in units:
        for library in sorted(unit.libraries, key=attrgetter("is_std")):  # specc's own give way
            for block in defined[library]:
                seen[unit.head].setdefault(block.name, block)
    return {unit: seen[unit.head] for unit in units}


def unknown_type(kind: str, blocks: Blocks) -> Problem:
    """The problem of a type that is neither a layer's nor that of a block that the file sees."""
    return of_std(layers.unknown(kind, list(blocks)), kind, blocks)


def of_std(problem: Problem, kind: str, blocks: Blocks) -> Problem:
    """The problem of an unknown type, which names one of specc's own blocks if it is meant and not a block that is there."""
    if problem.code != "unknown-layer" or nearest(kind, blocks) is not None:
        return problem
    help = std.help_for_type(kind, blocks) or (std.help_for_slip(kind, blocks) if problem.help == LISTED else None)
    return problem if help is None else replace(problem, help=help, fix=None)


def check_blocks(units: list[Unit], report: Report) -> None:
    """Report what is wrong with blocks whatever uses them. Those of specc's own files are tested."""
    first: dict[tuple[Unit, str], Place] = {}
    for unit in units:
        for name, block in unit.spec.blocks.items() if not unit.is_std else ():
            _check_name(name, unit, unit.place("blocks", name, part="key"), first, report)
            _check_arguments(name, block, unit, report)
            _check_inputs(name, block, unit, report)
    for unit in units:
        for library, place in unit.libraries.items():
            if library.whole is not None and not library.is_std:
                _check_name(library.whole[0], unit, place, first, report)
    _check_nesting(units, report)


def _check_name(name: str, unit: Unit, place: Place, first: dict[tuple[Unit, str], Place], report: Report) -> None:
    if layers.find(name) is not None or name in layers.REFUSED:
        report.error(
            "block-name",
            f"'{name}' is a layer type and cannot name a block",
            place,
            help="choose another name for the block",
        )
    elif (unit.head, name) in first:
        report.error(
            "block-name",
            f"there are two blocks named '{name}'",
            place,
            help="rename one of the two",
            related=[Related("the first", first[unit.head, name])],
        )
    first.setdefault((unit.head, name), place)


def _check_arguments(name: str, block: Block, unit: Unit, report: Report) -> None:
    for argument in block.args:
        of_items = argument in ITEM_KEYS or argument in INHERITED
        if of_items or layers.find(argument) is not None:
            report.error(
                "block-argument",
                f"block '{name}' cannot have an argument named '{argument}': "
                + ("every item has a key of that name" if of_items else "it is a layer type"),
                unit.place("blocks", name, "args", argument, part="key"),
                help="choose another name",
            )


def _check_inputs(name: str, block: Block, unit: Unit, report: Report) -> None:
    inputs: set[str] = set()
    for position, wanted in enumerate(block.inputs):
        if wanted in inputs:
            report.error(
                "duplicate-name",
                f"block '{name}' has two inputs named '{wanted}'",
                unit.place("blocks", name, "inputs", position),
                help="rename one of the two",
            )
        inputs.add(wanted)


def _check_nesting(units: list[Unit], report: Report) -> None:
    """Report blocks that contain themselves by the types that they name, or that are nested too deep."""
    seen = blocks_of(units)
    depths: dict[Definition, int] = {}
    written = (block for unit in units for block in seen[unit].values())
    for start in (block for block in written if not block.unit.is_std):
        stack = [(start, _named_blocks(start, seen))] if start not in depths else []
        waiting = {start}
        while stack:
            block, inside = stack[-1]
            step = next(inside, None)
            if step is None:
                stack.pop()
                waiting.discard(block)
                depths.setdefault(block, 1)
                if stack:
                    around = stack[-1][0]
                    depths[around] = max(depths.get(around, 0), depths[block] + 1)
                continue
            inner, place = step
            if inner in waiting:
                chain = [around for around, _ in stack]
                report_recursion([*chain[chain.index(inner) :], inner], place, report)
            elif inner in depths:
                depths[block] = max(depths.get(block, 0), depths[inner] + 1)
            else:
                stack.append((inner, _named_blocks(inner, seen)))
                waiting.add(inner)
    too_deep = next((block for block, depth in depths.items() if depth > DEEPEST_BLOCKS), None)
    if too_deep is not None:
        report.error(
            "too-deep",
            f"block '{too_deep.name}' contains blocks nested more than {DEEPEST_BLOCKS} deep",
            too_deep.named,
            help="nest blocks less deeply; 'repeat' makes copies",
        )


def report_recursion(chain: list[Definition], place: Place, report: Report) -> None:
    """Report a block that contains itself; ``chain`` are the blocks on the way, from it to it."""
    report.error(
        "recursive-block",
        f"block '{chain[0].name}' contains itself: {' -> '.join(block.name for block in chain)}",
        place,
        help="a block is expanded in place, so it cannot contain itself; use 'repeat' for copies",
        related=[Related("the block", chain[0].named)],
    )


def _named_blocks(block: Definition, seen: dict[Unit, Blocks]) -> Iterator[tuple[Definition, Place]]:
    """The blocks that a block names as types, and where."""
    for index, item in enumerate(block.block.layers):
        for kind in _kinds(item.type, item.arguments):
            if (found := seen[block.unit].get(kind)) is not None:
                yield found, block.place("layers", index)


def _kinds(kind: Any, arguments: dict[str, Any]) -> Iterator[str]:
    """A type, and the types of the layers inside, as they are written."""
    cls = layers.find(kind) if isinstance(kind, str) else None
    if isinstance(kind, str) and cls is None:
        yield kind
    for key in cls.inner_layers() if cls is not None else ():
        value = arguments.get(key)
        for one in value if isinstance(value, list) else [value]:
            inner = {"type": one} if isinstance(one, str) else one
            if isinstance(inner, dict):
                yield from _kinds(inner.get("type"), inner)
