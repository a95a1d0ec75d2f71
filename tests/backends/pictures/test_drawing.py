# ruff: noqa: RUF001 - the multiplication sign of sizes
"""What a picture shows, whatever its format: the title, then every box and group, then every arrow."""

from __future__ import annotations

from collections.abc import Iterator

from specc.backends.pictures.drawing import DEEPEST_GROUP, LONGEST_NAME, Box, Drawing, Group, draw
from tests.support.graphs import NASTY, Item, blocks, chain, siamese, translator, typed

CHAIN = """\
digits: Sequential, 3 layers, 15,770 params
n0: image Input
n1: conv2d Conv2D / 8 filters, 3×3, stride 2, same, relu / 80 params
n2: flatten Flatten
n3: digit Dense / 10 units, softmax / 15,690 params
n4: digit output
n0 -> n1: (None, 28, 28, 1)
n1 -> n2: (None, 14, 14, 8)
n2 -> n3: (None, 1568)
n3 -> n4: (None, 10)
"""

TRANSLATOR = """\
translator: functional, 7 layers, 1,584 params
n0: source Input
n1: target Input
n2: embed Embedding / 50 → 8 / 400 params
n3: embed_target Embedding / 50 → 8 / weights of embed
n4: encoder LSTM / 4 units, return state / 208 params
n5: decoder LSTM / 4 units, return sequences / 208 params
n6: attend MultiHeadAttention / 2 heads, key_dim 3, causal mask / 118 params
n7: twice Add
n8: join Concatenate
n9: word Dense / 50 units / 650 params
n10: word output
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
blocks: functional, 6 layers, 208 params
n0: x Input
c0: stage1 block / 104 params
  c1: inner block / 104 params
    n1: dense Dense / 8 units / 72 params
    n2: norm BatchNormalization / 32 params
  n3: sum Add
c2: stage2 block / 104 params
  c3: inner block / 104 params
    n4: dense Dense / 8 units / 72 params
    n5: norm BatchNormalization / 32 params
  n6: sum Add
n7: stage2.sum output
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
blocks: functional, 6 layers, 208 params
n0: x Input
n1: stage1 block / 3 layers / 104 params
n2: stage2 block / 3 layers / 104 params
n3: stage2.sum output
n0 -> n1: (None, 8)
n1 -> n2: (None, 8)
n2 -> n3: (None, 8)
"""

SIAMESE = """\
siamese: functional, 2 layers, 26 params
n0: left Input
n1: right Input
c0: one tower / 26 params
  n2: a Input
  n3: dense Dense / 4 units / 16 params
  n4: last Dense / 2 units / 10 params
n5: other tower / 2 layers / weights of one
n6: apart Subtract
n7: apart output
n0 -> n2: (None, 3)
n1 -> n5: (None, 3)
n4 -> n6: → [0] / (None, 2)
n5 -> n6: → [1] / (None, 2)
n6 -> n7: (None, 2)
n2 -> n3: (None, 3)
n3 -> n4: (None, 4)
"""

FOLDED_SIAMESE = """\
siamese: functional, 2 layers, 26 params
n0: left Input
n1: right Input
n2: one tower / 2 layers / 26 params
n3: other tower / 2 layers / weights of one
n4: apart Subtract
n5: apart output
n0 -> n2: (None, 3)
n1 -> n3: (None, 3)
n2 -> n4: → [0] / (None, 2)
n3 -> n4: → [1] / (None, 2)
n4 -> n5: (None, 2)
"""


def shown(drawing: Drawing) -> str:
    """A drawing as text: a line for each box, group and arrow, what is in a group indented."""
    lines = [f"{drawing.title}: {drawing.note}", *members(drawing.root)]
    lines += [f"{arrow.tail} -> {arrow.head}: {' / '.join(arrow.lines)}" for arrow in drawing.arrows]
    return "\n".join(lines) + "\n"


def members(group: Group) -> Iterator[str]:
    for it in group.members:
        details = (*it.arguments, it.note) if isinstance(it, Box) else (it.note,)
        said = " / ".join(text for text in (f"{it.name} {it.type}".rstrip(), *details) if text)
        yield f"{it.id}: {said}"
        if isinstance(it, Group):
            yield from (f"  {line}" for line in members(it))


def test_chain() -> None:
    assert shown(draw(chain())) == CHAIN


def test_ports_arguments_and_shared_layers() -> None:
    assert shown(draw(translator())) == TRANSLATOR


def test_blocks_are_groups() -> None:
    assert shown(draw(blocks())) == BLOCKS


def test_folded_blocks_are_boxes() -> None:
    assert shown(draw(blocks(), fold=True)) == FOLDED_BLOCKS


def test_a_nested_model_is_a_group() -> None:
    assert shown(draw(siamese())) == SIAMESE


def test_a_folded_nested_model_is_a_box() -> None:
    assert shown(draw(siamese(), fold=True)) == FOLDED_SIAMESE


def test_a_folded_block_names_its_outputs_where_it_has_several() -> None:
    graph = typed(
        "two",
        Item("x", "Input", shape=[4]),
        Item("b.left", "Dense", "x", units=1),
        Item("b.right", "Dense", "x", units=2),
        Item("y", "Concatenate", "b.left", "b.right"),
    )
    assert shown(draw(graph, fold=True)).splitlines()[5:8] == [
        "n0 -> n1: (None, 4)",
        "n1 -> n2: left → [0] / (None, 1)",
        "n1 -> n2: right → [1] / (None, 2)",
    ]


def test_a_node_named_as_a_port_is_in_no_group() -> None:
    graph = typed(
        "port",
        Item("x", "Input", shape=[5, 4]),
        Item("lstm", "LSTM", "x", units=2, return_state=True),
        Item("lstm.state_h", "Identity", "lstm"),
    )
    assert list(draw(graph).root.groups()) == []


def test_groups_in_groups_end() -> None:
    depth = DEEPEST_GROUP + 5
    path = ".".join(f"b{number}" for number in range(depth))
    graph = typed("deep", Item("x", "Input", shape=[4]), Item(f"{path}.y", "Dense", "x", units=1))
    drawing = draw(graph)
    assert sum(1 for _ in drawing.root.groups()) == DEEPEST_GROUP
    assert [box.name for box in drawing.root.boxes()][1] == f"{path}.y".removeprefix(
        "b0.b1.b2.b3.b4.b5.b6.b7.b8.b9.b10.b11."
    )


def test_names_are_printable_and_short() -> None:
    graph = typed(NASTY, Item(NASTY, "Input", shape=[3]), Item("y" * 1000, "Dense", NASTY, units=2))
    drawing = draw(graph)
    texts = [drawing.title, *(box.name for box in drawing.root.boxes())]
    assert all(text.isprintable() and len(text) <= LONGEST_NAME for text in texts)
