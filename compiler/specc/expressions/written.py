"""An expression as it is written: its syntax tree, the texts and places of its parts, and what they may cost."""

from __future__ import annotations

import ast
import keyword
import math
import re
from typing import Any

from specc.budget import DEEPEST_VALUE, current
from specc.diagnostics.codes import ErrorCode
from specc.diagnostics.text_safety import quote_value
from specc.expressions.errors import ExpressionError, in_our_signs, overdrawn
from specc.expressions.operations import LARGEST_NUMBER
from specc.expressions.syntax import LONGEST_EXPRESSION, column, dollar_in, parsed

LARGEST_LIST = 10_000
"""Most values in a list, including those of nested lists; and most characters in a string."""
FEW_PARTS = 10
"""Names, numbers and operators of an expression that cost one element each."""
COST_OF_A_PART = 4
"""The cost of each further one: long formulas are not meant for thousands of copies."""
PART = re.compile(r"\w+|[^\w\s]")
HAS = (
    "it has numbers, names, + - * / // % **, comparisons, and or not, 'a if c else b', sizes[0], sizes[1:], "
    "[a for a in sizes if c]"
)
_OURS = ("and", "or", "not", "if", "else", "for", "in", "True", "False", "None")
_OTHERS = "|".join(word for word in keyword.kwlist if word not in _OURS)
_WORD = re.compile(
    rf"""shape\(\s*(?P<item>{"|".join(keyword.kwlist)})\s*\)|(?<![\w'".])(?P<word>{_OTHERS})(?![\w'"])"""
)
"""A word of Python that is meant as the name of an item or of a value."""


class Written:
    """One expression in a text."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self._source = text[start:end].replace("\n", " ").replace("\r", " ").replace("\t", " ")
        self._offset = start
        self._budget = current()

    def tree(self) -> ast.expr:
        """Its syntax tree. ExpressionError if it is none, or too large."""
        source = self._source
        if len(source) > LONGEST_EXPRESSION:
            raise self._whole(
                "expression",
                f"an expression of {len(source)} characters is too long",
                f"at most {LONGEST_EXPRESSION}; compute a part in 'vars'",
            )
        if not self._budget.spend_formula(source):
            raise self._whole(
                "too-large",
                f"the spec has more than {self._budget.most_formulas:,} different formulas",
                "use fewer, or equal ones; a longer file may have more",
            )
        parts = len(PART.findall(source))
        if not self._budget.spend_values(max(parts, COST_OF_A_PART * (parts - FEW_PARTS) + FEW_PARTS)):
            raise overdrawn(self._budget, source, self._offset, self._offset + max(1, len(source)))
        bare = source.strip()
        if not bare:
            raise self._whole("expression", "the expression $() is empty", "write a value in it, such as $(width * 2)")
        dollar = dollar_in(source)
        if dollar is not None:
            at = self._offset + dollar
            raise ExpressionError(
                "expression",
                f"names are written without $ inside an expression, unlike {quote_value(bare)}",
                at,
                at + 1,
                "remove the $",
            )
        try:
            tree = parsed(bare)
        except SyntaxError:  # its place differs between versions of Python
            meant = in_our_signs(bare)
            if meant is None and (word := _WORD.search(bare)) is not None:
                raise self._of_a_word(word, self._offset + source.index(bare)) from None
            raise self._whole(
                "expression",
                f"the expression {quote_value(bare)} is not complete or has a stray character",
                f"write $({meant})" if meant is not None else HAS,
            ) from None
        except (RecursionError, MemoryError, ValueError):
            raise self._whole("expression", "the expression is nested too deeply") from None
        self._offset += len(source) - len(source.lstrip())
        self._source = bare
        return tree

    def _of_a_word(self, found: re.Match[str], offset: int) -> ExpressionError:
        """The error of a word of Python that is meant as a name."""
        name, start, end = found[found.lastgroup or 0], *found.span(found.lastgroup or 0)
        help = f"write shape('{name}')" if found.lastgroup == "item" else "give what it means another name"
        message = f"'{name}' cannot be a name in an expression: it is a word of Python"
        return ExpressionError("expression", message, offset + start, offset + end, help)

    def _whole(self, code: ErrorCode, message: str, help: str | None = None) -> ExpressionError:
        return ExpressionError(code, message, self._offset, self._offset + max(1, len(self._source)), help)

    def _error(
        self, node: ast.expr, message: str, help: str | None = None, code: ErrorCode = "expression"
    ) -> ExpressionError:
        return ExpressionError(code, message, *self._within(node), help)

    def _within(self, node: ast.expr) -> tuple[int, int]:
        """The offsets of the first character of a part and of the one after its last, in the whole text."""
        start = self._offset + column(self._source, node.col_offset)
        return start, self._offset + column(self._source, node.end_col_offset or node.col_offset + 1)

    def _quoted(self, node: ast.expr) -> str:
        """The text of a part of the expression, as a message shows it."""
        return quote_value(self._text(node))

    def _text(self, node: ast.expr) -> str:
        return ast.get_source_segment(self._source, node) or ""

    def _spend(self, node: ast.expr, count: int) -> None:
        if not self._budget.spend_values(count):
            raise overdrawn(self._budget, self._text(node), *self._within(node))

    def _checked(self, node: ast.expr, value: Any) -> Any:
        if isinstance(value, int):
            if abs(value) > LARGEST_NUMBER:
                raise self._too_large(node)
        elif isinstance(value, float):
            if not math.isfinite(value):
                raise self._too_large(node)
        elif isinstance(value, str | list):
            size = self._budget.size(value)
            if size.elements > LARGEST_LIST:
                raise self._too_large(node)
            if size.depth > DEEPEST_VALUE:
                raise self._error(node, f"the result of {self._quoted(node)} is nested too deeply")
        elif isinstance(value, complex):
            raise self._error(node, f"{self._quoted(node)} is not a real number", "a root of a negative number is none")
        return value

    def _too_large(self, node: ast.expr) -> ExpressionError:
        return self._error(
            node,
            f"the result of {self._quoted(node)} is too large",
            f"integers go to 2^63 - 1, lists to {LARGEST_LIST:,} values",
        )
