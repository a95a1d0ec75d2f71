"""The page in a browser, with real clicks and keys: what it shows and marks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from specc.backends.pictures.html import html
from tests.support.graphs import Item, typed
from tests.support.pages import Open, box, details, names, settle, title

if TYPE_CHECKING:
    from playwright.sync_api import Page


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


def test_descriptions_are_told(page: Page) -> None:
    assert details(page).locator(".said").inner_text() == "A net of two paths.\n\nThey meet in 'both'."
    assert (
        details(page).locator("tr").filter(has_text="width").inner_text().split()
        == "width 8 As wide as the body".split()
    )
    title(page, "right").click()
    assert details(page).locator(".said").inner_text() == "It is <b>shared</b>."
    assert "It is <b>shared</b>." in (box(page, "right").locator("title").text_content() or "")


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
