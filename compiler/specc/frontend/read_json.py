"""JSON, through the standard library; a scanner of our own only finds places, when something is to be shown."""

from __future__ import annotations

import json
import math
import re
from bisect import bisect_right
from typing import Any

from specc.diagnostics.problem import Path
from specc.diagnostics.text_safety import show
from specc.frontend.read import DEEPEST, LONGEST_INT, TOO_DEEP_HELP, Mistake, Slot
from specc.source import Part, Span

_TOKEN = re.compile(r'[ \t\n\r]*(?:([{}\[\],:])|("(?:[^"\\]|\\.)*")|([^\s{}\[\],:"]+))', re.DOTALL)


class _DuplicateKey(Exception):
    pass


class _BadNumber(Exception):
    pass


class _TooDeep(Exception):
    pass


def load(text: str) -> Any:
    """The data of a JSON text. Mistake says what it cannot take."""
    if not text.strip():
        return None
    try:
        data = json.loads(text, object_pairs_hook=_pairs, parse_constant=_constant, parse_int=_int, parse_float=_float)
        _check_depth(data)
    except json.JSONDecodeError as error:
        raise _syntax(text, error) from None
    except (_DuplicateKey, _BadNumber) as problem:
        raise _find(text, problem) from None
    except (_TooDeep, RecursionError):
        raise Mistake(
            "too-deep", f"maps and lists are nested more than {DEEPEST} deep", _deep_place(text), TOO_DEEP_HELP
        ) from None
    if "\\u" in text or not text.isascii():
        _check_text(text, data)
    return data


def slots(text: str) -> Slot:
    """Where everything in a text that `load` has taken is written."""
    return _Scanner(text).scan()


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _DuplicateKey
    return found


def _constant(word: str) -> Any:
    raise _BadNumber(f"{word} is no finite number")


def _int(digits: str) -> int:
    if len(digits) > LONGEST_INT:
        raise _BadNumber(f"an integer of {len(digits)} digits is too long")
    return int(digits)


