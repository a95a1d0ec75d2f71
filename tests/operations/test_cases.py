"""Operations case by case: what longer runs found, the call of Keras, the words of every refusal."""

from __future__ import annotations

from itertools import product
from math import prod
from typing import Any

import keras
import numpy as np
import pytest

from specc.calls import Policy
from specc.diagnostics.problem import RuleError, ShapeError
from specc.shapes import Shape, Tensor
from tests.support.operation_agreement import agree, message, operation

# -- What was found in longer runs ---------------------------------------------------------------

FOUND: list[tuple[str, Any, dict[str, Any], bool]] = [
    ("exp2", Tensor((None,), "float16"), {}, False),
    ("exp2", (None,), {}, True),
    ("isnan", Tensor((2, 3), "int32"), {}, True),
    ("isnan", Tensor((None, 3), "int32"), {}, False),
    ("subtract", {"x2": Tensor((2,), "uint8")}, {"x1": 0}, False),
    ("power", Tensor((2,), "uint8"), {"x2": -1}, False),
    ("floor_divide", Tensor((2,), "int32"), {"x2": 0}, False),
    ("add", Tensor((2,), "bool"), {"x2": True}, False),
    ("add", Tensor((2,), "uint8"), {"x2": -1}, True),
    ("clip", Tensor((2,), "int32"), {"x_min": 0.5, "x_max": 2}, False),
    ("max", Tensor((2,), "int32"), {"initial": 0.5}, False),
    ("sum", (2, 3), {"axis": [0, -2]}, False),
    ("softmax", (None, 1), {}, True),
    ("glu", (2, None), {}, False),
    ("split", (None, 3), {"indices_or_sections": [1]}, False),
    ("split", (None, 3), {"indices_or_sections": 2}, True),
    ("pad", (2, 3), {"pad_width": 1}, False),
    ("pad", (3,), {"pad_width": 1}, True),
    ("pad", Tensor((2, 3), "string"), {"pad_width": [[0, 0], [1, 0]]}, True),
    ("reshape", (None, 2), {"newshape": [-1, 3]}, True),
    ("reshape", (None, 2), {"newshape": [3]}, False),
    ("reshape", (None, 2), {"newshape": [-1]}, True),
    ("tensordot", [(1, 1, 1), (None, None, 2)], {"axes": 3}, False),
    ("vdot", [(None, 4), (6,)], {}, False),
    ("trace", (1, 3), {"offset": 1}, False),
    ("diagonal", (1, None), {"offset": -1}, False),
    ("diagonal", (1, None), {"offset": 1}, True),
    ("diag", (None, 2), {"k": 2}, False),
    ("tril", (None, 1), {"k": 1}, True),
    ("tril", (None, 1), {"k": 2}, False),
    ("triu", (2, None), {"k": -3}, False),
    ("inner", [(2, 3), (4, 3)], {}, False),
    ("tensordot", [(3, 1, 2), (2, 1, 5)], {"axes": 2}, True),
    ("tensordot", [(3, 1, 2), (2, 1, 5)], {"axes": [[1, 2], [0, 1]]}, False),
    ("concatenate", [(None, 2), (1, 2), (4, 2)], {"axis": 1}, False),
    ("stack", [(None, 2), (1, 2), (4, 2)], {}, False),
    ("isclose", [Tensor((2,), "string"), Tensor((2,), "string")], {}, True),
    ("sparsemax", Tensor((2, 3), "bfloat16"), {}, True),
    ("sparsemax", Tensor((2, 3), "float16"), {}, False),
    ("trace", (3, 4), {"offset": 1}, True),
    ("vstack", [(3,), (2,)], {}, True),
    ("hstack", [(3,), (2,)], {}, False),
    ("inner", [(), (2,)], {}, False),
    ("dot", [(None, 3), (None,)], {}, False),
    ("one_hot", Tensor((2, 3), "int32"), {"num_classes": 3, "axis": 2}, False),
    ("one_hot", Tensor((2, 3), "int32"), {"num_classes": 3, "axis": -2}, False),
    ("searchsorted", [(3,), (1, 4)], {}, True),
    ("searchsorted", [(3,), (2, 4)], {}, False),
    ("norm", (2, 3, 4), {}, False),
    ("norm", Tensor((2, 3), "float16"), {"ord": 2}, False),
    ("norm", (None, 3), {"ord": "inf", "axis": -1}, True),
    ("image.rgb_to_grayscale", (None, 4, 4, None), {}, False),
    ("diff", (2, 3), {"n": 5}, True),
    ("get_item", (None, 6), {"key": ["...", {"step": -1}]}, True),
    ("get_item", (None, 6), {"key": [None, 0, "-3:"]}, True),
    ("get_item", (None, 6), {"key": ["::", 6]}, False),
    ("get_item", (None,), {"key": [4]}, True),
    ("take", (None,), {"indices": 4}, True),
    ("diagonal", (None, None), {"offset": 4}, True),
    ("average_pool", (None, 1, None), {"pool_size": [1, 1, 1]}, False),
    ("cross", [(None, None, None, None), (None, 3)], {"axis": 0}, True),
    ("einsum", (None, 1), {"subscripts": "ii->i"}, True),
    ("einsum", (3, None), {"subscripts": "ii->i"}, True),
    ("einsum", (2, None, 3), {"subscripts": "...ii->...i"}, True),
    ("einsum", (2, 3, None), {"subscripts": "...ii->...i"}, True),
]


