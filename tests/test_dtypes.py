"""specc's type promotion is Keras's: over every pair of dtypes and weak types, and over all triples with one."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from specc.arguments import DTYPES
from specc.diagnostics.problem import DTypeError
from specc.dtypes import ALL, result_type
from tests.support import layer_agreement  # noqa: F401  quiets TensorFlow before Keras is imported

MEETING: tuple[Any, ...] = (*DTYPES, int, float, bool)


def keras_result(*dtypes: Any) -> str | None:
    import keras

    try:
        return str(keras.backend.result_type(*dtypes))
    except ValueError:
        return None


def specc_result(*dtypes: Any) -> str | None:
    try:
        return result_type(*dtypes)
    except DTypeError:
        return None


def test_every_dtype_is_in_a_set() -> None:
    assert frozenset(DTYPES) == ALL


def test_singles() -> None:
    for dtype in MEETING:
        assert specc_result(dtype) == keras_result(dtype), dtype


def test_pairs() -> None:
    for pair in product(MEETING, repeat=2):
        assert specc_result(*pair) == keras_result(*pair), pair


def test_triples() -> None:
    for triple in product(MEETING, repeat=3):
        assert specc_result(*triple) == keras_result(*triple), triple


def test_strings_and_numbers_do_not_meet() -> None:
    with pytest.raises(DTypeError) as caught:
        result_type("string", "int8", float)
    assert caught.value.problem.message == "cannot combine string and int8 and a number"
    assert (
        caught.value.problem.help
        == "turn the strings into numbers first, with a StringLookup or TextVectorization layer"
    )
