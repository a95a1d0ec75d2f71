"""The page as `specc view` serves it, in a browser: what happens when a spec is saved."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.viewing import Server, save

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SPEC = """\
name: net
blocks:
  pair: {inputs: [x], layers: [{type: Dense, name: a, units: 4}, {type: Dense, name: b, units: 4}], outputs: [b]}
layers:
  - {type: Input, name: x, shape: [4]}
  - {type: pair, name: first}
  - {type: Dense, name: y, units: 3}
"""


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    (tmp_path / "net.yaml").write_text(SPEC)
    return tmp_path / "net.yaml"


@pytest.fixture
def page(browser: Browser, spec: Path) -> Iterator[Page]:
    server = Server("net.yaml", folder=spec.parent)
    context = browser.new_context()
    context.set_default_timeout(10_000)
    page = context.new_page()
    page.goto(f"http://{server.host}/")
    page.wait_for_selector("body[data-version]")
    yield page
    context.close()
    assert server.end()[0] == 0


def version(page: Page, number: int) -> None:
    page.wait_for_selector(f'body[data-version="{number}"]')


def test_saving_draws_anew_and_keeps_what_is_open_and_selected(page: Page, spec: Path) -> None:
    page.locator("g.cluster text").first.dblclick()
    page.locator("g.node", has_text="3 units").locator("text").first.click()
    assert page.locator("g.cluster").count() == 0
    save(spec, SPEC.replace("units: 3", "units: 7") + "  - {type: Dense, name: z, units: 2}\n")
    version(page, 2)
    assert page.locator("g.cluster").count() == 0
    assert "7 units" in (page.locator("g.node.selected").text_content() or "")
    assert "7" in page.locator("#details tr", has_text="units").inner_text()
    assert page.locator("g.node", has_text="2 units").count() == 1
    assert "4 layers" in page.locator("#title p").inner_text()


def test_blocks_that_an_error_takes_away_are_open_again_later(page: Page, spec: Path) -> None:
    assert page.locator("g.cluster").count() == 1
    save(spec, "layers: [{type: Input, name: x, shape: [4]}]\n")
    version(page, 2)
    assert page.locator("g.cluster").count() == 0
    save(spec, SPEC)
    version(page, 3)
    assert page.locator("g.cluster").count() == 1


def test_errors_stand_beside_the_picture_of_what_is_known(page: Page, spec: Path) -> None:
    assert page.locator("#errors").is_hidden()
    save(spec, SPEC.replace("type: Dense, name: y", "type: Dens, name: y"))
    page.wait_for_selector("#errors:not([hidden])")
    assert "1 error: the picture is what is known" in page.locator("#errors").inner_text()
    assert "did you mean 'Dense'?" in page.locator("#errors pre").inner_text()
    assert page.locator("g.node.error").count() == 1
    save(spec, SPEC + "  - {")
    page.get_by_text("the picture is the last that could be drawn").wait_for()
    assert page.locator("g.node.error").count() == 1
    save(spec, SPEC)
    page.wait_for_selector("#errors", state="hidden")
    assert page.locator("g.node.error").count() == 0
