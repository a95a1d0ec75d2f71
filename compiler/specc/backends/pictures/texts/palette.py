"""The colours of a picture on a light page, as the engine has them."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from specc.backends.pictures.scenes.scene import Card


class Paint(NamedTuple):
    """The colours of a card: of its inside and its outline, and of its text, what matters and what does not."""

    fill: str
    line: str
    ink: str
    soft: str


class Palette(NamedTuple):
    """All colours, in CSS's notation ``#rrggbb``."""

    page: str
    ink: str
    soft: str
    line: str
    """Of arrows."""
    frames: list[str]
    """Fills, from the outermost inwards."""
    border: str
    """Of frames."""
    families: dict[str, Paint]
    marks: dict[str, str]


@cache
def light() -> Palette:
    """The colours of ``engine/light.js``."""
    script = files("specc.backends.pictures").joinpath("engine", "light.js").read_text("utf-8")
    found = re.search(r"^export const LIGHT = (\{.*^\});$", script, re.MULTILINE | re.DOTALL)
    assert found is not None
    data = json.loads(found[1])
    return Palette(**data | {"families": {name: Paint(**paint) for name, paint in data["families"].items()}})


def family_of(card: Card) -> str:
    """The family whose colours a card has."""
    return "block" if card.form == "block" else card.family
