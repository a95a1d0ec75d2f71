"""Whole models begin with the weights that Keras gives them for the same seed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import h5py
import pytest

import specc
from specc.archive.weights.initial import LeftToKeras, initial
from tests.support import plugin
from tests.support.initial import DrawnByKeras, differing, drawn, draws_of_keras, whole

__all__ = ["draws_of_keras"]

SPECS = Path(__file__).parents[4] / "specs"
SMALL = "branched mlp mixture_of_experts resnet_small siamese text_and_numbers transformer_encoder unet_small"

WHOLE = """
name: whole
dtype_policy: mixed_bfloat16
blocks:
  scorer:
    inputs: [x]
    layers:
      - {type: Dense, name: hidden, units: 4, kernel_initializer: he_normal}
      - {type: Dropout, rate: 0.5}
      - {type: Dense, name: out, units: 4, bias_initializer: uniform, from: hidden}
    outputs: [out]
  around:
    inputs: [x]
    layers:
      - {type: scorer, name: deeper, nested: true}
      - {type: Dense, name: top, units: 4}
    outputs: [top]
layers:
  - {type: Input, name: words, shape: [6], dtype: int32}
  - {type: Input, name: image, shape: [8, 8, 3]}
  - {type: ReversibleEmbedding, name: table, input_dim: 9, output_dim: 4, tie_weights: false, from: words}
  - {type: TimeDistributed, name: scores, layer: scorer, from: table}
  - {type: scorer, nested: true, name: first, from: scores, repeat: 2}
  - {type: around, nested: true, name: third}
  - type: Bidirectional
    name: both
    layer: {type: LSTM, name: forward_there, units: 3, return_sequences: true, bias_initializer: random_normal}
    backward_layer: {type: GRU, units: 3, return_sequences: true, go_backwards: true, dropout: 0.5}
  - type: Bidirectional
    name: cells
    layer:
      type: RNN
      return_sequences: true
      cell: [{type: LSTMCell, units: 2, bias_initializer: {type: HeUniform}}, {type: SimpleRNNCell, units: 2}]
  - {type: MultiHeadAttention, name: attend, num_heads: 2, key_dim: 3, use_gate: true, dropout: 0.2,
     bias_initializer: random_uniform, from: {query: cells, value: both}}
  - {type: GroupQueryAttention, name: group, head_dim: 2, num_query_heads: 2, num_key_value_heads: 1, use_bias: false,
     bias_initializer: random_uniform, kernel_initializer: {type: GlorotNormal, seed: 3}, from: {query: cells, value: attend}}
  - {type: Dense, name: adapted, units: 4, lora_rank: 2}
  - {type: EinsumDense, name: turned, equation: "abc,dbc->ad", output_shape: 5, lora_rank: 2, bias_axes: d,
     kernel_initializer: {type: VarianceScaling, mode: fan_out, distribution: untruncated_normal}}
  - {type: Dense, name: bytes, units: 4, dtype: int8_from_float32, bias_initializer: lecun_normal}
  - {type: EinsumDense, name: floats, equation: "ab,bc->ac", output_shape: 4, dtype: float8_from_float32}
  - {type: SpectralNormalization, name: normal, from: image, layer:
      {type: SpectralNormalization, layer: {type: Conv2D, filters: 4, kernel_size: 3, bias_initializer: lecun_uniform}}}
  - {type: BatchNormalization, name: renormed, renorm: true, gamma_initializer: ones, beta_initializer: {type: HeUniform},
     moving_mean_initializer: random_normal, moving_variance_initializer: {type: RandomUniform, minval: 1, maxval: 2}}
  - {type: DepthwiseConv2D, name: deep, kernel_size: 3, depthwise_initializer: {type: Orthogonal, gain: 2}, dtype: float64}
  - {type: RandomColorJitter, name: jitter, value_range: [0, 1], brightness_factor: 0.2, saturation_factor: 0.1, from: image}
  - {type: GaussianNoise, name: quiet, stddev: 0.0}
  - {type: Dropout, rate: 0.0}
  - {type: Conv2D, name: half, filters: 3, kernel_size: [1, 2], dtype: float16, kernel_initializer: truncated_normal}
  - {share: half, name: again, from: image}
