from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from specc.layers.activations import _ACTIVATION_TAKES, _ALONG_THE_LAST_AXIS
from specc.objects import main_names
from specc.shapes import Tensor
from tests.support.draws import PER_CLASS, RUN, draws
from tests.support.layer_agreement import agree
from tests.support.layer_checks import problems, refused
from tests.support.layer_draws import FLOAT_POLICIES, POLICIES, shapes, some, tensors
from tests.support.masking import agree_masked

AXES = st.integers(-4, 4) | st.lists(st.integers(-3, 3), max_size=3)
SLOPES = st.sampled_from([0.0, 0.1, 2.5])
FUNCTIONS = [name for name in main_names("activation") if not name[0].isupper()]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_activation(name: str) -> None:
    for dtype in ("float32", "bfloat16", "int32", "bool", "complex64"):
        shape = (None, 4)
        agree("Activation", {"activation": name}, Tensor(shape, dtype), run=True)
    agree("Activation", {"activation": name}, (), run=True)


def test_activation_tables_name_activations() -> None:
    assert set(_ACTIVATION_TAKES) | set(_ALONG_THE_LAST_AXIS) <= set(main_names("activation"))


@draws(PER_CLASS)
@given(tensors(), st.sampled_from(["linear", "relu", "tanh"]), st.sampled_from(FLOAT_POLICIES))
def test_activation_tensors(tensor: Tensor, name: str, policy: str) -> None:
    agree("Activation", {"activation": name}, tensor, policy=policy, run=RUN)


def test_activation_takes_activation_layers() -> None:
    arguments = {"activation": {"type": "LeakyReLU", "negative_slope": 0.5}}
    agree("Activation", arguments, (None, 4), run=True, accepted=True)
    arguments = {"activation": {"type": "Softmax", "axis": 3}}
    agree("Activation", arguments, (None, 4), run=True, accepted=False)
    agree("Activation", {"activation": None}, (None, 4), run=True, accepted=True)


@draws(3 * PER_CLASS)
@given(
    st.sampled_from(["ReLU", "LeakyReLU", "ELU"]).flatmap(
        lambda name: st.tuples(
            st.just(name),
            {
                "ReLU": some(
                    max_value=st.sampled_from([None, 0.0, 6.0, 2.5]),
                    negative_slope=SLOPES,
                    threshold=st.sampled_from([0.0, 0.5, 2.0]),
                    dtype=st.sampled_from(["float16", "mixed_float16", "int32"]),
                ),
                "LeakyReLU": some(negative_slope=SLOPES),
                "ELU": some(alpha=st.sampled_from([0.0, 0.5, -2.0])),
            }[name],
        )
    ),
    tensors(),
    st.sampled_from(POLICIES),
)
def test_relu_and_its_like(drawn: tuple[str, dict[str, Any]], tensor: Tensor, policy: str) -> None:
    agree(*drawn, tensor, policy=policy, run=RUN)


@pytest.mark.parametrize(
    ("type_name", "arguments"),
    [
        ("ReLU", {"max_value": -1.0}),
        ("ReLU", {"negative_slope": None}),
        ("ReLU", {"threshold": -0.5}),
        ("LeakyReLU", {"negative_slope": -0.1}),
        ("LeakyReLU", {"negative_slope": None}),
    ],
)
def test_relu_arguments(type_name: str, arguments: dict[str, Any]) -> None:
    agree(type_name, arguments, (None, 4), accepted=False)


def test_relu_messages() -> None:
    assert problems("ReLU", {"max_value": -0.5}) == [
        ("max_value must be a number of 0 or more or null, not -0.5", "set max_value to a number of 0 or more or null")
    ]
    assert problems("LeakyReLU", {"alpha": 0.1}) == [
        ("'alpha' cannot be given in a spec", "Keras 3 calls it negative_slope")
    ]
    help = "give the Input a float dtype, or put a Rescaling layer with scale 1.0 before it"
    assert refused("ELU", {}, Tensor((None, 4), "int32")) == ("needs an input of floats, got int32", help, None)
    assert refused("ReLU", {}, Tensor((None, 4), "bool")) == (
        "needs an input of integers or floats, got bool",
        help,
        None,
    )
    assert refused("ReLU", {}, Tensor((None, 4), "complex64")) == (
        "needs an input of integers or floats, got complex64",
        "give the Input a float dtype",
        None,
    )
    assert refused("ELU", {"dtype": "int32"}, (None, 4)) == (
        "needs floats, but computes in int32",
        "remove dtype, or give it a float type",
        "dtype",
    )


