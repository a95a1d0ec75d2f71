"""The parts of a string with a ``$``: names, expressions in parentheses, and their syntax trees."""

from __future__ import annotations

import ast
import re
import warnings
from functools import lru_cache

LONGEST_EXPRESSION = 1000
LONGEST_KEPT = 100
"""Longest expression whose syntax tree is kept: it takes a thousand times the memory of its text."""
NAME = re.compile(r"[^\W\d]\w*\Z")
_DOUBTFUL = re.compile(r"\\|\d[^\W\d]")
"""What Python's parser warns about: '\\d' in a string, a number directly followed by a word."""
_MARK = re.compile(r"""'[^']*(?:'|\Z)|"[^"]*(?:"|\Z)|[()$]""")
"""A string, a parenthesis or a dollar sign."""


def closing(text: str, start: int) -> int | None:
    """Where the parenthesis closes that was opened before ``start``; None if it does not."""
    depth = 1
    for found in _MARK.finditer(text, start):
        if found[0] in ("(", ")"):
            depth += 1 if found[0] == "(" else -1
            if depth == 0:
                return found.start()
    return None


def parsed(source: str) -> ast.expr:
    """The syntax tree of an expression. A block's expressions are computed once for each of its instances."""
    return _kept(source) if len(source) <= LONGEST_KEPT else _kept.__wrapped__(source)


@lru_cache(maxsize=4096)
def _kept(source: str) -> ast.expr:
    if not _DOUBTFUL.search(source):
        return ast.parse(source, mode="eval").body
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(source, mode="eval").body


def parsed_or_none(source: str) -> ast.expr | None:
    """The syntax tree of a text, or None if it is not an expression."""
    if len(source) > LONGEST_EXPRESSION:
        return None
    try:
        return parsed(source.strip())
    except (SyntaxError, RecursionError, MemoryError, ValueError):
        return None


def column(source: str, byte_offset: int) -> int:
    """Python's parser counts bytes of UTF-8; places count characters."""
    return byte_offset if source.isascii() else len(source.encode()[:byte_offset].decode(errors="replace"))


def dollar_in(source: str) -> int | None:
    """Where a ``$`` is outside of strings."""
    return next((found.start() for found in _MARK.finditer(source) if found[0] == "$"), None) if "$" in source else None


def is_shape(node: ast.AST) -> bool:
    """Whether a part of an expression is ``shape(...)``."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "shape"
