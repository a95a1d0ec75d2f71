"""What JSON does not allow but is obvious: comments, single quotes, commas at the end, ``None``, tuples, bare keys."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from specc.arguments import python_syntax, shorthand
from specc.arguments.python_syntax import NoValueError
from specc.diagnostics.problem import Fix
from specc.diagnostics.text_safety import shorten
from specc.reading.mistakes import MOST_MISTAKES, Lines, Mistake

LARGEST = 2**20
"""Most characters of a text that is searched."""
MOST_UNCLOSED = 20
"""Most strings that are tried to be closed."""
MOST = 10_000
"""Most slips that are fixed."""

_TOKEN = re.compile(
    r"""(?P<space>[ \t\r\n]+)
    |(?P<comment>//[^\n]*|\#[^\n]*|/\*.*?\*/)
    |(?P<text>"(?:[^"\\\n]|\\.)*")
    |(?P<single>'(?:[^'\\\n]|\\.)*')
    |(?P<call>[A-Za-z_][\w.]*\([^()\[\]{}"]*\))
    |(?P<decimal>(?:(?<=:)|(?<=:[ ]))(?:-?[0-9]+)?,[0-9]+(?=\s*[,}]))
    |(?P<tuple>\([^()\[\]{}]*\))
    |(?P<formula>\d+(?:\.\d+)?(?:[ ]*(?:\*\*|//|[-+*/])[ ]*\d+(?:\.\d+)?)+(?=\s*[,\]}]))
    |(?P<number>-?[0-9][0-9_]*(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?|-?\.[0-9]+)
    |(?P<word>[A-Za-z_$][\w$.-]*)
    |(?P<mark>[{}\[\],:])
    |(?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_UNCLOSED = re.compile(r'(?<=[\[{,:\s])"[\w.$-]+(?=\s*[,:\]}])')
"""A word with an opening quote only."""
_CLOSE = {"{": "}", "[": "]"}
_CONSTANTS = {"None": "null", "True": "true", "False": "false", "undefined": "null", "nil": "null", "Null": "null"}
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?\Z")


@dataclass(frozen=True, slots=True)
class Slip:
    """A part of the text, from one character to another, and its replacement."""

    start: int
    end: int
    message: str
    help: str
    text: str
    is_certain: bool = True
    """Whether it may be fixed without asking; a comment would be lost."""


def mistakes(text: str) -> list[Mistake]:
    """All the Python, JavaScript or YAML in a text that is JSON without it."""
    lines = Lines(text)
    return [
        Mistake(
            "syntax",
            f"this is not valid JSON: {slip.message}",
            lines.span(slip.start, slip.end),
            slip.help,
            fix=Fix(slip.text, is_text=True) if slip.is_certain else None,
        )
        for slip in find(text)[:MOST_MISTAKES]
    ]


def find(text: str) -> list[Slip]:
    """The slips of a text that is JSON once all of them are fixed; empty for any other text."""
    if len(text) > LARGEST:
        return []
    slips: list[Slip] = []
    for slip in _slips(text):
        slips.append(slip)
        if len(slips) > MOST:
            return []
    return slips if _is_json(fixed(text, slips)) else _unclosed_text(text)


def _unclosed_text(text: str) -> list[Slip]:
    """The only string whose quotes are not closed, if closing them after its word makes the whole JSON."""
    for number, found in enumerate(_UNCLOSED.finditer(text)):
        if number == MOST_UNCLOSED:
            break
        slip = Slip(
            found.start(), found.end(), "a string that is not closed", f'write {found[0]}"', f'{found[0]}"', False
        )
        if _is_json(fixed(text, [slip])):
            return [slip]
    return []


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def fixed(text: str, slips: list[Slip]) -> str:
    """The text with all slips fixed."""
    parts, position = [], 0
    for slip in slips:
        parts += [text[position : slip.start], slip.text]
        position = slip.end
    return "".join([*parts, text[position:]])


def _slips(text: str) -> Iterator[Slip]:
    comma: re.Match[str] | None = None
    """A comma that nothing has followed yet."""
    before, end = "", 0
    """The last token that counts."""
    opened: list[str] = []
    """What closes the open brackets, and how many of each kind there are."""
    count = dict.fromkeys(_CLOSE.values(), 0)
    for token in _TOKEN.finditer(text):
        kind, written = token.lastgroup or "", token[0]
        if kind == "space":
            continue
        if kind == "comment":
            yield _slip(token, "a comment, which JSON does not have", "remove it, or write the spec as YAML", "", False)
            continue
        if comma is not None and written in ("]", "}"):
            yield _slip(comma, "a comma after the last entry", "remove the comma", "")
        comma = token if written == "," else None
        starts = kind not in ("mark", "other") or written in ("{", "[")
        if starts and before and before not in ("{", "[", ",", ":"):
            yield Slip(end, end, "a comma is missing", "put a comma between two entries", ",")
        while written in _CLOSE.values() and opened and opened[-1] != written and count[written]:
            count[opened[-1]] -= 1
            yield _closing(end, opened.pop())
        if written in _CLOSE:
            opened.append(_CLOSE[written])
            count[_CLOSE[written]] += 1
        elif opened and written == opened[-1]:
            count[opened.pop()] -= 1
        before, end = written, token.end()
        if (slip := _of_token(kind, token, text)) is not None:
            yield slip


def _closing(at: int, close: str) -> Slip:
    """A bracket that is not closed."""
    kind = "map '{...}'" if close == "}" else "list '[...]'"
    return Slip(at, at, f"a {kind} that is not closed", f"put a '{close}' here", close, False)


def _of_token(kind: str, token: re.Match[str], text: str) -> Slip | None:
    written = token[0]
    if kind == "single":
        right = json.dumps(written[1:-1].replace("\\'", "'").replace('\\"', '"'), ensure_ascii=False)
        return _slip(token, "a string in single quotes", f"use double quotes: {shorten(right)}", right)
    if kind == "tuple":
        return _value(token, "a tuple, which JSON does not have")
    if kind == "decimal":
        right = f"{written.split(',')[0] or '0'}.{written.split(',')[1]}"
        return _slip(token, "a number with a decimal comma", f"write {right}", right)
    if kind == "call":
        made = python_syntax.as_item(written) or shorthand.as_item(written)
        right = json.dumps(made or written, ensure_ascii=False)
        return _slip(token, "a call, which JSON does not have", f"write {right}", right, made is not None)
    if kind == "formula":
        return _slip(token, "a formula, which is a string in JSON", f'write "$({written})"', f'"$({written})"')
    if kind == "number" and not _NUMBER.match(written):
        return _value(token, f"{written} is not a number in JSON")
    if kind != "word" or written in ("null", "true", "false", "NaN", "Infinity"):
        return None
    if written in _CONSTANTS:
        return _slip(
            token,
            f"{written}, which JSON writes {_CONSTANTS[written]}",
            f"write {_CONSTANTS[written]}",
            _CONSTANTS[written],
        )
    right = json.dumps(written, ensure_ascii=False)
    is_key = text[token.end() : token.end() + 20].lstrip().startswith(":")
    return _slip(token, f"{'a key' if is_key else 'a string'} without double quotes", f"write {shorten(right)}", right)


def _value(token: re.Match[str], message: str) -> Slip | None:
    try:
        value = python_syntax.value(token[0].lstrip("0") if token[0].isdecimal() else token[0])
    except NoValueError:
        return None
    right = json.dumps(value, ensure_ascii=False)
    return _slip(token, message, f"write {shorten(right)}", right)


def _slip(token: re.Match[str], message: str, help: str, text: str, is_certain: bool = True) -> Slip:
    return Slip(token.start(), token.end(), message, help, text, is_certain)
