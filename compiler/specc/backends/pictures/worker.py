"""Draws one picture: a request as JSON on standard input, the picture on standard output.

A separate process with a limit of memory, run as a file by `specc.backends.pictures.render`: a layout can take any time and memory, and a fault in
V8's or the typesetter's native code ends its process. Nothing of specc is imported here.

The answer is a line of JSON, ``{"said": [...]}``, and the content of the picture's file.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import re
import struct
import sys
import zlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from py_mini_racer import MiniRacer

PAGE = """#set document(title: sys.inputs.title, date: none)
#let (page-width, page-height, width, height) = sys.inputs.sides.split(" ").map(side => float(side) * 1pt)
#let fill = if sys.inputs.fill == "" { none } else { rgb(sys.inputs.fill) }
#set page(width: page-width, height: page-height, margin: 0pt, fill: fill)
#image(bytes(sys.inputs.svg), format: "svg", width: width, height: height, fit: "stretch", alt: sys.inputs.title)
"""
OTHER_SCRIPTS = re.compile("[\u0780-\u1cff\u2e80-\uf8ff\uff10-\U0001cfff\U0001f300-\U0003ffff]")
"""Where the bundled font has hardly any letters: scripts such as Chinese, and emoji. The system's fonts draw them."""
ALMOST = 0.02
"""Of a pixel, by which a bitmap is smaller than whole pixels, so that it is never rounded up to one more."""
MOST_PIXELS = 80_000_000
LONGEST_SIDE = 32_000
"""Of a bitmap, in pixels."""
POINTS = 72
INCH = 0.0254
"""In metres."""


def main(memory: int) -> None:
    """Answer the request on standard input, with at most so many bytes of memory."""
    _limit(memory)
    from py_mini_racer import MiniRacer

    engine = MiniRacer()  # before the request comes: it starts while specc makes that
    request = json.load(sys.stdin.buffer)
    picture = _drawn(engine, request, memory // 2)
    said = list(picture.get("said", []))
    content = picture["svg"].encode() if request["format"] == "svg" else _typeset(picture, request, said)
    sys.stdout.buffer.write(json.dumps({"said": said}).encode() + b"\n" + content)
    sys.stdout.buffer.flush()


def _limit(memory: int) -> None:
    """The memory of the process; V8 reserves far more addresses than it uses, so that those cannot be limited."""
    with contextlib.suppress(ImportError, ValueError, OSError):  # no such limits on Windows; macOS may refuse
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _drawn(engine: MiniRacer, request: dict[str, Any], memory: int) -> dict[str, Any]:
    """What the engine makes of a scene: the SVG, its size in points, and what there is to say about it."""
    engine.eval(request["engine"])
    drawn: dict[str, Any] = engine.call(
        "specc.render",
        request["scene"],
        request["options"],
        timeout_sec=request["seconds"],
        max_memory=memory,
    )
    return drawn


def _typeset(picture: dict[str, Any], request: dict[str, Any], said: list[str]) -> bytes:
    """The PNG or PDF of an SVG: a page as large as the picture is in print, with fonts that the file brings along."""
    import typst

    size = picture["width"] * request["scale"], picture["height"] * request["scale"]
    dpi = resolution(*size, request["dpi"])
    svg, sides, fill = picture["svg"], (*size, *size), ""
    if request["format"] == "png":
        (svg, sides), fill = in_whole_pixels(picture, request["scale"], dpi), picture["page"]
        if dpi < request["dpi"]:
            said.append(f"drawn at {dpi:.0f} dots per inch: a larger bitmap is more than programs show")
    made = typst.compile(
        PAGE.encode(),
        format=request["format"],
        root=request["fonts"],
        font_paths=[request["fonts"]],
        ignore_system_fonts=OTHER_SCRIPTS.search(svg) is None,
        sys_inputs={"svg": svg, "sides": " ".join(map(str, sides)), "fill": fill, "title": request["scene"]["title"]},
        ppi=dpi,
    )
    assert isinstance(made, bytes)
    return with_resolution(made, dpi) if request["format"] == "png" else made


def resolution(width: float, height: float, dpi: float) -> float:
    """Dots per inch for a picture of so many points: fewer than wanted if the bitmap would be huge."""
    width, height = width / POINTS, height / POINTS
    return min(dpi, math.sqrt(MOST_PIXELS / (width * height)), LONGEST_SIDE / max(width, height))


def in_whole_pixels(picture: dict[str, Any], scale: float, dpi: float) -> tuple[str, tuple[float, float, float, float]]:
    """A picture on a page of whole pixels, and the sides of the page and of the image on it, in points.

    The typesetter draws an SVG in its own pixels, as many as it has room for, rounded up, and takes from these the ones
    next to those of the page: if they are not as many, lines of text lose a row.
    """
    pixel = POINTS / dpi
    across, along = (math.ceil(picture[side] * scale / pixel - ALMOST) for side in ("width", "height"))
    unit = pixel / scale
    inner = re.sub(r'="([\d.]+)pt"', r'="\1"', picture["svg"], count=2)  # its size, in the units of the outer one
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{across}" height="{along - ALMOST}" preserveAspectRatio="none" '
        f'viewBox="0 0 {across * unit} {along * unit}">{inner}</svg>'
    )
    image = across - ALMOST, along - ALMOST * (1 + along / across / 2)
    return svg, (across * pixel, along * pixel, image[0] * pixel, image[1] * pixel)


def with_resolution(png: bytes, dpi: float) -> bytes:
    """A PNG that says how large it is in print: with a pHYs chunk after its header, in pixels per metre."""
    end = 33  # of the signature and the header, which come first in every PNG
    density = round(dpi / INCH)
    chunk = b"pHYs" + struct.pack(">IIB", density, density, 1)
    return png[:end] + struct.pack(">I", 9) + chunk + struct.pack(">I", zlib.crc32(chunk)) + png[end:]


def _last_words(error: BaseException) -> str:
    """An error in a line; what the engine throws says its own type."""
    first = next(iter(str(error).strip().splitlines()), "")
    thrown = re.fullmatch(r"<anonymous>:\d+: (\w+: .*)", first)
    return thrown[1] if thrown else f"{type(error).__name__}: {first}"


if __name__ == "__main__":
    status = 1
    try:
        main(int(sys.argv[1]))
        status = 0
    except BaseException as error:  # whatever it is, the last line says it
        print(_last_words(error), file=sys.stderr, flush=True)
    os._exit(status)  # V8's threads would keep the process
