"""The page in a browser, with real clicks and keys."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import specc
from specc.backends.pictures.html import html
from specc.backends.pictures.options import Options
from tests.support.graphs import Item, typed

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Locator, Page

SPEC = """\
name: paths
blocks:
  residual:
    inputs: [x]
    layers:
      - {type: Dense, name: change, units: 8, activation: relu}
      - {type: Add, name: out, from: [x, change]}
    outputs: [out]
layers:
  - {type: Input, name: image, shape: [8]}
  - {type: residual, name: body, repeat: 3}
  - {type: Dense, name: left, units: 8, trainable: false}
  - {type: Dense, name: right, units: 8, from: body}
  - {share: left, name: again, from: right}
  - {type: Concatenate, name: both, from: [left, again], dtype: float16}
  - {type: Dense, name: score, units: 1}
"""

Open = Callable[..., "Page"]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("page") / "paths.html"
    path.write_text(html(specc.compile(specc.Spec.from_text(SPEC, "paths.yaml")), Options(depth=0)), "utf-8")
    return path.as_uri()


def visit(page: Page, link: str, problems: list[str]) -> None:
    """Go to a page; scripts that fail, and whatever it asks for from elsewhere, are added to the problems."""
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("request", lambda request: None if request.url[:5] in ("file:", "data:") else problems.append(request.url))
    page.goto(link)
    page.wait_for_selector("body[data-ready]")


@pytest.fixture
def open_page(browser: Browser, address: str) -> Iterator[Open]:
    """Opens the page, all blocks folded, in a window of its own."""
    problems: list[str] = []
    contexts = []

    def open_page(link: str = "", at: str = address, **context: Any) -> Page:
        contexts.append(browser.new_context(**{"viewport": {"width": 1400, "height": 900}, **context}))
        contexts[-1].set_default_timeout(10_000)
        page = contexts[-1].new_page()
        visit(page, at + link, problems)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert problems == []


@pytest.fixture(scope="module")
def window(browser: Browser) -> Iterator[BrowserContext]:
    """A window that tests share, for a new one takes time."""
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    context.set_default_timeout(10_000)
    yield context
    context.close()


@pytest.fixture
def page(window: BrowserContext, address: str) -> Iterator[Page]:
    """The page, all blocks folded."""
    problems: list[str] = []
    page = window.new_page()
    visit(page, address, problems)
    yield page
    page.close()
    assert problems == []


def box(page: Page, name: str) -> Locator:
    """The box of a name in the picture, open frames included."""
    id = page.evaluate("(name) => specc.page.model.idOf(name)", name)
    return page.locator(f"g.node[id='{id}'], g.cluster[id='{id}']")


def title(page: Page, name: str) -> Locator:
    return box(page, name).locator("text").first


def names(page: Page, kind: str) -> list[str]:
    """The names of the boxes of a class, in order."""
    ids = page.locator(f":is(g.node, g.cluster).{kind}").evaluate_all("(found) => found.map((it) => it.id)")
    return sorted(page.evaluate("(ids) => ids.map((id) => specc.page.model.detail(id).name)", ids))


def details(page: Page) -> Locator:
    return page.locator("#details")


def scale(page: Page) -> float:
    return float(page.evaluate("specc.page.camera.view.scale"))


def settle(page: Page) -> None:
    """Wait for the frame in which the picture is moved."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


# -- Fold and unfold --


def test_double_click_unfolds_and_folds(page: Page) -> None:
    assert page.locator("g.cluster").count() == 0
    title(page, "body_1").dblclick()
    assert page.locator("g.cluster").count() == 1
    assert box(page, "body_1.change").is_visible()
    title(page, "body_1").dblclick()
    assert page.locator("g.cluster").count() == 0


def test_enter_unfolds_and_the_focus_stays(page: Page) -> None:
    box(page, "body_1").focus()
    page.keyboard.press("Enter")
    assert box(page, "body_1").get_attribute("aria-expanded") == "true"
    page.keyboard.press("Enter")
    assert box(page, "body_1").get_attribute("aria-expanded") == "false"


def test_a_block_stays_where_it_was_clicked(page: Page) -> None:
    before = title(page, "body_1").bounding_box()
    title(page, "body_1").dblclick()
    settle(page)
    after = box(page, "body_1").bounding_box()
    assert before is not None
    assert after is not None
    assert abs(before["y"] - after["y"]) < 20


