"""What tests ask of a page in a browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

Open = Callable[..., "Page"]
"""Opens the page in a window of its own: a link, an address, and how the window is."""


def visit(page: Page, link: str, problems: list[str]) -> None:
    """Go to a page; scripts that fail, and whatever it asks for from elsewhere, are added to the problems."""
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("request", lambda request: None if request.url[:5] in ("file:", "data:") else problems.append(request.url))
    page.goto(link)
    page.wait_for_selector("body[data-ready]")


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
