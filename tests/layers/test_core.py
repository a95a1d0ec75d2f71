from __future__ import annotations

from typing import Any

import keras
import pytest
from hypothesis import given
from hypothesis import strategies as st

from specc import layers
from specc.calls import Policy
from specc.layers.core import Input
from specc.shapes import Tensor
from tests.support.draws import PER_CLASS, RUN, draws
from tests.support.layer_agreement import agree
from tests.support.layer_checks import parsed, problems, refused
from tests.support.layer_draws import DTYPES, FLOAT_POLICIES, POLICIES, shapes, some, tensors
from tests.support.masking import agree_masked

FAMILY = layers.FAMILIES["core"]
FAMILIES = ["core", "embedding", "activations", "normalization", "regularization"]
TYPES = [name for family in FAMILIES for name in layers.FAMILIES[family]]


# -- Input -----------------------------------------------------------------------------------------


@draws(PER_CLASS)
@given(
    st.fixed_dictionaries({"shape": shapes(1).map(list)}, optional={"batch_size": st.integers(1, 3)})
    | st.fixed_dictionaries({"batch_shape": shapes(0).map(list)}),
    some(
        dtype=st.sampled_from([*DTYPES, "complex64"]),
        sparse=st.booleans(),
        optional=st.booleans(),
        ragged=st.booleans(),
    ),
    st.sampled_from(POLICIES),
)
def test_input(shape: dict[str, Any], others: dict[str, Any], policy: str) -> None:
    arguments = {**shape, **others}
    layer, _ = Input.parse(arguments)
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(policy)
    try:
        theirs = keras.Input(**arguments)
    except ValueError:
        assert layer is None
        return
    finally:
        keras.config.set_dtype_policy(before)
    assert layer is not None
    (ours,) = layer.infer(layer.call({}, {}, Policy.named(policy)))
    assert (ours.shape, ours.dtype, ours.sparse) == (theirs.shape, theirs.dtype, theirs.sparse)
    assert ours.ragged == theirs.ragged


def test_input_messages() -> None:
    assert problems("Input", {}) == [("needs 'shape'", "add 'shape', a list without the batch axis: [28, 28, 1]")]
    assert problems("Input", {"batch_size": 2}) == [
        ("needs 'shape'", "add 'shape', a list without the batch axis: [28, 28, 1]")
    ]
    assert problems("Input", {"shape": [1], "batch_shape": [2, 1]}) == [
        ("takes 'shape' or 'batch_shape', not both", "remove one")
    ]
    assert problems("Input", {"batch_size": 2, "batch_shape": [2, 1]}) == [
        ("takes 'batch_size' or 'batch_shape', not both", "remove one")
    ]
    assert problems("Input", {"shape": [1], "sparse": True, "ragged": True}) == [
        ("cannot be both sparse and ragged", "remove one")
    ]
    assert problems("Input", {"shape": [1], "tensor": "x"}) == [
        ("'tensor' cannot be given in a spec", "a spec contains no tensors; give shape and dtype")
    ]


# -- Dense -----------------------------------------------------------------------------------------


@draws(PER_CLASS)
@given(
    st.fixed_dictionaries(
        {"units": st.integers(1, 5)},
        optional={
            "use_bias": st.booleans(),
            "activation": st.sampled_from(["relu", "softmax", "linear"]),
            "lora_rank": st.integers(0, 3),
            "dtype": st.sampled_from(FLOAT_POLICIES),
        },
    ),
    tensors(),
    st.sampled_from(POLICIES),
)
def test_dense(arguments: dict[str, Any], tensor: Tensor, policy: str) -> None:
    agree("Dense", arguments, tensor, policy=policy, run=RUN)


def test_dense_sparse_and_ragged() -> None:
    agree("Dense", {"units": 3}, Tensor((None, 4), sparse=True), run=True, accepted=True)
    agree("Dense", {"units": 3}, Tensor((None, 3, 4), sparse=True), run=True, accepted=False)
    agree("Dense", {"units": 3}, Tensor((None, None, 4), ragged=True), run=True, accepted=False)


