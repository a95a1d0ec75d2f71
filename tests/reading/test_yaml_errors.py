"""What YAML refuses, in specc's words: what is wrong, where, and what to do."""

from __future__ import annotations

import pytest

from specc.reading.mistakes import MistakesError
from specc.reading.yaml_reader import load

NOT_VALID = "this is not valid YAML"
BRACKETS = "; quote an expression or a formula that has a bracket"
LINED_UP = "give the entries of one map or list the same indentation"
CONTROL = ("a control character, which YAML does not allow", "remove it, or write it as an escape in double quotes")
SYNTAX: dict[str, tuple[str, str, str]] = {
    "a:\n\tb: 1\n": ("2:1", ": a tab in the indentation", "indent with spaces"),
    "a: 1\nb: {c: 1\nd: 2\n": (
        "2:4", ": a flow map '{...}' that is not closed, or a comma that is missing",
        f"put a comma between the entries and a '}}' at the end{BRACKETS}",
    ),
    "a: {b: 1 c: 2}\n": (
        "1:11", ": a flow map '{...}' that is not closed, or a comma that is missing",
        f"put a comma between the entries and a '}}' at the end{BRACKETS}",
    ),
    "a: [1, 2\n": (
        "1:4", ": a flow list '[...]' that is not closed, or a comma that is missing",
        f"put a comma between the entries and a ']' at the end{BRACKETS}",
    ),
    "a: 1\nb: 'x\nc: 1\n": ("2:4", ": a quoted string that is not closed", "close the quotes"),
    "a: [b: {": ("2:1", ": the text ends too early", "close what is open: quotes, then each [ and {"),
    "a: b: c\n": ("1:5", ": a ':' where no key is allowed", "quote a string that has ': ' in it; check the indentation"),
    "a:\n    b: 1\n  c: 1\n": ("3:3", ": an entry that does not line up with those above it", LINED_UP),
    "a:\n  - b\n - c\n": ("3:2", ": an entry that does not line up with those above it", LINED_UP),
    'a: "\\q"\n': ("1:5", ": an unknown escape in a string in double quotes", "use single quotes, or write the backslash twice"),
    'a: "\\ud800"\n': ("1:7", ": an escape that is not a character", "write the character itself, or \\U and eight hexadecimal digits"),
    "a: @x\n": ("1:4", ": a character that cannot begin a value", "quote a string that begins with such a character"),
    "a: %x\n": ("1:4", ": a character that cannot begin a value", "quote a string that begins with such a character"),
    "{a: 1, , b: 2}\n": ("1:8", ": a place where a value is missing", "write a value, or remove the comma or colon before it"),
    "a: !x!y 1\n": ("1:4", ": a tag, which is not part of a spec", "quote a string that begins with '!'"),
    "a: &\n": ("1:5", "", "check the indentation, quotes, brackets and commas around here"),
}  # fmt: skip
CHARACTERS: dict[str, tuple[str, str, str]] = {
    "a: 'x\0y'\n": ("1:6", *CONTROL),
    "a: 1\nb: x\x07y\n": ("2:5", *CONTROL),
    "a: x\x9by\n": ("1:5", *CONTROL),
    "a: x\uffffy\n": ("1:5", *CONTROL),
    "a: x\ud800y\n": ("1:5", "\\ud800, half of a surrogate pair, which is not a character", "remove it"),
    "a: x # \u2028 b: 1\n": (
        "1:8", "the line separator \\u2028, which only some programs treat as a line break",
        "remove it, or write it as \\u2028 in a string in double quotes",
    ),
    "a: x\x85b: 1\n": (
        "1:5", "the line separator \\u0085, which only some programs treat as a line break",
        "remove it, or write it as \\u0085 in a string in double quotes",
    ),
}  # fmt: skip


def mistake(text: str) -> tuple[str, str, str, str | None]:
    """The code of the one mistake of a text, its place, message and help."""
    with pytest.raises(MistakesError) as caught:
        load(text)
    (found,) = caught.value.mistakes
    return found.problem.code, f"{found.span.line}:{found.span.column}", found.problem.message, found.problem.help


@pytest.mark.parametrize("text", SYNTAX)
def test_syntax(text: str) -> None:
    place, message, help = SYNTAX[text]
    assert mistake(text) == ("syntax", place, f"{NOT_VALID}{message}", help)


@pytest.mark.parametrize("text", CHARACTERS)
def test_characters(text: str) -> None:
    assert mistake(text) == ("invalid-text", *CHARACTERS[text])
