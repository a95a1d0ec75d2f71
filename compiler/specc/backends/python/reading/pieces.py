"""References with values in them: what is fixed and what is computed in their names, ports and numbers."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from specc.backends.python.reading.expressions import Unwritable, formulas
from specc.expressions.syntax import parsed

Piece = str | ast.expr
"""A part of a reference: as it is, or an expression for it."""
_TOKEN = re.compile(r"[\[\].]|[^\[\].]+")


class Step(NamedTuple):
    """A name or a port on the way to what a reference means, and the number of a copy or of one of several tensors."""

    name: tuple[Piece, ...]
    number: ast.expr | int | Literal["*"] | None = None

    @property
    def text(self) -> str | None:
        """The step as it is written; None if something in it is computed."""
        if isinstance(self.number, ast.expr) or (name := self.fixed_name) is None:
            return None
        return name if self.number is None else f"{name}[{self.number}]"

    @property
    def fixed_name(self) -> str | None:
        """The name; None if it is computed."""
        return "".join(map(str, self.name)) if all(isinstance(it, str) for it in self.name) else None


class Choice(NamedTuple):
    """A condition, what is meant if it is met, and what else."""

    condition: ast.expr
    first: list[Piece]
    second: list[Piece]


def pieces_of(text: str) -> list[Piece]:
    """The parts of a reference.

    >>> [it if isinstance(it, str) else ast.unparse(it) for it in pieces_of("x_$(row)[$('a' + str(n - 1))]")]
    ['x_', 'row', '[', 'a', 'n - 1', ']']
    """
    found: list[Piece] = []
    position = 0
    for formula in formulas(text) if "$" in text else ():
        found += [text[position : formula.start].replace("$$", "$"), *_pieces(formula.tree)]
        position = formula.end
    return [it for it in [*found, text[position:].replace("$$", "$")] if it != ""]


def choice_in(pieces: Sequence[Piece]) -> Choice | None:
    """The first condition in a reference."""
    for index, it in enumerate(pieces):
        if isinstance(it, ast.IfExp):
            before, after = pieces[:index], pieces[index + 1 :]
            return Choice(it.test, [*before, *_pieces(it.body), *after], [*before, *_pieces(it.orelse), *after])
    return None


def steps_of(pieces: Iterable[Piece]) -> list[Step]:
    """The steps of a reference without conditions. Unwritable if it is none."""
    steps: list[Step] = []
    name: list[Piece] = []
    number: list[Piece] | None = None
    is_inside = False
    for token in _tokens(pieces):
        if token == "[" and not is_inside and number is None:
            number, is_inside = [], True
        elif token == "]" and is_inside:
            is_inside = False
        elif is_inside:
            assert number is not None
            number.append(token)
        elif token == ".":
            steps.append(_step(name, number))
            name, number = [], None
        elif number is None:
            name.append(token)
        else:
            raise Unwritable("a text that is no reference")
    return [*steps, _step(name, number)]


def source_of(piece: Piece) -> str:
    """A part as a spec writes it."""
    return piece.replace("$", "$$") if isinstance(piece, str) else f"$({ast.unparse(piece)})"


def _tokens(pieces: Iterable[Piece]) -> Iterator[Piece]:
    for piece in pieces:
        if isinstance(piece, str):
            yield from _TOKEN.findall(piece)
        else:
            yield piece


def _step(name: list[Piece], number: list[Piece] | None) -> Step:
    if number is None:
        return Step(tuple(name))
    if all(isinstance(it, str) for it in number):
        text = "".join(map(str, number))
        if text != "*" and not text.removeprefix("-").isdigit():
            raise Unwritable("a text that is no reference")
        return Step(tuple(name), "*" if text == "*" else int(text))
    written = "".join(it if isinstance(it, str) else f"({ast.unparse(it)})" for it in number)
    return Step(tuple(name), number[0] if len(number) == 1 and isinstance(number[0], ast.expr) else parsed(written))


def _pieces(tree: ast.expr) -> list[Piece]:
    """An expression that is a text, in parts."""
    if isinstance(tree, ast.Constant) and isinstance(tree.value, str):
        return [tree.value]
    if isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.Add) and _is_text(tree):
        return [*_pieces(tree.left), *_pieces(tree.right)]
    if isinstance(tree, ast.Call) and ast.unparse(tree.func) == "str" and len(tree.args) == 1:
        return [tree.args[0]]
    return [tree]


def _is_text(tree: ast.expr) -> bool:
    if isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.Add):
        return _is_text(tree.left) or _is_text(tree.right)
    if isinstance(tree, ast.IfExp):
        return _is_text(tree.body) or _is_text(tree.orelse)
    is_string = isinstance(tree, ast.Constant) and isinstance(tree.value, str)
    return is_string or (isinstance(tree, ast.Call) and ast.unparse(tree.func) == "str")
