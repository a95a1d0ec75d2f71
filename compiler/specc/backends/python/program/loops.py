"""Loops over the copies of items: what they are over, and what differs from one copy to the next."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import Any

from specc.backends.python.program.keras_objects import as_objects, taker_at
from specc.backends.python.program.values import Values, noun
from specc.backends.python.program.variables import as_list
from specc.backends.python.reading.expressions import (
    Symbol,
    Symbols,
    formulas,
    holds_map,
    names_in,
    value_of,
    values_in,
)
from specc.backends.python.reading.facts import lists_of
from specc.backends.python.reading.items import Part
from specc.backends.python.writing.text import Comprehension, Expression, Group, flat


class Loops(Values):
    """The loops of a function."""

    def _loop(self, part: Part) -> tuple[str, Expression, str]:
        """The target and the values of a loop over the copies, and the index."""
        item = part.item
        is_apart = part in self._layers and not self._is_making
        references = [text for text in _texts([item.from_, item.else_]) if text not in part.over]
        calls, makes = [item.when, references, item.call, item.share], [item.arguments, item.name]
        makes += values_in(_without(item.formula or "", part.over))
        needed = names_in(calls if is_apart else makes if self._is_making else [*calls, *makes])
        is_counted = part.label is not None and not part.names and not is_apart and self._has_name(part)
        index = part.symbols["index"].text or "" if "index" in needed or is_counted else ""
        loops = list(self._values_of_copies(part, needed))
        if is_apart:
            loops = [(self._function.loop_name(noun(part)), self._layers[part]), *loops]
        elif not loops:
            lists = list(lists_of(item).values())
            count = (
                _numbers(part.around, lists[0]) if lists else Group.call("range", [part.around.express(item.repeat)])
            )
            return index or "_", count, index
        if len(loops) == 1 and "index" not in needed and self._counts_from_0(part, loops[0][0]):
            return *loops[0], loops[0][0]
        names, values = [name for name, _ in loops], [value for _, value in loops]
        are_values = not is_apart and (self._is_making or not part.over)
        together = (_zipped(part, names) if are_values else None) or (
            values[0] if len(values) == 1 else Group.call("zip", values)
        )
        target = ", ".join(names)
        if not index:
            return target, together, ""
        return f"{index}, {f'({target})' if len(names) > 1 else target}", Group.call("enumerate", [together]), index

    def _counts_from_0(self, part: Part, variable: str) -> bool:
        """Whether the values of a loop are the numbers of the copies."""
        given = [it for name, it in lists_of(part.item).items() if part.symbols[name].text == variable]
        found = _range(given[0]) if given else None
        return found is not None and len(found.args) == 1

    def _values_of_copies(self, part: Part, needed: set[str]) -> Iterator[tuple[str, Expression]]:
        """What differs between the copies: a variable, and a list of what it is."""
        for name, given in lists_of(part.item).items():
            if name in needed:
                yield part.symbols[name].text or "_", self._objects(part, name) or _values(part.around, given)
        for over in () if self._is_making else part.over.values():
            texts = [text for use in over.uses for text in self.read(use)]
            is_list = len(texts) == 1 and texts[0].startswith("*")
            yield self._function.loop_name(over.variable), as_list(texts[0]) if is_list else Group.display("()", texts)

    def _objects(self, part: Part, name: str) -> Expression | None:
        """The values of a loop that are objects of Keras."""
        given = lists_of(part.item)[name]
        value = value_of(given, part.scope_values)
        if not holds_map(value):
            return None
        return as_objects(
            taker_at(self._file.functions, self._function, part, ("each", name)),
            value,
            given,
            part,
            part.around,
            part.scope_values,
        )


def _without(formula: str, references: Iterable[str]) -> str:
    """A formula without references that have variables of their own."""
    for text in references:
        formula = formula.replace(text, "")
    return formula


def _texts(data: Any) -> Iterator[str]:
    """The references in what an item takes."""
    if isinstance(data, dict | list):
        for it in data.values() if isinstance(data, dict) else data:
            yield from _texts(it)
    elif isinstance(data, str):
        yield data


def _zipped(part: Part, names: list[str]) -> Expression | None:
    """What values are together, if all are lists that the same loops make."""
    given = [it for name, it in lists_of(part.item).items() if part.symbols[name].text in names]
    lists = [tree for it in given if isinstance(tree := _tree(it), ast.ListComp) and not part.around.is_known(it)]
    if len(lists) < len(names) or len({" ".join(map(ast.unparse, it.generators)) for it in lists}) > 1:
        return None
    loops = lists[0].generators
    targets = [ast.unparse(loop.target) for loop in loops]
    if not all(map(str.isidentifier, targets)) or any(target in part.around for target in targets):
        return None
    inside = part.around.extended({target: Symbol(target) for target in targets})
    texts = [inside.python(it.elt) for it in lists]
    element = texts[0] if len(texts) == 1 else Group.display("()", texts)
    texts = [
        inside.loops([loop]).removeprefix(f"for {target} in ") for loop, target in zip(loops, targets, strict=True)
    ]
    return Comprehension(element, tuple(zip(targets, texts, strict=True)))


def _numbers(symbols: Symbols, given: Any) -> Expression:
    """The numbers of the values of a loop."""
    if symbols.is_known(given):
        return Group.call("range", [str(len(symbols.known(given)))])
    if (found := _range(given)) is not None and len(found.args) < 3:
        *start, stop = found.args
        count = ast.BinOp(stop, ast.Sub(), start[0]) if start else stop
        return Group.call("range", [symbols.python(count)])
    return Group.call("range", [Group.call("len", [_values(symbols, given)])])


def _values(symbols: Symbols, given: Any) -> Expression:
    """The values of a loop; ``range`` needs no tuple there."""
    if (found := _range(given)) is not None:
        return Group.call("range", [symbols.express(f"$({ast.unparse(it)})") for it in found.args])
    return symbols.express(given) if symbols.is_known(given) else flat(symbols.express(given))


def _range(given: Any) -> ast.Call | None:
    """The call of ``range`` that some values are."""
    tree = _tree(given)
    return tree if isinstance(tree, ast.Call) and ast.unparse(tree.func) == "range" else None


def _tree(given: Any) -> ast.expr | None:
    """The expression that some values are."""
    (formula, *_) = formulas(given) if isinstance(given, str) and given.startswith("$(") else (None,)
    return formula.tree if formula is not None and formula.end == len(given) else None
