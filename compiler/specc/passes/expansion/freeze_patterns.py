"""The patterns of ``freeze``: the layers and instances that they name have ``trainable: false``, unless they say otherwise.

A pattern is compared with full names step by step, while instances are opened: what is left of it goes on into each.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from specc.budget import current
from specc.diagnostics import Report
from specc.ir import Copy
from specc.source import Place

LONGEST_PATTERN = 1000
MOST_PATTERNS = 1000
"""Most patterns with ``*`` or ``?``; there may be more names."""
STEPS_A_VALUE = 3
"""Characters compared that count as one element of the budget of values."""


class Pattern:
    """A full name, in which ``*`` stands for any characters and ``?`` for one.

    Where a comparison is in the pattern is a set of places, the bits of an integer: the characters before one are matched.
    """

    def __init__(self, text: str, place: Place) -> None:
        self.text = text
        self.place = place
        self.matched = False
        """Whether something has such a name."""
        self._end = 0
        self._stars = 0
        self._any = 0
        """The places before a ``?``."""
        self._before: dict[str, int] = {}
        """The places before each other character."""
        for char in re.sub(r"\*+", "*", text):
            if char == "*":
                self._stars |= 1 << self._end
            elif char == "?":
                self._any |= 1 << self._end
            else:
                self._before[char] = self._before.get(char, 0) | 1 << self._end
            self._end += 1

    @property
    def is_name(self) -> bool:
        """Whether it is a single name."""
        return not self._any and not self._stars

    def begin(self) -> int:
        """The places before the first character of a name."""
        return 1 | (1 & self._stars) << 1

    def after(self, places: int, text: str) -> tuple[int, int]:
        """The places after a further text of a name, 0 if there is none; and the number of characters compared."""
        stars, any, before = self._stars, self._any, self._before
        for count, char in enumerate(text):
            if not places:
                return 0, count
            places = (places & stars) | (places & (before.get(char, 0) | any)) << 1
            places |= (places & stars) << 1
        return places, len(text)

    def ends(self, places: int) -> bool:
        """Whether all of it is matched at one of the places."""
        return bool(places >> self._end)

    def always_ends(self, places: int) -> bool:
        """Whether it matches whatever comes after one of the places."""
        return bool(places & self._stars & 1 << self._end - 1)


@dataclass(eq=False, slots=True)
class _Names:
    """The patterns that are names, by their parts between dots."""

    pattern: Pattern | None = None
    inside: dict[str, _Names] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Freezing:
    """What is left of the patterns at some place of the tree of scopes: for the names of its items, or after one."""

    names: tuple[_Names, ...] = ()
    open: tuple[tuple[Pattern, int], ...] = ()
    """The patterns with ``*`` or ``?``, each with the places where it may be."""

    def __bool__(self) -> bool:
        """Whether anything is left."""
        return bool(self.names or self.open)

    @classmethod
    def of(cls, patterns: Sequence[Pattern]) -> Freezing:
        """The patterns for the items of the spec itself."""
        root = _Names()
        for pattern in patterns:
            node = root
            for part in pattern.text.split(".") if pattern.is_name else ():
                node = node.inside.setdefault(part, _Names())
            if pattern.is_name:
                node.pattern = pattern
        return cls((root,) if root.inside else (), tuple((it, it.begin()) for it in patterns if not it.is_name))

    def and_also(self, other: Freezing) -> Freezing:
        """What is left of both."""
        return Freezing((*self.names, *other.names), (*self.open, *other.open))

    def item(self, name: str, copy: Copy | None, named: bool, report: Report) -> Freezing:
        """What is left for an item, or for one of its copies; only patterns with ``*`` or ``?`` match automatic names."""
        if not self:
            return self
        names: tuple[str, ...] = (name,)
        if copy is not None and copy.item is not None:
            names = (name, copy.item, f"{copy.item}[{copy.index}]", f"{copy.item}[{copy.index - copy.count}]")
        steps = 2 * len(self.open)
        left = []
        for pattern, places in self.open:
            found = 0
            for each in names if "[" in pattern.text else names[:2]:
                after, count = pattern.after(places, each)
                found, steps = found | after, steps + count
            if found:
                left.append((pattern, found))
        if steps and not current().spend_values(steps // STEPS_A_VALUE + 1):
            message = "freeze: its patterns are compared with too many names"
            report.error("too-large", message, self.open[0][0].place, help="use fewer patterns that begin with *")
            report.stop()
        inside = tuple(node.inside[each] for node in self.names for each in names if each in node.inside)
        return Freezing(inside if named else (), tuple(left))

    def inside(self) -> Freezing:
        """What is left for the items inside; not of what names all of them, which they inherit."""
        left = ((it, it.after(places, ".")[0]) for it, places in self.open if not it.always_ends(places))
        return Freezing(tuple(it for it in self.names if it.inside), tuple(it for it in left if it[1]))

    @property
    def pattern(self) -> Pattern | None:
        """The pattern that names the item, rather a name than another; all such patterns then have matched."""
        found = [node.pattern for node in self.names if node.pattern is not None]
        found += [it for it, places in self.open if it.ends(places)]
        for pattern in found:
            pattern.matched = True
        return found[0] if found else None

    def skip(self) -> None:
        """Take what an absent item, or one inside it, may be named by as matched."""
        pending = list(self.names)
        while pending:
            node = pending.pop()
            pending += node.inside.values()
            if node.pattern is not None:
                node.pattern.matched = True
        for pattern, _ in self.open:
            pattern.matched = True


NOTHING = Freezing()
