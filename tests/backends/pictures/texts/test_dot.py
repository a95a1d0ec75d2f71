# ruff: noqa: RUF001 - the minus sign
"""DOT text: whole, safe whatever a spec says, and with every layer and every wire."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

import specc
from specc.backends.pictures.options import Options
from specc.backends.pictures.scenes.make_scene import make_scene
from specc.backends.pictures.scenes.repeats import fold_repeats
from specc.backends.pictures.scenes.scene import Card, Scene, Wire
from specc.backends.pictures.texts.dot import dot, spell
from specc.backends.pictures.texts.view import merged, view
from tests.support.graphs import NASTY, Item, blocks, chain, siamese, translator, typed

SPECS = sorted(Path("specs").glob("*.*"))

SIAMESE = """\
digraph specc {
	graph [newrank=true labelloc=t fontname="DejaVu Sans,Verdana,sans-serif" nodesep=0.3 ranksep=0.3 pad=0.2 rankdir=TB label=<<font point-size="14" color="#"><b>siamese</b></font><br/><font point-size="10" color="#">functional · 3 layers · 26 parameters</font>>]
	node [shape=box style="rounded,filled" fontname="DejaVu Sans,Verdana,sans-serif" margin="0.14,0.07" height=0.3]
	edge [color="#" arrowsize=0.7]
	n0 [fillcolor="#" color="#" penwidth=2 label=<<font point-size="11" color="#"><b>left</b></font><br/><font point-size="9" color="#">(None, 3)</font>>]
	n1 [fillcolor="#" color="#" penwidth=2 label=<<font point-size="11" color="#"><b>right</b></font><br/><font point-size="9" color="#">(None, 3)</font>>]
	subgraph cluster_f0 {
		label=<<font point-size="11" color="#"><b>tower</b></font>  <font point-size="9" color="#">one</font><br align="left"/><font point-size="9" color="#">2 layers, shared A</font><br align="left"/><font point-size="9" color="#">26 params · (None, 2)</font><br align="left"/>>
		labeljust=l
		style="rounded,filled"
		fillcolor="#"
		color="#"
		margin=10
		n2 [fillcolor="#" color="#" label=<<font point-size="11" color="#"><b>Dense</b></font><br/><font point-size="9" color="#">4 units</font><br/><font point-size="9" color="#">16 params · (None, 4)</font>>]
		n3 [fillcolor="#" color="#" label=<<font point-size="11" color="#"><b>Dense</b></font>  <font point-size="9" color="#">last</font><br/><font point-size="9" color="#">2 units</font><br/><font point-size="9" color="#">10 params · (None, 2)</font>>]
	}
	n4 [fillcolor="#" color="#" penwidth=2 label=<<font point-size="11" color="#"><b>tower</b></font>  <font point-size="9" color="#">other</font><br/><font point-size="9" color="#">2 layers, shared A</font><br/><font point-size="9" color="#">(None, 2)</font>>]
	n5 [fillcolor="#" color="#" margin=0 label=<<table border="0" cellborder="0" cellspacing="0" cellpadding="0"><tr><td><table border="0" cellborder="0" cellspacing="0" cellpadding="3"><tr><td port="in0"><font point-size="8" color="#">+</font></td><td port="in1"><font point-size="8" color="#">−</font></td></tr></table></td></tr><tr><td><table border="0" cellborder="0" cellspacing="0" cellpadding="4"><tr><td><font point-size="11" color="#"><b>Subtract</b></font>  <font point-size="9" color="#">apart</font></td></tr></table></td></tr></table>>]
	o0 [fillcolor="#" color="#" penwidth=2 label=<<font point-size="11" color="#"><b>apart</b></font>>]
	{rank=source; n0; n1}
	n0 -> n2 [weight=100]
	n2 -> n3 [weight=100]
	n1 -> n4 [weight=100]
	n3 -> n5:in0:n [weight=100]
	n4 -> n5:in1:n [weight=100]
	n5 -> o0 [weight=100]
}
"""


def test_a_whole_text() -> None:
    """An input, a frame of a nested model, a card for its other call, a merge with ports, an output."""
    assert uncolored(dot(siamese())) == SIAMESE


def test_direction() -> None:
    assert "rankdir=LR" in dot(chain(), Options(direction="right"))


@pytest.mark.parametrize(("direction", "ends"), [("down", ("s", "n")), ("right", ("e", "w"))])
def test_arrows_end_at_the_names_of_ports(direction: str, ends: tuple[str, str]) -> None:
    text = dot(translator(), Options(direction=direction))  # type: ignore[arg-type]
    tail, head = ends
    assert f"n4:out0:{tail} -> n5:in1:{head}" in text
    assert f"n4:out1:{tail} -> n5:in2:{head}" in text
    assert re.search(r'n4 .*<td port="out0"><font [^>]*>state_h</font></td>', text)


def test_inputs_are_side_by_side() -> None:
    assert "\t{rank=source; n0; n1}\n" in dot(translator())
    assert "rank=" not in dot(chain()).replace("newrank=", "")


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
def test_every_layer_and_wire_is_there_and_no_other(spec: Path) -> None:
    for options in (Options(), Options(depth=0), Options(depth="all")):
        text, seen = spell(scene_of(spec), options), view(scene_of(spec), options)
        assert "newrank=true" in text, "without it Graphviz draws arrows against the flow"
        assert re.findall(r"^\t+(\w+) \[fillcolor", text, re.MULTILINE) == [card.id for card in seen.cards()]
        assert re.findall(r"^\t+subgraph cluster_(\w+)", text, re.MULTILINE) == [it.card.id for it in seen.frames()]
        arrows = Counter(re.findall(r"^\t(\w+)(?::out\d+:s)? -> (\w+)", text, re.MULTILINE))
        wanted = Counter[tuple[str, str]]()
        for wire, count in merged(seen.wires):
            wanted[wire.tail, wire.head] += 1 if count > 2 else count
        assert arrows == wanted


def test_marks() -> None:
    cards: list[Card] = [
        Card("n0", "layer", "dense", "Dense", "a", mark="changed", notes=["units 4 → 8"]),
        Card("n1", "layer", "dense", "Dense", "b", mark="removed"),
    ]
    text = spell(Scene("net", "", list(cards), [Wire("n0", "", "n1", "0", "removed")]))
    changed, removed, arrow = (
        next(line for line in text.splitlines() if f"\t{end}" in line) for end in ("n0 [", "n1 [", "n0 ->")
    )
    assert "penwidth=3" in changed
    assert "<b>changed: units 4 → 8</b>" in changed
    assert ["dashed" in line for line in (changed, removed, arrow)] == [False, True, True]


def test_what_is_folded_is_said_there_and_to_the_user() -> None:
    said: list[str] = []
    text = dot(blocks(2), Options(depth=0, say=said.append))
    assert said == ["folded: block \N{MULTIPLICATION SIGN} 2 (--expand block, --depth 1)"]
    assert said[0] in text


def test_text_from_a_spec_is_escaped() -> None:
    graph = typed(
        NASTY,
        Item(NASTY, "Input", shape=[3]),
        Item("y", "EinsumDense", NASTY, equation="ab,bc->ac", output_shape=[2]),
    )
    text = dot(graph)
    safe = "&lt;b&gt;&amp;&quot;&#92;&#92;N&#92;&#92;n]]&gt;`#quot;--&gt;&lt;/scrip"
    assert text.count(f"<b>{safe}") == 2, "the title and the input"
    assert "ab,bc-&gt;ac" in text
    assert NASTY not in text
    assert "\x1b" not in text


def uncolored(text: str) -> str:
    return re.sub(r"#[0-9a-f]{6}\b", "#", text)


@cache
def scene_of(spec: Path) -> Scene:
    return fold_repeats(make_scene(specc.compile(str(spec))))
