from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import specc
from specc.calls import Policy
from specc.shapes import Tensor
from tests.support.checking import codes, spec
from tests.support.draws import PER_CLASS, RUN, draws
from tests.support.layer_agreement import agree
from tests.support.layer_checks import parsed, problems, refused
from tests.support.layer_draws import POLICIES, shapes, some, tensors
from tests.support.masking import agree_masked

AXIS = st.integers(-4, 4)
AXES = AXIS | st.lists(st.integers(-3, 3), max_size=3)
FLAGS = {"center": st.booleans(), "scale": st.booleans()}


@draws(PER_CLASS)
@given(
    some(axis=AXIS, renorm=st.booleans(), dtype=st.sampled_from(["float16", "mixed_float16", "int32"]), **FLAGS),
    tensors(),
    st.sampled_from([{}, {"training": True}, {"training": False}]),
    st.sampled_from(POLICIES),
)
def test_batch_normalization(arguments: dict[str, Any], tensor: Tensor, options: dict[str, Any], policy: str) -> None:
    agree("BatchNormalization", arguments, tensor, options=options, policy=policy, run=RUN)


@draws(50)
@given(shapes(2, unknown=False), st.booleans(), st.data())
def test_batch_normalization_mask(shape: tuple[int | None, ...], training: bool, data: st.DataObject) -> None:
    sizes = [size if data.draw(st.integers(0, 3)) else data.draw(st.sampled_from([1, 2])) for size in shape[:-1]]
    if not data.draw(st.integers(0, 5)):
        sizes = list(shape)
    given_ = {"inputs": Tensor(shape), "mask": Tensor(tuple(sizes), "bool")}
    agree("BatchNormalization", {}, given_, options={"training": training}, run=RUN)


def test_batch_normalization_messages() -> None:
    known = "needs a known size on axis 1 to size its weights, got (None, None)"
    assert refused("BatchNormalization", {}, (None, None))[0] == known
    assert refused("BatchNormalization", {"axis": 2}, (None, 4)) == (
        "has no axis 2 in an input of 2 dimensions",
        "use an axis from -2 to 1",
        "axis",
    )
    inputs = Tensor((None, 3, 4))
    assert refused("BatchNormalization", {}, {"inputs": inputs, "mask": Tensor((None, 3, 4), "bool")}) == (
        "needs a mask of 2 dimensions, got (None, 3, 4)",
        "the mask has the input's axes but the last",
        None,
    )
    mask = Tensor((None, 2), "bool")
    assert refused("BatchNormalization", {}, {"inputs": inputs, "mask": mask}, {"training": True}) == (
        "cannot apply a mask of (None, 2) to (None, 3, 4)",
        "each size of the mask must be 1 or the input's",
        None,
    )
    wide = {"inputs": Tensor((None, 1, 1)), "mask": Tensor((None, 2), "bool")}
    agree("BatchNormalization", {}, wide, options={"training": True}, run=True, accepted=False)
    assert refused("BatchNormalization", {"renorm": True, "dtype": "int32"}, inputs) == (
        "cannot keep the statistics of renorm in int32",
        "remove dtype, or give it a float type",
        "dtype",
    )


@pytest.mark.parametrize(
    ("clipping", "message", "help"),
    [
        ({"rmin": 3.0, "rmax": 1.0}, "renorm_clipping has rmax 1 below rmin 3", "give rmax the larger number"),
        ({"dmax": -1.0}, "renorm_clipping: dmax must be a number of 0 or more, not -1", None),
        ({"low": 1.0}, 'renorm_clipping has no "low"', "it takes rmax, rmin, dmax"),
    ],
)
def test_renorm_clipping(clipping: dict[str, float], message: str, help: str | None) -> None:
    arguments = {"renorm": True, "renorm_clipping": clipping}
    assert problems("BatchNormalization", arguments) == [(message, help)]
    agree("BatchNormalization", arguments, (None, 4), accepted=False)
    agree("BatchNormalization", {"renorm_clipping": clipping}, (None, 4), accepted=True)


def test_renorm_clipping_that_is_fine() -> None:
    arguments = {"renorm": True, "renorm_clipping": {"rmin": 0.5, "rmax": None, "dmax": 2.0}}
    agree("BatchNormalization", arguments, (None, 4), options={"training": True}, run=True, accepted=True)


@draws(2 * PER_CLASS)
@given(
    some(axis=AXES, rms_scaling=st.booleans(), dtype=st.sampled_from(["float16", "mixed_float16"]), **FLAGS),
    tensors(),
    st.sampled_from(POLICIES),
)
def test_layer_normalization(arguments: dict[str, Any], tensor: Tensor, policy: str) -> None:
    agree("LayerNormalization", arguments, tensor, policy=policy, run=RUN)


