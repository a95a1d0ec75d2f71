from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from specc.shapes import Tensor
from tests.support.draws import PER_CLASS, RUN, draws
from tests.support.layer_agreement import agree
from tests.support.layer_checks import masks, message_and_help, parsed, problems_of, same_paths
from tests.support.layer_running import why_not
from tests.support.soundness import verdict

TYPES = ["MultiHeadAttention", "GroupQueryAttention", "Attention", "AdditiveAttention"]
Q, V = Tensor((None, 4, 8)), Tensor((None, 6, 8))
WIDE = Tensor((None, 2, 2, 2, 2, 3))
MHA: dict[str, Any] = {"num_heads": 2, "key_dim": 3}
GQA: dict[str, Any] = {"head_dim": 3, "num_query_heads": 4, "num_key_value_heads": 2}
SCORES = {"return_attention_scores": True}


def boolean(*shape: int | None) -> Tensor:
    return Tensor(shape, "bool")


several_heads = st.fixed_dictionaries(
    {},
    optional={
        "dropout": st.sampled_from([0.0, 0.5]),
        "use_bias": st.booleans(),
        "use_gate": st.booleans(),
        "sliding_window": st.sampled_from([None, 2]),
        "flash_attention": st.sampled_from([None, False, False, True]),
    },
)
dtypes = st.sampled_from(["float32"] * 5 + ["int32", "bool", "string"])
policies = st.sampled_from(["float32"] * 3 + ["mixed_float16", "float64"])
options = st.fixed_dictionaries({}, optional={"use_causal_mask": st.booleans(), "training": st.sampled_from([False])})


@st.composite
def head_calls(draw: st.DrawFn) -> tuple[str, dict[str, Any], dict[str, Any], dict[str, Any], str]:
    grouped = draw(st.booleans())
    arguments: dict[str, Any] = draw(several_heads)
    rank = draw(st.sampled_from([3, 3, 3, 3, 2, 4]))
    batch = draw(st.sampled_from([None, None, 2]))
    middle = [draw(st.integers(3, 5)) for _ in range(rank - 2)]
    other = [draw(st.sampled_from([length, length, 6])) for length in middle]
    width = draw(st.integers(1, 4))
    inputs: dict[str, Any] = {
        "query": Tensor((batch, *middle, width), draw(dtypes)),
        "value": Tensor((batch, *other, draw(st.sampled_from([width, width, 3]))), draw(dtypes)),
    }
    if draw(st.integers(0, 2)) == 0:
        inputs["key"] = Tensor((batch, *draw(st.sampled_from([other, other, other, middle])), 5))
    if grouped:
        kv = draw(st.integers(1, 2))
        arguments |= {
            "head_dim": draw(st.integers(1, 3)),
            "num_query_heads": kv * draw(st.integers(1, 2)),
            "num_key_value_heads": kv,
        }
    else:
        arguments |= {"num_heads": draw(st.integers(1, 3)), "key_dim": draw(st.integers(1, 3))}
        arguments |= draw(
            st.fixed_dictionaries(
                {},
                optional={
                    "value_dim": st.integers(1, 3),
                    "output_shape": st.sampled_from([None, 5, [2, 3], []]),
                    "attention_axes": st.sampled_from([None, 1, [1], [-2], [2], [1, 2], [0], [-1]]),
                },
            )
        )
    length, source = middle[:1], other[:1]
    for name, shapes in (
        ("query_mask", [length, [7]]),
        ("value_mask", [source, [1], [7]]),
        ("key_mask", [source, [7]]),
        ("attention_mask", [[*length, *source], [1, *source], [*source, *length], [1, *length, *source]]),
    ):
        if draw(st.integers(0, 5)) == 0:
            inputs[name] = Tensor((batch, *draw(st.sampled_from(shapes))), draw(st.sampled_from(["bool", "int32"])))
    return "GroupQueryAttention" if grouped else "MultiHeadAttention", arguments, inputs, draw(options), draw(policies)


@draws(3 * PER_CLASS)
@given(head_calls())
def test_several_heads(drawn: tuple[str, dict[str, Any], dict[str, Any], dict[str, Any], str]) -> None:
    name, arguments, inputs, call, policy = drawn
    mask, axes = inputs.get("attention_mask"), arguments.get("attention_axes")
    masked = inputs.keys() & {"query_mask", "value_mask", "key_mask"}
    assume(axes != [0] or (mask is None and not masked))  # nor does Keras know the size of the batch
    assume(len(inputs["query"].shape) > 2 or not masked)  # which Keras lays over what is no sequence as it comes
    # Over a mask of four axes Keras lays the others so that it is up to the batch whether that fits.
    assume(mask is None or len(mask.shape) < 4 or not masked)
    fits = not isinstance(axes, list) or len(set(axes)) == len(axes)
    agree(name, arguments, inputs, options=call, policy=policy, run=fits and RUN)


