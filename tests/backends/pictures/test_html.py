from __future__ import annotations

import json
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from typing import Any

from specc.backends.pictures.html import html, page_data
from specc.backends.pictures.options import Options
from tests.support.graphs import NASTY, Item, blocks, chain, typed


class Page(HTMLParser):
    """The tags, scripts and links of a page, as a browser finds them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.scripts: dict[str, str] = {}
        self._inside: str | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        self._inside = dict(attrs).get("type", "code") if tag == "script" else None

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.scripts[self._inside] = self.scripts.get(self._inside, "") + data

    def handle_endtag(self, _tag: str) -> None:
        self._inside = None

    @property
    def data(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.scripts["application/json"])
        return found


def test_page_holds_all_layers_and_their_details() -> None:
    data = Page(html(blocks(1))).data
    (frame,) = [member for member in data["scene"]["members"] if "members" in member]
    assert frame["card"]["type"] == "block"
    assert [detail["name"] for detail in data["details"]["cards"].values()] == [
        *("x", "stage1", "stage1.inner", "stage1.inner.dense", "stage1.inner.norm", "stage1.sum", "stage1.sum")
    ]


def test_repeats_are_folded_beside_the_whole_scene() -> None:
    data = page_data(blocks(3))
    assert len(data["scene"]["members"]) == len(data["stacked"]["members"]) + 2


def test_options_are_kept() -> None:
    options = page_data(chain(), Options(direction="right", depth="all", theme="dark"))["options"]
    assert options == {"direction": "right", "depth": 1000, "expand": [], "show": "brief", "theme": "dark"}
    assert page_data(blocks(3), Options(expand=("stage3.inner",)))["options"]["expand"] == ["f0", "f1"]


def test_page_needs_nothing_else() -> None:
    page = Page(html(chain()))
    assert not {"link", "img", "iframe", "object", "image", "use"} & set(page.tags)
    assert not {"src", "href", "xlink:href"} & {name for name, value in page.attributes}


def test_only_our_script_may_run() -> None:
    page = Page(html(chain()))
    policy = next(value for name, value in page.attributes if name == "content" and "default-src" in (value or ""))
    digest = b64encode(sha256(page.scripts["code"].encode()).digest()).decode()
    assert policy is not None
    assert policy.startswith("default-src 'none';")
    assert f"connect-src 'none'; script-src 'sha256-{digest}'" in policy
    assert not [name for name, value in page.attributes if name.startswith("on")]


def test_text_from_a_spec_is_escaped() -> None:
    graph = typed(
        NASTY,
        Item(NASTY, "Input", shape=[3]),
        Item("y", "EinsumDense", NASTY, equation="ab,bc->ac", output_shape=[2]),
    )
    text = html(graph)
    page = Page(text)
    assert page.tags.count("script") == 2
    assert text.count("</script") == 2
    assert "<!--" not in text
    details = page.data["details"]["cards"]
    assert details["n0"]["name"] == NASTY.split("\x1b")[0] + "\\x1b[31m\\u202e\\ufffe"
    assert details["n1"]["given"][0] == ["equation", "ab,bc->ac"]
    assert not {"\ufffe", "\x1b", "\u202e"} & set(text)


def test_same_graph_same_page() -> None:
    assert html(chain()) == html(chain())
