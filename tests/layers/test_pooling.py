from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from specc import layers
from specc.calls import Policy
from specc.layers import FAMILIES
from specc.shapes import Tensor
from tests.support.draws import PER_CLASS, RUN, draws
from tests.support.layer_agreement import agree
from tests.support.layer_checks import example_agrees, problem, refused

TYPES = FAMILIES["pooling"]
WINDOW = [name for name in TYPES if name.startswith(("Max", "Average"))]


@pytest.mark.parametrize("type_name", TYPES)
def test_example(type_name: str) -> None:
    example_agrees(type_name)


def sizes(rank: int, least: int, most: int) -> st.SearchStrategy[Any]:
    one = st.integers(least, most)
    return one | st.lists(one, min_size=rank, max_size=rank)


@st.composite
def case(draw: st.DrawFn, type_name: str) -> tuple[dict[str, Any], tuple[int | None, ...], bool]:
    """Arguments, an input's shape, and whether Keras can be asked to run it."""
    rank = int(type_name[-2])
    arguments: dict[str, Any] = {"data_format": draw(st.sampled_from([None, "channels_last", "channels_first"]))}
    if type_name in WINDOW:
        arguments["pool_size"] = draw(sizes(rank, 1, 4))
        arguments["strides"] = draw(st.none() | sizes(rank, 1, 3))
        arguments["padding"] = draw(st.sampled_from(["valid", "same"]))
    elif type_name.startswith("Adaptive"):
        arguments["output_size"] = draw(sizes(rank, 2, 9))
    else:
        arguments["keepdims"] = draw(st.booleans())
    adaptive = type_name.startswith("Adaptive")
    known = adaptive or draw(st.booleans())
    least = 2 if adaptive else 1
    dim = st.integers(least, 7) if known else st.none() | st.integers(least, 7)
    spatial = draw(st.lists(dim, min_size=rank, max_size=rank))
    if draw(st.integers(0, 9)) == 0 and not adaptive:  # adaptive pooling makes nonsense of another rank
        spatial = spatial[1:] if draw(st.booleans()) else [*spatial, 3]
    channels = draw(st.none() | st.integers(1, 4))
    batch = draw(st.sampled_from([None, 2]))
    first = arguments["data_format"] == "channels_first"
    return arguments, (batch, channels, *spatial) if first else (batch, *spatial, channels), known


@pytest.mark.parametrize("type_name", TYPES)
def test_agrees_with_keras(type_name: str) -> None:
    @draws(PER_CLASS)
    @given(case(type_name))
    def check(drawn: tuple[dict[str, Any], tuple[int | None, ...], bool]) -> None:
        arguments, shape, run = drawn
        agree(type_name, arguments, shape, run=run and RUN)

    check()


REQUIRED: dict[str, dict[str, Any]] = {
    name: {"pool_size": 2} if name in WINDOW else {"output_size": 3} if name.startswith("Adaptive") else {}
    for name in TYPES
}


@pytest.mark.parametrize(
    "dtype", ["bool", "uint8", "uint16", "uint32", "uint64", "int8", "int32", "int64", "complex64", "string", "float16"]
)
@pytest.mark.parametrize("type_name", TYPES)
def test_dtype(type_name: str, dtype: str) -> None:
    agree(type_name, REQUIRED[type_name], Tensor((None, *(4,) * int(type_name[-2]), 3), dtype), run=True)


@pytest.mark.parametrize("policy", ["float16", "bfloat16", "float64", "mixed_float16", "int32", "bool", "string"])
@pytest.mark.parametrize("type_name", TYPES)
def test_policy(type_name: str, policy: str) -> None:
    shape = (None, *(4,) * int(type_name[-2]), 3)
    # Some of these only some machines can compute, so that running them decides nothing.
    run = not ("3D" in type_name and ("float16" in policy or "Average" in type_name))
    agree(type_name, {**REQUIRED[type_name], "dtype": policy}, shape, run=run or policy in ("int32", "bool", "string"))


@pytest.mark.parametrize("type_name", TYPES)
def test_sparse_and_ragged(type_name: str) -> None:
    shape = (*(4,) * (int(type_name[-2]) - 1), 3)
    agree(type_name, REQUIRED[type_name], Tensor((None, 4, *shape), sparse=True), run=True, accepted=False)
    whole = type_name.startswith("Global")
    agree(type_name, REQUIRED[type_name], Tensor((None, None, *shape), ragged=True), run=True, accepted=whole)