@pytest.mark.parametrize(("name", "inputs", "given_arguments", "accepted"), FOUND)
def test_found(name: str, inputs: Any, given_arguments: dict[str, Any], accepted: bool) -> None:
    agree(name, inputs, given_arguments, accepted=accepted)


@pytest.mark.parametrize("first", [(4, 4), (2, 4), (2, 4, 3), (2, 3, 4), (2, 4, 3, 5), (4, 3, 4), (1, 4)])
@pytest.mark.parametrize("second", [(4,), (4, 1), (1, 4), (4, 1, 1), (1, 4, 1), (1, 1, 4), (1, 1, 4, 1), (3, 1), (3,)])
def test_sums_are_refused_exactly_where_keras_adds_along_another_axis(first: Shape, second: Shape) -> None:
    numbers = (
        np.arange(prod(first), dtype="float32").reshape(first),
        np.arange(prod(second), dtype="float32").reshape(second),
    )
    try:
        expected = np.add(*numbers)
    except ValueError:
        return
    try:
        right = np.array_equal(keras.ops.add(*numbers), expected)
    except Exception:
        right = False
    made, _ = operation("add").parse({})
    assert made is not None
    call = made.call({"x1": Tensor(first), "x2": Tensor(second)}, {}, Policy.named("float32"))
    if right:
        assert made.infer(call) == (Tensor(expected.shape),)
    else:
        with pytest.raises(ShapeError, match="Keras takes it for a bias of another axis"):
            made.infer(call)


@pytest.mark.parametrize(
    "subscripts",
    ["a...,b...->ab...", "a...,b->ab...", "a...,b->a...b", "...a,b...->...ab", "a...b,bc->a...c", "a...,b"],
)
@pytest.mark.parametrize("first", [(2,), (2, 3), (2, 2), (2, 1), (2, 3, 2), (2, 2, 2)])
@pytest.mark.parametrize("second", [(2,), (2, 3), (2, 2), (1,), (3, 1), (2, 3, 2)])
def test_einsum_is_refused_exactly_where_keras_says_another_shape(subscripts: str, first: Shape, second: Shape) -> None:
    made, _ = operation("einsum").parse({"subscripts": subscripts})
    assert made is not None
    call = made.call({"operands": (Tensor(first), Tensor(second))}, {}, Policy.named("float32"))
    try:
        said = keras.ops.einsum(subscripts, *(keras.Input(batch_shape=shape) for shape in (first, second))).shape
        computed = keras.ops.einsum(subscripts, np.ones(first, "float32"), np.ones(second, "float32")).shape
    except Exception:
        said, computed = None, ()
    if said == computed:
        assert made.infer(call) == (Tensor(tuple(computed)),)
    else:
        with pytest.raises(ShapeError, match=None if said is None else "to Keras, which computes"):
            made.infer(call)


def test_einsum_spreads_no_letter() -> None:
    """Keras does where it makes a matmul of it, as of these subscripts; elsewhere TensorFlow refuses."""
    shapes = [(2, 3, 4, 5), (1, 3, 6, 5)]
    assert keras.ops.einsum("bhqd,bhkd->bhqk", *(np.ones(shape, "float32") for shape in shapes)).shape == (2, 3, 4, 6)
    expected = 'has two sizes for b in "bhqd,bhkd->bhqk": 2 and 1'
    assert message("einsum", shapes, {"subscripts": "bhqd,bhkd->bhqk"})[0] == expected
    agree("einsum", [(2, 3), (1, 4)], {"subscripts": "ab,ac->abc"}, accepted=False)