@st.composite
def plain_calls(draw: st.DrawFn) -> tuple[str, dict[str, Any], dict[str, Any], dict[str, Any], str]:
    additive = draw(st.booleans())
    arguments = draw(
        st.fixed_dictionaries(
            {},
            optional={
                "use_scale": st.booleans(),
                "dropout": st.sampled_from([0.0, 0.5]),
                **({} if additive else {"score_mode": st.sampled_from(["dot", "concat"]), "seed": st.integers(0, 3)}),
            },
        )
    )
    lead = draw(st.sampled_from([[None], [None], [2], [None, 3]]))  # with none, over the batch: see below
    length, source = draw(st.integers(3, 5)), draw(st.integers(3, 5))
    width = draw(st.sampled_from([1, 3, 4]))
    first = Tensor((*lead, length, width), draw(dtypes))
    tensors = [
        first,
        Tensor(
            (*lead, source, draw(st.sampled_from([width, width, 3]))), draw(st.sampled_from([first.dtype, "float32"]))
        ),
    ]
    if draw(st.integers(0, 2)) == 0:
        tensors.append(Tensor((*lead, draw(st.sampled_from([source, source, 4])), width), first.dtype))
    inputs: dict[str, Any] = {"inputs": tensors}
    if draw(st.integers(0, 2)) == 0:
        dtype = draw(st.sampled_from(["bool", "int32"]))
        query_mask = draw(st.sampled_from([[*lead, length], [*lead, length], [*lead, 7]]))
        value_mask = draw(st.sampled_from([[*lead, source], [*lead, source], [*lead, 1], [*lead, 7]]))
        inputs["mask"] = [Tensor(tuple(query_mask), dtype), Tensor(tuple(value_mask), dtype)]
    call = {**draw(options), **({"return_attention_scores": True} if draw(st.booleans()) else {})}
    return "AdditiveAttention" if additive else "Attention", arguments, inputs, call, draw(policies)


@draws(3 * PER_CLASS)
@given(plain_calls())
def test_plain_attention(drawn: tuple[str, dict[str, Any], dict[str, Any], dict[str, Any], str]) -> None:
    name, arguments, inputs, call, policy = drawn
    agree(name, arguments, inputs, options=call, policy=policy, run=RUN)


