"""Quantized dtype policies: what a layer then stores and computes is what Keras stores and computes."""

from __future__ import annotations

import math
from typing import Any

import keras
import pytest

import specc
from specc import layers
from specc.backends import keras_model
from specc.backends.python.source import source
from specc.layers.base import Layer
from specc.policies import MODES
from specc.shapes import Tensor
from tests.support.canonical import canonical
from tests.support.checking import spec
from tests.support.layer_agreement import agree
from tests.support.layer_checks import problems
from tests.support.soundness import failure

BLOCKS = "int4/2_from_float32"
INTEGERS = ["int8_from_mixed_bfloat16", "int4_from_float16", BLOCKS]
DENSE: dict[str, Any] = {"units": 3}
EINSUM: dict[str, Any] = {"equation": "abc,cd->abd", "output_shape": [None, 5], "bias_axes": "d"}
TABLE: dict[str, Any] = {"input_dim": 5, "output_dim": 3}
CUBE = Tensor((None, 3, 4))
WORDS = Tensor((None, 2), "int32")


@pytest.mark.parametrize("dtype", [*INTEGERS, "float8_from_mixed_float16"])
def test_dense_layers(dtype: str) -> None:
    for type_name, arguments in (("Dense", DENSE), ("EinsumDense", EINSUM)):
        own = {**arguments, "dtype": dtype}
        agree(type_name, own, CUBE, policy="mixed_bfloat16", run=True, accepted=True)
        agree(type_name, {**own, "lora_rank": 2}, CUBE, run=True, accepted=not dtype.startswith("float8"))
        agree(type_name, own, CUBE._replace(dtype="bool"), run=True, accepted=not dtype.startswith("int8"))
    agree("Dense", {**DENSE, "use_bias": False, "dtype": dtype}, Tensor((None, 5), "int32"), run=True, accepted=True)
    agree("Dense", {**DENSE, "dtype": dtype}, Tensor((None, 4), sparse=True), run=True, accepted=False)
    # Keras initializes, regularizes and constrains no table of integers.
    ignored = {"kernel_initializer": "orthogonal", "kernel_constraint": {"type": "MaxNorm", "axis": 7}}
    text = f"layers: [{{type: Input, name: x, shape: [4]}}, {{type: Dense, units: 3, dtype: {dtype}, kernel_constraint: {{type: MaxNorm, axis: 7}}}}]"
    assert bool(specc.check(spec(text))) == dtype.startswith("float8")
    agree("Dense", {**DENSE, "dtype": dtype, **ignored}, (None, 4), accepted=True)


@pytest.mark.parametrize(("equation", "sizes", "shape"), [
    ("abc,cde->abde", [None, 4, 6], (3, 5)), ("abcd,cde->abe", [None, 6], (3, 4, 5)), ("abc,bd->adc", [6, None], (3, 5)),
    ("abc,ced->abde", [None, 4, 6], (3, 5)), ("abc,bd->abcd", [3, 5, 6], (3, 5)), ("abc,dbe->aecd", [4, 5, 6], (3, 5)),
    ("ab,c->abc", [5, 6], (5,)), ("abcd,bcde->ae", 6, (2, 3, 4)), ("abc,bc->abc", [3, 5], (3, 5)), ("abc,c->ab", 3, (3, 5)),
    ("abcd,bed->ace", [3, 6], (2, 3, 4)), ("...x,xy->...y", 6, (3, 5)), ("ab...,bc->ac...", 6, (3, 5)), ("abc,b->ac", 5, (3, 5)),
])  # fmt: skip
def test_equations(equation: str, sizes: Any, shape: tuple[int, ...]) -> None:
    for dtype in ("int8_from_float32", BLOCKS):
        arguments = {"equation": equation, "output_shape": sizes, "dtype": dtype}
        agree("EinsumDense", arguments, (None, *shape), run=True)
        agree("EinsumDense", {**arguments, "lora_rank": 2}, (None, *shape), run=True)


