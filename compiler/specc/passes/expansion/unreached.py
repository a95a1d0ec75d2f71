"""Items that no expansion reached: those of unused blocks, and those whose ``when`` is false.

What can be checked without values is checked here, so that a mistake is found before a variant reaches it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from specc import layers
from specc.automatic_names import automatic_help, snake_case
from specc.diagnostics import Report
from specc.diagnostics.problem import Problem
from specc.diagnostics.suggest import did_you_mean, nearest
from specc.diagnostics.text_safety import quote_value
from specc.expressions.errors import ExpressionError
from specc.frontend.include import Unit
from specc.frontend.items import INHERITED, ITEM_KEYS, Item
from specc.frontend.names import is_computed_name, is_expression, item_label
from specc.frontend.reference_syntax import first_name
from specc.frontend.schema import Block
from specc.passes.expansion.blocks import Blocks, blocks_of, unknown_type
from specc.source import Path

MOST_ITEMS = 100
"""Most items that are searched for one whose automatic name is an unknown name."""
MOST_INPUTS = 12
"""Most inputs of a block that a help lists."""


def check_unreached(
    units: list[Unit],
    items: tuple[Item, ...],
    is_open: Callable[[Item], bool],
    report: Report,
    with_values: bool = False,
) -> None:
    """Report the wrong types, argument names and references of items, the spec's own and those of blocks, that were not
    expanded.

    ``with_values``: also check arguments whose values are written out.
    """
    blocks = blocks_of(units)
    for scope in _scopes(units, items):
        names = scope.names()
        for index, item in enumerate(scope.items):
            if is_open(item):
                continue
            defaults = scope.unit.spec.defaults
            for problem in (
                *_problems(item, blocks[scope.unit], defaults if with_values else None),
                *(_unknown_names(item, scope, names) if names is not None else ()),
            ):
                place = scope.unit.place(*scope.path, "layers", index)
                report.add(problem.with_subject(item_label(item.name, item.type)), place)
        if scope.block is not None and names is not None and not any(map(is_open, scope.items)):
            outputs = scope.block.outputs or ()
            for key, text in outputs.items() if isinstance(outputs, dict) else enumerate(outputs):
                if not _is_known(text, names):
                    place = scope.unit.place(*scope.path, "outputs", key)
                    who = f"block '{scope.path[1]}'" if scope.path else "the spec"
                    message = f"{who} has no layer {quote_value(text)} to give as an output"
                    report.error("unknown-name", message, place, help=_hint(text, scope, names))


@dataclass(frozen=True)
class _Scope:
    """A list of items as written: the file's, or a block's."""

    unit: Unit
    path: tuple[str, ...]
    items: tuple[Item, ...]
    block: Block | None

    def names(self) -> dict[str, bool] | None:
        """The names that references may use, with whether they have copies; None if values make names."""
        if any(item.name is not None and is_computed_name(item.name) for item in self.items):
            return None
        inputs = self.block.inputs if self.block is not None else ()
        return dict.fromkeys(inputs, False) | {
            item.name: item.repeat is not None or item.each is not None for item in self.items if item.name is not None
        }


def _scopes(units: list[Unit], items: tuple[Item, ...]) -> Iterator[_Scope]:
    yield _Scope(units[0], (), items, None)
    for unit in units:
        for name, block in unit.spec.blocks.items() if not unit.is_std else ():
            yield _Scope(unit, ("blocks", name), block.layers, block)
        if unit.whole is not None and not unit.is_std:
            yield _Scope(unit, (), unit.whole[1].layers, unit.whole[1])


def _unknown_names(item: Item, scope: _Scope, names: Mapping[str, bool]) -> Iterator[Problem]:
    for key, written in (("from", item.from_), ("else", item.else_), ("share", item.share)):
        for path, text in _texts(written, (key,)):
            if not _is_known(text, names):
                message = f"there is no layer {quote_value(first_name(text))}"
                yield Problem("unknown-name", message, path, _hint(text, scope, names))
    yield from _in_formula(item, scope, names)


def _in_formula(item: Item, scope: _Scope, names: Mapping[str, bool]) -> Iterator[Problem]:
    """What is wrong with a formula without values in it."""
    if item.formula is None or "$" in item.formula:
        return

    from specc.formulas.lower import lower  # few specs have formulas
    from specc.formulas.scope import Around

    try:
        lowered = lower(
            item.formula, {}, Around(names, {name for name, has_copies in names.items() if has_copies}, names)
        )
    except ExpressionError as error:
        yield error.problem.under("formula")
        return
    for found in lowered.names:
        if not _is_known(found.text, names):
            message = f"there is no layer {quote_value(first_name(found.text))}"
            yield replace(
                Problem("unknown-name", message, ("formula",), _hint(found.text, scope, names)), within=found.within
            )


def _texts(written: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(written, str):
        yield path, written
    elif isinstance(written, dict | list):
        for key, inner in written.items() if isinstance(written, dict) else enumerate(written):
            yield from _texts(inner, (*path, key))


def _is_known(text: str, names: Mapping[str, bool]) -> bool:
    first = first_name(text)
    return "$" in text or first in names or names.get(first.rpartition("_")[0], False)


def _hint(text: str, scope: _Scope, names: Mapping[str, bool]) -> str | None:
    first = first_name(text)
    nameless = (item.type for item in scope.items[:MOST_ITEMS] if item.name is None and item.type is not None)
    if first in map(snake_case, nameless):
        return automatic_help(first)
    return did_you_mean(first, names) or f"names here: {', '.join(list(names)[:10])}"


def _problems(item: Item, blocks: Blocks, defaults: Mapping[str, Mapping[str, Any]] | None) -> Iterator[Problem]:
    """The problems of an item; those of its arguments' values only with the ``defaults`` of its file."""
    kind = item.type
    if kind is None or is_expression(kind):
        return
    if kind in blocks:
        yield from unknown_arguments(kind, item.arguments, blocks[kind].block)
        return
    cls = layers.find(kind)
    if cls is None:
        yield replace(unknown_type(kind, blocks), path=("type",))
        return
    given = item.arguments
    _, problems = cls.parse(given if defaults is None else {**defaults.get(kind, {}), **given})
    for problem in problems:
        first = problem.path[0] if problem.path else None
        if problem.code == "unknown-argument" and len(problem.path) == 1:
            yield problem
        elif defaults is None:
            continue
        elif (problem.code == "missing-argument" and first is None) or (
            first in given and "$" not in repr(given[str(first)]) and str(first) not in cls.inner_layers()
        ):
            yield problem


