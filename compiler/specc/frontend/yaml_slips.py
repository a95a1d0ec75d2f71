"""What YAML accepts but nobody means: ``units:10``, ``(28, 28, 1)``, ``0,4`` and ``from: a, b`` in the flow style.

Such a text is read, as keys without values, and fails later, far from its cause. So this is searched only if a spec has
failed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import yaml

from specc.arguments import python_syntax, shorthand
from specc.arguments.python_syntax import NoValueError
from specc.diagnostics.codes import ErrorCode
from specc.diagnostics.notation import flow
from specc.diagnostics.problem import Fix
from specc.diagnostics.text_safety import quote_value, shorten
from specc.frontend import dashes
from specc.reading.mistakes import MOST_MISTAKES, Mistake
from specc.reading.yaml_places import Loader, event_span
from specc.source import Span

_GLUED = re.compile(r"([A-Za-z_][\w.]*)(?::|\s*=\s*)([^\s:/=].*)\Z", re.DOTALL)
"""A key and a value without a space between them, or with Python's sign."""
_TYPE_KEY = re.compile(r"\s*type:\s")
_NAME = re.compile(r"[^\W\d][\w.-]*\Z")
_NUMBER = re.compile(r"-?(\d[\d_]*)?\.?\d+([eE][-+]?\d+)?\Z")
_HALF_A_PAIR = re.compile("[\ud800-\udfff]")
_REFERENCES = frozenset({"from", "to", "inputs", "outputs", "include"})
"""Keys whose value is a name or a list of names."""
LONGEST_RUN = 20
_CURLY = "\u201c\u201d\u2018\u2019\u201e\u201a\u00ab\u00bb"
LONGEST_LINE = 2000
"""Most characters of a line that is searched for slips."""
MOST_LOOKED_AT = 30_000
"""Most values, and ends of maps and lists, of a text that is searched: less than a tenth of a second, spent on a help."""


@dataclass(slots=True)
class Slip:
    """A slip, and the map or list that it spoils."""

    mistake: Mistake
    around: Span


@dataclass(slots=True)
class _Open:
    start: Any
    is_map: bool
    in_flow: bool
    key: Any = None
    """The key whose value comes next."""
    first: tuple[str, Any] | None = None
    """The last key that has a value, and the value if it is a plain scalar."""
    run: list[Any] = field(default_factory=list)
    """Since then: keys without a value; in a list, elements in a parenthesis that is not closed."""
    bare: list[Any] = field(default_factory=list)
    """Keys that have no value, not even a colon."""
    found: list[Mistake] = field(default_factory=list)


def find(text: str) -> list[Slip]:
    """The slips of a text, as far as YAML accepts it."""
    if not text.isascii() and _HALF_A_PAIR.search(text):
        return []
    finder = _Finder(text)
    loader = Loader(text)
    try:
        for event in islice(iter(loader.get_event, None), MOST_LOOKED_AT):
            finder.take(event)
            if len(finder.slips) >= MOST_MISTAKES:
                break
    except yaml.YAMLError:
        while finder.stack:
            finder.close(None)
    finally:
        loader.dispose()
    return finder.slips[:MOST_MISTAKES]


