from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from specc import layers
from specc.calls import Policy
from specc.shapes import Tensor
from tests.support.draws import PER_CLASS, RUN, draws
from tests.support.layer_agreement import agree
from tests.support.layer_checks import example_agrees, named_twice, problem, refusal
from tests.support.layer_draws import given_only
from tests.support.layer_running import agree_and_run

TYPES = layers.FAMILIES["preprocessing"]

_known = st.tuples(st.sampled_from([None, 2, 3]), st.lists(st.sampled_from([1, 2, 3, 4]), max_size=3)).map(
    lambda parts: (parts[0], *parts[1])
)
_scalar_too = st.just(()) | _known
_open = st.lists(st.sampled_from([None, 1, 2, 3]), max_size=4).map(tuple)
_policies = st.sampled_from(["float32", "float32", "mixed_float16", "float64", "bfloat16"])
_modes = st.sampled_from(["int", "one_hot", "multi_hot", "count"])
_dtype = st.sampled_from([None, None, "float16", "float64", "int32", "int64", "bool", "mixed_float16", "string"])
_data = st.sampled_from(["float32", "float32", "int64", "int32", "uint8", "bool", "float16", "string"])


@pytest.mark.parametrize("name", TYPES)
def test_example(name: str) -> None:
    example_agrees(name)


# -- Numbers ---------------------------------------------------------------------------------------

_arrays = st.sampled_from(
    [2, 0.5, [1.0], [1.0, 2.0], [1, 2, 3], [[1.0, 2.0, 3.0]], [[1.0], [2.0]], [[1.0, 2.0], [3.0, 4.0]], [], [[1], 2]]
)


@draws(PER_CLASS)
@given(shape=_scalar_too, scale=_arrays, offset=st.none() | _arrays, dtype=_dtype, data=_data, policy=_policies)
def test_rescaling(shape: Any, scale: Any, offset: Any, dtype: str | None, data: str, policy: str) -> None:
    per_batch = {(None,): ([1.0, 2.0], [1, 2, 3], [[1.0, 2.0, 3.0]], [])}.get(shape, ())
    two = ([[1.0], [2.0]], [[1.0, 2.0], [3.0, 4.0]]) if shape[:1] == (None,) and len(shape) <= 2 else ()
    assume(all(array not in (*per_batch, *two) for array in (scale, offset)))  # they fit one size of the batch only
    assume([] not in (scale, offset) or shape[-1:] not in ((), (1,)))  # refused, since an axis without a size comes out
    arguments = given_only(scale=scale, offset=offset, dtype=dtype)
    if data == "string":  # times 0 (0.5 as an integer), a graph drops what cannot be computed; eager Keras refuses it
        agree("Rescaling", arguments, Tensor(shape, data), policy=policy, run=RUN, accepted=False)
    else:
        agree_and_run("Rescaling", arguments, Tensor(shape, data), policy=policy, run=RUN)


def test_rescaling_strings_by_0() -> None:
    agree("Rescaling", {"scale": 0.5, "dtype": "int32"}, Tensor((None, 2), "string"), run=True, accepted=False)


@draws(PER_CLASS)
@given(
    shape=_scalar_too,
    axis=st.sampled_from([-1, -1, 1, 2, 0, None, [1], [1, 2], [2, 1], [-1, 1], [-2, -1], [1, 1], [], 4, -4]),
    statistics=st.none() | st.tuples(_arrays, _arrays) | _arrays.map(lambda array: (array, array)),
    dtype=st.sampled_from([None, None, "float16", "float64", "mixed_float16"]),
    data=_data,
    policy=_policies,
)
def test_normalization(shape: Any, axis: Any, statistics: Any, dtype: str | None, data: str, policy: str) -> None:
    assume(not named_twice(axis, shape))  # Keras runs it where the sizes fit by chance
    arguments: dict[str, Any] = {"axis": axis, **given_only(dtype=dtype)}
    if statistics is not None:
        arguments |= {"mean": statistics[0], "variance": statistics[1], "invert": True}
    agree_and_run("Normalization", arguments, Tensor(shape, data), policy=policy, run=RUN)


def test_normalization_along_an_axis_twice() -> None:
    for size in (1, 2):
        assert refusal("Normalization", {"axis": [-1, 1]}, (None, size)).message == "has a duplicate axis in [-1, 1]"


@pytest.mark.parametrize("name", ["Normalization", "Rescaling"])
def test_a_mask_goes_through(name: str) -> None:
    cls = layers.find(name)
    assert cls is not None
    layer, _ = cls.parse({"scale": 2.0} if name == "Rescaling" else {})
    assert layer is not None
    call = layer.call({"inputs": Tensor((None, 3, 4), mask=(None, 3))}, {}, Policy.named("float32"))
    assert layer.infer(call)[0].mask == (None, 3)


