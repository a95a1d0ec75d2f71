"""Shapes, dtypes, weights and the form of whole graphs; what one layer makes of its input is tested with the layer."""

from __future__ import annotations

import pytest

import specc
from specc.ir import Ref
from tests.support.checking import said, spec

CHAIN = """
    layers:
      - {type: Input, name: x, shape: [28, 28, 1]}
      - {type: Conv2D, name: conv, filters: 8, kernel_size: 3}
      - Flatten
      - {type: Dense, name: y, units: 10}
"""


def test_shapes_weights_and_order() -> None:
    graph = specc.compile(spec(CHAIN))
    assert {name: tensors[0].shape for name, tensors in graph.tensors.items()} == {
        "x": (None, 28, 28, 1), "conv": (None, 26, 26, 8), "flatten": (None, 5408), "y": (None, 10),
    }  # fmt: skip
    assert [(name, weight.name, weight.shape) for name, weights in graph.weights.items() for weight in weights] == [
        ("conv", "kernel", (3, 3, 1, 8)), ("conv", "bias", (8,)), ("y", "kernel", (5408, 10)), ("y", "bias", (10,)),
    ]  # fmt: skip
    assert (graph.params, graph.trainable_params, graph.form) == (54170, 54170, "sequential")
    assert graph.order == ("x", "conv", "flatten", "y")
    assert graph.tensor(Ref("conv")).dtype == "float32"


def test_freeze_items_and_shared_weights() -> None:
    graph = specc.compile(
        spec("""
        layers:
          - {type: Input, name: a, shape: [4]}
          - {type: Input, name: b, shape: [4]}
          - {type: Dense, name: tower, units: 3, trainable: false, from: a}
          - {share: tower, name: again, from: b}
          - {type: BatchNormalization, name: norm, from: tower}
          - {type: Add, name: sum, from: [norm, again]}
    """)
    )
    assert (graph.params, graph.trainable_params) == (15 + 12, 6)
    assert graph.weights["again"] == ()
    assert graph.node_params("again") == 0


@pytest.mark.parametrize(("policy", "output", "weight"), [
    ("float32", "float32", "float32"), ("float64", "float64", "float64"), ("mixed_float16", "float16", "float32"),
    ("bfloat16", "bfloat16", "bfloat16"),
])  # fmt: skip
def test_policies(policy: str, output: str, weight: str) -> None:
    graph = specc.compile(
        spec(f"""
        dtype_policy: {policy}
        layers:
          - {{type: Input, name: x, shape: [4]}}
          - {{type: Dense, name: y, units: 3}}
          - {{type: Dense, name: z, units: 3, dtype: float32}}
    """)
    )
    assert graph.tensor(Ref("y")).dtype == output
    assert {it.dtype for it in graph.weights["y"]} == {weight}
    assert graph.tensor(Ref("z")).dtype == "float32"


FORMS = {
    "a chain": ("- Flatten\n- {type: Dense, name: y, units: 1}", "sequential"),
    "a nested model in a chain": ("- {type: unit, name: u, nested: true}", "sequential"),
    "an instance in a chain": ("- {type: unit, name: u}\n- {type: Dense, name: y, units: 1}", "sequential"),
    "copies in a chain": ("- {type: Dense, name: y, units: 1, repeat: 3}", "sequential"),
    "an operation": ("- {type: ops.square, name: y}", "functional"),
    "a call argument": ("- {type: Dropout, name: y, rate: 0.5, call: {training: true}}", "functional"),
    "two outputs": ("- {type: Dense, name: y, units: 1}\n- {type: Dense, name: z, units: 1, from: x}", "functional"),
    "a side way": ("- {type: Dense, name: y, units: 4}\n- {type: Add, name: z, from: [x, y]}", "functional"),
    "one tensor in a list": ("- {type: Add, name: z, from: [x]}", "functional"),
    "a layer called twice": ("- {type: Dense, name: y, units: 4}\n- {share: y, name: z}", "functional"),
    "a port": ("- {type: Reshape, name: r, target_shape: [2, 2]}\n- {type: LSTM, name: y, units: 4, return_state: true}\n- {type: Dense, name: z, units: 1, from: y}", "functional"),
}  # fmt: skip