@pytest.mark.parametrize(
    ("type_name", "arguments", "inputs", "options", "accepted"),
    [
        ("MultiHeadAttention", {}, {"query": Q, "value": V}, {}, True),
        ("MultiHeadAttention", {"use_gate": True, "value_dim": 5}, {"query": Q, "value": V}, {}, True),
        ("MultiHeadAttention", {}, {"query": Q, "value": V, "key": Tensor((None, 5, 8))}, {}, False),
        ("MultiHeadAttention", {}, {"query": Q, "value": V, "key": Tensor((None, None, 8))}, {}, False),
        ("MultiHeadAttention", {}, {"query": Tensor((None, 8)), "value": Tensor((None, 8))}, {}, False),
        ("MultiHeadAttention", {}, {"query": Tensor((None, 5, 8)), "value": Tensor((None, 4, 5, 8))}, {}, False),
        ("MultiHeadAttention", {}, {"query": Tensor((2, 4, 8)), "value": Tensor((3, 6, 8))}, {}, False),
        ("MultiHeadAttention", {}, {"query": Tensor((None, 4, 5, 8)), "value": Tensor((None, 3, 6, 8))}, {}, True),
        (
            "MultiHeadAttention",
            {"attention_axes": 2},
            {"query": Tensor((None, 4, 5, 8)), "value": Tensor((None, 3, 6, 8))},
            {},
            False,
        ),
        ("MultiHeadAttention", {"attention_axes": [9]}, {"query": Q, "value": V}, {}, False),
        ("MultiHeadAttention", {"flash_attention": True}, {"query": Q, "value": V}, {}, False),
        (
            "MultiHeadAttention",
            {"flash_attention": True},
            {"query": Tensor((None, 4, 5, 8)), "value": Tensor((None, 4, 5, 8))},
            {},
            True,
        ),
        (
            "MultiHeadAttention",
            {"sliding_window": 2},
            {"query": Tensor((None, 4, 5, 8)), "value": Tensor((None, 4, 5, 8))},
            {},
            False,
        ),
        (
            "MultiHeadAttention",
            {},
            {"query": Tensor((None, 4, 5, 8)), "value": Tensor((None, 4, 5, 8))},
            {"use_causal_mask": True},
            False,
        ),
        ("MultiHeadAttention", {}, {"query": WIDE, "value": WIDE}, {}, False),
        ("MultiHeadAttention", {"attention_axes": [1, 2]}, {"query": WIDE, "value": WIDE}, {}, True),
        ("MultiHeadAttention", {}, {"query": Q, "value": V, "attention_mask": boolean(4, 6)}, {}, True),
        ("MultiHeadAttention", {}, {"query": Q, "value": V, "attention_mask": boolean(6)}, {}, False),
        ("MultiHeadAttention", {}, {"query": Q, "value": V, "attention_mask": boolean(None, 2, 4, 6)}, {}, True),
        ("MultiHeadAttention", {}, {"query": Q, "value": V, "attention_mask": boolean(None, 3, 4, 6)}, {}, False),
        ("MultiHeadAttention", {}, {"query": Q, "value": V, "query_mask": boolean(None, 3)}, {}, True),
        ("GroupQueryAttention", {}, {"query": Q, "value": V, "query_mask": boolean(None, 3)}, {}, False),
        ("GroupQueryAttention", {}, {"query": Q, "value": V}, SCORES, True),
        ("GroupQueryAttention", {}, {"query": Q, "value": Tensor((None, 6, 7))}, {}, False),
        ("GroupQueryAttention", {}, {"query": Tensor((None, 4, 5, 8)), "value": Tensor((None, 4, 5, 8))}, {}, False),
        ("GroupQueryAttention", {"num_query_heads": 3}, {"query": Q, "value": V}, {}, False),
        ("Attention", {}, {"inputs": [Q]}, {}, False),
        ("Attention", {}, {"inputs": [Q, Q, Q, Q]}, {}, False),
        ("Attention", {}, {"inputs": [Q, V], "mask": [boolean(None, 4)]}, {}, False),
        ("Attention", {}, {"inputs": [Q, V], "mask": [boolean(None, 4), boolean(None, 6), boolean(None, 6)]}, {}, True),
        ("Attention", {}, {"inputs": [Q, V], "mask": [boolean(None, 4), boolean(None, 4, 6)]}, {}, True),
        ("Attention", {}, {"inputs": [Tensor((None, 8)), Tensor((None, 8))]}, {"use_causal_mask": True}, False),
        ("Attention", {}, {"inputs": [Q._replace(dtype="int32"), V._replace(dtype="int32")]}, {}, False),
        (
            "Attention",
            {"use_scale": True},
            {"inputs": [Q._replace(dtype="int32"), V._replace(dtype="int32")]},
            {},
            True,
        ),
        ("AdditiveAttention", {}, {"inputs": [Q._replace(dtype="int32"), V]}, {}, False),
        ("AdditiveAttention", {}, {"inputs": [Tensor((None, 4, None)), V]}, {}, False),
        ("Attention", {}, {"inputs": [Tensor((None, 3, 4, 2))] * 2, "mask": [boolean(None, 3, 4)] * 2}, {}, False),
    ],
)
def test_cases(type_name: str, arguments: dict[str, Any], inputs: Any, options: dict[str, Any], accepted: bool) -> None:
    needed = {"MultiHeadAttention": MHA, "GroupQueryAttention": GQA}.get(type_name, {})
    agree(type_name, {**needed, **arguments}, inputs, options=options, accepted=accepted, run=True)


def test_scores_have_the_shape_that_keras_says() -> None:
    """MultiHeadAttention takes the value to be as long as the query; the summary shows that."""
    agree("MultiHeadAttention", MHA, {"query": Q, "value": V}, options=SCORES, accepted=True)
    agree(
        "MultiHeadAttention",
        MHA,
        {"query": Tensor((None, 4, 5, 8)), "value": Tensor((None, 4, 5, 8))},
        options=SCORES,
        accepted=True,
    )


def test_ports() -> None:
    for name, needed in (
        ("MultiHeadAttention", MHA),
        ("GroupQueryAttention", GQA),
        ("Attention", {}),
        ("AdditiveAttention", {}),
    ):
        layer = parsed(name, needed)
        assert layer.ports({}) == ("output",)
        assert layer.ports(SCORES) == ("output", "scores")
        assert layer.port_options == {"scores": "return_attention_scores"}


def test_paths_of_weights() -> None:
    same_paths("MultiHeadAttention", {**MHA, "use_gate": True}, {"query": Q, "value": V})
    same_paths("GroupQueryAttention", {**GQA, "use_gate": True, "use_bias": False}, {"query": Q, "value": V})