outputs: [third, adapted, turned, bytes, floats, deep, half, again, group]
"""


def test_a_model_of_everything_has_the_weights_of_keras(draws_of_keras: DrawnByKeras) -> None:
    """Blocks as models, wrappers in wrappers, clones, LoRA, quantization, and layers that draw although they have no weights."""
    spec = specc.Spec.from_text(WHOLE)
    model = specc.build(spec, seed=7)
    graph = specc.compile(spec)
    assert drawn(graph, 7) == draws_of_keras
    assert len(draws_of_keras) == 86
    assert differing(graph, model, 7) == []
    assert len(differing(graph, model, 8)) > 20


@pytest.mark.parametrize("name", SMALL.split())
def test_specs_have_the_weights_of_keras(name: str) -> None:
    path = SPECS / f"{name}.yaml"
    assert differing(specc.compile(path), specc.build(path, seed=3), 3) == []


def test_a_functional_model_builds_each_layer_before_it_constructs_the_next() -> None:
    spec = {"name": "chain", "layers": [{"type": "Input", "name": "x", "shape": [4]}, *[LORA] * 2]}
    weights = []
    for form in ("sequential", "functional"):
        graph = specc.compile(spec).in_form(form)
        assert differing(graph, specc.build(spec, form=form, seed=3), 3) == []
        weights.append([whole(start).tolist() for start in initial(graph, 3)])
    assert weights[0] != weights[1]


LORA = {"type": "Dense", "units": 4, "lora_rank": 2}


@pytest.mark.parametrize(
    "dtype", ["bfloat16", "float16", "float64"]
)  # a quantized layer stores its weights in another order
def test_datasets_are_those_of_keras(dtype: str, tmp_path: Path) -> None:
    dense = {"type": "Dense", "name": "dense", "units": 3, "dtype": dtype, "kernel_initializer": "he_normal"}
    spec = {"name": "stored", "layers": [{"type": "Input", "name": "x", "shape": [4]}, dense]}
    specc.build(spec, seed=7).save_weights(tmp_path / "keras.weights.h5")
    starts = list(initial(specc.compile(spec), 7))
    with h5py.File(tmp_path / "keras.weights.h5") as keras_file, h5py.File(tmp_path / "own.h5", "w") as file:
        datasets = list(keras_file["layers/dense/vars"].values())
        for start, expected in zip(starts, datasets, strict=True):
            dataset = file.create_dataset(start.weight.name, start.weight.shape, start.dtype)
            dataset.attrs.update(start.attributes)
            for block in start.blocks():
                dataset[block.where] = block.numbers
            assert (dataset.dtype, dict(dataset.attrs)) == (expected.dtype, dict(expected.attrs))
            assert dataset[()].tobytes() == expected[()].tobytes()


def test_without_a_seed_only_what_has_its_own_is_the_same() -> None:
    seeded = {"type": "Dense", "units": 4, "kernel_initializer": {"type": "HeNormal", "seed": 3}}
    spec = {
        "name": "two",
        "layers": [{"type": "Input", "name": "x", "shape": [4]}, seeded, {"type": "Dense", "units": 4}],
    }
    graph = specc.compile(spec)
    first, second = ([whole(start).tolist() for start in initial(graph)] for _ in range(2))
    assert [one == other for one, other in zip(first, second, strict=True)] == [True, True, False, True]


ALONE = """
import sys
import specc
from specc.archive.weights.initial import initial
starts = list(initial(specc.compile(sys.argv[1]), 1))
assert "numpy" not in sys.modules
print(sum(block.numbers.size for start in starts for block in start.blocks()))
assert not {"keras", "tensorflow", "h5py"} & sys.modules.keys()
"""


def test_keras_is_not_imported_and_nothing_is_computed_before_it_is_asked_for() -> None:
    command = [sys.executable, "-c", ALONE, str(SPECS / "mlp.yaml")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("161\n", "")


@pytest.mark.parametrize(("name", "item"), [
    ("Flat", {"type": "Dense", "units": 3, "kernel_initializer": "flat"}),
    ("Scale", {"type": "Scale"}),
])  # fmt: skip
def test_what_plugins_add_is_left_to_keras(name: str, item: dict[str, Any]) -> None:
    with plugin.added(*plugin.GOOD):
        graph = specc.compile({"name": "plugged", "layers": [{"type": "Input", "name": "x", "shape": [4]}, item]})
        with pytest.raises(LeftToKeras, match=f"only Keras knows what {name} draws"):
            next(initial(graph, 1))
