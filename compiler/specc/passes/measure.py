"""The size of an expansion, computed before anything is expanded.

The count follows ``repeat``, ``each``, ``when`` and the blocks with their arguments as the expansion does, but makes
nothing: a block with the same arguments is counted once, and a repetition whose copies are alike is a product.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterator, Mapping
from typing import Any

from specc.diagnostics import Related, Report
from specc.frontend.include import Unit
from specc.frontend.schema import Block, Item, is_expression
from specc.passes.expressions import ExpressionError, evaluate
from specc.source import Place

MOST_LAYERS = 200_000
"""Layers and instances that blocks and repetitions expand to at most; layers written out one by one do not count."""


class _TooLarge(Exception):
    pass


class _Recursive(Exception):
    pass


def measure(unit: Unit, items: tuple[Item, ...], units: list[Unit], values: Mapping[Unit, Mapping[str, Any]], report: Report) -> None:
    """Report a spec that would expand beyond the limit, or a block that contains itself."""
    blocks = {name: (block, owner) for owner in units for name, block in owner.spec.blocks.items()}
    if not blocks and all(item.repeat is None and item.each is None for item in items):
        return
    measuring = _Measuring(blocks, values, report)
    if not measuring.acyclic():
        return
    for index, item in enumerate(items):
        try:
            size = measuring.item(item, values[unit], ())
        except _Recursive:
            return
        except _TooLarge:
            size = MOST_LAYERS + 1
        if size > 1:
            measuring.total += size
        if measuring.total > MOST_LAYERS:
            who = f"'{item.name}'" if item.name else f"a {item.type}"
            message = f"{who} brings the expansion of blocks and repetitions beyond {MOST_LAYERS:,} layers"
            report.error("too-large", message, unit.place("layers", index), help="repeat less, or nest fewer repetitions inside each other")
            return


class _Measuring:
    def __init__(self, blocks: dict[str, tuple[Block, Unit]], values: Mapping[Unit, Mapping[str, Any]], report: Report) -> None:
        self.blocks = blocks
        self.values = values
        self.report = report
        self.total = 0
        self.steps = 0
        self.known: dict[tuple[str, str], int] = {}

    def acyclic(self) -> bool:
        """Report blocks that contain themselves by the types that they name."""
        state: dict[str, int] = {}
        sound = True
        for start in self.blocks:
            stack = [(start, iter(self._named_blocks(start)))] if start not in state else []
            state.setdefault(start, 1)
            while stack:
                name, inside = stack[-1]
                step = next(inside, None)
                if step is None:
                    state[name] = 2
                    stack.pop()
                elif state.get(step[0]) == 1:
                    chain = [name for name, _ in stack]
                    self._recursive([*chain[chain.index(step[0]) :], step[0]], step[1])
                    sound = False
                elif step[0] not in state:
                    state[step[0]] = 1
                    stack.append((step[0], iter(self._named_blocks(step[0]))))
        return sound

    def _named_blocks(self, name: str) -> Iterator[tuple[str, Place]]:
        block, unit = self.blocks[name]
        for index, item in enumerate(block.layers):
            place = unit.place("blocks", name, "layers", index)
            if item.type in self.blocks:
                yield item.type, place
            for inner in self._inner_blocks(item.arguments):
                yield inner[0], place

    def _recursive(self, chain: list[str], place: Place) -> None:
        block, unit = self.blocks[chain[0]]
        self.report.error(
            "recursive-block",
            f"block '{chain[0]}' contains itself: {' -> '.join(chain)}",
            place,
            help="a block is expanded in place, so it cannot hold itself; use 'repeat' for copies",
            related=[Related("the block", unit.place("blocks", chain[0], part="key"))],
        )

    def item(self, item: Item, values: Mapping[str, Any], chain: tuple[str, ...]) -> int:
        """The number of layers and instances that an item becomes."""
        plain = item.repeat is None and item.each is None
        if plain and item.when is None and item.type not in self.blocks and not item.arguments:
            return 1
        count = 1
        names: tuple[str, ...] = ()
        lists: dict[str, Any] = {}
        if item.repeat is not None:
            given = self._value(item.repeat, values)
            count = given if isinstance(given, int) and not isinstance(given, bool) and given >= 0 else 0
            names = ("index",)
        elif item.each is not None:
            lists = {key: self._value(value, values) for key, value in item.each.items()}
            lengths = [len(value) for value in lists.values() if isinstance(value, list)]
            count = min(lengths, default=0)
            names = ("index", *lists)
        if count > MOST_LAYERS:
            raise _TooLarge
        if count and names and _mentions(item, names):
            total = 0
            for index in range(count):
                copy = {"index": index, **{key: value[index] for key, value in lists.items() if isinstance(value, list)}}
                total += self._copy(item, ChainMap(copy, values), chain)  # type: ignore[arg-type]
                if total > MOST_LAYERS:
                    raise _TooLarge
            return total
        size = count * self._copy(item, values, chain) if count else 0
        if size > MOST_LAYERS:
            raise _TooLarge
        return size

    def _copy(self, item: Item, values: Mapping[str, Any], chain: tuple[str, ...]) -> int:
        self.steps += 1
        if self.steps > MOST_LAYERS:
            raise _TooLarge
        if item.when is not None and self._value(item.when, values) is False:
            return 1
        kind = self._value(item.type, values)
        size = 1
        for inner, arguments in self._inner_blocks(item.arguments):
            size += self._block(inner, arguments, values, chain)
        if kind in self.blocks:
            size += self._block(kind, item.arguments, values, chain)
        return size

    def _block(self, name: str, arguments: dict[str, Any], values: Mapping[str, Any], chain: tuple[str, ...]) -> int:
        if name in chain:
            self._recursive([*chain[chain.index(name) :], name], self.blocks[name][1].place("blocks", name, part="key"))
            raise _Recursive
        block, unit = self.blocks[name]
        given = {key: self._value(arguments.get(key, default), values if key in arguments else self.values[unit]) for key, default in block.args.items()}
        key = (name, repr(given))
        if key not in self.known:
            inside: Mapping[str, Any] = ChainMap(given, self.values[unit])  # type: ignore[arg-type]
            size = 0
            for item in block.layers:
                size += self.item(item, inside, (*chain, name))
                if size > MOST_LAYERS:
                    raise _TooLarge
            self.known[key] = size
        return self.known[key]

    def _inner_blocks(self, arguments: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
        """The blocks that stand as inner layers among arguments."""
        for key, value in arguments.items():
            if isinstance(value, str) and key in ("layer", "backward_layer") and value in self.blocks:
                yield value, {}
            elif isinstance(value, dict) and isinstance(value.get("type"), str):
                if value["type"] in self.blocks:
                    yield value["type"], {name: given for name, given in value.items() if name not in ("type", "name")}
                yield from self._inner_blocks(value)

    def _value(self, data: Any, values: Mapping[str, Any]) -> Any:
        """A value, or None where it has an error: the expansion reports that with its place."""
        if not is_expression(data):
            return [self._value(item, values) for item in data] if isinstance(data, list) else data
        from specc.passes.expand import Failed

        before = len(self.report.diagnostics)
        try:
            return evaluate(data, values)
        except (ExpressionError, Failed):
            del self.report.diagnostics[before:]
            return None


def _mentions(item: Item, names: tuple[str, ...]) -> bool:
    """Whether a value of the item uses one of the names that differ between its copies."""
    return any(_uses(value, names) for value in (item.type, item.when, item.arguments))


def _uses(data: Any, names: tuple[str, ...]) -> bool:
    if isinstance(data, str):
        return "$" in data and any(name in data for name in names)
    if isinstance(data, dict):
        return any(_uses(value, names) for value in data.values())
    return isinstance(data, list) and any(_uses(value, names) for value in data)