def test_dense_messages() -> None:
    assert refused("Dense", {"units": 3}, (None,)) == (
        "needs an input of at least 2 dimensions, got (None,) with 1",
        "a Reshape layer can add the missing axis, for instance a last one of size 1",
        None,
    )
    assert refused("Dense", {"units": 3}, (None, None)) == (
        "needs a known size on axis -1 to size its kernel, got (None, None)",
        "give that dimension a number in the Input's shape",
        None,
    )
    assert refused("Dense", {"units": 3}, Tensor((None, 4), "string")) == (
        "needs an input of numbers, got string",
        "turn strings into numbers first, with a StringLookup or a TextVectorization layer",
        None,
    )
    assert refused("Dense", {"units": 3, "dtype": "string"}, (None, 4)) == (
        "cannot compute with float32 in dtype string",
        "remove dtype, or give it a float type",
        "dtype",
    )
    assert refused("Dense", {"units": 3}, Tensor((None, 3, 4), sparse=True)) == (
        "cannot take a sparse tensor",
        "remove 'sparse' from the Input or the layer that sets it",
        None,
    )
    assert refused("Dense", {"units": 3}, Tensor((None, None, 4), ragged=True)) == (
        "cannot take a ragged tensor",
        "remove 'ragged' from the Input or the layer that sets it",
        None,
    )


@pytest.mark.parametrize(
    ("type_name", "arguments", "weight"),
    [
        ("Dense", {"units": 1}, "kernel"),
        ("EinsumDense", {"equation": "ab,bc->ac", "output_shape": 2}, "kernel"),
        ("Embedding", {"input_dim": 2, "output_dim": 2}, "embeddings"),
    ],
)
def test_lora_does_not_go_with_a_constraint(type_name: str, arguments: dict[str, Any], weight: str) -> None:
    given_ = {**arguments, "lora_rank": 1, f"{weight}_constraint": "non_neg"}
    assert problems(type_name, given_) == [
        (
            f"cannot have both 'lora_rank' and '{weight}_constraint'",
            f"remove one: LoRA does not train the {weight} that the constraint is for",
        )
    ]
    agree(type_name, given_, Tensor((None, 2)), accepted=False)
    agree(type_name, {**given_, "lora_rank": 0}, Tensor((None, 2)), accepted=True)


# -- EinsumDense -----------------------------------------------------------------------------------


@st.composite
def einsums(draw: Any) -> tuple[dict[str, Any], Tensor]:
    """An equation in one of the three forms, with an input and an output_shape that mostly fit it."""
    elides = draw(st.sampled_from(["", "left", "right"]))
    letters = draw(st.permutations("abcde"))
    inputs = "".join(letters[: draw(st.integers(2, 4))])
    kernel = "".join(draw(st.lists(st.sampled_from("abcde"), min_size=1, max_size=4, unique=True)))
    pool = sorted(set(inputs + kernel))
    outputs = "".join(draw(st.lists(st.sampled_from(pool), min_size=1, max_size=len(pool), unique=True)))
    if elides != "left" and draw(st.integers(0, 9)):
        outputs = inputs[0] + outputs.replace(inputs[0], "")
    left, right = ("..." if elides == side else "" for side in ("left", "right"))
    equation = f"{left}{inputs}{right},{kernel}->{left}{outputs}{right}"
    sizes = dict.fromkeys("abcde", 1) | {letter: draw(st.integers(1, 3)) for letter in pool}
    shape: tuple[int | None, ...] = tuple(sizes[x] if draw(st.integers(0, 4)) else None for x in inputs)
    if elides == "left":
        shape = (None,) * draw(st.integers(1, 2)) + shape
    elif elides == "right":
        shape = (*shape, *draw(st.lists(st.none() | st.integers(1, 3), max_size=2)))
    named = outputs if elides == "left" else outputs[1:]
    arguments: dict[str, Any] = {"equation": equation}
    arguments["output_shape"] = [sizes[x] if draw(st.integers(0, 4)) else None for x in named]
    if draw(st.booleans()):
        arguments["bias_axes"] = "".join(draw(st.lists(st.sampled_from(outputs), min_size=1, unique=True)))
    if not draw(st.integers(0, 4)):
        arguments["lora_rank"] = 2
    return arguments, Tensor(shape)


@draws(2 * PER_CLASS)
@given(einsums(), st.sampled_from(POLICIES))
def test_einsum_dense(drawn: tuple[dict[str, Any], Tensor], policy: str) -> None:
    agree("EinsumDense", *drawn, policy=policy, run=RUN)


