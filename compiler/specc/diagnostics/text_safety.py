"""Makes text that came from a spec safe to print. Everything shown to a person passes through here."""

from __future__ import annotations

import math
import unicodedata
from itertools import islice
from typing import Any

LONGEST_VALUE = 80
"""Most characters of a value that a message shows."""

_UNSAFE_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def printable(text: str) -> str:
    r"""Escape characters that could control a terminal or reorder the text around them.

    Controls (C0, C1), format characters such as bidirectional overrides, lone
    surrogates and unassigned code points become ``\x1b``, ``\u202e`` and so on.

    >>> printable("plain \x1b[31m")
    'plain \\x1b[31m'
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(char if unicodedata.category(char) not in _UNSAFE_CATEGORIES else _escape(char) for char in text)


def printable_lines(text: str) -> list[str]:
    r"""The lines of a text of several, each `printable`; without the empty ones at its end.

    >>> printable_lines("A net.\n\n\tSmall\x1b.\n")
    ['A net.', '', '        Small\\x1b.']
    """
    return [printable(line.rstrip()) for line in text.rstrip().expandtabs().splitlines()]


def quote_value(value: Any) -> str:
    """A value of a spec as a message quotes it: JSON's spelling, at most 80 characters.

    >>> quote_value("same"), quote_value(None), quote_value(True), quote_value([1, 2]), quote_value(10**5000)
    ('"same"', 'null', 'true', '[1, 2]', 'an integer of over 1,000 digits')
    """
    return shorten(_show(value, depth=0))


def shorten(text: str, longest: int = LONGEST_VALUE) -> str:
    """Cut a text in its middle, so that both ends stay readable."""
    if len(text) <= longest:
        return text
    head = (longest - 3) * 2 // 3
    return f"{text[:head]}...{text[-(longest - 3 - head) :]}"


def _show(value: Any, depth: int) -> str:
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        return f'"{printable(value[: 4 * LONGEST_VALUE])}"'
    if isinstance(value, int):
        return str(value) if value.bit_length() < 3322 else "an integer of over 1,000 digits"
    if isinstance(value, float):
        return repr(value) if math.isfinite(value) else f"{value}"
    if depth > 3:
        return "..."
    if isinstance(value, list | tuple):
        shown = ", ".join(_show(item, depth + 1) for item in value[:20])
        return f"[{shown}{', ...' if len(value) > 20 else ''}]"
    if isinstance(value, dict):
        pairs = islice(value.items(), 10)
        shown = ", ".join(
            f"{printable(str(key)[: 4 * LONGEST_VALUE])}: {_show(item, depth + 1)}" for key, item in pairs
        )
        return f"{{{shown}{', ...' if len(value) > 10 else ''}}}"
    return printable(str(value))


def _escape(char: str) -> str:
    point = ord(char)
    if point < 0x100:
        return f"\\x{point:02x}"
    return f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"
