"""How a picture is drawn: what `specc graph` and `specc.draw` let a user choose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Direction = Literal["down", "right"]
Show = Literal["brief", "all"]
Fit = Literal["column", "page", "slide"]
Theme = Literal["auto", "light", "dark", "paper"]

_MILLIMETRE = 72 / 25.4
_SMALLEST_TEXT = 8 / 6
"""The size in a picture of what is printed at 6 points, the least that is read with ease."""


@dataclass(frozen=True, slots=True)
class Options:
    """What a user chooses. All sizes of a picture are points as it is drawn, 4/3 of those at which it is still read."""

    direction: Direction = "down"
    depth: int | None = None
    """Blocks inside blocks that are open; None for as many as fit."""
    expand: tuple[str, ...] = ()
    """Blocks that are open in any case, by the name of the block or of an instance."""
    show: Show = "brief"
    fit: Fit | None = None
    """What it is made for; by default a column that may be folded less than would fit."""
    theme: Theme = "auto"
    dpi: int = 200
    """Dots per inch of a PNG."""

    @property
    def room(self) -> tuple[float, float]:
        """Width and height in points in which everything can be read: of a column, a page, or a slide."""
        width, height = {"column": (80, 225), "page": (170, 240), "slide": (300, 150)}[self.fit or "column"]
        return width * _MILLIMETRE * _SMALLEST_TEXT, height * _MILLIMETRE * _SMALLEST_TEXT
