"""Attention of one head takes what Keras's takes, and gives what Keras's gives."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from specc.shapes import Tensor
from tests.support.draws import PER_CLASS, RUN, draws
from tests.support.layer_agreement import agree
from tests.support.layer_checks import masks, message_and_help, parsed
from tests.support.layer_running import why_not
from tests.support.soundness import verdict

Q, V = Tensor((None, 4, 8)), Tensor((None, 6, 8))
SCORES = {"return_attention_scores": True}


def boolean(*shape: int | None) -> Tensor:
    return Tensor(shape, "bool")


dtypes = st.sampled_from(["float32"] * 5 + ["int32", "bool", "string"])
policies = st.sampled_from(["float32"] * 3 + ["mixed_float16", "float64"])
options = st.fixed_dictionaries({}, optional={"use_causal_mask": st.booleans(), "training": st.sampled_from([False])})


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
    agree(type_name, arguments, inputs, options=options, accepted=accepted, run=True)


def test_ports() -> None:
    for name, needed in (("Attention", {}), ("AdditiveAttention", {})):
        layer = parsed(name, needed)
        assert layer.ports({}) == ("output",)
        assert layer.ports(SCORES) == ("output", "scores")
        assert layer.port_options == {"scores": "return_attention_scores"}


def test_masks_that_come_out() -> None:
    masked = Q._replace(mask=(None, 4))
    assert masks("Attention", {}, {"inputs": (masked, V)}) == [(None, 4)]
    assert masks("Attention", {}, {"inputs": (Q, V), "mask": (boolean(None, 4), boolean(None, 6))}) == [(None, 4)]


@pytest.mark.parametrize(
    ("type_name", "arguments", "inputs", "options", "message", "help"),
    [
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
