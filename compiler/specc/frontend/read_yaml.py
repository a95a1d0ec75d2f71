"""YAML 1.2 core, from libyaml's events. PyYAML's own resolving and composing are not used: they follow YAML 1.1."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import yaml

from specc.diagnostics.suggest import did_you_mean
from specc.diagnostics.text_safety import quote_value
from specc.frontend.places import CLOSE, OPEN_LIST, OPEN_MAP, SCALAR, Places, Step
from specc.frontend.read import (
    DEEPEST,
    LONGEST_INT,
    MOST_ALIASED,
    MOST_MISTAKES,
    TOO_DEEP_HELP,
    Mistake,
    MistakesError,
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
_HALF_A_PAIR = re.compile("[\ud800-\udfff]")
_MAYBE_NUMBER = frozenset("+-.0123456789")
_TOO_DEEP = f"maps and lists are nested more than {DEEPEST} deep"


def load(text: str) -> Any:
    """The data of a YAML text. MistakesError says what it cannot take."""
    if not text.isascii() and (strange := _STRANGE.search(text)) is not None:
        raise MistakesError([_strange_character(text, strange)])
    loader = _Loader(text)
    reading = _Reading()
    data = None
    try:
        data = reading.run(iter(loader.get_event, None))
    except Mistake as last:
        reading.mistakes.append(last)
    except yaml.YAMLError as error:
        # What was found before may be for want of a quote, too.
        raise MistakesError([_syntax(text, error)]) from None
    finally:
        loader.dispose()
    if reading.mistakes:
        written = places(text)
        for mistake in reading.mistakes:
            if mistake.code == "duplicate-key" and (first := written.first_of(mistake.span)) is not None:
                mistake.other = ("first here", first)
        raise MistakesError(reading.mistakes)
    return data


def places(text: str) -> Places:
    """Where everything in a text that `load` has taken is written."""
    return Places(_steps(text))


class _Reading:
    """One pass over the events, without recursion; every rule about the text as a whole is kept here."""

    def __init__(self) -> None:
        self.mistakes: list[Mistake] = []
        """What cannot be taken, and hides nothing of what follows."""
        self._root: Any = None
        self._node: Any = None
        """The innermost map or list that is open."""
        self._key: str | None = None
        """The key whose value comes next."""
        self._stack: list[tuple[Any, str | None, int]] = []
        """Of each map or list whose end has not been read yet: what it stands in, its anchor, the values before it."""
        self._inside: dict[str, int] = {}
        """How often an anchor is that of a map or list that is open."""
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._plain = dict(_WORDS)
        """What each text without quotes stands for that was met."""
        self._values = 0
        self._aliased = 0
        self._documents = 0

    def run(self, events: Iterator[Any]) -> Any:
        """The data. Raises the Mistake behind which there is no reading on."""
        handlers: dict[type, Callable[[Any], None]] = {
            yaml.MappingStartEvent: self._open,
            yaml.SequenceStartEvent: self._open,
            yaml.MappingEndEvent: self._close,
            yaml.SequenceEndEvent: self._close,
            yaml.AliasEvent: self._alias,
            yaml.DocumentStartEvent: self._document,
        }
        plain, scalar = self._plain, yaml.ScalarEvent
        for event in events:  # there may be a million: no call for the common ones
            if type(event) is not scalar:
                if (handler := handlers.get(type(event))) is not None:
                    handler(event)
                continue
            self._values += 1
            value: Any = event if event.style else plain.get(event.value, event)
            if value is event or event.anchor is not None or event.tag is not None:
                value = self._scalar(event)
            node = self._node
            if type(node) is list:
                node.append(value)
            elif self._key is not None:
                node[self._key] = value
                self._key = None
            elif node is not None:
                sound = type(value) is str and value not in node and value != "<<"
                self._key = value if sound else self._checked_key(event, value, node)
            else:
                self._root = value
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

    def _scalar(self, event: Any) -> Any:
        if event.tag is not None:
            self._mistaken(_tag(event))
        value: Any = event.value
        try:
            if not event.style:  # plain: libyaml has an empty style, the pure parser None
                if value not in self._plain:
                    self._plain[value] = _plain(value, event)
                value = self._plain[value]
            elif event.style == '"':
                _check_characters(value, event)
        except Mistake as mistake:
            self._mistaken(mistake)
        if event.anchor is not None:
            self._anchors[event.anchor] = (value, 1)
        return value

    def _open(self, event: Any) -> None:
        if event.tag is not None:
            self._mistaken(_tag(event))
        around, anchor = self._node, event.anchor
        node: Any = {} if type(event) is yaml.MappingStartEvent else []
        if type(around) is list:
            around.append(node)
        elif self._wants_key():
            raise _mistake("invalid-key", "a key must be a text", event, "quote the key if a text is meant")
        else:
            self._attach(node)
        if len(self._stack) >= DEEPEST:
            raise _mistake("too-deep", _TOO_DEEP, event, TOO_DEEP_HELP)
        self._stack.append((around, anchor, self._values))
        self._node = node
        self._values += 1
        if anchor is not None:
            self._anchors.pop(anchor, None)
            self._inside[anchor] = self._inside.get(anchor, 0) + 1

    def _close(self, event: Any) -> None:
        around, anchor, before = self._stack.pop()
        if anchor is not None:
            self._anchors[anchor] = (self._node, self._values - before)
            self._inside[anchor] -= 1
        self._node = around

    def _alias(self, event: Any) -> None:
        anchor = event.anchor
        if self._wants_key():
            raise _mistake("invalid-key", "an alias cannot be a key", event, "write the key out")
        if self._inside.get(anchor):
            said = f"*{anchor} stands inside what it names"
            help = "write out what is meant; a value cannot hold itself"
            self._mistaken(_mistake("recursive-alias", said, event, help))
            self._attach(None)
            return
        if anchor not in self._anchors:
            anchors = ", ".join(f"&{name}" for name in islice(self._anchors, 10))
            help = did_you_mean(anchor, self._anchors) or (
                f"anchors above it: {anchors}" if anchors else "there is no anchor (&name) above it"
            )
            self._mistaken(_mistake("unknown-alias", f"*{anchor} names no anchor above it", event, help))
            self._attach(None)
            return
        target, count = self._anchors[anchor]
        self._values += count
        self._aliased += count
        if self._aliased > MOST_ALIASED:
            said = f"the aliases expand to more than {MOST_ALIASED:,} values"
            raise _mistake("too-large", said, event, "let values hold each other less often")
        self._attach(target)

    def _attach(self, value: Any) -> None:
        if self._node is None:
            self._root = value
        elif self._key is None:
            self._node.append(value)
        else:
            self._node[self._key] = value
            self._key = None

    def _wants_key(self) -> bool:
        return self._key is None and type(self._node) is dict

    def _checked_key(self, event: Any, value: Any, node: dict[str, Any]) -> str:
        key: str = event.value
        if key in node:
            around, _, before = self._stack[-1]
            self._mistaken(duplicate_key(key, _span(event), None, before if type(around) is list else None))
        elif key == "<<" and not event.style:
            said = "merge keys (<<) are not part of YAML 1.2"
            self._mistaken(_mistake("unsupported-yaml", said, event, "use 'defaults', a block, or write the keys out"))
        elif not isinstance(value, str):
            said = f"a key must be a text, not {quote_value(value)}"
            self._mistaken(_mistake("invalid-key", said, event, f"quote it: '{key}'"))
        else:
            return value  # the same text each time it is met
        return key

    def _mistaken(self, mistake: Mistake) -> None:
        if len(self.mistakes) + 1 >= MOST_MISTAKES:
            raise mistake
        self.mistakes.append(mistake)


def _plain(text: str, event: Any) -> Any:
    """What a text without quotes stands for. Raises a Mistake for a number that a spec cannot have."""
    if text[0] not in _MAYBE_NUMBER:
        return text
    if len(text) < 19 and text.isascii() and text.isdecimal():  # most of them
        return int(text)
    decimal = _INT.match(text)
    if decimal or _OCTAL_OR_HEX.match(text):
        if len(text) > LONGEST_INT:
            said = f"an integer of {len(text)} digits is too long"
            raise _mistake("invalid-number", said, event, f"integers have at most {LONGEST_INT} digits")
        return int(text, 10 if decimal else 0)
    if _FLOAT.match(text):
        number = float(text)
        if math.isinf(number):
            help = "floats go to about 1.8e308; quote it if a text is meant"
            raise _mistake("invalid-number", "the number is too large for a float", event, help)
        return number
    if _NOT_FINITE.match(text):
        raise _mistake(
            "invalid-number", f"{quote_value(text)} is no finite number", event, "quote it if a text is meant"
        )
    return text


def _check_characters(text: str, event: Any) -> None:
    """Raise a Mistake for what an escape can bring into a text and is no character."""
    if not text.isascii() and _HALF_A_PAIR.search(text):
        raise _mistake("invalid-text", "the text holds half of a surrogate pair", event, "take it away")
    if "\0" in text:
        raise _mistake("invalid-text", "the text holds a NUL character", event, "take it away")


# -- Places ------------------------------------------------------------------------------------------------------------

_new: Any = tuple.__new__


def _steps(text: str) -> Iterator[Step]:
    """The events of a text as steps with their places."""
    loader = _Loader(text)
    ends = _Ends(text)
    opened: list[Any] = []
    try:
        for event in iter(loader.get_event, None):
            kind = type(event)
            if kind is yaml.ScalarEvent:
                start, end = event.start_mark, event.end_mark
                # There may be a million: this is what Span() does, at half its cost.
                span = _new(Span, (start.line + 1, start.column + 1, end.line + 1, end.column + 1))
                yield SCALAR, span, event.value
            elif kind is yaml.AliasEvent:
                yield SCALAR, _span(event), ""  # all that is in it stands where it is named
            elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
                opened.append(event)
                start = event.start_mark
                span = _new(Span, (start.line + 1, start.column + 1, start.line + 1, start.column + 2))
                yield OPEN_MAP if kind is yaml.MappingStartEvent else OPEN_LIST, span, ""
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                yield CLOSE, ends.whole(opened.pop(), event.end_mark), ""
    except yaml.YAMLError:
        return  # steps are read ahead of a mistake, and what follows one may be no YAML
    finally:
        loader.dispose()


class _Ends:
    """Where maps and lists end. One in the block style ends, for libyaml, where the next token begins."""

    def __init__(self, text: str) -> None:
        self._lines = [*text.split("\n"), ""]  # libyaml ends a text on the line after its last
        self._last = (0, 0), (0, 0)
        """Of the last that was looked for: where the next token begins, and the end of what stands before that."""

    def whole(self, opening: Any, end: Any) -> Span:
        """The place of a map or list, from the event that opened it to its end."""
        start, last = opening.start_mark, (end.line, end.column)
        if not opening.flow_style and end.line > start.line:
            last = self._before(last)
        return Span(start.line + 1, start.column + 1, last[0] + 1, last[1] + 1)

    def _before(self, token: tuple[int, int]) -> tuple[int, int]:
        if token != self._last[0]:  # those inside of each other end before the same token
            line, column = token
            while line > 0 and _is_blank(self._lines[line][:column]):
                line, column = line - 1, len(self._lines[line - 1].rstrip())
            self._last = token, (line, column)
        return self._last[1]


def _is_blank(text: str) -> bool:
    text = text.strip()
    return not text or text.startswith("#")


# -- What is wrong -----------------------------------------------------------------------------------------------------


def _tag(event: Any) -> Mistake:
    return _mistake(
        "unsupported-yaml",
        f"the tag {quote_value(event.tag)} is not part of a spec",
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
