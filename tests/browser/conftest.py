"""A browser, and the page that most tests open in it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

import specc
from specc.backends.pictures.html import html
from specc.backends.pictures.options import Options
from tests.support.pages import Open, visit

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page


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
  - {type: Dense, name: right, units: $width, from: body, description: It is <b>shared</b>.}
  - {share: left, name: again, from: right}
  - {type: Concatenate, name: both, from: [left, again], dtype: float16}
  - {type: Dense, name: score, units: 1}
vars: {width: {default: 8, description: As wide as the body}}
description: |
  A net of two paths.

  They meet in 'both'.
"""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium, without a window."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None and os.environ.get("SPECC_BROWSER"):
        pytest.fail("SPECC_BROWSER is set, and there is no Chromium: apt-get install chromium")
    if path is None:
        pytest.skip("there is no Chromium: apt-get install chromium")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("page") / "paths.html"
    path.write_text(html(specc.compile(specc.Spec.from_text(SPEC, "paths.yaml")), Options(depth=0)), "utf-8")
    return path.as_uri()


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
