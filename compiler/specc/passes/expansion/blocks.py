"""The blocks of all files: their names, arguments and inputs are unique, and none contains itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from specc import layers
from specc.diagnostics import Related, Report
from specc.frontend.include import Unit
from specc.frontend.items import INHERITED, ITEM_KEYS
from specc.frontend.schema import Block
from specc.source import Place

DEEPEST_BLOCKS = 200
"""How deep written blocks may be nested; instances have a limit too, when they are expanded."""

Blocks = dict[str, tuple[Block, Unit]]
"""The blocks by name, each with its file."""


def blocks_of(units: list[Unit]) -> Blocks:
    """The blocks of all files, the first of each name."""
    blocks: Blocks = {}
    for unit in units:
        for name, block in unit.spec.blocks.items():
            blocks.setdefault(name, (block, unit))
    return blocks


def check_blocks(units: list[Unit], report: Report) -> None:
    """Report what is wrong with blocks whatever uses them."""
    seen: dict[str, Place] = {}
    for unit in units:
        for name, block in unit.spec.blocks.items():
            _check_name(name, unit, seen, report)
            _check_arguments(name, block, unit, report)
            _check_inputs(name, block, unit, report)
    _check_nesting(blocks_of(units), report)


def _check_name(name: str, unit: Unit, seen: dict[str, Place], report: Report) -> None:
    place = unit.place("blocks", name, part="key")
    if layers.find(name) is not None or name in layers.REFUSED:
        report.error(
            "block-name",
            f"'{name}' is a layer type and cannot name a block",
            place,
            help="choose another name for the block",
        )
    elif name in seen:
        report.error(
            "block-name",
            f"there are two blocks named '{name}'",
            place,
            help="rename one of the two",
            related=[Related("the first", seen[name])],
        )
    seen.setdefault(name, place)


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


def _check_nesting(blocks: Blocks, report: Report) -> None:
    """Report blocks that contain themselves by the types that they name, or that are nested too deep."""
    depths: dict[str, int] = {}
    for start in blocks:
        stack = [(start, _named_blocks(start, blocks))] if start not in depths else []
        waiting = {start}
        while stack:
            name, inside = stack[-1]
            step = next(inside, None)
            if step is None:
                stack.pop()
                waiting.discard(name)
                depths.setdefault(name, 1)
                if stack:
                    around = stack[-1][0]
                    depths[around] = max(depths.get(around, 0), depths[name] + 1)
                continue
            inner, place = step
            if inner in waiting:
                chain = [around for around, _ in stack]
                report_recursion([*chain[chain.index(inner) :], inner], place, blocks, report)
            elif inner in depths:
                depths[name] = max(depths.get(name, 0), depths[inner] + 1)
            else:
                stack.append((inner, _named_blocks(inner, blocks)))
                waiting.add(inner)
    too_deep = next((name for name, depth in depths.items() if depth > DEEPEST_BLOCKS), None)
    if too_deep is not None:
        report.error(
            "too-deep",
            f"block '{too_deep}' contains blocks nested more than {DEEPEST_BLOCKS} deep",
            blocks[too_deep][1].place("blocks", too_deep, part="key"),
            help="nest blocks less deeply; 'repeat' makes copies",
        )


def report_recursion(chain: list[str], place: Place, blocks: Blocks, report: Report) -> None:
    """Report a block that contains itself; ``chain`` are the blocks on the way, from it to it."""
    report.error(
        "recursive-block",
        f"block '{chain[0]}' contains itself: {' -> '.join(chain)}",
        place,
        help="a block is expanded in place, so it cannot contain itself; use 'repeat' for copies",
        related=[Related("the block", blocks[chain[0]][1].place("blocks", chain[0], part="key"))],
    )


def _named_blocks(name: str, blocks: Blocks) -> Iterator[tuple[str, Place]]:
    """The blocks that a block names as types, and where."""
    block, unit = blocks[name]
    for index, item in enumerate(block.layers):
        place = unit.place("blocks", name, "layers", index)
        for kind in _kinds(item.type, item.arguments):
            if kind in blocks:
                yield kind, place


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