@pytest.mark.parametrize("name", FORMS)
def test_form(name: str) -> None:
    items, form = FORMS[name]
    text = (
        "blocks: {unit: {inputs: [x], layers: [{type: Dense, name: d, units: 4}], outputs: [d]}}\n"
        f"layers:\n- {{type: Input, name: x, shape: [4]}}\n{items}\n"
    )
    assert specc.compile(spec(text)).form == form


def test_a_map_of_outputs_is_functional() -> None:
    text = "layers:\n- {type: Input, name: x, shape: [4]}\n- {type: Dense, name: y, units: 1}\noutputs: {a: y}\n"
    assert specc.compile(spec(text)).form == "functional"


def test_all_layers_that_cannot_are_reported_and_none_after_them() -> None:
    assert said("""
        layers:
          - {type: Input, name: x, shape: [8, 8, 3]}
          - {type: Dense, name: a, units: 3, from: x}
          - {type: LSTM, name: b, units: 3, from: x}
          - {type: Dense, name: after_b, units: 3, from: b}
          - {type: Conv2D, name: c, filters: 3, kernel_size: 9, from: x}
          - {type: Flatten, name: flat, from: x}
          - {type: Concatenate, name: d, from: [x, flat]}
          - {type: Concatenate, name: after_d, from: [d, after_b, c]}
        outputs: [a, after_d]
    """) == [
        "4:43 shape-mismatch: 'b' (LSTM) needs an input of 3 dimensions, got (None, 8, 8, 3) with 4",
        "6:54 shape-mismatch: 'c' (Conv2D) cannot fit a kernel_size of 9 on axis 1 of (None, 8, 8, 3)",
        "8:40 shape-mismatch: 'd' (Concatenate) cannot join (None, 8, 8, 3) and (None, 192) on axis -1",
    ]


def test_sizes_have_limits() -> None:
    assert said("""
        layers:
          - {type: Input, name: x, shape: [100000, 100000]}
          - {type: Flatten, name: y}
    """) == ["3:5 shape-mismatch: 'y' (Flatten) gives an axis larger than 2^31 - 1: (None, 10000000000)"]
    assert (
        said("""
        layers:
          - {type: Input, name: x, shape: [1, 1, 1, 1, 1, 1, 1, 1, 1]}
          - {type: Dense, name: y, units: 1}
    """)[0]
        .split(": ")[0]
        .endswith(("shape-mismatch", "argument-value"))
    )


def test_any_number_of_parameters() -> None:
    graph = specc.compile(
        spec("""
        layers:
          - {type: Input, name: x, shape: [2147483647]}
          - {type: Dense, name: y, units: 2147483647, use_bias: false}
    """)
    )
    assert graph.params == (2**31 - 1) ** 2


def test_a_nested_model_of_unknown_sizes_reports_its_inside_once() -> None:
    found = said("""
        blocks: {unit: {inputs: [a, b], layers: [{type: Concatenate, name: y, from: [a, b]}], outputs: [y]}}
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Input, name: z, shape: [4, 4]}
          - {type: unit, name: u, nested: true, from: [x, z]}
          - {type: Dense, name: w, units: 3}
    """)
    assert [line.split(": ")[0] for line in found] == ["1:77 shape-mismatch"]


def test_very_many_copies_are_one_finding_each() -> None:
    wrong = "{type: Conv2D, filters: 2, kernel_size: 3, from: x, each: {n: $(range(2100))}}"
    found = specc.check(spec(f"layers: [{{type: Input, name: x, shape: [8]}}, {wrong}, {wrong}]"))
    assert [(it.code, it.place.path, it.copies) for it in found] == [
        ("shape-mismatch", ("layers", 1, "from"), 1999),
        ("shape-mismatch", ("layers", 2, "from"), 1999),
    ]


def test_a_shared_call_of_another_size_is_refused_though_it_comes_first() -> None:
    assert said("""
        layers:
          - {type: Input, name: x, shape: [3]}
          - {type: Input, name: y, shape: [4]}
          - {share: d, name: e, from: y}
          - {type: Dense, name: d, units: 3, from: x}
          - {type: Add, name: sum, from: [d, e]}
    """) == [
        "5:44 shape-mismatch: 'd' (Dense) shares the weights of 'e', whose kernel is (4, 3); this input needs (3, 3)"
    ]
