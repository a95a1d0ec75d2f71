"""The scene of a change: two graphs in one picture, what differs marked and open, all else plain and folded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator
from dataclasses import replace
from typing import Any

from specc.alignment import Alignment, Change, Pair
from specc.backends.pictures.marked.marking import mark_frames, tell
from specc.backends.pictures.marked.unchanged import fold_unchanged
from specc.backends.pictures.scenes.make_scene import LONGEST_FORMULA, make_scene
from specc.backends.pictures.scenes.phrases import TO
from specc.backends.pictures.scenes.scene import Card, Frame, Item, Scene, Wire, card_of, clean
from specc.backends.pictures.scenes.wording import value_words
from specc.diagnostics.text_safety import printable, shorten
from specc.ir.graph import Output
from specc.shapes import show_shape
from specc.words import count_of

MOST_NOTES = 4
"""Lines about one layer."""


def change_scene(alignment: Alignment) -> Scene:
    """The new graph with what was removed where it stood; each card that differs says how."""
    return _Merger(alignment).scene()


def summary(alignment: Alignment) -> str:
    """A change in a line: "3 changed, 1 added · 50 → 60 parameters"."""
    return " · ".join(_summary(alignment))


class _Merger:
    """Both scenes while they become one: the new one's cards stay, and removed ones get ids of their own."""

    def __init__(self, alignment: Alignment) -> None:
        self.alignment = alignment
        self.old = make_scene(alignment.old)
        self.new = make_scene(alignment.new)
        self._old_items, self._new_items = _by_path(self.old), _by_path(self.new)
        self.same: dict[str, str] = {}
        """The new id of what both have, by the old one."""
        self.wires: list[Wire] = []

    def scene(self) -> Scene:
        """The scene of both."""
        self._match_outputs()
        self._match(self.alignment, "", "")
        known = set(self.same.values())
        for item in self._new_items.values():
            if card_of(item).id not in known and isinstance(item, Card):
                item.mark = "added"
        members = self._merge(self.old.members, self.new.members)
        if not self.alignment.equal:
            members = fold_unchanged(members)
        self._wire()
        marked = [wire for wire in self.wires if wire.mark]
        titles = dict.fromkeys([self.old.title, self.new.title])
        removed = {f"old-{id}": subject for id, subject in self.old.subjects.items() if id not in self.same}
        return Scene(
            f" {TO} ".join(titles),
            summary(self.alignment),
            members,
            self.wires,
            self.new.subjects | removed,
            mark_frames(members, marked),
        )

    def _match_outputs(self) -> None:
        """Outputs of one name are the same; of the others, those at the same position."""
        old, new = ([it.name for it in graph.graph.outputs] for graph in (self.alignment.old, self.alignment.new))
        pairs = [(name, name) for name in old if name in new]
        if len(old) == len(new):
            rest = ([name for name in names if (name, name) not in pairs] for names in (old, new))
            pairs += zip(*rest, strict=True)
        for before, after in pairs:
            self._same(f"> {before}", f"> {after}")

    def _match(self, alignment: Alignment, before: str, after: str) -> None:
        """What both have, by the paths in nested models."""
        for old, new in alignment.instances.items():
            self._same(before + old, after + new)
        for pair in alignment.pairs:
            paths = before + pair.old.name, after + pair.new.name
            item = self._same(*paths)
            notes = notes_of(pair) if pair.causes else []
            was, now = pair.old.formula, pair.new.formula
            if was is not None and now is not None and was.text != now.text:
                notes = [f"was {shorten(printable(was.text), LONGEST_FORMULA)}"]
            if item is not None and notes:
                tell(card_of(item), "changed", notes)
            if pair.inside is not None:
                self._match(pair.inside, f"{paths[0]}/", f"{paths[1]}/")

    def _same(self, before: str, after: str) -> Item | None:
        old, new = self._old_items.get(before), self._new_items.get(after)
        if old is None or new is None or isinstance(old, Frame) != isinstance(new, Frame):
            return None
        self.same[card_of(old).id] = card_of(new).id
        return new

    def _merge(self, old: list[Item], new: list[Item]) -> list[Item]:
        """The members of one frame: the new ones, and what was removed, each after what it stood after."""
        new_by_id = {card_of(item).id: item for item in new}
        after: dict[str, list[Item]] = {}
        last = ""
        for item in old:
            counterpart = self.same.get(card_of(item).id)
            if counterpart is None:
                removed = self._removed(item)
                if removed is not None:
                    after.setdefault(last, []).append(removed)
                continue
            merged = new_by_id.get(counterpart)
            if isinstance(item, Frame) and isinstance(merged, Frame):
                merged.members = self._merge(item.members, merged.members)
            if merged is not None:
                last = counterpart
        members = after.get("", [])
        for item in new:
            members += [item, *after.get(card_of(item).id, [])]
        return members

    def _removed(self, item: Item) -> Item | None:
        """What the old scene only has, with ids of its own; None for a frame all of whose layers are still there."""
        if isinstance(item, Card):
            return replace(item, id=f"old-{item.id}", mark="removed")
        members = [
            it for member in item.members if card_of(member).id not in self.same and (it := self._removed(member))
        ]
        card = replace(item.card, id=f"old-{item.card.id}", mark="removed")
        return replace(item, card=card, members=members) if members else None

    def _wire(self) -> None:
        """The new wires, and old ones that are gone, unless they led against the flow or where added layers now lead."""
        moved = [wire._replace(tail=self._moved(wire.tail), head=self._moved(wire.head)) for wire in self.old.wires]
        before = Counter(_ends(wire) for wire in moved)
        for wire in self.new.wires:
            is_kept = before[_ends(wire)] > 0
            before[_ends(wire)] -= is_kept
            self.wires.append(wire if is_kept else wire._replace(mark="added"))
        added = _Reached(
            self.wires, within={card_of(item).id for item in self._new_items.values()} - {*self.same.values()}
        )
        reached = _Reached(self.wires)
        for wire in moved:
            if before[_ends(wire)] == 0:
                continue
            before[_ends(wire)] -= 1
            if not added.leads(wire.tail, wire.head) and not reached.leads(wire.head, wire.tail):
                reached.add(wire)
                self.wires.append(wire._replace(into=f"old {wire.into}", mark="removed"))

    def _moved(self, id: str) -> str:
        return self.same.get(id, f"old-{id}")


