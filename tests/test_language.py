"""The language, spec by spec: what each becomes, by the names of its layers and what feeds them."""

from __future__ import annotations

import time
from textwrap import dedent
from typing import Any

import pytest

import specc
from specc.ir import Ref

Wires = dict[str, list[str]]


def compiled(text: str, **choices: Any) -> specc.TypedGraph:
    return specc.compile(specc.Spec.from_text(dedent(text), "spec.yaml"), **choices)


def wires(graph: specc.TypedGraph) -> Wires:
    """What feeds each layer, inputs left out."""

    def shown(ref: Ref) -> str:
        return ref.node if ref.port == 0 else f"{ref.node}:{ref.port}"

    return {node.name: [shown(ref) for ref in node.refs()] for node in graph.nodes.values() if node.type != "Input"}


def codes(text: str) -> list[str]:
    return [diagnostic.code for diagnostic in specc.check(specc.Spec.from_text(dedent(text), "spec.yaml"))]


X = "layers:\n  - {type: Input, name: x, shape: [3]}\n"


SOUND: dict[str, tuple[str, Wires]] = {
    "edges into one argument keep their order": (
        """
        layers:
          - {type: Input, name: x, shape: [5, 3]}
          - {type: LSTM, name: enc, units: 4, return_state: true}
          - {type: LSTM, name: dec, units: 4}
        edges:
          - [x, enc]
          - [x, dec]
          - {from: enc.state_h, to: dec.initial_state}
          - {from: enc.state_c, to: dec.initial_state}
        """,
        {"enc": ["x"], "dec": ["x", "enc:1", "enc:2"]},
    ),
    "an edge into copies side by side that have values": (
        X
        + "  - {type: Dense, name: a, units: $u, each: {u: [1, 2]}}\n  - {type: Concatenate, name: b}\nedges: [[x, a, b]]",
        {"a_1": ["x"], "a_2": ["x"], "b": ["a_1", "a_2"]},
    ),
    "an edge whose end is a value": (
        "vars: {from: x}\n" + X + "  - {type: Dense, name: y, units: 1}\nedges: [[$from, y]]",
        {"y": ["x"]},
    ),
    "automatic names avoid those of copies": (
        X + "  - {type: Dense, name: dense, units: 1, repeat: 2}\n  - {type: Dense, units: 1}",
        {"dense_1": ["x"], "dense_2": ["dense_1"], "dense_3": ["dense_2"]},
    ),
    "an automatic name is that of the class, whatever the alias": (
        "layers:\n  - {type: Input, name: x, shape: [8, 8, 1]}\n  - {type: Convolution2D, filters: 1, kernel_size: 1}",
        {"conv2d": ["x"]},
    ),
    "a name may be a value": (
        "vars: {part: head}\n"
        + X
        + "  - {type: Dense, name: $part, units: 1}\n  - {type: Dense, name: $(part + '_b'), units: 1, from: head}",
        {"head": ["x"], "head_b": ["head"]},
    ),
    "further inputs of a merge go to each copy alike": (
        X + "  - {type: Input, name: y, shape: [3]}\n  - {type: Add, name: s, repeat: 3, from: [x, y]}",
        {"s_1": ["x", "y"], "s_2": ["s_1", "y"], "s_3": ["s_2", "y"]},
    ),
    "an absent copy passes on the copy before it": (
        X + "  - {type: Dense, name: s, units: 2, repeat: 4, when: $(index % 2 == 1)}",
        {"s_2": ["x"], "s_4": ["s_2"]},
    ),
    "a share of an instance that stands below": (
        """
        blocks:
          b: {inputs: [x], layers: [{type: Dense, name: p, units: 3}, {share: p, name: r}], outputs: [r]}
        layers:
          - {type: Input, name: x, shape: [3]}
          - {share: i, name: k, from: x}
          - {type: b, name: i, from: x}
          - {share: k.r, name: m, from: x}
          - {type: Add, name: z, from: [k, i, m]}
        """,
        {"k.p": ["x"], "k.r": ["k.p"], "i.p": ["x"], "i.r": ["i.p"], "m": ["x"], "z": ["k.r", "i.r", "m"]},
    ),
    "a block's output may be a value": (
        """
        blocks:
          b: {args: {last: p}, inputs: [x], layers: [{type: Dense, name: p, units: 3}], outputs: {out: $last}}
        layers: [{type: Input, name: x, shape: [3]}, {type: b, name: i}, {type: ReLU, name: z}]
        """,
        {"i.p": ["x"], "z": ["i.p"]},
    ),
    "names in any script, with their marks": (
        "layers: [{type: Input, name: बिंदु, shape: [3]}, {type: Dense, name: हिन्दी, units: 1, from: बिंदु}]",
        {"हिन्दी": ["बिंदु"]},
    ),
}


@pytest.mark.parametrize(("text", "expected"), SOUND.values(), ids=SOUND)
def test_wires(text: str, expected: Wires) -> None:
    assert wires(compiled(text)) == expected