class _Finder:
    def __init__(self, text: str) -> None:
        self.lines = text.split("\n")
        self.stack: list[_Open] = []
        self.slips: list[Slip] = []

    def take(self, event: Any) -> None:
        kind = type(event)
        if kind in (yaml.MappingStartEvent, yaml.SequenceStartEvent):
            self._value(None)
            self.stack.append(_Open(event.start_mark, kind is yaml.MappingStartEvent, bool(event.flow_style)))
        elif kind in (yaml.MappingEndEvent, yaml.SequenceEndEvent):
            self.close(event)
        elif kind is yaml.ScalarEvent:
            self._scalar(event)
        elif kind is yaml.AliasEvent:
            self._value(None)

    def close(self, event: Any) -> None:
        ended = self.stack.pop()
        self._flush(ended)
        if ended.bare and not ended.found and event is not None:
            ended.found += self._unnamed(ended, event.end_mark)
        end = ended.start if event is None else event.end_mark
        around = Span(ended.start.line + 1, ended.start.column + 1, end.line + 1, end.column + 1)
        if event is None:
            around = Span(around.line, around.column, len(self.lines) + 1, 1)
        self.slips += [Slip(mistake, around) for mistake in ended.found]

    def _scalar(self, event: Any) -> None:
        top = self.stack[-1] if self.stack else None
        is_block = not event.style and top is not None and not top.in_flow and len(top.found) < MOST_MISTAKES
        if top is not None and top.is_map and top.key is None:
            top.key = event
            if is_block and (glued := self._dash(event.start_mark)) is not None:
                top.found.append(glued)
            return
        if is_block and top is not None:
            top.found += self._in_lines(event, top)
            if (glued := self._dash(event.start_mark)) is not None:
                self.slips.append(Slip(glued, event_span(event)))
        if not event.style and top is not None:
            top.found += _curly(event)
        self._value(event if not event.style else None)

    def _dash(self, start: Any) -> Mistake | None:
        """The mistake of a dash at the beginning of a plain string that begins its line."""
        line = self.lines[start.line] if start.line < len(self.lines) else ""
        begins = line[start.column : start.column + 1] == "-" and not line[: start.column].strip()
        return dashes.glued_in(self.lines, start.line) if begins else None

    def _value(self, plain: Any) -> None:
        """A value of a map or an element of a list; a plain scalar is given as its event."""
        if not self.stack:
            return
        top = self.stack[-1]
        if not top.in_flow:
            top.key = None
        elif not top.is_map:
            self._element(top, plain)
        elif plain is not None and _is_empty(plain) and top.key is not None:
            if len(top.bare) <= LONGEST_RUN:
                top.bare.append(top.key)
                top.run += [] if top.key.style else [top.key]
            top.key = None
        else:
            self._flush(top)
            top.first = None if top.key is None else (top.key.value, plain)
            top.key = None

    def _element(self, top: _Open, plain: Any) -> None:
        if plain is None or len(top.run) > LONGEST_RUN:
            top.run = []
        elif top.run or _is_open(plain.value):
            top.run.append(plain)
            if not _is_open(", ".join(event.value for event in top.run)):
                top.found += self._joined("", top.run)
                top.run = []

    def _flush(self, top: _Open) -> None:
        """Report what the keys without a value mean."""
        run, top.run = top.run, []
        if not top.is_map or not run or len(run) > LONGEST_RUN:
            return
        if top.first is not None and top.first[1] is not None:
            joined = list(self._joined(top.first[0], [top.first[1], *run]))
            if joined:
                top.found += joined
                return
        top.found += [mistake for event in run if (mistake := self._glued(event)) is not None]

    def _joined(self, key: str, events: list[Any]) -> Iterator[Mistake]:
        """Parts of one value that commas have separated."""
        first, last = events[0].start_mark, events[-1].end_mark
        if first.line != last.line or first.line >= len(self.lines):  # libyaml knows further line breaks
            return
        written = self.lines[first.line][first.column : last.column]
        found = _meant(key, written, [event.value for event in events])
        if found is not None:
            message, value = found
            code: ErrorCode = "expression" if "quotes" in message and key != "description" else "syntax"
            text = value if isinstance(value, _Text) else flow(value)
            yield Mistake(
                code,
                f"{quote_value(written)} {message}",
                Span(first.line + 1, first.column + 1, last.line + 1, last.column + 1),
                f"write {text}",
                fix=Fix(text, is_text=True),
            )

    def _glued(self, event: Any) -> Mistake | None:
        match = _GLUED.match(event.value)
        if match is None or event.start_mark.line != event.end_mark.line:
            return None
        return _no_space(match, event.start_mark.line, event.start_mark.column, event.end_mark.column)

    def _unnamed(self, ended: _Open, end: Any) -> Iterator[Mistake]:
        """Arguments without their names in a map: ``{type: Dense, 10, relu}``, ``{Dense, 10}``."""
        start = ended.start
        if start.line != end.line or start.line >= len(self.lines):
            return
        written = self.lines[start.line][start.column : end.column]
        item = shorthand.as_item(_TYPE_KEY.sub("", written[1:-1], count=1))
        if item is not None:
            span = Span(start.line + 1, start.column + 1, end.line + 1, end.column + 1)
            message = f"{quote_value(written)} has arguments without their names"
            yield Mistake("syntax", message, span, f"write {flow(item)}", fix=Fix(flow(item), is_text=True))
            return
        for event in ended.bare:
            if not event.style and (_NUMBER.match(event.value) or event.value in ("true", "false")):
                help = f"write its key: KEY: {event.value}"
                yield Mistake("syntax", f"{event.value} has no key", event_span(event), help)

    def _in_lines(self, event: Any, top: _Open) -> Iterator[Mistake]:
        """Lines ``key:value`` that YAML took for a part of a string, in the block style."""
        first, last = event.start_mark.line, event.end_mark.line
        if last - first > LONGEST_RUN:
            return
        for number in range(first, last + 1):
            line = self.lines[number] if number < len(self.lines) else ""
            start = event.start_mark.column if number == first else len(line) - len(line.lstrip())
            text = (line[start : event.end_mark.column] if number == last else line[start:]).rstrip()
            match = _GLUED.match(text)
            alone = number > first or not top.is_map
            if (item := _assigned(text)) is not None:
                yield Mistake(
                    "syntax",
                    f"{quote_value(text)} is a call in Python",
                    Span(number + 1, start + 1, number + 1, start + len(text) + 1),
                    f"write {flow(item)}" if not top.is_map else f"write - {flow(item)}",
                    fix=None if top.is_map else Fix(flow(item), is_text=True),
                )
            elif match is not None and alone and _NAME.match(match[1]) and "(" not in match[1]:
                yield _no_space(match, number, start, start + len(text))