@pytest.mark.parametrize("scale", [False, True])
@pytest.mark.parametrize("center", [False, True])
def test_rms_scaling(scale: bool, center: bool) -> None:
    arguments = {"rms_scaling": True, "scale": scale, "center": center}
    agree("LayerNormalization", arguments, (None, 3, 4), run=True, accepted=True)
    agree("LayerNormalization", arguments, (None, None), accepted=False)


def test_layer_normalization_messages() -> None:
    assert refused("LayerNormalization", {"axis": [1, 1]}, (None, 4))[0] == "has a duplicate axis in [1, 1]"
    agree("LayerNormalization", {"axis": [1, -1]}, (None, 3, 4), run=True, accepted=True)


@draws(2 * PER_CLASS)
@given(some(groups=st.sampled_from([-1, 1, 2, 3, 0, -2]), axis=AXIS, **FLAGS), tensors(), st.sampled_from(POLICIES))
def test_group_normalization(arguments: dict[str, Any], tensor: Tensor, policy: str) -> None:
    agree("GroupNormalization", arguments, tensor, policy=policy, run=RUN)


def test_group_normalization_messages() -> None:
    assert problems("GroupNormalization", {"groups": 0}) == [
        (
            "groups must be a positive integer, or -1 for one channel a group, not 0",
            "set groups to a positive integer, or -1 for one channel a group",
        )
    ]
    for groups in (3, 8):
        assert refused("GroupNormalization", {"groups": groups}, (None, 4)) == (
            f"cannot make {groups} groups of 4 channels, got (None, 4)",
            "set groups to a divisor of 4, or to -1 for one channel a group",
            "groups",
        )
    assert refused("GroupNormalization", {"groups": 1}, (4,)) == (
        "cannot make groups of the batch axis, got (4,)",
        "give it an input of 2 or more dimensions, and the axis of the channels",
        "axis",
    )


@draws(PER_CLASS)
@given(some(axis=AXES), tensors(1, unknown=False), st.sampled_from(POLICIES))
def test_rms_normalization(arguments: dict[str, Any], tensor: Tensor, policy: str) -> None:
    if 1 not in tensor.shape:  # a scale of another axis could make that one longer, which Keras does not say
        agree("RMSNormalization", arguments, tensor, policy=policy, run=RUN)


def test_rms_normalization_messages() -> None:
    assert refused("RMSNormalization", {"axis": 1}, (None, 3, 4)) == (
        "cannot multiply (None, 3, 4) by its scale of (3,)",
        "normalize the last axes, in their order: -1, or [-2, -1]",
        "axis",
    )
    agree("RMSNormalization", {"axis": [-2, -1]}, (None, 3, 4), run=True, accepted=True)
    agree("RMSNormalization", {"axis": [1, -1]}, (None, 3, 4), run=True, accepted=False)


@draws(PER_CLASS)
@given(some(axis=AXES), tensors(1), st.sampled_from(POLICIES))
def test_unit_normalization(arguments: dict[str, Any], tensor: Tensor, policy: str) -> None:
    agree("UnitNormalization", arguments, tensor, policy=policy, run=RUN)


# -- SpectralNormalization -------------------------------------------------------------------------

DENSE = {"type": "Dense", "units": 3}
TABLE = {"type": "Embedding", "input_dim": 3, "output_dim": 2}


@pytest.mark.parametrize(
    ("layer", "shape"),
    [
        (DENSE, (None, 4)),
        (DENSE, (None, None, 4)),
        (DENSE, (None, None)),
        ({**DENSE, "use_bias": False}, (None, 4)),
        ({**DENSE, "trainable": False}, (None, 4)),
        ({**DENSE, "dtype": "float16"}, (None, 4)),
        ({**DENSE, "lora_rank": 2}, (None, 4)),
        ({**DENSE, "lora_rank": 2, "dtype": "mixed_float16"}, (None, 4)),
        (TABLE, (None, 4)),
        ({**TABLE, "lora_rank": 1}, (None, 4)),
        ({"type": "SpectralNormalization", "layer": DENSE}, (None, 4)),
        ({"type": "SpectralNormalization", "layer": {**DENSE, "lora_rank": 1}}, (None, 4)),
        ({"type": "EinsumDense", "equation": "ab,bc->ac", "output_shape": 3, "bias_axes": "c"}, (None, 4)),
        ({"type": "ReversibleEmbedding", "input_dim": 3, "output_dim": 2, "tie_weights": False}, (None, 4)),
        ({"type": "Dropout", "rate": 0.5}, (None, 4)),
        ({"type": "BatchNormalization"}, (None, 4)),
    ],
)
@pytest.mark.parametrize("options", [{}, {"training": True}])
def test_spectral_normalization(layer: dict[str, Any], shape: tuple[int | None, ...], options: dict[str, Any]) -> None:
    for policy in ("float32", "mixed_float16"):
        agree("SpectralNormalization", {"layer": layer}, shape, options=options, policy=policy, run=True)


