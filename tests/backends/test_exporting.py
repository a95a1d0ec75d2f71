"""SavedModel folders and ONNX files: every spec in specs/ is written, checked, and computes what Keras computes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np
import onnx
import onnxruntime
import pytest
import tensorflow as tf

import specc
from specc import layers
from specc.backends import keras_model, onnx_model, saved_model
from specc.backends.exporting import ExportError
from specc.backends.keras_model import Built
from specc.frontend.read import read_file
from specc.ir import TypedGraph
from tests.support import command

SPECS = sorted(
    path for path in (Path(__file__).parent.parent.parent / "specs").iterdir() if path.suffix in (".json", ".yaml")
)
SMALLER: dict[str, dict[str, Any]] = {
    "densenet121": {"depths": [1, 2, 1, 1], "growth": 8, "classes": 10},
    "efficientnet_b0": {"classes": 10},
    "gpt2_small": {"vocabulary": 100, "context": 16, "depth": 1, "width": 64, "heads": 4},
    "mobilenet_v2": {"classes": 10},
    "resnet50": {"depths": [2, 1, 1, 1], "classes": 10},
    "resnet50v2": {"depths": [2, 2, 2, 2], "classes": 10},
    "seq2seq_attention": {"source_words": 60, "target_words": 60, "width": 16},
    "unet": {"depth": 2, "width": 8, "size": 32},
    "vgg16": {"depth": 1, "classes": 10},
    "vision_transformer": {"size": 32, "patch": 8, "depth": 1, "width": 48, "heads": 3, "classes": 10},
    "xception": {"classes": 10},
}
"""Values with which the large networks take seconds; what they are made of stays."""


def small(path: Path) -> dict[str, Any]:
    """A spec whose images are small, without its contracts, which are about the large one."""
    data: dict[str, Any] = read_file(str(path)).data
    data.pop("expect", None)
    data.pop("compile", None)
    most = 2  # units of the first stage that has several
    for item in data["layers"]:
        if not isinstance(item, dict):
            continue
        if isinstance(item.get("repeat"), int):
            item["repeat"] = 1
        if isinstance(item.get("depth"), int):
            item["depth"], most = min(item["depth"], most), 1 if item["depth"] > 1 else most
        if item.get("type") == "Dense" and item.get("units") == 4096:
            item["units"] = 64
        if item.get("type") == "Input" and item["shape"][0] in (128, 224, 299):
            item["shape"] = [75 if path.stem == "xception" else 64, *item["shape"][1:]]
            item["shape"][1] = item["shape"][0]
            thin(data)
    data["name"] = path.stem
    return data


def thin(part: Any) -> None:
    """Leave a quarter of the channels of every layer and block."""
    for value in part.values() if isinstance(part, dict) else part:
        if isinstance(value, dict | list):
            thin(value)
    for key in ("filters", "width", "first"):
        if isinstance(part, dict) and isinstance(part.get(key), int) and part[key] % 4 == 0:
            part[key] //= 4


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


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.name)
def test_every_spec(path: Path, tmp_path: Path) -> None:
    """Both formats of one model, which is built once."""
    graph = specc.compile(small(path), set=SMALLER.get(path.stem))
    model = keras_model.build(graph, seed=0)
    onnx_model.save(Built(graph, model), str(tmp_path / "model.onnx"))
    saved_model.save(Built(graph, model), str(tmp_path / "served"))
    same(
        graph,
        model,
        run_onnx(tmp_path / "model.onnx"),
        run_saved_model(tmp_path / "served", list(graph.outputs)),
    )


# -- Names and sizes -------------------------------------------------------------------------------

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


def model_of(text: str) -> tuple[TypedGraph, Any]:
    graph = specc.compile(specc.Spec.from_text(text))
    return graph, keras_model.build(graph, seed=0)


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


def test_what_is_served_is_not_in_training(tmp_path: Path) -> None:
    """Keras's image augmentation is in training unless it is told otherwise."""
    graph, model = model_of(
        "layers:\n  - {type: Input, name: x, shape: [8, 8, 3]}\n  - {type: RandomRotation, name: r, factor: 0.5}\n  - {type: Dropout, name: y, rate: 0.9}\n"
    )
    saved_model.save(Built(graph, model), str(tmp_path / "served"))
    image = np.random.default_rng(0).random((2, 8, 8, 3)).astype("float32")
    np.testing.assert_array_equal(tf.saved_model.load(str(tmp_path / "served")).serve(image), image)


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


# -- What cannot be written ------------------------------------------------------------------------

NOT_IN_ONNX = (
    "Discretization", "HashedCrossing", "Hashing", "IntegerLookup", "MelSpectrogram", "TextVectorization",
    "ops.cross", "ops.cumprod", "ops.erfinv", "ops.in_top_k", "ops.searchsorted",
)  # fmt: skip


NOT_IN_HALF = ("Resizing", "UpSampling2D", "STFTSpectrogram")
SAMPLE = (
    *(("float32", name) for name in NOT_IN_ONNX),
    *zip(("float16", "float64", "mixed_float16"), NOT_IN_HALF, strict=True),
    ("bfloat16", "Dense"), ("mixed_bfloat16", "Rescaling"),
)  # fmt: skip
"""Policies, and what cannot be written in them; all types in all policies were tried once."""


