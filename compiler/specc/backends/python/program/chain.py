"""Items that each take the one above them, as the list of layers of a Sequential."""

from __future__ import annotations

from specc.backends.python.program.body import Body
from specc.backends.python.reading.expressions import Unwritable, at
from specc.backends.python.reading.items import Part
from specc.backends.python.reading.references import Use
from specc.backends.python.writing.statements import AnyStatement, Assign, Line, Loop
from specc.backends.python.writing.text import Choice, Comprehension, Expression, Group, flat


class Chain(Body):
    """The layers of a function as a list."""

    _position: int = 0
    _current: Part | None = None
    """The part that is written, and where."""
    _input: str = ""
    """The variable of the input, if what is below it depends on its shape."""
    _first_asking: int | None = None
    """The first part of a model that depends on the shape of what is above it."""

    def statements(self) -> list[AnyStatement]:
        """The statements that give the list."""
        before = self._before()
        return [*before, Line(Group("", "[]", tuple(self._items())), "return ")]

    def _before(self) -> list[AnyStatement]:
        counts = any(part.label is None and part.number is None for part in self._scope.parts if not part.absent)
        return [self._count()] if counts else []

    def model(self, name: str, last: list[Expression]) -> tuple[list[AnyStatement], Expression, list[AnyStatement]]:
        """What comes before a Sequential of that name, the call that makes it, and what is added to it then.

        These are all layers from the first that depends on the shape above it; ``last`` are further layers.
        """
        before = self._before()
        items = [*self._items(), *(("", layer) for layer in last)]
        if self._input:
            before.append(Assign(self._input, items[0][1]))
            items[0] = ("", self._input)
        listed = items if self._first_asking is None else items[: self._first_asking]
        made = Group.call("keras.Sequential", [Group("", "[]", tuple(listed))], [("name", name)])
        added: list[AnyStatement] = []
        for star, item in items[len(listed) :]:
            layer = "layer" if star else item
            line = Line(Group.call("model.add", [layer]))
            added.append(Loop("layer", item, [line]) if star else line)
        return before, made, added

    def _items(self) -> list[tuple[str, Expression]]:
        self._check()
        items: list[tuple[str, Expression]] = []
        for part in self._scope.parts:
            if not part.absent:
                self._position, self._current = len(items), part
                with at(part.path):
                    items.append(self._item(part))
        return items

    def shape_of(self, use: Use) -> str:
        """The shape of what the list gets, or of what is above the layer that is written."""
        found = self._reading.resolved(use)
        if self._current is None or self._current.copies != "one":
            raise Unwritable("a shape that a list of copies depends on")
        if found.part is None:
            self._function.asks_shape = True
            return self._function.shapes[0]
        uses = [use for uses in self._scope.taken[self._current].bound.values() for use in uses]
        if self._function.definition is not None or found not in map(self._reading.resolved, uses):
            raise Unwritable("the shape of what is not above a layer")
        if found.part.kind == "input":
            self._input = self._input or self._names.new(found.part.label or found.part.base)
            return f"{self._input}.shape"
        if self._first_asking is None:
            self._first_asking = self._position
        return "model.output_shape"

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
        if conditions:
            return conditions[0].symbols.fix(conditions[0].when)
        return Unwritable("items that no list of layers has")

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
            if part.when is not None and is_list:
                raise Unwritable("copies of a block with a condition in a list of layers")
            condition = flat(part.symbols.express(part.when)) if part.when is not None else ""
            loops = ((target, iterable), ("layer", made)) if is_list else ((target, iterable),)
            return "*", Comprehension("layer" if is_list else made, loops, condition=condition)
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
