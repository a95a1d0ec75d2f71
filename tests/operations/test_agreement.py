"""The operations against ``keras.ops`` with drawn dtypes, shapes and arguments."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from specc import operations
from specc.arguments import DTYPES
from specc.operations.binary import Binary, Shift
from specc.operations.linear import Product
from specc.shapes import Tensor
from tests.support.draws import draws
from tests.support.layer_checks import named_twice
from tests.support.operation_agreement import agree, operation, same_dtype

EACH = 4
"""Examples of each of the properties of an operation; their graphs are slow to make."""

# -- Dtypes --------------------------------------------------------------------------------------

MATRICES = ["det", "cholesky_inverse", "matrix_rank", "pinv", "eig", "eigh", "qr", "svd"]
ONE_TENSOR = [
    *operations.FAMILIES["elementwise"].split(),
    *operations.FAMILIES["activation"].split(),
    *operations.FAMILIES["reduction"].split(),
    "reshape",
    "ravel",
    "transpose",
    "expand_dims",
    "squeeze",
    "swapaxes",
    "moveaxis",
    "flip",
    "roll",
    "rot90",
    "repeat",
    "tile",
    "pad",
    *MATRICES,
    "diagonal",
    "trace",
    "tril",
    "triu",
    "diff",
    "split",
    "unstack",
    "get_item",
    "slice",
    "take",
    "sort",
    "argsort",
    "top_k",
    "one_hot",
]
NEEDED: dict[str, dict[str, Any]] = {
    "clip": {"x_min": 0, "x_max": 1},
    "cast": {"dtype": "int32"},
    "saturate_cast": {"dtype": "int32"},
    "full_like": {"fill_value": 2},
    "threshold": {"threshold": 0.5, "default_value": 1},
    "quantile": {"q": 0.5},
    "percentile": {"q": 50},
    "moments": {"axes": 0},
    "glu": {"axis": 1},
    "reshape": {"newshape": [4, -1]},
    "expand_dims": {"axis": 1},
    "swapaxes": {"axis1": 0, "axis2": 1},
    "moveaxis": {"source": 0, "destination": 1},
    "roll": {"shift": 1},
    "repeat": {"repeats": 2},
    "tile": {"repeats": 2},
    "pad": {"pad_width": [[0, 0], [1, 1]]},
    "split": {"indices_or_sections": 2, "axis": 1},
    "unstack": {"num": 4, "axis": 1},
    "get_item": {"key": [":", 0]},
    "slice": {"start_indices": [0, 1], "shape": [-1, 2]},
    "take": {"indices": [0, 1], "axis": 1},
    "top_k": {"k": 2},
    "one_hot": {"num_classes": 3},
}


SHAPE_OF: dict[str, tuple[int | None, ...]] = dict.fromkeys(MATRICES, (None, 2, 2))
"""The shape of the tensor, if (None, 4) does not do."""


@pytest.mark.parametrize("name", ONE_TENSOR)
def test_dtypes_of_one_tensor(name: str) -> None:
    for dtype in DTYPES:
        same_dtype(name, Tensor(SHAPE_OF.get(name, (None, 4)), dtype), NEEDED.get(name, {}))


LISTED = ["select", "where", "gcd", "lcm"]
"""Binary operations with tests of their own."""
BINARY = [
    *(name for name in operations.FAMILIES["binary"].split() if name not in LISTED),
    "matmul",
    "dot",
    "inner",
    "outer",
    "vdot",
]
CONSTANTS = st.sampled_from([1, 2, -1, 0.5, True])


@pytest.mark.parametrize("name", BINARY)
@draws(EACH)
@given(first=st.sampled_from(DTYPES), second=st.sampled_from(DTYPES))
def test_dtypes_of_two_tensors(name: str, first: str, second: str) -> None:
    agree(name, [Tensor((None, 3), first), Tensor((3, 3), second)])


@pytest.mark.parametrize("name", [name for name in BINARY if issubclass(operation(name), Binary | Product | Shift)])
def test_dtypes_of_a_tensor_and_a_constant(name: str) -> None:
    arguments = [argument.name for argument in operation(name).tensors]
    constants = operation(name).constants
    for dtype, constant in product(DTYPES, (2, 2**31, 0.5, True) if "x1" in constants else (2, 0)):
        for number in constants:
            (tensor,) = set(arguments) - {number}
            same_dtype(name, {tensor: Tensor((None, 3), dtype)}, {number: constant})


# -- Shapes --------------------------------------------------------------------------------------

DIMS = st.sampled_from([None, 1, 2, 3, 4])
SHAPES = st.lists(DIMS, min_size=0, max_size=4).map(tuple)
AXIS = st.integers(-4, 3)
AXES = AXIS | st.lists(AXIS, min_size=0, max_size=3)
SMALL = st.integers(-4, 4)
COUNT = st.integers(1, 4)


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


def arguments(
    required: dict[str, st.SearchStrategy[Any]], **optional: st.SearchStrategy[Any]
) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(required, optional=optional)


REDUCTION = arguments({}, axis=maybe(AXES), keepdims=st.booleans())
SLICE = st.builds(
    lambda start, stop, step: {
        key: value for key, value in (("start", start), ("stop", stop), ("step", step)) if value is not None
    },
    maybe(SMALL),
    maybe(SMALL),
    maybe(st.sampled_from([-2, -1, 1, 2])),
)
KEY = st.lists(
    SMALL | SLICE | st.none() | st.sampled_from(["...", ":", "1:", ":-1", "::2", "-2:3:1"]), max_size=5
).filter(
    lambda key: key.count("...") < 2  # a problem of the arguments
)

ON_ONE: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    **dict.fromkeys(
        [
            "sum",
            "mean",
            "var",
            "std",
            "any",
            "all",
            "amax",
            "logsumexp",
            "median",
            "nansum",
            "nanmean",
            "max",
            "min",
            "prod",
        ],
        REDUCTION,
    ),
    **{name: arguments({}, axis=maybe(AXIS), keepdims=st.booleans()) for name in ("argmax", "argmin", "nanargmax")},
    **{
        name: arguments({}, axis=maybe(AXIS))
        for name in ("cumsum", "cumprod", "nancumsum", "average", "sort", "argsort", "softmax", "log_softmax")
    },
    "count_nonzero": arguments({}, axis=maybe(AXES)),
    "percentile": arguments({"q": st.just(50) | st.just([10, 90])}, axis=maybe(AXES), keepdims=st.booleans()),
    **{name: arguments({}) for name in ("inv", "det", "cholesky_inverse", "matrix_rank", "pinv", "eigh")},
    "qr": arguments({}, mode=st.sampled_from(["reduced", "complete"])),
    "svd": arguments({}, full_matrices=st.booleans(), compute_uv=st.booleans()),
    "trapezoid": arguments({}, dx=st.just(0.5), axis=AXIS),
    "view_as_real": arguments({}),
    "quantile": arguments({"q": st.just(0.5) | st.just([0.1, 0.9, 1.0])}, axis=maybe(AXES), keepdims=st.booleans()),
    "moments": arguments({"axes": AXES.filter(lambda axes: axes != [])}, keepdims=st.booleans()),
    "norm": arguments(
        {},
        axis=maybe(AXES),
        keepdims=st.booleans(),
        ord=st.sampled_from(["fro", "nuc", "inf", "-inf", 0, 1, -1, 2, -2, 3, 0.5]),
    ),
    "normalize": arguments({}, axis=maybe(AXES), order=st.integers(1, 3)),
    "sparsemax": arguments({}, axis=AXIS),
    "glu": arguments({}, axis=AXIS),
    "reshape": arguments(
        {"newshape": st.lists(st.sampled_from([-1, 1, 2, 3, 4, 6]), max_size=4).filter(lambda x: x.count(-1) < 2)}
    ),
    "ravel": arguments({}),
    "transpose": arguments({}, axes=maybe(st.permutations([0, 1, 2]) | st.lists(AXIS, max_size=4))),
    "expand_dims": arguments({"axis": AXES}),
    "squeeze": arguments({}, axis=maybe(AXES.filter(lambda axes: axes != []))),
    "swapaxes": arguments({"axis1": AXIS, "axis2": AXIS}),
    "moveaxis": st.integers(1, 3).flatmap(
        lambda n: arguments({key: st.lists(AXIS, min_size=n, max_size=n) for key in ("source", "destination")})
    )
    | arguments({"source": AXIS, "destination": AXIS}),
    "flip": arguments({}, axis=maybe(AXES)),
    "roll": arguments({"shift": SMALL, "axis": maybe(AXIS)})
    | arguments({"shift": st.just([1, 2]), "axis": st.lists(AXIS, min_size=2, max_size=2)}),
    "rot90": arguments({}, k=st.sampled_from([1, 3]), axes=st.lists(AXIS, min_size=2, max_size=2)),
    "repeat": arguments({"repeats": COUNT | st.lists(COUNT, min_size=1, max_size=4)}, axis=maybe(AXIS)),
    "tile": arguments({"repeats": COUNT | st.lists(COUNT, min_size=1, max_size=4)}),
    "broadcast_to": arguments({"shape": st.lists(COUNT, min_size=1, max_size=4)}),
    "pad": arguments(
        {
            "pad_width": st.integers(0, 2)
            | st.lists(st.lists(st.integers(0, 2), min_size=2, max_size=2), min_size=1, max_size=4)
        },
        mode=st.sampled_from(["constant", "reflect", "symmetric"]),
    ),
    "diagonal": arguments({}, offset=SMALL, axis1=AXIS, axis2=AXIS),
    "diag": arguments({}, k=SMALL),
    "trace": arguments({}, offset=SMALL, axis1=AXIS, axis2=AXIS),
    "tril": arguments({}, k=SMALL),
    "triu": arguments({}, k=SMALL),
    "diff": arguments({}, n=st.integers(0, 3), axis=AXIS),
    "split": arguments({"indices_or_sections": COUNT | st.lists(st.integers(0, 4), min_size=1, max_size=3)}, axis=AXIS),
    "unstack": arguments({"num": COUNT}, axis=AXIS),
    "get_item": arguments({"key": KEY | SMALL | st.just(":2")}),
    "slice": st.integers(0, 4).flatmap(
        lambda n: arguments(
            {
                "start_indices": st.lists(st.integers(0, 2), min_size=n, max_size=n),
                "shape": st.lists(st.integers(-1, 3), min_size=n, max_size=n),
            }
        )
    ),
    "take": arguments(
        {"indices": SMALL | st.lists(SMALL, min_size=1, max_size=3) | st.just([[0, 1], [0, 0]])}, axis=maybe(AXIS)
    ),
    "top_k": arguments({"k": COUNT}, sorted=st.booleans()),
    "one_hot": arguments({"num_classes": COUNT}, axis=AXIS),
    "max_pool": arguments(
        {"pool_size": COUNT},
        strides=COUNT,
        padding=st.sampled_from(["valid", "same"]),
        data_format=st.sampled_from(["channels_last", "channels_first"]),
    ),
    "average_pool": arguments(
        {"pool_size": st.lists(COUNT, min_size=1, max_size=3)}, padding=st.sampled_from(["valid", "same"])
    ),
    "image.resize": arguments(
        {"size": st.just([3, 5])},
        data_format=st.sampled_from(["channels_last", "channels_first"]),
        crop_to_aspect_ratio=st.booleans(),
    ),
    "image.rgb_to_grayscale": arguments({}, data_format=st.sampled_from(["channels_last", "channels_first"])),
    "depth_to_space": arguments(
        {"block_size": st.just(2)}, data_format=st.sampled_from(["channels_last", "channels_first"])
    ),
    "space_to_depth": arguments(
        {"block_size": st.just(2)}, data_format=st.sampled_from(["channels_last", "channels_first"])
    ),
}


SINGULAR = ("inv", "solve")
"""Operations that fail on matrices of ones; see test_matrices."""
REDUCTIONS = operations.FAMILIES["reduction"].split()


@pytest.mark.parametrize("name", ON_ONE)
@draws(EACH)
@given(data=st.data())
def test_shapes_of_one_tensor(name: str, data: st.DataObject) -> None:
    shape, given_arguments = data.draw(SHAPES), data.draw(ON_ONE[name])
    assume(name != "reshape" or None not in shape)  # whether it runs then is luck
    kept = given_arguments.get("keepdims") and isinstance(given_arguments.get("axis"), list)
    assume(name != "norm" or not kept or given_arguments.get("ord") not in ("nuc", 2, -2))  # see test_reduction
    axes = given_arguments.get("axis", given_arguments.get("axes")) if name in REDUCTIONS else None
    assume(not named_twice(axes, shape))  # refused, see test_reduction
    agree(name, Tensor(shape, "int32" if name == "one_hot" else "float32"), given_arguments, run=name not in SINGULAR)


ON_TWO: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    **{
        name: arguments({})
        for name in [
            "subtract",
            "multiply",
            "arctan2",
            "equal",
            "allclose",
            "heaviside",
            "nextafter",
            "polar",
            "solve",
            "solve_triangular",
            "lstsq",
            "logical_and",
            "hypot",
            "matmul",
            "dot",
            "inner",
            "outer",
            "vdot",
        ]
    },
    "tensordot": arguments(
        {
            "axes": st.integers(0, 3)
            | st.tuples(AXIS, AXIS).map(lambda pair: [[pair[0]], [pair[1]]])
            | st.just([[0, 1], [1, 0]])
        }
    ),
    "cross": arguments({}, axis=AXIS) | arguments({}, axisa=AXIS, axisb=AXIS, axisc=AXIS),
    "average": arguments({}, axis=maybe(AXIS)),
    "full_like": arguments({}),
    "take_along_axis": arguments({}, axis=maybe(AXIS)),
    "searchsorted": arguments({}),
    "in_top_k": arguments({"k": COUNT}),
}
SECOND = {"take_along_axis": "int32", "in_top_k": "float32"}


@pytest.mark.parametrize("name", ON_TWO)
@draws(EACH)
@given(data=st.data())
def test_shapes_of_two_tensors(name: str, data: st.DataObject) -> None:
    first = data.draw(SHAPES)
    near = [first, first[1:], first[:1], first[-1:], first[::-1], (*first[:-2], *first[-1:], 2), (*first[:-1], 1)]
    second = data.draw(st.sampled_from(near) | SHAPES)
    assume(name != "vdot" or None not in (*first, *second))  # whether it runs then is luck
    assume(name != "cross" or [*first, *second].count(None) <= 4)  # the sizes that fit are sought among that many
    inputs = [Tensor(first, "int32" if name == "in_top_k" else "float32"), Tensor(second, SECOND.get(name, "float32"))]
    agree(name, inputs, data.draw(ON_TWO[name]), run=name not in SINGULAR)


@pytest.mark.parametrize(
    ("name", "given_arguments"), [("concatenate", True), ("stack", True), ("hstack", False), ("vstack", False)]
)
@draws(EACH)
@given(data=st.data())
def test_shapes_of_joined_tensors(name: str, given_arguments: bool, data: st.DataObject) -> None:
    first = data.draw(SHAPES.filter(lambda shape: len(shape) < 4))
    others = data.draw(st.lists(st.just(first) | SHAPES.filter(lambda shape: None not in shape), max_size=2))
    if first and data.draw(st.booleans()):
        others.append((*first[:-1], 4))
    agree(name, [first, *others], {"axis": data.draw(AXIS)} if given_arguments else {})


@draws(EACH)
@given(data=st.data())
def test_where(data: st.DataObject) -> None:
    inputs = {"condition": Tensor(data.draw(SHAPES), "bool")}
    constants: dict[str, Any] = {}
    for name in ("x1", "x2"):
        if data.draw(st.booleans()):
            inputs[name] = Tensor(data.draw(SHAPES), data.draw(st.sampled_from(DTYPES)))
        else:
            constants[name] = data.draw(CONSTANTS)
    agree("where", inputs, constants)


EINSUM = [
    "ij,jk->ik",
    "bij,bjk->bik",
    "ij->ji",
    "ij,ij->",
    "...i,ij->...j",
    "ii->i",
    "bi,bj->bij",
    "ij,jk",
    "i,i",
    "...ij->...ji",
    "bhqd,bhkd->bhqk",
    "a...,b...->ab...",
]


def spreads_a_letter(subscripts: str, shapes: list[tuple[int | None, ...]]) -> bool:
    """Whether an axis of size 1 has the letter of a longer one."""
    sizes: dict[str, set[int]] = {}
    for spec, shape in zip(subscripts.partition("->")[0].split(","), shapes, strict=True):
        before, _, after = spec.partition("...")
        for letter, dim in [*zip(before, shape, strict=False), *zip(after[::-1], shape[::-1], strict=False)]:
            sizes.setdefault(letter, set()).update([] if dim is None else [dim])
    return any(1 in known and len(known) > 1 for known in sizes.values())


@draws(50)
@given(data=st.data(), subscripts=st.sampled_from(EINSUM))
def test_einsum(data: st.DataObject, subscripts: str) -> None:
    sizes = {letter: data.draw(DIMS, label=letter) for letter in sorted(set(subscripts) - set(",.->"))}
    rank = data.draw(st.integers(0, 2))
    shapes = []
    for spec in subscripts.partition("->")[0].split(","):
        before, ellipsis, after = spec.partition("...")
        further = data.draw(st.lists(DIMS, min_size=rank, max_size=rank)) if ellipsis else []
        shapes.append((*(sizes[x] for x in before), *further, *(sizes[x] for x in after)))
    if data.draw(st.integers(0, 4)) == 0:
        shapes[-1] = data.draw(SHAPES)
    assume(not subscripts.startswith("a...") or len(shapes[0]) == len(shapes[1]))  # see test_linear
    assume(not spreads_a_letter(subscripts, shapes))  # refused; some of them Keras turns into a product that spreads
    agree("einsum", shapes, {"subscripts": subscripts})