BROKEN: dict[str, tuple[str, list[str]]] = {
    "an absent layer stands in for itself": (
        X + "  - {type: Dense, name: a, units: 4, when: false, else: a}\n  - {type: Dense, units: 7}",
        ["cycle"],
    ),
    "absent layers stand in for each other": (
        X
        + "  - {type: ReLU, name: a, when: false, else: b}\n  - {type: ReLU, name: b, when: false, else: a}\n  - ReLU",
        ["cycle"],
    ),
    "a label for several copies": (
        X + "  - {type: Dense, name: a, units: $u, each: {u: [1, 2]}}\noutputs: {h: a}",
        ["ambiguous-name"],
    ),
    "a nested model's output of several copies": (
        "blocks:\n  b: {inputs: [x], layers: [{type: Dense, name: d, units: 3, each: {u: [1, 2]}}], outputs: [d]}\n"
        + X
        + "  - {type: b, name: j, nested: true}",
        ["ambiguous-name"],
    ),
    "an instance that leads to no given output": (
        "blocks:\n  b: {inputs: [x], layers: [{type: Dense, name: d, units: 3}], outputs: [d]}\n"
        + X
        + "  - {type: b, name: i}\n  - {type: Dense, name: z, units: 1, from: x}\noutputs: [z]",
        ["unused-layer"],
    ),
    "a label that is no name": (X + "  - {type: Dense, name: a, units: 4}\noutputs: {a/b: a}", ["invalid-name"]),
    "a shared call of another size that comes first": (
        X
        + "  - {type: Input, name: y, shape: [4]}\n  - {share: d, name: e, from: y}\n  - {type: Dense, name: d, units: 3, from: x}",
        ["shape-mismatch"],
    ),
}


@pytest.mark.parametrize(("text", "expected"), BROKEN.values(), ids=BROKEN)
def test_broken(text: str, expected: list[str]) -> None:
    assert codes(text) == expected


def test_a_layer_whose_own_call_is_left_out_belongs_to_the_first_shared_call() -> None:
    graph = compiled("""
        blocks:
          b: {inputs: [x], layers: [{type: Dense, name: p, units: 3}, {share: p, name: r, from: x}, {share: r, name: s, from: r}], outputs: [s]}
        layers:
          - {type: Input, name: x, shape: [3]}
          - {type: b, name: i, from: x}
          - {type: b, name: j, nested: true}
          - {share: i, name: k}
        """)
    assert {node.name: node.shares for node in graph.nodes.values() if node.type == "Dense"} == {
        "i.r": None, "i.s": "i.r", "k.r": "i.r", "k.s": "i.r",
    }  # fmt: skip
    assert graph.params == 24


def chain(count: int, item: str) -> str:
    return X + "".join(f"  - {item.format(i=i, after=i + 1)}\n" for i in range(count))


LARGE = {
    "reverse order": "layers:\n" + "".join(f"  - {{type: Dense, name: d{i + 1}, units: 2, from: d{i}}}\n" for i in reversed(range(3000))) + "  - {type: Input, name: d0, shape: [2]}",
    "a wide Add": chain(3000, "{{type: Dense, name: d{i}, units: 2, from: x}}") + "  - {type: Add, from: [" + ", ".join(f"d{i}" for i in range(3000)) + "]}",
    "a wide Concatenate": X + f"  - {{type: Dense, name: d, units: $u, each: {{u: {list(range(1, 3001))}}}}}\n  - Concatenate",
    "absent layers": chain(5000, "{{type: Dense, name: d{i}, units: 2, when: false}}") + "  - ReLU",
    "shares of shares, backwards": chain(3000, "{{share: d{after}, name: d{i}}}") + "  - {type: Dense, name: d3000, units: 3}",
    "unknown names": chain(3000, "{{type: Dense, name: d{i}, units: 2, from: q{i}}}"),
    "unknown types": chain(3000, "{{type: Dens{i}, name: d{i}}}"),
    "a circle": X + "  - {type: Add, name: a, from: [x, d2999]}\n" + "".join(f"  - {{type: Dense, name: d{i}, units: 3}}\n" for i in range(3000)),
}  # fmt: skip


@pytest.mark.parametrize("text", LARGE.values(), ids=LARGE)
def test_large_specs_take_time_in_proportion(text: str) -> None:
    start = time.process_time()
    specc.check(specc.Spec.from_text(text, "spec.yaml"))
    assert time.process_time() - start < 5  # a tenth of a second each thousand, where what is quadratic took a minute


def test_absent_copies_that_stand_for_each_other_do_not_multiply() -> None:
    text = X + "  - {type: ReLU, name: a0, each: {u: [1, 2]}}\n"
    text += "".join(
        f"  - {{type: ReLU, name: a{i}, when: false, else: a{i - 1}, each: {{u: [1, 2]}}}}\n" for i in range(1, 40)
    )
    assert codes(text + "  - {type: Add, from: a39}") == ["too-large"]


def test_shares_count_as_much_as_what_they_share() -> None:
    blocks = "blocks:\n  b0: {inputs: [x], layers: [{type: ReLU, name: r}], outputs: [r]}\n"
    for i in range(1, 9):
        shares = ", ".join(f"{{share: a, name: s{j}}}" for j in range(10))
        blocks += f"  b{i}: {{inputs: [x], layers: [{{type: b{i - 1}, name: a}}, {shares}], outputs: [s9]}}\n"
    start = time.process_time()
    assert codes(blocks + X + "  - {type: b8, name: z}") == ["too-large"]
    assert time.process_time() - start < 1
