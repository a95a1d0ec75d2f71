"""What depends on no Input is computed when the model is built: its shape and dtype are known to check, and Keras runs it."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

import specc
from specc.backends import keras_model, onnx_model, saved_model
from specc.backends.python import source as python_source
from tests.support.checking import said, spec, told
from tests.support.exported import run_onnx, run_saved_model, same
from tests.support.soundness import failure

EVERYWHERE = """
    blocks:
      placed:
        args: {length: null}
        inputs: [x]
        layers:
          - {type: ops.arange, name: numbers, stop: $length, dtype: float32}
          - {type: Rescaling, name: scaled, scale: 0.1}
          - {type: ops.expand_dims, name: column, axis: -1}
          - {type: ops.add, name: out, from: [x, column]}
        outputs: [out]
      weighed:
        inputs: [x, weights]
        layers:
          - {type: ops.multiply, name: out, from: [x, weights]}
        outputs: [out]
    layers:
      - {type: Input, name: x, shape: [6, 4]}
      - {type: placed, name: first, length: 6}
      - {type: placed, name: second, length: 6, nested: true}
      - {type: ops.linspace, name: weights, start: 0, stop: 1, num: 4}
      - {type: weighed, name: inline, from: [second, weights]}
      - {type: ops.full, name: table, shape: [1, 6, 4], fill_value: [1, 2, 3, 4]}
      - {type: weighed, name: apart, from: [inline, table], nested: true}
      - {type: Dense, name: hidden, units: 4}
      - {type: ops.take, name: taken, axis: 1, indices: [0, 2]}
      - {type: ops.multiply, name: signs, x2: [[1, -1, 1, -1], [0.5, 1, 1, 1]]}
      - {type: ops.matmul, name: mixed, from: signs, x2: [[1, 0], [0, 1], [1, 1], [2, 3]]}
      - {type: ops.tri, name: mask, N: 2}
      - {type: ops.where, name: y, from: {condition: mask, x1: mixed}, x2: [0.5, 1]}
"""


def by_hand(model: Any, x: Any) -> Any:
    ops = keras.ops
    column = ops.expand_dims(ops.arange(6, dtype="float32") * 0.1, -1)
    x = (x + column + column) * ops.linspace(0, 1, 4) * ops.full((1, 6, 4), ops.array([1.0, 2, 3, 4]))
    taken = ops.take(model.get_layer("hidden")(x), ops.array([0, 2]), axis=1)
    signed = taken * ops.array([[1, -1, 1, -1], [0.5, 1, 1, 1]])
    mixed = signed @ ops.array([[1.0, 0], [0, 1], [1, 1], [2, 3]])
    return ops.where(ops.tri(2), mixed, ops.array([0.5, 1]))


def test_constants_are_those_of_keras_wherever_they_stand(tmp_path: Path) -> None:
    graph = specc.compile(spec(EVERYWHERE))
    assert graph.graph.constants == {
        *("first.numbers", "first.scaled", "first.column", "weights", "table", "mask"),
    }
    assert (graph.form, graph.layer_count, graph.params) == ("functional", 9, 20)
    model = keras_model.build(graph, seed=0)
    assert failure(model, list(graph.inputs.values()), list(graph.outputs.values())) == ""
    for batch in (2, 3):
        x = np.random.default_rng(batch).random((batch, 6, 4), dtype="float32")
        wanted = by_hand(model, x)
        np.testing.assert_allclose(model(x), wanted, rtol=1e-6)
    path = tmp_path / "model.keras"
    model.save(path)
    (tmp_path / "model.py").write_text(python_source.source(graph), encoding="utf-8")
    emitted = runpy.run_path(str(tmp_path / "model.py"))["build_model"]()
    emitted.set_weights(model.get_weights())
    for other in (keras.models.load_model(path), keras.models.model_from_json(model.to_json()), emitted):
        if other is not emitted:
            other.set_weights(model.get_weights())
        assert [layer.name for layer in other.layers] == [layer.name for layer in model.layers]
        np.testing.assert_allclose(other(x), wanted, rtol=1e-6)
    built = keras_model.Built(graph, model)
    onnx_model.save(built, str(tmp_path / "model.onnx"))
    saved_model.save(built, str(tmp_path / "saved"))
    same(graph, model, run_onnx(tmp_path / "model.onnx"), run_saved_model(tmp_path / "saved", list(graph.outputs)))


def test_layers_cast_constants_to_their_policy() -> None:
    text = """
        dtype_policy: mixed_float16
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: ops.ones, name: ones, shape: [4]}
          - {type: Rescaling, name: halves, scale: 0.5}
          - {type: ops.add, name: sum, from: [x, halves]}
          - {type: ops.add, name: wide, from: [sum, ones]}
          - {type: Dense, name: y, units: 1}
        """
    graph = specc.compile(spec(text))
    model = keras_model.build(graph)
    assert (graph.tensors["halves"][0].dtype, graph.tensors["wide"][0].dtype) == ("float16", "float32")
    assert failure(model, list(graph.inputs.values()), list(graph.outputs.values())) == ""


def test_a_constant_s_first_axis_is_no_batch() -> None:
    assert said("""
        layers:
          - {type: Input, name: x, shape: [3, 4]}
          - {type: ops.ones, name: c, shape: [5, 4]}
          - {type: ops.mean, name: m, axis: 0}
          - {type: ops.concatenate, name: joined, from: [c, c], axis: 0}
          - {type: ops.take, name: row, indices: 9, axis: 0}
          - {type: ops.add, name: y, from: [x, m]}
          - {type: ops.add, name: z, from: [y, row]}
        """) == []  # fmt: skip


CONSTANTS = """
    layers:
      - {type: Input, name: x, shape: [4]}
      - {type: ops.arange, name: c, stop: 4}
