"""Items to scopes: values substituted, copies made, blocks expanded, each layer's arguments checked.

The result is a tree of `Scope`s, one for the file and one for each block instance, whose `Entry`s are the items
after expansion. Nothing is wired yet: `specc.passes.wiring.wire` does that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from specc.automatic_names import AutomaticNames
from specc.budget import current
from specc.calls import Callee
from specc.diagnostics import Report
from specc.frontend.include import Unit
from specc.frontend.items import Item
from specc.frontend.names import is_computed_name
from specc.frontend.schema import Block
from specc.ir import Copy, NestedModel
from specc.passes.expansion.blocks import Definition, blocks_of, report_recursion
from specc.passes.expansion.copies import CopyValues, copies_of
from specc.passes.expansion.entries import entry_of
from specc.passes.expansion.freeze_items import freeze, in_wrapper, report_unmatched
from specc.passes.expansion.freeze_patterns import Freezing, Pattern
from specc.passes.expansion.instances import arguments_of, check_model
from specc.passes.expansion.item_values import ItemValues
from specc.passes.expansion.layer_items import LayerItems
from specc.passes.expansion.names import check_automatic, computed_name, declare, is_of_each_copy, own_names
from specc.passes.expansion.questions import Asked, ScopeQuestions
from specc.passes.expansion.report import ItemReport
from specc.passes.expansion.scopes import Copies, Entry, Scope, ScopeValues, TooLarge, extended
from specc.passes.expansion.sizes import LeastSizes, cost_of_parts
from specc.passes.expansion.unreached import check_unreached
from specc.passes.expansion.whole_specs import of_whole
from specc.passes.values import Failed, names_in, substitute
from specc.passes.vars import FileValues
from specc.source import Frame, Origin, Path, Place

_CALLED = ("id", "label", "layer_name")
"""Other names that people use for the key of an item's name."""
MOST_WRONG_VALUES = 10
"""Values of an ``each`` that are wrong, after which its other copies are skipped."""


@dataclass(slots=True)
class _Part:
    """What is known of an item before it is expanded."""

    place: Place
    name: str | None
    copies: list[CopyValues] | None
    """The values of each copy, for an item with ``repeat`` or ``each``."""
    counts_later: bool = False
    """Whether the number of copies may depend on the shapes of items above."""
    own_names: list[str] | None = None
    """The name of each copy, if the item's name uses their values: then no name is for all of them."""

    def copy_name(self, number: int) -> str | None:
        """The name of a copy, counted from 1."""
        if self.own_names is not None:
            return self.own_names[number - 1]
        return None if self.name is None else f"{self.name}_{number}"

    @property
    def names(self) -> tuple[str, ...]:
        """All names that the item takes in its scope."""
        if self.name is None:
            return tuple(self.own_names or ())
        return (self.name, *(f"{self.name}_{number}" for number in range(1, len(self.copies or ()) + 1)))


def expand(
    units: list[Unit], items: tuple[Item, ...], values: FileValues, report: Report, frozen: Sequence[Pattern] = ()
) -> Scope:
    """The scope of the spec's own layers. TooLarge if they become too many.

    Items that no expansion reaches are checked as they are written.
    """
    expander = _Expander(units, values, report)
    current().allow_layers(len(items))
    scope = expander.file(units[0], items, Freezing.of(frozen))
    check_unreached(units, items, expander.is_open, report)
    if frozen and not report.failed:
        report_unmatched(frozen, scope, report)
    return scope


def report_too_large(found: TooLarge, items: tuple[Item, ...], report: Report) -> None:
    """Report that one of the spec's own items brings too many layers."""
    item = items[int(found.place.path[1])]
    who = f"'{item.name}'" if item.name else f"a {item.type}"
    report.error(
        "too-large",
        f"{who} expands the spec to more than {current().most_layers:,} layers",
        found.place,
        help="repeat less, or nest fewer repetitions inside each other; a longer file may have more",
    )


