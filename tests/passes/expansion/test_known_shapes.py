"""``shape(x)`` of what is expanded so far: equal to what inference finds later, or an error at the expression."""

from __future__ import annotations

from typing import Any

import pytest

import specc
from specc import pipeline
from specc.ir import NestedModel, TypedGraph
from tests.support.checking import spec, told
from tests.support.nodes import nodes

BLOCKS = """
blocks:
  residual:
    args: {filters: null}
    inputs: [x]
    layers:
      - {type: Dense, name: main, units: $filters}
      - {type: Dense, name: shortcut, units: $filters, from: x, when: "$(shape(x)[-1] != filters)"}
      - {type: Add, name: out, from: [main, shortcut]}
    outputs: [out]
  half:
    args: {units: "$(shape(x)[-1] // 2)"}
    inputs: [x]
    layers:
      - {type: Dense, name: y, units: $units}
    outputs: [y]
  two:
    inputs: [a, b]
    layers:
      - {type: Dense, name: low, units: "$(shape(b)[-1] + 1)", from: a}
      - {type: Dense, name: high, units: "$(shape(low)[-1] + 1)", from: b}
      - {type: Concatenate, name: both, from: [low, high]}
    outputs: {main: both, side: low}
"""
ASKING: dict[str, tuple[str, dict[str, Any]]] = {
    "an item above": (
        """
        layers:
          - {type: Input, name: x, shape: [6, 4]}
          - {type: Flatten, name: flat}
          - {type: Dense, name: y, units: "$(shape(flat)[-1] + shape(x)[1])"}
        """,
        {"y": 30},
    ),
    "each copy of a chain sees its own input": (
        BLOCKS
        + """
layers:
  - {type: Input, name: x, shape: [4]}
  - {type: residual, name: a, filters: 4, repeat: 2}
  - {type: residual, name: b, filters: 32, repeat: 2}
  - {type: half, name: c, repeat: 2}
  - {type: half, name: d, repeat: 2, nested: true}
outputs: [d]
""",
        {"b_1.shortcut": 32, "c_1.y": 16, "c_2.y": 8, "d_1/y": 4, "d_2/y": 2},
    ),
    "a port, a member, a name in quotes": (
        BLOCKS
        + """
layers:
  - {type: Input, name: x, shape: [5, 4]}
  - {type: LSTM, name: my-lstm, units: 3, return_sequences: true, return_state: true}
  - {type: two, name: parts, from: {a: x, b: my-lstm}}
  - {type: Dense, name: y, units: "$(shape('my-lstm.state_h')[-1] * 100 + shape(parts.side)[-1] * 10 + shape(parts.high)[-1])"}
  - {type: MultiHeadAttention, name: look, num_heads: 7, key_dim: 2, from: {query: x, value: x}}
  - {type: Dense, name: z, units: "$(shape(look)[-1])"}
  - {type: Dense, name: zz, units: "$(shape(look.scores)[1])", from: look}
""",
        {"parts.low": 4, "parts.high": 5, "y": 345, "z": 4, "zz": 7},
    ),
    "edges, also of items below": (
        """
        layers:
          - {type: Input, name: x, shape: [6]}
          - {type: Dense, name: a, units: "$(shape(x)[-1] * 2)"}
          - {type: Add, name: sum}
          - {type: Dense, name: b, units: "$(shape(sum)[-1] * 2)"}
          - {type: Dense, name: c, units: "$(shape(b)[-1] * 2)"}
        edges: [[x, a, sum, b, c], {from: a, to: sum}]
        """,
        {"a": 12, "b": 24, "c": 48},
    ),
    "shared calls, absent items, copies side by side": (
        BLOCKS
        + """
vars: {deep: false}
layers:
  - {type: Input, name: x, shape: [6]}
  - {type: Input, name: z, shape: [6]}
  - {type: half, name: one, from: x}
  - {share: one, name: two, from: z}
  - {share: one.y, name: three, from: z}
  - {type: Dense, name: four, units: 9, when: $deep, from: two}
  - {type: Dense, name: five, units: 9, when: $deep, else: x, from: four}
  - {type: Dense, name: q, units: $u, each: {u: ["$(shape(three)[-1])", "$(shape(five)[-1])"]}, from: four}
  - {type: Concatenate, name: all, from: q}
  - {type: Dense, name: y, units: "$(shape(all)[-1] * 100 + shape(q_2)[-1] * 10 + shape(two.y)[-1])"}
outputs: [y, one, three]
""",
        {"q_1": 3, "q_2": 6, "y": 963},
    ),
    "the number of copies": (
        """
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Dense, name: a, units: 2}
          - {type: Dense, name: b, units: $(index + 3), repeat: "$(shape(a)[-1])"}
          - {type: Dense, units: 8, each: {u: "$(range(shape(b)[-1]))"}, from: b}
          - {type: Dense, name: y, units: "$(shape(b_1)[-1])", from: b}
        """,
        {"b_2": 4, "dense_3": 8, "y": 3},
    ),
    "a model inside wrappers": (
        BLOCKS
        + """
layers:
  - {type: Input, name: x, shape: [7, 5, 8]}
  - {type: TimeDistributed, name: y, layer: {type: TimeDistributed, layer: half}}
""",
        {"y/y": 4},
    ),
    "a nested model inside another": (
        """
        blocks:
          inner:
            inputs: [x]
            layers:
              - {type: Dense, name: y, units: "$(shape(x)[-1] + 1)"}
            outputs: [y]
          outer:
            inputs: [x]
            layers:
              - {type: inner, name: one, nested: true}
              - {type: Dense, name: two, units: "$(shape(one)[-1] * 10)"}
              - {type: inner, name: three, nested: true}
            outputs: [three]
        layers:
          - {type: Input, name: x, shape: [7]}
          - {type: outer, name: a, nested: true}
        """,
        {"a/one/y": 8, "a/two": 80, "a/three/y": 81},
    ),
    "outputs of a block that a size chooses": (
        """
        blocks:
          choose:
            inputs: [x]
            layers:
              - {type: Dense, name: made_for_5, units: 3, from: x}
              - {type: Dense, name: made_for_4, units: 9, from: x}
            outputs: {y: "made_for_$(shape(x)[-1])"}
        layers:
          - {type: Input, name: x, shape: [5]}
          - {type: choose, name: a}
          - {type: Dense, name: y, units: "$(shape(a)[-1])"}
        """,
        {"y": 3},
    ),
    "the dtype policy, a fixed batch, an unknown axis compared with null": (
        """
        dtype_policy: mixed_bfloat16
        layers:
          - {type: Input, name: x, batch_shape: [4, null, 3]}
          - {type: Dense, name: a, units: "$(shape(x)[0])", when: "$(shape(x)[1] == null)"}
          - {type: Dense, name: y, units: "$(shape(a)[-1] + len(shape(a)))"}
        """,
        {"a": 4, "y": 7},
    ),
}