"""


@pytest.mark.parametrize(("items", "texts"), [
    ("- {type: Embedding, name: d, input_dim: 4, output_dim: 4}\n- {type: ops.add, from: [x, d]}", [
        "4:5 constant-input: 'd' (Embedding) has weights (embeddings), and takes constants only: Keras would never train them"
    ]),
    ("- {type: GaussianNoise, name: d, stddev: 1.0}\n- {type: ops.add, from: [x, d]}", [
        "4:5 constant-input: 'd' (GaussianNoise) is random, and takes constants only",
    ]),
    ("- {type: Masking, name: d}\n- {type: ops.add, from: [x, d]}", [
        "4:5 constant-input: 'd' (Masking) gives a constant that is masked, which Keras cannot save",
    ]),
    ("- {type: ops.cast, name: d, dtype: complex64}\n- {type: ops.add, from: [x, d]}", [
        "4:5 constant-input: 'd' (ops.cast) gives a constant that is complex64, which Keras cannot save",
    ]),
    ("- {type: ops.add, name: y, from: [x, c]}\n- {type: ops.zeros, name: z, shape: 3}", [
        "5:5 constant-as-output: the output 'z' is a constant: it depends on no Input",
    ]),
    ("- {type: ops.add, name: y, from: [x, c]}\n- {type: ops.zeros, name: z, shape: 3, from: y}", [
        "5:48 surplus-input: 'z' (ops.zeros) takes no input",
    ]),
])  # fmt: skip
def test_what_is_wrong_with_constants(items: str, texts: list[str]) -> None:
    indented = "".join(f"      {line}\n" for line in items.splitlines())
    found = said(CONSTANTS + indented)
    assert found == texts


def test_an_absent_constant_passes_nothing_on() -> None:
    assert said("""
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: ops.arange, name: c, stop: 4, when: false}
          - {type: ops.add, name: y, from: [x, c]}
        """) == ["4:40 unknown-name: 'c' is absent here ('when' is false) and has no input to pass on"]


def test_layers_that_merge_batches_take_no_constant() -> None:
    found = told("""
        layers:
          - {type: Input, name: x, shape: [6, 4]}
          - {type: ops.ones, name: c, shape: [1, 6, 4]}
          - {type: Add, name: a, from: [x, c]}
          - {type: Concatenate, name: e, axis: 1, from: [x, c]}
        """)
    assert [text.partition(" | ")[2] for text in found] == [
        "use ops.add, which takes the constant 'c' for each example",
        "'c' is a constant and has no batch: add it to zeros that have one, with ops.zeros_like and ops.add",
    ]


def test_a_nested_model_gives_no_constant() -> None:
    assert told("""
        blocks:
          two:
            inputs: [x]
            layers:
              - {type: Dense, name: y, units: 4}
              - {type: ops.ones, name: z, shape: 4}
            outputs: [y, z]
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: two, name: t, nested: true}
          - {type: ops.add, from: [t.y, t.z]}
        """) == [
        "6:9 constant-as-output: the output 'z' is a constant: it depends on no Input | "
        "let it depend on an Input: add it to something that does, with ops.add"
    ]  # fmt: skip


LARGE = {
    "ones([1800000, 1000, 4])": "'y.ones' (ops.ones) gives a constant of (1800000, 1000, 4) float32, which takes 26.82 GB",
    "zeros(20000000)": "'y.zeros' (ops.zeros) gives a constant of (20000000,) float32, which takes 76.29 MB",
    "full([9000, 9000], 1, dtype='bool')": "'y.full' (ops.full) gives a constant of (9000, 9000) bool, which takes 77.25 MB",
    "eye(10000)": "'y.eye' (ops.eye) gives a constant of (10000, 10000) float32, which takes 381.47 MB",
    "identity(10000)": "'y.identity' (ops.identity) gives a constant of (10000, 10000) float32, which takes 381.47 MB",
    "tri(10000)": "'y.tri' (ops.tri) gives a constant of (10000, 10000) float32, which takes 381.47 MB",
    "arange(0, 1, 1e-9)": "'y.arange' (ops.arange) gives a constant of (1000000000,) float32, which takes 3.73 GB",
    "linspace(0, 1, 2000000000)": "'y.linspace' (ops.linspace) gives a constant of (2000000000,) float32, which takes 7.45 GB",
    "hanning(100000000)": "'y.hanning' (ops.hanning) gives a constant of (100000000,) float32, which takes 381.47 MB",
    "outer(arange(9000), arange(9000))": "'y.outer' (ops.outer) gives a constant of (9000, 9000) int32, which takes 308.99 MB",
    "arange(9000)[:, None] * arange(9000)": "'y.multiply' (ops.multiply) gives a constant of (9000, 9000) int32, which takes 308.99 MB",
    "ones([9000, 1]) @ ones([1, 9000])": "'y.matmul' (ops.matmul) gives a constant of (9000, 9000) float32, which takes 308.99 MB",
    "tile([1, 2], [10000, 10000])": "'y.tile' (ops.tile) gives a constant of (10000, 20000) int32, which takes 762.94 MB",
    "repeat([1, 2], 100000000, axis=0)": "'y.repeat' (ops.repeat) gives a constant of (200000000,) int32, which takes 762.94 MB",
    "pad([1, 2], [[0, 200000000]])": "'y.pad' (ops.pad) gives a constant of (200000002,) int32, which takes 762.94 MB",
    "broadcast_to([1, 2], [100000000, 2])": "'y.broadcast_to' (ops.broadcast_to) gives a constant of (100000000, 2) int32, which takes 762.94 MB",
    "one_hot([1, 2], 100000000)": "'y.one_hot' (ops.one_hot) gives a constant of (2, 100000000) float32, which takes 762.94 MB",
    "meshgrid(arange(9000), arange(9000))[0]": "'y.meshgrid' (ops.meshgrid) gives a constant of (9000, 9000) int32, which takes 308.99 MB",
    "diag(arange(9000))": "'y.diag' (ops.diag) gives a constant of (9000, 9000) int32, which takes 308.99 MB",
    "vander(arange(9000))": "'y.vander' (ops.vander) gives a constant of (9000, 9000) int32, which takes 308.99 MB",
    "take([1, 2], ones([100000000], dtype='int8'), axis=0)": "'y.ones' (ops.ones) gives a constant of (100000000,) int8, which takes 95.37 MB",
    "multi_hot(arange(9000), num_classes=9000)": "'y.multi_hot' (ops.multi_hot) computes a constant, which takes 308.99 MB",
    "einsum('a,b,c->', ones(900), ones(900), ones(900))": "'y.einsum' (ops.einsum) computes a constant, which takes 2.72 GB",
    "cdist(ones([3000, 4]), ones([3000, 4]))": "'y.cdist' (ops.cdist) computes a constant, which takes 137.33 MB",
    "image.scale_and_translate(ones([9000]), [9000], scale=[1.0], translation=[1.0], spatial_dims=[0], method='linear')":
        "'y.scale_and_translate' (ops.image.scale_and_translate) computes a constant, which takes 308.99 MB",
    "dot_product_attention(ones([1, 9000, 1, 1]), ones([1, 9000, 1, 1]), ones([1, 9000, 1, 1]))":
        "'y.dot_product_attention' (ops.dot_product_attention) computes a constant, which takes 308.99 MB",
}  # fmt: skip


def test_a_constant_has_a_limit() -> None:
    items = "".join(f'  - {{name: y{number}, formula: "x * sum({formula})"}}\n' for number, formula in enumerate(LARGE))
    found = said(f"layers:\n  - {{type: Input, name: x, shape: [4]}}\n{items}")
    assert [text.partition(": ")[2] for text in found] == [
        f"{message.replace('y.', f'y{number}.', 1)}; a constant has at most 64.00 MB"
        for number, message in enumerate(LARGE.values())
    ]


def test_a_constant_that_a_layer_makes_has_the_same_limit() -> None:
    assert told("""
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: ops.ones, name: c, shape: [1, 3000, 2]}
          - {type: UpSampling1D, name: large, size: 3000}
          - {type: Attention, name: a, from: [large, large]}
          - {formula: "arange(9000, dtype='float32')[None]", name: numbers}
          - {type: CategoryEncoding, name: counts, num_tokens: 9000}
          - {formula: "sum(bincount([1, 2, 3]))", name: n}
          - {formula: x * sum(a) * sum(counts) * n, name: y}
        """) == [
        "4:5 too-large: 'large' (UpSampling1D) gives a constant of (1, 9000000, 2) float32, which takes 68.66 MB; "
        "a constant has at most 64.00 MB | make it smaller, or compute it from an Input, so that it stands in memory only while the model runs",
        "7:5 too-large: 'counts' (CategoryEncoding) computes a constant, which takes 308.99 MB; a constant has at most 64.00 MB"
        " | make it smaller, or compute it from an Input, so that it stands in memory only while the model runs",
        "8:20 constant-input: 'n.bincount' (ops.bincount) gives a constant of (None,), whose size is known only once it is computed"
        " | write it as a list of numbers, or compute it from an Input",
    ]  # fmt: skip


TOGETHER = """
    blocks:
      large:
        inputs: [x]
        layers:
          - {formula: "x * sum(ones([4000, 4000]))", name: y}
        outputs: [y]
    layers:
      - {type: Input, name: x, shape: [4]}
      - {type: large, name: a, repeat: COPIES, nested: NESTED}
