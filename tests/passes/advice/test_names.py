"""Input names that are one to TensorFlow; compared with what it exports."""

from __future__ import annotations

import logging
import warnings
from pathlib import Path

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