def units(graph: TypedGraph, prefix: str = "") -> dict[str, int]:
    """The units of each Dense of a graph, and of the models inside it."""
    found: dict[str, int] = {}
    for name, node in graph.graph.nodes.items():
        if node.type == "Dense":
            found[prefix + name] = node.layer.units  # type: ignore[attr-defined]
        for inner in node.layer.with_inner() if node.shares is None else ():
            if isinstance(inner, NestedModel):
                found |= units(graph.models[inner], f"{prefix}{name}/")
    return found


@pytest.mark.parametrize("name", ASKING)
def test_sizes(name: str) -> None:
    text, expected = ASKING[name]
    found = units(specc.compile(spec(text)))
    assert {key: found[key] for key in expected} == expected


SAME: dict[str, tuple[str, dict[str, str]]] = {
    "inverted residuals": (
        """
        blocks:
          inverted:
            args: {filters: null, strides: 1, width: "$(shape(x)[-1])", expansion: 6}
            inputs: [x]
            layers:
              - {type: Conv2D, filters: $(expansion * width), kernel_size: 1, when: $(expansion > 1)}
              - {type: DepthwiseConv2D, kernel_size: 3, strides: $strides, padding: same}
              - {type: Conv2D, name: main, filters: $filters, kernel_size: 1}
              - {type: Add, name: out, from: [x, main], when: $(width == filters and strides == 1), else: main}
            outputs: [out]
        layers:
          - {type: Input, name: image, shape: [32, 32, 3]}
          - {type: Conv2D, filters: 32, kernel_size: 3, strides: 2}
          - {type: inverted, filters: 16, expansion: 1}
          - {type: inverted, filters: 24, strides: 2}
          - {type: inverted, name: y, filters: 24, repeat: 2}
        """,
        {
            "filters: 16, expansion": "filters: 16, width: 32, expansion",
            "filters: 24, strides": "filters: 24, width: 16, strides",
            "filters: 24, repeat": "filters: 24, width: 24, repeat",
        },
    ),
    "dense blocks and transitions": (
        """
        blocks:
          dense:
            inputs: [x]
            layers:
              - {type: Conv2D, name: new, filters: 12, kernel_size: 3, padding: same}
              - {type: Concatenate, name: all, from: [x, new]}
            outputs: [all]
          transition:
            args: {filters: "$(shape(x)[-1] // 2)"}
            inputs: [x]
            layers:
              - {type: Conv2D, filters: $filters, kernel_size: 1}
              - {type: AveragePooling2D, name: out, pool_size: 2}
            outputs: [out]
        layers:
          - {type: Input, name: image, shape: [32, 32, 4]}
          - {type: dense, name: one, repeat: 3}
          - {type: transition, name: less}
          - {type: dense, name: two, repeat: 2}
          - {type: transition, name: y}
        """,
        {"name: less}": "name: less, filters: 20}", "name: y}": "name: y, filters: 22}"},
    ),
    "an autoencoder, down to a vector and up again": (
        """
        layers:
          - {type: Input, name: image, shape: [28, 28, 1]}
          - {type: Conv2D, name: down, filters: $(16 * 2 ** index), kernel_size: 3, strides: 2, padding: same, repeat: 2}
          - {type: Flatten, name: flat}
          - {type: Dense, name: code, units: 8}
          - {type: Dense, units: "$(shape(flat)[-1])"}
          - {type: Reshape, target_shape: "$(shape(down)[1:])"}
          - {type: Conv2DTranspose, filters: "$(shape(down[-1 - index])[-1])", kernel_size: 3, strides: 2, padding: same, repeat: 2}
          - {type: Conv2D, name: y, filters: "$(shape(image)[-1])", kernel_size: 1}
        """,
        {
            '"$(shape(flat)[-1])"': "1568",
            '"$(shape(down)[1:])"': "[7, 7, 32]",
            '"$(shape(down[-1 - index])[-1])"': "$(32 // 2 ** index)",
            '"$(shape(image)[-1])"': "1",
        },
    ),
    "a U-Net of any size: what comes up is cropped to what goes across": (
        """
        blocks:
          up:
            args: {filters: "$(shape(skip)[-1])"}
            inputs: [x, skip]
            layers:
              - {type: Conv2DTranspose, name: larger, filters: $filters, kernel_size: 2, strides: 2, from: x}
              - type: Cropping2D
                name: cropped
                cropping: "$([[0, shape(larger)[i] - shape(skip)[i]] for i in [1, 2]])"
                when: "$(shape(larger)[1:3] != shape(skip)[1:3])"
              - {type: Concatenate, name: out, from: [cropped, skip]}
            outputs: [out]
        layers:
          - {type: Input, name: image, shape: [25, 32, 3]}
          - {type: Conv2D, name: down, filters: $(8 * 2 ** index), kernel_size: 3, strides: 2, padding: same, repeat: 3}
          - {type: up, name: up2, from: [down, "down[1]"]}
          - {type: up, name: y, from: [up2, "down[0]"]}
        """,
        {
            '"$(shape(skip)[-1])"': "null",
            """                cropping: "$([[0, shape(larger)[i] - shape(skip)[i]] for i in [1, 2]])"
                when: "$(shape(larger)[1:3] != shape(skip)[1:3])"
""": """                cropping: $crop
                when: $(crop != [])
""",
            'from: [down, "down[1]"]': 'filters: 16, crop: [[0, 1], [0, 0]], from: [down, "down[1]"]',
            'from: [up2, "down[0]"]': 'filters: 8, crop: [[0, 1], [0, 0]], from: [up2, "down[0]"]',
            "args: {filters: null}": "args: {filters: null, crop: null}",
        },
    ),
}


