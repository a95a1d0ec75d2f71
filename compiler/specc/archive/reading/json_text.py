"""The JSON of a file from anyone: read within bounds, and places in it found without a tree of them.

What is wrong with it is raised as CompileError, with the one place that says it.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NoReturn

from specc.diagnostics import CompileError, Diagnostic, Related
from specc.diagnostics.codes import ErrorCode
from specc.diagnostics.problem import Problem
from specc.diagnostics.text_safety import quote_value
from specc.reading.json_reader import is_deeper
from specc.reading.mistakes import LONGEST_INT, Lines
from specc.source import Document, Part, Path, Place, Source, Span

LARGEST = 32 << 20
"""Bytes of a JSON text."""
MOST_VALUES = 1_500_000
"""Commas, colons and brackets of a text: each value takes up to a hundred bytes of memory."""
DEEPEST = 300
"""How deep maps and lists may be nested: a model in a model takes four levels, a layer in a layer two."""
DAMAGED = "the file is damaged, or was changed by hand: save the model again with Keras"

_STRING = r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)'
"""One that is not closed goes to the end."""
_BRACKET = re.compile(rf"{_STRING}|[{{}}\[\]]", re.DOTALL)
_SCALAR = re.compile(rf'{_STRING}|[^\s{{}}\[\],:"]+', re.DOTALL)
_SPACE = re.compile(r"[ \t\n\r]*")
_LONE = re.compile("[\0\ud800-\udfff]")
_ESCAPED_LONE = re.compile("\\\\u(?:0000|[dD][89a-fA-F])|[\0\ud800-\udfff]")


class _Refused(Exception):
    """A value that JSON has and a spec has not."""


class _Twice(Exception):
    """A key that a map has twice; the number of maps that were closed before it."""


def read_text(content: bytes, name: str) -> Document:
    """The data of a JSON text in UTF-8. CompileError for any other text, and for what no spec can have."""
    if len(content) > LARGEST:
        _fail(Source(name, ""), "too-large", f"the JSON has more than {LARGEST:,} bytes", None, _LARGE)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        _fail(Source(name, ""), "encoding", "the JSON is not UTF-8 text", None, DAMAGED)
    source = Source(name, text)
    if sum(map(text.count, ",:[{")) > MOST_VALUES:
        _fail(source, "too-large", f"the JSON has more than {MOST_VALUES:,} values", None, _LARGE)
    data = _data(source)
    return Document(source, data, _Walk(text).find, format="json")


_LARGE = "a model of so many layers is read in parts: save its inner models as files"


def _data(source: Source) -> Any:
    text, maps = source.text, _Maps()
    try:
        data = json.loads(
            text, object_pairs_hook=maps.pairs, parse_constant=_refused, parse_int=_int, parse_float=_float
        )
    except RecursionError:
        _fail_deep(source)
    except json.JSONDecodeError as error:
        at = min(error.pos, max(len(text.rstrip()) - 1, 0))
        _fail(source, "syntax", "this is not valid JSON", (at, at + 1), DAMAGED)
    except _Refused as error:
        spot = next((it.span() for it in _SCALAR.finditer(text) if _is_refused(it[0])), None)
        _fail(
            source, "invalid-number", str(error), spot, "numbers must be finite, and integers have at most 300 digits"
        )
    except _Twice as error:
        _fail_twice(source, maps.closed, str(error))
    if is_deeper(data, DEEPEST):
        _fail_deep(source)
    if _ESCAPED_LONE.search(text) is not None and (lone := _lone(text)) is not None:
        message = "a string contains a NUL character or half of a surrogate pair"
        _fail(source, "invalid-text", message, lone, DAMAGED)
    return data


def _fail_deep(source: Source) -> NoReturn:
    """Fail where brackets are nested too deep."""
    depth, spot = 0, None
    for it in _BRACKET.finditer(source.text):
        depth += (it[0] in "{[") - (it[0] in "}]")
        if depth > DEEPEST:
            spot = it.span()
            break
    message = f"maps and lists are nested more than {DEEPEST} deep"
    _fail(source, "too-deep", message, spot, "nest fewer models and layers in one another")


class _Maps:
    """Makes maps of their pairs, and counts them."""

    def __init__(self) -> None:
        self.closed = 0

    def pairs(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            seen: set[str] = set()
            raise _Twice(next(key for key, _ in pairs if key in seen or seen.add(key)))  # type: ignore[func-returns-value]
        self.closed += 1
        return found


def _refused(word: str) -> NoReturn:
    raise _Refused(f"{word} is not a finite number")


def _int(digits: str) -> int:
    if len(digits) > LONGEST_INT:
        raise _Refused(f"an integer of {len(digits)} digits is too long")
    return int(digits)


def _float(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise _Refused("the number is too large for a float")
    return number


def _is_refused(word: str) -> bool:
    if word in ("NaN", "Infinity", "-Infinity"):
        return True
    if word.startswith('"') or word in ("true", "false", "null"):
        return False
    if re.fullmatch(r"-?[0-9]+", word):
        return len(word) > LONGEST_INT
    try:
        return math.isinf(float(word))
    except ValueError:
        return False


def _fail_twice(source: Source, closed: int, key: str) -> NoReturn:
    """Fail at the second of two equal keys, in the map that is closed after so many others."""
    text = source.text
    open_: list[int] = []
    begin = 0
    for it in _BRACKET.finditer(text):
        if it[0] == "{":
            open_.append(it.start())
        elif it[0] == "}":
            begin = open_.pop()
            if not closed:
                break
            closed -= 1
    spots = [(at, end) for found, at, end, _ in _Walk(text).entries(begin) if found == key]
    _fail(source, "duplicate-key", f"duplicate key {quote_value(key)}", spots[1], DAMAGED, spots[0])


def _lone(text: str) -> tuple[int, int] | None:
    """The first string that has an invalid character, rather than two halves of one."""
    for it in _SCALAR.finditer(text):
        if it[0][0] == '"' and _ESCAPED_LONE.search(it[0]) and _LONE.search(_SKIP(it[0], 0)[0]):
            return it.span()
    return None


def _fail(
    source: Source,
    code: ErrorCode,
    message: str,
    at: tuple[int, int] | None,
    help: str,
    first: tuple[int, int] | None = None,
) -> NoReturn:
    """Fail at a part of a text."""
    lines = Lines(source.text)
    spans: dict[Path, Span] = {(): Span(1, 1, 1, 2) if at is None else lines.span(*at)}
    if first is not None:
        spans["first",] = lines.span(*first)
    document = Document(source, None, lambda path, part: spans[path], format="json")
    related = () if first is None else (Related("first here", Place(document, ("first",))),)
    raise CompileError([Diagnostic.of(Problem(code, message, help=help), Place(document, ()), related)])


@dataclass(eq=False)
class _Walk:
    """Finds where a path leads in a text that is valid JSON, passing over what is not on its way."""

    text: str

    @cached_property
    def lines(self) -> Lines:
        """Where the lines begin."""
        return Lines(self.text)

    def find(self, path: Path, part: Part) -> Span:
        """Where a path's value or key is written; for a path that does not exist, its nearest ancestor."""
        start = self._space(0)
        key: tuple[int, int] | None = None
        for step in path:
            found = self._entry(start, step)
            if found is None:
                break
            key, start = found
        else:
            if part == "key" and key is not None:
                return self.lines.span(*key)
        end = self._end(start)
        if end - start > 100 and self.text[start] in "{[":
            end = start + 1  # of a long one, its first character
        return self.lines.span(start, end)

    def entries(self, at: int) -> Any:
        """The keys of a map that begins there, with their places and those of their values."""
        at = self._space(at + 1)
        while self.text[at] != "}":
            key, end = _SKIP(self.text, at)
            value = self._space(self._space(end) + 1)
            yield key, at, end, value
            at = self._space(self._end(value))
            if self.text[at] == ",":
                at = self._space(at + 1)

    def _entry(self, at: int, step: str | int) -> tuple[tuple[int, int], int] | None:
        opened = self.text[at]
        if opened == "{" and isinstance(step, str):
            return next((((start, end), value) for key, start, end, value in self.entries(at) if key == step), None)
        if opened != "[" or not isinstance(step, int):
            return None
        at = self._space(at + 1)
        while self.text[at] != "]":
            if step == 0:
                return (at, at), at
            step -= 1
            at = self._space(self._end(at))
            if self.text[at] == ",":
                at = self._space(at + 1)
        return None

    def _end(self, at: int) -> int:
        """Where the value that begins there ends."""
        return _SKIP(self.text, at)[1]

    def _space(self, at: int) -> int:
        found = _SPACE.match(self.text, at)
        return at if found is None else found.end()


_SKIP: Callable[[str, int], tuple[Any, int]] = json.JSONDecoder(strict=False).raw_decode
