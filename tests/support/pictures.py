"""The pictures of the specs in specs/, drawn by an engine that starts only once."""

from __future__ import annotations

from pathlib import Path

import specc
from specc.backends.pictures.drawn import scene_of
from specc.backends.pictures.expand import opened
from specc.backends.pictures.options import Options
from specc.backends.pictures.scenes.repeats import fold_repeats
from tests.support.engine import js

SPECS = sorted(Path(__file__).parents[2].joinpath("specs").iterdir())


def picture(spec: Path, options: Options) -> str:
    """What `specc.backends.pictures.render.svg` gives."""
    scene = fold_repeats(scene_of(specc.compile(str(spec))))
    choices = options.for_engine(*opened(scene, options))
    drawn: str = js("render(scene, choices).svg", "main", scene=scene.as_dict(), choices=choices)
    return drawn
