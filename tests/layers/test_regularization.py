from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from specc.shapes import Tensor
from tests.support.draws import PER_CLASS, RUN, draws
from tests.support.layer_agreement import agree
from tests.support.layer_checks import problems, refused
from tests.support.layer_draws import FLOAT_POLICIES, POLICIES, some, tensors
from tests.support.masking import agree_masked

TRAINING = st.sampled_from([{}, {"training": True}, {"training": True}, {"training": False}])
AMOUNTS = st.sampled_from([0, 0.5, 0.5, 1, 1.5, -0.1])


@draws(2 * PER_CLASS)
@given(st.sampled_from(["Dropout", "AlphaDropout"]), AMOUNTS, tensors(1), TRAINING, st.data())
def test_dropout(type_name: str, rate: float, tensor: Tensor, options: dict[str, Any], data: st.DataObject) -> None:
    arguments: dict[str, Any] = {"rate": rate}
    if data.draw(st.booleans()):
        sizes = [data.draw(st.sampled_from([None, 1, size or 2, 2])) for size in tensor.shape]
        arguments["noise_shape"] = sizes[data.draw(st.integers(0, 1)) :]
    agree(type_name, arguments, tensor, options=options, policy=data.draw(st.sampled_from(POLICIES)), run=RUN)


@draws(2 * PER_CLASS)
@given(
    st.sampled_from([("GaussianDropout", "rate"), ("GaussianNoise", "stddev")]),
    AMOUNTS,
    some(seed=st.sampled_from([0, -1, 2**40, None]), dtype=st.sampled_from([*FLOAT_POLICIES, "int32"])),
    tensors(),
    TRAINING,
)
def test_gaussian(
    kind: tuple[str, str], amount: float, arguments: dict[str, Any], tensor: Tensor, options: dict[str, Any]
) -> None:
    type_name, name = kind
    agree(type_name, {name: amount, **arguments}, tensor, options=options, run=RUN)


@draws(3 * PER_CLASS)
@given(
    st.sampled_from([1, 2, 3]),
    AMOUNTS,
    st.sampled_from([{}, {"data_format": "channels_first"}, {"data_format": "channels_last"}, {"data_format": None}]),
    tensors(2, 5),
    st.booleans(),
    TRAINING,
)
def test_spatial_dropout(
    rank: int, rate: float, arguments: dict[str, Any], tensor: Tensor, fit: bool, options: dict[str, Any]
) -> None:
    if fit:
        tensor = tensor._replace(shape=(*tensor.shape, 2, 2, 2)[: rank + 2])
    agree(f"SpatialDropout{rank}D", {"rate": rate, **(arguments if rank > 1 else {})}, tensor, options=options, run=RUN)


@draws(PER_CLASS)
@given(
    some(l1=st.sampled_from([0.0, 0.5, None, -1.0]), l2=st.sampled_from([0.0, 0.5])),
    tensors(),
    st.sampled_from(POLICIES),
)
def test_activity_regularization(arguments: dict[str, Any], tensor: Tensor, policy: str) -> None:
    agree("ActivityRegularization", arguments, tensor, policy=policy, run=RUN)


@pytest.mark.parametrize(
    ("type_name", "arguments"),
    [
        ("Dropout", {"rate": 0.5}),
        ("SpatialDropout1D", {"rate": 0.5}),
        ("GaussianNoise", {"stddev": 0.5}),
        ("GaussianDropout", {"rate": 0.5}),
        ("AlphaDropout", {"rate": 0.5}),
    ],
)
def test_sparse_and_ragged_tensors_are_only_handed_on(type_name: str, arguments: dict[str, Any]) -> None:
    sparse, ragged = Tensor((None, 3, 4), sparse=True), Tensor((None, None, 4), ragged=True)
    for tensor in (sparse, ragged):
        agree(type_name, arguments, tensor, run=True, accepted=True)
    multiplies = type_name == "GaussianDropout"
    agree(type_name, arguments, sparse, options={"training": True}, run=True, accepted=multiplies)
    agree_masked(type_name, arguments, (None, 3, 4))


def test_activity_regularization_of_other_tensors() -> None:
    agree("ActivityRegularization", {"l1": 0.5}, Tensor((None, 3, 4), sparse=True), run=True, accepted=False)
    agree("ActivityRegularization", {"l1": 0.5}, Tensor((None, None, 4), ragged=True), run=True, accepted=False)
    agree_masked("ActivityRegularization", {"l1": 0.5}, (None, 3, 4))


@pytest.mark.parametrize("noise", [[1, 6], [None, 1, 6], [6], [], [2, 4, 6], [None, None, None]])
def test_noise_that_fits(noise: list[int | None]) -> None:
    for type_name in ("Dropout", "AlphaDropout"):
        arguments = {"rate": 0.5, "noise_shape": noise}
        agree(type_name, arguments, (None, 4, 6), options={"training": True}, run=True, accepted=True)


def test_messages() -> None:
    assert problems("Dropout", {"rate": 1.5}) == [
        ("rate must be a number from 0 to 1, not 1.5", "set rate to a number from 0 to 1")
    ]
    sizes = "a list of sizes, each a positive integer, or null for the input's"
    assert problems("Dropout", {"rate": 0.5, "noise_shape": [0]}) == [
        (f"noise_shape must be {sizes}, not [0]", f"set noise_shape to {sizes}")
    ]
    training = {"training": True}
    assert refused("Dropout", {"rate": 0.5, "noise_shape": [None, 3]}, (None, 4), training) == (
        "cannot lay noise of (None, 3) over (None, 4)",
        "give each axis 1, null or the input's size, the batch axis included",
        "noise_shape",
    )
    assert refused("Dropout", {"rate": 0.5, "noise_shape": [None, 3]}, (None, 1), training)[0] == (
        "cannot lay noise of (None, 3) over (None, 1)"
    )
    for type_name in ("AlphaDropout", "GaussianDropout"):
        assert refused(type_name, {"rate": 1}, (None, 4), training) == (
            "divides by zero with a rate of 1",
            "use a rate below 1",
            "rate",
        )
    assert refused("SpatialDropout2D", {"rate": 0.5}, (None, 4)) == (
        "needs an input of 4 dimensions, got (None, 4) with 2",
        "a Reshape layer can add the 2 missing axes",
        None,
    )
    assert refused("ActivityRegularization", {"l1": 0.5}, Tensor((None,), "int8")) == (
        "cannot sum up int8",
        "give the Input a float dtype, or int32",
        None,
    )
    assert refused("GaussianNoise", {"stddev": 0.5}, Tensor((None,), "int32"), training) == (
        "needs an input of floats, got int32",
        "give the Input a float dtype, or put a Rescaling layer with scale 1.0 before it",
        None,
    )
