from __future__ import annotations

import itertools
from typing import Any

import keras
import pytest
from hypothesis import given
from hypothesis import strategies as st

from specc import layers
from specc.calls import Policy
from specc.diagnostics.problem import RuleError
from specc.layers import FAMILIES
from specc.shapes import Shape, Tensor
from tests.support.draws import PER_CLASS, RUN, draws
from tests.support.layer_agreement import agree
from tests.support.layer_checks import example_agrees, problem, refusal

TYPES = FAMILIES["merging"]
ELEMENTWISE = [name for name in TYPES if name not in ("Concatenate", "Dot")]
OF_TWO = ("Subtract", "Dot")
REQUIRED: dict[str, dict[str, Any]] = {"Dot": {"axes": 1}}


@pytest.mark.parametrize("type_name", TYPES)
def test_example(type_name: str) -> None:
    example_agrees(type_name)


@pytest.mark.parametrize("type_name", TYPES)
def test_how_many_inputs(type_name: str) -> None:
    """Keras takes one input, in a list, where specc does; two only, where specc does."""
    cls = layers.find(type_name)
    assert cls is not None
    (argument,) = cls.tensors
    assert (argument.least, argument.most) == ((2, 2) if type_name in OF_TWO else (1, None))
    for count in (1, 2, 3):
        inputs = [keras.Input((4,)) for _ in range(count)]
        layer = getattr(keras.layers, type_name)(**REQUIRED.get(type_name, {}))
        if count == 2 or type_name not in OF_TWO:
            assert layer(inputs).shape[0] is None
            assert agree(type_name, REQUIRED.get(type_name), [Tensor((None, 4))] * count, run=True)
        else:
            with pytest.raises(ValueError, match="2 inputs"):
                layer(inputs)


@st.composite
def shapes(draw: st.DrawFn, count: int, known: bool) -> list[tuple[int | None, ...]]:
    """Shapes that mostly fit each other: of one base, with axes left out, of size 1, unknown, or else."""
    base = draw(st.lists(st.integers(1, 4), max_size=3))
    found = []
    for _ in range(count):
        dims: list[int | None] = [draw(st.sampled_from([dim] * 6 + [1] * 2 + [dim + 1])) for dim in base]
        if not known:
            dims = [draw(st.sampled_from([dim, dim, None])) for dim in dims]
        start = draw(st.sampled_from([0, 0, 0, 0, 1, 2]))
        batch = draw(st.sampled_from([None, None, 2, 2, 2, 3] if not known else [None, 2]))
        found.append((batch, *dims[start:]))
    return found


@draws(4 * PER_CLASS)
@given(st.data(), st.sampled_from(ELEMENTWISE))
def test_elementwise(data: st.DataObject, type_name: str) -> None:
    """One rule for the shapes of all."""
    known = data.draw(st.booleans())
    drawn = data.draw(shapes(2 if type_name == "Subtract" else data.draw(st.integers(1, 4)), known))
    agree(type_name, {}, [Tensor(shape) for shape in drawn], run=(known or never_fit(drawn)) and RUN)


def never_fit(shapes: list[tuple[int | None, ...]]) -> bool:
    """Whether sizes differ so that no data can fit, which Keras overlooks after an unknown size."""
    rows = itertools.zip_longest(*(reversed(shape[1:]) for shape in shapes))
    return any(len({dim for dim in row if dim not in (None, 1)}) > 1 for row in rows)


def test_an_unknown_size_hides_nothing() -> None:
    three = [Tensor((None, 2)), Tensor((None, None)), Tensor((None, 3))]
    agree("Add", {}, three, run=True, accepted=False)
    ranks = [Tensor((None, 1)), Tensor((None, None)), Tensor((None,))]
    agree("Concatenate", {"axis": 1}, ranks, run=True, accepted=False)