def test_masks_that_come_out() -> None:
    masked = Q._replace(mask=(None, 4))
    assert masks("MultiHeadAttention", MHA, {"query": masked, "value": V}) == [(None, 4)]
    assert masks("MultiHeadAttention", MHA, {"query": Q, "value": V._replace(mask=(None, 6))}) == [None]
    assert masks("GroupQueryAttention", GQA, {"query": masked, "value": V}) == [(None, 4)]
    assert masks("Attention", {}, {"inputs": (masked, V)}) == [(None, 4)]
    assert masks("Attention", {}, {"inputs": (Q, V), "mask": (boolean(None, 4), boolean(None, 6))}) == [(None, 4)]


@pytest.mark.parametrize(
    ("type_name", "arguments", "inputs", "options", "message", "help"),
    [
        (
            "MultiHeadAttention",
            MHA,
            {"query": Q, "value": V, "key": Tensor((None, 5, 8))},
            {},
            "needs a value and a key of the same shape but for the last axis, got (None, 6, 8) and (None, 5, 8)",
            "remove key, and the value is the key too",
        ),
        (
            "MultiHeadAttention",
            MHA,
            {"query": Tensor((None, 8)), "value": Tensor((None, 8))},
            {},
            "has no axis to attend over in a query of shape (None, 8)",
            "give each example a sequence: (batch, time, features)",
        ),
        *(
            (
                name,
                {},
                {"inputs": [Q, Tensor((None, 8))] if name == "Attention" else [Tensor((5, 8))] * 3},
                {},
                f"would attend over the batch in an input of shape {shape}",
                "give each example a sequence: (batch, time, features)",
            )
            for name, shape in (("Attention", "(None, 8)"), ("AdditiveAttention", "(5, 8)"))
        ),
        (
            "MultiHeadAttention",
            MHA,
            {"query": Tensor((None, 5, 8)), "value": Tensor((None, 4, 5, 8))},
            {},
            "needs a query and a value of the same rank, got (None, 5, 8) and (None, 4, 5, 8)",
            "a Reshape layer can add or remove an axis",
        ),
        (
            "MultiHeadAttention",
            {**MHA, "attention_axes": 2},
            {"query": Tensor((None, 4, 5, 8)), "value": Tensor((None, 3, 6, 8))},
            {},
            "needs a query and a value that are equal on the axes not attended over, got (None, 4, 5, 8) and (None, 3, 6, 8)",
            "attention_axes says over which axes to attend",
        ),
        (
            "MultiHeadAttention",
            {**MHA, "attention_axes": [9]},
            {"query": Q, "value": V},
            {},
            "has no axis 9 in an input of 3 dimensions",
            "use an axis from -3 to 2",
        ),
        (
            "MultiHeadAttention",
            {**MHA, "flash_attention": True},
            {"query": Q, "value": V},
            {},
            "cannot use flash_attention: TensorFlow does not have it",
            "remove flash_attention",
        ),
        (
            "MultiHeadAttention",
            {**MHA, "flash_attention": True},
            {"query": Q, "value": V},
            SCORES,
            "cannot return its scores with flash_attention: TensorFlow does not have it",
            "remove flash_attention",
        ),
        (
            "MultiHeadAttention",
            MHA,
            {"query": Q, "value": V, "attention_mask": boolean(None, 6, 4)},
            {},
            "cannot apply the mask (None, 1, 6, 4) (with attention_mask) to (None, 2, 4, 6)",
            "a mask for the scores has the shape (batch, query positions, value positions)",
        ),
        (
            "MultiHeadAttention",
            MHA,
            {"query": Tensor((None, 4, None)), "value": V},
            {},
            "needs a known size on axis -1 of its query to size a kernel, got (None, 4, None)",
            "give that dimension a number in the Input's shape",
        ),
        (
            "MultiHeadAttention",
            MHA,
            {"query": Q._replace(dtype="string"), "value": V},
            {},
            "needs a query of real numbers or booleans, got string",
            "turn strings into numbers first, with a StringLookup or a TextVectorization layer",
        ),
        (
            "GroupQueryAttention",
            GQA,
            {"query": Q, "value": Tensor((None, 6, 7))},
            {},
            "needs a query and a value with the same last axis, got (None, 4, 8) and (None, 6, 7)",
            "put a Dense layer before one of them",
        ),
        (
            "Attention",
            {},
            {"inputs": (Q,)},
            {},
            "needs 2 or 3 inputs, got 1",
            "give [query, value] or [query, value, key]",
        ),
        (
            "Attention",
            {},
            {"inputs": (Q, Tensor((None, 6, 5)))},
            {},
            "needs a query and a key with the same last axis, got (None, 4, 8) and (None, 6, 5)",
            "put a Dense layer before one of them",
        ),
        (
            "Attention",
            {},
            {"inputs": (Q, V, Q)},
            {},
            "needs a value and a key of the same length, got (None, 6, 8) and (None, 4, 8)",
            "remove the key, and the value is the key too",
        ),
        (
            "Attention",
            {},
            {"inputs": (Q, V), "mask": (boolean(None, 4),)},
            {},
            "needs 2 or 3 masks, got 1",
            "give [query_mask, value_mask]",
        ),
        (
            "Attention",
            {},
            {"inputs": (Q, V), "mask": (boolean(None, 4), boolean(None, 5))},
            {},
            "cannot apply the mask (None, 1, 5) to (None, 4, 6)",
            "the masks have the shapes of query and value without the last axis",
        ),
        (
            "Attention",
            {},
            {"inputs": (Q._replace(dtype="int32"), V._replace(dtype="int32"))},
            {},
            "needs a query or a key of floats, got int32 and int32",
            "give the Input a float dtype",
        ),
        (
            "AdditiveAttention",
            {},
            {"inputs": (Q._replace(dtype="int32"), V)},
            {},
            "cannot add a query of int32 and a key of float32",
            "give both Inputs the same float dtype",
        ),
    ],
)
def test_messages(
    type_name: str, arguments: dict[str, Any], inputs: dict[str, Any], options: dict[str, Any], message: str, help: str
) -> None:
    assert message_and_help(type_name, arguments, inputs, options) == (message, help)


