"""Every output arrives in the dtype that check says, also behind the Identity that only gives it its name."""

from __future__ import annotations

import runpy
from pathlib import Path

import keras
import numpy as np
import pytest

import specc
from specc.backends.python import source as python_source

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
def test_as_check_says(policy: str, tmp_path: Path) -> None:
    spec = specc.Spec.from_text(NAMED.format(policy=policy))
    graph = specc.compile(spec)
    said = [graph.tensor(output.ref).dtype for output in graph.graph.outputs]
    assert said == ["float32", "float64", "float64", "float64", "bfloat16", "int32", "int32", "bool"]
    script = tmp_path / "model.py"
    script.write_text(python_source.source(graph))
    for model in (specc.build(spec, seed=0), runpy.run_path(str(script))["build_model"]()):
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
    given = specc.build(specc.Spec.from_text(ROUNDED))(np.zeros((1, 4), "float32"))
    np.testing.assert_array_equal(given, np.full((1, 3), 1.0001, "float32"))