@pytest.mark.parametrize("shape", [(None, None), (None, None, 3), (None, 3, None)])
def test_normalization_of_unknown_sizes(shape: tuple[int | None, ...]) -> None:
    for axis in (-1, 1, None, [1, 2]):
        agree("Normalization", {"axis": axis}, shape)
        agree("Normalization", {"axis": axis, "mean": 1.0, "variance": 2.0}, shape)


# -- Categories ------------------------------------------------------------------------------------


@draws(PER_CLASS)
@given(
    shape=_scalar_too,
    bins=st.sampled_from([{"bin_boundaries": [0.5, 2]}, {"bin_boundaries": [2, 0.5]}, {"bin_boundaries": []}]),
    mode=_modes,
    sparse=st.booleans(),
    dtype=_dtype,
    data=_data,
)
def test_discretization(shape: Any, bins: Any, mode: str, sparse: bool, dtype: str | None, data: str) -> None:
    arguments = {**bins, "output_mode": mode, "sparse": sparse, **given_only(dtype=dtype)}
    agree_and_run("Discretization", arguments, Tensor(shape, data), run=RUN)


@pytest.mark.parametrize("data", ["float32", "int32"])
@pytest.mark.parametrize("mode", ["int", "one_hot"])
def test_discretization_of_strings(data: str, mode: str) -> None:
    arguments = {"bin_boundaries": [0.5, 2], "output_mode": mode, "dtype": "string"}
    assert not agree_and_run("Discretization", arguments, Tensor((None, 2), data))
    assert refusal("Discretization", arguments, Tensor((None, 2), data)).message == "cannot sort strings into bins"


@draws(PER_CLASS)
@given(shape=_open, mode=_modes, policy=st.sampled_from(["float32", "float64"]))
def test_discretization_to_be_adapted(shape: Any, mode: str, policy: str) -> None:
    assume(mode != "one_hot" or shape[1:][-1:] != (None,))  # Keras finds out when it runs
    agree("Discretization", {"num_bins": 4, "output_mode": mode}, shape, policy=policy, accepted=True)


@draws(PER_CLASS)
@given(
    shape=_scalar_too,
    mode=st.sampled_from(["count", "multi_hot", "one_hot", "binary"]),
    sparse=st.booleans(),
    dtype=_dtype,
    data=_data,
    policy=_policies,
)
def test_category_encoding(shape: Any, mode: str, sparse: bool, dtype: str | None, data: str, policy: str) -> None:
    arguments = {"num_tokens": 5, "output_mode": mode, "sparse": sparse, **given_only(dtype=dtype)}
    agree_and_run("CategoryEncoding", arguments, Tensor(shape, data), policy=policy, run=RUN)


@draws(50)
@given(
    shape=st.sampled_from([(None, 3), (2, 3), (None, 2, 3), (3,)]),
    weights=st.sampled_from([(None, 3), (2, 3), (None, 2, 3), (3,), (2, 4)]),
    mode=st.sampled_from(["count", "count", "multi_hot"]),
    dtype=st.sampled_from(["float32", "float64", "int32"]),
)
def test_category_encoding_weighs(shape: Any, weights: Any, mode: str, dtype: str) -> None:
    inputs = {"inputs": Tensor(shape, "int64"), "count_weights": Tensor(weights, dtype)}
    agree_and_run("CategoryEncoding", {"num_tokens": 4, "output_mode": mode}, inputs, run=RUN)


@draws(PER_CLASS)
@given(
    shape=_scalar_too,
    mode=_modes,
    sparse=st.booleans(),
    mask=st.sampled_from([None, None, "", "a", 1, 1.5, True]),
    salt=st.sampled_from([None, 3, [1, 2], [1], "x"]),
    dtype=_dtype,
    data=_data,
    policy=_policies,
)
def test_hashing(
    shape: Any, mode: str, sparse: bool, mask: Any, salt: Any, dtype: str | None, data: str, policy: str
) -> None:
    # Eager Keras, which tells whether the output is sparse, refuses such a mask.
    assume(not sparse or mask is not True or "int" not in data)
    arguments = given_only(num_bins=3, output_mode=mode, mask_value=mask, salt=salt, dtype=dtype)
    agree_and_run("Hashing", arguments | {"sparse": sparse}, Tensor(shape, data), policy=policy, run=RUN)


@draws(PER_CLASS)
@given(
    shapes=st.lists(
        st.sampled_from([(None,), (None, 1), (2,), (2, 1), (None, 3), (), (2, 1, 1)]), min_size=2, max_size=2
    )
    | st.sampled_from([(None,), (None, 1), (2, 1)]).map(lambda shape: [shape] * 2),
    dtypes=st.lists(st.sampled_from(["string", "string", "int64", "uint8", "float32", "bool"]), min_size=2, max_size=2),
    mode=st.sampled_from(["int", "one_hot", "count"]),
    dtype=_dtype,
    policy=_policies,
)
def test_hashed_crossing(shapes: Any, dtypes: list[str], mode: str, dtype: str | None, policy: str) -> None:
    tensors = [Tensor(shape, each) for shape, each in zip(shapes, dtypes, strict=True)]
    agree_and_run(
        "HashedCrossing", given_only(num_bins=4, output_mode=mode, dtype=dtype), tensors, policy=policy, run=RUN
    )


