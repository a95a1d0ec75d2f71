# ruff: noqa: RUF001 - the multiplication sign of sizes
from __future__ import annotations

import re
import shutil
import struct
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

import specc
from specc.backends.pictures import render
from specc.backends.pictures.render import PictureError, pdf, png, svg
from tests.support.graphs import NASTY, Item, blocks, chain, siamese, translator, typed

SVG = "{http://www.w3.org/2000/svg}"


def texts(picture: str) -> list[str]:
    found = [(text.text or "").strip() for text in ET.fromstring(picture).iter(f"{SVG}text")]
    return [text for text in found if text]


def test_svg_says_what_the_graph_is() -> None:
    assert texts(svg(chain())) == [
        *("digits", "Sequential, 3 layers, 15,770 params"),
        *("image", "Input"),
        *("conv2d", "Conv2D", "8 filters, 3×3, stride 2, same, relu", "80 params", "(None, 28, 28, 1)"),
        *("flatten", "Flatten", "(None, 14, 14, 8)"),
        *("digit", "Dense", "10 units, softmax", "15,690 params", "(None, 1568)"),
        *("digit", "output", "(None, 10)"),
    ]


def test_svg_has_an_element_for_each_box() -> None:
    root = ET.fromstring(svg(blocks()))
    groups = [group for group in root.iter(f"{SVG}g") if group.get("class") == "node"]
    titles = {group.get("id"): group.findtext(f"{SVG}title") for group in groups}
    assert titles == {
        "n0": "x (Input)",
        "n1": "dense (Dense)",
        "n2": "norm (BatchNormalization)",
        "n3": "sum (Add)",
        "n4": "dense (Dense)",
        "n5": "norm (BatchNormalization)",
        "n6": "sum (Add)",
        "n7": "stage2.sum (output)",
    }
    assert sum(group.get("class") == "cluster" for group in root.iter(f"{SVG}g")) == 4


def test_svg_names_fonts_that_a_viewer_has() -> None:
    root = ET.fromstring(svg(chain()))
    assert {text.get("font-family") for text in root.iter(f"{SVG}text")} == {"Verdana, DejaVu Sans, sans-serif"}


def test_boxes_do_not_overlap() -> None:
    root = ET.fromstring(svg(translator()))
    frames = []
    for group in root.iter(f"{SVG}g"):
        outline = group.find(f"{SVG}path")
        if group.get("class") == "node" and outline is not None:
            numbers = [float(number) for number in re.findall(r"-?[\d.]+", outline.get("d", ""))]
            frames.append((min(numbers[::2]), min(numbers[1::2]), max(numbers[::2]), max(numbers[1::2])))
    assert len(frames) == 11
    for number, (left, top, right, bottom) in enumerate(frames):
        for other_left, other_top, other_right, other_bottom in frames[:number]:
            assert left >= other_right or right <= other_left or top >= other_bottom or bottom <= other_top


def test_svg_is_the_same_each_time() -> None:
    assert svg(siamese()) == svg(siamese())


def test_png() -> None:
    content = png(chain())
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", content[16:24])
    assert 300 < width < 800
    assert 600 < height < 1400


def test_letters_need_no_system_fonts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    fonts = tmp_path / "fonts"
    shutil.copytree(render._FONTS, fonts)
    settings = (fonts / "fonts.conf").read_text().splitlines(keepends=True)
    (fonts / "fonts.conf").write_text("".join(line for line in settings if not line.startswith("  <dir>")))
    monkeypatch.setattr(render, "_FONTS", fonts)
    content = pdf(chain())
    assert b"+DejaVu-Sans" in content or b"+DejaVuSans" in content


def test_pdf() -> None:
    content = pdf(chain())
    assert content.startswith(b"%PDF-")
    assert b"%%EOF" in content[-32:]


def test_direction() -> None:
    root = ET.fromstring(svg(chain(), rankdir="LR"))
    assert float(root.get("width", "").removesuffix("pt")) > 2 * float(root.get("height", "").removesuffix("pt"))


def test_notebook_picture() -> None:
    assert specc.TypedGraph.of(chain())._repr_svg_() == svg(chain())


def test_text_from_a_spec_is_escaped() -> None:
    graph = typed(NASTY, Item(NASTY, "Input", shape=[3]), Item("y", "Dense", NASTY, units=2))
    content = svg(graph)
    shown = '<b>&"\\N\\n]]>`#quot;--></script>'
    assert shown[:28] in texts(content)[0]
    assert texts(content)[2] == texts(content)[0]
    assert "<script" not in content
    assert "<!--" not in content
    assert not {"\ufffe", "\x1b", "\u202e"} & set(content)


def test_a_layout_that_takes_too_long() -> None:
    with pytest.raises(PictureError) as caught:
        svg(chain(), timeout=0.001)
    assert str(caught.value) == (
        "no layout of 5 boxes and 4 arrows in 0.001 seconds: "
        "fold the blocks, or write .dot or .mmd, which need no layout"
    )


def test_a_layout_that_needs_too_much_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render, "MEMORY", 30 * 2**20)
    with pytest.raises(PictureError, match=r"^Graphviz could not lay out 5 boxes and 4 arrows \(.+\): fold the blocks"):
        svg(chain())


def test_the_worker_reads_no_module_of_the_current_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "pygraphviz.py").write_text("raise SystemExit('read')")
    monkeypatch.chdir(tmp_path)
    assert svg(chain()).startswith("<svg")
