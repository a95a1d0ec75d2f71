"""Warnings about sound specs; how deep Keras recurses is compared with Keras."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

import specc
from specc.passes.advice.saving import DEEPEST
from specc.passes.depth import depth
from tests.support.checking import codes, said, spec

BLOCK = "{{inputs: [x], layers: [{{type: ReLU, name: a, from: x, repeat: 3}}, {{type: Add, name: sum, from: {order}}}], outputs: [sum]}}"
SPECS = {
    "a chain": ("layers: [{type: Input, name: x, shape: [4]}, {type: ReLU, name: r, repeat: 5}]", 5),
    "the long way first": (
        f"blocks: {{b: {BLOCK.format(order='[a, x]')}}}\nlayers: [{{type: Input, name: x, shape: [4]}}, {{type: b, name: b, repeat: 5}}]",
        20,
    ),
    "the short way first": (
        f"blocks: {{b: {BLOCK.format(order='[x, a]')}}}\nlayers: [{{type: Input, name: x, shape: [4]}}, {{type: b, name: b, repeat: 5}}]",
        8,
    ),
    "side by side": (
        "layers: [{type: Input, name: x, shape: [4]}, {type: ReLU, name: r, from: x, each: {k: [1, 2, 3]}}, {type: Add, name: y, from: r}]",
        2,
    ),
    "a nested model is one layer": (
        f"blocks: {{b: {BLOCK.format(order='[x, a]')}}}\nlayers: [{{type: Input, name: x, shape: [4]}}, {{type: b, name: b, nested: true}}, ReLU]",
        2,
    ),
    "several outputs and a shared layer": (
        """
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Dense, name: d, units: 4}
          - {share: d, name: e, from: d}
          - {type: ReLU, name: r, from: e}
          - {type: ReLU, name: s, from: d}
        outputs: [s, r]
        """,
        2,
    ),
}


@pytest.mark.parametrize(("text", "expected"), SPECS.values(), ids=SPECS)
def test_depth_is_that_of_keras(text: str, expected: int, monkeypatch: pytest.MonkeyPatch) -> None:
    from keras.src.ops import function

    graph = specc.compile(spec(text)).graph
    assert depth(graph) == expected
    walk = function._build_map_helper
    within, deepest = 0, [0]

    def counted(*arguments: Any) -> None:
        nonlocal within
        within += 1
        deepest.append(within)
        walk(*arguments)
        within -= 1

    model = specc.build(spec(text), form="functional")
    monkeypatch.setattr(function, "_build_map_helper", counted)
    function.map_graph(model.inputs, model.outputs)
    assert max(deepest) - 1 == expected, "but for the Input"


CHAIN = "layers:\n  - {{type: Input, name: x, shape: [4]}}\n  - {{type: ReLU, name: r, repeat: {repeat}}}\n"
NESTED = (
    "blocks:\n  b: {{inputs: [x], layers: [{{type: ReLU, name: r, repeat: {repeat}}}], outputs: [r]}}\n"
    "layers:\n  - {{type: Input, name: x, shape: [4]}}\n  - {{type: b, name: inner, nested: true}}\n"
)


def test_a_model_that_is_too_deep_for_keras() -> None:
    assert said(CHAIN.format(repeat=DEEPEST)) == []
    (message,) = said(CHAIN.format(repeat=DEEPEST + 1))
    assert message.startswith("1:1 deep-model: the model is 901 layers deep, too deep for Keras to load")


def test_a_nested_model_that_is_too_deep_for_keras() -> None:
    """Some of the calls that Python allows are spent on the way to it."""
    assert said(NESTED.format(repeat=DEEPEST - 4)) == []
    (message,) = said(NESTED.format(repeat=DEEPEST - 3))
    assert message.startswith("5:5 deep-model: the nested model 'inner' is 897 layers deep")


def test_many_layers_are_not_deep() -> None:
    wide = "layers:\n  - {type: Input, name: x, shape: [4]}\n  - {type: ReLU, name: r, from: x, each: {k: $(range(2000))}}\n  - {type: Add, name: y, from: r}\n"
    assert said(wide) == []


def test_a_warning_is_no_error() -> None:
    (warning,) = specc.check(spec(CHAIN.format(repeat=5000)))
    assert (warning.severity, warning.code) == ("warning", "deep-model")
    assert "sys.setrecursionlimit(7000)" in (warning.help or "")
    assert len(specc.compile(spec(CHAIN.format(repeat=5000))).nodes) == 5001


NAMED = "name: {model}\nlayers:\n  - {{type: Input, name: größe, shape: [4]}}\n  - {{type: {type}, name: {layer}}}\n"


@pytest.mark.parametrize(
    ("model", "type", "layer", "runs"),
    [
        ("net", "ReLU", "_y-1", True),
        ("net", "ReLU", "höhe", False),
        ("net", "ops.relu", "höhe", True),
        ("_net", "ReLU", "y", False),
        ("höhe", "ReLU", "y", False),
        ("1net", "ReLU", "y", True),
    ],
)
def test_names_that_tensorflow_runs(model: str, type: str, layer: str, runs: bool) -> None:
    text = NAMED.format(model=model, type=type, layer=layer)
    assert codes(text) == ([] if runs else ["name-for-tensorflow"])
    built = specc.build(spec(text))
    data = np.ones((1, 4), "float32")
    if runs:
        built.predict(data, verbose=0)
    else:
        with pytest.raises(ValueError, match=r"is not a valid .*scope name"):
            built.predict(data, verbose=0)
        keras.utils.clear_session()  # Keras has not left the scopes that it entered


FROZEN = """
blocks:
  part: {{inputs: [x], layers: [{{{layer}, name: inner}}], outputs: [inner]}}
layers:
  - {{type: Input, name: x, shape: [3, 5, 8]}}
  - {{{used}, name: y}}
  - {{type: Dense, name: z, units: 1}}
"""


@pytest.mark.parametrize(
    ("used", "warned"),
    [
        ("type: Dense, units: 2, trainable: false", False),
        ("type: ConvLSTM1D, filters: 2, kernel_size: 2", False),
        ("type: ConvLSTM1D, filters: 2, kernel_size: 2, trainable: false", True),
        ("type: MultiHeadAttention, num_heads: 1, key_dim: 2, trainable: false, from: {query: x, value: x}", True),
        ("type: Bidirectional, layer: {type: ConvLSTM1D, filters: 2, kernel_size: 2}, trainable: false", True),
        ("type: TimeDistributed, layer: {type: LSTM, units: 2}, trainable: false", False),
        ("type: part, nested: true, trainable: false", True),
        ("type: part, nested: true", False),
    ],
)
def test_what_keras_loads_as_trainable(tmp_path: Path, used: str, warned: bool) -> None:
    text = FROZEN.format(layer="type: ConvLSTM1D, filters: 2, kernel_size: 2", used=used)
    if "type: part" not in used:
        text = text.replace("blocks:", "blocks: {}").replace(text.split("\n")[2] + "\n", "")
    assert codes(text) == (["frozen-layer"] if warned else [])
    built = specc.build(spec(text))
    built.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    assert (count(loaded) != count(built)) == warned
    assert count(built) == specc.compile(spec(text)).trainable_params


def count(model: Any) -> int:
    return sum(weight.numpy().size for weight in model.trainable_weights)
