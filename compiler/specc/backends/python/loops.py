"""Loops over the copies of items: what they are over, and what differs from one copy to the next."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from specc.backends.python.expressions import Symbols, formulas, names_in, values_in
from specc.backends.python.facts import lists_of
from specc.backends.python.items import Part
from specc.backends.python.text import Expression, Group, flat
from specc.backends.python.values import Values, as_list, noun


class Loops(Values):
    """The loops of a function."""

    def _loop(self, part: Part) -> tuple[str, Expression, str]:
        """The target and the values of a loop over the copies, and the index."""
        item = part.item
        is_apart = part in self._layers and not self._is_making
        calls, makes = [item.when, item.from_, item.else_, item.call, item.share], [item.arguments, item.name]
        makes += values_in(item.formula or "")
        needed = names_in(calls if is_apart else makes if self._is_making else [*calls, *makes])
        is_counted = part.label is not None and not part.names and not is_apart and self._has_name(part)
        index = part.symbols["index"].text or "" if "index" in needed or is_counted else ""
        loops = list(self._values_of_copies(part, needed))
        if is_apart:
            loops = [(self._function.loop_name(noun(part)), self._layers[part]), *loops]
        elif not lists_of(item):
            return index or "_", Group.call("range", [part.around.express(item.repeat)]), index
        elif not loops:
            return index or "_", _numbers(part.around, next(iter(lists_of(item).values()))), index
        names, values = [name for name, _ in loops], [value for _, value in loops]
        together = values[0] if len(values) == 1 else Group.call("zip", values)
        target = ", ".join(names)
        if not index:
            return target, together, ""
        return f"{index}, {f'({target})' if len(names) > 1 else target}", Group.call("enumerate", [together]), index

    def _values_of_copies(self, part: Part, needed: set[str]) -> Iterator[tuple[str, Expression]]:
        """What differs between the copies: a variable, and a list of what it is."""
        for name, given in lists_of(part.item).items():
            is_value = name in names_in([part.item.arguments, part.item.when, part.item.call, part.item.name])
            if name in needed and (is_value or name not in part.over):
                yield part.symbols[name].text or "_", _values(part.around, given)
            if name in needed and name in part.over and not self._is_making:
                variable = self._function.loop_name(f"{name}_tensor" if is_value else name)
                texts = [text for use in part.over[name] for text in self.read(use)]
                is_list = len(texts) == 1 and texts[0].startswith("*")
                yield variable, as_list(texts[0]) if is_list else Group.display("()", texts)


def _numbers(symbols: Symbols, given: Any) -> Expression:
    """The numbers of the values of a loop."""
    if symbols.is_known(given):
        return Group.call("range", [str(len(symbols.known(given)))])
    values = _values(symbols, given)
    return values if isinstance(values, Group) and values.head == "range" else f"range(len({flat(values)}))"


def _values(symbols: Symbols, given: Any) -> Expression:
    """The values of a loop; ``range`` needs no tuple there."""
    if isinstance(given, str) and not symbols.is_known(given):
        (formula, *more) = formulas(given)
        text = symbols.python(formula.tree)
        if not more and text.startswith("tuple(range(") and formula.end - formula.start == len(given):
            return Group.call("range", [text.removeprefix("tuple(range(").removesuffix("))")])
        return flat(symbols.express(given))
    return symbols.express(given)
