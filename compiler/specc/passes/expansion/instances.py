"""What an instance gives its block: arguments, and what is passed on to the layers inside."""

from __future__ import annotations

from typing import Any

from specc.arguments import and_join
from specc.diagnostics import Related
from specc.diagnostics.frames import through
from specc.frontend.items import INHERITED
from specc.frontend.schema import Block
from specc.layers.base import Layer
from specc.passes.expansion.blocks import Definition
from specc.passes.expansion.report import ItemReport
from specc.passes.expansion.scopes import Entry
from specc.passes.expansion.unreached import meant_for_block, unknown_arguments
from specc.passes.values import Failed
from specc.source import Path

DEEPEST_INSTANCES = 64


def arguments_of(
    entry: Entry, defined: Definition, arguments: dict[str, Any], path: Path, report: ItemReport
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The block's arguments, and what is passed on to its members; unknown and missing ones are reported."""
    origin, kind, block = entry.origin, defined.name, defined.block
    if len(origin.frames) >= DEEPEST_INSTANCES:
        report.fail(
            "too-deep",
            f"{entry.label}: block instances are nested more than {DEEPEST_INSTANCES} deep",
            origin.place,
            path,
            origin.frames,
        )
    who = f"'{entry.full_name}' ({kind})"
    handed = {name: value for name, value in arguments.items() if name in INHERITED and name not in block.args}
    _, unfit = Layer.parse(handed)
    for problem in unfit:
        report.report.add(problem.with_subject(who), origin.at(*path), through(origin.frames))
    unknown = list(unknown_arguments(kind, arguments, block))
    misspelt = set().union(*(meant_for_block(str(it.path[0]), arguments, block) for it in unknown))
    for problem in unknown:
        args = ("args",) if block.args else ()
        related_block = Related("the block's arguments" if args else "the block", defined.place(*args))
        report.report.add(problem.with_subject(who), origin.at(*path), [related_block, *through(origin.frames)])
    needed = [name for name in block.required if arguments.get(name) is None]
    missing = [name for name in needed if name not in misspelt]
    if missing:
        related = [Related("has no default here", defined.place("args", name)) for name in missing]
        values = origin.frames[-1].values if entry.copy is not None else {}
        help = f"add {and_join(missing)}, which the block has no default for"
        if all(name in values for name in missing):  # the lists of 'repeat' or 'each' are values, and no arguments
            help = (
                f"write {', '.join(f'{name}: ${name}' for name in missing)}: each copy then gives its own to the block"
            )
        report.report.error(
            "missing-argument",
            f"{who} needs {and_join(missing)}",
            origin.at(*path),
            help=help,
            related=[*related, *through(origin.frames)],
        )
    if unknown or missing or unfit:
        raise Failed
    given = {name: value for name, value in arguments.items() if name in block.args}
    return given, handed


def check_model(entry: Entry, block: Block, path: Path, report: ItemReport) -> None:
    """Failed, and reported, for a block whose inputs are not those of a Keras model."""
    several = next((name for name in block.inputs if name in block.many), None)
    if block.inputs and several is None:
        return
    what = "without inputs" if several is None else f"whose input '{several}' takes several tensors"
    mend = "give the block an input" if several is None else "give the block an input for each tensor"
    report.fail(
        "nested-layer",
        f"{entry.label}: a block {what} cannot be a nested model",
        entry.origin.place,
        path or ("nested",),
        entry.origin.frames,
        mend if path else f"remove 'nested: true', or {mend}",
    )