def test_normalize_is_refused_where_keras_says_another_shape() -> None:
    scalar = keras.Input(batch_shape=())
    for order in (1, 2, 3):
        assert keras.ops.normalize(scalar, axis=None, order=order).shape == ()
        assert keras.ops.normalize(np.float32(2), axis=None, order=order).shape == (1,)
        expected = "cannot normalize a scalar: it is () to Keras, which computes (1,)"
        assert message("normalize", (), {"axis": None, "order": order})[0] == expected


@pytest.mark.parametrize("ord", ["nuc", 2, -2])
@pytest.mark.parametrize("shape", [(2, 3, 4), (3, 4), (2, 3, 4, 5), (1, 1, 1)])
def test_norm_is_refused_exactly_where_keras_says_another_shape(ord: Any, shape: Shape) -> None:
    rank = len(shape)
    for axes in product(range(-rank, rank), repeat=2):
        made, _ = operation("norm").parse({"ord": ord, "axis": list(axes), "keepdims": True})
        assert made is not None
        call = made.call({"x": Tensor(shape)}, {}, Policy.named("float32"))
        try:
            said = keras.ops.norm(keras.Input(batch_shape=shape), ord=ord, axis=axes, keepdims=True).shape
            right = axes[0] % rank != axes[1] % rank
            right = right and said == keras.ops.norm(np.ones(shape, "float32"), ord=ord, axis=axes, keepdims=True).shape
        except Exception:
            right = False
        if right:
            assert made.infer(call) == (Tensor(tuple(said)),)
        else:
            with pytest.raises(RuleError, match=r"in other places|twice"):
                made.infer(call)


@pytest.mark.parametrize("name", ["moments", "sum", "mean"])
def test_no_axis_is_named_twice(name: str) -> None:
    """TensorFlow leaves out a sum over one element, and gives a shape that Keras does not say."""
    axes = "axes" if name == "moments" else "axis"
    first = keras.tree.flatten(getattr(keras.ops, name)(keras.Input(batch_shape=(1, 1)), [0, 0]))[0]
    assert first.shape == ()
    for keepdims in (True, False):
        words = message(name, (1, 1), {axes: [0, -2], "keepdims": keepdims})
        assert words == ("has an axis of its input twice in [0, -2]", "name each axis once")


def test_products_of_dense_tensors_and_constants_are_dense() -> None:
    made, _ = operation("multiply").parse({"x2": 0.5})
    assert made is not None
    (product,) = made.infer(made.call({"x1": Tensor((None, 3))}, {}, Policy.named("mixed_float16")))
    assert product == Tensor((None, 3), "float32")


SPARSE = {
    "add": True,
    "multiply": True,
    "matmul": True,
    "exp": False,
    "sin": True,
    "round": True,
    "relu": None,
    "softmax": None,
    "reshape": True,
}


@pytest.mark.parametrize("name", SPARSE)
def test_sparse(name: str) -> None:
    cls = operation(name)
    tensor = Tensor((4, 4), sparse=True)
    inputs = {argument.name: tensor for argument in cls.tensors}
    expected = SPARSE[name]
    if expected is None:
        assert message(name, inputs) == (
            "cannot take a sparse tensor",
            "remove 'sparse' from the Input or the layer that sets it",
        )
    else:
        agree(name, inputs, {"newshape": [16]} if name == "reshape" else {}, run=False, accepted=True)


@pytest.mark.parametrize("axis", [None, 0, 1, -2])
def test_take_at_sparse_indices(axis: int | None) -> None:
    inputs = {"x": Tensor((4, 3)), "indices": Tensor((None, 3), "int32", sparse=True)}
    agree("take", inputs, {"axis": axis}, run=False, accepted=True)
    small = {**inputs, "indices": Tensor((None, 3), "int16", sparse=True)}
    if axis in (None, 0):  # Keras then looks them up as in an embedding
        assert message("take", small, {"axis": axis})[0] == "cannot compute with int16"
    else:
        agree("take", small, {"axis": axis}, run=False, accepted=True)


