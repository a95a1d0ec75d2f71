"""Pictures as files, and what comes of a renderer that hangs, dies or fails."""

from __future__ import annotations

import os
import re
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from specc.backends.pictures import render
from specc.backends.pictures.options import Options
from specc.backends.pictures.render import PictureError, pdf, png, svg
from tests.support.graphs import NASTY, Item, blocks, chain, typed

SVG = "{http://www.w3.org/2000/svg}"
OUT = "fold blocks (depth 0), or write .dot or .mmd, which need no layout"


def words(picture: str) -> list[str]:
    return [text for element in ET.fromstring(picture).iter(f"{SVG}text") if (text := "".join(element.itertext()))]


def size(picture: str) -> tuple[float, float]:
    """Width and height in points."""
    root = ET.fromstring(picture)
    return float(root.get("width", "").removesuffix("pt")), float(root.get("height", "").removesuffix("pt"))


# -- What is drawn ---------------------------------------------------------------------------------


def test_an_svg_says_what_the_graph_is() -> None:
    said = " ".join(words(svg(chain())))
    for part in ("digits", "Sequential", "image", "Conv2D", "Flatten", "Dense", "softmax"):
        assert part in said


def test_an_svg_has_a_group_for_each_card() -> None:
    groups = [group.get("class", "").split() for group in ET.fromstring(svg(chain())).iter(f"{SVG}g")]
    assert sum("node" in group for group in groups) == 5
    assert sum("edge" in group for group in groups) == 4


def test_the_direction() -> None:
    width, height = size(svg(chain(), Options(direction="down")))
    assert height > width
    width, height = size(svg(chain(), Options(direction="right")))
    assert width > height


@pytest.mark.parametrize(("depth", "groups"), [(0, 0), (1, 1), ("all", 2)])
def test_the_depth(depth: int, groups: int) -> None:
    root = ET.fromstring(svg(blocks(), Options(depth=depth)))
    assert sum(group.get("class") == "cluster" for group in root.iter(f"{SVG}g")) == groups


def test_a_text_of_the_spec_is_escaped() -> None:
    graph = typed(NASTY, Item(NASTY, "Input", shape=[3]), Item("y", "Dense", NASTY, units=2))
    content = svg(graph)
    assert any(text.startswith('<b>&"') for text in words(content))
    assert "<script" not in content
    assert "<!--" not in content
    assert not {"\ufffe", "\x1b", "\u202e"} & set(content)
    assert png(graph).startswith(b"\x89PNG")
    assert pdf(graph).startswith(b"%PDF-")


# -- Files -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("dpi", [72, 200, 600])
def test_a_png_has_as_many_pixels_as_its_resolution_says(dpi: int) -> None:
    """In print, where text of 8 points is one of 6."""
    content = png(chain(), Options(dpi=dpi))
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    pixels = struct.unpack(">II", content[16:24])
    for given, points in zip(pixels, size(svg(chain())), strict=True):
        assert given == pytest.approx(points * 6 / 8 * dpi / 72, abs=1.5)


def test_a_pdf_is_one_page_without_margins() -> None:
    content = pdf(chain())
    assert content.startswith(b"%PDF-")
    (box,) = re.findall(rb"/MediaBox\[0 0 ([\d.]+) ([\d.]+)\]", content)
    assert [float(side) for side in box] == pytest.approx([points * 6 / 8 for points in size(svg(chain()))])
    assert b"/Title(digits)" in content
    assert b"Date(" not in content


def test_a_pdf_holds_its_letters_as_text() -> None:
    content = pdf(chain())
    assert b"+DejaVuSans-Bold" in content
    letters = {chr(int(code, 16)) for code in _unicode(content)}
    assert set("Conv2DFlatenDsdigts") <= letters


