"""A wrong spec's help, its certain fixes, and whether the spec is right with them."""

from __future__ import annotations

import specc
from specc.diagnostics import CompileError, Diagnostic
from specc.diagnostics.fixes import apply
from specc.frontend.read import Format, read_text
from specc.pipeline import compile_document
from tests.support.checking import spec


def helps(text: str) -> list[str]:
    """The helps of a spec's errors."""
    return [it.help or "" for it in specc.check(spec(text)) if it.severity == "error"]


def fixed_by(text: str, *changes: tuple[str, str]) -> bool:
    """Whether a spec has an error, and none after the changes: each a text that occurs in it once, and its replacement."""
    assert helps(text)
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    found = specc.check(spec(text))
    assert not [it for it in found if it.severity == "error"], found
    return True


def diagnostics(text: str, format: Format = "yaml") -> list[Diagnostic]:
    """The errors of a text, or its warnings if it has no errors."""
    try:
        return compile_document(read_text(text, "spec", format)).warnings
    except CompileError as error:
        return error.diagnostics


def fixed(text: str, format: Format = "yaml") -> str:
    """A text with its certain fixes applied, again and again while there are any."""
    for _ in range(10):
        found = diagnostics(text, format)
        edits = [made for it in found if (made := it.edit) is not None]
        if not edits:
            break
        text = apply(found[0].place.document.source, edits)
    return text


def all_helps(text: str, format: Format = "yaml") -> list[str | None]:
    """The helps of all that is said of a text."""
    found = sorted(diagnostics(text, format), key=lambda it: it.place.span[:2])
    return [it.help for it in found]


def assert_certain(text: str, helps: list[str], format: Format = "yaml") -> None:
    """Fail unless a text has these helps, and is right with its certain fixes."""
    assert all_helps(text, format) == helps
    right = fixed(text, format)
    assert diagnostics(right, format) == [], right
