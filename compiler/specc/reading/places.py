"""Where everything in a text is written: a second reading, started on demand, which ends where the place is found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from specc.source import Part, Path, Span

AT_ONCE = 100
"""Steps that are taken in a row."""
MOST_INSIDE = 50_000
"""Steps inside a map or list whose end is searched; the place of a longer one is its first character."""
OPEN_MAP, OPEN_LIST, CLOSE, SCALAR = range(4)


Step = tuple[int, Span, str]
"""A step of a reader through a text that it has accepted: a map or list opens or closes, or there is a scalar. With
the span of a scalar, of the first character of what opens, and of what closes from where it opened; and its text."""


@dataclass(eq=False, slots=True)
class _Node:
    """A map or list."""

    children: dict[str, tuple[Span, _Child | None]] | list[_Child]
    """Of a map: each key's span, and its value, which follows."""
    start: Span
    begin: int
    """The steps before it."""
    span: Span | None = None
    """None until it is closed; of a long one its start."""


_Child = _Node | Span
_NOWHERE = Span(1, 1, 1, 1)


class Twice(NamedTuple):
    """A key that occurs again in the same map."""

    key: str
    first: Span
    item: int | None
    """What identifies the map, if it is an entry of a list."""


class Places:
    """The places that a reader's steps have reached so far; it continues on demand."""

    def __init__(self, steps: Iterator[Step], key: Callable[[str], str] = str) -> None:
        self._steps = steps
        self._key_of = key
        """A scalar's text as a key."""
        self._root: _Child | None = None
        self._open: list[_Node] = []
        self._taken = 0
        """Steps."""
        self._key: str | None = None
        """The key whose value comes next."""
        self.twice: dict[Span, Twice] = {}
        """Keys that occur again in the same map, by place."""

    def find(self, path: Path, part: Part) -> Span:
        """Where a path's value or key is written; for a path that does not exist, its nearest ancestor."""
        while self._root is None and self.advance():
            pass
        node, last = self._root, len(path) - 1
        for position, step in enumerate(path):
            found = self._child(node, step)
            if found is None:
                break
            key, node = found
            if part == "key" and position == last and key is not None:
                return key
        if isinstance(node, _Node):
            while node.span is None and self._taken - node.begin <= MOST_INSIDE and self.advance():
                pass
            return node.span or node.start
        return node or _NOWHERE

    def first_of(self, again: Span) -> Span | None:
        """Where a duplicate key is first in the same map."""
        while again not in self.twice and self.advance():
            pass
        return self.twice[again].first if again in self.twice else None

    def _child(self, node: _Child | None, step: str | int) -> tuple[Span | None, _Child] | None:
        """What a step leads to, the span of its key first; None if there is no such key or index."""
        if not isinstance(node, _Node):
            return None
        children = node.children
        if isinstance(children, list) and isinstance(step, int):
            while len(children) <= step and node.span is None and self.advance():
                pass
            return (None, children[step]) if step < len(children) else None
        if isinstance(children, dict) and isinstance(step, str):
            while (found := children.get(step)) is None or found[1] is None:
                if node.span is not None or not self.advance():
                    return None
            return found[0], found[1]
        return None

    def advance(self) -> bool:
        """Take some steps; False if there are none left."""
        top = self._open[-1].children if self._open else None
        before = taken = self._taken
        for kind, span, text in islice(self._steps, AT_ONCE):
            taken += 1
            if kind == SCALAR:
                if type(top) is list:
                    top.append(span)
                elif type(top) is dict and self._key is None:
                    self._key = key = self._key_of(text)
                    if key in top:
                        in_list = len(self._open) > 1 and isinstance(self._open[-2].children, list)
                        self.twice[span] = Twice(key, top[key][0], id(top) if in_list else None)
                    else:
                        top[key] = (span, None)
                else:
                    self._attach(span)
                continue
            if kind == CLOSE:
                closed = self._open.pop()
                closed.span = span if taken - closed.begin <= MOST_INSIDE else closed.start
            else:
                node = _Node({} if kind == OPEN_MAP else [], span, taken)
                self._attach(node)
                self._open.append(node)
            top = self._open[-1].children if self._open else None
        self._taken = taken
        return taken > before

    def _attach(self, child: _Child) -> None:
        top = self._open[-1].children if self._open else None
        if top is None:
            self._root = child
        elif isinstance(top, list):
            top.append(child)
        elif self._key is not None:
            key, value = top[self._key]
            if value is None:  # else it is the second of two equal keys
                top[self._key] = (key, child)
            self._key = None