@draws(PER_CLASS)
@given(some(shared_axes=AXES), shapes(), st.sampled_from(POLICIES))
def test_prelu(arguments: dict[str, Any], shape: tuple[int | None, ...], policy: str) -> None:
    agree("PReLU", arguments, shape, policy=policy, run=RUN)


def test_prelu_messages() -> None:
    agree("PReLU", {"shared_axes": [0]}, (None, 3, 4), run=True, accepted=True)
    assert refused("PReLU", {"shared_axes": [3]}, (None, 3, 4)) == (
        "has no axis 3 to share in (None, 3, 4)",
        "use axes from 1 to 2",
        "shared_axes",
    )
    assert refused("PReLU", {}, (None, None, 4)) == (
        "needs a known size on axis 1 to size its alpha, got (None, None, 4)",
        "add 1 to shared_axes, or give that dimension a number in the Input's shape",
        "shared_axes",
    )


@draws(PER_CLASS)
@given(some(axis=AXES), tensors(), st.sampled_from(POLICIES))
def test_softmax(arguments: dict[str, Any], tensor: Tensor, policy: str) -> None:
    agree("Softmax", arguments, tensor, policy=policy, run=RUN)


@draws(50)
@given(tensors(1, unknown=False), st.data())
def test_softmax_mask(tensor: Tensor, data: st.DataObject) -> None:
    kept = tensor.shape[data.draw(st.integers(0, len(tensor.shape))) :]
    sizes = [size if data.draw(st.integers(0, 3)) else data.draw(st.sampled_from([1, 2])) for size in kept]
    mask = Tensor(tuple(sizes), data.draw(st.sampled_from(["bool", "bool", "float32", "int32", "uint8", "string"])))
    agree("Softmax", {}, {"inputs": tensor, "mask": mask}, run=RUN)


def test_softmax_messages() -> None:
    assert problems("Softmax", {"axis": []}) == [("axis must name an axis", "give -1 for the last")]
    agree("Softmax", {"axis": []}, (None, 4), run=True, accepted=False)
    assert refused("Softmax", {"axis": 2}, (None, 4)) == (
        "has no axis 2 in an input of 2 dimensions",
        "use an axis from -2 to 1",
        "axis",
    )
    assert refused("Softmax", {"axis": [1, -1]}, (None, 4)) == (
        "has a duplicate axis in [1, -1]",
        "name each axis once",
        "axis",
    )
    inputs = Tensor((None, 4))
    assert refused("Softmax", {}, {"inputs": inputs, "mask": Tensor((None, 3), "bool")}) == (
        "cannot apply a mask of (None, 3) to (None, 4)",
        "each size of the mask must be 1 or the input's, counted from the last axis",
        None,
    )
    assert refused("Softmax", {}, Tensor((None, 3, 4), mask=(None, 3))) == (
        "cannot apply a mask of (None, 3) that comes with its input to (None, 3, 4)",
        "each size of the mask must be 1 or the input's, counted from the last axis",
        None,
    )
    assert refused("Softmax", {}, {"inputs": inputs, "mask": Tensor((None, 4), "string")})[0] == (
        "needs a mask of real numbers or booleans, got string"
    )


@pytest.mark.parametrize("type_name", ["ReLU", "LeakyReLU", "PReLU", "ELU", "Softmax"])
def test_masks(type_name: str) -> None:
    agree_masked(type_name, {}, (3, 3, 3))


def test_activation_hands_the_mask_on() -> None:
    agree_masked("Activation", {"activation": "relu"}, (None, 3, 4))


def test_softmax_cannot_take_a_mask_of_steps() -> None:
    agree_masked("Softmax", {}, (2, 3, 4), accepted=False)