@pytest.mark.parametrize(("policy", "name"), SAMPLE)
def test_layers_that_onnx_cannot_hold(
    policy: str, name: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    found = layers.find(name)
    assert found is not None
    graph, model = model_of(f"dtype_policy: {policy}\n{found.example}")
    with pytest.raises(ExportError) as error:
        onnx_model.save(Built(graph, model), str(tmp_path / "out.onnx"))
    where = next(node for node in graph.nodes.values() if node.type == name)
    assert str(error.value).startswith(f"'{where.name}' ({name}) cannot be written as ONNX: ")
    assert "\n" not in str(error.value)
    assert list(tmp_path.iterdir()) == []
    assert capfd.readouterr() == ("", "")


def test_the_docs_list_them() -> None:
    text = (Path(__file__).parent.parent.parent / "docs" / "cli.md").read_text(encoding="utf-8")
    for names in (NOT_IN_ONNX, NOT_IN_HALF):
        assert ", ".join(f"`{name}`" for name in names) in " ".join(text.split())


@pytest.mark.parametrize(("text", "target", "said"), [
    ("layers: [{type: Input, name: x, shape: [2]}, {type: Input, name: X, shape: [2]}, {type: Add, name: y, from: [x, X]}]", "out", "inputs named 'x' and 'X', which TensorFlow makes equal"),
    ("layers: [{type: Input, name: a-b, shape: [2]}, {type: Input, name: a_b, shape: [2]}, {type: Add, name: y, from: [a-b, a_b]}]", "out", "inputs named 'a-b' and 'a_b'"),
    ("layers: [{type: Input, name: größe, shape: [2]}, {type: Dense, name: y, units: 1}]", "out", "cannot have an input named 'größe'"),
    ("layers: [{type: Input, name: x, shape: [2]}, {type: Dense, name: y, units: 1}]\noutputs: {x: y}", "out.onnx", "an input and an output of one name, 'x'"),
    ("blocks: {part: {inputs: [x], layers: [{type: Dense, units: 2}, {type: ops.erfinv, name: inner}], outputs: [inner]}}\nlayers: [{type: Input, name: x, shape: [2]}, {type: part, name: y, nested: true}]", "out.onnx", "'inner' (ops.erfinv) cannot be written as ONNX"),
])  # fmt: skip
def test_what_cannot_be_written_is_one_line(tmp_path: Path, text: str, target: str, said: str) -> None:
    (tmp_path / "net.yaml").write_text(text, encoding="utf-8")
    result = command.specc("build", "net.yaml", "-o", target, folder=tmp_path)
    assert (result.code, result.out) == (2, "")
    line = result.err.splitlines()[-1]  # warnings stand before it
    assert line.startswith("specc: error: ")
    assert said in line
    assert ".specc-" not in result.err
    assert [path.name for path in tmp_path.iterdir()] == ["net.yaml"]


@pytest.mark.parametrize(("raised", "reason"), [
    (TypeError("Using a symbolic `tf.Tensor` as a Python `bool` is not allowed."), "Keras computes it for sizes that are known only; give the Input its sizes as numbers"),
    (ValueError("Exception encountered when calling Dense.call().\n\nno\n\nArguments"), "no"), (ZeroDivisionError(), "ZeroDivisionError"),
])  # fmt: skip
def test_what_a_layer_raises_names_it(tmp_path: Path, raised: Exception, reason: str) -> None:
    graph, model = model_of("layers: [{type: Input, name: x, shape: [2]}, {type: Dense, name: y, units: 1}]")

    def call(inputs: Any, **options: Any) -> Any:
        raise raised

    object.__setattr__(model.get_layer("y"), "call", call)
    for write, format in ((saved_model.save, "a SavedModel"), (onnx_model.save, "ONNX")):
        with pytest.raises(ExportError) as error:
            write(Built(graph, model), str(tmp_path / "out"))
        assert str(error.value) == f"'y' (Dense) cannot be written as {format}: {reason}"
    assert list(tmp_path.iterdir()) == []


def test_onnx_holds_less_than_two_gibibytes(tmp_path: Path) -> None:
    graph = specc.compile(
        {"layers": [{"type": "Input", "name": "x", "shape": [40_000]}, {"type": "Dense", "name": "y", "units": 40_000}]}
    )
    with pytest.raises(ExportError, match="an ONNX file holds less than 2 GiB"):
        onnx_model.save(Built(graph, None), str(tmp_path / "out.onnx"))


def test_text_lookups_are_in_onnx(tmp_path: Path) -> None:
    found = layers.find("StringLookup")
    assert found is not None
    graph, model = model_of(found.example)
    onnx_model.save(Built(graph, model), str(tmp_path / "lookup.onnx"))
    (name,), words = graph.inputs, np.array([["a"], ["b"]], dtype=object)
    (given,) = run_onnx(tmp_path / "lookup.onnx")(
        {name: np.broadcast_to(words, (2, graph.inputs[name].shape[1] or 1))}
    ).values()
    np.testing.assert_array_equal(
        given, model(tf.constant(np.broadcast_to(words, (2, graph.inputs[name].shape[1] or 1)).astype(str)))
    )