@pytest.mark.parametrize("dtype", INTEGERS)
def test_embeddings(dtype: str) -> None:
    for policy in ("float32", "mixed_bfloat16"):
        plain = {**TABLE, "dtype": dtype, "mask_zero": True}
        agree("Embedding", plain, WORDS, policy=policy, run=True, accepted=True)
        agree("Embedding", {**plain, "lora_rank": 2}, WORDS, policy=policy, run=True, accepted=True)
        for tied in (True, False):
            arguments = {**plain, "tie_weights": tied, "reverse_dtype": "int8"}
            agree("ReversibleEmbedding", arguments, WORDS, policy=policy, run=True, accepted=True)
            for kind in ("float32", "float64", "bool"):
                vectors, options = Tensor((None, 3), kind), {"reverse": True}
                agree(
                    "ReversibleEmbedding",
                    arguments,
                    vectors,
                    options=options,
                    policy=policy,
                    run=True,
                )
    assert problems("Embedding", {**TABLE, "dtype": "float8_from_float32"}) == [
        ("cannot have dtype float8_from_float32: Keras has no float8 computation for it", "write int8_from_float32")
    ]


def test_a_quantized_table_makes_no_mask_as_keras_does() -> None:
    text = """
    layers:
      - {type: Input, name: x, shape: [4], dtype: int32}
      - {type: ReversibleEmbedding, name: e, input_dim: 5, output_dim: 3, mask_zero: true, dtype: int8_from_float32}
    """
    assert specc.compile(spec(text)).tensors["e"][0].mask is None
    assert specc.compile(spec(text.replace(", dtype: int8_from_float32", ""))).tensors["e"][0].mask is not None


OTHERS = [
    name
    for name in layers.names()
    if (cls := layers.find(name)) is not None and issubclass(cls, Layer) and not cls.quantizes and name != "Input"
]


@pytest.mark.parametrize("mode", MODES)
def test_layers_that_keras_does_not_quantize_are_those_without_a_computation(mode: str) -> None:
    for name in OTHERS:
        made: Any = getattr(keras.layers, name)
        assert getattr(made, f"_{mode}_call") is getattr(keras.layers.Layer, f"_{mode}_call"), name
        found = problems(name, {"dtype": f"{mode}_from_float32"})
        assert any(
            f"cannot have dtype {mode}_from_float32" in text or "must be" in text or "needs" in text
            for text, _ in found
        ), name
    for name in ("Dense", "EinsumDense", "Embedding", "ReversibleEmbedding"):
        found_class = layers.find(name)
        made = getattr(keras.layers, name)
        assert found_class is not None
        assert issubclass(found_class, Layer)
        has_call = getattr(made, f"_{mode}_call") is not getattr(keras.layers.Layer, f"_{mode}_call")
        assert (mode in found_class.quantizes) == has_call, name


def test_a_model_of_quantized_layers_is_as_keras_makes_it(tmp_path: Any) -> None:
    graph = specc.compile(
        spec("""
    name: quantized
    defaults: {Dense: {dtype: int8_from_mixed_bfloat16}}
    layers:
      - {type: Input, name: words, shape: [6], dtype: int32}
      - {type: Embedding, name: table, input_dim: 50, output_dim: 9, dtype: int4/4_from_float32}
      - {type: EinsumDense, name: mixed, equation: "abc,cd->abd", output_shape: [6, 7], bias_axes: d, dtype: int4_from_float32}
      - {type: GlobalAveragePooling1D, name: pooled}
      - {type: Dense, name: first, units: 5, lora_rank: 2}
      - {type: Dense, name: second, units: 4, dtype: float8_from_float32}
      - {type: Dense, name: y, units: 3, dtype: float32}
    compile: {optimizer: adam, loss: mse}
    """)
    )
    model = keras_model.build(graph)
    for layer in model.layers:
        stored = [(tuple(it.shape), it.dtype, it.trainable) for it in layer.weights]
        assert [(it.shape, it.dtype, it.trainable) for it in graph.weights[layer.name]] == stored
    assert (graph.params, graph.trainable_params) == (
        model.count_params(),
        sum(math.prod(it.shape) for it in model.trainable_weights),
    )
    assert graph.memory == sum(it.value.numpy().nbytes for it in model.weights)
    assert failure(model, list(graph.inputs.values()), list(graph.outputs.values())) == ""
    model.save(tmp_path / "quantized.keras")
    assert canonical(keras.models.load_model(tmp_path / "quantized.keras")) == canonical(model)
    written: dict[str, Any] = {"__name__": "written"}
    exec(source(graph), written)
    assert canonical(written["build_model"]()) == canonical(model)
