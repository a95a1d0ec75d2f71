"""The process that lays out a picture: DOT in, a picture out, and no bitmap that nothing could show."""

from __future__ import annotations

import struct
import subprocess
import sys

import pytest

from specc.backends.pictures import layout_worker
from specc.backends.pictures.layout_worker import DPI, LONGEST_SIDE, MOST_PIXELS, POINTS


def lay_out(dot: str, format: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-P", layout_worker.__file__, format, str(2**32)]
    return subprocess.run(command, input=dot.encode(), capture_output=True, check=False)


@pytest.mark.parametrize(("width", "height"), [(300, 400), (100, 200_000), (200_000, 100), (20_000, 20_000)])
def test_a_bitmap_is_fine_unless_it_would_be_huge(width: int, height: int) -> None:
    resolution = layout_worker._resolution(f"0,0,{width},{height}")
    pixels = [side / POINTS * resolution for side in (width, height)]
    assert max(pixels) <= LONGEST_SIDE
    assert pixels[0] * pixels[1] <= MOST_PIXELS
    assert resolution == DPI or max(pixels) > 0.99 * LONGEST_SIDE or pixels[0] * pixels[1] > 0.99 * MOST_PIXELS


def test_a_tall_picture_is_a_png_that_cairo_can_draw() -> None:
    content = lay_out("digraph { a [height=300, width=1] }", "png").stdout
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", content[16:24])
    assert 100 < width < 200
    assert 0.95 * LONGEST_SIDE < height < 32_768


def test_what_is_no_dot_ends_the_process_with_a_word() -> None:
    done = lay_out("digraph {", "svg")
    assert done.returncode != 0
    assert done.stdout == b""
    assert done.stderr
