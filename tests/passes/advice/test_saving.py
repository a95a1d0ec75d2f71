"""What Keras cannot load from the file of a model, or loads as something else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import pytest

import specc
from specc.passes.advice.saving import DEEPEST
from tests.support.checking import codes, said, spec

CHAIN = "layers:\n  - {{type: Input, name: x, shape: [4]}}\n  - {{type: ReLU, repeat: {repeat}}}\n"


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