def test_problems() -> None:
    (problem,) = problems_of("MultiHeadAttention", {**MHA, "flash_attention": True, "dropout": 0.1})
    assert (problem.message, problem.path, problem.help) == (
        "takes flash_attention or dropout, not both",
        ("flash_attention",),
        "set dropout to 0, or remove flash_attention",
    )
    (problem,) = problems_of("GroupQueryAttention", {**GQA, "num_query_heads": 3})
    assert (problem.message, problem.path) == (
        "num_query_heads must be a multiple of num_key_value_heads, and 3 is none of 2",
        ("num_query_heads",),
    )


RAGGED, DENSE = Tensor((None, None, 4), ragged=True), Tensor((None, 3, 4))


@pytest.mark.parametrize(
    ("type_name", "arguments", "forms", "code"),
    [
        ("AdditiveAttention", {}, [RAGGED, RAGGED], ""),
        ("AdditiveAttention", {}, [RAGGED, RAGGED, RAGGED], ""),
        ("AdditiveAttention", {}, [RAGGED, DENSE], ""),
        ("AdditiveAttention", {}, [DENSE, RAGGED], ""),
        ("AdditiveAttention", {"dropout": 0.5}, [DENSE, RAGGED], "cannot-train"),
        ("Attention", {}, [DENSE, RAGGED], "dtype-mismatch"),
        ("AdditiveAttention", {}, [RAGGED, DENSE, RAGGED], "dtype-mismatch"),
        ("AdditiveAttention", {}, [RAGGED, RAGGED, DENSE], "dtype-mismatch"),
        ("AdditiveAttention", {"dropout": 0.5}, [RAGGED, RAGGED], "cannot-train"),
        ("AdditiveAttention", {"call": {"use_causal_mask": True}}, [RAGGED, RAGGED], "dtype-mismatch"),
        ("Attention", {}, [RAGGED, DENSE], ""),
        ("Attention", {"call": SCORES}, [RAGGED, DENSE, DENSE], ""),
        ("Attention", {}, [RAGGED, RAGGED], "dtype-mismatch"),
        ("Attention", {"score_mode": "concat"}, [RAGGED, RAGGED], ""),
    ],
)
def test_ragged_tensors(type_name: str, arguments: dict[str, Any], forms: list[Tensor], code: str) -> None:
    inputs = [
        {"type": "Input", "name": f"x{at}", "batch_shape": list(form.shape), "ragged": form.ragged}
        for at, form in enumerate(forms)
    ]
    item = {"type": type_name, "name": "y", "from": [one["name"] for one in inputs], **arguments}
    found, failed = verdict({"layers": [*inputs, item]})
    assert [diagnostic.code for diagnostic in found] == [code] * bool(code)
    if code == "dtype-mismatch":
        options = arguments.get("call", {})
        given = {name: value for name, value in arguments.items() if name != "call"}
        failed = why_not(type_name, given, {"inputs": forms}, options, "float32")
        assert failed
    else:
        assert failed.startswith("train") if code else not failed, failed