def _float(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise _BadNumber("the number is too large for a float")
    return number


def _check_depth(data: Any) -> None:
    """Level by level, so that no depth can overflow a stack."""
    level = [data]
    for _ in range(DEEPEST):
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
            return
    raise _TooDeep


def _check_text(text: str, data: Any) -> None:
    pending: list[tuple[Any, Path, Part]] = [(data, (), "value")]
    while pending:
        node, path, part = pending.pop()
        if isinstance(node, str):
            if "\0" in node or any("\ud800" <= char <= "\udfff" for char in node):
                what = "a NUL character" if "\0" in node else "half of a surrogate pair"
                raise Mistake("invalid-text", f"the text holds {what}", _written(text, path, part), "take it away")
        elif isinstance(node, dict):
            pending += [(key, (*path, key), "key") for key in node]
            pending += [(child, (*path, key), "value") for key, child in node.items()]
        elif isinstance(node, list):
            pending += [(child, (*path, index), "value") for index, child in enumerate(node)]


def _written(text: str, path: Path, part: Part) -> Span:
    slot = slots(text)
    span = slot.span
    for step in path:
        children = slot.children
        key, slot = children[step] if isinstance(children, dict) else (None, children[step])  # type: ignore[index]
        span = slot.span if part == "value" or key is None else key
    return span


def _find(text: str, problem: Exception) -> Mistake:
    scanner = _Scanner(text)
    scanner.scan()
    if isinstance(problem, _DuplicateKey):
        key, first, second = scanner.duplicates[0]
        return Mistake(
            "duplicate-key",
            f"the key {show(key)} stands twice in one map",
            second,
            "keep one of the two",
            ("first here", first),
        )
    span = scanner.bad_number or Span(1, 1, 1, 2)
    return Mistake(
        "invalid-number",
        str(problem),
        span,
        "a spec has finite numbers and integers of up to 300 digits; quote it if a text is meant",
    )


_SYNTAX = {
    "Expecting value": ("a value is missing, or a text is without double quotes", "texts and keys stand in double quotes"),
    "Expecting ',' delimiter": ("a comma or a closing bracket is missing", "put a comma between two entries"),
    "Expecting ':' delimiter": ("a ':' is missing after a key", 'write "key": value'),
    "Expecting property name enclosed in double quotes": ("a key without double quotes", "texts and keys stand in double quotes"),
    "Unterminated string starting at": ("a text that is not closed", "close the double quotes"),
    "Invalid control character at": ("a control character inside a text", "write it as an escape, such as \\t"),
    "Invalid \\escape": ("an unknown escape in a text", "write a backslash as \\\\"),
    "Invalid \\uXXXX escape": ("a \\u that is not followed by four hexadecimal digits", "write a backslash as \\\\"),
    "Extra data": ("more text after the end of the spec", "one file holds one spec"),
}  # fmt: skip


def _syntax(text: str, error: json.JSONDecodeError) -> Mistake:
    at = error.pos
    message, help = _SYNTAX.get(
        error.msg,
        ("the text breaks off or has a stray character here", "check the quotes, brackets and commas around here"),
    )
    here = text[at : at + 1]
    before = text[:at].rstrip()
    if before.endswith(",") and (here in ("]", "}") or error.msg.startswith("Illegal trailing comma")):
        at = len(before) - 1
        message, help = "a comma after the last entry", "take the comma away"
    elif here in ("/", "#"):
        message, help = "a comment, which JSON does not have", "take it away, or write the spec as YAML"
    elif here == "'":
        message, help = "a text in single quotes", "use double quotes"
    elif here in ("\n", "\r") and error.msg == "Invalid control character at":
        message, help = (
            "a text that is not closed on its line",
            "close the double quotes; a line break inside a text is written \\n",
        )
    elif not here:
        at = max(len(before) - 1, 0)
        message, help = "the text breaks off", "close what is open: quotes, then each [ and {"
    return Mistake("syntax", f"this is not valid JSON: {message}", _Scanner(text).span(at, at + 1), help)


def _deep_place(text: str) -> Span:
    depth = 0
    scanner = _Scanner(text)
    for match in _TOKEN.finditer(text):
        depth += (match[1] in ("{", "[")) - (match[1] in ("}", "]")) if match[1] else 0
        if depth > DEEPEST:
            return scanner.span(match.start(1), match.end(1))
    return Span(1, 1, 1, 2)


class _Scanner:
    """Finds the places of a JSON text's values. It goes over what the standard library has read, or stops at what that has not."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self.duplicates: list[tuple[str, Span, Span]] = []
        self.bad_number: Span | None = None

    def span(self, start: int, end: int) -> Span:
        line, end_line = bisect_right(self._starts, start), bisect_right(self._starts, max(start, end - 1))
        return Span(line, start - self._starts[line - 1] + 1, end_line, end - self._starts[end_line - 1] + 1)

    def scan(self) -> Slot:
        root = Slot(self.span(0, 1))
        stack: list[tuple[int, dict[str, tuple[Span, Slot]] | list[Slot]]] = []
        keys: list[tuple[str, Span] | None] = []
        for match in _TOKEN.finditer(self._text):
            mark = match[1]
            if mark in ("{", "["):
                stack.append((match.start(1), {} if mark == "{" else []))
                keys.append(None)
                continue
            if mark in (",", ":"):
                continue
            if mark in ("}", "]"):
                if not stack:
                    break
                start, children = stack.pop()
                keys.pop()
                slot = Slot(self.span(start, match.end()), children)
            elif match[2] and stack and isinstance(stack[-1][1], dict) and keys[-1] is None:
                keys[-1] = self._key(match, stack[-1][1])
                continue
            else:
                slot = self._scalar(match)
            root = self._attach(slot, stack, keys) or root
        return root

    def _attach(self, slot: Slot, stack: list[Any], keys: list[tuple[str, Span] | None]) -> Slot | None:
        if not stack:
            return slot
        children = stack[-1][1]
        if isinstance(children, list):
            children.append(slot)
        elif (key := keys[-1]) is not None:
            children[key[0]] = (key[1], slot)
            keys[-1] = None
        return None

    def _key(self, match: re.Match[str], children: dict[str, tuple[Span, Slot]]) -> tuple[str, Span]:
        try:
            key = str(json.loads(match[2]))
        except json.JSONDecodeError:
            key = match[2]
        span = self.span(match.start(2), match.end(2))
        if key in children:
            self.duplicates.append((key, children[key][0], span))
        return key, span

    def _scalar(self, match: re.Match[str]) -> Slot:
        group = 2 if match[2] else 3
        span = self.span(match.start(group), match.end(group))
        word = match[3] or ""
        unreadable = word in ("NaN", "Infinity", "-Infinity") or len(word) > LONGEST_INT
        if self.bad_number is None and word and (unreadable or (word[-1].isdigit() and _overflows(word))):
            self.bad_number = span
        return Slot(span)


def _overflows(word: str) -> bool:
    try:
        return math.isinf(float(word))
    except ValueError:
        return False
