"""Every spec's picture as a browser sets it: no text lies on another or leaves its card, and no line crosses a text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from specc.backends.pictures.options import Options
from tests.support.pictures import SPECS, picture

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

VIEWS = {"default": Options(), "all": Options(depth="all")}

FAULTS = """() => {
  const LETTERS = 2.2  // what a text's box has above and below its letters, in points
  const box = (element, less = 0) => {
    const { x, y, width, height } = element.getBBox()
    const more = Math.min(less, 0)
    return { left: x + more, right: x + width - more, top: y + less, bottom: y + height - less }
  }
  const meet = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
  const all = (selector) => [...document.querySelectorAll(selector)]
  const texts = all("g.node text, g.cluster > text").map((text) => ({ said: text.textContent, ...box(text, LETTERS) }))
  const faults = []
  texts.sort((a, b) => a.top - b.top)
  texts.forEach((one, index) => {
    for (let next = index + 1; next < texts.length && texts[next].top < one.bottom; next++)
      if (meet(one, texts[next])) faults.push(`"${one.said}" lies on "${texts[next].said}"`)
  })
  for (const node of all("g.node:not(.merge)")) {
    const card = box(node.querySelector("path"))
    for (const text of node.querySelectorAll("text")) {
      const it = box(text, LETTERS)
      if (text.closest(".badge")) continue
      if (it.left < card.left || it.right > card.right || it.top < card.top || it.bottom > card.bottom)
        faults.push(`"${text.textContent}" leaves its card`)
    }
  }
  for (const path of all("g.edge > path:first-child")) {
    const length = path.getTotalLength()
    const near = texts.filter((text) => meet(text, box(path, -1)))
    for (let at = 0; near.length && at <= length; at += 2) {
      const { x, y } = path.getPointAtLength(at)
      const hit = near.find((text) => text.left < x && x < text.right && text.top < y && y < text.bottom)
      if (!hit) continue
      faults.push(`${path.parentNode.id} crosses "${hit.said}"`)
      break
    }
  }
  return faults
}"""


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    yield page
    page.close()


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("spec", SPECS, ids=lambda path: path.name)
def test_texts_are_free(page: Page, spec: Path, view: str) -> None:
    page.set_content(picture(spec, VIEWS[view]))
    assert page.evaluate(FAULTS) == []
