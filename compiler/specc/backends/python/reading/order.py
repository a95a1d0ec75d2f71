"""The items of a list in an order in which they can be written, and what is read of each."""

from __future__ import annotations

from collections.abc import Iterable
from heapq import heapify, heappop, heappush

from specc.backends.python.reading.expressions import Unwritable
from specc.backends.python.reading.items import Part
from specc.backends.python.reading.keys import Key
from specc.backends.python.reading.references import Lent, Port, Use
from specc.backends.python.reading.scope import Scope


class Reading:
    """What of a scope leads to its results: the parts, in order, and which of their outputs are read."""

    def __init__(self, scope: Scope, results: Iterable[Use]) -> None:
        self._scope = scope
        self.last: dict[Part, set[Port]] = {}
        """The outputs of each part that are read: of copies in a chain, those of the last."""
        self.every: dict[Part, set[Port]] = {}
        """The outputs of copies that are read of any of them."""
        self.results: set[Part] = set()
        """Parts that are read when all has been written."""
        self._pending: list[Use] = []
        for use in (use for result in results for it in result.each for use in scope.all_of(it)):
            self._want(use)
            found = self.resolved(use)
            self.results |= {found.part} if found.part is not None else set()
        self.before: dict[Part, set[Part]] = {}
        """What must be written before each part."""
        while self._pending:
            self._read(self._pending.pop())
        self.order = self._sorted()

    def port(self, part: Part, port: Port | None) -> Port:
        """The output that a reference refers to."""
        return self._scope.port(part, port)

    def resolved(self, use: Use) -> Use:
        """What a use leads to, past parts that are known to be left out."""
        return self._scope.resolved(use)

    def reads(self, part: Part) -> list[Use]:
        """All that a part may read."""
        passed = self._scope.taken[part].passed if part.when is not None else ()
        return [*self._scope.reads(part), *(it for use in passed for it in use.each)]

    def _want(self, use: Use) -> None:
        found = self.resolved(use)
        if found.part is None:
            return
        part, port = found.part, self.port(found.part, found.port)
        is_new = part not in self.last
        self.last.setdefault(part, set())
        self.every.setdefault(part, set())
        if port == Lent():
            pass
        elif (
            part.copies == "side" or isinstance(found.copy, Key) or (found.copy is not None and part.copies == "chain")
        ):
            self.every[part].add(port)
        else:
            self.last[part].add(port)
        if is_new:
            self._pending.append(found)

    def _read(self, use: Use) -> None:
        part = use.part
        assert part is not None
        before = self.before.setdefault(part, set())
        for read in self.reads(part):
            self._want(read)
            found = self.resolved(read)
            if found.part is not None and (found.part is not part or not isinstance(found.copy, Key)):
                before.add(found.part)

    def _sorted(self) -> list[Part]:
        position = {part: index for index, part in enumerate(self._scope.parts)}
        waiting = {part: len(before) for part, before in self.before.items()}
        after: dict[Part, list[Part]] = {part: [] for part in waiting}
        for part, before in self.before.items():
            for other in before:
                after[other].append(part)
        ready = [(position[part], id(part), part) for part, count in waiting.items() if not count]
        heapify(ready)
        found: list[Part] = []
        while ready:
            part = heappop(ready)[2]
            found.append(part)
            for other in after[part]:
                waiting[other] -= 1
                if not waiting[other]:
                    heappush(ready, (position[other], id(other), other))
        if len(found) < len(waiting):
            raise Unwritable("items that wait for each other")
        return found

    @property
    def is_in_order(self) -> bool:
        """Whether the parts are in the order of the file."""
        positions = [self._scope.parts.index(part) for part in self.order]
        return positions == sorted(positions)