class _Expander:
    """Expands the scopes of one compilation."""

    def __init__(self, units: list[Unit], values: FileValues, report: Report) -> None:
        self.report = report
        self.values: dict[Unit, Mapping[str, Any]] = {**values}
        self.blocks = blocks_of(units)
        self.item_report = ItemReport(report)
        self.layers = LayerItems(units, self.values, self.blocks, self._nested_model, self.item_report)
        self._asked = Asked(units[0], self.values, self.layers, report)
        self.item_values = ItemValues(units, self.item_report)
        self._opened: set[int] = set()
        self._budget = current()
        self._least = LeastSizes(self.blocks)
        self._expanding: list[Definition] = []
        """The blocks that are being expanded, each inside the one before it."""

    # -- Scopes -------------------------------------------------------------------------------

    def file(self, unit: Unit, items: tuple[Item, ...], freezing: Freezing) -> Scope:
        """The scope of the spec's own layers."""
        scope = Scope("", unit, ("layers",), self.values[unit], freezing=freezing)
        self._let_ask(scope, extended(scope.values, {}))
        self._fill(scope, items, is_paid=False)
        return scope

    def is_open(self, item: Item) -> bool:
        """Whether an item became a layer or an instance, so that all of it was checked."""
        return id(item) in self._opened

    def _inside(
        self,
        block: Definition,
        prefix: str,
        frame: Frame,
        frames: tuple[Frame, ...],
        inherited: dict[str, Any],
        freezing: Freezing,
    ) -> Scope:
        """The scope of a block instance or a nested model, still without items."""
        arguments: dict[str, Any] = {}
        values = extended(self.values[block.unit], arguments)
        path = (*block.path, "layers")
        frames = (*frames, frame)
        scope = Scope(prefix, block.unit, path, values, frames, block.block, block.name, arguments, inherited, freezing)
        self._let_ask(scope, values)
        return scope

    def _fill_block(self, scope: Scope, defined: Definition, given: dict[str, Any], is_paid: bool) -> None:
        """Expand the inside of a block instance: the block's layers, with the instance's arguments as values.

        ``is_paid``: whether its least size has been spent already.
        """
        if defined in self._expanding:
            chain = [*self._expanding[self._expanding.index(defined) :], defined]
            report_recursion(chain, defined.named, self.report)
            raise Failed
        if not is_paid:
            self._spend(cost_of_parts(defined.block), scope.frames[-1].place, scope.frames[:-1])
        for name, default in defined.block.args.items():
            # In order: a default may use the arguments before it.
            if name in given:
                scope.arguments[name] = given[name]
            else:
                scope.by_default.add(name)
                place = defined.place("args", *defined.block.args.path(name))
                scope.arguments[name] = substitute(default, scope.values, place, scope.frames, self.report)
        self._expanding.append(defined)
        try:
            with of_whole(scope, self.layers, self.item_report):
                self._fill(scope, defined.block.layers, is_paid)
        finally:
            self._expanding.pop()

    def _let_ask(self, scope: Scope, values: ScopeValues) -> None:
        """Let the expressions of a scope ask for the shapes of its items, and how many tensors its inputs take."""
        scope.values = values
        values.questions = ScopeQuestions(self._asked, scope)

    def _spend(self, count: int, place: Place, frames: tuple[Frame, ...]) -> None:
        """Count layers and instances before they are made. TooLarge if they are too many."""
        if not self._budget.spend_layers(count):
            raise TooLarge(frames[0].place if frames else place)

    def _fill(self, scope: Scope, items: tuple[Item, ...], is_paid: bool) -> None:
        parts = [self._part(scope, index, item, is_paid) for index, item in enumerate(items)]
        taken = set(scope.block.inputs) if scope.block is not None else set()
        for part in parts:
            if part is not None:
                taken.update(part.names)
        scope.automatic_names = AutomaticNames(taken)
        scope.coming = taken
        for index, (item, part) in enumerate(zip(items, parts, strict=True)):
            try:
                if part is None:
                    raise Failed
                if part.counts_later:
                    part.copies = self._copies(scope, item, part.place)
                    part.own_names = own_names(item, scope, part.place, part.copies, self.item_report)
                    taken.update(part.names)
                    check_automatic(scope, part.names, part.place, self.report)
                made = self._item(scope, item, part)
            except Failed:
                made = self._broken(scope, index, item, part)
            entries = made.entries if isinstance(made, Copies) else (made,)
            for position, entry in enumerate(entries):
                scope.entries += (*entry.parts, entry)
                for member in entry.parts if entry.named else ():
                    scope.names[member.name] = member
                if entry.named and made is not entry:
                    declare(scope, entry.name, entry, position, self.report)
            if entries and entries[0].named and (part is None or part.own_names is None or made is entries[0]):
                declare(scope, made.name, made, 0, self.report)
            scope.above = made

    # -- Items --------------------------------------------------------------------------------

    def _broken(self, scope: Scope, index: int, item: Item, part: _Part | None) -> Entry:
        """An item that was reported: it keeps its names, so that references to it are not reported too."""
        name = part.name if part is not None else item.name
        if name is not None and is_computed_name(name):
            name = None
        origin = Origin(Place(scope.unit.document, (*scope.path, index)), scope.frames)
        source = [] if self._budget.is_computed(item.from_) else item.from_  # what it names may be what is wrong
        entry = Entry(
            name or "", name is not None, item, origin, scope, broken=True, arguments=item.arguments, source=source
        )
        entry.previous, entry.block = scope.above, self._block(scope, item)
        called = [item.arguments.get(key) for key in _CALLED] if name is None else []  # not 'name', which is reported
        copies = [other for other in part.names if other != name] if part is not None else []
        for other in (*copies, *(one for one in called if isinstance(one, str))):
            scope.names.setdefault(other, entry)
        return entry

    def _part(self, scope: Scope, index: int, item: Item, is_paid: bool) -> _Part | None:
        """An item's place, name and copies, known for all of a scope before the first automatic name is assigned."""
        place = Place(scope.unit.document, (*scope.path, index))
        if not is_paid:
            self._spend(self._least.item(item, scope.unit), place, scope.frames)
        try:
            given = item.each if item.repeat is None else item.repeat
            counts_later = given is not None and "shape" in names_in(given)
            copies = None if given is None or counts_later else self._copies(scope, item, place)
            own = None if copies is None else own_names(item, scope, place, copies, self.item_report)
            if own is not None or (counts_later and is_of_each_copy(item, given)):
                return _Part(place, None, copies, counts_later, own)
            name = item.name
            if name is not None and is_computed_name(name):
                name = computed_name(name, scope.values, place, scope.frames, self.item_report)
            return _Part(place, name, copies, counts_later)
        except Failed:
            return None

    def _copies(self, scope: Scope, item: Item, place: Place) -> list[tuple[Mapping[str, Any], Frame]]:
        """The values of each copy of an item."""

        def spend(count: int) -> None:
            """Spend copies whose number depends on values."""
            least = self._least.item(item, scope.unit)
            self._spend(max(1, count * self._least.copy(item, scope.unit)) - least, place, scope.frames)

        return list(copies_of(item, scope, place, self.item_report, spend))

    def _item(self, scope: Scope, item: Item, part: _Part) -> Entry | Copies:
        place, copies = part.place, part.copies
        if copies is None:
            return self._entry(scope, place, item, scope.values, scope.frames, part.name)
        entries: list[Entry] = []
        failed = 0
        for number, (values, frame) in enumerate(copies, 1):
            name = part.copy_name(number)
            frames = (*scope.frames, frame._replace(name=name or frame.name))
            found = len(self.report.diagnostics)
            copy = Copy(part.name, number - 1, len(copies), item.repeat is not None)
            before = entries[-1] if entries and item.repeat is not None else None
            try:
                entry = self._entry(scope, place, item, values, frames, name, copy, before)
            except Failed:
                failed += 1
                if frame.each is None or failed == MOST_WRONG_VALUES:
                    self.report.of_copies(found, len(copies) - number)
                    raise
                continue
            entries.append(entry)
        if failed:
            raise Failed
        if not entries:
            name = part.name or f"{item.type or item.share} (absent)"
            scope.freezing.item(name, None, part.name is not None, self.report).skip()
            return Entry(
                name,
                part.name is not None,
                item,
                Origin(place, scope.frames),
                scope,
                previous=scope.above,
                absent=True,
                block=self._block(scope, item),
                arguments=item.arguments,
                source=None
                if item.repeat is None  # it passes nothing on, and what it takes may depend on values
                else self.item_values.passed_on(item, scope.values, Origin(place, scope.frames)),
                otherwise=[] if item.repeat is None else None,
            )
        return Copies(part.name or entries[-1].name, entries, in_chain=item.repeat is not None)

    def _entry(
        self,
        scope: Scope,
        place: Place,
        item: Item,
        values: Mapping[str, Any],
        frames: tuple[Frame, ...],
        name: str | None,
        copy: Copy | None = None,
        before: Entry | None = None,
    ) -> Entry:
        """One item, or one ``copy`` of it, which in a chain comes after the one ``before``."""
        origin = Origin(place, frames)
        above = scope.above if before is None else None
        if item.when is not None and not self.item_values.is_there(item, name, values, origin):
            scope.freezing.item(name or "", copy, name is not None, self.report).skip()
            entry = self._absent(scope, item, values, origin, name)
            entry.previous, entry.chained, entry.copy = above, before, copy
            return entry
        self._opened.add(id(item))
        if item.formula is not None:
            from specc.passes.expansion.formula_items import formula_entry  # few specs have formulas

            spend = partial(self._spend, place=place, frames=frames)
            return formula_entry(scope, item, values, origin, name, copy, self.item_report, spend)
        written = item
        item, arguments = self.item_values.computed(item, name, values, origin)
        kind = item.type or ""
        entry = entry_of(scope, item, arguments, origin, name)
        entry.previous, entry.chained, entry.copy = above, before, copy
        if item.share is not None:
            return entry
        if scope.freezing:
            freeze(entry, kind in self.blocks[scope.unit], self.item_report)
        if (block := self.blocks[scope.unit].get(kind)) is not None:
            self._open_block(entry, block, self._least.opens(written, scope.unit))
        else:
            entry.layer = self.layers.layer(entry, kind)
            entry.options = self.layers.options(entry)
        return entry

    def _absent(self, scope: Scope, item: Item, values: Mapping[str, Any], origin: Origin, name: str | None) -> Entry:
        return Entry(
            name or f"{item.type or item.share} (absent)",
            name is not None,
            item,
            origin,
            scope,
            absent=True,
            block=self._block(scope, item),
            arguments=item.arguments,
            source=self.item_values.absent_source(item, name, values, origin),
            otherwise=self.item_values.reference(item.else_, values, origin, ("else",)),
        )

    def _block(self, scope: Scope, item: Item) -> Block | None:
        """The block of an item that does not become an instance of it."""
        found = self.blocks[scope.unit].get(item.type or "")
        return None if found is None else found.block

    # -- Block instances ----------------------------------------------------------------------

    def _open_block(self, entry: Entry, block: Definition, is_paid: bool) -> None:
        item, origin, inherited = entry.item, entry.origin, entry.inherited
        if item.nested:
            given = {**inherited, **entry.arguments}
            entry.layer = self._nested_model(entry, block, given, (), entry.full_name, is_paid)
            entry.options = self.layers.options(entry)
            return
        if item.call:
            self.item_report.fail(
                "call-of-block",
                f"{entry.label}: an instance that is expanded in place cannot be called",
                origin.place,
                ("call",),
                origin.frames,
                "add 'nested: true', or write 'call' on a layer of the block",
            )
        given, handed = arguments_of(entry, block, entry.arguments, (), self.item_report)
        frames = origin.frames
        frame = Frame(origin.place, entry.full_name, given, block.name)
        if frames and frames[-1].place == origin.place:  # a copy of the instance: one frame shows both
            frames, copy = frames[:-1], frames[-1]
            frame = frame._replace(values={**copy.values, **given}, each=copy.each)
        handed = {**inherited, **handed}
        entry.inner = self._inside(block, f"{entry.full_name}.", frame, frames, handed, entry.freezing.inside())
        entry.inner.instance = entry  # before it is filled: what is inside may ask for the shapes of its inputs
        self._fill_block(entry.inner, block, given, is_paid)

    def _nested_model(
        self, entry: Entry, block: Definition, arguments: dict[str, Any], path: Path, name: str, is_paid: bool = False
    ) -> Callee:
        from specc.passes.wiring.wire import wire  # only specs with nested models need it here

        origin = entry.origin
        check_model(entry, block.block, path, self.item_report)
        given, handed = arguments_of(entry, block, arguments, path, self.item_report)
        place = origin.at(*path)
        freezing = entry.freezing.inside()
        if path and freezing:
            freezing, handed = in_wrapper(freezing, name, handed, self.item_report)
        scope = self._inside(block, "", Frame(place, name, given), origin.frames, handed, freezing)
        scope.model_of = entry, path
        self._fill_block(scope, block, given, is_paid)
        graph = wire(scope, name, self.report, Origin(place, origin.frames))
        if made_for := self._asked.made_for(scope, graph):
            graph = replace(graph, made_for=(*graph.made_for, *made_for))
        return NestedModel.of(graph, name)