@pytest.mark.parametrize("name", SAME)
def test_a_spec_is_the_same_with_numbers_in_place_of_shapes(name: str) -> None:
    text, numbers = SAME[name]
    with_numbers = text
    for asked, number in numbers.items():
        assert asked in with_numbers
        with_numbers = with_numbers.replace(asked, number)
    assert nodes(text) == nodes(with_numbers)


WRONG: dict[str, tuple[str, list[str]]] = {
    "copies side by side": (
        """
        layers:
          - {type: Input, name: x, shape: [6]}
          - {type: Dense, name: q, units: $u, each: {u: [3, 4]}}
          - {type: Concatenate, name: c, from: q}
          - {type: Dense, name: y, units: "$(shape(q)[-1])"}
        """,
        [
            "5:38 ambiguous-name: 'y' (Dense): 'q' refers to 2 tensors | ask for one of them: shape(q[0])",
        ],
    ),
    "a layer of an instance that cannot take its inputs": (
        """
        blocks:
          sum:
            inputs: [x]
            layers:
              - {type: Dense, name: side, units: $n, each: {n: [3, 4]}, from: x}
              - {type: Add, name: out, from: side}
            outputs: [out]
        layers:
          - {type: Input, name: x, shape: [6]}
          - {type: sum, name: a, repeat: 2}
          - {type: Dense, name: y, units: "$(shape(a)[-1])"}
        """,
        [
            "6:38 shape-mismatch: 'a_1.out' (Add) cannot add (None, 3) and (None, 4) | put a Dense layer with units: 4 after 'a_1.side_1'",
        ],
    ),
    "a cycle above is said as ever": (
        """
        layers:
          - {type: Input, name: x, shape: [6]}
          - {type: Add, name: a, from: [x, b]}
          - {type: Dense, name: b, units: 6, from: a}
          - {type: Dense, name: y, units: "$(shape(a)[-1])"}
        """,
        [
            "3:32 cycle: the layers feed each other in a cycle: 'a' -> 'b' -> 'a' | "
            "cut it at one place: one of these layers must take its input from elsewhere",
        ],
    ),
    "so are other mistakes above": (
        """
        layers:
          - {type: Input, name: x, shape: [6]}
          - {type: Dense, name: a, units: 3, from: z}
          - {type: Dense, name: b, unitss: 3}
          - {type: Dense, name: c, units: "$(shape(a)[-1])"}
          - {type: Dense, name: d, units: "$(shape(b)[-1] + shape(c)[-1])"}
        """,
        [
            """3:44 unknown-name: 'a' (Dense): there is no layer "z" | names here: x, b, c, d""",
            """4:28 unknown-argument: 'b' (Dense) has no argument "unitss" | did you mean 'units'?""",
        ],
    ),
    "edges that a size chooses": (
        """
        layers:
          - {type: Input, name: x, shape: [6]}
          - {type: Dense, name: a, units: 6}
          - {type: Dense, name: y, units: 3}
        edges: [[x, a], ["$('a' if shape(a)[-1] == 6 else 'x')", y]]
        """,
        [
            "5:28 unknown-shape: the shape of 'a' is not known: the edges, which have a value to compute first, say what "
            "feeds 'a' (Dense) | make that item right first",
        ],
    ),
    "a nested model that is wrong inside": (
        """
        blocks:
          encoder:
            inputs: [x]
            layers:
              - {type: Dense, name: h, units: 3}
              - {type: MultiHeadAttention, name: code, num_heads: 1, key_dim: 1}
            outputs: [code]
        layers:
          - {type: Input, name: x, shape: [4, 8]}
          - {type: encoder, name: e, nested: true}
          - {type: Dense, name: y, units: "$(shape(e)[-1])"}
        """,
        [
            "6:9 missing-input: 'code' (MultiHeadAttention) has no tensor for 'value' | "
            "to attend to itself, write from: {query: h, value: h}",
        ],
    ),
    "nothing to begin with": (
        """
        layers:
          - {type: Dense, name: a, units: 4}
          - {type: Dense, name: b, units: "$(shape(a)[-1])"}
        """,
        [
            "3:38 unknown-shape: 'b' (Dense): the shape of 'a' is not known: 'a' lacks an input | "
            "make that item right first",
        ],
    ),
    "an output that a size chooses, of an item below": (
        """
        blocks:
          two:
            inputs: [x]
            layers:
              - {type: Dense, name: o_3, units: 5, from: x}
            outputs: {o: "o_$(shape(x)[-1])"}
        layers:
          - {type: Dense, name: y, units: "$(shape(t)[-1])"}
          - {type: two, name: t}
          - {type: Input, name: x, shape: [3]}
        """,
        [
            "8:38 unknown-shape: 'y' (Dense): 't' does not stand above this item, so its shape is not known here | "
            "shape(...) sees the items above, and the inputs of the block",
        ],
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    text, expected = WRONG[name]
    assert told(text) == expected


@pytest.mark.parametrize("name", WRONG)
def test_there_is_a_sketch_of_what_is_known(name: str) -> None:
    found = pipeline.attempt(spec(WRONG[name][0]))
    assert found.sketch is not None
    assert found.diagnostics
