"""TensorFlow's operations that ONNX has not, made of those that it has."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from specc.backends import onnx_model
from specc.backends.keras_model import Built
from tests.support.exported import model_of, run_onnx

ONNX_ONLY_HERE = """
layers:
  - {type: Input, name: x, shape: [5]}
  - {type: ops.log1p, name: a, from: x}
  - {type: ops.celu, name: b, from: x}
  - {type: ops.signbit, name: c, from: x}
  - {type: ops.argmin, name: d, axis: 1, from: x}
  - {type: ops.gelu, name: e, approximate: false, from: x}
outputs: [a, b, c, d, e]
"""


def test_operations_made_of_others(tmp_path: Path) -> None:
    graph, model = model_of(ONNX_ONLY_HERE)
    onnx_model.save(Built(graph, model), str(tmp_path / "made.onnx"))
    x = np.array([[-0.0, 0.0, 0.5, -0.5, 3], [1, 0.0, -0.0, 2, 1]], "float32")
    for found, wanted in zip(run_onnx(tmp_path / "made.onnx")({"x": x}).values(), model(x), strict=True):
        np.testing.assert_allclose(found, wanted, rtol=1e-5, atol=1e-6)