@pytest.mark.parametrize(
    ("equation", "output_shape", "shape", "more"),
    [
        ("ab,bc->ac", 64, (None, 32), {"bias_axes": "c"}),
        ("abc,cd->abd", [None, 64], (None, 32, 128), {"bias_axes": "d"}),
        ("...x,xy->...y", 64, (None, 32, 128), {"bias_axes": "y"}),
        ("...x,xy->...y", [64], (None, 2, 3, 4), {}),
        ("ab...,bc->ac...", 64, (None, 32, 5), {"bias_axes": "c", "lora_rank": 2}),
        ("abc,cde->abde", [None, 2, 3], (None, 4, 5), {"bias_axes": "de"}),
        ("abc,cde->abde", [None, 2, 3], (None, 4, 5), {"bias_axes": "d"}),
        ("aab,bc->ac", 2, (3, 3, 2), {}),
        ("ab,bb->ab", None, (None, 2), {"output_shape": [None]}),
    ],
)
def test_einsum_dense_equations(
    equation: str, output_shape: Any, shape: tuple[int | None, ...], more: dict[str, Any]
) -> None:
    agree("EinsumDense", {"equation": equation, "output_shape": output_shape, **more}, shape, accepted=None)


def test_einsum_dense_turns_elided_axes_round_as_keras_does() -> None:
    arguments = {"equation": "...x,xy->...y", "output_shape": 5}
    agree("EinsumDense", arguments, (None, 2, 3, 4), accepted=True)
    layer = parsed("EinsumDense", arguments)
    assert layer.output_shape((None, 2, 3, 4)) == (None, 3, 2, 5)


EQUATION = 'equation must have the form "ab,bc->ac", "...ab,bc->...ac" or "ab...,bc->ac..."'


@pytest.mark.parametrize(
    "equation", ["", "ab", "ab,bc", "ab,bc->ac...", "a...,bc->ac...", "ab, bc->ac", "ab,b1->a1", "ab,bc->ac "]
)
def test_einsum_dense_equation_forms(equation: str) -> None:
    assert problems("EinsumDense", {"equation": equation, "output_shape": 2}) == [
        (EQUATION, "the part before the comma is the input with its batch axis, the one after it the kernel")
    ]
    if not equation.startswith("ab,bc->ac"):  # Keras ignores what follows the output's letters
        agree("EinsumDense", {"equation": equation, "output_shape": 2}, (None, 3), run=True, accepted=False)


@pytest.mark.parametrize(
    ("arguments", "message", "help"),
    [
        ({"equation": "ab,bc->aa"}, "equation has 'a' twice in its output", None),
        (
            {"equation": "ab,bc->ad"},
            "equation has 'd' in its output, which is neither in its input nor in its kernel",
            None,
        ),
        (
            {"equation": "ab,bcd->ac"},
            "equation has 'd' in its kernel, which is neither in its input nor in its output",
            None,
        ),
        ({"bias_axes": "b"}, 'bias_axes has "b", which is not in the equation\'s output', "the output has a, c"),
        ({"bias_axes": ""}, "bias_axes must name an axis", "the output has a, c; remove it for none"),
    ],
)
def test_einsum_dense_arguments(arguments: dict[str, Any], message: str, help: str | None) -> None:
    given_ = {"equation": "ab,bc->ac", "output_shape": 2, **arguments}
    assert (message, help) in problems("EinsumDense", given_)
    agree("EinsumDense", given_, (None, 3), run=True, accepted=False)


def test_einsum_dense_messages() -> None:
    sizes = "a positive integer, or a list of sizes, each a positive integer or null"
    assert problems("EinsumDense", {"equation": "ab,bc->ac", "output_shape": [0]}) == [
        (f"output_shape must be {sizes}, not [0]", f"set output_shape to {sizes}")
    ]

    def says(equation: str, output_shape: Any, shape: tuple[int | None, ...]) -> Any:
        agree("EinsumDense", {"equation": equation, "output_shape": output_shape}, shape, run=True, accepted=False)
        return refused("EinsumDense", {"equation": equation, "output_shape": output_shape}, shape)

    assert says("abc,cd->abd", [None, 2], (None, 3)) == (
        "needs an input of 3 dimensions for its equation, got (None, 3) with 2",
        "give the equation one letter for each axis, the batch axis included",
        "equation",
    )
    assert says("ab,bc->ac", [], (None, 3)) == (
        "needs 1 sizes in output_shape for its equation, got 0",
        "give a size for each letter of the output but the batch axis, and none for an ellipsis",
        "output_shape",
    )
    assert says("abc,cd->abd", [4, 2], (None, 3, 5)) == (
        "has 3 for 'b' in its input and 4 in its output",
        "put 3 in output_shape, or null to take the input's size",
        "output_shape",
    )
    assert says("abc,cd->abd", [4, 2], (None, None, 5)) == (
        "has an unknown size for 'b' in its input and 4 in its output",
        "put null in output_shape, or give that dimension a number in the Input's shape",
        "output_shape",
    )
    assert says("ab,bc->ac", 2, (None, None)) == (
        "needs known sizes for its kernel, got (None, 2) from an input of (None, None)",
        "give the sizes in output_shape, or in the Input's shape",
        None,
    )


