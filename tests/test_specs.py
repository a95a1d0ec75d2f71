"""Every spec in specs/ compiles, is drawn, and builds the model that the compiler said it would."""

from __future__ import annotations

import runpy
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from math import prod
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import keras
import numpy as np
import pytest

import specc
from specc.backends import keras_model
from specc.backends.pictures import render
from specc.backends.python import source as python_source
from specc.ir import TypedGraph
from specc.layers.core import Input
from specc.operations.base import Operation
from tests.support.canonical import weightless
from tests.support.emitted import all_of

SPECS = sorted(path for path in (Path(__file__).parent.parent / "specs").iterdir() if path.suffix in (".json", ".yaml"))
CNN = Path(__file__).parent.parent / "specs" / "fashion_mnist_cnn.json"
every_spec = pytest.mark.parametrize("path", SPECS, ids=lambda path: path.name)


@cache
def compiled(path: Path) -> TypedGraph:
    return specc.compile(path)


@cache
def untrained(path: Path) -> TypedGraph:
    """The graph without its ``compile`` section: an optimizer cannot be made without values for the weights."""
    graph = compiled(path)
    return replace(graph, graph=replace(graph.graph, training=None))


@cache
def built(path: Path) -> Any:
    """The model without values for its weights, which would take seconds for the large ones."""
    with weightless():
        return keras_model.build(untrained(path))


@every_spec
def test_compiles_without_a_word(path: Path) -> None:
    assert specc.check(path) == []


@every_spec
def test_has_version_and_name(path: Path) -> None:
    """The name is the file's."""
    graph = compiled(path)
    assert graph.name == path.stem
    assert '"specc": 1' in path.read_text() or "specc: 1" in path.read_text()


@every_spec
def test_builds_what_was_inferred(path: Path) -> None:
    graph, model = compiled(path), built(path)
    assert isinstance(model, keras.Sequential) == (graph.form == "sequential")
    assert model.name == graph.name
    assert model.count_params() == graph.params
    assert sum(prod(weight.shape) for weight in model.trainable_weights) == graph.trainable_params
    assert [tuple(tensor.shape) for tensor in model.inputs] == [
        graph.tensors[name][0].shape for name in graph.graph.inputs
    ]
    expected = {output.name: graph.tensor(output.ref) for output in graph.graph.outputs}
    given = model.outputs if graph.form == "sequential" else model.output
    found = given if isinstance(given, dict) else dict(zip(expected, model.outputs, strict=True))
    assert {name: (tuple(tensor.shape), tensor.dtype) for name, tensor in found.items()} == {
        name: (tensor.shape, tensor.dtype) for name, tensor in expected.items()
    }


@every_spec
def test_names_survive(path: Path) -> None:
    graph, model = compiled(path), built(path)
    named = {
        node.name
        for node in graph.nodes.values()
        if node.shares is None and not isinstance(node.layer, Input | Operation)
    }
    assert named <= {layer.name for layer in model.layers}
    if graph.form == "functional":
        names = list(model.output) if isinstance(model.output, dict) else model.output_names
        assert names == [output.name for output in graph.graph.outputs]
        assert [tensor.name for tensor in model.inputs] == list(graph.graph.inputs)


@every_spec
def test_source_builds_the_same(path: Path, tmp_path: Path) -> None:
    script = tmp_path / "model.py"
    script.write_text(python_source.source(untrained(path)))
    with weightless():
        model = runpy.run_path(str(script))["build_model"]()
    assert all_of(model) == all_of(built(path))


@pytest.mark.parametrize(
    "path",
    [path for path in SPECS if '"compile"' in path.read_text() or "compile:" in path.read_text()],
    ids=lambda path: path.name,
)
def test_source_compiles_the_same(path: Path, tmp_path: Path) -> None:
    if compiled(path).params > 1_000_000:
        pytest.skip("its optimizer would need the weights' values")
    script = tmp_path / "model.py"
    script.write_text(python_source.source(compiled(path)))
    assert compile_config(runpy.run_path(str(script))["build_model"]) == compile_config(lambda: specc.build(path))


def compile_config(build: Callable[[], Any]) -> dict[str, Any]:
    """A model's training set-up; Keras numbers the names of optimizers until a session is cleared."""
    keras.utils.clear_session(free_memory=False)
    config: dict[str, Any] = build().get_compile_config()
    return config


@every_spec
def test_draws(path: Path) -> None:
    graph = compiled(path)
    root = ET.fromstring(render.svg(graph))
    words = "".join(root.itertext())
    for name in graph.graph.inputs:
        assert name in words
    assert graph.name in words


# -- The CNN, both ways ----------------------------------------------------------------------------


def test_cnn_is_the_same_sequential_and_functional() -> None:
    sequential = specc.build(CNN, seed=0)
    functional = specc.build(CNN, form="functional", seed=1)
    assert isinstance(sequential, keras.Sequential)
    assert not isinstance(functional, keras.Sequential)
    assert isinstance(functional.layers[0], keras.layers.InputLayer)
    assert [layer.get_config() for layer in sequential.layers] == [
        layer.get_config() for layer in functional.layers[1:]
    ]
    assert sequential.count_params() == functional.count_params() == compiled(CNN).params == 333_526
    functional.set_weights(sequential.get_weights())
    images = np.random.default_rng(0).random((8, 28, 28, 1), dtype="float32")
    np.testing.assert_array_equal(sequential.predict(images, verbose=0), functional.predict(images, verbose=0))


def test_seed_gives_the_same_weights() -> None:
    first, second, other = (specc.build(CNN, seed=seed).get_weights() for seed in (3, 3, 4))
    assert all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))
    assert not all(np.array_equal(a, b) for a, b in zip(first, other, strict=True))


def test_branched_is_the_same_in_json_and_in_yaml() -> None:
    json, yaml = (CNN.parent / f"branched.{ending}" for ending in ("json", "yaml"))
    assert built(json).get_config() == built(yaml).get_config()
    assert compile_config(lambda: specc.build(json)) == compile_config(lambda: specc.build(yaml))
