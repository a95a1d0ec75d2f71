"""JSON, through the standard library; tokens are read only to find places, when something is to be shown."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from typing import Any

from specc.reading.mistakes import (
    DEEPEST,
    LONGEST_INT,
    MOST_MISTAKES,
    TOO_DEEP,
    TOO_DEEP_HELP,
    Lines,
    Mistake,
    MistakesError,
    duplicate_key,
)
from specc.reading.places import CLOSE, OPEN_LIST, OPEN_MAP, SCALAR, Places, Step
from specc.source import Span

_TOKEN = re.compile(r'([{}\[\],:])|("[^"\\]*(?:\\.[^"\\]*)*"|[^\s{}\[\],:"]+)', re.DOTALL)


_NO_CHARACTER = re.compile("[\0\ud800-\udfff]")
_MAYBE_NO_CHARACTER = re.compile("\\\\u(?:0000|[dD][89a-fA-F])|[\ud800-\udfff]")
"""The same as escapes; two halves of a pair in a row are one character."""
_WHOLE_NUMBER = re.compile(r"-?[0-9]+\Z")


class _TooDeep(Exception):
    pass


def load(text: str) -> Any:
    """The data of a JSON text. MistakesError lists what is not allowed."""
    if not text.strip():
        return None
    try:
        hooks = _Hooks()
        data = json.loads(
            text,
            object_pairs_hook=hooks.pairs,
            parse_constant=hooks.constant,
            parse_int=hooks.int,
            parse_float=hooks.float,
        )
        if is_deeper(data, DEEPEST):
            raise _TooDeep
    except json.JSONDecodeError as error:
        raise MistakesError([_syntax(text, error)]) from None
    except (_TooDeep, RecursionError):
        raise MistakesError([Mistake("too-deep", TOO_DEEP, _deep_place(text), TOO_DEEP_HELP)]) from None
    if hooks.met or (_MAYBE_NO_CHARACTER.search(text) and _holds_no_character(data)):
        raise MistakesError(_mistakes(text)[:MOST_MISTAKES])
    return data


def places(text: str) -> Places:
    """Where everything in a text that `load` has accepted is written."""
    return Places(_steps(text), key=_text)


class _Hooks:
    """The hooks that the standard library calls as it reads. Reading continues after what is not allowed."""

    def __init__(self) -> None:
        self.met = False
        """Whether there is a duplicate key, or an invalid number."""

    def pairs(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        self.met |= len(found) != len(pairs)
        return found

    def constant(self, word: str) -> None:
        self.met = True

    def int(self, digits: str) -> int:
        if len(digits) > LONGEST_INT:
            self.met = True
            return 0
        return int(digits)

    def float(self, digits: str) -> float:
        number = float(digits)
        self.met |= math.isinf(number)
        return number


def is_deeper(data: Any, deepest: int) -> bool:
    """Whether maps and lists are nested deeper: looked at level by level, so that no depth can overflow a stack."""
    level = [data]
    for _ in range(deepest):
        level = (
            [
                child
                for node in level
                for child in (node.values() if isinstance(node, dict) else node)
                if isinstance(child, dict | list)
            ]
            if isinstance(level[0], dict | list)
            else []
        )
        if not level:
            return False
    return True


def _holds_no_character(data: Any) -> bool:
    """Whether a string in some data contains an invalid character."""
    pending = [data]
    while pending:
        node = pending.pop()
        if isinstance(node, str):
            if _NO_CHARACTER.search(node):
                return True
        elif isinstance(node, dict):
            pending += node
            pending += node.values()
        elif isinstance(node, list):
            pending += node
    return False


_SYNTAX = {
    "Expecting value": ("a value is missing, or a string is not in double quotes", "write strings and keys in double quotes"),
    "Expecting ',' delimiter": ("a comma or a closing bracket is missing", "put a comma between two entries"),
    "Expecting ':' delimiter": ("a ':' is missing after a key", 'write "key": value'),
    "Expecting property name enclosed in double quotes": ("a key without double quotes", "write strings and keys in double quotes"),
    "Unterminated string starting at": ("a string that is not closed", "close the double quotes"),
    "Invalid control character at": ("a control character inside a string", "write it as an escape, such as \\t"),
    "Invalid \\escape": ("an unknown escape in a string", "write a backslash as \\\\"),
    "Invalid \\uXXXX escape": ("a \\u that is not followed by four hexadecimal digits", "write a backslash as \\\\"),
    "Extra data": ("more text after the end of the spec", "a file contains one spec"),
}  # fmt: skip


def _syntax(text: str, error: json.JSONDecodeError) -> Mistake:
    at = error.pos
    message, help = _SYNTAX.get(
        error.msg,
        (
            "the text ends too early, or there is a stray character here",
            "check the quotes, brackets and commas around here",
        ),
    )
    here = text[at : at + 1]
    before = text[:at].rstrip()
    if before.endswith(",") and (here in ("]", "}") or error.msg.startswith("Illegal trailing comma")):
        at = len(before) - 1
        message, help = "a comma after the last entry", "remove the comma"
    elif here in ("/", "#"):
        message, help = "a comment, which JSON does not have", "remove it, or write the spec as YAML"
    elif here == "'":
        message, help = "a string in single quotes", "use double quotes"
    elif here in ("\n", "\r") and error.msg == "Invalid control character at":
        message, help = (
            "a string that is not closed on its line",
            "close the double quotes; a line break inside a string is written \\n",
        )
    elif not here:
        at = max(len(before) - 1, 0)
        message, help = "the text ends too early", "close what is open: quotes, then each [ and {"
    return Mistake("syntax", f"this is not valid JSON: {message}", Lines(text).span(at, at + 1), help)


def _deep_place(text: str) -> Span:
    depth = 0
    for match in _TOKEN.finditer(text):
        depth += (match[1] in ("{", "[")) - (match[1] in ("}", "]"))
        if depth > DEEPEST:
            return Lines(text).span(*match.span())
    return Span(1, 1, 1, 2)


def _steps(text: str) -> Iterator[Step]:
    """The tokens of a text as steps with their places; a scalar's text is as written, including quotes."""
    span = Lines(text).span
    starts: list[int] = []
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        mark = match[1]
        if mark is None:
            yield SCALAR, span(start, end), match[2]
        elif mark in "{[":
            starts.append(start)
            yield OPEN_MAP if mark == "{" else OPEN_LIST, span(start, end), ""
        elif mark in "}]":
            yield CLOSE, span(starts.pop(), end), ""