@draws(2 * PER_CLASS)
@given(st.data())
def test_concatenate(data: st.DataObject) -> None:
    known = data.draw(st.booleans())
    drawn = data.draw(shapes(data.draw(st.integers(1, 3)), known))
    # Of a lone input Keras does not look at the axis, unless it is negative; specc does.
    axis = data.draw(st.integers(-5, 4 if len(drawn) > 1 else len(drawn[0]) - 1))
    # Of a batch axis that is known beside one that is not, only the data says whether they fit.
    batches = {shape[0] for shape in drawn}
    other_ranks = len({len(shape) for shape in drawn}) > 1  # these never run
    run = len(drawn) == 1 or other_ranks or (known and len(batches) == 1)
    agree("Concatenate", {"axis": axis}, [Tensor(shape) for shape in drawn], run=run and RUN)


@draws(PER_CLASS)
@given(st.data())
def test_dot(data: st.DataObject) -> None:
    ranks = data.draw(st.tuples(st.integers(1, 4), st.integers(1, 4)))
    dims = st.integers(2, 3) if data.draw(st.booleans()) else st.sampled_from([2, 3, None])
    drawn: list[tuple[int | None, ...]] = [
        (data.draw(st.sampled_from([None, 2])), *data.draw(st.lists(dims, min_size=rank - 1, max_size=rank - 1)))
        for rank in ranks
    ]
    one = st.integers(-min(ranks), 4)  # Keras wraps a single negative axis around, however far it is off
    axes = data.draw(one | st.lists(st.integers(-5, 4), min_size=2, max_size=2))
    normalize = data.draw(st.booleans())
    agree("Dot", {"axes": axes, "normalize": normalize}, [Tensor(shape) for shape in drawn], run=RUN)


DTYPES = ["bool", "uint8", "uint64", "int32", "int64", "float16", "float64", "complex64", "string"]


@pytest.mark.parametrize("type_name", [*TYPES, "normalized Dot"])
def test_dtypes(type_name: str) -> None:
    arguments = dict(REQUIRED.get(type_name, {}))
    if type_name == "normalized Dot":
        type_name, arguments = "Dot", {"axes": 1, "normalize": True}
    for pair in itertools.combinations_with_replacement(DTYPES, 2):
        agree(type_name, arguments, [Tensor((None, 4), dtype) for dtype in pair], run=True)
    for policy, dtype in itertools.product(("mixed_float16", "int32", "bool", "string"), ("float32", "bool", "int32")):
        given = {**arguments, "dtype": policy}
        agree(type_name, given, [Tensor((None, 4), dtype), Tensor((None, 4), dtype)], run=True)
    if type_name not in OF_TWO:
        for dtype in DTYPES:
            agree(type_name, arguments, [Tensor((None, 4), dtype)], run=True)
        for three in (("bool", "int32", "bool"), ("bool", "bool", "int32"), ("float32", "bool", "bool")):
            agree(type_name, arguments, [Tensor((None, 4), dtype) for dtype in three], run=True)


@pytest.mark.parametrize("type_name", TYPES)
def test_sparse_and_ragged(type_name: str) -> None:
    arguments = {"axes": 2} if type_name == "Dot" else {}
    for first, second in itertools.product((True, False), repeat=2):
        inputs = [Tensor((None, 3, 4), sparse=first), Tensor((None, 3, 4), sparse=second)]
        agree(type_name, arguments, inputs, run=first == second, accepted=True)
    ragged = [Tensor((None, None, 4), ragged=True)] * 2
    agree(type_name, arguments, ragged, run=True, accepted=type_name != "Dot")
    normalized = {"axes": 2, "normalize": True}
    agree("Dot", normalized, [Tensor((None, 3, 4), sparse=True), Tensor((None, 3, 4))], run=True, accepted=False)


def masked(shape: Shape, mask: Shape | None) -> tuple[Tensor, Any]:
    """A tensor with a mask, for specc and for Keras."""
    symbolic = keras.Input(batch_shape=shape)
    if mask is not None:
        keras.src.backend.set_keras_mask(symbolic, keras.Input(batch_shape=mask, dtype="bool"))
    return Tensor(shape, mask=mask), symbolic