def unknown_arguments(kind: str, arguments: Mapping[str, object], block: Block) -> Iterator[Problem]:
    """The arguments of an instance that its block does not have."""
    for name in arguments:
        if name not in block.args and name not in INHERITED:
            from specc.arguments import vocabulary
            from specc.arguments.names import beside_type, held  # loaded for errors only
            from specc.diagnostics.notation import flow

            takes = f"the block takes {', '.join(block.args)}" if block.args else "the block takes no arguments"
            inside = held(name, arguments[name])
            rest = {key: value for key, value in arguments.items() if key != name}
            given = {tensor: arguments.get(tensor) for tensor in block.inputs[:MOST_INPUTS]}
            tensors = {tensor: value if isinstance(value, str) else "..." for tensor, value in given.items()}
            help = (
                beside_type({"type": kind, **rest, **inside})
                if inside is not None
                else f"it is an input of the block: write from: {flow(tensors)}"
                if name in block.inputs
                else word.help(name)
                if (word := vocabulary.first("key", name, "Item")) is not None and word.write in ITEM_KEYS
                else did_you_mean(name, [*block.args, *ITEM_KEYS, *INHERITED]) or takes
            )
            yield Problem("unknown-argument", f"has no argument {quote_value(name)}", (name,), help, "key")


def meant_for_block(name: str, arguments: Mapping[str, object], block: Block) -> set[str]:
    """The arguments of a block that an unknown argument may mean."""
    from specc.arguments.names import held

    return {*(held(name, arguments[name]) or ()), nearest(name, block.args) or ""}