def test_depth_slider_and_brackets(page: Page) -> None:
    page.locator("#depth").fill("1")
    assert page.locator("g.cluster").count() == 1
    assert page.locator("#depth-now").inner_text() == "1 of 1"
    page.locator("#canvas").click(position={"x": 5, "y": 5})
    page.keyboard.press("[")
    assert page.locator("g.cluster").count() == 0
    page.keyboard.press("]")
    assert page.locator("g.cluster").count() == 1


def test_repeats_can_be_shown_each(page: Page) -> None:
    assert page.get_by_text("body \N{MULTIPLICATION SIGN} 3").count()
    page.locator("#stacked").uncheck()
    assert [box(page, f"body_{copy}").count() for copy in (1, 2, 3)] == [1, 1, 1]


def test_arrows_run_downwards_or_to_the_right(page: Page) -> None:
    page.locator("#direction").click()
    settle(page)
    first, last = title(page, "image").bounding_box(), title(page, "both").bounding_box()
    assert first is not None
    assert last is not None
    assert last["x"] > first["x"] + 200
    box(page, "image").focus()
    page.keyboard.press("ArrowRight")
    assert names(page, "selected") == ["body_1"]


# -- The tree, the details --


def test_tree_selects_and_unfolds(page: Page) -> None:
    row = page.get_by_role("treeitem").filter(has_text="body")
    row.locator(".fold").click()
    assert page.locator("g.cluster").count() == 1
    page.get_by_role("treeitem", name="change Dense").last.locator(".name").click()
    assert names(page, "selected") == ["body_1.change"]
    page.keyboard.press("ArrowDown")


def test_tree_follows_keys(page: Page) -> None:
    page.get_by_role("treeitem").first.locator(".name").click()
    page.locator('li[tabindex="0"]').focus()
    page.keyboard.press("ArrowDown")
    assert names(page, "selected") == ["body_1"]
    page.keyboard.press("ArrowRight")
    assert page.locator("g.cluster").count() == 1
    page.keyboard.press("ArrowDown")
    assert names(page, "selected") == ["body_1.change"]


def test_details_tell_all_arguments_with_defaults_greyed(page: Page) -> None:
    before = details(page).bounding_box()
    title(page, "left").click()
    assert details(page).locator("h2").inner_text() == "left"
    assert "paths.yaml:12" in details(page).inner_text()
    assert "- {type: Dense, name: left, units: 8, trainable: false}" in details(page).inner_text()
    row = details(page).locator("tr")
    assert row.filter(has_text="units").get_attribute("class") is None
    assert row.filter(has_text="kernel_initializer").get_attribute("class") == "default"
    assert "glorot_uniform" in row.filter(has_text="kernel_initializer").inner_text()
    assert "(8, 8)" in row.filter(has_text="float32, frozen").first.inner_text()
    assert details(page).bounding_box() == before


def test_inputs_and_outputs_are_links(page: Page) -> None:
    title(page, "both").click()
    details(page).get_by_role("link", name="again", exact=True).click()
    assert names(page, "selected") == ["again"]
    details(page).get_by_role("link", name="right", exact=True).click()
    assert details(page).locator("h2").inner_text() == "right"


# -- What is marked --


def test_a_click_lights_the_neighbours(page: Page) -> None:
    title(page, "right").click()
    assert names(page, "near") == ["again", "body_1"]
    assert page.locator("g.edge.lit").count() == 2
    page.locator("#canvas").click(position={"x": 5, "y": 5})
    assert names(page, "near") == []


def test_t_traces_upwards_and_shift_t_downwards(page: Page) -> None:
    title(page, "right").click()
    page.keyboard.press("t")
    assert names(page, "traced") == ["body_1", "image", "right"]
    page.keyboard.press("Shift+T")
    assert names(page, "traced") == ["again", "both", "right", "score", "score"]
    page.keyboard.press("Shift+T")
    assert names(page, "traced") == []


def test_shared_calls_and_equal_blocks_are_tinted(page: Page) -> None:
    title(page, "left").click()
    assert names(page, "kin") == ["again"]
    page.locator("#stacked").uncheck()
    title(page, "body_2").click()
    assert names(page, "kin") == ["body_1", "body_3"]


