"""The size of an expansion, computed before anything is expanded.

The count follows ``repeat``, ``each``, ``when`` and the blocks with their arguments as the expansion does, but makes
nothing: a block with the same arguments is counted once, and a repetition whose copies are alike is a product.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from specc.diagnostics import Related, Report
from specc.frontend.include import Unit
from specc.frontend.schema import Block, Item, is_expression
from specc.passes.expressions import ExpressionError, evaluate
from specc.source import Place

MOST_LAYERS = 200_000
"""Layers and instances that blocks and repetitions expand to at most; layers written out one by one do not count."""
MOST_STEPS = 10_000
"""Copies and instances with values of their own that are counted one by one at most: a fraction of a second."""


class _Size(NamedTuple):
    """What an item becomes."""

    total: int
    """Layers and instances, all copies together."""
    one: int = 1
    """Those of one copy: what a share of it brings."""
    members: Mapping[str, _Size] = {}
    """Of a block instance: what is inside, by name."""


class _TooLarge(Exception):
    pass


class _Recursive(Exception):
    pass


def measure(
    unit: Unit, items: tuple[Item, ...], units: list[Unit], values: Mapping[Unit, Mapping[str, Any]], report: Report
) -> None:
    """Report a spec that would expand beyond the limit, or a block that contains itself."""
    blocks = {name: (block, owner) for owner in units for name, block in owner.spec.blocks.items()}
    if not blocks and all(item.repeat is None and item.each is None for item in items):
        return
    measuring = _Measuring(blocks, values, report)
    if not measuring.acyclic():
        return
    total = 0
    scope = _Scope(measuring, items, values[unit], ())
    for index, item in enumerate(items):
        try:
            size = scope.size(item).total
        except _Recursive:
            return
        except _TooLarge:
            size = MOST_LAYERS + 1
        if size > 1:
            total += size
        if total > MOST_LAYERS:
            who = f"'{item.name}'" if item.name else f"a {item.type}"
            message = f"{who} brings the expansion of blocks and repetitions beyond {MOST_LAYERS:,} layers"
            report.error(
                "too-large",
                message,
                unit.place("layers", index),
                help="repeat less, or nest fewer repetitions inside each other",
            )
            return


class _Measuring:
    def __init__(
        self, blocks: dict[str, tuple[Block, Unit]], values: Mapping[Unit, Mapping[str, Any]], report: Report
    ) -> None:
        self.blocks = blocks
        self.values = values
        self.report = report
        self.steps = 0
        self.known: dict[tuple[str, str], _Size] = {}

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
        _, unit = self.blocks[chain[0]]
        self.report.error(
            "recursive-block",
            f"block '{chain[0]}' contains itself: {' -> '.join(chain)}",
            place,
            help="a block is expanded in place, so it cannot hold itself; use 'repeat' for copies",
            related=[Related("the block", unit.place("blocks", chain[0], part="key"))],
        )

    def item(self, item: Item, values: Mapping[str, Any], chain: tuple[str, ...]) -> _Size:
        """What an item that is no shared call becomes."""
        plain = item.repeat is None and item.each is None
        named = item.type not in self.blocks and not is_expression(item.type)
        if plain and item.when is None and named and not item.arguments:
            return _ONE
        if plain:
            return self._copy(item, values, chain)
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
                given = {
                    "index": index,
                    **{key: value[index] for key, value in lists.items() if isinstance(value, list)},
                }
                copy = self._copy(item, ChainMap(given, values), chain)  # type: ignore[arg-type]
                total += copy.one
                if total > MOST_LAYERS:
                    raise _TooLarge
            return copy._replace(total=total)
        if not count:
            return _Size(0)
        copy = self._copy(item, values, chain)
        if count * copy.one > MOST_LAYERS:
            raise _TooLarge
        return copy._replace(total=count * copy.one)

    def _copy(self, item: Item, values: Mapping[str, Any], chain: tuple[str, ...]) -> _Size:
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise _TooLarge
        if item.when is not None and self._value(item.when, values) is False:
            return _ONE
        kind = self._value(item.type, values)
        size = 1
        members: Mapping[str, _Size] = {}
        for inner, arguments in self._inner_blocks(item.arguments, values):
            size += self._block(inner, arguments, values, chain).one
        if kind in self.blocks:
            inside = self._block(kind, item.arguments, values, chain)
            size += inside.one
            members = inside.members
        return _Size(size, size, members)

    def _block(self, name: str, arguments: dict[str, Any], values: Mapping[str, Any], chain: tuple[str, ...]) -> _Size:
        if name in chain:
            self._recursive([*chain[chain.index(name) :], name], self.blocks[name][1].place("blocks", name, part="key"))
            raise _Recursive
        block, unit = self.blocks[name]
        given = {
            key: self._value(arguments.get(key, default), values if key in arguments else self.values[unit])
            for key, default in block.args.items()
        }
        key = (name, repr(given))
        if key not in self.known:
            inside: Mapping[str, Any] = ChainMap(given, self.values[unit])  # type: ignore[arg-type]
            scope = _Scope(self, block.layers, inside, (*chain, name))
            size = 0
            for item in block.layers:
                size += scope.size(item).total
                if size > MOST_LAYERS:
                    raise _TooLarge
            self.known[key] = _Size(size, size, scope.sizes)
        return self.known[key]

    def _inner_blocks(
        self, arguments: dict[str, Any], values: Mapping[str, Any] | None = None
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        """The blocks that stand as inner layers among arguments; without ``values``, those that are named as they are."""
        for key, written in arguments.items():
            value = written if values is None else self._value(written, values)
            if isinstance(value, str) and key in ("layer", "backward_layer") and value in self.blocks:
                yield value, {}
            elif isinstance(value, dict):
                kind = self._value(value.get("type"), values) if values is not None else value.get("type")
                if isinstance(kind, str) and kind in self.blocks:
                    yield kind, {name: given for name, given in value.items() if name not in ("type", "name")}
                yield from self._inner_blocks(value, values)

    def _value(self, data: Any, values: Mapping[str, Any]) -> Any:
        """A value, or None where it has an error: the expansion reports that with its place."""
        if not is_expression(data):
            return [self._value(item, values) for item in data] if isinstance(data, list) else data
        from specc.passes.values import Failed

        before = len(self.report.diagnostics)
        try:
            return evaluate(data, values)
        except (ExpressionError, Failed):
            del self.report.diagnostics[before:]
            return None


class _Scope:
    """The items of a list of layers, which may share each other in any order."""

    def __init__(
        self, measuring: _Measuring, items: tuple[Item, ...], values: Mapping[str, Any], chain: tuple[str, ...]
    ) -> None:
        self._measuring, self._values, self._chain = measuring, values, chain
        self._named = {item.name: item for item in items if item.name is not None}
        self.sizes: dict[str, _Size] = {}

    def size(self, item: Item) -> _Size:
        """What an item becomes; a share as much as what it shares."""
        name = item.name
        if name is not None and name in self.sizes:
            return self.sizes[name]
        if item.share is None:
            size = self._measuring.item(item, self._values, self._chain)
        else:
            if name is not None:
                self.sizes[name] = _ONE  # for one that shares itself, which is an error that is found later
            size = self._shared(item.share)
        if name is not None:
            self.sizes[name] = size
        return size

    def _shared(self, reference: str) -> _Size:
        first, *steps = reference.split(".")
        item = self._named.get(first) or self._named.get(first.rpartition("_")[0])
        found = _ONE if item is None else self.size(item)
        for step in steps:
            found = found.members.get(step) or found.members.get(step.rpartition("_")[0]) or _ONE
        return found._replace(total=found.one)


_ONE = _Size(1)


def _mentions(item: Item, names: tuple[str, ...]) -> bool:
    """Whether a value of the item uses one of the names that differ between its copies."""
    return any(_uses(value, names) for value in (item.type, item.when, item.arguments))


def _uses(data: Any, names: tuple[str, ...]) -> bool:
    if isinstance(data, str):
        return "$" in data and any(name in data for name in names)
    if isinstance(data, dict):
        return any(_uses(value, names) for value in data.values())
    return isinstance(data, list) and any(_uses(value, names) for value in data)