"""


@pytest.mark.parametrize(("nested", "name", "place"), [("false", "a_1.y.ones", "5:28"), ("true", "a_1", "9:5")])
def test_all_constants_together_have_a_limit(nested: str, name: str, place: str) -> None:
    text = TOGETHER.replace("NESTED", nested)
    assert told(text.replace("COPIES", "4")) == []
    assert told(text.replace("COPIES", "5")) == [
        f"{place} too-large: the constants of the model take 305.18 MB together, and at most 256.00 MB are allowed | "
        f"'{name}' alone takes 61.04 MB: make it smaller, or compute it from an Input, so that it stands in memory only while the model runs"
    ]


FAILING = {
    "inv([[1.0, 1.0], [1.0, 1.0]])": "'y.inv' (ops.inv) cannot be computed of these constants: Input is not invertible",
    "cholesky([[-1.0, 0.0], [0.0, -1.0]])": "'y.cholesky' (ops.cholesky) cannot be computed of these constants: Cholesky decomposition failed:",
    "scatter([[7]], [1.0], [3])": "'y.scatter' (ops.scatter) cannot be computed of these constants: indices[0] = [7] does not index into shape [3]",
}


def test_numbers_that_nothing_can_be_computed_of_are_told_when_the_model_is_built() -> None:
    for formula, message in FAILING.items():
        text = f"""
            layers:
              - {{type: Input, name: x, shape: [1]}}
              - {{formula: "x * sum({formula})", name: y}}
            """
        assert said(text) == []
        with pytest.raises(specc.CompileError) as caught:
            specc.build(spec(text))
        (found,) = caught.value.diagnostics
        assert (found.code, found.message[: len(message)]) == ("constant-input", message)
        assert found.place.span.line == 3
