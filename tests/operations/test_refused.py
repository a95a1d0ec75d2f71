"""What check says of the functions of ``keras.ops`` that no spec can name, in every spelling."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

import specc
from specc import operations
from specc.language import type_pages


def problem(name: str) -> specc.Diagnostic:
    """What check says of an item of that type."""
    (found,) = specc.check({"layers": [{"type": "Input", "name": "x", "shape": [4]}, {"type": name, "name": "y"}]})
    return found


@pytest.mark.parametrize("name", operations.REFUSED)
def test_a_refused_operation_says_why_and_the_way_out(name: str) -> None:
    found = problem(name)
    assert (found.code, found.help) == ("refused-layer", operations.REFUSED[name])
    reason, _, way_out = operations.REFUSED[name].partition("; ")
    assert reason
    assert way_out
    assert type_pages.unknown(name) == f"{name} cannot be used in a spec: {operations.REFUSED[name]}"


@pytest.mark.parametrize("spelling", ["ops.scan", "keras.ops.scan", "tf.scan", "jax.lax.scan", "K.scan"])
def test_other_spellings(spelling: str) -> None:
    assert problem(spelling).help == operations.REFUSED["ops.scan"]


@pytest.mark.parametrize(
    ("spelling", "name"),
    [
        ("ops.numpy.add", "ops.add"),
        ("keras.ops.add", "ops.add"),
        ("ops.nn.relu", "ops.relu"),
        ("tf.nn.relu", "ops.relu"),
        ("ops.linalg.norm", "ops.norm"),
        ("np.linalg.norm", "ops.norm"),
        ("K.mean", "ops.mean"),
        ("keras.ops.image.resize", "ops.image.resize"),
        ("ops.resize", "ops.image.resize"),
        ("tf.image.extract_patches", "ops.image.extract_patches"),
        ("tf.math.segment_sum", "ops.segment_sum"),
        ("np.fft.fft2", "ops.fft2"),
    ],
)
def test_a_function_of_a_module_is_found_by_the_name_that_a_spec_has(spelling: str, name: str) -> None:
    assert problem(spelling).help == f'write "{name}"'


CALLS: dict[str, tuple[list[tuple[tuple[int | None, ...], str]], dict[str, Any]]] = {
    "argpartition": ([((None, 4), "float32")], {"kth": 2}),
    "conv_transpose": ([((None, 8, 8, 3), "float32"), ((3, 3, 4, 3), "float32")], {"strides": 2}),
    "corrcoef": ([((None, 4), "float32")], {}),
    "digitize": ([((None, 4), "float32"), ((3,), "float32")], {}),
    "histogram": ([((None,), "float32")], {}),
    "isin": ([((None, 4), "int32"), ((3,), "int32")], {}),
    "kron": ([((None, 4), "float32"), ((2, 2), "float32")], {}),
    "lu_factor": ([((None, 4, 4), "float32")], {}),
    "nanmedian": ([((None, 4), "float32")], {"axis": 1}),
    "nanpercentile": ([((None, 4), "float32")], {"q": 50, "axis": 1}),
    "nanquantile": ([((None, 4), "float32")], {"q": 0.5, "axis": 1}),
    "rearrange": ([((None, 4, 6), "float32")], {"pattern": "b h w -> b w h"}),
    "view_as_complex": ([((None, 4, 2), "float32")], {}),
    "adaptive_average_pool": ([((None, 8, 8, 3), "float32")], {"output_size": (2, 2)}),
    "adaptive_max_pool": ([((None, 8, 8, 3), "float32")], {"output_size": (2, 2)}),
    "slogdet": ([((None, 4, 4), "float32")], {}),
}
"""Calls of refused functions: the tensors, and the further arguments."""


def agrees(name: str) -> bool:
    """Whether Keras's function runs in a model, and gives as many axes as it announced."""
    tensors, arguments = CALLS[name]
    inputs = [keras.Input(batch_shape=shape, dtype=dtype) for shape, dtype in tensors]
    given = [tf.cast(np.ones([dim or 2 for dim in shape]), dtype) for shape, dtype in tensors]
    specs = [tf.TensorSpec(*tensor) for tensor in tensors]
    try:
        outputs = keras.tree.flatten(getattr(keras.ops, name)(*inputs, **arguments))
        function = keras.Function(inputs, outputs)
        results = tf.function(lambda *data: keras.tree.flatten(function(list(data))), input_signature=specs)(*given)
    except Exception:
        return False
    return [len(tensor.shape) for tensor in outputs] == [len(tensor.shape) for tensor in results]


def test_what_is_refused_does_not_run_as_keras_announces() -> None:
    assert [name for name in CALLS if agrees(name)] == []


@pytest.mark.parametrize("spelling", ["ops.random.normal", "keras.random.normal", "tf.random.normal", "torch.randn"])
def test_random_numbers_come_from_a_layer(spelling: str) -> None:
    help = problem(spelling).help
    assert help is not None
    assert help.startswith('write {"type": "GaussianNoise", "stddev": 1.0} of ops.zeros_like')


def test_noise_of_zeros_is_drawn_in_training_and_not_in_predict() -> None:
    layers: list[dict[str, Any]] = [
        {"type": "Input", "name": "x", "shape": [1000]},
        {"type": "ops.zeros_like", "name": "zeros"},
        {"type": "GaussianNoise", "name": "noise", "stddev": 1.0, "seed": 1},
    ]
    model = specc.build({"layers": layers})
    assert np.std(model(np.ones((4, 1000)), training=True)) == pytest.approx(1, abs=0.1)
    assert np.all(model.predict(np.ones((4, 1000)), verbose=0) == 0)
