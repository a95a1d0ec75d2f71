from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from specc.layers import FAMILIES
from specc.shapes import Tensor
from tests.support.draws import PER_CLASS, RUN, draws
from tests.support.layer_agreement import agree
from tests.support.layer_checks import example_agrees, problem, refused
from tests.support.layer_running import agree_and_run

TYPES = FAMILIES["reshaping"]
SPATIAL = [name for name in TYPES if name.endswith("D")]
REQUIRED: dict[str, dict[str, Any]] = {
    "Reshape": {"target_shape": [-1]},
    "Permute": {"dims": [2, 1]},
    "RepeatVector": {"n": 3},
}
RANKS = {"Flatten": 1, "Reshape": 1, "Permute": 1, "RepeatVector": 0} | {name: int(name[-2]) for name in SPATIAL}


@pytest.mark.parametrize("type_name", TYPES)
def test_example(type_name: str) -> None:
    example_agrees(type_name)


def margins(rank: int) -> st.SearchStrategy[Any]:
    one = st.integers(0, 3)
    sides = one | st.lists(one, min_size=2, max_size=2)
    return sides if rank == 1 else one | st.lists(sides, min_size=rank, max_size=rank)


@st.composite
def spatial_case(draw: st.DrawFn, type_name: str) -> tuple[dict[str, Any], tuple[int | None, ...], bool]:
    """Arguments, an input's shape, and whether Keras can be asked to run it."""
    rank = RANKS[type_name]
    arguments: dict[str, Any] = {}
    if type_name not in ("Cropping1D", "UpSampling1D"):
        arguments["data_format"] = draw(st.sampled_from([None, "channels_last", "channels_first"]))
    if type_name.startswith("Cropping"):
        arguments["cropping"] = draw(margins(rank))
    elif type_name.startswith("ZeroPadding"):
        arguments["padding"] = draw(margins(rank))
    else:
        one = st.integers(1, 4)
        arguments["size"] = draw(one if rank == 1 else one | st.lists(one, min_size=rank, max_size=rank))
    if type_name == "UpSampling2D":
        kinds = ["nearest", "nearest", "bilinear", "bicubic", "lanczos3", "lanczos5", "area"]
        arguments["interpolation"] = draw(st.sampled_from(kinds))
    known = arguments.get("interpolation", "nearest") != "nearest" or draw(st.booleans())
    dim = st.integers(1, 7) if known else st.none() | st.integers(1, 7)
    spatial = draw(st.lists(dim, min_size=rank, max_size=rank))
    if draw(st.integers(0, 9)) == 0:
        spatial = spatial[1:] if draw(st.booleans()) else [*spatial, 3]
    channels = draw(st.none() | st.integers(1, 4))
    batch = draw(st.sampled_from([None, 2]))
    first = arguments.get("data_format") == "channels_first"
    return arguments, (batch, channels, *spatial) if first else (batch, *spatial, channels), known


@pytest.mark.parametrize("type_name", SPATIAL)
def test_agrees_with_keras(type_name: str) -> None:
    @draws(PER_CLASS)
    @given(spatial_case(type_name))
    def check(drawn: tuple[dict[str, Any], tuple[int | None, ...], bool]) -> None:
        arguments, shape, run = drawn
        agree(type_name, arguments, shape, run=run and RUN)

    check()


shapes = st.lists(st.none() | st.integers(1, 6), min_size=1, max_size=5).map(tuple)


@draws(PER_CLASS)
@given(shapes, st.sampled_from([None, "channels_first"]))
def test_flatten(shape: tuple[int | None, ...], data_format: str | None) -> None:
    assert agree("Flatten", {"data_format": data_format}, shape, run=RUN)


@draws(2 * PER_CLASS)
@given(
    st.none() | st.just(2),
    st.lists(st.sampled_from([1, 2, 3, 4, 6]), max_size=3),
    st.lists(st.sampled_from([-1, None, 1, 2, 3, 4, 6, 12]), max_size=3),
    st.booleans(),
)
def test_reshape(batch: int | None, old: list[int], new: list[int | None], unknown: bool) -> None:
    shape = (batch, *old, None) if unknown else (batch, *old)
    several_open = sum(dim in (-1, None) for dim in new) > 1  # what no input can be reshaped to
    agree("Reshape", {"target_shape": new}, shape, run=(not unknown or several_open) and RUN)


@draws(PER_CLASS)
@given(shapes, st.data())
def test_permute(shape: tuple[int | None, ...], data: st.DataObject) -> None:
    dims = data.draw(st.permutations(range(1, len(shape))) | st.lists(st.integers(0, 4), max_size=4))
    agree("Permute", {"dims": list(dims)}, shape, run=RUN)


@draws(PER_CLASS)
@given(shapes, st.integers(1, 5))
def test_repeat_vector(shape: tuple[int | None, ...], n: int) -> None:
    agree("RepeatVector", {"n": n}, shape, run=RUN)


