"""Weights from files: all ways to say what goes where, what is said where something does not fit, and what Keras loads."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

import specc
from specc.archive.file import write
from specc.archive.weights.loading import Given
from tests.support.archives import read, weight_differences

PARTS = """
name: net
vars: {body: true, width: 3, head: head, layer: first}
blocks:
  part:
    inputs: [x]
    layers:
      - {type: Dense, name: $layer, units: $width}
      - {type: BatchNormalization, name: norm}
    outputs: [norm]
layers:
  - {type: Input, name: x, shape: [3]}
  - {type: part, name: body, nested: $body}
  - {type: Dense, name: mid, units: 3}
  - {type: Dropout, rate: 0.5}
  - {type: Dense, name: $head, units: 2}
"""
PART = """
layers:
  - {type: Input, name: x, shape: [3]}
  - {type: Dense, name: first, units: 3}
  - {type: BatchNormalization, name: norm}
"""
Weights = dict[str, Any]


def graph(text: str = PARTS, **values: Any) -> specc.TypedGraph:
    return specc.compile(specc.Spec.from_text(text), set=values)


def written(made: specc.TypedGraph, path: Path, seed: int, weights: Any = None, **said: Any) -> Weights:
    """The weights of a file that is written, by their names in the graph: "head/kernel"."""
    lines: list[str] = []
    write(made, str(path), seed, Given.of(weights, **said), lines.append)
    held = {key: value[0] for key, value in read(path).weights.items() if isinstance(value, tuple)}
    held["said"] = lines
    return held


def same(one: Weights, other: Weights, *paths: str) -> list[bool]:
    return [np.array_equal(one[f"layers/{path}/vars/0"], other[f"layers/{path}/vars/0"]) for path in paths]


ALL = ("functional/layers/dense", "dense", "dense_1")


@pytest.fixture
def old(tmp_path: Path) -> Weights:
    """The weights of the net, in old.keras."""
    return written(graph(), tmp_path / "old.keras", 1)


def test_all_weights_are_loaded(old: Weights, tmp_path: Path) -> None:
    new = written(graph(), tmp_path / "new.keras", 2, tmp_path / "old.keras")
    assert same(new, old, *ALL) == [True, True, True]
    assert new["said"] == []
    assert same(written(graph(), tmp_path / "new.keras", 2), old, *ALL) == [False, False, False]


def test_other_names_are_loaded_by_their_places_as_keras_does(old: Weights, tmp_path: Path) -> None:
    new = written(graph(head="top"), tmp_path / "new.keras", 2, tmp_path / "old.keras")
    assert same(new, old, *ALL) == [True, True, True]


def test_names_count_more_than_places(tmp_path: Path) -> None:
    """Keras would exchange the layers, silently."""
    text = "layers: [{type: Input, name: x, shape: [3]}, {type: Dense, name: %s, units: 3}, {type: Dense, name: %s, units: 3}]"
    before = written(graph(text % ("a", "b")), tmp_path / "old.keras", 1)
    after = written(graph(text % ("b", "a")), tmp_path / "new.keras", 2, tmp_path / "old.keras")
    np.testing.assert_array_equal(after["layers/dense/vars/0"], before["layers/dense_1/vars/0"])


@pytest.mark.parametrize("renamed", [{"body": "body"}, {"body/": "body."}])
def test_a_nested_model_is_loaded_into_the_block_that_is_expanded(
    old: Weights, renamed: dict[str, str], tmp_path: Path
) -> None:
    new = written(graph(body=False), tmp_path / "new.keras", 2, tmp_path / "old.keras", renamed=renamed)
    wanted = [old[f"layers/{path}/vars/0"] for path in ALL]
    for place, weight in zip(("dense", "dense_1", "dense_2"), wanted, strict=True):
        np.testing.assert_array_equal(new[f"layers/{place}/vars/0"], weight)


@pytest.mark.parametrize(("nested", "place"), [(True, "functional/layers/dense"), (False, "dense")])
def test_a_file_for_a_part(old: Weights, nested: bool, place: str, tmp_path: Path) -> None:
    """It has the layers of the block alone; what else there is comes from another file, or begins anew."""
    part = written(graph(PART), tmp_path / "part.keras", 3)
    new = written(graph(body=nested), tmp_path / "new.keras", 2, {"body": tmp_path / "part.keras"})
    np.testing.assert_array_equal(new[f"layers/{place}/vars/0"], part["layers/dense/vars/0"])
    first = written(graph(body=nested), tmp_path / "first.keras", 2)
    assert same(new, first, "dense_1" if nested else "dense_2") == [True]
    both = {"": tmp_path / "old.keras", "body": tmp_path / "part.keras"}
    if nested:
        new = written(graph(), tmp_path / "new.keras", 2, both)
        np.testing.assert_array_equal(new[f"layers/{place}/vars/0"], part["layers/dense/vars/0"])
        assert same(new, old, "dense", "dense_1") == [True, True]


def test_a_part_is_also_loaded_by_its_places(tmp_path: Path) -> None:
    part = written(graph(PART.replace("first", "other")), tmp_path / "part.keras", 3)
    new = written(graph(), tmp_path / "new.keras", 2, {"body": tmp_path / "part.keras"})
    np.testing.assert_array_equal(new["layers/functional/layers/dense/vars/0"], part["layers/dense/vars/0"])


def test_what_fits_is_loaded_and_told(old: Weights, tmp_path: Path) -> None:
    text = PARTS.replace("units: 2", "units: 5") + "  - {type: Dense, name: more, units: 1}\n"
    text = text.replace("type: Dense, name: mid", "type: Dense, name: middle")
    new = written(graph(text), tmp_path / "new.keras", 2, tmp_path / "old.keras", partial=True)
    assert same(new, old, ALL[0], "dense") == [True, False]
    assert new["said"] == [
        f"weights of {tmp_path / 'old.keras'}:",
        "  loaded: 'body/first' (Dense)",
        "  loaded: 'body/norm' (BatchNormalization)",
        "  not loaded: 'middle' (Dense) needs kernel (3, 3), bias (3,), but the file has nothing for it",
        "  not loaded: 'head' (Dense) needs kernel (3, 5), bias (5,), but the file has kernel (3, 2), bias (2,)",
        "  not loaded: 'more' (Dense) needs kernel (5, 1), bias (1,), but the file has nothing for it",
        "  not loaded: the file has weights of 'mid', (3, 3), (3,), but the spec has no such layer",
    ]


@pytest.mark.parametrize(("values", "given", "said"), [
    ({"width": 4}, {}, "do not fit the model: 'body/first' (Dense) needs kernel (3, 4), bias (4,), but the file has kernel (3, 3), bias (3,); 'body/norm' (BatchNormalization) needs gamma (4,), beta (4,), moving_mean (4,) and 1 more, but the file has gamma (3,), beta (3,), moving_mean (3,) and 1 more; 'mid' (Dense) needs kernel (4, 3), but the file has kernel (3, 3); nothing was loaded; --partial loads what fits"),
    ({"head": "top", "body": False}, {}, "write --weights-map body=body --weights-map head=top, or --partial loads what fits"),
    ({"body": False}, {}, "'body.first' (Dense) needs kernel (3, 3), bias (3,), but the file has nothing for it"),
    ({}, {"renamed": {"hed": "head"}}, "--weights-map hed=head: no layer in the files is called 'hed'; did you mean head?"),
    ({}, {"renamed": {"head": "haed"}}, "--weights-map head=haed: the spec has no layer 'haed' with weights; did you mean head?"),
    ({"width": 4, "head": "other"}, {"partial": True, "renamed": {"body": "head"}}, "the spec has no layer 'head/norm' with weights"),
])  # fmt: skip
def test_what_does_not_fit(old: Weights, values: Any, given: Any, said: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        written(graph(**values), tmp_path / "new.keras", 2, tmp_path / "old.keras", **given)
    assert not (tmp_path / "new.keras").exists()


@pytest.mark.parametrize(("target", "said"), [
    ("bdoy", "--weights bdoy={}: the spec has no 'bdoy' with weights; a file is for a block or a nested model, or without a name for the whole; did you mean body?"),
    ("head", "--weights head={}: 'head' is a layer; a file is for a block or a nested model, or without a name for the whole"),
    ("body", "the weights in {} do not fit the model: 'body/norm' (BatchNormalization) needs gamma (3,), beta (3,), moving_mean (3,) and 1 more, but"),
])  # fmt: skip
def test_a_file_for_what_is_no_part(old: Weights, target: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=re.escape(said.format(tmp_path / "old.keras"))):
        written(graph(), tmp_path / "new.keras", 2, {target: tmp_path / "old.keras"})


def test_a_pipe_is_no_file_of_weights(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.keras")
    with pytest.raises(ValueError, match=r"pipe.keras is not a regular file; copy the weights to one$"):
        Given((("", str(tmp_path / "pipe.keras")),)).check()


def test_a_file_of_a_part_alone_is_told(tmp_path: Path) -> None:
    written(graph(PART), tmp_path / "part.keras", 3)
    with pytest.raises(
        ValueError, match=f"for 'body' alone, write --weights body={re.escape(str(tmp_path))}/part.keras$"
    ):
        written(graph(), tmp_path / "new.keras", 2, tmp_path / "part.keras")
    with pytest.raises(ValueError, match=r"^no layer in .* has the name and the shapes of one of the model"):
        written(graph(), tmp_path / "new.keras", 2, tmp_path / "part.keras", renamed={"first": "head"}, partial=True)


# -- As Keras --------------------------------------------------------------------------------------

TRAINED = """
name: net
vars: {policy: float32, optimizer: adam}
dtype_policy: $policy
layers:
  - {type: Input, name: x, shape: [6, 4]}
  - {type: Bidirectional, name: both, layer: {type: LSTM, units: 2, return_sequences: true}}
  - {type: MultiHeadAttention, name: look, num_heads: 2, key_dim: 2, from: [both, both]}
  - {type: Dropout, rate: 0.1}
  - {type: TimeDistributed, name: steps, layer: {type: Dense, units: 3, trainable: false}}
  - {type: Normalization, name: scaled}
  - {type: Dense, name: y, units: 3}
  - {share: y, name: again}
