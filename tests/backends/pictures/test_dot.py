"""The DOT text of a drawing: whole, and safe whatever a spec says."""

from __future__ import annotations

import re

from specc.backends.pictures.dot import _limits, dot
from specc.backends.pictures.drawing import Arrow
from specc.backends.pictures.options import Options
from tests.support.graphs import NASTY, Item, branches, chain, siamese, translator, typed

SIAMESE = """\
digraph specc {
	graph [fontname="DejaVu Sans" label=<<font point-size="14" color="#1e293b"><b>siamese</b></font><br/><font point-size="2"> </font><br/><font point-size="10" color="#475569">functional, 2 layers, 26 params</font><br/><font point-size="10" color="#1e293b"> </font>> labelloc=t nodesep=0.3 pad=0.2 rankdir=TB ranksep=0.28]
	node [fontname="DejaVu Sans" height=0.3 margin="0.14,0.07" shape=box style="rounded,filled"]
	edge [arrowsize=0.7 color="#64748b" fontcolor="#475569" fontname="DejaVu Sans" fontsize=9]
	n0 [label=<<font point-size="11" color="#ffffff"><b>left</b></font>  <font point-size="9" color="#cbd5e1">Input</font>> color="#166534" fillcolor="#166534"]
	n1 [label=<<font point-size="11" color="#ffffff"><b>right</b></font>  <font point-size="9" color="#cbd5e1">Input</font>> color="#166534" fillcolor="#166534"]
	subgraph cluster_c0 {
		color="#94a3b8" fillcolor="#f8fafc" label=<<font point-size="10" color="#1e293b"><b>one</b></font><font point-size="9" color="#475569">  tower</font><br align="left"/><font point-size="9" color="#475569">26 params</font><br align="left"/>> labeljust=l margin=10 style="rounded,filled"
		n2 [label=<<font point-size="11" color="#1e293b"><b>a</b></font>  <font point-size="10" color="#1e293b">Input</font>> color="#85857e" fillcolor="#f4f4f2" style="rounded,filled,dashed"]
		n3 [label=<<font point-size="11" color="#1e293b"><b>dense</b></font>  <font point-size="10" color="#1e293b">Dense</font><br/><font point-size="2"> </font><br/><font point-size="9" color="#475569">4 units</font><br/><font point-size="2"> </font><br/><font point-size="9" color="#475569">16 params</font>> color="#b7791f" fillcolor="#fdebc8"]
		n4 [label=<<font point-size="11" color="#1e293b"><b>last</b></font>  <font point-size="10" color="#1e293b">Dense</font><br/><font point-size="2"> </font><br/><font point-size="9" color="#475569">2 units</font><br/><font point-size="2"> </font><br/><font point-size="9" color="#475569">10 params</font>> color="#b7791f" fillcolor="#fdebc8"]
	}
	n5 [label=<<font point-size="11" color="#1e293b"><b>other</b></font>  <font point-size="10" color="#1e293b">tower</font><br/><font point-size="2"> </font><br/><font point-size="9" color="#475569">2 layers</font><br/><font point-size="2"> </font><br/><font point-size="9" color="#475569">weights of one</font>> color="#475569" fillcolor="#f4f4f2" penwidth=2.5 style="rounded,filled,dashed"]
	n6 [label=<<font point-size="11" color="#1e293b"><b>apart</b></font>  <font point-size="10" color="#1e293b">Subtract</font>> color="#7c58b8" fillcolor="#eadff9"]
	n7 [label=<<font point-size="11" color="#ffffff"><b>apart</b></font>  <font point-size="9" color="#cbd5e1">output</font>> color="#3730a3" fillcolor="#3730a3"]
	n0 -> n2 [label=< (None, 3) > weight=100]
	n1 -> n5 [label=< (None, 3) > weight=100]
	n4 -> n6 [label=< <b>→ [0]</b> <br/> (None, 2) > weight=100]
	n5 -> n6 [label=< <b>→ [1]</b> <br/> (None, 2) >]
	n6 -> n7 [label=< (None, 2) > weight=100]
	n2 -> n3 [label=< (None, 3) > weight=100]
	n3 -> n4 [label=< (None, 4) > weight=100]
}
"""


def test_a_whole_text() -> None:
    """An input, a group of a nested model with its own input, a layer that shares its weights, a merge, an output."""
    assert dot(siamese()) == SIAMESE


def test_direction() -> None:
    assert "rankdir=LR" in dot(chain(), Options(direction="right"))


def test_inputs_and_outputs_stand_out() -> None:
    fills = dict(re.findall(r"(n\d+) \[.*fillcolor=\"(#\w+)\"", dot(branches())))
    assert fills["n0"] not in {fills[f"n{number}"] for number in range(1, 7)}
    assert fills["n5"] == fills["n6"]
    assert fills["n5"] not in {fills[f"n{number}"] for number in range(5)}


def test_same_graph_same_text() -> None:
    assert dot(translator()) == dot(translator())


def test_large_graphs_are_laid_out_quickly() -> None:
    line = [Arrow(f"n{number}", f"n{number + 1}", "") for number in range(600)]
    dense = [Arrow(f"n{tail}", f"n{head}", "") for head in range(40) for tail in range(head)]
    assert _limits(line[:100]) == {}
    assert "splines" not in _limits(line)
    assert _limits(line)["nslimit"] == "1"
    assert _limits(dense)["splines"] == "line"


def test_text_from_a_spec_is_escaped() -> None:
    graph = typed(
        NASTY,
        Item(NASTY, "Input", shape=[3]),
        Item("y", "EinsumDense", NASTY, equation="ab,bc->ac", output_shape=[2]),
    )
    text = dot(graph)
    safe = "&lt;b&gt;&amp;&quot;&#92;&#92;N&#92;&#92;n]]&gt;`#quot;--&gt;&lt;/scrip"
    assert f'<font point-size="11" color="#ffffff"><b>{safe}' in text
    assert f'<font point-size="14" color="#1e293b"><b>{safe}' in text
    assert "ab,bc-&gt;ac" in text
    assert NASTY not in text
    assert "\x1b" not in text
