"""Lays out one picture: DOT on standard input, the picture on standard output.

A separate process, run as a file by `specc.backends.pictures.render`: a layout can take any time and memory, and a fault
in Graphviz's C code ends its process. Nothing of specc is imported here.
"""

from __future__ import annotations

import contextlib
import math
import sys

DPI = 144
MOST_PIXELS = 80_000_000
LONGEST_SIDE = 32_000
"""Longest side of a bitmap; cairo refuses sides of 32,768 pixels."""
POINTS = 72


def main(format: str, memory: int) -> None:
    """Read DOT, write the picture in that format, using at most ``memory`` bytes."""
    _limit(memory)
    import pygraphviz

    graph = pygraphviz.AGraph(string=sys.stdin.buffer.read().decode())
    if format == "png":
        graph.layout(prog="dot")
        graph.graph_attr["dpi"] = f"{_resolution(graph.graph_attr['bb']):.2f}"
        picture = graph.draw(format=format, prog="nop2")
    else:
        picture = graph.draw(format=format, prog="dot")
    sys.stdout.buffer.write(picture)


def _resolution(bounds: str) -> float:
    """Dots per inch: fine for a picture of common size, fewer if the bitmap would be huge."""
    left, bottom, right, top = (float(number) / POINTS for number in bounds.split(","))
    width, height = right - left + 1, top - bottom + 1
    return min(float(DPI), math.sqrt(MOST_PIXELS / (width * height)), LONGEST_SIDE / max(width, height))


def _limit(memory: int) -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):  # no such limits on Windows; macOS may refuse
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