# -- Messages --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "arguments", "inputs", "message", "help"),
    [
        (
            "Rescaling",
            {"scale": [1, 2]},
            Tensor((None, 3)),
            "cannot apply numbers of shape (2,) to (None, 3)",
            "give 'scale' as one number, or as a list with one for each channel",
        ),
        (
            "Normalization",
            {"mean": [1, 2], "variance": [1, 2]},
            Tensor((None, 3)),
            "cannot spread a mean of shape (2,) over axes of (3,)",
            "give a number for each position on the axes, or one number for all",
        ),
        (
            "Normalization",
            {},
            Tensor((None, None)),
            "needs a known size on axis 1 to normalize along it, got (None, None)",
            "give that dimension a number in the Input's shape",
        ),
        (
            "Hashing",
            {"num_bins": 3, "mask_value": 1},
            Tensor((None, 1), "string"),
            "cannot find the mask value 1 among string",
            "give 'mask_value' as a string",
        ),
        (
            "Hashing",
            {"num_bins": 3, "output_mode": "count", "dtype": "float16"},
            Tensor((None, 1), "string"),
            "cannot encode categories in float16",
            "set 'dtype' to float32, float64, int32 or int64",
        ),
        (
            "HashedCrossing",
            {"num_bins": 3},
            [Tensor((None, 1), "string"), Tensor((None, 1))],
            "crosses strings and integers only, not float32",
            "put a Discretization layer before it, or give the Input an integer dtype",
        ),
        (
            "HashedCrossing",
            {"num_bins": 3},
            [Tensor((None, 3), "string"), Tensor((None, 3), "string")],
            "needs inputs of shape (batch,) or (batch, 1), got (None, 3)",
            "split the features into separate inputs",
        ),
        (
            "HashedCrossing",
            {"num_bins": 3},
            [Tensor((None, 1), "string"), Tensor((None,), "string")],
            "cannot cross (None, 1) and (None,): the shapes differ",
            "give both features the same shape",
        ),
        (
            "CategoryEncoding",
            {"num_tokens": 3},
            {"inputs": Tensor((None, 2), "int64"), "count_weights": Tensor((None, 2))},
            "uses 'count_weights' in output_mode count only, not in multi_hot",
            "set 'output_mode' to count, or remove 'count_weights'",
        ),
        (
            "CategoryEncoding",
            {"num_tokens": 3, "output_mode": "count"},
            {"inputs": Tensor((None, 2), "int64"), "count_weights": Tensor((None, 3))},
            "needs a weight for each input: (None, 2) and (None, 3) differ",
            "give 'count_weights' the shape of the inputs",
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
            "Hashing",
            {"num_bins": 3, "dtype": "float32"},
            "gives bins in int32 or int64 only",
            "set 'dtype' to one of them",
        ),
        (
            "CategoryEncoding",
            {},
            "needs 'num_tokens'",
            "add 'num_tokens': a positive integer",
        ),
        (
            "Discretization",
            {},
            "needs 'bin_boundaries' or 'num_bins'",
            "add 'bin_boundaries', a list of numbers, or 'num_bins' and call adapt() on data once it is built",
        ),
        (
            "Discretization",
            {"bin_boundaries": [1], "num_bins": 2},
            "takes 'bin_boundaries' or 'num_bins', not both",
            "remove one",
        ),
        (
            "Discretization",
            {"bin_boundaries": [2, 1]},
            "needs its boundaries in order",
            "sort 'bin_boundaries'",
        ),
        ("Normalization", {"mean": 1}, "has 'mean' without 'variance'", "add 'variance'"),
        (
            "Normalization",
            {"mean": [1], "variance": 1},
            "has a mean of shape (1,) and a variance of ()",
            "give both the same shape",
        ),
        (
            "Normalization",
            {"mean": [[1]], "variance": [[1]]},
            "has a mean of 2 dimensions for 1 axes",
            "name an axis for each dimension in 'axis'",
        ),
        (
            "Rescaling",
            {"scale": [[1], 2]},
            "scale must be a number or a list of numbers (nested for several axes, all rows of one length), "
            "not [[1], 2]",
            "set scale to a number or a list of numbers (nested for several axes, all rows of one length)",
        ),
    ],
)
def test_refuses_arguments(name: str, arguments: dict[str, Any], message: str, help: str | None) -> None:
    assert problem(name, arguments)[:2] == (message, help)