def _assigned(text: str) -> dict[str, Any] | None:
    """The item of a line of Python that creates a layer and names it: ``x = Dense(3)(x)``."""
    return python_syntax.as_item(text) if re.match(r"[\w.]+\s*=\s*[\w.]+\(", text) else None


def _curly(event: Any) -> Iterator[Mistake]:
    """Quotes as a word processor makes them, which are not quotes in YAML."""
    text, start, end = event.value, event.start_mark, event.end_mark
    if text[:1] not in _CURLY or len(text) < 2 or start.line != end.line:
        return
    inside = text.strip(_CURLY)
    right = flow(inside)
    span = Span(start.line + 1, start.column + 1, end.line + 1, end.column + 1)
    yield Mistake(
        "syntax",
        f"{quote_value(text)} has curly quotes, which are letters",
        span,
        f"write {shorten(right)}",
        fix=Fix(right, is_text=True),
    )


class _Text(str):
    """YAML text, not a value."""

    __slots__ = ()


def _is_empty(event: Any) -> bool:
    return not event.value and event.start_mark.index == event.end_mark.index


def _is_open(text: str) -> bool:
    return text.count("(") > text.count(")")


def _meant(key: str, written: str, parts: list[str]) -> tuple[str, Any] | None:
    """What a value with commas means: what is wrong with it, and the value."""
    needs_quotes = "has a comma, which needs quotes in YAML's flow style"
    if key == "description":
        return needs_quotes, written
    if key == "formula":
        return needs_quotes, _Text(f'"{written}"')
    if written.startswith("$") and "$(" in written and not _is_open(written):
        return needs_quotes, _Text(f'"{written}"')
    if written.startswith("(") and written.endswith(")"):
        try:
            value = python_syntax.value(written)
            names_layers = not key or key in _REFERENCES
            return "is a tuple, which YAML does not have", python_syntax.references(value) if names_layers else value
        except NoValueError:
            names = [part.strip(" ()") for part in parts]
            return ("is a tuple, which YAML does not have", names) if all(map(_NAME.match, names)) else None
    if "(" in written:
        from specc import objects  # for errors only

        item = python_syntax.as_item(written)
        if item is None or "..." in item:
            made = (python_syntax.as_object(kind, written) for kind in objects.MODULES)
            item = next((it for it in made if it is not None and "..." not in it), item)
        return None if item is None else ("is a call in Python", item)
    if key in _REFERENCES and all(part and _NAME.match(part) for part in parts):
        return "is a list without brackets", list(parts)
    if not all(_NUMBER.match(part) for part in parts):
        return None
    if ", " in written:
        return "is a list without brackets", _Text(f"[{written}]")
    if all(len(part) == 3 and part.isdecimal() for part in parts[1:]) and re.match(r"-?[1-9]\d{0,2}\Z", parts[0]):
        return "is a number with commas", _Text("".join(parts))
    if len(parts) == 2 and re.match(r"-?\d+\Z", parts[0]) and parts[1].isdecimal():
        return "is a number with a decimal comma", _Text(".".join(parts))
    return "is a list without brackets", _Text(f"[{', '.join(parts)}]")