@pytest.mark.parametrize("dtype", ["bool", "uint8", "uint64", "int32", "complex64", "string", "float16", "float64"])
@pytest.mark.parametrize("type_name", TYPES)
def test_dtype(type_name: str, dtype: str) -> None:
    arguments = REQUIRED.get(type_name, {})
    tensor = Tensor((None, *(4,) * RANKS[type_name], 3), dtype)
    agree(type_name, arguments, tensor, run=True, accepted=True)
    for policy in ("mixed_float16", "int32", "string"):
        agree(type_name, {**arguments, "dtype": policy}, tensor, run=True)


@pytest.mark.parametrize("dtype", ["bool", "uint16", "uint32", "uint64", "int8", "int64", "complex64", "string"])
@pytest.mark.parametrize("interpolation", ["bilinear", "bicubic", "lanczos3", "area"])
def test_interpolation(interpolation: str, dtype: str) -> None:
    agree("UpSampling2D", {"interpolation": interpolation}, Tensor((None, 4, 4, 3), dtype), run=True)


@pytest.mark.parametrize("type_name", TYPES)
def test_sparse_and_ragged(type_name: str) -> None:
    arguments = REQUIRED.get(type_name, {})
    shape = (*(4,) * RANKS[type_name], 3)
    moves = type_name in ("Flatten", "Reshape", "Permute")
    agree(type_name, arguments, Tensor((None, *shape), sparse=True), run=True, accepted=moves)
    if type_name.startswith("Cropping"):
        arguments = {"cropping": 0}
    takes = type_name in ("Flatten", "Reshape") or type_name.startswith("Cropping")
    assert agree_and_run(type_name, arguments, Tensor((None, None, *shape[1:]), ragged=True)) == takes


@pytest.mark.parametrize(
    ("type_name", "arguments", "message", "hint", "path"),
    [
        (
            "Reshape",
            {"target_shape": [-1, 4, -1]},
            "target_shape can leave one size open, not several as (-1, 4, -1) does",
            "give all but one of them a number",
            ("target_shape",),
        ),
        (
            "Reshape",
            {"target_shape": [0, 4]},
            "target_shape must be a list of positive integers without the batch axis, where one may be -1 for what is "
            "left, not [0, 4]",
            "set target_shape to a list of positive integers without the batch axis, where one may be -1 for what is left",
            ("target_shape", 0),
        ),
        (
            "Permute",
            {"dims": [0, 1]},
            "dims must name every axis once, and (0, 1) does not",
            "axes count from 1, without the batch axis; [2, 1] swaps two",
            ("dims",),
        ),
        (
            "Cropping2D",
            {"cropping": [[1, 2, 3], 1]},
            "cropping must be an integer of 0 or more, or a list of 2, each an integer or a list of 2, "
            "not [[1, 2, 3], 1]",
            "set cropping to an integer of 0 or more, or a list of 2, each an integer or a list of 2",
            ("cropping", 0),
        ),
        (
            "UpSampling2D",
            {"interpolation": "bilinaer"},
            'interpolation must be "nearest", "bilinear", "bicubic", "lanczos3", "lanczos5" or "area", not "bilinaer"',
            "did you mean 'bilinear'?",
            ("interpolation",),
        ),
    ],
)
def test_problem(
    type_name: str, arguments: dict[str, Any], message: str, hint: str | None, path: tuple[str | int, ...]
) -> None:
    assert problem(type_name, arguments) == (message, hint, path)


@pytest.mark.parametrize(
    ("type_name", "arguments", "inputs", "message", "hint", "argument"),
    [
        (
            "Reshape",
            {"target_shape": [10, 10]},
            (None, 28, 28),
            "cannot make (10, 10) of (None, 28, 28): 100 values for 784",
            "both shapes, without the batch axis, must have the same number of values; -1 means the remaining size",
            "target_shape",
        ),
        (
            "Reshape",
            {"target_shape": [-1, 10]},
            (None, 28, 28),
            "cannot make (-1, 10) of (None, 28, 28): 784 is not a multiple of 10",
            "both shapes, without the batch axis, must have the same number of values; -1 means the remaining size",
            "target_shape",
        ),
        (
            "Cropping2D",
            {"cropping": [1, [2, 3]], "data_format": "channels_first"},
            (None, 3, 8, 5),
            "cannot crop 2 and 3 from axis 3 of (None, 3, 8, 5)",
            "crop 4 or less in all on that axis",
            "cropping",
        ),
        (
            "UpSampling2D",
            {"interpolation": "area"},
            Tensor((None, 4, 4, 3), "uint32"),
            "cannot interpolate uint32",
            'set interpolation to "nearest", or give the Input a float dtype',
            "interpolation",
        ),
        (
            "Permute",
            {"dims": [2, 1]},
            (None, 4),
            "needs an input of 3 dimensions, got (None, 4) with 2",
            "a Reshape layer can add the missing axis, for instance a last one of size 1",
            None,
        ),
    ],
)
def test_refusal(
    type_name: str, arguments: dict[str, Any], inputs: Any, message: str, hint: str, argument: str | None
) -> None:
    assert refused(type_name, arguments, inputs) == (message, hint, argument)
