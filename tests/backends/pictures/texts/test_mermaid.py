"""Mermaid: whole texts, safe whatever a spec says, and what is done about Mermaid's limits."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

import specc
from specc.backends.pictures.options import Options
from specc.backends.pictures.scenes.make_scene import make_scene
from specc.backends.pictures.scenes.repeats import fold_repeats
from specc.backends.pictures.scenes.scene import Card, Scene, Wire
from specc.backends.pictures.texts.mermaid import MOST_CHARACTERS, MOST_EDGES, mermaid, spell
from specc.backends.pictures.texts.view import merged, view
from tests.support.graphs import NASTY, Item, blocks, branches, siamese, translator, typed

SPECS = sorted(Path("specs").glob("*.*"))

BRANCHES = """\
---
title: "branches"
config: {flowchart: {wrappingWidth: 400}}
---
%% functional · 4 layers · 162 parameters · 62 trainable · 100 frozen
flowchart TB
  n0(["<b>x</b><br/>(None, 3)"]):::input
  n1("<b>Dense</b> hidden<br/>10 units, relu<br/>40 params · (None, 10)"):::dense
  n2("<b>Dense</b> y1<br/>1 unit<br/>11 params · (None, 1)"):::dense
  n3("<b>Dense</b> branch<br/>10 units, frozen<br/>100 params"):::dense
  n4("<b>Dense</b> y2<br/>1 unit<br/>11 params · (None, 1)"):::dense
  o0(["<b>price</b>"]):::output
  o1(["<b>y2</b>"]):::output
  n0 --> n1
  n1 --> n2
  n1 --> n3
  n3 --> n4
  n2 --> o0
  n4 --> o1
  classDef dense fill:#,stroke:#,color:#
  classDef input fill:#,stroke:#,color:#
  classDef output fill:#,stroke:#,color:#
"""

BLOCKS = """\
---
title: "blocks"
config: {flowchart: {wrappingWidth: 400}}
---
%% functional · 3 layers · 104 parameters · 88 trainable · 16 non-trainable
flowchart LR
  n0(["<b>x</b><br/>(None, 8)"]):::input
  subgraph f0["<b>block</b> stage1"]
    subgraph f1["<b>block</b> inner"]
      n1("<b>Dense</b> dense<br/>8 units<br/>72 params"):::dense
      n2("<b>BatchNormalization</b> norm<br/>32 params"):::norm
    end
    n3{{"<b>Add</b> sum"}}:::merge
  end
  o0(["<b>stage1.sum</b>"]):::output
  n0 --> n1
  n1 --> n2
  n2 --> n3
  n0 --> n3
  n3 --> o0
  classDef norm fill:#,stroke:#,color:#
  classDef dense fill:#,stroke:#,color:#
  classDef merge fill:#,stroke:#,color:#
  classDef input fill:#,stroke:#,color:#
  classDef output fill:#,stroke:#,color:#
  classDef frame fill:#,stroke:#
  class f0,f1 frame
"""

FOLDED_SIAMESE = """\
---
title: "siamese"
config: {flowchart: {wrappingWidth: 400}}
---
%% functional · 3 layers · 26 parameters
%% folded: tower (--expand tower, --depth 1)
flowchart TB
  n0(["<b>left</b><br/>(None, 3)"]):::input
  n1(["<b>right</b><br/>(None, 3)"]):::input
  f0[["<b>tower</b> one<br/>2 layers, shared A<br/>26 params · (None, 2)"]]:::block
  n4[["<b>tower</b> other<br/>2 layers, shared A<br/>(None, 2)"]]:::block
  n5{{"<b>Subtract</b> apart"}}:::merge
  o0(["<b>apart</b>"]):::output
  n0 --> f0
  n1 --> n4
  f0 -->|"→ +"| n5
  n4 -->|"→ #8722;"| n5
  n5 --> o0
  classDef merge fill:#,stroke:#,color:#
  classDef input fill:#,stroke:#,color:#
  classDef output fill:#,stroke:#,color:#
  classDef block fill:#,stroke:#,color:#
