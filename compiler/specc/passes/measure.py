"""The size of an expansion, computed before anything is expanded.

The count follows ``repeat``, ``each``, ``when`` and the blocks with their arguments as the expansion does, but makes
nothing: a block is counted once for each set of the values that its size depends on, and a repetition whose copies
are of one size is a product.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from specc import layers
from specc.budget import current
from specc.diagnostics import Related, Report
from specc.expressions.errors import ExpressionError
from specc.expressions.evaluate import evaluate
from specc.frontend.include import Unit
from specc.frontend.items import Item
from specc.frontend.names import is_expression
from specc.frontend.schema import Block
from specc.passes.values import Failed, names_in
from specc.source import Place

DEEPEST_BLOCKS = 200
"""Blocks inside each other at most as they are written; instances have a limit of their own when they are expanded."""
LONGEST_SHARE = 200
"""Shares of each other that are followed at most; more are an error that is found later."""
MOST_STEPS = 2_000
"""Copies and blocks whose sizes depend on values of their own that are counted one by one at most: a tenth of a second."""


PARTS_A_LAYER = 16
"""Arguments, inputs, outputs and edges of a block that cost as much as a layer."""


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


class _TooVaried(Exception):
    pass


class _Recursive(Exception):
    pass


class _Overdrawn(Exception):
    """A value that is needed to count comes to more than all values of a spec may."""

    def __init__(self, error: ExpressionError) -> None:
        super().__init__()
        self.error = error


def measure(
    unit: Unit, items: tuple[Item, ...], units: list[Unit], values: Mapping[Unit, Mapping[str, Any]], report: Report
) -> None:
    """Report a spec that would expand beyond the limit, or a block that contains itself."""
    blocks = {name: (block, owner) for owner in units for name, block in owner.spec.blocks.items()}
    most = current().most_layers(len(items))
    if not blocks and len(items) <= most and all(item.repeat is None and item.each is None for item in items):
        return
    measuring = _Measuring(blocks, values, most, report)
    if not measuring.acyclic():
        return
    total = 0
    scope = _Scope(measuring, items, values[unit], ())
    for index, item in enumerate(items):
        try:
            total += max(1, scope.size(item).total)
            if total > most:
                raise _TooLarge
        except _Recursive:
            return
        except _Overdrawn as overdrawn:
            report.add(replace(overdrawn.error.problem, within=None), unit.place("layers", index))
            return
        except _TooLarge:
            said = f"brings the spec beyond {most:,} layers"
            help = "repeat less, or nest fewer repetitions inside each other; a longer file may have more"
        except _TooVaried:
            said = f"has more than {MOST_STEPS:,} copies and blocks whose sizes depend on values of their own"
            help = "repeat less, or give the copies one size: their 'repeat', 'when' and types then use no value that differs"
        else:
            continue
        who = f"'{item.name}'" if item.name else f"a {item.type}"
        report.error("too-large", f"{who} {said}", unit.place("layers", index), help=help)
        return


class _Measuring:
    def __init__(
        self,
        blocks: dict[str, tuple[Block, Unit]],
        values: Mapping[Unit, Mapping[str, Any]],
        most: int,
        report: Report,
    ) -> None:
        self.blocks = blocks
        self.values = values
        self.report = report
        self.most = most
        self.steps = 0
        self.known: dict[tuple[str, str], _Size] = {}
        self.decide: dict[str, tuple[str, ...]] = {}

    def acyclic(self) -> bool:
        """Report blocks that contain themselves by the types that they name, or too many others inside each other."""
        state: dict[str, int] = {}
        depths: dict[str, int] = {}
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
                    depths[name] = max(depths.get(name, 0), 1)
                    if stack:
                        depths[stack[-1][0]] = max(depths.get(stack[-1][0], 0), depths[name] + 1)
                elif state.get(step[0]) == 1:
                    chain = [name for name, _ in stack]
                    self._recursive([*chain[chain.index(step[0]) :], step[0]], step[1])
                    sound = False
                elif step[0] not in state:
                    state[step[0]] = 1
                    stack.append((step[0], iter(self._named_blocks(step[0]))))
                else:
                    depths[name] = max(depths.get(name, 0), depths.get(step[0], 0) + 1)
        too_deep = next((name for name, depth in depths.items() if depth > DEEPEST_BLOCKS), None)
        if sound and too_deep is not None:
            message = f"block '{too_deep}' holds blocks nested more than {DEEPEST_BLOCKS} deep"
            self.report.error(
                "too-deep",
                message,
                self.blocks[too_deep][1].place("blocks", too_deep, part="key"),
                help="let blocks hold each other less deeply; 'repeat' makes copies",
            )
        return sound and too_deep is None

    def _named_blocks(self, name: str) -> Iterator[tuple[str, Place]]:
        block, unit = self.blocks[name]
        for index, item in enumerate(block.layers):
            place = unit.place("blocks", name, "layers", index)
            if item.type in self.blocks:
                yield item.type, place
            for inner in self._inner_blocks(item.type, item.arguments):
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
        if item.repeat is None and item.each is None:
            return self._copy(item, values, chain)
        count = 0
        lists: dict[str, list[Any]] = {}
        if item.repeat is not None:
            given = self._value(item.repeat, values)
            if isinstance(given, int) and not isinstance(given, bool):
                count = max(given, 0)
        elif item.each is not None:
            computed = {key: self._value(value, values) for key, value in item.each.items()}
            lists = {key: value for key, value in computed.items() if isinstance(value, list)}
            count = min(map(len, lists.values()), default=0)
        if count > self.most:
            raise _TooLarge
        if not count:
            return _Size(0)
        if not is_expression(item.type) and self._is_one(item.type):
            return _Size(count)
        if self._deciding(item).isdisjoint(("index", *(item.each or ()))):
            copy = self._copy(item, values, chain)
            total = count * copy.one
        else:
            total = 0
            for index in range(count):
                self._step()
                self._step(len(lists) or 1)
                own = {"index": index, **{key: value[index] for key, value in lists.items()}}
                copy = self._copy(item, ChainMap(own, values), chain)  # type: ignore[arg-type]
                total += copy.one
                if total > self.most:
                    break
        if total > self.most:
            raise _TooLarge
        return _Size(total, copy.one, copy.members)

    def _step(self, values: int = 0) -> None:
        """Count a step; or some values, of which a hundred are one."""
        self.steps += values // 100 if values else 1
        if self.steps > MOST_STEPS:
            raise _TooVaried

    def _copy(self, item: Item, values: Mapping[str, Any], chain: tuple[str, ...]) -> _Size:
        kind = self._value(item.type, values)
        kind = kind if isinstance(kind, str) else ""
        if self._is_one(kind):
            return _ONE
        if item.when is not None and self._value(item.when, values) is False:
            return _ONE
        size = 1
        members: Mapping[str, _Size] = {}
        for inner, arguments in self._inner_blocks(kind, item.arguments, values):
            size += self._block(inner, arguments, values, chain).one
        if kind in self.blocks:
            inside = self._block(kind, item.arguments, values, chain)
            size += inside.one
            members = inside.members
        return _Size(size, size, members)

    def _is_one(self, kind: Any) -> bool:
        """Whether a type is that of a layer that has no layers inside."""
        return kind not in self.blocks and not self._inner_arguments(kind)

    def _block(self, name: str, arguments: dict[str, Any], values: Mapping[str, Any], chain: tuple[str, ...]) -> _Size:
        if len(chain) > DEEPEST_BLOCKS:
            return _ONE
        if name in chain:
            self._recursive([*chain[chain.index(name) :], name], self.blocks[name][1].place("blocks", name, part="key"))
            raise _Recursive
        block, unit = self.blocks[name]
        given: dict[str, Any] = {}
        inside: Mapping[str, Any] = ChainMap(given, self.values[unit])  # type: ignore[arg-type]
        for argument in self._arguments_that_decide(name):
            if argument in arguments:
                given[argument] = self._value(arguments[argument], values)
            else:
                given[argument] = self._value(block.args[argument], inside)
            self._step(current().size(given[argument]).elements)
        key = (name, repr(given))
        if key not in self.known:
            scope = _Scope(self, block.layers, inside, (*chain, name))
            size = (len(block.args) + len(block.inputs) + len(block.outputs) + len(block.edges or ())) // PARTS_A_LAYER
            for item in block.layers:
                self._step()
                size += scope.size(item).total
                if size > self.most:
                    raise _TooLarge
            self.known[key] = _Size(size, size, scope.sizes)
        return self.known[key]

    # -- What decides a size: a block's other arguments need not be computed --------------------

    def _deciding(self, item: Item) -> set[str]:
        """The names that an item's size depends on."""
        kind = item.type
        if is_expression(kind):
            return names_in([kind, item.when, item.repeat, item.each, item.arguments])
        names = names_in([item.repeat, item.each])
        inner = self._inner_arguments(kind)
        if kind in self.blocks or inner:
            names |= names_in(item.when)
        decide = self._arguments_that_decide(kind) if kind in self.blocks else inner
        for argument in decide:
            names |= names_in(item.arguments.get(argument))
        return names

    def _arguments_that_decide(self, name: str) -> tuple[str, ...]:
        """The arguments of a block that its size depends on, in their order."""
        if name not in self.decide:
            block, _ = self.blocks[name]
            names = set().union(*map(self._deciding, block.layers))
            for argument in reversed(block.args):  # a default may use the arguments before it
                if argument in names:
                    names |= names_in(block.args[argument])
            self.decide[name] = tuple(argument for argument in block.args if argument in names)
        return self.decide[name]

    def _inner_arguments(self, kind: Any) -> tuple[str, ...]:
        """The arguments of a layer type that are layers themselves."""
        cls = layers.find(kind) if isinstance(kind, str) else None
        return cls.inner_layers() if cls is not None else ()

    def _inner_blocks(
        self, kind: Any, arguments: dict[str, Any], values: Mapping[str, Any] | None = None
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        """The blocks that stand as inner layers in a layer; without ``values``, those that are named as they are."""
        for key in self._inner_arguments(kind):
            value = arguments.get(key) if values is None else self._value(arguments.get(key), values)
            for one in value if isinstance(value, list) else [value]:
                inner = {"type": one} if isinstance(one, str) else one
                if not isinstance(inner, dict):
                    continue
                inner_kind = inner.get("type") if values is None else self._value(inner.get("type"), values)
                if isinstance(inner_kind, str) and inner_kind in self.blocks:
                    yield inner_kind, {name: given for name, given in inner.items() if name not in ("type", "name")}
                else:
                    yield from self._inner_blocks(inner_kind, inner, values)

    def _value(self, data: Any, values: Mapping[str, Any]) -> Any:
        """A value, or None where it has an error: the expansion reports that with its place."""
        if not is_expression(data):
            return [self._value(item, values) for item in data] if isinstance(data, list) else data
        before = len(self.report.diagnostics)
        try:
            return evaluate(data, values)
        except (ExpressionError, Failed) as error:
            if isinstance(error, ExpressionError) and current().is_overdrawn:
                raise _Overdrawn(error) from None
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
        self._following = 0

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
            self._following += 1
            size = self._shared(item.share) if self._following <= LONGEST_SHARE else _ONE
            self._following -= 1
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