def _unicode(content: bytes) -> list[bytes]:
    """The right sides of the maps from glyphs to letters."""
    found: list[bytes] = []
    for part in content.split(b"stream\n")[1:]:
        try:
            text = zlib.decompress(part.partition(b"endstream")[0].strip(b"\r\n"))
        except zlib.error:
            continue
        if b"beginbfchar" in text:
            found += [
                line.split()[1].strip(b"<>")
                for line in text.splitlines()
                if line.startswith(b"<") and len(line.split()) == 2
            ]
    return [code for code in found if len(code) == 4]


def test_what_there_is_to_say_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render, "bundle", engine("return {svg: '<svg/>', width: 9, height: 9, said: ['one', 'two']}"))
    said: list[str] = []
    assert svg(chain(), Options(say=said.append)) == "<svg/>"
    assert said == ["one", "two"]


PROGRAM = """
from hashlib import sha256
from specc.backends.pictures.render import pdf, png, svg
from tests.support.graphs import siamese
for content in svg(siamese()).encode(), png(siamese()), pdf(siamese()):
    print(content[:4], sha256(content).hexdigest())
"""


def test_a_picture_is_the_same_whatever_the_order_of_sets() -> None:
    printed = []
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)}
        done = subprocess.run([sys.executable, "-c", PROGRAM], env=environment, capture_output=True, check=True)
        printed.append(done.stdout.decode().splitlines())
    assert printed[0] == printed[1]
    assert len(set(printed[0])) == 3


# -- A renderer that fails -------------------------------------------------------------------------


def engine(body: str) -> Callable[[str], str]:
    """What stands for the bundle: an engine that does only this."""
    return lambda _: f"const specc = {{ render() {{ {body} }} }};"


def failure(monkeypatch: pytest.MonkeyPatch, body: str) -> str:
    monkeypatch.setattr(render, "bundle", engine(body))
    with pytest.raises(PictureError) as caught:
        svg(chain())
    return str(caught.value)


def test_one_that_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render, "TIMEOUT", 0.5)
    assert failure(monkeypatch, "for (;;);") == f"no picture of 5 nodes and 4 edges in 0.5 seconds: {OUT}"


def test_one_that_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    said = failure(monkeypatch, "throw new Error('no room')")
    assert said == f"no picture of 5 nodes and 4 edges (Error: no room): {OUT}"


def test_one_that_runs_out_of_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render, "MEMORY", 400 * 2**20)
    said = failure(monkeypatch, "const all = []; for (;;) all.push(new Array(100000).fill(1.5));")
    assert said == f"no picture of 5 nodes and 4 edges (the renderer ran out of memory): {OUT}"


def test_one_that_is_killed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    worker = tmp_path / "worker.py"
    worker.write_text("import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    monkeypatch.setattr(render, "_WORKER", worker)
    with pytest.raises(PictureError) as caught:
        svg(chain())
    assert str(caught.value) == f"no picture of 5 nodes and 4 edges (the renderer was ended by signal 9): {OUT}"


def test_one_that_says_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    worker = tmp_path / "worker.py"
    worker.write_text("")
    monkeypatch.setattr(render, "_WORKER", worker)
    with pytest.raises(PictureError, match=r"\(the renderer said nothing\)"):
        svg(chain())


def test_one_that_does_not_start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "none"))
    with pytest.raises(PictureError, match=r"^the renderer does not start \(No such file or directory\): fold blocks"):
        svg(chain())


def test_a_typesetter_that_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render, "bundle", engine("return {svg: 'no picture', width: 9, height: 9}"))
    with pytest.raises(PictureError, match=r"^no picture of 5 nodes and 4 edges \(TypstError: .+\): fold blocks"):
        pdf(chain())


# -- The user's folder and environment -------------------------------------------------------------


def test_the_worker_reads_no_module_of_the_current_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("py_mini_racer", "typst", "json"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('read')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", "")
    assert png(chain()).startswith(b"\x89PNG")


def test_letters_need_no_system_fonts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("FONTCONFIG_FILE", str(tmp_path / "none"))
    assert b"+DejaVuSans" in pdf(chain())