@pytest.mark.parametrize(("axis", "shape"), [(None, (None, None)), (0, (None, None, 3)), (1, (4, None, None))])
def test_take_at_ragged_indices(axis: int | None, shape: tuple[int | None, ...]) -> None:
    indices = Tensor((None, None), "int32", ragged=True)
    made, _ = operation("take").parse({"axis": axis})
    assert made is not None
    (output,) = made.infer(made.call({"x": Tensor((4, 3)), "indices": indices}, {}, Policy.named("float32")))
    assert (output.shape, output.ragged) == (shape, True)
    small = {"x": Tensor((4, 3)), "indices": indices._replace(dtype="int16")}
    assert message("take", small, {"axis": axis})[0] == "cannot compute with int16"


def test_take_from_what_is_not_dense() -> None:
    for form in ("sparse", "ragged"):
        x = Tensor((4, 3))._replace(**{form: True})
        said, _ = message("take", {"x": x, "indices": Tensor((2,), "int32")}, {"axis": 0})
        assert said == f"cannot take a {form} tensor"


def test_ragged() -> None:
    tensor = Tensor((4, None), ragged=True)
    for name, kept in (("relu", True), ("sum", False)):
        made, _ = operation(name).parse({})
        assert made is not None
        (output,) = made.infer(made.call({"x": tensor}, {}, Policy.named("float32")))
        assert output.ragged is kept
    assert message("sort", tensor) == (
        "cannot take a ragged tensor",
        "remove 'ragged' from the Input or the layer that sets it",
    )


# -- The call ------------------------------------------------------------------------------------


def call_of(name: str, arguments: dict[str, Any], **tensors: Any) -> tuple[list[Any], dict[str, Any]]:
    made, problems = operation(name).parse(arguments)
    assert made is not None, problems
    return made.call_arguments(tensors)


def test_calls() -> None:
    assert call_of("add", {"x2": 0.5}, x1="a") == (["a", 0.5], {})
    assert call_of("subtract", {"x1": 1}, x2="a") == ([1, "a"], {})
    assert call_of("where", {"x2": 0}, condition="c", x1="a") == (["c", "a", 0], {})
    assert call_of("sum", {"axis": [1, 2], "keepdims": True}, x="a") == (["a"], {"axis": (1, 2), "keepdims": True})
    assert call_of("reshape", {"newshape": [-1, 4]}, x="a") == (["a", (-1, 4)], {})
    assert call_of("concatenate", {"axis": -1}, xs=["a", "b"]) == ([["a", "b"]], {"axis": -1})
    assert call_of("einsum", {"subscripts": "ij,jk"}, operands=["a", "b"]) == (["ij,jk", "a", "b"], {})
    assert call_of("average", {"axis": 1}, x="a", weights="w") == (["a"], {"weights": "w", "axis": 1})
    assert call_of("norm", {"ord": "-inf"}, x="a") == (["a"], {"ord": float("-inf")})
    key = [0, "1:-1", "::2", {"stop": 3}, None, "..."]
    items = (0, slice(1, -1, None), slice(None, None, 2), slice(None, 3, None), None, Ellipsis)
    assert call_of("get_item", {"key": key}, x="a") == (["a", items], {})


def test_open_tensors() -> None:
    made, _ = operation("subtract").parse({"x1": 1.0})
    assert made is not None
    assert [argument.name for argument in made.open_tensors()] == ["x2"]


# -- Words ---------------------------------------------------------------------------------------

