"""Dtypes are announced as by Keras, also where it computes others."""

from __future__ import annotations

from typing import Any

import keras
import pytest
from keras.src.utils.python_utils import is_default

from specc import layers
from specc.archive.writing import announced
from specc.backends.keras_model import _function
from specc.diagnostics.problem import RuleError
from specc.policies import Policy
from specc.shapes import Tensor

TRACED = {"Identity", "Flatten", "Reshape", "Permute", "RandomGrayscale", "Equalization"}
"""Layers whose own ``compute_output_spec`` keeps the dtype."""
FLOAT32 = Policy.named("float32")


@pytest.mark.parametrize("name", [name for name in layers.names() if not name.startswith("ops.") and name != "Input"])
def test_a_layer_that_computes_its_shape_announces_the_compute_dtype(name: str) -> None:
    cls: Any = layers.find(name)
    made = getattr(keras.layers, cls.keras_name())
    if made.compute_output_spec is keras.layers.Layer.compute_output_spec:
        assert cls.announces_dtype == is_default(made.compute_output_shape)
    elif name in TRACED:
        assert cls.announces_dtype


ONE: list[tuple[str, dict[str, Any], str]] = [
    (f"ops.{name}", {}, dtype)
    for names, dtypes in [
        (announced.COMPLEX_AS_GIVEN - {"hypot", "logdet"}, ("complex64", "float16")),
        (announced.COMPLEX_AS_FLOATX, ("complex64", "float16")),
        ({"reciprocal", "logsumexp", "normalize"}, ("bfloat16", "float64")),
        ({"view_as_real", "leaky_relu"}, ("int32", "float32")),
        ({"eig", "svd", "logdet"}, ("complex64", "float32")),
    ]
    for name in sorted(names)
    for dtype in dtypes
]
NUMBERS = [
    (f"ops.{name}", {"x2": number}, dtype)
    for name in (*sorted(announced.UNWEIGHED), "arctan2", "add", "power", "maximum", "ldexp", "nextafter")
    for number in (2, 2.0)
    for dtype in ("uint8", "int32", "float16", "bfloat16", "float32")
]
TWO = [("ops.polar", {}, "float32"), ("ops.hypot", {}, "complex64"), ("ops.psnr", {"max_val": 1.0}, "float16")]


@pytest.mark.parametrize(("name", "arguments", "dtype"), [*ONE, *NUMBERS, *TWO])
def test_an_operation(name: str, arguments: dict[str, Any], dtype: str) -> None:
    operation: Any = layers.find(name).parse(arguments)[0]  # type: ignore[union-attr]
    wanted = [it.name for it in operation.tensors if it.required or (it.name in operation.constants)]
    given = {it: Tensor((3, 3), dtype) for it in wanted if it not in arguments}
    try:
        outputs = operation.infer(operation.call(dict(given), {}, FLOAT32))
    except RuleError:
        pytest.skip("it does not take this")
    symbols = {it: keras.KerasTensor(tensor.shape, tensor.dtype) for it, tensor in given.items()}
    expected = [tensor.dtype for tensor in keras.tree.flatten(_function(keras, operation, symbols))]
    assert announced.of_operation(operation, list(given.values()), outputs) == expected
