"""`specc check --fix`: a spec with its certain fixes made, as text and as a file."""

from __future__ import annotations

import difflib
import os
import shutil
from dataclasses import dataclass

from specc import files
from specc.diagnostics import CompileError, Diagnostic
from specc.diagnostics.fixes import apply
from specc.diagnostics.text_safety import printable
from specc.frontend.read import Format, decode, format_of, read_text
from specc.passes.vars import Settings

MOST_ROUNDS = 50
"""Rounds of fixing and checking again: a stage is reached only when those before it have no errors."""


@dataclass(frozen=True)
class Fixed:
    """A spec's text before and after its certain fixes."""

    before: str
    after: str
    count: int
    """The fixes that were made."""

    def diff(self, name: str) -> str:
        """The difference as a unified diff, safe to print."""
        lines = difflib.unified_diff(self.before.splitlines(), self.after.splitlines(), name, name, lineterm="")
        return "\n".join(map(printable, lines))


def fix_text(
    text: str, name: str, format: Format | None, file: str | None, settings: Settings, root: str | None = None
) -> Fixed:
    """A text with fixes made, all of a round or none: fixes that make it worse are undone."""
    before, count = text, 0
    found = _check(text, name, format, file, settings, root)
    for _ in range(MOST_ROUNDS):
        own = [it for it in found if it.severity == "error" and it.place.document.source.name == name]
        edits = {made for it in own if (made := it.edit) is not None}
        if not edits:
            break
        bom = "\ufeff" if text.startswith("\ufeff") else ""
        new = bom + apply(own[0].place.document.source, edits)
        again = _check(new, name, format, file, settings, root)
        if new == text or _is_worse(again, found):
            break
        text, found, count = new, again, count + len(edits)
    return Fixed(before, text, count)


def fix_file(path: str, settings: Settings, root: str | None = None) -> Fixed:
    """`fix_text` of a file. UnreadableError and CompileError as reading it gives."""
    with open(path, "rb") as file:
        content = file.read()
    try:
        text, _ = decode(content)
    except UnicodeDecodeError:
        return Fixed("", "", 0)  # the check says what it is
    return fix_text(text, path, format_of(path), os.path.abspath(path), settings, root)


def write(path: str, fixed: Fixed) -> None:
    """Write the fixed text to the file, completely or not at all, in the same encoding; a link stays a link."""
    target = os.path.realpath(path)
    with open(target, "rb") as file:
        _, encoding = decode(file.read())
    mode = os.stat(target).st_mode

    def write_one(made: str) -> None:
        with open(made, "wb") as file:
            file.write(fixed.after.encode(encoding))
        shutil.copymode(target, made)
        os.chmod(made, mode)

    files.write_file(target, write_one)


def _check(
    text: str, name: str, format: Format | None, file: str | None, settings: Settings, root: str | None
) -> list[Diagnostic]:
    from specc.frontend.folder import holds_blocks_only
    from specc.pipeline import check_block_file, compile_document

    try:
        document = read_text(text, name, format, file).within(root)
        if holds_blocks_only(document.data):
            return check_block_file(document)[1]
        return compile_document(document, settings).warnings
    except CompileError as error:
        return error.diagnostics


def _is_worse(now: list[Diagnostic], before: list[Diagnostic]) -> bool:
    """Whether a text has become unreadable, or what was fixed is still reported."""
    unreadable = {"syntax", "invalid-key", "duplicate-key"}
    if any(it.code in unreadable and it.fix is None for it in now) and not any(it.code in unreadable for it in before):
        return True
    fixed = {(it.code, it.message, it.place.span) for it in before if it.fix is not None}
    return any((it.code, it.message, it.place.span) in fixed for it in now if it.fix is not None)
