"""The parts of a formula's syntax tree: where each is, how it is written, and what it names."""

from __future__ import annotations

import ast

from specc.diagnostics.text_safety import quote_value
from specc.expressions.errors import ExpressionError
from specc.expressions.syntax import column
from specc.formulas.text import FormulaText, Within, error


class Parts:
    """The parts of one formula, which Python's parser has read without the spaces around it."""

    def __init__(self, text: FormulaText) -> None:
        self.text = text
        self.source = text.source.strip()
        self._offset = len(text.source) - len(text.source.lstrip())

    def within(self, node: ast.expr | ast.keyword) -> Within:
        """The first character of a part and the one after its last, in the text as it is written."""
        end = node.end_col_offset or node.col_offset + 1
        return self._offset + column(self.source, node.col_offset), self._offset + column(self.source, end)

    def written(self, node: ast.expr | ast.keyword) -> str:
        """A part as it is written."""
        return self.text.written[slice(*self.within(node))]

    def name(self, node: ast.expr) -> str:
        """A part with its values put in."""
        return self.text.name(*self.within(node))

    def path(self, node: ast.expr) -> str | None:
        """A dotted name, its values put in; None for anything else."""
        inner = node
        while isinstance(inner, ast.Attribute):
            inner = inner.value
        if not isinstance(inner, ast.Name):
            return None
        return "".join(self.name(node).split())

    def quoted(self, node: ast.expr) -> str:
        """A part as a message shows it."""
        return quote_value(self.written(node))

    def error(
        self, node: ast.expr | ast.keyword, message: str, help: str | None = None, instead: str | None = None
    ) -> ExpressionError:
        """What is wrong with a part; ``instead`` is to be written in its place."""
        return error(message, self.within(node), help, instead=instead)
