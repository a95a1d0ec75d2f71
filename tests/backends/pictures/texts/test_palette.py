"""The light colours, as Python reads them."""

from __future__ import annotations

import re
from typing import get_args

from specc.backends.pictures.scenes.families import Family
from specc.backends.pictures.scenes.scene import Card, Mark
from specc.backends.pictures.texts.palette import family_of, light


def test_every_family_and_mark_has_its_colours() -> None:
    palette = light()
    assert set(palette.families) == {*get_args(Family), "block"}
    assert set(palette.marks) == set(get_args(Mark)) - {""}
    colors = [
        *palette.marks.values(),
        *palette.frames,
        *(color for paint in palette.families.values() for color in paint),
    ]
    assert all(re.fullmatch("#[0-9a-f]{6}", color) for color in colors)


def test_a_closed_block_has_colours_of_its_own() -> None:
    assert family_of(Card("f0", "block", "other", "encoder")) == "block"
    assert family_of(Card("n0", "layer", "dense", "Dense")) == "dense"
