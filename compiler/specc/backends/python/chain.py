"""Items that each take the one above them, as the list of layers of a Sequential."""

from __future__ import annotations

from specc.backends.python.body import Body
from specc.backends.python.expressions import Unwritable
from specc.backends.python.items import Part
from specc.backends.python.scope import Use
from specc.backends.python.statements import AnyStatement
from specc.backends.python.text import Choice, Comprehension, Expression, Group, flat


class Chain(Body):
    """The layers of a function as a list."""

    def statements(self) -> list[AnyStatement]:
        """What comes before the list."""
        counts = any(part.label is None and part.number is None for part in self._scope.parts if not part.absent)
        return [self._count()] if counts else []

    def listed(self) -> Expression:
        """The list."""
        self._check()
        items = [self._item(part) for part in self._scope.parts if not part.absent]
        return Group("", "[]", tuple(items))

    def _check(self) -> None:
        """Whether each part takes the one above it, whatever the values are."""
        above: Use | None = None
        if self._function.definition is not None:
            above = Use(None, next(iter(self._function.variables)))
        for part in self._scope.parts:
            if part.absent:
                continue
            taken = self._scope.taken[part]
            if part.kind in ("share", "operation") or part.copies == "side" or part.item.call:
                raise self._decided()
            uses = [use for uses in taken.bound.values() for use in uses]
            found = [self._reading.resolved(use) for use in [*uses, *taken.passed]]
            if any(_plain(use) != above for use in found) or (above is not None and not found):
                raise self._decided()
            above = Use(part)

    def _decided(self) -> Exception:
        """What to raise for a list that is a chain only as long as conditions are as they are."""
        conditions = [part for part in self._scope.parts if part.when is not None]
        return conditions[0].symbols.fix(conditions[0].when) if conditions else Unwritable()

    def _item(self, part: Part) -> tuple[str, Expression]:
        """A layer, or several with a star."""
        if part.kind == "input":
            return "", self._value(part, "", {})[0]
        target, iterable, index = self._loop(part) if part.copies == "chain" else ("", "", "")
        name = self._layer_name(part, index)
        is_list = part.kind == "instance"
        made = (
            self._instance(part, name, dict.fromkeys(self._taken_by(part))) if is_list else self._made(part, name, part)
        )
        if part.copies == "chain":
            if part.when is not None:
                raise Unwritable
            loops = ((target, iterable), ("layer", made)) if is_list else ((target, iterable),)
            return "*", Comprehension("layer" if is_list else made, loops)
        if part.when is None:
            return ("*" if is_list else ""), made
        made = made if is_list else Group.display("[]", [made])
        condition = flat(part.symbols.express(part.when))
        return "*", Choice(made, condition, "[]")

    def _taken_by(self, part: Part) -> list[str]:
        return list(self._file.functions.of(self._function, part).variables)


def _plain(use: Use) -> Use:
    """A reference to the first output, by whatever name."""
    return Use(use.part, use.name) if use.part is not None and use.copy is None and use.port in (None, 0) else use
