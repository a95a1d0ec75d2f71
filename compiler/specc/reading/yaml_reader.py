"""YAML 1.2 core, from libyaml's events. PyYAML's resolver and composer are not used: they follow YAML 1.1."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import yaml

from specc.diagnostics.codes import ErrorCode
from specc.diagnostics.suggest import did_you_mean
from specc.diagnostics.text_safety import quote_value
from specc.reading.mistakes import (
    DEEPEST,
    LONGEST_INT,
    MOST_ALIASED,
    MOST_MISTAKES,
    TOO_DEEP,
    TOO_DEEP_HELP,
    Mistake,
    MistakesError,
    duplicate_key,
)
from specc.reading.yaml_errors import strange_character, syntax_mistake
from specc.reading.yaml_places import Loader, event_span, places

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


def load(text: str) -> Any:
    """The data of a YAML text. MistakesError lists what is not allowed."""
    if not text.isascii() and (strange := _STRANGE.search(text)) is not None:
        raise MistakesError([strange_character(text, strange)])
    loader = Loader(text)
    reading = _Reading()
    data = None
    try:
        data = reading.run(iter(loader.get_event, None))
    except Mistake as last:
        reading.mistakes.append(last)
    except yaml.YAMLError as error:
        # What was found before may be caused by a missing quote, too.
        raise MistakesError([syntax_mistake(text, error)]) from None
    finally:
        loader.dispose()
    if reading.mistakes:
        written = places(text)
        for mistake in reading.mistakes:
            if mistake.problem.code == "duplicate-key":
                mistake.first = written.first_of(mistake.span)
        raise MistakesError(reading.mistakes)
    return data


class _Reading:
    """One pass over the events, without recursion; every rule about the text as a whole is here."""

    def __init__(self) -> None:
        self.mistakes: list[Mistake] = []
        """What is not allowed, but does not hide what follows."""
        self._root: Any = None
        self._node: Any = None
        """The innermost open map or list."""
        self._key: str | None = None
        """The key whose value comes next."""
        self._stack: list[tuple[Any, str | None, int]] = []
        """For each map or list whose end has not been read yet: its parent, its anchor, the values before it."""
        self._inside: dict[str, int] = {}
        """How often an anchor is that of an open map or list."""
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._plain = dict(_WORDS)
        """The value of each unquoted text met so far."""
        self._values = 0
        self._aliased = 0
        self._documents = 0

    def run(self, events: Iterator[Any]) -> Any:
        """The data. Raises the Mistake after which reading cannot continue."""
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
                "the file contains more than one YAML document",
                event,
                "a file contains one spec; remove what follows the second '---'",
            )
        if event.version is not None or event.tags:
            raise _mistake(
                "unsupported-yaml", "YAML directives (%...) are not part of a spec", event, "remove the line"
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
            raise _mistake("invalid-key", "a key must be a string", event, "quote the key if a string is meant")
        else:
            self._attach(node)
        if len(self._stack) >= DEEPEST:
            raise _mistake("too-deep", TOO_DEEP, event, TOO_DEEP_HELP)
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
            said = f"*{anchor} is inside the value that it refers to"
            help = "write out what is meant; a value cannot contain itself"
            self._mistaken(_mistake("recursive-alias", said, event, help))
            self._attach(None)
            return
        if anchor not in self._anchors:
            anchors = ", ".join(f"&{name}" for name in islice(self._anchors, 10))
            help = did_you_mean(anchor, self._anchors) or (
                f"anchors above it: {anchors}" if anchors else "there is no anchor (&name) above it"
            )
            self._mistaken(_mistake("unknown-alias", f"undefined alias *{anchor}", event, help))
            self._attach(None)
            return
        target, count = self._anchors[anchor]
        self._values += count
        self._aliased += count
        if self._aliased > MOST_ALIASED:
            said = f"the aliases expand to more than {MOST_ALIASED:,} values"
            raise _mistake("too-large", said, event, "let aliases repeat fewer values")
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
            self._mistaken(duplicate_key(key, event_span(event), None, before if type(around) is list else None))
        elif key == "<<" and not event.style:
            said = "merge keys (<<) are not part of YAML 1.2"
            self._mistaken(_mistake("unsupported-yaml", said, event, "use 'defaults', a block, or write the keys out"))
        elif not isinstance(value, str):
            said = f"a key must be a string, not {quote_value(value)}"
            self._mistaken(_mistake("invalid-key", said, event, f"quote it: '{key}'"))
        else:
            return value  # the same string object each time
        return key

    def _mistaken(self, mistake: Mistake) -> None:
        if len(self.mistakes) + 1 >= MOST_MISTAKES:
            raise mistake
        self.mistakes.append(mistake)


def _plain(text: str, event: Any) -> Any:
    """The value of an unquoted text. Raises a Mistake for a number that is not allowed in a spec."""
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
            help = "floats go to about 1.8e308; quote it if a string is meant"
            raise _mistake("invalid-number", "the number is too large for a float", event, help)
        return number
    if _NOT_FINITE.match(text):
        raise _mistake(
            "invalid-number", f"{quote_value(text)} is not a finite number", event, "quote it if a string is meant"
        )
    return text


def _check_characters(text: str, event: Any) -> None:
    """Raise a Mistake for an invalid character that an escape can bring into a string."""
    if not text.isascii() and _HALF_A_PAIR.search(text):
        raise _mistake("invalid-text", "the string contains half of a surrogate pair", event, "remove it")
    if "\0" in text:
        raise _mistake("invalid-text", "the string contains a NUL character", event, "remove it")


def _tag(event: Any) -> Mistake:
    return _mistake(
        "unsupported-yaml",
        f"the tag {quote_value(event.tag)} is not part of a spec",
        event,
        "remove the tag; quote the value if a string is meant",
    )


def _mistake(code: ErrorCode, message: str, event: Any, help: str | None = None) -> Mistake:
    return Mistake(code, message, event_span(event), help)
