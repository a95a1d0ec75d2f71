from __future__ import annotations

import json
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from typing import Any

from specc.backends.pictures.html import html
from specc.backends.pictures.options import Options
from tests.support.graphs import NASTY, Item, blocks, chain, translator, typed


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
    def layers(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self.scripts["application/json"])["layers"]
        return found


def test_layers_are_described() -> None:
    assert Page(html(chain())).layers[1] == {
        "id": "n1",
        "name": "conv2d",
        "type": "Conv2D",
        "notes": ["80 params"],
        "shape": "(None, 14, 14, 8)",
        "params": "80",
        "arguments": [
            ["filters", "8"],
            ["kernel_size", "3"],
            ["strides", "2"],
            ["padding", "same"],
            ["activation", "relu"],
        ],
        "inputs": [["inputs", "image", "(None, 28, 28, 1)"]],
        "outputs": [["output", "(None, 14, 14, 8)"]],
        "weights": [["kernel", "(3, 3, 1, 8)", "float32", "yes"], ["bias", "(8,)", "float32", "yes"]],
    }


def test_ports_and_shared_layers_are_described() -> None:
    layers = {layer["name"]: layer for layer in Page(html(translator())).layers}
    assert layers["embed_target"]["notes"] == ["weights of embed"]
    assert layers["embed_target"]["weights"] == []
    assert layers["encoder"]["outputs"] == [["output", "(None, 4)"], ["state_h", "(None, 4)"], ["state_c", "(None, 4)"]]
    assert layers["decoder"]["inputs"] == [
        ["sequences", "embed_target", "(None, None, 8)"],
        ["initial_state", "encoder.state_h", "(None, 4)"],
        ["initial_state", "encoder.state_c", "(None, 4)"],
    ]
    assert layers["attend"]["arguments"][-1] == ["use_causal_mask (call)", "true"]


def test_members_of_a_block_have_their_full_names() -> None:
    assert [layer["name"] for layer in Page(html(blocks(1))).layers] == [
        *("x", "stage1.inner.dense", "stage1.inner.norm", "stage1.sum")
    ]


def test_folded_blocks_are_described() -> None:
    assert Page(html(blocks(1), Options(depth=0))).layers[1]["notes"] == ["3 layers", "104 params"]


def test_every_described_layer_is_in_the_picture() -> None:
    page = Page(html(blocks()))
    ids = {value for name, value in page.attributes if name == "id"}
    assert {layer["id"] for layer in page.layers} <= ids


def test_page_needs_nothing_else() -> None:
    page = Page(html(chain()))
    assert not {"link", "img", "iframe", "object", "image", "use"} & set(page.tags)
    assert not {"src", "href", "xlink:href"} & {name for name, value in page.attributes}


def test_only_our_script_may_run() -> None:
    page = Page(html(chain()))
    policy = next(value for name, value in page.attributes if name == "content" and "default-src" in (value or ""))
    digest = b64encode(sha256(page.scripts["code"].encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"
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
    assert page.layers[0]["name"] == NASTY.split("\x1b")[0] + "\\x1b[31m\\u202e\\ufffe"
    assert page.layers[1]["arguments"][0] == ["equation", '"ab,bc->ac"']
    assert "b" not in page.tags
    assert not {"\ufffe", "\x1b", "\u202e"} & set(text)


def test_same_graph_same_page() -> None:
    assert html(chain()) == html(chain())
