"""A graph as a tree: the instances of blocks in it, what each reads and gives, and which cannot stay together."""

from __future__ import annotations

from textwrap import dedent

import pytest

import specc
from specc.backends.python.graph.parts import Part, Style, tree
from specc.ir import Ref
from tests.support.checking import spec

TWO = """
blocks:
  two:
    inputs: [a, b]
    layers:
      - {type: Dense, name: one, units: 3, from: a}
      - {type: Dense, name: other, units: 3, from: b}
    outputs: [one, other]
"""
BLOCKS_IN_BLOCKS = """
blocks:
  inner: {inputs: [x], layers: [{type: Dense, name: d, units: 3}, {type: ReLU, name: r}], outputs: [r]}
  outer:
    inputs: [x]
    layers:
      - {type: inner, name: i, repeat: 2}
      - {type: Add, name: sum, from: [i, x]}
    outputs: [sum]
layers:
  - {type: Input, name: x, shape: [3]}
  - {type: outer, name: o}
  - {type: Dense, name: y, units: 1}
"""
SHARED = """
blocks:
  tower:
    inputs: [x]
    layers: [{type: Dense, name: a, units: 3}, {type: Dense, name: b, units: 4}]
    outputs: [b]
layers:
  - {type: Input, name: x, shape: [3]}
  - {type: tower, name: first}
  - {share: first, name: again, from: x}
  - {type: tower, name: apart, from: x}
  - {type: Concatenate, name: c, from: [first, again, apart, first.a]}
"""


def outline(part: Part, indent: int = 0) -> list[str]:
    """The members of a part, those of instances indented, with what each instance reads and gives."""
    lines = []
    for member in part.members:
        if isinstance(member, Part):
            reads, gives = (", ".join(map(shown, refs)) for refs in (member.reads, member.gives))
            lines += [f"{' ' * indent}{member.name}: {member.block}({reads}) -> {gives}", *outline(member, indent + 2)]
        else:
            lines.append(" " * indent + member)
    return lines


def shown(ref: Ref) -> str:
    return ref.node if ref.port == 0 else f"{ref.node}:{ref.port}"


@pytest.mark.parametrize(("text", "style", "expected"), [
    (BLOCKS_IN_BLOCKS, "tensors", """
        x
        o: outer(x) -> o.sum
          o.i_1: inner(x) -> o.i_1.r
            o.i_1.d
            o.i_1.r
          o.i_2: inner(o.i_1.r) -> o.i_2.r
            o.i_2.d
            o.i_2.r
          o.sum
        y
    """),
    # An instance that reads what is made of its own outputs would come both before and after that: it is dissolved.
    (TWO + """
layers:
  - {type: Input, name: x, shape: [3]}
  - {type: two, name: whole, from: {a: x, b: x}}
  - {type: two, name: apart, from: {a: x, b: between}}
  - {type: Dense, name: between, units: 4, from: apart.one}
  - {type: Concatenate, name: c, from: [whole.one, whole.other, apart.other]}
""", "tensors", """
        x
        whole: two(x) -> whole.one, whole.other
          whole.one
          whole.other
        apart.one
        between
        apart.other
        c
    """),
    # So are two that read from each other; one after them stays.
    (TWO + """
layers:
  - {type: Input, name: x, shape: [3]}
  - {type: two, name: left, from: {a: x, b: right.one}}
  - {type: two, name: right, from: {a: x, b: left.one}}
  - {type: two, name: behind, from: {a: left.other, b: right.other}}
  - {type: Add, name: sum, from: [behind.one, behind.other]}
""", "tensors", """
        x
        left.one
        right.one
        left.other
        right.other
        behind: two(left.other, right.other) -> behind.one, behind.other
          behind.one
          behind.other
        sum
    """),
    # A layer that is called outside the function that makes it could not be found there.
    (SHARED, "tensors", """
        x
        first.a
        first.b
        again.a
        again.b
        apart: tower(x) -> apart.b
          apart.a
          apart.b
        c
    """),
], ids=["blocks in blocks", "a cycle through an instance", "a cycle of instances", "shared layers"])  # fmt: skip
def test_tree(text: str, style: Style, expected: str) -> None:
    assert outline(tree(specc.compile(spec(text)), style)) == dedent(expected).strip().splitlines()
