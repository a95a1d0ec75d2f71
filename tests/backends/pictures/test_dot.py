# ruff: noqa: RUF001 - the multiplication sign of sizes
from __future__ import annotations

import re
from html import unescape

from specc.backends.pictures.dot import _limits, dot
from specc.backends.pictures.drawing import DEEPEST_GROUP, Arrow, draw
from tests.support.graphs import NASTY, Item, blocks, branches, chain, siamese, translator, typed

CHAIN = """\
graph: digits / Sequential, 3 layers, 15,770 params
n0: image  Input
n1: conv2d  Conv2D / 8 filters, 3×3, stride 2, same, relu / 80 params
n2: flatten  Flatten
n3: digit  Dense / 10 units, softmax / 15,690 params
n4: digit  output
n0 -> n1: (None, 28, 28, 1)
n1 -> n2: (None, 14, 14, 8)
n2 -> n3: (None, 1568)
n3 -> n4: (None, 10)
"""

TRANSLATOR = """\
graph: translator / functional, 7 layers, 1,584 params
n0: source  Input
n1: target  Input
n2: embed  Embedding / input_dim 50, output_dim 8 / 400 params
n3: embed_target  Embedding / input_dim 50, output_dim 8 / weights of embed
n4: encoder  LSTM / 4 units, return_state / 208 params
n5: decoder  LSTM / 4 units, return_sequences / 208 params
n6: attend  MultiHeadAttention / 2 heads, key_dim 3, use_causal_mask / 118 params
n7: twice  Add
n8: join  Concatenate
n9: word  Dense / 50 units / 650 params
n10: word  output
n0 -> n2: (None, None) int32
n1 -> n3: (None, None) int32
n2 -> n4: (None, None, 8)
n3 -> n5: → sequences / (None, None, 8)
n4 -> n5: state_h → initial_state[0] / (None, 4)
n4 -> n5: state_c → initial_state[1] / (None, 4)
n5 -> n6: → query, value / (None, None, 4)
n6 -> n7: (None, None, 4)
n6 -> n7: (None, None, 4)
n7 -> n8: → [0] / (None, None, 4)
n3 -> n8: → [1] / (None, None, 8)
n8 -> n9: (None, None, 12)
n9 -> n10: (None, None, 50)
"""

BLOCKS = """\
graph: blocks / functional, 6 layers, 208 params
n0: x  Input
cluster_c0: stage1  block / 104 params
cluster_c1: inner  block / 104 params
n1: dense  Dense / 8 units / 72 params
n2: norm  BatchNormalization / 32 params
n3: sum  Add
cluster_c2: stage2  block / 104 params
cluster_c3: inner  block / 104 params
n4: dense  Dense / 8 units / 72 params
n5: norm  BatchNormalization / 32 params
n6: sum  Add
n7: stage2.sum  output
n0 -> n1: (None, 8)
n1 -> n2: (None, 8)
n2 -> n3: (None, 8)
n0 -> n3: (None, 8)
n3 -> n4: (None, 8)
n4 -> n5: (None, 8)
n5 -> n6: (None, 8)
n3 -> n6: (None, 8)
n6 -> n7: (None, 8)
"""

FOLDED_BLOCKS = """\
graph: blocks / functional, 6 layers, 208 params
n0: x  Input
n1: stage1  block / 3 layers / 104 params
n2: stage2  block / 3 layers / 104 params
n3: stage2.sum  output
n0 -> n1: (None, 8)
n1 -> n2: (None, 8)
n2 -> n3: (None, 8)
"""

SIAMESE = """\
graph: siamese / functional, 2 layers, 26 params
n0: left  Input
n1: right  Input
cluster_c0: one  tower / 26 params
n2: a  Input
n3: dense  Dense / 4 units / 16 params
n4: last  Dense / 2 units / 10 params
n5: other  tower / 2 layers / weights of one
n6: apart  Subtract
n7: apart  output
n0 -> n2: (None, 3)
n1 -> n5: (None, 3)
n4 -> n6: → [0] / (None, 2)
n5 -> n6: → [1] / (None, 2)
n6 -> n7: (None, 2)
n2 -> n3: (None, 3)
n3 -> n4: (None, 4)
"""