_MASKS: list[tuple[Shape, Shape | None]] = [
    ((None, 4, 3), (None, 4)),
    ((None, 4, 3), None),
    ((None, 1, 3), (None, 1)),
    ((None, None, 3), (None, None)),
    ((None, 4, 3, 2), (None, 4, 3)),
    ((None, 4, 3, 2), (None, 4)),
    ((None, 3), (None,)),
    ((None, 4), (None, 4)),
]


@pytest.mark.parametrize(
    ("type_name", "arguments"),
    [
        *((name, {}) for name in ELEMENTWISE),
        ("Dot", {"axes": 1}),
        *(("Concatenate", {"axis": axis}) for axis in (-1, 1)),
    ],
)
def test_masks(type_name: str, arguments: dict[str, Any]) -> None:
    """Every pair of inputs with and without masks."""
    cls = layers.find(type_name)
    assert cls is not None
    layer, problems = cls.parse(arguments)
    assert layer is not None, problems
    accepted = 0
    for pair in itertools.product(_MASKS, repeat=2):
        ours, theirs = zip(*(masked(*each) for each in pair), strict=True)
        try:
            expected = getattr(keras.layers, type_name)(**arguments)(list(theirs))
        except Exception:
            expected = None
        call = layer.call({"inputs": ours}, {}, Policy.named("float32"))
        try:
            (output,) = layer.infer(call)
            refused = ""
        except RuleError as error:
            refused = error.problem.message
        if refused:
            if expected is not None:  # only running it shows that a mask with too few axes cannot be spread
                assert type_name in ("Multiply", "Maximum", "Minimum", "Concatenate"), pair
                assert "mask" in refused
                assert any(mask is not None and len(mask) != len(shape) - 1 for shape, mask in pair), pair
            continue
        accepted += 1
        assert expected is not None, pair
        mask = keras.src.backend.get_keras_mask(expected)
        assert output.mask == (None if mask is None else tuple(mask.shape)), pair
    assert accepted > 3


@pytest.mark.parametrize("type_name", ["Add", "Multiply", "Maximum", "Concatenate"])
@pytest.mark.parametrize("dense", [False, True])
def test_masks_run(type_name: str, dense: bool) -> None:
    words = keras.Input((5,), dtype="int32")
    one, other = (keras.layers.Embedding(9, 3, mask_zero=zero)(words) for zero in (True, not dense))
    model = keras.Model(words, getattr(keras.layers, type_name)()([one, other]))
    assert model(keras.ops.ones((2, 5), "int32")).shape[:2] == (2, 5)


