"""Models that are exported: run by what reads the files, beside Keras."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np
import onnx
import onnxruntime
import tensorflow as tf

import specc
from specc.backends import keras_model
from specc.ir import TypedGraph
from tests.support.checking import spec


def model_of(text: str) -> tuple[TypedGraph, Any]:
    """A spec's graph, and its Keras model."""
    graph = specc.compile(spec(text))
    return graph, keras_model.build(graph, seed=0)


def drawn(graph: TypedGraph, batch: int) -> dict[str, Any]:
    """Random inputs, with other sizes for each batch."""
    rng = np.random.default_rng(batch)
    given = {}
    for name, tensor in graph.inputs.items():
        shape = [batch if index == 0 else dim or 5 + batch for index, dim in enumerate(tensor.shape)]
        given[name] = rng.integers(1, 50, shape) if tensor.dtype == "int32" else rng.random(shape)
        given[name] = given[name].astype(tensor.dtype)
    return given


def same(graph: TypedGraph, model: Any, *runs: Any) -> None:
    """Whether each of what was exported gives what Keras gives, by name, for two batches."""
    for batch in (2, 3):
        given = drawn(graph, batch)
        tensors = list(given.values())
        wanted = model(tensors[0] if len(tensors) == 1 else tensors, training=False)
        wanted = (
            wanted if isinstance(wanted, dict) else dict(zip(graph.outputs, keras.tree.flatten(wanted), strict=True))
        )
        for run in runs:
            found = run(given)
            assert list(found) == list(wanted)
            for name in wanted:
                np.testing.assert_allclose(found[name], wanted[name], rtol=1e-3, atol=1e-4)
                assert found[name].dtype == graph.outputs[name].dtype


def run_onnx(path: Path) -> Any:
    onnx.checker.check_model(str(path), full_check=True)
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    return lambda given: dict(zip(names, session.run(None, given), strict=True))


def run_saved_model(path: Path, names: list[str]) -> Any:
    signature = tf.saved_model.load(str(path)).signatures["serving_default"]

    def run(given: dict[str, Any]) -> dict[str, Any]:
        outputs = signature(**{name.replace("-", "_"): tf.constant(value) for name, value in given.items()})
        return {name: outputs[name].numpy() for name in names}

    return run