FOLDED_SIAMESE = """\
graph: siamese / functional, 2 layers, 26 params
n0: left  Input
n1: right  Input
n2: one  tower / 2 layers / 26 params
n3: other  tower / 2 layers / weights of one
n4: apart  Subtract
n5: apart  output
n0 -> n2: (None, 3)
n1 -> n3: (None, 3)
n2 -> n4: → [0] / (None, 2)
n3 -> n4: → [1] / (None, 2)
n4 -> n5: (None, 2)
"""


def words(text: str) -> str:
    """What a DOT text says, without its looks: a line each for the graph, every group, box and arrow."""
    lines = []
    who = ""
    for line in map(str.strip, text.splitlines()):
        if line.startswith("subgraph"):
            who = line.split()[1]
            continue
        label = re.search(r"label=<(.*)>( |]|$)", line)
        if label is None:
            continue
        who = who or line.split(" [")[0]
        parts = re.sub(r"<br[^>]*>", "\n", label[1]).split("\n")
        said = [unescape(re.sub(r"<[^>]*>", "", part)).strip() for part in parts]
        lines.append(f"{who}: {' / '.join(part for part in said if part)}")
        who = ""
    return "\n".join(lines) + "\n"


def test_chain() -> None:
    assert words(dot(chain())) == CHAIN


def test_ports_arguments_and_shared_layers() -> None:
    text = dot(translator())
    assert words(text) == TRANSLATOR
    assert 'style="rounded,filled,dashed"' in next(line for line in text.splitlines() if "n3 [" in line)


def test_blocks_are_clusters() -> None:
    assert words(dot(blocks())) == BLOCKS


def test_folded_blocks_are_boxes() -> None:
    assert words(dot(blocks(), fold=True)) == FOLDED_BLOCKS


def test_nested_model_is_a_cluster() -> None:
    assert words(dot(siamese())) == SIAMESE


def test_folded_nested_model_is_a_box() -> None:
    assert words(dot(siamese(), fold=True)) == FOLDED_SIAMESE


def test_a_folded_block_names_its_outputs_where_it_has_several() -> None:
    graph = typed(
        "two",
        Item("x", "Input", shape=[4]),
        Item("b.left", "Dense", "x", units=1),
        Item("b.right", "Dense", "x", units=2),
        Item("y", "Concatenate", "b.left", "b.right"),
    )
    assert words(dot(graph, fold=True)).splitlines()[5:8] == [
        "n0 -> n1: (None, 4)",
        "n1 -> n2: left → [0] / (None, 1)",
        "n1 -> n2: right → [1] / (None, 2)",
    ]


def test_a_node_named_as_a_port_is_in_no_cluster() -> None:
    graph = typed(
        "port",
        Item("x", "Input", shape=[5, 4]),
        Item("lstm", "LSTM", "x", units=2, return_state=True),
        Item("lstm.state_h", "Identity", "lstm"),
    )
    assert "subgraph" not in dot(graph)


def test_direction() -> None:
    assert "rankdir=LR" in dot(chain(), rankdir="LR")


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


def test_groups_in_groups_end() -> None:
    depth = DEEPEST_GROUP + 5
    path = ".".join(f"b{number}" for number in range(depth))
    graph = typed("deep", Item("x", "Input", shape=[4]), Item(f"{path}.y", "Dense", "x", units=1))
    assert sum(1 for _ in draw(graph).root.groups()) == DEEPEST_GROUP
    assert f"b{DEEPEST_GROUP}.b" in dot(graph)


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
    assert "equation &quot;ab,bc-&gt;ac&quot;" in text
    assert NASTY not in text
    assert "\x1b" not in text
