"""Fits text into the columns of a terminal."""

from __future__ import annotations

import re
import unicodedata

_TABLE = re.compile(r"\s*\S+(?: \S+)*\s{2,}(?=\S)")
"""The first column of a table, with the gap after it."""


def width(text: str) -> int:
    """The columns that a text takes on a terminal: wide characters take two, combining characters none."""
    if text.isascii():
        return len(text)
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def fit(text: str, columns: int | None) -> str:
    """A text with its long lines broken between words; each continues under its beginning, or a table's last column.

    >>> print(fit("  name  what it is for", 16))
      name  what it
            is for
    """
    if columns is None:
        return text
    return "\n".join(_fit_line(line, columns) for line in text.split("\n"))


def _fit_line(line: str, columns: int) -> str:
    if width(line) <= columns:
        return line
    table = _TABLE.match(line)
    begin = table[0] if table and width(table[0]) <= columns // 2 else line[: len(line) - len(line.lstrip())]
    return begin + wrap(line[len(begin) :], columns, width(begin), width(begin))


def wrap(text: str, columns: int | None, first: int, indent: int) -> str:
    """A text broken between words: its first line begins in column ``first``, the others are indented.

    A word is never broken, so that a path or an address can be copied.
    """
    if columns is None:
        return text
    lines, room = [""], columns - first
    for word in text.split(" "):
        if lines[-1] and width(lines[-1]) + 1 + width(word) > room:
            lines.append(word)
            room = columns - indent
        else:
            lines[-1] = f"{lines[-1]} {word}" if lines[-1] else word
    return ("\n" + " " * indent).join(lines)


def clip(text: str, columns: int) -> str:
    """A text cut to a number of columns, with dots where it is cut.

    >>> clip("a long text", 8), clip("short", 8)
    ('a lon...', 'short')
    """
    if width(text) <= columns:
        return text
    end = columns - 3
    while width(text[:end]) > columns - 3:
        end -= 1
    return text[:end].rstrip() + "..."
