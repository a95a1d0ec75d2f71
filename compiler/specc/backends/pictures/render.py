"""TypedGraph to a picture: SVG, PNG or PDF, laid out by the engine in JavaScript and typeset with bundled fonts.

That happens in a worker process with a time-out and a memory limit, so that no graph can crash the compiler.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Literal

from specc.backends.pictures.bundle import bundle
from specc.backends.pictures.drawn import Drawn, scene_of
from specc.backends.pictures.expand import opened
from specc.backends.pictures.options import DEFAULT, PRINTED, Options
from specc.backends.pictures.scenes.repeats import fold_repeats
from specc.backends.pictures.scenes.scene import Scene, cards_of
from specc.diagnostics.text_safety import printable, shorten
from specc.words import count_of

Format = Literal["svg", "png", "pdf"]

TIMEOUT = 60.0
"""Seconds for a picture."""
MEMORY = 4 * 2**30
"""Bytes that the worker may take."""

INSTEAD = "fold blocks (depth 0), or write .dot or .mmd, which need no layout"

_HERE = Path(__file__).parent
_WORKER = _HERE / "worker.py"
_FONTS = _HERE / "fonts"


class PictureError(ValueError):
    """A graph that cannot be drawn; the message says why, and what to do."""


def svg(drawn: Drawn, options: Options = DEFAULT) -> str:
    """A graph's picture as SVG text. PictureError if it cannot be drawn."""
    return _picture(drawn, "svg", options).decode()


def png(drawn: Drawn, options: Options = DEFAULT) -> bytes:
    """A graph's picture as the content of a PNG file. PictureError if it cannot be drawn."""
    return _picture(drawn, "png", options)


def pdf(drawn: Drawn, options: Options = DEFAULT) -> bytes:
    """A graph's picture as the content of a PDF file, one page without margins. PictureError if it cannot be drawn."""
    return _picture(drawn, "pdf", options)


def _picture(drawn: Drawn, format: Format, options: Options) -> bytes:
    with _Worker() as worker:  # V8 starts while the scene is made
        return worker.draw(fold_repeats(scene_of(drawn)), format, options)


def draw(scene: Scene, format: Format, options: Options = DEFAULT) -> bytes:
    """A scene's picture as the content of a file; ``options.say`` is told what there is to say about it.

    PictureError if it cannot be drawn; ValueError for a name in ``options.expand`` that nothing has.
    """
    with _Worker() as worker:
        return worker.draw(scene, format, options)


class _Worker:
    """The process that draws one picture."""

    def __init__(self) -> None:
        try:
            self.process = subprocess.Popen(
                [sys.executable, "-P", str(_WORKER), str(MEMORY)],  # -P: this folder has modules named like others
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env={**os.environ, "PYTHONUTF8": "1"},
                cwd=_FONTS,  # nothing in the user's folder is used
            )
        except OSError as error:
            raise PictureError(f"the renderer does not start ({error.strerror}): {INSTEAD}") from None

    def __enter__(self) -> _Worker:
        return self

    def __exit__(self, *raised: object) -> None:
        self.process.kill()
        self.process.__exit__(None, None, None)

    def draw(self, scene: Scene, format: Format, options: Options) -> bytes:
        """The content of a picture's file. PictureError if it cannot be drawn."""
        request = {
            "engine": bundle("main"),
            "scene": scene.as_dict(),
            "options": options.for_engine(*opened(scene, options)),
            "format": format,
            "dpi": options.dpi,
            "scale": PRINTED,
            "fonts": str(_FONTS),
            "seconds": TIMEOUT,
        }
        try:
            answer, errors = self.process.communicate(json.dumps(request).encode(), TIMEOUT)
        except subprocess.TimeoutExpired:
            raise PictureError(f"no picture of {_size(scene)} in {TIMEOUT:g} seconds: {INSTEAD}") from None
        header, line, content = answer.partition(b"\n")
        if self.process.returncode != 0 or not line:
            reason = _reason(self.process.returncode, errors.decode(errors="replace"))
            raise PictureError(f"no picture of {_size(scene)} ({reason}): {INSTEAD}")
        for said in json.loads(header)["said"]:
            options.say(said)
        return content


def _reason(code: int, said: str) -> str:
    if "out of memory" in said or "MemoryError" in said:
        return "the renderer ran out of memory"
    if code < 0:
        return f"the renderer was ended by signal {-code}"
    lines = said.strip().splitlines() or ["the renderer said nothing"]
    return shorten(printable(lines[-1]))


def _size(scene: Scene) -> str:
    cards = sum(1 for member in scene.members for _ in cards_of(member))
    return f"{count_of(cards, 'node')} and {count_of(len(scene.wires), 'edge')}"
