"""The process that draws one picture: a request in, a picture out, and no bitmap that nothing could show."""

from __future__ import annotations

import io
import json
import math
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from specc.backends.pictures import worker
from specc.backends.pictures.worker import LONGEST_SIDE, MOST_PIXELS, POINTS, resolution

FONTS = Path(worker.__file__).parent / "fonts"


def run(request: bytes, memory: int = 2**31) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-P", worker.__file__, str(memory)], input=request, capture_output=True, check=False
    )


def draw(body: str, memory: int = 2**31, **changed: Any) -> subprocess.CompletedProcess[bytes]:
    """What a worker makes whose engine does only this."""
    request = {
        "engine": f"const specc = {{ render(scene, options) {{ {body} }} }};",
        "scene": {"title": "net"}, "options": {"theme": "dark"}, "format": "svg", "dpi": 72, "fonts": str(FONTS), "seconds": 20, "scale": 0.5,
    }  # fmt: skip
    return run(json.dumps(request | changed).encode(), memory)


def drawing(width: float, height: float, path: str = "M0 0h9v9z") -> str:
    return f"""return {{
        svg: '<svg xmlns="http://www.w3.org/2000/svg" width="{width}pt" height="{height}pt"><path d="{path}"/></svg>',
        width: {width}, height: {height}, page: "#ffffff", said: ["folded"],
    }}"""


def test_the_engine_gets_the_scene_and_the_options() -> None:
    done = draw("return {svg: scene.title + ' ' + options.theme, width: 1, height: 1}")
    assert (done.returncode, done.stdout, done.stderr) == (0, b'{"said": []}\nnet dark', b"")


@pytest.mark.parametrize(("format", "begin"), [("svg", b"<svg "), ("png", b"\x89PNG\r\n\x1a\n"), ("pdf", b"%PDF-")])
def test_formats(format: str, begin: bytes) -> None:
    done = draw(drawing(40, 40), format=format)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(b'{"said": ["folded"]}\n' + begin)


@pytest.mark.parametrize(("text", "is_bundled"), [
    ("Dense é δοκιμή тест שלום → ∥", True), ("输入", False), ("入力", False), ("입력", False), ("हिन्दी", False), ("🎲", False),
])  # fmt: skip
def test_letters_that_the_bundled_fonts_lack_are_the_systems(text: str, is_bundled: bool) -> None:
    font = pytest.importorskip("fontTools.ttLib").TTFont(FONTS / "DejaVuSans.ttf").getBestCmap()
    assert all(ord(letter) in font for letter in text) == is_bundled
    assert (worker.OTHER_SCRIPTS.search(text) is None) == is_bundled


def test_a_bitmap_that_would_be_huge_is_coarser_and_says_so() -> None:
    header, _, content = draw(drawing(4000, 40), format="png", dpi=2400).stdout.partition(b"\n")
    assert json.loads(header)["said"] == [
        "folded", "drawn at 1152 dots per inch: a larger bitmap is more than programs show"
    ]  # fmt: skip
    width, _ = struct.unpack(">II", content[16:24])
    assert 0.99 * LONGEST_SIDE < width <= LONGEST_SIDE + 1
    assert content[37:41] == b"pHYs"
    assert struct.unpack(">IIB", content[41:50]) == (round(1152 / 0.0254), round(1152 / 0.0254), 1)


@pytest.mark.parametrize(("width", "height"), [(40, 300), (41.3, 300.7), (130.1, 81.9), (20.2, 801.3)])
def test_no_row_and_no_column_of_a_bitmap_is_lost(width: float, height: float) -> None:
    """At half their size these lines are a pixel wide, black and white by turns; all but the last one are whole."""
    across, along = math.ceil(width / 2), math.ceil(height / 2)
    rows = "".join(f"M0 {4 * row}h{width}v2h-{width}z" for row in range(along))
    columns = "".join(f"M{4 * column} 0v{height}h2v-{height}z" for column in range(across))
    for lines, places in ((rows, [(0, y) for y in range(along)]), (columns, [(x, 0) for x in range(across)])):
        content = draw(drawing(width, height, lines), format="png").stdout.partition(b"\n")[2]
        image = Image.open(io.BytesIO(content))
        assert image.size == (across, along)
        assert image.getchannel("A").getextrema() == (255, 255)
        found = [image.convert("L").getpixel(place) for place in places]
        assert found[:-1] == [255 * (index % 2) for index in range(len(places) - 1)]


@pytest.mark.parametrize(("width", "height"), [(300, 400), (100, 200_000), (200_000, 100), (20_000, 20_000)])
def test_a_bitmap_is_fine_unless_it_would_be_huge(width: int, height: int) -> None:
    dpi = resolution(width, height, 200)
    pixels = [side / POINTS * dpi for side in (width, height)]
    assert max(pixels) <= LONGEST_SIDE + 1e-6
    assert pixels[0] * pixels[1] <= MOST_PIXELS + 1
    assert dpi == 200 or max(pixels) > 0.99 * LONGEST_SIDE or pixels[0] * pixels[1] > 0.99 * MOST_PIXELS


@pytest.mark.parametrize(("request_", "last"), [
    (b"", "JSONDecodeError: Expecting value: line 1 column 1 (char 0)"),
    (b"{}", "KeyError: 'engine'"),
])  # fmt: skip
def test_a_bad_request_ends_with_a_word(request_: bytes, last: str) -> None:
    done = run(request_)
    assert (done.returncode, done.stdout, done.stderr.decode()) == (1, b"", last + "\n")


@pytest.mark.parametrize(("body", "last"), [
    ("throw new Error('no room')", "Error: no room"),
    ("return scene.wires.length", "TypeError: Cannot read properties of undefined (reading 'length')"),
    ("const f = () => f(); f()", "RangeError: Maximum call stack size exceeded"),
])  # fmt: skip
def test_what_the_engine_throws_is_said_in_a_line(body: str, last: str) -> None:
    done = draw(body)
    assert (done.returncode, done.stdout, done.stderr.decode()) == (1, b"", last + "\n")


def test_an_engine_that_hangs_is_stopped() -> None:
    done = draw("for (;;);", seconds=0.3)
    assert (done.returncode, done.stdout) == (1, b"")
    assert "terminated by timeout" in done.stderr.decode()


def test_memory_is_limited() -> None:
    done = draw("const all = []; for (;;) all.push(new Array(100000).fill(1.5));", memory=400 * 2**20)
    assert (done.returncode != 0, done.stdout) == (True, b"")
    assert "out of memory" in done.stderr.decode()
