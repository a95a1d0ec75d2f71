"""Names that TensorFlow cannot run, and input names that are one to it; compared with what it runs and exports."""

from __future__ import annotations

import logging
import warnings
from pathlib import Path

import keras
import numpy as np
import pytest

import specc
from tests.support.checking import codes, spec

TEXT = "layers:\n  - {{type: Input, name: '{}', shape: [2]}}\n  - {{type: Input, name: '{}', shape: [2]}}\n  - {{type: Add, name: y, from: ['{}', '{}']}}\n"
PAIRS = {
    ("x", "X"): False, ("ab", "aB"): False, ("a-b", "a_b"): False, ("a--b", "a__b"): False, ("1", "arg_1"): False,
    ("a-b", "A_B"): True, ("x_1", "x"): True, ("2x", "x"): True, ("a_b", "ab"): True,
}  # fmt: skip


@pytest.mark.parametrize(("names", "fine"), PAIRS.items(), ids=str)
def test_input_names(names: tuple[str, str], fine: bool, tmp_path: Path) -> None:
    text = TEXT.format(*names, *names)
    assert codes(text) == ([] if fine else ["name-for-tensorflow"])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = specc.build(spec(text))
    logging.getLogger("tensorflow").setLevel(logging.ERROR)
    try:
        model.export(tmp_path, verbose=False)
    except ValueError:
        assert not fine
    else:
        assert fine


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
        keras.utils.clear_session(free_memory=False)  # Keras has not left the scopes that it entered