compile: {optimizer: $optimizer, loss: mse}
"""


@pytest.mark.parametrize("policy", ["float32", "mixed_bfloat16", "float16"])
@pytest.mark.parametrize("ending", [".keras", ".weights.h5", ".weights.json"])
def test_keras_loads_the_same(policy: str, ending: str, tmp_path: Path) -> None:
    """Weights of float32, into other dtypes too; with the state of the optimizer, which Keras loads before the first step."""
    made = graph(TRAINED)
    model = specc.build(specc.Spec.from_text(TRAINED), seed=1)
    drawn = np.random.default_rng(1)
    for variable in model.variables:
        if variable.dtype == "float32":
            variable.assign(drawn.normal(size=variable.shape))
    model.optimizer.learning_rate = 0.25
    path = tmp_path / f"old{ending}"
    if ending == ".keras":
        model.save(path)
    else:
        model.save_weights(path, **({"max_shard_size": 2e-7} if ending == ".weights.json" else {}))
    assert len(list(tmp_path.glob("old*"))) > 2 or ending != ".weights.json"
    made = graph(TRAINED, policy=policy, optimizer="sgd")
    write(made, str(tmp_path / "new.keras"), 2, Given.of(path))
    wanted = specc.build(specc.Spec.from_text(TRAINED), seed=2, set={"policy": policy, "optimizer": "sgd"})
    wanted.load_weights(path)
    wanted.save(tmp_path / "wanted.keras")
    new, expected = read(tmp_path / "new.keras").weights, read(tmp_path / "wanted.keras").weights
    assert new.keys() == expected.keys()
    for key, value in expected.items():
        if isinstance(value, tuple):
            assert new[key][0].tobytes() == value[0].tobytes(), key
    assert new["optimizer/vars/1"][0] == 0.25


def test_a_trained_optimizer_is_not_loaded_as_keras_does_not(tmp_path: Path) -> None:
    model = specc.build(specc.Spec.from_text(TRAINED), seed=1)
    model.fit(np.ones((2, 6, 4)), np.ones((2, 6, 3)), verbose=0)
    model.save(tmp_path / "old.keras")
    write(graph(TRAINED), str(tmp_path / "new.keras"), 2, Given.of(tmp_path / "old.keras"))
    loaded = keras.models.load_model(tmp_path / "new.keras")
    assert loaded.optimizer.iterations == 0
    for one, other in zip(loaded.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


QUANTIZED = """
layers:
  - {type: Input, name: x, shape: [4]}
  - {type: Dense, name: a, units: 4, dtype: int8_from_float32}
  - {type: EinsumDense, name: b, equation: "ab,bc->ac", output_shape: 4, bias_axes: c, dtype: int4/2_from_float32}
  - {type: Dense, name: c, units: 4, dtype: float8_from_float32}
  - {type: Dense, name: d, units: 4, lora_rank: 2}
"""


def test_quantized_layers(tmp_path: Path) -> None:
    """Their weights are in the file in an order of its own; Keras adds those of LoRA to the kernel."""
    model = specc.build(specc.Spec.from_text(QUANTIZED), seed=1)
    drawn = np.random.default_rng(1)
    for variable in model.variables:
        variable.assign(drawn.normal(size=variable.shape) * 20)
    model.save(tmp_path / "old.keras")
    write(graph(QUANTIZED), str(tmp_path / "new.keras"), 2, Given.of(tmp_path / "old.keras"))
    assert list(weight_differences(read(tmp_path / "new.keras"), read(tmp_path / "old.keras"), 0)) == []
    again = specc.build(specc.Spec.from_text(QUANTIZED), seed=2, weights=tmp_path / "old.keras")
    again.save(tmp_path / "again.keras")
    assert list(weight_differences(read(tmp_path / "again.keras"), read(tmp_path / "old.keras"), 0)) == []
    factors = [np.any(it.numpy()) for it in again.get_layer("d").weights if "lora" in it.name]
    assert factors == [True, False], "the product of two zeros would never learn"
