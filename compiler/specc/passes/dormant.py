"""Items that no expansion reached: those of blocks that nothing uses, and those whose ``when`` is false.

What can be said of an item without its values is said here, so that a slip does not wait for the variant that meets it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from specc import layers
from specc.diagnostics import Report
from specc.diagnostics.problem import Problem, about
from specc.diagnostics.suggest import did_you_mean
from specc.diagnostics.text_safety import show
from specc.frontend.include import Unit
from specc.frontend.schema import INHERITED, ITEM_KEYS, Block, Item, Spec, is_expression, who
from specc.source import Place


def check_dormant(
    spec: Spec, units: list[Unit], blocks: Mapping[str, Block], is_open: Callable[[Item], bool], report: Report
) -> None:
    """Report the types and argument names that are wrong in items that were not opened."""
    for place, item in _items(spec, units):
        if item.type is None or is_expression(item.type) or is_open(item):
            continue
        for problem in _problems(item.type, item, blocks):
            report.error(
                problem.code,
                about(who(item.name, item.type), problem.message),
                replace(place, path=(*place.path, *problem.path), part=problem.part),
                help=problem.help,
            )


def _items(spec: Spec, units: list[Unit]) -> Iterator[tuple[Place, Item]]:
    for index, item in enumerate(spec.layers):
        yield units[0].place("layers", index), item
    for unit in units:
        for name, block in unit.spec.blocks.items():
            for index, item in enumerate(block.layers):
                yield unit.place("blocks", name, "layers", index), item


def _problems(kind: str, item: Item, blocks: Mapping[str, Block]) -> Iterator[Problem]:
    if kind in blocks:
        yield from unknown_arguments(item.arguments, blocks[kind])
        return
    cls = layers.find(kind)
    if cls is None:
        problem = layers.unknown(kind, list(blocks))
        yield Problem(problem.code, problem.message, ("type",), problem.help)
        return
    _, problems = cls.parse(item.arguments)
    yield from (problem for problem in problems if problem.code == "unknown-argument" and len(problem.path) == 1)


def unknown_arguments(arguments: Mapping[str, object], block: Block) -> Iterator[Problem]:
    """The arguments of an instance that its block does not take."""
    for name in arguments:
        if name not in block.args and name not in INHERITED:
            takes = f"the block takes {', '.join(block.args)}" if block.args else "the block takes no arguments"
            help = did_you_mean(name, [*block.args, *ITEM_KEYS, *INHERITED]) or takes
            yield Problem("unknown-argument", f"has no argument {show(name)}", (name,), help, "key")
