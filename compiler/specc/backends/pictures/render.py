"""TypedGraph to a picture: SVG, PNG or PDF, with Graphviz from pygraphviz's wheel and bundled fonts.

The layout runs in a worker process with a time-out and a memory limit, so that no graph can crash the compiler.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

from specc.backends.pictures.dot import FONT, spell
from specc.backends.pictures.drawing import Box, Direction, Drawing, draw
from specc.diagnostics.text_safety import printable, shorten
from specc.ir import TypedGraph
from specc.words import count_of

TIMEOUT = 60.0
"""Seconds for a layout. 3,000 layers take about 5."""
MEMORY = 4 * 2**30
"""Bytes that the worker may take."""

_HERE = Path(__file__).parent
_WORKER = _HERE / "layout_worker.py"
_FONTS = _HERE / "fonts"
_SVG = "http://www.w3.org/2000/svg"
_FONT_FAMILY = f"Verdana, {FONT}, sans-serif"
"""What a viewer sets the text in: Verdana has the widths of DejaVu Sans, with which it was measured."""


class PictureError(ValueError):
    """A graph that cannot be laid out; the message says why, and what to do."""


def svg(graph: TypedGraph, *, rankdir: Direction = "TB", fold: bool = False, timeout: float = TIMEOUT) -> str:
    """A graph's picture as SVG text. PictureError if there is no layout within ``timeout`` seconds."""
    return svg_of(draw(graph, fold=fold), rankdir=rankdir, timeout=timeout)


def png(graph: TypedGraph, *, rankdir: Direction = "TB", fold: bool = False) -> bytes:
    """A graph's picture as the content of a PNG file. PictureError if there is no layout."""
    return _lay_out(draw(graph, fold=fold), "png", rankdir, TIMEOUT)


def pdf(graph: TypedGraph, *, rankdir: Direction = "TB", fold: bool = False) -> bytes:
    """A graph's picture as the content of a PDF file. PictureError if there is no layout."""
    return _lay_out(draw(graph, fold=fold), "pdf", rankdir, TIMEOUT)


def svg_of(drawing: Drawing, *, rankdir: Direction = "TB", timeout: float = TIMEOUT) -> str:
    """A drawing as SVG text: each box is a ``g`` with the box's id, titled with its name."""
    ET.register_namespace("", _SVG)
    ET.register_namespace("xlink", "http://www.w3.org/1999/xlink")
    root = ET.fromstring(_lay_out(drawing, "svg", rankdir, timeout))
    boxes = {box.id: box for box in drawing.root.boxes()}
    for group in root.iter(f"{{{_SVG}}}g"):
        title = group.find(f"{{{_SVG}}}title")
        if title is not None:
            _name(group, title, boxes)
    for text in root.iter(f"{{{_SVG}}}text"):
        text.set("font-family", _FONT_FAMILY)
    root.set("role", "img")
    root.set("aria-label", drawing.title)
    return ET.tostring(root, encoding="unicode") + "\n"


def _name(group: ET.Element, title: ET.Element, boxes: dict[str, Box]) -> None:
    """Titles are what a mouse shows: the names of boxes, not Graphviz's ids."""
    box = boxes.get(title.text or "")
    if group.get("class") == "node" and box is not None:
        group.set("id", box.id)
        title.text = f"{box.name} ({box.type})"
    else:
        group.remove(title)


def _lay_out(drawing: Drawing, format: str, rankdir: Direction, timeout: float) -> bytes:
    size = f"{sum(1 for _ in drawing.root.boxes()):,} boxes and {count_of(len(drawing.arrows), 'arrow')}"
    out = "fold the blocks, or write .dot or .mmd, which need no layout"
    # -P keeps this folder, which has modules named like Python's own, off the worker's path
    command = [sys.executable, "-P", str(_WORKER), format, str(MEMORY)]
    environment = {**os.environ, "FONTCONFIG_FILE": str(_FONTS / "fonts.conf"), "PYTHONUTF8": "1"}
    try:
        done = subprocess.run(
            command,
            input=spell(drawing, rankdir).encode(),
            capture_output=True,
            timeout=timeout,
            env=environment,
            cwd=_FONTS,  # as fonts.conf expects; and nothing in the user's folder is used
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise PictureError(f"no layout of {size} in {timeout:g} seconds: {out}") from None
    if done.returncode != 0 or not done.stdout:
        raise PictureError(f"Graphviz could not lay out {size} ({_reason(done)}): {out}")
    return done.stdout


def _reason(done: subprocess.CompletedProcess[bytes]) -> str:
    if done.returncode < 0:
        return f"it was ended by signal {-done.returncode}"
    said = done.stderr.decode(errors="replace").strip().splitlines() or ["it said nothing"]
    return shorten(printable(said[-1]))