# -- Embeddings ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("type_name", "arguments"),
    [
        ("Dense", {"units": 3, "quantization_config": None}),
        ("EinsumDense", {"equation": "ab,bc->ac", "output_shape": 3, "gptq_unpacked_column_size": None}),
        ("Embedding", {"input_dim": 3, "output_dim": 2, "weights": None, "input_length": None}),
    ],
)
def test_null_for_what_a_spec_may_not_give(type_name: str, arguments: dict[str, Any]) -> None:
    assert problems(type_name, arguments) == []
    agree(type_name, arguments, run=True, accepted=True)


# -- Identity and Masking --------------------------------------------------------------------------


@draws(PER_CLASS)
@given(some(dtype=st.sampled_from([*FLOAT_POLICIES, "int32"])), tensors(), st.sampled_from(POLICIES))
def test_identity(arguments: dict[str, Any], tensor: Tensor, policy: str) -> None:
    agree("Identity", arguments, tensor, policy=policy, run=RUN, accepted=True)


def test_identity_keeps_what_a_tensor_is() -> None:
    agree("Identity", {}, Tensor((None, 3, 4), sparse=True), run=True, accepted=True)
    agree("Identity", {"dtype": "string"}, Tensor((None,), "string"), run=True, accepted=True)
    agree("Identity", {"dtype": "string"}, Tensor((None,)), run=True, accepted=False)
    layer = parsed("Identity", {})
    tensor = Tensor((None, None, 4), mask=(None, None), ragged=True)
    assert layer.infer(layer.call({"inputs": tensor}, {}, Policy.named("float32"))) == (tensor,)


@draws(PER_CLASS)
@given(some(mask_value=st.sampled_from([0, -1.5, 7])), tensors(), st.sampled_from(POLICIES))
def test_masking(arguments: dict[str, Any], tensor: Tensor, policy: str) -> None:
    agree("Masking", arguments, tensor, policy=policy, run=RUN)


def test_masking_refuses_what_has_no_features() -> None:
    agree("Masking", {}, (), run=True, accepted=False)
    agree("Masking", {}, Tensor((None, 3), sparse=True), run=True, accepted=False)
    agree("Masking", {}, Tensor((None, None, 3), ragged=True), run=True, accepted=False)


@pytest.mark.parametrize(
    ("type_name", "arguments", "shape"),
    [
        ("Identity", {}, (None, 3, 4)),
        ("Dense", {"units": 2}, (None, 3, 4)),
        ("EinsumDense", {"equation": "abc,cd->abd", "output_shape": [None, 2]}, (None, 3, 4)),
        ("Embedding", {"input_dim": 3, "output_dim": 2}, (None, 3)),
        ("Embedding", {"input_dim": 3, "output_dim": 2, "mask_zero": True}, (None, 3)),
        ("ReversibleEmbedding", {"input_dim": 3, "output_dim": 2}, (None, 3)),
        ("ReversibleEmbedding", {"input_dim": 3, "output_dim": 2, "mask_zero": True}, (None, 3)),
        ("Masking", {"mask_value": 2.0}, (None, 3, 4)),
    ],
)
def test_masks(type_name: str, arguments: dict[str, Any], shape: tuple[int | None, ...]) -> None:
    agree_masked(type_name, arguments, shape)


@pytest.mark.parametrize("type_name", ["Identity", "ELU"])
def test_what_keras_cannot_save(type_name: str) -> None:
    cls = layers.find(type_name)
    assert cls is not None
    _, problems = cls.parse({"activity_regularizer": {"type": "L2"}})
    assert [problem.code for problem in problems] == ["argument-clash"]
    assert parsed(type_name, {"activity_regularizer": "l2"}).activity_regularizer == "l2"
    made = getattr(keras.layers, type_name)(activity_regularizer=keras.regularizers.L2())
    with pytest.raises(NotImplementedError):
        made.get_config()