KERNELS: dict[str, tuple[dict[str, Any], tuple[int | None, ...]]] = {
    "Dense": ({"units": 3}, (None, 4)),
    "EinsumDense": ({"equation": "abc,cd->abd", "output_shape": [None, 3]}, (None, 2, 4)),
    "Embedding": ({"input_dim": 3, "output_dim": 2}, (None, 4)),
    "Conv1D": ({"filters": 2, "kernel_size": 2}, (None, 5, 3)),
    "Conv2D": ({"filters": 2, "kernel_size": [2, 1]}, (None, 5, 4, 3)),
    "Conv2DTranspose": ({"filters": 2, "kernel_size": 2}, (None, 5, 4, 3)),
    "DepthwiseConv2D": ({"kernel_size": 2}, (None, 5, 4, 3)),
    "SeparableConv1D": ({"filters": 2, "kernel_size": 2}, (None, 5, 3)),
    "Dropout": ({"rate": 0.5}, (None, 4)),
}


@draws(PER_CLASS)
@given(
    st.sampled_from(list(KERNELS)),
    some(use_bias=st.booleans(), trainable=st.booleans(), dtype=st.sampled_from(["float16", "mixed_float16"])),
    some(power_iterations=st.integers(1, 3)),
    st.booleans(),
    st.sampled_from([{}, {"training": True}, {"training": False}]),
    st.sampled_from(POLICIES),
)
def test_spectral_normalization_of_kernels(
    inside: str, more: dict[str, Any], arguments: dict[str, Any], fit: bool, options: dict[str, Any], policy: str
) -> None:
    own, shape = KERNELS[inside]
    if inside in ("EinsumDense", "Embedding", "Dropout"):
        more.pop("use_bias", None)
    layer = {"type": inside, **own, **more}
    shape = shape if fit else (*shape[:-1], None)
    agree("SpectralNormalization", {"layer": layer, **arguments}, shape, options=options, policy=policy, run=RUN)


def test_spectral_normalization_names_weights_by_their_path() -> None:
    layer = parsed("SpectralNormalization", {"layer": {**DENSE, "name": "inside"}})
    call = layer.call({"inputs": Tensor((None, 4))}, {}, Policy.named("float32"))
    assert [weight.name for weight in layer.weights(call)] == ["inside/kernel", "vector_u", "inside/bias"]


def test_spectral_normalization_messages() -> None:
    assert refused("SpectralNormalization", {"layer": {"type": "Dropout", "rate": 0.5}}, (None, 4)) == (
        "cannot normalize Dropout, which has no kernel",
        "use it around Dense, EinsumDense, Embedding, or a convolution that is not separable",
        "layer",
    )
    adapted = {"layer": {**DENSE, "lora_rank": 2}}
    assert refused("SpectralNormalization", adapted, (None, 4), {"training": True}) == (
        "cannot normalize the kernel of a layer with LoRA",
        "remove lora_rank of the layer inside",
        "layer",
    )
    assert problems("SpectralNormalization", {"layer": DENSE, "power_iterations": 0})[0][0] == (
        "power_iterations must be a positive integer, not 0"
    )


@pytest.mark.parametrize(
    ("type_name", "arguments"),
    [
        ("BatchNormalization", {}),
        ("LayerNormalization", {}),
        ("GroupNormalization", {"groups": 2}),
        ("RMSNormalization", {}),
        ("UnitNormalization", {}),
        ("SpectralNormalization", {"layer": DENSE}),
    ],
)
def test_masks(type_name: str, arguments: dict[str, Any]) -> None:
    agree_masked(type_name, arguments, (None, 3, 4))


def test_a_spectral_normalization_of_integers_gives_integers() -> None:
    text = """
        layers:
          - {type: Input, name: x, shape: [5], dtype: int32}
          - {type: SpectralNormalization, name: y, layer: {type: Dense, units: 2}}
    """
    assert codes(text) == ["cannot-train"]
    model = specc.build(spec(text))
    model.compile(loss="mse")
    with pytest.raises(ValueError, match="No gradients provided"):
        model.train_on_batch(np.ones((3, 5), "int32"), np.ones((3, 2)))
    predicted = model.predict(np.ones((3, 5), "int32"), verbose=0)
    assert str(predicted.dtype) == specc.compile(spec(text)).outputs["y"].dtype == "int32"
