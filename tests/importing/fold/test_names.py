"""Names of blocks: what the instances are called, else what is special in them, before letters are counted."""

from __future__ import annotations

from typing import Any

import pytest

from specc.importing.fold.bodies import Body, Call, Node, Ref
from specc.importing.fold.names import block_name


def body(*types: str) -> Body:
    """A block of layers, one after the other."""
    nodes: list[Node] = []
    for type in types:
        nodes.append(Node(type, "one", {}, [[Call({}, (Ref(nodes[-1] if nodes else 0),))]]))
    return Body(1, nodes, [[Ref(nodes[-1])]])


LONG = ["LayerNormalization", "Dense", "Attention", "Dense", "LayerNormalization", "Dropout"]


@pytest.mark.parametrize(
    ("types", "instances", "taken", "expected"),
    [
        (["Conv2D", "BatchNormalization"], ["", ""], [], "conv_bn"),
        (LONG, ["mixer_1", "mixer_2"], [], "mixer"),
        (LONG, ["mixer_1", "mixer_2"], ["mixer"], "mixer_attention"),
        (LONG, ["mixer_1", "mixer_2"], ["mixer", "mixer_attention"], "mixer_b"),
        (LONG, ["first", "second"], [], "attention_block"),
        (["Dense", "Dropout"] * 4, ["", ""], [], "block"),
    ],
)
def test_a_block(types: list[str], instances: list[str], taken: list[Any], expected: str) -> None:
    assert block_name(body(*types), instances, taken) == expected
