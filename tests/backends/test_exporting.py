"""What SavedModel folders and ONNX files share: every spec in specs/ computes what Keras computes, and errors name the layer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import onnxruntime
import pytest
import tensorflow as tf

import specc
from specc.backends import keras_model, onnx_model, saved_model
from specc.backends.exporting import ExportError, reason
from specc.backends.keras_model import Built
from specc.frontend.read import read_file
from tests.support.exported import drawn, model_of, run_onnx, run_saved_model, same

# -- Every spec, made small ------------------------------------------------------------------------

SPECS = sorted(
    path for path in (Path(__file__).parent.parent.parent / "specs").iterdir() if path.suffix in (".json", ".yaml")
)
SMALLER: dict[str, dict[str, Any]] = {
    "densenet121": {"size": 64, "depths": [1, 2, 1, 1], "growth": 8, "classes": 10},
    "efficientnet_b0": {"size": 64, "depths": [1, 2, 2], "classes": 10},
    "gpt2_small": {"vocabulary": 100, "context": 16, "depth": 1, "width": 64, "heads": 4},
    "mobilenet_v2": {"size": 64, "classes": 10},
    "resnet50": {"size": 64, "depths": [2, 1, 1, 1], "classes": 10},
    "resnet50v2": {"size": 64, "depths": [2, 2, 2, 2], "classes": 10},
    "seq2seq_attention": {"source_words": 60, "target_words": 60, "width": 16},
    "unet": {"depth": 2, "width": 8, "size": 32},
    "vgg16": {"size": 64, "depths": [1, 1, 2], "classes": 10},
    "vision_transformer": {"size": 32, "patch": 8, "depth": 1, "width": 48, "heads": 3, "classes": 10},
    "xception": {"size": 75, "classes": 10},
}
"""Values with which the large networks take seconds; what they are made of stays."""


def small(path: Path) -> dict[str, Any]:
    """A spec of fewer copies, stages and channels, without its contracts, which are about the large one."""
    data: dict[str, Any] = read_file(str(path)).data
    data.pop("expect", None)
    data.pop("compile", None)
    stages = [item for item in data["layers"] if isinstance(item, dict) and item.get("type") == "stage"]
    data["layers"] = [item for item in data["layers"] if item not in stages[3:]]
    most = 2  # units of the last stage that has several
    for item in reversed(data["layers"]):
        if not isinstance(item, dict):
            continue
        if isinstance(item.get("repeat"), int):
            item["repeat"] = 1
        elif isinstance(item.get("repeat"), dict):
            item["repeat"] = {
                name: [min(value, 2) if name == "depth" else value for value in values[:3]]
                for name, values in item["repeat"].items()
                if isinstance(values, list)
            } or item["repeat"]
        if isinstance(item.get("depth"), int):
            item["depth"], most = min(item["depth"], most), 1 if item["depth"] > 1 else most
        if item.get("type") == "Dense" and item.get("units") == 4096:
            item["units"] = 64
    thin(data)
    data["name"] = path.stem
    return data


def thin(part: Any) -> None:
    """Leave a quarter of the channels of every layer and block that has many."""
    for value in part.values() if isinstance(part, dict) else part:
        if isinstance(value, dict | list):
            thin(value)
    for key in ("filters", "width", "first"):
        found = part.get(key) if isinstance(part, dict) else None
        if isinstance(found, int) and found % 4 == 0:
            part[key] = found // 4
        elif isinstance(found, list):
            part[key] = [filters // 4 for filters in found]


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.name)
def test_every_spec(path: Path, tmp_path: Path) -> None:
    """Both formats of one model, which is built once."""
    graph = specc.compile(small(path), set=SMALLER.get(path.stem))
    model = keras_model.build(graph, seed=0)
    onnx_model.save(Built(graph, model), str(tmp_path / "model.onnx"))
    saved_model.save(Built(graph, model), str(tmp_path / "served"))
    same(graph, model, run_onnx(tmp_path / "model.onnx"), run_saved_model(tmp_path / "served", list(graph.outputs)))


# -- Names -----------------------------------------------------------------------------------------

NAMED = """
name: named
layers:
  - {type: Input, name: X, shape: [3]}
  - {type: Input, name: a-b, shape: [null, 3]}
  - {type: LSTM, name: h, units: 3, from: a-b}
  - {type: Add, name: s, from: [X, h]}
  - {type: Dense, name: y1, units: 2, activation: gelu}
  - {type: ops.argmax, name: best, axis: 1, from: y1}
"""


@pytest.mark.parametrize("outputs", ["[y1, best, s]", "{label: best, again: best, box: s}", "[y1]"])
def test_names_are_those_of_the_spec(tmp_path: Path, outputs: str) -> None:
    graph, model = model_of(
        f"{NAMED}outputs: {outputs}\n"
        if "best" in outputs
        else f"{NAMED.partition('  - {type: ops')[0]}outputs: {outputs}\n"
    )
    path = tmp_path / "named.onnx"
    onnx_model.save(Built(graph, model), str(path))
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    assert [(taken.name, taken.shape[0]) for taken in session.get_inputs()] == [("X", "batch"), ("a-b", "batch")]
    assert [given.name for given in session.get_outputs()] == list(graph.outputs)
    saved_model.save(Built(graph, model), str(tmp_path / "served"))
    served = tf.saved_model.load(str(tmp_path / "served"))
    assert set(served.signatures["serving_default"].structured_outputs) == set(graph.outputs)
    same(graph, model, run_onnx(path), run_saved_model(tmp_path / "served", list(graph.outputs)))
    given = list(drawn(graph, 2).values())
    assert keras.tree.map_structure(lambda x: x.shape, served.serve(given)) == keras.tree.map_structure(
        lambda x: x.shape, model(given)
    )


# -- Errors ----------------------------------------------------------------------------------------


SYMBOLIC = "Using a symbolic `tf.Tensor` as a Python `bool` is not allowed."
WRAPPED = "Exception encountered when calling Dense.call().\n\nno\n\nArguments received by Dense.call():"


@pytest.mark.parametrize(("raised", "said"), [
    (TypeError(SYMBOLIC), "Keras computes it for sizes that are known only; give the Input its sizes as numbers"), (ValueError(WRAPPED), "no"),
    (ValueError("make_sure failure: no \n more"), "no"), (ZeroDivisionError(), "ZeroDivisionError"),
])  # fmt: skip
def test_what_keras_and_its_converters_say_in_a_line(raised: Exception, said: str) -> None:
    assert reason(raised) == said


def test_what_a_layer_raises_names_it(tmp_path: Path) -> None:
    graph, model = model_of("layers: [{type: Input, name: x, shape: [2]}, {type: Dense, name: y, units: 1}]")

    def call(inputs: Any, **options: Any) -> Any:
        raise TypeError(SYMBOLIC)

    object.__setattr__(model.get_layer("y"), "call", call)
    for write, format in ((saved_model.save, "a SavedModel"), (onnx_model.save, "ONNX")):
        with pytest.raises(ExportError) as error:
            write(Built(graph, model), str(tmp_path / "out"))
        assert str(error.value) == (
            f"'y' (Dense) cannot be written as {format}: Keras computes it for sizes that are known only; "
            "give the Input its sizes as numbers"
        )
    assert list(tmp_path.iterdir()) == []