MESSAGES: list[tuple[str, Any, dict[str, Any], str, str | None]] = [
    (
        "add",
        [(2, 3), (2, 4)],
        {},
        "cannot broadcast (2, 3) and (2, 4)",
        "counted from the last axis, their dimensions must be equal, or 1 in one of them",
    ),
    ("add", {"x1": (2,)}, {}, "needs 'x2'", "add 'x2' to 'from' as a tensor, or to the arguments as a constant"),
    (
        "add",
        [(2,), (2,)],
        {"x2": 1},
        "gets 'x2' twice, as a tensor and as a constant",
        "remove 'x2' from the arguments or from what it takes as input",
    ),
    ("add", {}, {"x1": 1, "x2": 1}, "needs a tensor, and has only constants", "give one of them in 'from'"),
    ("add", (2,), {"x2": "1"}, 'x2 must be a number, or true or false or null, not "1"', "write 1 without quotes"),
    (
        "sigmoid",
        Tensor((2,), "int32"),
        {},
        "cannot compute with int32",
        "put {type: ops.cast, dtype: float32} before it",
    ),
    ("bitwise_not", (2,), {}, "cannot compute with float32", "put {type: ops.cast, dtype: int32} before it"),
    ("relu", Tensor((2,), "string"), {}, "cannot compute with string", "it takes numbers"),
    (
        "add",
        [Tensor((2,), "string"), (2,)],
        {},
        "cannot combine string and float32",
        "turn the strings into numbers first, with a StringLookup or TextVectorization layer",
    ),
    (
        "mod",
        Tensor((2,), "int32"),
        {"x2": 0},
        "cannot compute in int32 with 0 as 'x2'",
        "give another number, or put {type: ops.cast, dtype: float32} before it",
    ),
    (
        "clip",
        Tensor((2,), "int8"),
        {"x_min": 0.5, "x_max": 1},
        "takes an integer as 'x_min' for int8, not 0.5",
        "give an integer, or put {type: ops.cast, dtype: float32} before it",
    ),
    (
        "cast",
        Tensor((2,), "string"),
        {"dtype": "int32"},
        "cannot turn string into int32",
        "strings become numbers in a StringLookup, Hashing or TextVectorization layer",
    ),
    (
        "full_like",
        [(2, 3), (3, 3)],
        {},
        "cannot broadcast (3, 3) to (2, 3)",
        "counted from the last axis, each of its dimensions must be equal to the target's, or 1",
    ),
    ("sum", (2, 3), {"axis": 2}, "has no axis 2 in an input of 2 dimensions", "use an axis from -2 to 1"),
    ("sum", (2, 3), {"axis": [1, -1]}, "has an axis of its input twice in [1, -1]", "name each axis once"),
    ("norm", (2, 3, 4), {}, "takes the norm of vectors or matrices, not over 3 axes", "give one axis or two in 'axis'"),
    ("norm", (2, 3), {"axis": 1, "ord": "fro"}, "has no norm of order fro of vectors", "that is for two axes"),
    (
        "norm",
        (2, 3),
        {"ord": 3},
        "has no norm of order 3 of matrices",
        'for two axes it is 1, -1, 2, -2, "inf", "-inf", "fro" or "nuc"',
    ),
    (
        "norm",
        (None, 3, 4),
        {"axis": [-2, -1], "ord": 2, "keepdims": True},
        "keeps axes [-2, -1] in other places with order 2",
        "name the axes in order and counted from the front: [1, 2]",
    ),
    (
        "normalize",
        (2, 3),
        {"axis": [0, 0], "order": 1},
        "has an axis of its input twice in [0, 0]",
        "name each axis once",
    ),
    ("normalize", (2, 3), {"axis": [0, 1], "order": 3}, "cannot use order 3 over 2 axes", "use order 2, or one axis"),
    (
        "average",
        [(2, 3), (2,)],
        {"axis": 1},
        "cannot weigh (2, 3) by (2,)",
        "the weights have the shape of 'x', or are one for each element of the axis",
    ),
    ("quantile", (2,), {"q": [0.5]}, "needs two fractions or more in a list", "a single one stands by itself"),
    ("glu", (2, 3), {}, "cannot halve axis -1 of (2, 3)", "its size must be even"),
    (
        "reshape",
        (2, 3),
        {"newshape": [4]},
        "cannot reshape (2, 3) to (4,)",
        "the sizes must multiply to the number of elements; -1 stands for what is left",
    ),
    ("reshape", (2, 3), {"newshape": [-1, -1]}, "takes -1 for one axis at most", "give the other sizes as numbers"),
    (
        "transpose",
        (2, 3),
        {"axes": [0]},
        "puts 1 axes in order, got (2, 3) with 2",
        "list every axis once, the batch axis (0) too",
    ),
    ("squeeze", (2, None), {"axis": 1}, "cannot squeeze axis 1 of (2, None)", "only an axis of size 1 can go"),
    (
        "moveaxis",
        (2, 3),
        {"source": [0, 1], "destination": 0},
        "moves 2 axes to 1 places",
        "give a place for each axis of 'source'",
    ),
    (
        "roll",
        (2, 3),
        {"shift": [1, 2]},
        "needs one shift for each axis",
        "give 'shift' and 'axis' as two numbers, or as two lists of one length",
    ),
    (
        "repeat",
        (2, 3),
        {"repeats": [1, 2], "axis": 1},
        "has 2 counts for 3 elements",
        "give one count for each, or one for all",
    ),
    (
        "pad",
        (2, 3),
        {"pad_width": 1},
        "has 1 pairs of widths, got (2, 3) with 2 axes",
        "give two widths for each axis, [0, 0] for the batch axis",
    ),
    (
        "pad",
        (3,),
        {"pad_width": 3, "mode": "reflect"},
        "cannot pad 3 elements by reflect from 3",
        "at most 2 can be added there",
    ),
    (
        "pad",
        (3,),
        {"pad_width": 1, "mode": "reflect", "constant_values": 1},
        "takes no constant_values with mode reflect",
        "remove it, or use mode: constant",
    ),
    (
        "concatenate",
        [(2, 3), (3, 3)],
        {"axis": 1},
        "cannot join (2, 3) and (3, 3) on axis 1",
        "they must be equal on every other axis",
    ),
    ("stack", [(2,), (3,)], {}, "cannot stack (2,) and (3,)", "they must have one shape"),
    (
        "split",
        (2, 3),
        {"indices_or_sections": 2, "axis": 1},
        "cannot split axis 1 of (2, 3) into 2 equal parts",
        "3 is no multiple of 2; a list of indices cuts anywhere",
    ),
    (
        "split",
        (2, 3),
        {"indices_or_sections": [2, 1], "axis": 1},
        "cannot cut axis 1 of (2, 3) before [2, 1]",
        "the indices go up, to 3 at most",
    ),
    (
        "split",
        (2, 3),
        {"indices_or_sections": 2**31},
        "indices_or_sections must be the number of equal parts, or a list of the indices to cut before, not 2147483648",
        "set indices_or_sections to the number of equal parts, or a list of the indices to cut before",
    ),
    ("unstack", (2, 3), {}, "needs 'num'", "add 'num', the size of the axis: it names the outputs"),
    ("unstack", (2, 3), {"num": 3}, "gives 3 outputs, got (2, 3) with 2 on axis 0", "set num to 2"),
    ("tile", (2, 3), {"repeats": 2**31 - 1}, "would give (2, 6442450941); a dimension goes up to 2147483647", None),
    (
        "expand_dims",
        (2, 3),
        {"axis": [0, 1, 2, 3, 4, 5, 6]},
        "would give (1, 1, 1, 1, 1, 1, 1, 2, 3), more than 8 dimensions",
        None,
    ),
    (
        "get_item",
        (2, 3),
        {"key": [0, 0, 0]},
        "has a key for 3 axes, got (2, 3) with 2",
        "give an item for each axis at most",
    ),
    ("get_item", (2, 3), {"key": [2]}, "has no index 2 on axis 0 of (2, 3)", "use an index from -2 to 1"),
    (
        "get_item",
        (2, 3),
        {"key": "1-2"},
        'key has "1-2", which is no slice',
        'give an index, a slice such as "1:-1" or {start: 1, stop: -1}, null for a new axis, or "..." for the axes between',
    ),
    ("get_item", (2, 3), {"key": ["...", "..."]}, 'takes "..." once', "it stands for all the axes between"),
    ("get_item", (2, 3), {"key": "::0"}, "takes no slice with step 0", "the step is 1 or more, or negative"),
    (
        "slice",
        (2, 3),
        {"start_indices": [0], "shape": [1, 1]},
        "has 1 numbers in 'start_indices', got (2, 3) with 2 axes",
        "give one for each axis, the batch axis too",
    ),
    (
        "slice",
        (2, 3),
        {"start_indices": [0, 2], "shape": [1, 2]},
        "takes 2 from index 2 on an axis of 3",
        "start and size must stay within the axis; size -1 takes all that is left",
    ),
    ("take", (2, 3), {"indices": [0, 3], "axis": 1}, "has no index 3 on axis 1 of (2, 3)", "use an index from -3 to 2"),
    ("take", (2, 3), {"indices": [[0, 1], [0]]}, "indices has lists of different lengths", "make them equally long"),
    (
        "take_along_axis",
        [(2, 3), Tensor((3,), "int32")],
        {"axis": 0},
        "needs as many axes in both, got (2, 3) and (3,)",
        None,
    ),
    ("squeeze", (1,), {"axis": []}, "names no axis", "leave out 'axis' to squeeze every axis of size 1"),
    (
        "add",
        [(4, 4), (4, 1)],
        {},
        "cannot add (4, 1) to (4, 4): Keras takes it for a bias of another axis",
        "give the two in the other order",
    ),
    (
        "diagonal",
        (2, 3),
        {"offset": 3},
        "has no diagonal 3 in a matrix of (2, 3)",
        "the offset must be less than the columns and, below the middle, less than the rows",
    ),
    ("tril", (2, 3), {"k": 4}, "has no diagonal 4 in matrices of (2, 3)", "use 3 at most"),
    ("triu", (2, 3), {"k": -4}, "has no diagonal -4 in matrices of (2, 3)", "use -2 at least"),
    ("top_k", (2, 3), {"k": 4}, "takes 4 elements of 3", "set k to 3 or less"),
    (
        "searchsorted",
        [(2,), Tensor((3,), "int32")],
        {},
        "needs one dtype for both, got float32 and int32",
        "put a {type: ops.cast} before one of them",
    ),
    (
        "one_hot",
        (2,),
        {"num_classes": 3, "axis": 1},
        "puts no classes on axis 1 of (2,)",
        "use -1 for a new last axis, or 0 to 0",
    ),
    (
        "matmul",
        [(2, 3), (4, 5)],
        {},
        "cannot multiply (2, 3) and (4, 5)",
        "the last axis of 'x1' (3) must be as long as the rows of 'x2' (4)",
    ),
    ("tensordot", [(2, 3), (3,)], {}, "sums over 2 axes of (2, 3) and (3,)", "both must have that many axes"),
    ("cross", [(2, 4), (2, 4)], {}, "takes vectors of 2 or 3 numbers, got (2, 4) with 4 on axis 1", None),
    (
        "einsum",
        [(2, 3)],
        {"subscripts": "i j"},
        'cannot read "i j"',
        'write letters for the axes, as in "bij,bjk->bik", without spaces; ... stands for further axes',
    ),
    ("einsum", [(2, 3)], {"subscripts": "ij->k"}, "has no k in an input", "use letters of the inputs behind ->"),
    (
        "einsum",
        [(None, None), (None,)],
        {"subscripts": "a...,b...->ab..."},
        "is (None, 1, None) to Keras, which computes (None, None, None): ... stands for more axes of one input than of "
        "another",
        "write ... first behind ->, or give all inputs equally many axes there",
    ),
    (
        "einsum",
        [(2, 3)],
        {"subscripts": "ij,jk->ik"},
        'has 2 inputs in "ij,jk->ik", got 1',
        "write the letters of each input, with commas between",
    ),
    (
        "einsum",
        [(2, 3), (2, 3)],
        {"subscripts": "ij,jk->ik"},
        'has two sizes for j in "ij,jk->ik": 3 and 2',
        "axes with one letter must be equally long",
    ),
    (
        "einsum",
        [(2, 3, 4)],
        {"subscripts": "ij->ji"},
        'has 2 letters in "ij" for (2, 3, 4)',
        "write a letter for each axis, the batch axis too; ... stands for any others",
    ),
    (
        "max_pool",
        (2, 3, 1),
        {"pool_size": 4},
        "has a window of 4 on an axis of 3, got (2, 3, 1)",
        "use a smaller pool_size, or padding: same",
    ),
    (
        "max_pool",
        (2, 3),
        {"pool_size": 2},
        "needs an input of 3 to 5 dimensions, got (2, 3) with 2",
        "a batch axis, 1 to 3 spatial axes and a channel axis",
    ),
    (
        "max_pool",
        (2, 3, 1),
        {"pool_size": [2, 2]},
        "has 2 numbers in 'pool_size' for 1 spatial axes",
        "give one for each",
    ),
    (
        "image.resize",
        (8, 8, 3),
        {"size": [2, 2], "crop_to_aspect_ratio": True, "pad_to_aspect_ratio": True},
        "cannot both crop and pad to the aspect ratio",
        "choose one",
    ),
    (
        "space_to_depth",
        (1, 3, 4, 1),
        {"block_size": 2},
        "cannot divide 3 rows by 2, got (1, 3, 4, 1)",
        "the rows must be a multiple of 2",
    ),
]


@pytest.mark.parametrize(("name", "inputs", "given_arguments", "text", "help"), MESSAGES)
def test_messages(name: str, inputs: Any, given_arguments: dict[str, Any], text: str, help: str | None) -> None:
    assert message(name, inputs, given_arguments) == (text, help)
