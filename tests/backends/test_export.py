"""SavedModel folders and ONNX files: every spec in specs/ is written, checked, and computes what Keras computes."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import keras
import numpy as np
import onnx
import onnxruntime
import pytest
import tensorflow as tf

import specc
from specc.backends import keras_export, keras_model
from specc.frontend.read import read_file
from specc.ir import TypedGraph

SPECS = sorted(
    path for path in (Path(__file__).parent.parent.parent / "specs").iterdir() if path.suffix in (".json", ".yaml")
)
SMALLER: dict[str, dict[str, Any]] = {
    "densenet121": {"depths": [1, 2, 1, 1], "growth": 8, "classes": 10},
    "efficientnet_b0": {"classes": 10},
    "gpt2_small": {"vocabulary": 100, "context": 16, "depth": 2, "width": 64, "heads": 4},
    "mobilenet_v2": {"classes": 10},
    "resnet50": {"depths": [2, 2, 2, 2], "classes": 10},
    "resnet50v2": {"depths": [2, 2, 2, 2], "classes": 10},
    "unet": {"depth": 2, "width": 8, "size": 32},
    "vgg16": {"depth": 1, "classes": 10},
    "vision_transformer": {"size": 32, "patch": 8, "depth": 2, "width": 48, "heads": 3, "classes": 10},
    "xception": {"classes": 10},
}
"""Values with which the large networks take seconds; what they are made of stays."""
every_spec = pytest.mark.parametrize("path", SPECS, ids=lambda path: path.name)


def small(path: Path) -> dict[str, Any]:
    """A spec whose images are small, without its contracts, which are about the large one."""
    data: dict[str, Any] = read_file(str(path)).data
    data.pop("expect", None)
    data.pop("compile", None)
    for item in data["layers"]:
        if not isinstance(item, dict):
            continue
        if isinstance(item.get("repeat"), int):
            item["repeat"] = 1
        if item.get("type") == "Input" and item["shape"][0] in (128, 224, 299):
            item["shape"] = [75 if path.stem == "xception" else 64, *item["shape"][1:]]
            item["shape"][1] = item["shape"][0]
    data["name"] = path.stem
    return data


@cache
def built(path: Path) -> tuple[TypedGraph, Any]:
    graph = specc.compile(small(path), set=SMALLER.get(path.stem))
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


def same(graph: TypedGraph, model: Any, run: Any) -> None:
    """Whether what was exported gives what Keras gives, by name, for two batches."""
    for batch in (2, 3):
        given = drawn(graph, batch)
        tensors = list(given.values())
        wanted = model(tensors[0] if len(tensors) == 1 else tensors, training=False)
        wanted = (
            wanted if isinstance(wanted, dict) else dict(zip(graph.outputs, keras.tree.flatten(wanted), strict=True))
        )
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


@every_spec
def test_onnx_of_every_spec(path: Path, tmp_path: Path) -> None:
    graph, model = built(path)
    keras_export.onnx(graph, model, str(tmp_path / "model.onnx"))
    same(graph, model, run_onnx(tmp_path / "model.onnx"))


@every_spec
def test_saved_model_of_every_spec(path: Path, tmp_path: Path) -> None:
    graph, model = built(path)
    keras_export.saved_model(graph, model, str(tmp_path / "served"))
    same(graph, model, run_saved_model(tmp_path / "served", list(graph.outputs)))
