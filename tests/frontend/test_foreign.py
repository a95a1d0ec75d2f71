"""Files that are no specs: one diagnostic says what they are, and what to do."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from tests.support.checking import said
from tests.support.command import specc

TEXTS = {
    "model.json": (
        '{"module": "keras", "class_name": "Sequential", "config": {"name": "s", "layers": []}, "compile_config": null}',
        "this is a Keras model as JSON (Sequential), not a spec",
    ),
    "config.json": (
        '{"name": "f", "trainable": true, "layers": [{"class_name": "Dense", "config": {"units": 3}}], "input_layers": [], "output_layers": []}',
        "this is the configuration of a Keras model, not a spec",
    ),
    "sequential.yaml": (
        "config: {name: s, layers: [{class_name: Dense, config: {units: 3}}], build_input_shape: [null, 4]}\n",
        "this is the configuration of a Keras model, not a spec",
    ),
    "layers.json": ('[{"class_name": "Dense", "config": {"units": 3}}]', "this is a list of layers as Keras saves them, not a spec"),
    "package.json": ('{"name": "x", "version": "1.0.0", "dependencies": {}}', "this is a package.json of npm, not a spec"),
    "schema.json": ('{"$schema": "http://json-schema.org", "properties": {}}', "this is a JSON Schema, not a spec"),
    "notebook.json": ('{"cells": [], "nbformat": 4, "metadata": {}}', "this is a Jupyter notebook, not a spec"),
    "picture.svg": ('<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"></svg>', "this is an SVG picture, not a spec"),
    "page.html": ("<!DOCTYPE html>\n<html></html>", "this is an HTML page, not a spec"),
    "graph.dot": ("digraph g {\n  a -> b;\n}\n", "this is a DOT graph, not a spec"),
    "graph.mmd": ("flowchart TD\n  a --> b\n", "this is a Mermaid chart, not a spec"),
    "drawn.mmd": ("%% mlp: Sequential, 3 layers\nflowchart TB\n  a --> b\n", "this is a Mermaid chart, not a spec"),
    "model.py": ("import keras\n\nmodel = keras.Sequential([\n])\n", "this is Python source, not a spec"),
}  # fmt: skip
BYTES = {
    "weights.h5": (b"\x89HDF\r\n\x1a\n\x00\x00\xff", "this is an HDF5 file (.h5), a Keras model or its weights, not a spec"),
    "picture.png": (b"\x89PNG\r\n\x1a\n\x00\xff", "this is a PNG picture, not a spec"),
    "model.onnx": (b"\x08\x08\x12\x07tf2onnx\x1a\x05\xff\xfe", "this is an ONNX model, not a spec"),
    "ascii.onnx": (b"\x08\x08\x12\x07tf2onnx\x1a\x05", "this is an ONNX model, not a spec"),
    "page.pdf": (b"%PDF-1.4\n\xff", "this is a PDF file, not a spec"),
}  # fmt: skip


@pytest.mark.parametrize("name", [*TEXTS, *BYTES])
def test_one_diagnostic_says_what_it_is(name: str, tmp_path: Path) -> None:
    text, message = TEXTS.get(name, ("", ""))
    content, message = BYTES.get(name, (text.encode(), message))
    (tmp_path / name).write_bytes(content)
    result = specc("check", name, folder=tmp_path)
    assert result.code == 1
    assert result.out.count("error[") == 1
    assert result.out.splitlines()[0].endswith(message)


def test_a_keras_archive(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "model.keras", "w") as archive:
        archive.writestr("config.json", "{}" + chr(200) * 50)
    result = specc("check", "model.keras", folder=tmp_path)
    assert result.out.splitlines()[0].endswith("this is a .keras file or another ZIP archive, not a spec")


BLOCKS = """blocks:
  residual:
    args: {filters: null, size: 3}
    inputs: [x]
    layers:
      - {type: Conv2D, name: main, filters: $filters, kernel_size: $size, padding: same, from: x}
      - {type: Add, name: sum, from: [main, x]}
    outputs: [sum]
  head:
    inputs: [x]
    layers:
      - {type: Dense, name: out, units: 10, from: x}
    outputs: [out]
"""


def test_a_file_of_blocks_alone(tmp_path: Path) -> None:
    (tmp_path / "blocks.yaml").write_text(BLOCKS)
    result = specc("check", "blocks.yaml", folder=tmp_path)
    assert (result.code, result.out) == (0, "blocks.yaml: blocks, 2 blocks (residual, head)\n")


@pytest.mark.parametrize(("right", "wrong", "code"), [
    ("units: 10", 'units: "10"', "argument-value"),
    ("units: 10", "unit: 10", "unknown-argument"),
    (", units: 10", "", "missing-argument"),
    ("type: Dense", "type: Dens", "unknown-layer"),
    ("[main, x]", "[mian, x]", "unknown-name"),
    ("outputs: [out]", "outputs: [uot]", "unknown-name"),
    ("activation", "activation", None),
    ("padding: same", "padding: smae", "argument-value"),
    ("inputs: [x]", "input: [x]", "unknown-key"),
])  # fmt: skip
def test_what_is_wrong_in_a_block(right: str, wrong: str, code: str | None, tmp_path: Path) -> None:
    (tmp_path / "blocks.yaml").write_text(BLOCKS.replace(right, wrong))
    result = specc("check", "blocks.yaml", folder=tmp_path)
    assert result.code == (0 if code is None else 1)
    assert code is None or f"error[{code}]" in result.out


def test_copies_are_told_once_with_their_number(tmp_path: Path) -> None:
    (tmp_path / "net.yaml").write_text(
        "layers:\n  - {type: Input, name: x, shape: [3]}\n  - {type: Dense, name: d, unts: 3, repeat: 1000}\n"
    )
    result = specc("check", "net.yaml", folder=tmp_path)
    assert result.out.count("error[") == 1
    assert "... and 999 more copies" in result.out


@pytest.mark.parametrize(("text", "message"), [
    ("input_features: []\noutput_features: []\n", "this is a configuration of Ludwig, not a spec"),
    ("nc: 80\nbackbone: []\nhead: []\n", "this is a configuration of YOLO, not a spec"),
    ("jobs: {}\non: push\n", "this is not a spec: it has no 'layers', and a spec has none of its keys (jobs, on)"),
])  # fmt: skip
def test_files_of_other_programs(text: str, message: str) -> None:
    assert said(text) == [f"1:1 invalid-value: {message}"]
