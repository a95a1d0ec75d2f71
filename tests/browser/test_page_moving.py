"""The page in a browser: zooming and moving, saving and printing, windows, a thousand layers."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import specc
from specc.backends.pictures.html import html
from specc.backends.pictures.options import Options
from tests.support.pages import Open, names, scale, settle, title

if TYPE_CHECKING:
    from playwright.sync_api import Page


# -- Moving --


def test_wheel_zooms_at_the_pointer_and_keys_zoom(page: Page) -> None:
    before = title(page, "right").bounding_box()
    assert before is not None
    page.mouse.move(before["x"], before["y"])
    first = scale(page)
    page.mouse.wheel(0, -200)
    page.wait_for_function("(first) => specc.page.camera.view.scale > first", arg=first)
    settle(page)
    after = title(page, "right").bounding_box()
    assert after is not None
    assert abs(before["x"] - after["x"]) < 2
    assert abs(before["y"] - after["y"]) < 2
    page.keyboard.press("-")
    page.keyboard.press("0")
    settle(page)
    whole = page.locator("#sheet svg").bounding_box()
    canvas = page.locator("#canvas").bounding_box()
    assert whole is not None
    assert canvas is not None
    assert whole["height"] <= canvas["height"]


def test_dragging_moves_and_does_not_select(page: Page) -> None:
    before = title(page, "left").bounding_box()
    assert before is not None
    page.mouse.move(before["x"] + 3, before["y"] + 3)
    page.mouse.down()
    page.mouse.move(before["x"] + 63, before["y"] + 43, steps=4)
    page.mouse.up()
    settle(page)
    after = title(page, "left").bounding_box()
    assert after is not None
    assert (round(after["x"] - before["x"]), round(after["y"] - before["y"])) == (60, 40)
    assert names(page, "selected") == []


def test_two_fingers_zoom(open_page: Open) -> None:
    page = open_page(has_touch=True)
    touch = page.context.new_cdp_session(page)
    first = scale(page)
    for kind, apart in (("touchStart", 40), ("touchMove", 60), ("touchMove", 80), ("touchEnd", 0)):
        points = [{"x": 600 - apart, "y": 450, "id": 0}, {"x": 600 + apart, "y": 450, "id": 1}] if apart else []
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    page.wait_for_function("(first) => specc.page.camera.view.scale > first * 1.5", arg=first)


def test_minimap_shows_and_moves_the_view(page: Page) -> None:
    for _ in range(8):
        page.keyboard.press("+")
    page.wait_for_selector("#minimap:not([hidden])")
    before = page.evaluate("specc.page.camera.view.y")
    page.locator("#minimap").click(position={"x": 10, "y": 120})
    assert page.evaluate("specc.page.camera.view.y") < before


def test_dark_follows_the_scheme_until_the_button_is_used(open_page: Open) -> None:
    page = open_page(color_scheme="dark")
    assert page.locator("html").get_attribute("data-theme") == "dark"
    dark = page.locator("#sheet rect.page").first.get_attribute("fill")
    page.locator("#theme").click()
    assert page.locator("html").get_attribute("data-theme") == "light"
    assert page.locator("#sheet rect.page").first.get_attribute("fill") != dark


# -- Out of the page --


def test_the_view_is_saved_as_svg_and_png(page: Page) -> None:
    title(page, "body_1").dblclick()
    with page.expect_download() as saved:
        page.locator("#save-svg").click()
    assert saved.value.suggested_filename == "paths.svg"
    text = Path(saved.value.path()).read_text("utf-8")
    assert text.startswith("<svg")
    assert 'g class="cluster' in text
    assert "paths" in text
    with page.expect_download() as saved:
        page.locator("#save-png").click()
    assert saved.value.suggested_filename == "paths.png"
    assert Path(saved.value.path()).read_bytes().startswith(b"\x89PNG")


def test_all_is_printed(page: Page) -> None:
    for _ in range(8):
        page.keyboard.press("+")
    pages = re.findall(rb"/Type */Page\b", page.pdf())
    assert len(pages) == 1
    assert page.locator("#paper g.node").count() == page.locator("#sheet g.node").count()
    page.emulate_media(media="print")
    assert page.locator("#paper svg").is_visible()
    assert page.locator("main").is_hidden()


def test_help_lists_the_keys(page: Page) -> None:
    page.keyboard.press("?")
    assert page.locator("#help").is_visible()
    page.keyboard.press("Escape")
    assert page.locator("#help").is_hidden()


def test_a_narrow_window_hides_the_tree_behind_its_button(open_page: Open) -> None:
    page = open_page(viewport={"width": 500, "height": 800})
    assert page.locator("#tree").is_hidden()
    page.locator("#show-tree").click()
    assert page.locator("#tree").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 500


# -- A thousand layers --


def test_a_thousand_layers_zoom_in_under_50_ms_a_frame(open_page: Open, tmp_path: Path) -> None:
    layers = "\n".join(f"  - {{type: Dense, units: {8 + index % 7}, activation: relu}}" for index in range(1000))
    graph = specc.compile(
        specc.Spec.from_text(f"name: long\nlayers:\n  - {{type: Input, name: x, shape: [8]}}\n{layers}\n")
    )
    path = tmp_path / "long.html"
    path.write_text(html(graph, Options(depth="all")), "utf-8")
    assert path.stat().st_size < 3_000_000
    page = open_page(at=path.as_uri())
    frames = page.evaluate("""async () => {
        const { camera } = specc.page;
        specc.page.camera.fit(specc.page.shown.width, specc.page.shown.height);
        const times = [];
        let last = 0;
        for (let frame = 0; frame < 40; frame++) {
            camera.zoom(1.08);
            const now = await new Promise((done) => requestAnimationFrame(done));
            if (last) times.push(now - last);
            last = now;
        }
        return times.sort((a, b) => a - b);
    }""")
    assert frames[len(frames) // 2] < 50
