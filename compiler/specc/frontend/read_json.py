"""JSON, through the standard library; a scanner of our own only finds places, when something is to be shown."""

from __future__ import annotations

import json
import math
import re
from bisect import bisect_right
from typing import Any

from specc.diagnostics.problem import Fix
from specc.frontend.read import (
    DEEPEST,
    LONGEST_INT,
    MOST_MISTAKES,
    TOO_DEEP_HELP,
    Mistake,
    MistakesError,
    Slot,
    duplicate_key,
)
from specc.source import Span

_TOKEN = re.compile(r'[ \t\n\r]*(?:([{}\[\],:])|("[^"\\]*(?:\\.[^"\\]*)*")|([^\s{}\[\],:"]+))', re.DOTALL)


_NO_CHARACTER = re.compile("[\0\ud800-\udfff]")
_MAYBE_NO_CHARACTER = re.compile("\\\\u(?:0000|[dD][89a-fA-F])|[\ud800-\udfff]")
"""The same as escapes; two halves of a pair in a row are a character."""
_WHOLE_NUMBER = re.compile(r"-?[0-9]+\Z")


class _TooDeep(Exception):
    pass


def load(text: str) -> Any:
    """The data of a JSON text. MistakesError says what it cannot take."""
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
        _check_depth(data)
    except json.JSONDecodeError as error:
        raise MistakesError(_slips(text) or [_syntax(text, error)]) from None
    except (_TooDeep, RecursionError):
        message = f"maps and lists are nested more than {DEEPEST} deep"
        raise MistakesError([Mistake("too-deep", message, _deep_place(text), TOO_DEEP_HELP)]) from None
    if hooks.met or (_MAYBE_NO_CHARACTER.search(text) and _holds_no_character(data)):
        scanner = _Scanner(text, check=True)
        scanner.scan()
        raise MistakesError(scanner.mistakes[:MOST_MISTAKES])
    return data


def slots(text: str) -> Slot:
    """Where everything in a text that `load` has taken is written."""
    return _Scanner(text).scan()


class _Hooks:
    """What the standard library calls as it reads. It goes on where it meets what a spec cannot have."""

    def __init__(self) -> None:
        self.met = False
        """Whether there is a key twice, or a number that is none."""

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


def _no_number(word: str) -> str | None:
    """What is wrong with a word that is no number to a spec."""
    if word in ("NaN", "Infinity", "-Infinity"):
        return f"{word} is no finite number"
    if _WHOLE_NUMBER.match(word):
        return f"an integer of {len(word)} digits is too long" if len(word) > LONGEST_INT else None
    try:
        return "the number is too large for a float" if math.isinf(float(word)) else None
    except ValueError:
        return None


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


def _holds_no_character(data: Any) -> bool:
    """Whether a text in some data holds what is no character."""
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


def _slips(text: str) -> list[Mistake]:
    """All that a text has of Python, JavaScript or YAML, where it is JSON without it."""
    from specc.frontend import json_slips

    scanner = _Scanner(text)
    return [
        Mistake(
            "syntax",
            f"this is not valid JSON: {slip.message}",
            scanner.span(slip.start, slip.end),
            slip.help,
            fix=Fix(slip.text, is_text=True) if slip.is_certain else None,
        )
        for slip in json_slips.find(text)[:MOST_MISTAKES]
    ]


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

    def __init__(self, text: str, check: bool = False) -> None:
        self._text = text
        self._check = check
        """Whether to look for mistakes, and to stop when there are enough."""
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self.mistakes: list[Mistake] = []

    def span(self, start: int, end: int) -> Span:
        line, end_line = bisect_right(self._starts, start), bisect_right(self._starts, max(start, end - 1))
        return Span(line, start - self._starts[line - 1] + 1, end_line, end - self._starts[end_line - 1] + 1)

    def scan(self) -> Slot:
        root = Slot(self.span(0, 1))
        stack: list[tuple[int, dict[str, tuple[Span, Slot]] | list[Slot]]] = []
        keys: list[tuple[str, Span] | None] = []
        for match in _TOKEN.finditer(self._text):
            if len(self.mistakes) >= MOST_MISTAKES:
                break
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
                is_entry = len(stack) > 1 and isinstance(stack[-2][1], list)
                keys[-1] = self._key(match, stack[-1][1], stack[-1][0] if is_entry else None)
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
            children.setdefault(key[0], (key[1], slot))
            keys[-1] = None
        return None

    def _key(self, match: re.Match[str], children: dict[str, tuple[Span, Slot]], item: int | None) -> tuple[str, Span]:
        try:
            key = str(json.loads(match[2]))
        except json.JSONDecodeError:
            key = match[2]
        span = self.span(match.start(2), match.end(2))
        self._text_mistake(key, span)
        if self._check and key in children:
            self.mistakes.append(duplicate_key(key, span, children[key][0], item))
        return key, span

    def _text_mistake(self, text: str, span: Span) -> None:
        if self._check and _NO_CHARACTER.search(text):
            what = "a NUL character" if "\0" in text else "half of a surrogate pair"
            self.mistakes.append(Mistake("invalid-text", f"the text holds {what}", span, "take it away"))

    def _scalar(self, match: re.Match[str]) -> Slot:
        group = 2 if match[2] else 3
        span = self.span(match.start(group), match.end(group))
        if self._check and match[2]:
            self._text_mistake(json.loads(match[2], strict=False), span)
        if self._check and match[3] and (wrong := _no_number(match[3])):
            help = "a spec has finite numbers and integers of up to 300 digits; quote it if a text is meant"
            self.mistakes.append(Mistake("invalid-number", wrong, span, help))
        return Slot(span)
