"""Draws one picture: a request as JSON on standard input, the picture on standard output.

A separate process, run as a file by `specc.backends.pictures.render`: a layout can take any time and memory, and a fault in
V8's or the typesetter's native code ends its process. Nothing of specc is imported here.
"""

from __future__ import annotations

import json
import math
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

PAGE = """#set page(width: auto, height: auto, margin: 0pt, fill: none)
#image("picture.svg")
"""
MOST_PIXELS = 80_000_000
LONGEST_SIDE = 32_000
"""Of a bitmap, in pixels."""
POINTS = 72


def main() -> None:
    """Answer the request on standard input."""
    request = json.load(sys.stdin.buffer)
    picture = _drawn(request)
    if request["format"] == "svg":
        sys.stdout.buffer.write(json.dumps(picture).encode())
    else:
        sys.stdout.buffer.write(_typeset(picture, request))
    sys.stdout.buffer.flush()


def _drawn(request: dict[str, Any]) -> dict[str, Any]:
    """What the engine makes of a scene: the SVG, its size in points, and what it could not do."""
    from py_mini_racer import MiniRacer

    engine = MiniRacer()
    engine.eval(request["engine"])
    drawn: dict[str, Any] = engine.call(
        "specc.render",
        request["scene"],
        request["options"],
        timeout_sec=request["seconds"],
        max_memory=request["memory"],
    )
    return drawn


def _typeset(picture: dict[str, Any], request: dict[str, Any]) -> bytes:
    import typst

    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "picture.svg").write_text(picture["svg"], "utf-8")
        page = Path(folder, "page.typ")
        page.write_text(PAGE, "utf-8")
        dpi = _resolution(picture["width"], picture["height"], request["dpi"])
        made = typst.compile(
            page,
            format=request["format"],
            root=folder,
            font_paths=[request["fonts"]],
            ignore_system_fonts=True,
            ppi=dpi,
            timestamp=0,
        )
    assert isinstance(made, bytes)
    return made


def _resolution(width: float, height: float, dpi: float) -> float:
    """Dots per inch: fewer than wanted if the bitmap would be huge."""
    width, height = width / POINTS, height / POINTS
    return min(dpi, math.sqrt(MOST_PIXELS / (width * height)), LONGEST_SIDE / max(width, height))


if __name__ == "__main__":
    status = 1
    try:
        main()
        status = 0
    except BaseException as error:  # whatever it is, the last line says it
        print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
    os._exit(status)  # V8's threads would keep the process
