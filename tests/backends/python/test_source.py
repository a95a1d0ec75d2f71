"""The emitted Keras source: whole texts, and models built from it beside those of the Keras backend.

The specs in ``compared`` have all that a source has a form for. ``SPECC_UPDATE=1 pytest -n 0`` of this file writes the
expected sources beside them anew: read the difference.
"""

from __future__ import annotations

import math
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keras
import pytest

import specc
from specc import layers
from specc.backends import keras_model
from specc.backends.python.graph import as_graph
from specc.backends.python.source import source
from specc.frontend.read import read_text
from specc.ir import TypedGraph
from specc.pipeline import compile_document
from tests.passes.expansion.test_freeze_patterns import NET
from tests.support.draws import LONGER
from tests.support.emitted import all_of, run
from tests.support.graphs import Item, typed

SPECS = Path(__file__).parents[3] / "specs"
COMPARED = sorted(Path(__file__).parent.joinpath("compared").glob("*.yaml"))
LAYERS = layers.names() if LONGER else layers.names()[5::40]
"""Those whose examples are compared; all takes minutes."""
WRITTEN = sorted(Path(__file__).parent.joinpath("compared").glob("*.py.txt"))


def graph(text: str) -> TypedGraph:
    return compile_document(read_text(text, "spec.yaml")).graph


def compare(graph: TypedGraph, form: Any = "auto") -> None:
    keras.utils.clear_session(free_memory=False)
    expected = all_of(keras_model.build(graph.in_form(form)))
    keras.utils.clear_session(free_memory=False)
    assert all_of(run(source(graph.in_form(form)))) == expected


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: str(path.name).removesuffix(".py.txt"))
def test_whole_text(path: Path) -> None:
    written = source(specc.compile(path.with_name(path.name.replace(".py.txt", ".yaml"))))
    if os.environ.get("SPECC_UPDATE"):
        path.write_text(written, encoding="utf-8")
    assert written == path.read_text(encoding="utf-8")


# -- The model that it builds --------------------------------------------------------------------


@pytest.mark.parametrize("path", COMPARED, ids=lambda path: str(path.stem))
def test_builds_the_model_of_the_keras_backend(path: Path) -> None:
    compare(specc.compile(path))


@pytest.mark.parametrize("name", ["chain_of_blocks", "nasty_blocks"])
def test_builds_the_functional_model_of_a_chain(name: str) -> None:
    compare(specc.compile(COMPARED[0].with_name(f"{name}.yaml")), "functional")


@pytest.mark.parametrize("name", LAYERS)
def test_builds_the_example_of_a_layer(name: str) -> None:
    if name in ("RandomCrop", "Pipeline"):
        pytest.skip("Keras draws a seed for each that is made, and writes it into the config")
    compare(graph(layers.find(name).example))  # type: ignore[union-attr]


def test_the_dtype_policy_is_put_back() -> None:
    assert run(source(specc.compile(COMPARED[0].with_name("nested.yaml")))).dtype_policy.name == "mixed_float16"
    assert keras.config.dtype_policy().name == "float32"


def test_a_chain_deeper_than_pythons_recursion_limit() -> None:
    text = "layers:\n  - {type: Input, name: x, shape: [4]}\n  - {type: Identity, repeat: 600}\n"
    limit = sys.getrecursionlimit()
    for form in ("sequential", "functional"):
        assert len(run(source(graph(text).in_form(form))).layers) == 600 + (form == "functional")
    assert sys.getrecursionlimit() == limit


def test_names_that_no_spec_could_have() -> None:
    """A graph made in Python can have any text for a name: none of it leaves its string literal."""
    names = ['"); import os; ("', "a\n\r\u2028b", '"""', "{x}", "\\", "'", "\u202e", "f.{0}.y\ud800"]
    items = [Item("x", "Input", shape=(2,))]
    for name in names:
        items.append(Item(name, "Dense", items[-1].name, units=2))
    text = source(typed('"\n"', *items))
    text.encode()
    compiled = compile(text, "emitted.py", "exec")
    constants = [const for code in compiled.co_consts if hasattr(code, "co_consts") for const in code.co_consts]
    assert {*names, '"\n"'} <= {name for name in constants if isinstance(name, str)}


def test_a_graph_that_is_no_chain_cannot_be_sequential() -> None:
    with pytest.raises(ValueError, match="'model' is not a chain of layers"):
        graph("layers: [{type: Input, name: x, shape: [2]}, {type: Add, name: y, from: [x, x]}]").in_form("sequential")


# -- How it looks --------------------------------------------------------------------------------


def sources() -> Iterator[str]:
    for path in [*COMPARED, *sorted(SPECS.glob("*.*"))]:
        yield source(specc.compile(path))
    for path in COMPARED:
        yield as_graph.source(specc.compile(path))
        yield source(specc.compile(path).in_form("functional"))
    for name in LAYERS:
        yield source(graph(layers.find(name).example))  # type: ignore[union-attr]


def test_is_formatted_and_clean(tmp_path: Path) -> None:
    for index, text in enumerate(sources()):
        (tmp_path / f"model_{index}.py").write_text(text, encoding="utf-8")
    for command in (["format", "--diff"], ["check"]):
        ruff = [sys.executable, "-m", "ruff", *command, "--isolated", "--no-cache", str(tmp_path)]
        done = subprocess.run(ruff, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    "item",
    [
        "{type: MultiHeadAttention, num_heads: 2, key_dim: 2, trainable: false, from: {query: x, value: x}}",
        "{type: GroupQueryAttention, head_dim: 2, num_query_heads: 2, num_key_value_heads: 1, trainable: false, from: {query: x, value: x}}",
        "{type: block, trainable: false}",
        "{type: block, nested: true, trainable: false}",
        "{type: TimeDistributed, layer: {type: Dense, units: 2}, trainable: false}",
        "{type: Bidirectional, layer: {type: LSTM, units: 2, trainable: false}}",
    ],
)
def test_what_is_frozen_stays_frozen(item: str) -> None:
    text = f"""
blocks:
  block:
    inputs: [x]
    layers:
      - {{type: MultiHeadAttention, name: y, num_heads: 2, key_dim: 2, from: {{query: x, value: x}}}}
    outputs: [y]
layers:
  - {{type: Input, name: x, shape: [4, 4]}}
  - {item}
  - {{type: Dense, name: end, units: 1}}
"""
    graph = compile_document(read_text(text, "frozen.yaml")).graph
    for model in (keras_model.build(graph), run(source(graph))):
        assert sum(math.prod(weight.shape) for weight in model.trainable_weights) == graph.trainable_params


def test_what_freeze_names_is_not_trained(tmp_path: Path) -> None:
    """In blocks, their copies, nested models and wrappers; as built, as the source builds it, and as Keras reads it."""
    freeze = "[stem, s_1, 's[1].a*', o.in.a_1, t.inner.a, '*norm*']"
    graph = compile_document(read_text(NET.format(freeze=freeze), "frozen.yaml")).graph
    model = keras_model.build(graph)
    model.save(tmp_path / "frozen.keras")
    read, ran = keras.models.load_model(tmp_path / "frozen.keras"), run(source(graph))
    kept = {name: any(it.trainable for it in weights) for name, weights in graph.weights.items() if weights}
    for one in (model, read, ran):
        assert sum(math.prod(weight.shape) for weight in one.trainable_weights) == graph.trainable_params
        assert {layer.name: bool(layer.trainable_weights) for layer in one.layers if layer.weights} == kept
        assert [weight.path for weight in one.trainable_weights] == [weight.path for weight in model.trainable_weights]
