"""Diagnostics for a person at a terminal: the message, the source lines, and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from specc.diagnostics import MOST_DIAGNOSTICS, Diagnostic, Related
from specc.diagnostics.columns import clip, width, wrap
from specc.diagnostics.text_safety import printable
from specc.source import Place, Span
from specc.words import count_of

WIDEST_LINE = 100
"""Most characters of a source line that are shown; a longer one is cut around the place."""
NARROWEST_LINE = 20
"""Characters that are shown even on the narrowest terminal."""
WIDEST_RELATED = 44
"""Most columns of the source line of a further place that are shown."""
MOST_RELATED = 8
MOST_SHOWN = 100
"""Most diagnostics of one report that a person is shown; the rest is counted."""

_PLAIN = {"error": "", "warning": "", "code": "", "frame": "", "end": ""}
_COLORS = {"error": "\x1b[1;31m", "warning": "\x1b[1;33m", "code": "\x1b[1m", "frame": "\x1b[34m", "end": "\x1b[0m"}


def render(diagnostics: Sequence[Diagnostic], *, color: bool = False, columns: int | None = None) -> str:
    """All diagnostics in the order of the file, a blank line between two, with a last line that counts them.

    With ``columns`` they fit into a terminal of that width.
    """
    ordered = in_order(diagnostics)
    blocks = [render_one(diagnostic, color=color, columns=columns) for diagnostic in ordered[:MOST_SHOWN]]
    errors = sum(diagnostic.severity == "error" for diagnostic in diagnostics)
    warnings = len(diagnostics) - errors
    counts = [count_of(errors, "error")] * bool(errors) + [count_of(warnings, "warning")] * bool(warnings)
    if len(diagnostics) > 1:
        at_least = "at least " if len(diagnostics) >= MOST_DIAGNOSTICS else ""
        blocks.append(at_least + " and ".join(counts))
    if len(ordered) > MOST_SHOWN:
        blocks[-1] += f"; {len(ordered) - MOST_SHOWN:,} are not shown: 'specc check --format json' lists all"
    return "\n\n".join(blocks)


def in_order(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The diagnostics in the order of their places: file by file, from the top down."""
    files: dict[object, int] = {}
    return sorted(diagnostics, key=lambda it: (files.setdefault(it.place.document, len(files)), it.place.span[:2]))


def render_one(diagnostic: Diagnostic, *, color: bool = False, columns: int | None = None) -> str:
    """One diagnostic: header, source line with the place marked, further places, help."""
    style = _COLORS if color else _PLAIN
    span = diagnostic.place.span
    related = [(item, item.place.span) for item in diagnostic.related[:MOST_RELATED]]
    gutter = max(len(str(shown.line)) for shown in [span, *(shown for _, shown in related)])
    head = f"{diagnostic.severity}[{diagnostic.code}]"
    message = wrap(printable(diagnostic.message), columns, len(head) + 2, 2)
    lines = [
        f"{style[diagnostic.severity]}{head}{style['end']}: {style['code']}{message}{style['end']}",
        f"{' ' * gutter}{style['frame']}-->{style['end']} {file_name(diagnostic.place)}:{span.line}:{span.column}",
        *_frame(diagnostic.place, span, gutter, style, columns),
        *_related(diagnostic.place, related, gutter, style, columns),
    ]
    if diagnostic.copies:
        lines.append(f"{' ' * gutter} ... and {_copies(diagnostic.copies)}")
    if len(diagnostic.related) > MOST_RELATED:
        lines.append(f"{' ' * gutter} ... and {len(diagnostic.related) - MOST_RELATED} more places")
    if diagnostic.help:
        help = wrap(printable(diagnostic.help), columns, gutter + 9, gutter + 9)
        lines.append(f"{' ' * gutter} {style['frame']}={style['end']} help: {help}")
    return "\n".join(lines)


def _copies(count: int) -> str:
    """The further copies that have the same finding, which are not counted for ever."""
    return f"{'at least ' if count >= MOST_DIAGNOSTICS - 1 else ''}{count_of(count, 'more copy')}"


def file_name(place: Place) -> str:
    """The name of the file that a place is in, safe to print."""
    return printable(place.file)


def _frame(place: Place, span: Span, gutter: int, style: dict[str, str], columns: int | None = None) -> Iterable[str]:
    source = place.document.source.lines
    if span.line > len(source):
        return
    line = source[span.line - 1]
    last = span.end_column if span.end_line == span.line else len(line.rstrip()) + 1
    start, end = span.column - 1, max(last - 1, span.column)
    room = WIDEST_LINE
    shown, first, last = _cut(line, start, end, room)
    while columns is not None and gutter + 3 + width(printable(_tabs(shown))) > columns and room > NARROWEST_LINE:
        room -= 5
        shown, first, last = _cut(line, start, end, room)
    bar = f"{style['frame']}|{style['end']}"
    marks = " " * width(printable(_tabs(shown[:first]))) + "^" * max(1, width(printable(_tabs(shown[first:last]))))
    yield f"{style['frame']}{span.line:>{gutter}}{style['end']} {bar} {printable(_tabs(shown))}".rstrip()
    yield f"{' ' * gutter} {bar} {style['error']}{marks}{style['end']}"


def _related(
    place: Place, related: list[tuple[Related, Span]], gutter: int, style: dict[str, str], columns: int | None
) -> Iterable[str]:
    bar = f"{style['frame']}|{style['end']}"
    widest = WIDEST_RELATED if columns is None else max(10, min(WIDEST_RELATED, columns // 2 - gutter - 3))
    shown = []
    for item, span in related:
        lines = item.place.document.source.lines
        text = printable(_tabs(lines[span.line - 1].rstrip())) if span.line <= len(lines) else ""
        shown.append(clip(text, widest))
    column = max((width(text) for text in shown), default=0) + 2
    for (item, span), text in zip(related, shown, strict=True):
        elsewhere = "" if item.place.document is place.document else f" ({file_name(item.place)}:{span.line})"
        number = f"{style['frame']}{span.line:>{gutter}}{style['end']}"
        indent = gutter + 3 + column
        message = wrap(f"{printable(item.message)}{elsewhere}", columns, indent, indent)
        yield f"{number} {bar} {text}{' ' * (column - width(text))}{message}"


def _cut(line: str, start: int, end: int, room: int) -> tuple[str, int, int]:
    """The part of a long line around the place, with dots where it is cut."""
    if len(line) <= room:
        return line, start, end
    end = min(end, start + max(10, room - 20))
    left = max(0, min(start - 10, end - room + 10))
    right = min(len(line), left + room)
    lead, tail = ("..." if left else ""), ("..." if right < len(line) else "")
    return lead + line[left:right] + tail, start - left + len(lead), end - left + len(lead)


def _tabs(text: str) -> str:
    return text.replace("\t", "    ")