@pytest.mark.parametrize(("query", "found"), [
    ("again", ["again"]),
    ("concat", ["both"]),
    ("units=1", ["score"]),
    ("(none, 16)", ["both"]),
    ("activation relu", ["body_1.change"]),
    ("dense left", ["left"]),
    ("float16", ["both"]),
])  # fmt: skip
def test_search(page: Page, query: str, found: list[str]) -> None:
    page.keyboard.press("/")
    page.keyboard.type(query)
    assert page.locator("#found").inner_text() == f"{len(found)} found"
    page.keyboard.press("Enter")
    assert names(page, "selected") == found[:1]
    assert page.locator("#found").inner_text() == f"1 of {len(found)}"
    page.keyboard.press("Escape")
    assert page.locator("#found").inner_text() == ""


def test_what_search_finds_in_a_folded_block_is_opened(page: Page) -> None:
    page.locator("#search").fill("relu")
    assert names(page, "match") == ["body_1"]
    page.locator("#results button").first.click()
    assert names(page, "selected") == ["body_1.change"]
    assert page.locator("g.cluster").count() == 1


def test_colours(page: Page) -> None:
    def fill(name: str) -> str | None:
        return box(page, name).locator(".shape").get_attribute("fill")

    by_family = fill("left")
    page.locator("#colour").select_option("frozen")
    assert len({fill("left"), fill("right"), fill("image"), by_family}) == 4
    assert page.locator("#key").inner_text().split("\n") == ["trained", "frozen", "no weights"]
    page.locator("#colour").select_option("dtype")
    assert fill("both") != fill("right")
    assert "float16" in page.locator("#key").inner_text()
    page.locator("#colour").select_option("parameters")
    assert len({fill("body_1"), fill("score"), fill("image")}) == 3
    page.locator("#colour").select_option("family")
    assert fill("left") == by_family


# -- Keys, links --


def test_arrow_keys_go_along_edges_and_to_branches(page: Page) -> None:
    box(page, "image").focus()
    walked = []
    for key in ("ArrowDown", "ArrowDown", "ArrowRight", "ArrowLeft", "ArrowUp"):
        page.keyboard.press(key)
        walked += names(page, "selected")
    assert walked[0] == "body_1"
    assert {walked[1], walked[3]} | {walked[2]} == {"left", "right"} or walked[1] == walked[3]
    assert walked[4] == "body_1"


def test_boxes_are_reachable_and_named(page: Page) -> None:
    boxes = page.locator("#sheet g.node")
    assert boxes.count() == 8
    assert boxes.evaluate_all("(all) => all.every((it) => it.tabIndex === 0)")
    assert box(page, "left").get_attribute("aria-label") == "left, Dense, 8 units, frozen, 72 params"
    assert box(page, "body_1").get_attribute("aria-expanded") == "false"
    box(page, "image").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == box(page, "body_1").get_attribute("id")


def test_links_lead_to_layers_whatever_is_folded(open_page: Open) -> None:
    page = open_page("#body_2.change")
    assert names(page, "selected") == ["body_2.change"]
    title(page, "right").click()
    assert page.url.endswith("#right")
    page.evaluate("location.hash = '#score'")
    page.wait_for_function("document.querySelector('#details h2').textContent === 'score'")


def test_a_link_to_nothing_changes_nothing(open_page: Open) -> None:
    assert names(open_page("#%"), "selected") == []
    assert names(open_page("#nowhere"), "selected") == []


def test_text_from_a_spec_is_text(open_page: Open, tmp_path: Path) -> None:
    name = "<img src=x onerror=alert(1)>&quot;'</script>"
    graph = typed(name, Item(name, "Input", shape=[3]), Item("b.y", "Dense", name, units=2))
    path = tmp_path / "nasty.html"
    path.write_text(html(graph), "utf-8")
    page = open_page(at=path.as_uri())
    page.locator("#search").fill("img")
    page.keyboard.press("Enter")
    assert details(page).locator("h2").inner_text() == name
    assert page.locator("img").count() == 0
    page.locator("#colour").select_option("dtype")
    assert page.locator("#tree").get_by_text("<img").count() == 1


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