"""


def test_branches() -> None:
    assert uncolored(mermaid(branches())) == BRANCHES


def test_blocks_are_subgraphs() -> None:
    assert uncolored(mermaid(blocks(1), Options(direction="right"))) == BLOCKS


def test_folded_nested_model() -> None:
    assert uncolored(mermaid(siamese(), Options(depth=0))) == FOLDED_SIAMESE


def test_ports() -> None:
    text = mermaid(translator())
    assert '  n4 -->|"state_h → initial state_h"| n5\n' in text
    assert '  n5 -->|"→ query, value"| n6\n' in text
    assert '  n6 -->|"\N{MULTIPLICATION SIGN} 2"| n7\n' in text


def test_marks() -> None:
    cards: list[Card] = [
        Card("n0", "layer", "dense", "Dense", "a", mark="changed", notes=["units 4 → 8"]),
        Card("n1", "layer", "dense", "Dense", "b", mark="removed"),
    ]
    text = uncolored(spell(Scene("net", "", list(cards), [Wire("n0", "", "n1", "0", "removed")])))
    assert "<br/>changed#58; units 4 → 8" in text
    assert "  classDef removed stroke:#,stroke-width:4px,stroke-dasharray:5 3\n  class n1 removed\n" in text
    assert "  linkStyle 0 stroke:#,stroke-width:3px\n" in text


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
def test_every_card_and_wire_is_there_and_no_other(spec: Path) -> None:
    for options in (Options(), Options(depth=0)):
        text, seen = spell(scene_of(spec), options), view(scene_of(spec), options)
        assert re.findall(r"^ +(\w+)[({[]+\"<b>.*:::\w+$", text, re.MULTILINE) == [card.id for card in seen.cards()]
        assert re.findall(r"^ +subgraph (\w+)\[", text, re.MULTILINE) == [it.card.id for it in seen.frames()]
        arrows = re.findall(r"^ +(\w+) -->(?:\|.*\|)? (\w+)$", text, re.MULTILINE)
        assert arrows == [(wire.tail, wire.head) for wire, _ in merged(seen.wires)]


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
def test_mermaid_would_draw_every_spec(spec: Path) -> None:
    for options in (Options(), Options(depth="all", show="all")):
        text = spell(scene_of(spec), options)
        assert len(text) <= MOST_CHARACTERS
        assert text.count(" -->") <= MOST_EDGES


def test_more_is_folded_than_was_asked_for_rather_than_refused() -> None:
    items, last = [Item("x", "Input", shape=[4])], "x"
    for n in range(200):
        items += [
            Item(f"b{n}.d", "LeakyReLU", last, negative_slope=n / 1000),
            Item(f"b{n}.sum", "Add", f"b{n}.d", last),
        ]
        last = f"b{n}.sum"
    said: list[str] = []
    text = mermaid(typed("long", *items), Options(depth="all", say=said.append))
    assert text.count(" -->") <= MOST_EDGES
    assert said[0] == "more is folded than was asked for: Mermaid draws at most 500 edges and 50,000 characters"
    assert f"%% {said[0]}\n" in text


def test_too_large_even_if_folded() -> None:
    items = [Item("x", "Input", shape=[4])]
    items += [Item(f"d{n}", "Dense", f"d{n - 1}" if n else "x", units=2 + n % 89) for n in range(600)]
    said: list[str] = []
    text = mermaid(typed("long", *items), Options(say=said.append))
    assert re.fullmatch(
        r"too large for Mermaid even with all blocks folded \(601 edges and [\d,]+ characters\): "
        r"Mermaid draws at most 500 edges and 50,000 characters; write \.svg or \.html instead",
        said[0],
    )
    assert f"%% {said[0]}\n" in text


def test_text_from_a_spec_is_escaped() -> None:
    graph = typed(NASTY, Item(NASTY, "Input", shape=[3]), Item("end", "Dense", NASTY, units=2))
    text = mermaid(graph)
    lines = text.splitlines()
    assert lines[1].startswith('title: "\N{FULLWIDTH LESS-THAN SIGN}b\N{FULLWIDTH GREATER-THAN SIGN}')
    assert lines[6].startswith(
        '  n0(["<b>#60;b#62;#38;#34;#10741;N#10741;n#93;#93;#62;#96;#35;quot#59;--#62;#60;/scrip'
    )
    assert lines[6].endswith('</b><br/>(None, 3)"]):::input')
    assert '  n1("<b>Dense</b> end<br/>' in text
    assert NASTY not in text
    assert "\x1b" not in text


def uncolored(text: str) -> str:
    return re.sub(r"#[0-9a-f]{6}(?:[0-9a-f]{2})?\b", "#", text)


@cache
def scene_of(spec: Path) -> Scene:
    return fold_repeats(make_scene(specc.compile(str(spec))))
