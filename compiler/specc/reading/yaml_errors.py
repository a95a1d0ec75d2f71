"""What libyaml refuses, in specc's words."""

from __future__ import annotations

import re

import yaml

from specc.reading.mistakes import TOO_DEEP, TOO_DEEP_HELP, Lines, Mistake
from specc.source import Span

_NOT_IN_LINE = (
    "an entry that does not line up with those above it",
    "give the entries of one map or list the same indentation",
)
_SYNTAX: tuple[tuple[str, str, str | None], ...] = (
    ("cannot start any token", "a character that cannot begin a value", "quote a string that begins with such a character"),
    ("mapping values are not allowed", "a ':' where no key is allowed", "quote a string that has ': ' in it; check the indentation"),
    ("expected ',' or '}'", "a flow map '{...}' that is not closed, or a comma that is missing", "put a comma between the entries and a '}' at the end; quote an expression or a formula that has a bracket"),
    ("expected ',' or ']'", "a flow list '[...]' that is not closed, or a comma that is missing", "put a comma between the entries and a ']' at the end; quote an expression or a formula that has a bracket"),
    ("expected <block end>", *_NOT_IN_LINE),
    ("did not find expected key", *_NOT_IN_LINE),
    ("did not find expected '-' indicator", *_NOT_IN_LINE),
    ("block sequence entries are not allowed", *_NOT_IN_LINE),
    ("could not find expected ':'", "a key without a ':'", "write 'key: value', with a space after the colon"),
    ("unexpected end of stream", "a quoted string that is not closed", "close the quotes"),
    ("unknown escape character", "an unknown escape in a string in double quotes", "use single quotes, or write the backslash twice"),
    ("invalid Unicode character", "an escape that is not a character", "write the character itself, or \\U and eight hexadecimal digits"),
    ("did not find expected node content", "a place where a value is missing", "write a value, or remove the comma or colon before it"),
    ("found undefined tag handle", "a tag, which is not part of a spec", "quote a string that begins with '!'"),
)  # fmt: skip
"""libyaml's findings in specc's words: a part of its message, ours, and what to do."""
_SEEN_TOO_LATE = (
    "expected ',' or",
    "unexpected end of stream",
    "could not find expected ':'",
    "unexpected document indicator",
)
"""Findings that libyaml reports on a later line than the one to fix, where the quotes, the bracket or the key begin."""


def syntax_mistake(text: str, error: yaml.YAMLError) -> Mistake:
    """The mistake that libyaml stopped at."""
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return _invalid_character(text, error)
    said = f"{getattr(error, 'problem', '') or ''}"
    span = Span(mark.line + 1, mark.column + 1, mark.line + 1, mark.column + 2)
    if "maximum nesting depth" in said:  # newer releases of libyaml stop by themselves
        return Mistake("too-deep", TOO_DEEP, span, TOO_DEEP_HELP)
    line = text.split("\n")[mark.line] if mark.line < text.count("\n") + 1 else ""
    if "cannot start any token" in said and line[mark.column : mark.column + 1] == "\t":
        return Mistake("syntax", "this is not valid YAML: a tab in the indentation", span, "indent with spaces")
    if "expected node content" in said and not "".join(text.split("\n")[mark.line :])[mark.column :].strip():
        return Mistake(
            "syntax",
            "this is not valid YAML: the text ends too early",
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


def strange_character(text: str, found: re.Match[str]) -> Mistake:
    """The mistake of a character that YAML 1.1 treats as a line break, or that is not a character."""
    code = f"\\u{ord(found[0]):04x}"
    if found[0] >= "\ud800":
        message, help = f"{code}, half of a surrogate pair, which is not a character", "remove it"
    else:
        message = f"the line separator {code}, which only some programs treat as a line break"
        help = f"remove it, or write it as {code} in a string in double quotes"
    return Mistake("invalid-text", message, _character(text, found.start()), help)


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
    span = _character(text, position)
    return Mistake(
        "invalid-text",
        "a control character, which YAML does not allow",
        span,
        "remove it, or write it as an escape in double quotes",
    )


def _character(text: str, position: int) -> Span:
    return Lines(text).span(position, position + 1)
