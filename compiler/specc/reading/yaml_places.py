"""Where everything in a YAML text is written, from libyaml's events."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

from specc.reading.places import CLOSE, OPEN_LIST, OPEN_MAP, SCALAR, Places, Step
from specc.source import Span

Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's parser if PyYAML has it."""

_new: Any = tuple.__new__


def places(text: str) -> Places:
    """Where everything in a text that `specc.reading.yaml_reader` has accepted is written."""
    return Places(_steps(text))


def event_span(event: Any) -> Span:
    """Where an event's value is written."""
    start, end = event.start_mark, event.end_mark
    return Span(start.line + 1, start.column + 1, end.line + 1, end.column + 1)


def _steps(text: str) -> Iterator[Step]:
    """The events of a text as steps with their places."""
    loader = Loader(text)
    ends = _Ends(text)
    opened: list[Any] = []
    try:
        for event in iter(loader.get_event, None):
            kind = type(event)
            if kind is yaml.ScalarEvent:
                start, end = event.start_mark, event.end_mark
                # There may be a million: this is Span() at half its cost.
                span = _new(Span, (start.line + 1, start.column + 1, end.line + 1, end.column + 1))
                yield SCALAR, span, event.value
            elif kind is yaml.AliasEvent:
                yield SCALAR, event_span(event), ""  # everything in it is placed where it is named
            elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
                opened.append(event)
                start = event.start_mark
                span = _new(Span, (start.line + 1, start.column + 1, start.line + 1, start.column + 2))
                yield OPEN_MAP if kind is yaml.MappingStartEvent else OPEN_LIST, span, ""
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                yield CLOSE, ends.whole(opened.pop(), event.end_mark), ""
    except GeneratorExit:
        raise  # when Python exits, its modules go first: there may be no yaml to look for an error in
    except yaml.YAMLError:
        return  # steps are read ahead of a mistake, and what follows one may not be YAML
    finally:
        loader.dispose()


class _Ends:
    """Where maps and lists end. For libyaml a block-style one ends where the next token begins."""

    def __init__(self, text: str) -> None:
        self._lines = [*text.split("\n"), ""]  # libyaml ends a text on the line after its last
        self._last = (0, 0), (0, 0)
        """For the last one searched: where the next token begins, and the end of what comes before it."""

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
