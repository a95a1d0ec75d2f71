"""The block instances and copies that led to where something is wrong, for a diagnostic to show."""

from __future__ import annotations

from itertools import islice

from specc.diagnostics import Related
from specc.diagnostics.text_safety import quote_value
from specc.source import Frame

MOST_GIVEN = 12
"""Most values of a frame that a message shows."""


def through(frames: tuple[Frame, ...]) -> tuple[Related, ...]:
    """The instances and copies that led to an item, innermost first, with the values they give."""
    return tuple(
        Related(_frame_words(frame), frame.place, is_expansion_step=True, each=frame.each) for frame in reversed(frames)
    )


def _frame_words(frame: Frame) -> str:
    given = ", ".join(f"{name} = {quote_value(value)}" for name, value in islice(frame.values.items(), MOST_GIVEN))
    given += ", ..." if len(frame.values) > MOST_GIVEN else ""
    return f"in '{frame.name}'{f' with {given}' if given else ''}"