def _no_space(match: re.Match[str], line: int, start: int, end: int) -> Mistake:
    key, value = match[1], match[2].strip()
    with suppress(NoValueError):
        value = flow(python_syntax.value(value))
    text = f"{key}: {value}"
    colon = match[0][len(key) :].lstrip().startswith(":")
    said = "has no space after its colon" if colon else "has Python's = for a colon"
    help = f"a space after the colon: {shorten(text)}" if colon else f"write {shorten(text)}"
    return Mistake(
        "syntax",
        f"{quote_value(match[0])} {said}",
        Span(line + 1, start + 1, line + 1, end + 1),
        help,
        fix=Fix(text, is_text=True),
    )


def _decimal(written: str, span: Span) -> Mistake:
    """The mistake of ``,5``."""
    text = f"0.{written[1:]}"
    message = f"{quote_value(written)} is a number with a decimal comma, and no digit before it"
    return Mistake("syntax", message, span, f"write {text}", fix=Fix(text, is_text=True))


_NO_SPACE = re.compile(r"(?<![\w\"'])([A-Za-z_]\w*):(?=[^\s:/,\]}])")
_SHORTHAND = re.compile(r"(\s*- )([A-Za-z_][\w.]*\s*[({\[].*[)}\]])\s*\Z")
"""An entry that is a name with brackets after it: ``- Dense(units: 10, activation: relu)``."""
_DECIMAL = re.compile(r":\s+(,(\d+))(?=[\s,}\]]|\Z)")
"""A number without the zero before its decimal comma."""
_TEMPLATE = re.compile(r"\$\{\s*([\w+*/ -]+?)\s*\}|\{\{\s*([\w+*/ -]+?)\s*\}\}")


def in_line(lines: Sequence[str], mistake: Mistake) -> Mistake:
    """A mistake that a reader stopped at; or the slip of the line that it comes from, if there is one."""
    first = mistake.span.line
    last = min(first + 3, len(lines)) if mistake.first is None else first
    before = lines[first - 2] if 1 < first <= len(lines) else ""
    if before.lstrip().startswith("-") and (dash := dashes.mistake_in(lines, first - 2)) is not None:
        return dash  # which joins its line with the next
    for number in range(first, last + 1):
        line = lines[number - 1] if number <= len(lines) else ""
        if len(line) > LONGEST_LINE:
            continue
        indent = line[: len(line) - len(line.lstrip())].lstrip("-")
        if "\t" in indent or re.match(r"\s*-\t", line):
            at = line.index("\t") + 1
            message = "this is not valid YAML: a tab in the indentation"
            return Mistake("syntax", message, Span(number, at, number, at + 1), "indent with spaces, not with a tab")
        if (decimal := _DECIMAL.search(line)) is not None:
            span = Span(number, decimal.start(1) + 1, number, decimal.end(1) + 1)
            return _decimal(decimal[1], span)
        if (found := _TEMPLATE.search(line)) is not None:
            inside = (found[1] or found[2]).strip()
            right = f"${inside}" if _NAME.match(inside) else f"$({inside})"
            span = Span(number, found.start() + 1, number, found.end() + 1)
            message = f"{quote_value(found[0])} is another program's way to write a value"
            return Mistake("syntax", message, span, f"write {right}", fix=Fix(right, is_text=True))
        if number <= len(lines) and (dash := dashes.mistake_in(lines, number - 1)) is not None:
            return dash
        if (item := _SHORTHAND.match(line)) and (made := shorthand.as_item(item[2])) is not None:
            span = Span(number, len(item[1]) + 1, number, len(item[1]) + len(item[2]) + 1)
            return Mistake(
                "syntax",
                f"{quote_value(item[2])} is not an item",
                span,
                f"write {flow(made)}",
                fix=Fix(flow(made), is_text=True),
            )
        if (glued := _all_glued(line)) is not None:
            start, end, right = glued
            span = Span(number, start + 1, number, end + 1)
            help = f"a space after the colon: {shorten((right + line[end:]).strip())}"
            message = f"{quote_value(line[start:end])} has no space after its colon"
            return Mistake("syntax", message, span, help, fix=Fix(right, is_text=True))
    return mistake


def _all_glued(line: str) -> tuple[int, int, str] | None:
    """The part of a line from its first colon without a space to its last, and that part with spaces."""
    code = line.split(" #", maxsplit=1)[0]
    found = [
        it
        for it in _NO_SPACE.finditer(code)
        if code[: it.start()].count('"') % 2 == code[: it.start()].count("'") % 2 == 0
    ]
    if not found:
        return None
    start, end = found[0].start(), found[-1].end()
    parts, position = [], start
    for it in found:
        parts += [line[position : it.start()], f"{it[1]}: "]
        position = it.end()
    return start, end, "".join(parts)