class _Reached:
    """Which cards lead to which; ``within`` are those that may be on the way, by default all."""

    def __init__(self, wires: list[Wire], within: Container[str] | None = None) -> None:
        self._heads: dict[str, list[str]] = {}
        self._within = within
        for wire in wires:
            self.add(wire)

    def add(self, wire: Wire) -> None:
        """Take a further wire into account."""
        self._heads.setdefault(wire.tail, []).append(wire.head)

    def leads(self, start: str, goal: str) -> bool:
        """Whether a card leads to another one."""
        seen = {start}
        pending = [start]
        while pending:
            for head in self._heads.get(pending.pop(), ()):
                if head == goal:
                    return True
                if head not in seen and (self._within is None or head in self._within):
                    seen.add(head)
                    pending.append(head)
        return start == goal


def _ends(wire: Wire) -> tuple[str, str, str]:
    return wire.tail, wire.out, wire.head


def _by_path(scene: Scene) -> dict[str, Item]:
    """The cards and frames by their path; outputs by their name after a sign that no path begins with."""
    found: dict[str, Item] = {}

    def walk(members: list[Item]) -> None:
        for item in members:
            card = card_of(item)
            is_output = isinstance(scene.subjects[card.id].item, Output)
            found[f"> {card.path}" if is_output else card.path] = item
            if isinstance(item, Frame):
                walk(item.members)

    walk(scene.members)
    return found


def notes_of(pair: Pair) -> list[str]:
    """What differs in a layer, a line for each.

    Of more than `MOST_NOTES`, the last line counts the others.
    """
    lines = [_line(change) for change in pair.causes]
    return lines if len(lines) <= MOST_NOTES else [*lines[: MOST_NOTES - 1], f"{len(lines) - MOST_NOTES + 1} more"]


def _line(change: Change) -> str:
    if change.aspect == "inputs":
        return f"inputs {_names(change.old)} {TO} {_names(change.new)}"
    label = change.name or change.aspect
    if label == "shape" and change.aspect == "argument":  # of an Input
        return f"shape {show_shape(change.old)} {TO} {show_shape(change.new)}"
    return f"{clean(label)} {_value(change.old)} {TO} {_value(change.new)}"


def _names(names: tuple[str, ...]) -> str:
    return ", ".join(map(clean, names)) or "none"


def _value(value: Any) -> str:
    return "none" if value is None else value_words(value)


def _summary(alignment: Alignment) -> Iterator[str]:
    """What is to say of the change as a whole."""
    counts = Counter(_counted(alignment))
    said = [f"{counts[word]} {word}" for word in ("changed", "added", "removed") if counts[word]]
    if alignment.equal:
        yield "no difference" + (" but in names" if counts["renamed"] else "")
    elif said:
        yield ", ".join(said)
    if counts["renamed"]:
        yield f"{counts['renamed']} renamed"
    for change in alignment.changes:
        if change.aspect == "dtype_policy":
            yield f"dtype policy {change.old} {TO} {change.new}"
    aspects = dict.fromkeys(change.aspect for change in alignment.changes if change.aspect != "dtype_policy")
    if aspects:
        yield f"other {' and '.join(aspects)}"
    before, after = alignment.old.params, alignment.new.params
    yield count_of(after, "parameter") if before == after else f"{before:,} {TO} {count_of(after, 'parameter')}"


def _counted(alignment: Alignment) -> Iterator[str]:
    """A word for each difference, also in nested models."""
    yield from ("added" for _ in alignment.added)
    yield from ("removed" for _ in alignment.removed)
    for pair in alignment.pairs:
        if pair.causes:
            yield "changed"
        if pair.renamed:
            yield "renamed"
        if pair.inside is not None:
            yield from _counted(pair.inside)
