"""The Keras model of a graph: arguments as Keras takes them, outputs as check says, and nothing of Keras left changed."""

from __future__ import annotations

import os
import runpy
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

import specc
from specc.backends.keras_model import check_memory, quiet_stderr, realize
from specc.backends.python import source as python_source
from tests.support.checking import spec
from tests.support.graphs import chain, layer

# -- Arguments -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value", [None, True, 3, 0.5, "relu", (1, (2, 3)), [1, "a"], {"a": [1, None]}, slice(1, 2), ...]
)
def test_plain_arguments_stay(value: Any) -> None:
    assert realize(value) == value


def test_objects_and_layers_are_instances_of_keras() -> None:
    dense = layer(
        "Dense",
        units=3,
        kernel_initializer={"type": "RandomNormal", "stddev": 0.1},
        activation={"type": "LeakyReLU", "negative_slope": 0.3},
        bias_regularizer="l2",
    )
    made = realize({"layers": [dense]})["layers"][0]
    assert type(made) is keras.layers.Dense
    assert type(made.kernel_initializer) is keras.initializers.RandomNormal
    assert made.kernel_initializer.stddev == 0.1
    assert type(made.activation) is keras.layers.LeakyReLU
    assert made.activation.negative_slope == 0.3
    assert made.bias_regularizer is not None


def test_layers_inside_are_named_by_the_spec_and_frozen_with_it() -> None:
    """Keras counts its automatic names by the process, so that they would depend on what was built before."""
    wrapped = layer("TimeDistributed", layer={"type": "Dense", "units": 2}, trainable=False)
    for made in (realize(wrapped), realize(wrapped)):
        assert (made.layer.name, made.layer.trainable) == ("dense", False)
    cells = layer("RNN", cell=[{"type": "LSTMCell", "units": 2}, {"type": "LSTMCell", "units": 3}])
    assert [cell.name for cell in realize(cells).cell.cells] == ["lstm_cell", "lstm_cell_1"]


# -- Keras's settings ------------------------------------------------------------------------------


def test_a_model_does_not_depend_on_keras_s_settings_and_leaves_them_alone() -> None:
    config = keras.config
    text = """
        layers:
          - {type: Input, name: x, shape: [6, 6, 2]}
          - {type: Conv2D, name: c, filters: 3, kernel_size: 3}
          - {type: LayerNormalization, name: y}
        """
    usual = (config.dtype_policy(), config.floatx(), config.image_data_format(), config.epsilon())
    try:
        config.set_floatx("float16")
        config.set_image_data_format("channels_first")
        config.set_epsilon(1e-3)
        config.set_dtype_policy("mixed_bfloat16")
        model = specc.build(spec(text))
        after = (config.dtype_policy().name, config.floatx(), config.image_data_format(), config.epsilon())
    finally:
        policy, floatx, data_format, epsilon = usual
        config.set_floatx(floatx)
        config.set_image_data_format(data_format)
        config.set_epsilon(epsilon)
        config.set_dtype_policy(policy)
    assert after == ("mixed_bfloat16", "float16", "channels_first", 1e-3)
    assert (model.output_shape, model.dtype, model.get_layer("c").data_format) == (
        (None, 4, 4, 3),
        "float32",
        "channels_last",
    )


# -- Surroundings ----------------------------------------------------------------------------------


def test_weights_that_memory_cannot_hold_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = chain()
    monkeypatch.setattr(
        os, "sysconf", lambda name: {"SC_PAGE_SIZE": 1000, "SC_PHYS_PAGES": 2 * graph.memory // 1000 + 1}[name]
    )
    check_memory(graph)
    monkeypatch.setattr(os, "sysconf", lambda name: {"SC_PAGE_SIZE": 1000, "SC_PHYS_PAGES": 100}[name])
    with pytest.raises(MemoryError) as error:
        check_memory(graph)
    assert str(error.value) == (
        "'digits' has 15,770 parameters; twice their memory is 126,160 bytes, and this machine has 100,000"
    )
    with pytest.raises(
        MemoryError, match="'c' has 0 parameters and 4,004 bytes of constants; twice their memory is 160,160 bytes"
    ):
        check_memory(specc.compile({"name": "c", "layers": [
            {"type": "Input", "name": "x", "shape": [1]}, {"formula": "x * sum(ones(1000))", "name": "y"},
        ]}))  # fmt: skip


def test_what_native_code_writes_is_shown_only_if_it_fails(capfd: pytest.CaptureFixture[str]) -> None:
    with quiet_stderr():
        os.write(2, b"start-up message")
    assert capfd.readouterr().err == ""
    for always, shown in ((False, "the reason"), (True, "")):
        with pytest.raises(ValueError, match="failed"), quiet_stderr(always):  # noqa: PT012
            os.write(2, b"the reason")
            raise ValueError("failed")
        assert capfd.readouterr().err == shown
    os.write(2, b"after it")
    assert capfd.readouterr().err == "after it"


# -- Outputs, by the source's model too ------------------------------------------------------------

NAMED = """
dtype_policy: {policy}
blocks:
  head:
    args: {{kind: float32}}
    inputs: [x]
    layers: [{{type: Dense, name: out, units: 3, dtype: $kind}}]
    outputs: [out]
layers:
  - {{type: Input, name: x, shape: [4]}}
  - {{type: Input, name: count, shape: [4], dtype: int32}}
  - {{type: head, name: head, from: x}}
  - {{type: head, name: fine, kind: float64, from: x}}
  - {{type: Dense, name: b, units: 2, dtype: float64, from: x}}
  - {{share: b, name: c, from: x}}
  - {{type: Reshape, name: grid, target_shape: [2, 2], from: x}}
  - {{type: Attention, name: a, from: [grid, grid], dtype: bfloat16}}
  - {{type: Identity, name: i, from: count}}
  - {{share: i, name: j, from: count}}
  - {{type: ops.equal, name: e, from: [count, count]}}
outputs: [head, fine, b, c, a.scores, i, j, e]
"""


@pytest.mark.parametrize("policy", ["float32", "mixed_float16", "mixed_bfloat16", "float64"])
def test_every_output_has_the_dtype_that_check_says(policy: str, tmp_path: Path) -> None:
    named = spec(NAMED.format(policy=policy))
    graph = specc.compile(named)
    said = [graph.tensor(output.ref).dtype for output in graph.graph.outputs]
    assert said == ["float32", "float64", "float64", "float64", "bfloat16", "int32", "int32", "bool"]
    script = tmp_path / "model.py"
    script.write_text(python_source.source(graph))
    for model in (specc.build(named, seed=0), runpy.run_path(str(script))["build_model"]()):
        assert [tensor.dtype for tensor in model.outputs] == said
        assert model.output_names == [output.name for output in graph.graph.outputs]
        given = model([np.ones((2, 4), "float32"), np.ones((2, 4), "int32")])
        assert [keras.backend.standardize_dtype(tensor.dtype) for tensor in given] == said


ROUNDED = """
dtype_policy: mixed_float16
blocks:
  head:
    inputs: [x]
    layers: [{type: Dense, name: out, units: 3, bias_initializer: {type: Constant, value: 1.0001}, dtype: float32}]
    outputs: [out]
layers:
  - {type: Input, name: x, shape: [4]}
  - {type: head, name: head}
outputs: [head]
"""


def test_numbers_of_a_float32_head_are_not_rounded() -> None:
    given = specc.build(spec(ROUNDED))(np.zeros((1, 4), "float32"))
    np.testing.assert_array_equal(given, np.full((1, 3), 1.0001, "float32"))