@pytest.mark.parametrize(
    ("mask", "dtype", "accepted"),
    [
        ((None, 4), "bool", True),
        ((None, 4), "float32", True),
        ((None, 4), "int32", True),
        ((None, 4), "string", False),
        ((None, 1), "bool", True),
        ((None, None), "bool", True),
        ((None, 5), "bool", False),
        ((None,), "bool", False),
        ((None, 4, 1), "bool", False),
    ],
)
def test_mask_of_an_average(mask: tuple[int | None, ...], dtype: str, accepted: bool) -> None:
    run = None not in mask[1:]
    for shape, data_format in (((None, 4, 3), "channels_last"), ((None, 3, 4), "channels_first")):
        inputs = {"inputs": Tensor(shape), "mask": Tensor(mask, dtype)}
        agree("GlobalAveragePooling1D", {"data_format": data_format}, inputs, run=run, accepted=accepted)


def test_a_mask_ends_here() -> None:
    x = keras.Input((4,), dtype="int32")
    embedded = keras.layers.Embedding(9, 3, mask_zero=True)(x)
    for type_name in ("GlobalAveragePooling1D", "GlobalMaxPooling1D", "MaxPooling1D"):
        cls = layers.find(type_name)
        assert cls is not None
        with_mask = Tensor((None, 4, 3), mask=(None, 4))
        (output,) = cls().infer(cls().call({"inputs": with_mask}, {}, Policy.named("float32")))
        theirs = getattr(keras.layers, type_name)()(embedded)
        assert output.mask is None
        assert getattr(theirs, "_keras_mask", None) is None
        assert output.shape == theirs.shape


@pytest.mark.parametrize("type_name", ["AdaptiveMaxPooling1D", "AdaptiveAveragePooling1D"])
@pytest.mark.parametrize(("steps", "size"), [(4, 1), (1, 3)])
def test_keras_cannot_pool_to_or_from_one(type_name: str, steps: int, size: int) -> None:
    """Keras accepts these when it builds a model; should predict learn them, specc need not refuse them."""
    x = keras.Input((steps, 3))
    model = keras.Model(x, getattr(keras.layers, type_name)(size)(x))
    with pytest.raises(Exception, match="Negative dimension size"):
        model.predict(np.zeros((2, steps, 3), "float32"), verbose=0)


@pytest.mark.parametrize(
    ("type_name", "arguments", "message", "hint", "path"),
    [
        (
            "AdaptiveMaxPooling2D",
            {"output_size": 1},
            "output_size 1 makes Keras fail when the model predicts",
            "use GlobalMaxPooling2D with keepdims: true",
            ("output_size",),
        ),
        (
            "AdaptiveAveragePooling2D",
            {"output_size": [1, 4]},
            "output_size 1 makes Keras fail when the model predicts",
            "make every size 2 or more",
            ("output_size",),
        ),
        (
            "MaxPooling2D",
            {"pool_size": 0},
            "pool_size must be a positive integer or a list of 2 positive integers, not 0",
            "set pool_size to a positive integer or a list of 2 positive integers",
            ("pool_size",),
        ),
        ("AveragePooling1D", {}, "needs 'pool_size'", "add 'pool_size': a positive integer", ()),
    ],
)
def test_problem(
    type_name: str, arguments: dict[str, Any], message: str, hint: str | None, path: tuple[str, ...]
) -> None:
    assert problem(type_name, arguments) == (message, hint, path)


@pytest.mark.parametrize(
    ("type_name", "arguments", "inputs", "message", "hint", "argument"),
    [
        (
            "MaxPooling2D",
            {"pool_size": [2, 4]},
            (None, 3, 3, 1),
            "cannot fit a pool_size of 4 on axis 2 of (None, 3, 3, 1)",
            'set padding to "same", or make pool_size 3 or less',
            "pool_size",
        ),
        (
            "MaxPooling1D",
            {},
            Tensor((None, 4, 2), "uint32"),
            "cannot pool uint32",
            "give it float32: set dtype, on it or on its Input",
            None,
        ),
        (
            "AdaptiveMaxPooling2D",
            {"output_size": 3},
            (None, 1, 5, 3),
            "needs 2 or more on each spatial axis, got (None, 1, 5, 3)",
            "Keras fails on such an axis when it predicts; repeat it first, with an UpSampling layer",
            None,
        ),
        (
            "GlobalAveragePooling1D",
            {},
            {"inputs": Tensor((None, 4, 3)), "mask": Tensor((None, 5), "bool")},
            "needs a mask of shape (None, 4), got (None, 5)",
            "a mask has one value for each step of each sample",
            None,
        ),
        (
            "GlobalMaxPooling2D",
            {},
            (None, 4),
            "needs an input of 4 dimensions, got (None, 4) with 2",
            "a Reshape layer can add the 2 missing axes",
            None,
        ),
    ],
)
def test_refusal(
    type_name: str, arguments: dict[str, Any], inputs: Any, message: str, hint: str, argument: str | None
) -> None:
    assert refused(type_name, arguments, inputs) == (message, hint, argument)
