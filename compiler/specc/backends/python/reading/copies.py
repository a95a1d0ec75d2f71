"""The copies of an item one by one: the values that each has, its own name, and what it refers to by a value."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from specc.automatic_names import snake_case
from specc.backends.python.reading.expressions import Unwritable, formulas, value_of
from specc.backends.python.reading.facts import lists_of
from specc.frontend.items import Item


def values_of_copies(item: Item, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The values that each copy of an item has; those of the scope alone if it has no copies."""
    lists = {name: value_of(given, values) for name, given in lists_of(item).items()}
    if not lists and item.repeat is None:
        return [dict(values)]
    if any(not isinstance(listed, list) for listed in lists.values()):
        raise Unwritable("copies for what is no list")
    count = len(next(iter(lists.values()))) if lists else int(value_of(item.repeat, values))
    return [
        {**values, **{name: listed[index] for name, listed in lists.items()}, "index": index} for index in range(count)
    ]


def stem(item: Item) -> str:
    """What is the same in the names of all copies; else what they are.

    >>> stem(Item(type="Dense", name="emb_$(column)")), stem(Item(type="Conv1D", name="$column"))
    ('emb', 'conv1d')
    """
    name, said, position = item.name or "", "", 0
    for formula in formulas(name):
        said += name[position : formula.start]
        position = formula.end
    kind = item.type or item.share or "item"
    same = re.sub(r"([_-])[_-]+", r"\1", said + name[position:])
    return same.strip("_-") or ("input" if kind == "Input" else snake_case(kind))


class Written(NamedTuple):
    """A reference that an expression puts together, for each value of loops if there are any."""

    text: str
    """As it would be written, with values in it: ``stage[$(depth - i)]``."""
    loops: tuple[ast.comprehension, ...] = ()


def written_references(tree: ast.expr, loops: tuple[ast.comprehension, ...] = ()) -> list[Written] | None:
    """The references in an expression that is a list of them; None if it is another expression.

    >>> tree = ast.parse("['step[' + str(n - i) + ']' for i in range(n)] + ['last']", mode="eval").body
    >>> [it.text for it in written_references(tree)]
    ['step[$(n - i)]', 'last']
    """
    if isinstance(tree, ast.List):
        texts = [_reference(item) for item in tree.elts]
        return None if None in texts else [Written(text, loops) for text in texts if text is not None]
    if isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.Add):
        left, right = written_references(tree.left, loops), written_references(tree.right, loops)
        return None if left is None or right is None else [*left, *right]
    if isinstance(tree, ast.ListComp):
        text = _reference(tree.elt)
        return None if text is None else [Written(text, (*loops, *tree.generators))]
    return None


def _reference(tree: ast.expr) -> str | None:
    """A string that is put together, as it would be written."""
    if isinstance(tree, ast.Constant) and isinstance(tree.value, str):
        return tree.value.replace("$", "$$")
    if isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.Add):
        left, right = _reference(tree.left), _reference(tree.right)
        return None if left is None or right is None else left + right
    if isinstance(tree, ast.Call) and ast.unparse(tree.func) == "str" and len(tree.args) == 1:
        return f"$({ast.unparse(tree.args[0])})"
    return f"$({tree.id})" if isinstance(tree, ast.Name) else None


def values_of_loops(loops: tuple[ast.comprehension, ...], values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The values in the innermost of some loops, each time."""
    found = [dict(values)]
    for loop in loops:
        assert isinstance(loop.target, ast.Name)
        given = f"$({ast.unparse(loop.iter)})"
        found = [{**each, loop.target.id: value} for each in found for value in value_of(given, each)]
    return found
