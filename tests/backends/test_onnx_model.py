"""ONNX files: what they cannot hold, named by its layer, before anything is written."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

import specc
from specc import layers
from specc.backends import onnx_model
from specc.backends.exporting import ExportError
from specc.backends.keras_model import Built
from tests.support import command
from tests.support.checking import spec
from tests.support.exported import model_of, run_onnx

NOT_IN_ONNX = (
    "Discretization", "HashedCrossing", "Hashing", "IntegerLookup", "MelSpectrogram", "TextVectorization",
    "ops.cholesky", "ops.cholesky_inverse", "ops.cross", "ops.ctc_loss", "ops.cumprod", "ops.eig", "ops.eigh",
    "ops.erfinv", "ops.fft", "ops.fft2", "ops.i0", "ops.ifft2", "ops.image.affine_transform",
    "ops.image.hsv_to_rgb", "ops.image.perspective_transform", "ops.image.rgb_to_hsv", "ops.in_top_k", "ops.inv",
    "ops.irfft", "ops.istft", "ops.logdet", "ops.lstsq", "ops.matrix_rank", "ops.multi_hot", "ops.nancumprod",
    "ops.nextafter", "ops.pinv", "ops.polar", "ops.qr", "ops.rfft", "ops.searchsorted", "ops.slice_update",
    "ops.solve", "ops.solve_triangular", "ops.stft", "ops.svd", "ops.view",
)  # fmt: skip
TRIED = (*NOT_IN_ONNX[:6], "ops.cumprod", "ops.erfinv", "ops.in_top_k", "ops.searchsorted", "ops.stft", "ops.svd")
"""Those that the tests export; all were tried once."""


NOT_IN_HALF = ("Resizing", "UpSampling2D", "STFTSpectrogram")
SAMPLE = (
    *(("float32", name) for name in TRIED),
    *zip(("float16", "float64", "mixed_float16"), NOT_IN_HALF, strict=True),
    ("bfloat16", "Dense"), ("mixed_bfloat16", "Rescaling"),
)  # fmt: skip
"""Policies, and what cannot be written in them; all types in all policies were tried once."""


@pytest.mark.parametrize(("policy", "name"), SAMPLE)
def test_layers_that_it_cannot_hold(policy: str, name: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
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


def test_a_layer_in_a_nested_model_is_named_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "net.yaml").write_text("""
blocks: {part: {inputs: [x], layers: [{type: Dense, units: 2}, {type: ops.erfinv, name: inner}], outputs: [inner]}}
layers: [{type: Input, name: x, shape: [2]}, {type: part, name: y, nested: true}]
""")
    assert command.specc("build", "net.yaml", "-o", "out.onnx", folder=tmp_path) == (
        2, "", "specc: error: 'inner' (ops.erfinv) cannot be written as ONNX: ONNX has nothing for TensorFlow's Erfinv\n",
    )  # fmt: skip
    assert [path.name for path in tmp_path.iterdir()] == ["net.yaml"]


def test_an_input_and_an_output_of_one_name(tmp_path: Path) -> None:
    text = "layers: [{type: Input, name: x, shape: [2]}, {type: Dense, name: y, units: 1}]\noutputs: {x: y}"
    with pytest.raises(ExportError) as error:
        onnx_model.save(Built(specc.compile(spec(text)), None), str(tmp_path / "out.onnx"))
    assert (
        str(error.value)
        == "ONNX cannot have an input and an output of the same name, 'x'; give the output another label"
    )


def test_it_holds_less_than_two_gibibytes(tmp_path: Path) -> None:
    graph = specc.compile(
        {"layers": [{"type": "Input", "name": "x", "shape": [40_000]}, {"type": "Dense", "name": "y", "units": 40_000}]}
    )
    with pytest.raises(ExportError, match="an ONNX file must be smaller than 2 GiB"):
        onnx_model.save(Built(graph, None), str(tmp_path / "out.onnx"))


def test_text_lookups_are_in_it(tmp_path: Path) -> None:
    found = layers.find("StringLookup")
    assert found is not None
    graph, model = model_of(f"name: look.up_1.00\n{found.example}")
    onnx_model.save(Built(graph, model), str(tmp_path / "lookup.onnx"))
    (name,), words = graph.inputs, np.array([["a"], ["b"]], dtype=object)
    (given,) = run_onnx(tmp_path / "lookup.onnx")(
        {name: np.broadcast_to(words, (2, graph.inputs[name].shape[1] or 1))}
    ).values()
    np.testing.assert_array_equal(
        given, model(tf.constant(np.broadcast_to(words, (2, graph.inputs[name].shape[1] or 1)).astype(str)))
    )