def _text(written: str) -> str:
    return str(json.loads(written, strict=False)) if "\\" in written else written[1:-1]


# -- Mistakes that the standard library accepts ------------------------------------------------------------------------


def _mistakes(text: str) -> list[Mistake]:
    """What is not allowed in a spec, in a text that is valid JSON."""
    found: list[Mistake] = []

    def checked() -> Iterator[Step]:
        for step in _steps(text):
            kind, span, written = step
            if kind == SCALAR and (wrong := _wrong(written, span)) is not None:
                found.append(wrong)
            yield step

    places = Places(checked(), key=_text)
    while len(found) + len(places.twice) < MOST_MISTAKES and places.advance():
        pass
    return [*found, *(duplicate_key(it.key, span, it.first, it.item) for span, it in places.twice.items())]


def _wrong(written: str, span: Span) -> Mistake | None:
    if written.startswith('"'):
        text = _text(written)
        if _NO_CHARACTER.search(text) is None:
            return None
        what = "a NUL character" if "\0" in text else "half of a surrogate pair"
        return Mistake("invalid-text", f"the string contains {what}", span, "remove it")
    if (wrong := _no_number(written)) is None:
        return None
    help = "numbers must be finite, and integers have at most 300 digits; quote it if a string is meant"
    return Mistake("invalid-number", wrong, span, help)


def _no_number(word: str) -> str | None:
    """What is wrong with a word that is not a valid number in a spec."""
    if word in ("NaN", "Infinity", "-Infinity"):
        return f"{word} is not a finite number"
    if _WHOLE_NUMBER.match(word):
        return f"an integer of {len(word)} digits is too long" if len(word) > LONGEST_INT else None
    try:
        return "the number is too large for a float" if math.isinf(float(word)) else None
    except ValueError:
        return None
