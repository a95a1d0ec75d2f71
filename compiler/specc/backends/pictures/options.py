"""How a picture is drawn: what `specc graph`, `specc.draw` and `TypedGraph.draw` let a user choose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, TypedDict, get_args

Direction = Literal["down", "right"]
Show = Literal["brief", "all"]
Fit = Literal["column", "page", "slide"]
Theme = Literal["auto", "light", "dark", "paper"]
Depth = int | Literal["all"] | None

CHOICES: dict[str, tuple[str, ...]] = {
    "direction": get_args(Direction),
    "show": get_args(Show),
    "fit": get_args(Fit),
    "theme": get_args(Theme),
}
"""The options that have a few words to choose from."""
LOWEST_DPI, HIGHEST_DPI = 10, 2400

PRINTED = 6 / 8
"""The size in print, as a part of that as drawn: text of 8 points is printed at 6, the least that is read with ease."""
_MILLIMETRE = 72 / 25.4 / PRINTED
_DEEPEST = 1000
"""More levels than there are, for ``all``."""


def _nobody(said: str) -> None:
    del said


def _is_whole(value: object, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


@dataclass(frozen=True, slots=True)
class Options:
    """What a user chooses. All sizes of a picture are points as it is drawn; those in print are `PRINTED` of them.

    ValueError for a value that is none.
    """

    direction: Direction = "down"
    depth: Depth = None
    """Blocks inside blocks that are open; None for as many as fit."""
    expand: tuple[str, ...] = ()
    """Blocks that are open in any case, by the name of a block, an instance or a nested model."""
    show: Show = "brief"
    fit: Fit | None = None
    """What it is made for; by default a column, which lies on its side if the arrows run to the right."""
    theme: Theme = "auto"
    dpi: int = 300
    """Dots per inch of a PNG in print."""
    terminal: int | None = None
    """The columns of the terminal that a text is shown on; None if it is written to a file."""
    say: Callable[[str], None] = field(default=_nobody, compare=False, repr=False)
    """Is told in a line what was folded, and what cannot be read."""

    def __post_init__(self) -> None:
        for name, words in CHOICES.items():
            given = getattr(self, name)
            if given not in words and not (given is None and name == "fit"):
                raise ValueError(f"{name} is one of {', '.join(words)}, not {given!r}")
        if isinstance(self.expand, str):
            object.__setattr__(self, "expand", (self.expand,))
        object.__setattr__(self, "expand", tuple(self.expand))
        if self.depth not in (None, "all") and not _is_whole(self.depth, 0, _DEEPEST):
            raise ValueError(f"depth is a number of levels, from 0, or 'all', not {self.depth!r}")
        if not _is_whole(self.dpi, LOWEST_DPI, HIGHEST_DPI):
            raise ValueError(f"dpi is a whole number from {LOWEST_DPI} to {HIGHEST_DPI}, not {self.dpi!r}")

    @property
    def levels(self) -> int | None:
        """The depth as a number; None for as many levels as fit."""
        return _DEEPEST if self.depth == "all" else self.depth

    @property
    def room(self) -> tuple[float, float]:
        """Width and height in points in which everything can be read in print: of a column, a page, or a slide."""
        width, height = {"column": (80, 225), "page": (170, 240), "slide": (300, 150)}[self.fit or "column"]
        if self.direction == "right" and self.fit is None:
            width, height = height, width
        return width * _MILLIMETRE, height * _MILLIMETRE

    def for_engine(self, frames: list[str], levels: int | None) -> dict[str, Any]:
        """The options as the engine reads them, with the ids of the frames that are open and how deep others are."""
        width, height = self.room
        return {
            "direction": self.direction,
            "room": {"width": width, "height": height},
            "depth": levels,
            "expand": frames,
            "show": self.show,
            "theme": self.theme,
        }


DEFAULT = Options()


class Chosen(TypedDict, total=False):
    """The options as keyword arguments: those of `Options` that a user may give."""

    direction: Direction
    depth: Depth
    expand: str | tuple[str, ...] | list[str]
    show: Show
    fit: Fit | None
    theme: Theme
    dpi: int


def options_of(chosen: Chosen, say: Callable[[str], None] | None = None) -> Options:
    """The options of keyword arguments. TypeError for an option that is none, ValueError for a value that is none."""
    unknown = [name for name in chosen if name not in Chosen.__annotations__]
    if unknown:
        raise TypeError(f"a picture has no option {unknown[0]!r}; options: {', '.join(Chosen.__annotations__)}")
    return Options(**chosen, say=say or _nobody)  # type: ignore[arg-type]  # a sequence of names becomes a tuple
