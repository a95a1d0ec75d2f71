"""The dashes of a YAML list: one without a space after it, one too many, one that is missing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

from specc.diagnostics.problem import Fix
from specc.diagnostics.text_safety import quote_value, shorten
from specc.reading.mistakes import Mistake
from specc.source import Span

_GLUED = re.compile(r"(\s*)(-)(?=[{\[\"'$A-Za-z_])(.*)")
_DOUBLED = re.compile(r"(\s*)(--+)\s+(?=\S)(.*)")
_ENTRY = re.compile(r"\s*- ")
_KEY = re.compile(r"\s*[A-Za-z_]\w*: +\S")
_OPENS_LIST = re.compile(r"\s*[\w-]+:\s*(#.*)?\Z")
LOOKED_BACK = 50
"""Lines above an entry that are searched for the one that should have begun with a dash."""


def mistake_in(lines: Sequence[str], index: int) -> Mistake | None:
    """What is wrong with the dash of a block-style line, or with its absence."""
    return glued_in(lines, index) or _of_missing(lines, index)


def glued_in(lines: Sequence[str], index: int) -> Mistake | None:
    """The mistake of a line's dash without a space after it, or of more than one dash."""
    line = lines[index]
    if (found := _GLUED.match(line)) is not None:
        said = "has no space after its dash"
    elif (found := _DOUBLED.match(line)) is not None and (found[1] or found[2] == "--"):
        said = "begins with more than one dash"
    else:
        return None
    indent = len(found[1])
    span = Span(index + 1, indent + 1, index + 1, len(line.rstrip()) + 1)
    text = f"- {found[3].rstrip()}"
    following = next((it for it in lines[index + 1 :] if it.strip()), "")
    is_alone = len(following) - len(following.lstrip()) <= indent  # what belongs to it would have to move with it
    message = f"{quote_value(line.strip())} {said}"
    help = f"a dash and one space: {shorten(text, 120)}"
    return Mistake("syntax", message, span, help, fix=Fix(text, is_text=True) if is_alone else None)


def _of_missing(lines: Sequence[str], index: int) -> Mistake | None:
    """The mistake of an entry without a dash: a map in braces below other entries, or the first entry of a list."""
    line = lines[index].rstrip()
    indent = len(line) - len(line.lstrip())
    above = [number for number in range(max(0, index - LOOKED_BACK), index) if lines[number].strip()]
    if not above:
        return None
    before = lines[above[-1]]
    if line.lstrip().startswith("{") and _ENTRY.match(before) and before.rstrip().endswith("}"):
        dash = " " * before.index("-") + "- "
        return Mistake(
            "syntax",
            f"{quote_value(line.strip())} has no dash, as the entry above it has",
            Span(index + 1, 1, index + 1, indent + 1),
            f"begin it with '- ': - {shorten(line.strip(), 120)}",
            fix=Fix(dash, is_text=True),
        )
    entry = next((lines[it] for it in reversed(above) if len(lines[it]) - len(lines[it].lstrip()) <= indent), "")
    if _KEY.match(line) and indent and _ENTRY.match(entry) and entry.index("-") == indent:
        return Mistake(
            "syntax",
            f"{quote_value(line.strip())} has no dash, as the entry above it has",
            Span(index + 1, indent + 1, index + 1, len(line) + 1),
            f"begin it with '- ': - {shorten(line.strip(), 120)}",
        )
    if not _ENTRY.match(line):
        return None
    first = index
    for number in reversed(above):
        if _OPENS_LIST.match(lines[number]) and len(lines[number]) - len(lines[number].lstrip()) <= indent:
            break
        if lines[number].lstrip().startswith("-"):
            return None
        first = number
    else:
        return None
    written = lines[first].strip()
    if first == index or ":" not in written:
        return None
    start = lines[first].index(written) + 1
    return Mistake(
        "syntax",
        f"{quote_value(written)} begins a list without a dash",
        Span(first + 1, start, first + 1, start + len(written)),
        f"begin each entry with '- ': - {shorten(written, 120)}",
    )


def lined_up(lines: Sequence[str], index: int) -> Iterator[dict[int, str]]:
    """Ways to move an entry to the dash of one above it, together with its contents and neighbouring entries.

    The nearest column first; each is the lines that change.
    """
    dash = _indent(lines[index])
    if not _ENTRY.match(lines[index]):
        return
    block = list(takewhile(lambda at: not lines[at].strip() or _indent(lines[at]) >= dash, range(index, len(lines))))
    above = (line for line in lines[max(0, index - LOOKED_BACK) : index] if _ENTRY.match(line))
    for column in sorted({_indent(line) for line in above} - {dash}, key=lambda it: abs(it - dash)):
        moved = {
            at: " " * (column + _indent(lines[at]) - dash) + lines[at].lstrip() for at in block if lines[at].strip()
        }
        stays = next((at for at in block[1:] if _indent(lines[at]) == column and _ENTRY.match(lines[at])), len(lines))
        yield {at: line for at, line in moved.items() if at < stays}


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
