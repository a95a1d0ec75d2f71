"""TypedGraph to a picture: SVG, PNG or PDF, laid out by the engine in JavaScript and typeset with bundled fonts.

That happens in a worker process with a time-out and a memory limit, so that no graph can crash the compiler.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Literal

from specc.backends.pictures.bundle import bundle
from specc.backends.pictures.expand import frames_named
from specc.backends.pictures.options import DEFAULT, Options
from specc.backends.pictures.repeats import cards_of, fold_repeats
from specc.backends.pictures.scene import Scene, make_scene
from specc.diagnostics.text_safety import printable, shorten
from specc.ir import TypedGraph
from specc.words import count_of

Format = Literal["svg", "png", "pdf"]

TIMEOUT = 60.0
"""Seconds for a picture."""
MEMORY = 4 * 2**30
"""Bytes that the worker may take."""

_HERE = Path(__file__).parent
_WORKER = _HERE / "worker.py"
_FONTS = _HERE / "fonts"


class PictureError(ValueError):
    """A graph that cannot be drawn; the message says why, and what to do."""


def svg(graph: TypedGraph, options: Options = DEFAULT) -> str:
    """A graph's picture as SVG text. PictureError if it cannot be drawn."""
    return draw(fold_repeats(make_scene(graph)), "svg", options).decode()


def png(graph: TypedGraph, options: Options = DEFAULT) -> bytes:
    """A graph's picture as the content of a PNG file. PictureError if it cannot be drawn."""
    return draw(fold_repeats(make_scene(graph)), "png", options)


def pdf(graph: TypedGraph, options: Options = DEFAULT) -> bytes:
    """A graph's picture as the content of a PDF file, one page without margins. PictureError if it cannot be drawn."""
    return draw(fold_repeats(make_scene(graph)), "pdf", options)


def draw(scene: Scene, format: Format, options: Options = DEFAULT) -> bytes:
    """A scene's picture as the content of a file; ``options.say`` is told what there is to say about it.

    PictureError if it cannot be drawn; ValueError for a name in ``options.expand`` that nothing has.
    """
    request = {
        "engine": bundle("main"),
        "scene": scene.as_dict(),
        "options": options.for_engine(frames_named(scene, options.expand)),
        "format": format,
        "dpi": options.dpi,
        "fonts": str(_FONTS),
        "seconds": TIMEOUT,
        "memory": MEMORY,
    }
    header, content = _answer(request, _size(scene))
    for line in header["said"]:
        options.say(line)
    return content


def _answer(request: dict[str, Any], size: str) -> tuple[dict[str, Any], bytes]:
    """The worker's answer: what it says of the picture, and the picture."""
    out = "fold blocks (depth 0), or write .dot or .mmd, which need no layout"
    try:
        done = subprocess.run(
            [sys.executable, "-P", str(_WORKER)],  # -P: this folder has modules named like others
            input=json.dumps(request).encode(),
            capture_output=True,
            timeout=request["seconds"],
            env={**os.environ, "PYTHONUTF8": "1"},
            cwd=_FONTS,  # nothing in the user's folder is used
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise PictureError(f"no picture of {size} in {request['seconds']:g} seconds: {out}") from None
    except OSError as error:
        raise PictureError(f"the renderer does not start ({error.strerror}): {out}") from None
    header, line, content = done.stdout.partition(b"\n")
    if done.returncode != 0 or not line:
        raise PictureError(f"no picture of {size} ({_reason(done)}): {out}")
    return json.loads(header), content


def _reason(done: subprocess.CompletedProcess[bytes]) -> str:
    said = done.stderr.decode(errors="replace")
    if "out of memory" in said or "MemoryError" in said:
        return "the renderer ran out of memory"
    if done.returncode < 0:
        return f"the renderer was ended by signal {-done.returncode}"
    lines = said.strip().splitlines() or ["the renderer said nothing"]
    return shorten(printable(lines[-1]))


def _size(scene: Scene) -> str:
    cards = sum(1 for member in scene.members for _ in cards_of(member))
    return f"{count_of(cards, 'node')} and {count_of(len(scene.wires), 'edge')}"