@pytest.mark.parametrize(
    ("type_name", "arguments", "shapes", "message", "hint"),
    [
        (
            "Concatenate",
            {},
            [(None, 28, 28, 64), (None, 27, 27, 64)],
            "cannot join (None, 28, 28, 64) and (None, 27, 27, 64) on axis -1",
            "axes 1 and 2 differ (28 and 27, 28 and 27), and only axis -1 may",
        ),
        (
            "Concatenate",
            {},
            [(None, 5, 8), (None, 5, 8), (None, 7, 8)],
            "cannot join (None, 5, 8) and (None, 7, 8) on axis -1",
            "axis 1 differs (5 and 7), and only axis -1 may; set axis to 1 to join them there",
        ),
        (
            "Concatenate",
            {"axis": 1},
            [(None, 5, 8), (None, 8)],
            "cannot join (None, 5, 8) and (None, 8) on axis 1",
            "they need the same number of dimensions; a Reshape or RepeatVector layer can add one",
        ),
        (
            "Concatenate",
            {"axis": 3},
            [(None, 5, 8), (None, 5, 8)],
            "has no axis 3 in an input of 3 dimensions",
            "use an axis from -3 to 2",
        ),
        (
            "Add",
            {},
            [(None, 28, 28, 64), (None, 28, 28, 32)],
            "cannot add (None, 28, 28, 64) and (None, 28, 28, 32)",
            "axis 3 differs (64 and 32); sizes must be equal, or 1 in one of them",
        ),
        (
            "Maximum",
            {},
            [(None, 4, 3), (None, 4)],
            "cannot take the maximum of (None, 4, 3) and (None, 4)",
            "the axes are matched from the last one; there, sizes must be equal, or 1 in one of them",
        ),
        (
            "Subtract",
            {},
            [(1, 3), (2, 3)],
            "cannot subtract (1, 3) and (2, 3)",
            "the batch sizes differ, 1 and 2",
        ),
        (
            "Dot",
            {"axes": [2, 1]},
            [(None, 4, 8), (None, 4, 8)],
            "cannot multiply along axis 2 of (None, 4, 8) and axis 1 of (None, 4, 8)",
            "the sizes 8 and 4 must be equal",
        ),
        (
            "Dot",
            {"axes": 1},
            [(None, None, 8), (None, 4, 8)],
            "cannot multiply along axis 1 of (None, None, 8) and axis 1 of (None, 4, 8)",
            "one size is unknown and the other is 4; give both a number in their Inputs, or neither",
        ),
        (
            "Dot",
            {"axes": 0},
            [(4, 8), (4, 8)],
            "cannot multiply along the batch axis of (4, 8)",
            "use an axis from 1 on, or a negative one that is not the first",
        ),
    ],
)
def test_shape_messages(
    type_name: str, arguments: dict[str, Any], shapes: list[Shape], message: str, hint: str
) -> None:
    error = refusal(type_name, arguments, [Tensor(shape) for shape in shapes])
    assert (error.message, error.help) == (message, hint)


@pytest.mark.parametrize(
    ("type_name", "arguments", "dtypes", "message", "hint"),
    [
        (
            "Add",
            {},
            ["bool", "bool"],
            "cannot add bool and bool",
            "make numbers of booleans first, with {type: ops.cast, dtype: float32}",
        ),
        (
            "Concatenate",
            {},
            ["string", "float32"],
            "cannot join string and float32",
            "turn strings into numbers first, with a StringLookup or a TextVectorization layer",
        ),
        (
            "Minimum",
            {},
            ["float32", "complex64"],
            "cannot take the minimum of float32 and complex64",
            "give the Inputs a float dtype",
        ),
        (
            "Average",
            {},
            ["bool"],
            "cannot average bool",
            "make numbers of booleans first, with {type: ops.cast, dtype: float32}",
        ),
        (
            "Dot",
            {"axes": 1, "normalize": True},
            ["int32", "float32"],
            "cannot normalize int32 and float32",
            "give the Inputs a float dtype, or set normalize to false",
        ),
    ],
)
def test_dtype_messages(type_name: str, arguments: dict[str, Any], dtypes: list[str], message: str, hint: str) -> None:
    error = refusal(type_name, arguments, [Tensor((None, 4), dtype) for dtype in dtypes])
    assert (error.message, error.help, error.code) == (message, hint, "dtype-mismatch")


def test_mask_messages() -> None:
    short = Tensor((None, 4, 3, 2), mask=(None, 4))
    error = refusal("Multiply", {}, [short, short])
    assert error.message == "cannot apply a mask of shape (None, 4) to (None, 4, 3, 2)"
    assert error.help == "its input may have one axis more than its mask; Add takes any mask"
    error = refusal("Concatenate", {}, [short, short])
    assert error.message == "cannot merge the masks (None, 4) and (None, 4) of its inputs"


def test_problem() -> None:
    words = "an axis (an integer), or a list of 2: for the first input and for the second"
    assert problem("Dot", {"axes": [1, 2, 3]}) == (
        f"axes must be {words}, not [1, 2, 3]",
        f"set axes to {words}",
        ("axes",),
    )
