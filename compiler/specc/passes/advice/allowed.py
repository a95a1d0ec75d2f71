"""`allow`: the warnings that a spec silences, at its top, in a block or in an item."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from specc.diagnostics import Diagnostic
from specc.source import Document, Path, Place


def is_allowed(found: Diagnostic, spec: Document) -> bool:
    """Whether the spec allows a warning: at its top, or in what contains the place, including the instances and copies
    that led there."""
    places = [Place(spec, ()), found.place, *(further.place for further in found.related if further.is_expansion_step)]
    return any(found.code in codes for place in places for codes in _around(place))


def _around(place: Place) -> Iterator[Any]:
    """What every ``allow`` around a place says."""
    data: Any = place.document.data
    for depth in range(len(place.path) + 1):
        if isinstance(data, dict) and _can_allow(place.path[:depth]):
            yield data.get("allow", ())
        if depth < len(place.path):
            try:
                data = data[place.path[depth]]
            except (KeyError, IndexError, TypeError):
                return


def _can_allow(path: Path) -> bool:
    """Whether a path leads to the whole file, a block, or an item of the file or of a block."""
    inside = path[2:] if path[:1] == ("blocks",) and len(path) >= 2 else path
    return not inside or (len(inside) == 2 and inside[0] == "layers")
