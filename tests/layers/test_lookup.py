"""Layers with a vocabulary take what Keras's take, and say what is wrong with their tokens."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from specc import layers
from specc.shapes import Tensor
from tests.support.draws import PER_CLASS, RUN, draws
from tests.support.layer_agreement import agree
from tests.support.layer_checks import example_agrees, problem, refusal
from tests.support.layer_draws import given_only
from tests.support.layer_running import agree_and_run

TYPES = layers.FAMILIES["lookup"]

_open = st.lists(st.sampled_from([None, 1, 2, 3]), max_size=4).map(tuple)
_policies = st.sampled_from(["float32", "float32", "mixed_float16", "float64", "bfloat16"])


@pytest.mark.parametrize("name", TYPES)
def test_example(name: str) -> None:
    example_agrees(name)


_encodings = st.sampled_from(["int", "one_hot", "multi_hot", "count", "tf_idf", "binary", "tf-idf"])
_words = st.lists(st.sampled_from(["a b", "a", "b", "c", "", "[UNK]"]), max_size=5)
_numbers = st.lists(st.sampled_from([0, 1, 2, 7, -1]), max_size=5)


def lookups(tokens: Any, special: Any) -> Any:
    return st.fixed_dictionaries(
        {"vocabulary": tokens},
        optional={
            "max_tokens": st.sampled_from([1, 2, 4, 9]),
            "num_oov_indices": st.sampled_from([1, 2, 3]),
            "mask_token": special,
            "oov_token": special,
            "idf_weights": st.lists(st.sampled_from([1.0, 2.0]), min_size=1, max_size=3),
            "invert": st.booleans(),
            "output_mode": _encodings,
            "pad_to_max_tokens": st.booleans(),
            "sparse": st.booleans(),
            "salt": st.sampled_from([3, [1, 2]]),
            "oov_method": st.sampled_from(["floormod", "farmhash"]),
            "vocabulary_size": st.sampled_from([None, 3, 4]),
        },
    )


@draws(2 * PER_CLASS)
@given(
    arguments=lookups(_words, st.sampled_from([None, "", "a", "[UNK]"])),
    shape=st.sampled_from([(None, 3), (None, 1), (None,), (None, 2, 3), ()]),
    data=st.sampled_from(["string", "string", "string", "int64", "float32", "bool"]),
    policy=_policies,
)
def test_string_lookup(arguments: dict[str, Any], shape: Any, data: str, policy: str) -> None:
    agree_and_run("StringLookup", arguments, Tensor(shape, data), policy=policy, run=RUN)


@draws(2 * PER_CLASS)
@given(
    arguments=lookups(_numbers, st.sampled_from([None, 0, 1, -1])),
    shape=st.sampled_from([(None, 3), (None, 1), (None,), (None, 2, 3), ()]),
    data=st.sampled_from(["int64", "int64", "int32", "float32", "bool", "string"]),
)
def test_integer_lookup(arguments: dict[str, Any], shape: Any, data: str) -> None:
    agree_and_run("IntegerLookup", arguments, Tensor(shape, data), run=RUN)


@draws(PER_CLASS)
@given(
    name=st.sampled_from(["StringLookup", "IntegerLookup", "TextVectorization"]),
    mode=_encodings,
    tokens=st.none() | st.integers(2, 9),
    size=st.none() | st.integers(1, 9),
    pad=st.booleans(),
    shape=_open,
)
def test_lookup_to_be_adapted(
    name: str, mode: str, tokens: int | None, size: int | None, pad: bool, shape: Any
) -> None:
    arguments = given_only(output_mode=mode, max_tokens=tokens, vocabulary_size=size, pad_to_max_tokens=pad)
    assume(shape or name != "TextVectorization")  # specc wants a batch of texts; of a scalar Keras announces encodings
    assume(
        mode != "one_hot" or name == "TextVectorization" or shape[1:][-1:] != (None,)
    )  # Keras finds out when it runs
    if name == "TextVectorization" and shape[1:]:
        # Otherwise Keras finds out when it runs, or gives encodings that are ragged.
        shape = (*shape[:-1], 1) if mode == "int" else (shape[0], 1)
    agree(name, arguments, Tensor(shape, "int64" if name == "IntegerLookup" else "string"), dtypes=False)


@draws(2 * PER_CLASS)
@given(
    arguments=st.fixed_dictionaries(
        {"vocabulary": _words | st.just(["a", "b", "c"]) | st.just(["a", "b", "c"])},
        optional={
            "max_tokens": st.sampled_from([2, 5, 9]),
            "standardize": st.sampled_from([None, "lower", "strip_punctuation", "upper"]),
            "split": st.sampled_from([None, "whitespace", "character", "word"]),
            "ngrams": st.sampled_from([None, 2, [1, 3]]),
            "output_mode": _encodings,
            "output_sequence_length": st.sampled_from([1, 4]),
            "pad_to_max_tokens": st.booleans(),
            "idf_weights": st.just([1.0, 2.0, 3.0]),
            "sparse": st.booleans(),
            "ragged": st.booleans(),
            "dtype": st.sampled_from(["float16", "string"]),
        },
    ),
    shape=st.sampled_from([(None,), (None, 1), (None, 1), (3, 1), (None, 3), (None, 2, 1), ()]),
    data=st.sampled_from(["string", "string", "string", "string", "int64", "float32"]),
)
def test_text_vectorization(arguments: dict[str, Any], shape: Any, data: str) -> None:
    splits = arguments.get("split", "whitespace") is not None
    ragged = arguments.get("output_mode", "int") != "int" or arguments.get("ragged")
    assume(not (len(shape) > 2 and splits and ragged))  # specc refuses it: of another rank than Keras announces
    agree_and_run("TextVectorization", arguments, Tensor(shape, data), run=RUN)


@pytest.mark.parametrize(
    ("name", "arguments", "inputs", "message", "help"),
    [
        (
            "StringLookup",
            {"vocabulary": ["a"]},
            Tensor((None, 1), "int64"),
            "looks up strings, got int64",
            "give the Input dtype string; for integers there is IntegerLookup",
        ),
        (
            "TextVectorization",
            {},
            Tensor((None, 3), "string"),
            "splits one string per sample, got (None, 3)",
            "give the Input the shape []; or set 'split' to null if the strings are tokens already",
        ),
    ],
)
def test_refuses(name: str, arguments: dict[str, Any], inputs: Any, message: str, help: str) -> None:
    error = refusal(name, arguments, inputs)
    assert (error.message, error.help) == (message, help)


@pytest.mark.parametrize(
    ("name", "arguments", "message", "help"),
    [
        (
            "StringLookup",
            {"vocabulary": "words.txt"},
            "vocabulary cannot be a file: a spec names no file to read",
            "list the tokens, or remove it and call adapt() or set_vocabulary() on the built layer",
        ),
        ("StringLookup", {"vocabulary": ["a", "a"]}, 'has the token "a" twice', "list each token once"),
        (
            "StringLookup",
            {"vocabulary": ["[UNK]"]},
            "has no tokens besides the special ones",
            "add tokens, or remove it",
        ),
        (
            "StringLookup",
            {"vocabulary": ["a", "b"], "mask_token": "b"},
            'has its mask_token "b" among the tokens',
            'remove it from the list, or start the list with ["b", "[UNK]"]',
        ),
        (
            "StringLookup",
            {"vocabulary": ["a", "b"], "max_tokens": 2},
            "has 3 tokens, the special ones included, and max_tokens 2",
            "set 'max_tokens' to 3 or more",
        ),
        (
            "StringLookup",
            {"pad_to_max_tokens": True},
            "needs 'max_tokens' to pad to",
            "add 'max_tokens'",
        ),
        (
            "StringLookup",
            {"invert": True, "output_mode": "count"},
            "cannot turn indices back into tokens in output_mode count",
            "remove 'output_mode'",
        ),
        (
            "IntegerLookup",
            {"invert": True, "oov_token": None},
            "needs an 'oov_token' to give for unknown indices",
            "give 'oov_token' a value",
        ),
        (
            "IntegerLookup",
            {"salt": 3},
            "uses 'salt' with oov_method farmhash only",
            "remove it, or set 'oov_method' to farmhash",
        ),
        (
            "TextVectorization",
            {"sparse": True},
            "cannot give sparse output in output_mode int",
            "remove 'sparse', or set 'output_mode' to one_hot, multi_hot or count",
        ),
        (
            "TextVectorization",
            {"output_mode": "count", "ragged": True},
            "gives sequences in output_mode int only, not in count",
            "remove 'ragged'",
        ),
        (
            "TextVectorization",
            {"output_mode": "tf_idf", "vocabulary": ["a"]},
            "needs 'idf_weights' with a vocabulary in output_mode tf_idf",
            "add 'idf_weights': a list of numbers, one for each token",
        ),
        (
            "TextVectorization",
            {"output_mode": "tf_idf", "vocabulary": ["a"], "idf_weights": [1, 2]},
            "has 2 idf_weights for 1 tokens",
            "give one number for each token",
        ),
        (
            "TextVectorization",
            {"idf_weights": [1, 2]},
            "uses 'idf_weights' in output_mode tf_idf only, not in int",
            "remove it, or set 'output_mode' to tf_idf",
        ),
    ],
)
def test_refuses_arguments(name: str, arguments: dict[str, Any], message: str, help: str | None) -> None:
    assert problem(name, arguments)[:2] == (message, help)
