"""YAML 1.2 core, from libyaml's events. PyYAML's own resolving and composing are not used: they follow YAML 1.1."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import yaml

from specc.diagnostics.suggest import did_you_mean
from specc.diagnostics.text_safety import show
from specc.frontend.read import (
    DEEPEST,
    LONGEST_INT,
    MOST_ALIASED,
    MOST_MISTAKES,
    TOO_DEEP_HELP,
    Mistake,
    MistakesError,
    Slot,
    duplicate_key,
)
from specc.source import Span

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_WORDS: dict[str, Any] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INT = re.compile(r"[-+]?[0-9]+\Z")
_OCTAL_OR_HEX = re.compile(r"0o[0-7]+\Z|0x[0-9a-fA-F]+\Z")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)\Z|\.(nan|NaN|NAN)\Z")
_STRANGE = re.compile("[\x85\u2028\u2029\ud800-\udfff]")
"""Line breaks in YAML 1.1, and so for libyaml, but not in YAML 1.2; and halves of surrogate pairs."""
_MAYBE_NUMBER = frozenset("+-.0123456789")


def load(text: str) -> Any:
    """The data of a YAML text. MistakesError says what it cannot take."""
    if not text.isascii() and (strange := _STRANGE.search(text)) is not None:
        raise MistakesError([_strange_character(text, strange)])
    data, mistakes = _run(text, _Values())
    if any(mistake.code == "duplicate-key" for mistake in mistakes):
        _, again = _run(text, _Slots(text))  # which knows the place of the first one too
        mistakes = [mistake for mistake in mistakes if mistake.code != "duplicate-key"]
        mistakes += [mistake for mistake in again if mistake.code == "duplicate-key"]
    if mistakes:
        raise MistakesError(mistakes)
    return data


def slots(text: str) -> Slot:
    """Where everything in a text that `load` has taken is written."""
    root: Slot = _run(text, _Slots(text))[0]
    return root


_TOO_DEEP = f"maps and lists are nested more than {DEEPEST} deep"


class _Values:
    """Makes data of events."""

    def scalar(self, event: Any) -> Any:
        text: str = event.value
        if not event.style:  # plain: libyaml has an empty style, the pure parser None
            if text in _WORDS:
                return _WORDS[text]
            if text[0] in _MAYBE_NUMBER:
                return self._number(text, event)
        return self._text(text, event)

    def nothing(self, event: Any) -> None:
        return None

    def key(self, event: Any, value: Any) -> Any:
        return event.value

    def list(self, event: Any) -> list[Any]:
        return []

    def map(self, event: Any) -> dict[str, Any]:
        return {}

    def append(self, node: Any, child: Any) -> None:
        node.append(child)

    def put(self, node: Any, key: str, child: Any) -> None:
        node[key] = child

    def has(self, node: Any, key: str) -> bool:
        return key in node

    def duplicate(self, node: Any, key: str, event: Any, item: int | None) -> Mistake:
        return duplicate_key(key, _span(event), None, item)

    def close(self, node: Any, event: Any) -> Any:
        return node

    def alias(self, event: Any, node: Any) -> Any:
        return node

    def _number(self, text: str, event: Any) -> Any:
        if len(text) < 19 and text.isascii() and text.isdecimal():  # most of them
            return int(text)
        decimal = _INT.match(text)
        if decimal or _OCTAL_OR_HEX.match(text):
            if len(text) > LONGEST_INT:
                raise _mistake(
                    "invalid-number",
                    f"an integer of {len(text)} digits is too long",
                    event,
                    f"integers have at most {LONGEST_INT} digits",
                )
            return int(text, 10 if decimal else 0)
        if _FLOAT.match(text):
            number = float(text)
            if math.isinf(number):
                raise _mistake(
                    "invalid-number",
                    "the number is too large for a float",
                    event,
                    "floats go to about 1.8e308; quote it if a text is meant",
                )
            return number
        if _NOT_FINITE.match(text):
            raise _mistake("invalid-number", f"{show(text)} is no finite number", event, "quote it if a text is meant")
        return self._text(text, event)

    def _text(self, text: str, event: Any) -> str:
        if not text.isascii():
            for char in text:
                if "\ud800" <= char <= "\udfff":
                    raise _mistake("invalid-text", "the text holds half of a surrogate pair", event, "take it away")
        if "\0" in text:
            raise _mistake("invalid-text", "the text holds a NUL character", event, "take it away")
        return text


_new: Any = tuple.__new__


class _Slots:
    """Makes places of events."""

    def __init__(self, text: str) -> None:
        self._lines = [*text.split("\n"), ""]  # libyaml ends a text on the line after its last

    def scalar(self, event: Any) -> Slot:
        start, end = event.start_mark, event.end_mark
        # There may be a million: this is what Span() and Slot() do, at half their cost.
        span = _new(Span, (start.line + 1, start.column + 1, end.line + 1, end.column + 1))
        slot: Slot = _new(Slot, (span, None))
        return slot

    def nothing(self, event: Any) -> Slot:
        return Slot(_span(event))

    def key(self, event: Any, value: Any) -> Any:
        return (event.value, _span(event))

    def list(self, event: Any) -> Any:
        return (event, [])

    def map(self, event: Any) -> Any:
        return (event, {})

    def append(self, node: Any, child: Slot) -> None:
        node[1].append(child)

    def put(self, node: Any, key: Any, child: Slot) -> None:
        node[1].setdefault(key[0], (key[1], child))

    def has(self, node: Any, key: Any) -> bool:
        return key[0] in node[1]

    def duplicate(self, node: Any, key: Any, event: Any, item: int | None) -> Mistake:
        return duplicate_key(key[0], _span(event), node[1][key[0]][0], item)

    def close(self, node: Any, event: Any) -> Slot:
        start, end = node[0].start_mark, event.end_mark
        line, column = end.line, end.column
        if not node[0].flow_style and line > start.line:
            # A block collection ends where the next token begins: go back to the end of its last line.
            while line > start.line and _blank(self._lines[line][:column]):
                line, column = line - 1, len(self._lines[line - 1].rstrip())
        return Slot(Span(start.line + 1, start.column + 1, line + 1, column + 1), node[1])

    def alias(self, event: Any, node: Slot) -> Slot:
        return Slot(_span(event))  # all that is in it stands where it is named


def _blank(text: str) -> bool:
    text = text.strip()
    return not text or text.startswith("#")


@dataclass(slots=True)
class _Open:
    """A map or list whose end has not been read yet."""

    node: Any
    is_map: bool
    anchor: str | None
    before: int
    """Values read before it."""
    key: Any = None
    """The key whose value comes next."""


def _run(text: str, make: Any) -> tuple[Any, list[Mistake]]:
    """Drive a maker through the events of a text: what it makes, and what cannot be taken."""
    loader = _Loader(text)
    reading = _Reading(make)
    try:
        return reading.run(loader.get_event), reading.mistakes
    except Mistake as last:
        return None, [*reading.mistakes, last]
    except yaml.YAMLError as error:
        # What was found before may be for want of a quote, too.
        raise MistakesError([_syntax(text, error)]) from None
    finally:
        loader.dispose()


class _Reading:
    """One pass over the events, without recursion; every rule about the text as a whole is kept here."""

    def __init__(self, make: Any) -> None:
        self._make = make
        self.mistakes: list[Mistake] = []
        """What cannot be taken, and hides nothing of what follows."""
        self._root: Any = None
        self._stack: list[_Open] = []
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._values = 0
        self._aliased = 0
        self._documents = 0

    def run(self, events: Callable[[], Any]) -> Any:
        handlers: dict[type, Callable[[Any], None]] = {
            yaml.ScalarEvent: self._scalar,
            yaml.MappingStartEvent: self._open,
            yaml.SequenceStartEvent: self._open,
            yaml.MappingEndEvent: self._close,
            yaml.SequenceEndEvent: self._close,
            yaml.AliasEvent: self._alias,
            yaml.DocumentStartEvent: self._document,
        }
        while (kind := type(event := events())) is not yaml.StreamEndEvent:
            handler = handlers.get(kind)
            if handler is not None:
                handler(event)
        if self._documents == 0 and isinstance(self._make, _Slots):
            return Slot(Span(1, 1, 1, 1))
        return self._root

    def _document(self, event: Any) -> None:
        self._documents += 1
        if self._documents > 1:
            raise _mistake(
                "several-documents",
                "the file holds more than one YAML document",
                event,
                "one file holds one spec; take away what follows the second '---'",
            )
        if event.version is not None or event.tags:
            raise _mistake(
                "unsupported-yaml", "YAML directives (%...) are not part of a spec", event, "take the line away"
            )

    def _scalar(self, event: Any) -> None:
        if event.tag is not None:
            self._mistaken(_tag(event))
        self._values += 1
        try:
            value = self._make.scalar(event)
        except Mistake as mistake:
            self._mistaken(mistake)
            value = event.value
        if event.anchor is not None:
            self._anchors[event.anchor] = (value, 1)
        top = self._stack[-1] if self._stack else None
        if top is None:
            self._root = value
        elif not top.is_map:
            self._make.append(top.node, value)
        elif top.key is None:
            top.key = self._key(event, value, top.node)
        else:
            self._make.put(top.node, top.key, value)
            top.key = None

    def _open(self, event: Any) -> None:
        if event.tag is not None:
            self._mistaken(_tag(event))
        if self._wants_key():
            raise _mistake("invalid-key", "a key must be a text", event, "quote the key if a text is meant")
        if len(self._stack) >= DEEPEST:
            raise _mistake("too-deep", _TOO_DEEP, event, TOO_DEEP_HELP)
        is_map = type(event) is yaml.MappingStartEvent
        node = self._make.map(event) if is_map else self._make.list(event)
        self._stack.append(_Open(node, is_map, event.anchor, self._values))
        self._values += 1
        if event.anchor is not None:
            self._anchors.pop(event.anchor, None)

    def _close(self, event: Any) -> None:
        ended = self._stack.pop()
        node = self._make.close(ended.node, event)
        if ended.anchor is not None:
            self._anchors[ended.anchor] = (node, self._values - ended.before)
        self._attach(node, event)

    def _alias(self, event: Any) -> None:
        if self._wants_key():
            raise _mistake("invalid-key", "an alias cannot be a key", event, "write the key out")
        if any(part.anchor == event.anchor for part in self._stack):
            self._mistaken(
                _mistake(
                    "recursive-alias",
                    f"*{event.anchor} stands inside what it names",
                    event,
                    "write out what is meant; a value cannot hold itself",
                )
            )
            self._attach(self._make.nothing(event), event)
            return
        if event.anchor not in self._anchors:
            anchors = ", ".join(f"&{name}" for name in list(self._anchors)[:10])
            help = did_you_mean(event.anchor, self._anchors) or (
                f"anchors above it: {anchors}" if anchors else "there is no anchor (&name) above it"
            )
            self._mistaken(_mistake("unknown-alias", f"*{event.anchor} names no anchor above it", event, help))
            self._attach(self._make.nothing(event), event)
            return
        target, count = self._anchors[event.anchor]
        self._values += count
        self._aliased += count
        if self._aliased > MOST_ALIASED:
            raise _mistake("too-large", f"the aliases expand to more than {MOST_ALIASED:,} values", event)
        self._attach(self._make.alias(event, target), event)

    def _attach(self, node: Any, event: Any) -> None:
        if not self._stack:
            self._root = node
            return
        top = self._stack[-1]
        if top.is_map:
            self._make.put(top.node, top.key, node)
            top.key = None
        else:
            self._make.append(top.node, node)

    def _wants_key(self) -> bool:
        return bool(self._stack) and self._stack[-1].is_map and self._stack[-1].key is None

    def _key(self, event: Any, value: Any, node: Any) -> Any:
        key = self._make.key(event, value)
        if self._make.has(node, key):
            item = None if len(self._stack) < 2 or self._stack[-2].is_map else self._stack[-1].before
            self._mistaken(self._make.duplicate(node, key, event, item))
        elif not isinstance(self._make, _Values):
            pass
        elif event.value == "<<" and not event.style:
            self._mistaken(
                _mistake(
                    "unsupported-yaml",
                    "merge keys (<<) are not part of YAML 1.2",
                    event,
                    "use 'defaults', a block, or write the keys out",
                )
            )
        elif not isinstance(value, str):
            self._mistaken(
                _mistake("invalid-key", f"a key must be a text, not {show(value)}", event, f"quote it: '{event.value}'")
            )
        return key

    def _mistaken(self, mistake: Mistake) -> None:
        if len(self.mistakes) + 1 >= MOST_MISTAKES:
            raise mistake
        self.mistakes.append(mistake)


def _tag(event: Any) -> Mistake:
    return _mistake(
        "unsupported-yaml",
        f"the tag {show(event.tag)} is not part of a spec",
        event,
        "take the tag away; quotes make a text",
    )


def _mistake(code: str, message: str, event: Any, help: str | None = None) -> Mistake:
    return Mistake(code, message, _span(event), help)


def _span(event: Any) -> Span:
    start, end = event.start_mark, event.end_mark
    return Span(start.line + 1, start.column + 1, end.line + 1, end.column + 1)


_NOT_IN_LINE = (
    "an entry that does not line up with those above it",
    "give the entries of one map or list the same indentation",
)
_SYNTAX: tuple[tuple[str, str, str | None], ...] = (
    ("cannot start any token", "a character that cannot begin a value", "quote a text that begins with such a character"),
    ("mapping values are not allowed", "a ':' where no key can stand", "quote a text that has ': ' in it; check the indentation"),
    ("expected ',' or '}'", "a flow map '{...}' that is not closed, or a comma that is missing", "put a comma between the entries and a '}' at the end; quote an expression that has a bracket"),
    ("expected ',' or ']'", "a flow list '[...]' that is not closed, or a comma that is missing", "put a comma between the entries and a ']' at the end; quote an expression that has a bracket"),
    ("expected <block end>", *_NOT_IN_LINE),
    ("did not find expected key", *_NOT_IN_LINE),
    ("did not find expected '-' indicator", *_NOT_IN_LINE),
    ("block sequence entries are not allowed", *_NOT_IN_LINE),
    ("could not find expected ':'", "a key without a ':'", "write 'key: value', with a space after the colon"),
    ("unexpected end of stream", "a quoted text that is not closed", "close the quotes"),
    ("unknown escape character", "an unknown escape in a text in double quotes", "use single quotes, or write the backslash twice"),
    ("invalid Unicode character", "an escape that is no character", "write the character itself, or \\U and eight hexadecimal digits"),
    ("did not find expected node content", "a place where a value is missing", "write a value, or take the comma or colon before it away"),
    ("found undefined tag handle", "a tag, which is not part of a spec", "quote a text that begins with '!'"),
)  # fmt: skip
"""libyaml's findings in specc's words: a part of its message, ours, and what to do."""
_SEEN_TOO_LATE = (
    "expected ',' or",
    "unexpected end of stream",
    "could not find expected ':'",
    "unexpected document indicator",
)
"""Findings that show only on a later line than the one to mend, which is where the quotes, the bracket or the key begin."""


def _syntax(text: str, error: yaml.YAMLError) -> Mistake:
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return _invalid_character(text, error)
    said = f"{getattr(error, 'problem', '') or ''}"
    span = Span(mark.line + 1, mark.column + 1, mark.line + 1, mark.column + 2)
    if "maximum nesting depth" in said:  # newer releases of libyaml stop by themselves, before the events tell
        return Mistake("too-deep", _TOO_DEEP, span, TOO_DEEP_HELP)
    line = text.split("\n")[mark.line] if mark.line < text.count("\n") + 1 else ""
    if "cannot start any token" in said and line[mark.column : mark.column + 1] == "\t":
        return Mistake("syntax", "this is not valid YAML: a tab in the indentation", span, "indent with spaces")
    if "expected node content" in said and not "".join(text.split("\n")[mark.line :])[mark.column :].strip():
        return Mistake(
            "syntax",
            "this is not valid YAML: the text breaks off",
            span,
            "close what is open: quotes, then each [ and {",
        )
    start = getattr(error, "context_mark", None)
    opened = None if start is None else Span(start.line + 1, start.column + 1, start.line + 1, start.column + 2)
    if opened is not None and opened.line != span.line and any(part in said for part in _SEEN_TOO_LATE):
        span = opened
    for part, message, help in _SYNTAX:
        if part in said:
            return Mistake("syntax", f"this is not valid YAML: {message}", span, help)
    return Mistake(
        "syntax", "this is not valid YAML", span, "check the indentation, quotes, brackets and commas around here"
    )


def _strange_character(text: str, found: re.Match[str]) -> Mistake:
    code = f"\\u{ord(found[0]):04x}"
    if found[0] >= "\ud800":
        message, help = f"{code}, half of a surrogate pair, which is no character", "take it away"
    else:
        message = f"the line separator {code}, which is a line break for some programs and none for others"
        help = f"take it away, or write it as {code} in a text in double quotes"
    return Mistake("invalid-text", message, _place(text, found.start()), help)


def _place(text: str, position: int) -> Span:
    before = text[:position]
    line, column = before.count("\n") + 1, position - (before.rfind("\n") + 1) + 1
    return Span(line, column, line, column + 1)


def _invalid_character(text: str, error: yaml.YAMLError) -> Mistake:
    position = min(int(getattr(error, "position", 0) or 0), len(text))
    for index, char in enumerate(text):
        if (
            (char < " " and char not in "\t\n\r")
            or char == "\x7f"
            or "\ud800" <= char <= "\udfff"
            or char in "\ufffe\uffff"
        ):
            position = index
            break
    span = _place(text, position)
    return Mistake(
        "invalid-text",
        "a control character, which YAML does not allow",
        span,
        "take it away, or write it as an escape in double quotes",
    )
