"""Attention of several heads takes what Keras's takes, and gives what Keras's gives."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from specc.shapes import Tensor
from tests.support.draws import PER_CLASS, RUN, draws
from tests.support.layer_agreement import agree
from tests.support.layer_checks import masks, message_and_help, parsed, problems_of, same_paths

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


@draws(2 * PER_CLASS)
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
    ],
)
def test_cases(type_name: str, arguments: dict[str, Any], inputs: Any, options: dict[str, Any], accepted: bool) -> None:
    needed = MHA if type_name == "MultiHeadAttention" else GQA
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
    for name, needed in (("MultiHeadAttention", MHA), ("GroupQueryAttention", GQA)):
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
