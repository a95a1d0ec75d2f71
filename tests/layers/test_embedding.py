from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from specc.calls import Policy
from specc.diagnostics.problem import RuleError
from specc.shapes import Tensor
from tests.support.draws import PER_CLASS, RUN, draws
from tests.support.layer_agreement import agree
from tests.support.layer_checks import parsed, problems, refused
from tests.support.layer_draws import FLOAT_POLICIES, POLICIES, tensors


@draws(PER_CLASS)
@given(
    st.fixed_dictionaries(
        {"input_dim": st.integers(1, 5), "output_dim": st.integers(1, 5)},
        optional={
            "mask_zero": st.booleans(),
            "lora_rank": st.integers(0, 2),
            "dtype": st.sampled_from(["float16", "mixed_float16"]),
        },
    ),
    tensors(),
    st.sampled_from(FLOAT_POLICIES),
)
def test_embedding(arguments: dict[str, Any], tensor: Tensor, policy: str) -> None:
    agree("Embedding", arguments, tensor, policy=policy, run=RUN)


def test_embedding_sparse_and_ragged() -> None:
    arguments = {"input_dim": 3, "output_dim": 2}
    agree("Embedding", arguments, Tensor((None, 4), "int32", sparse=True), run=True, accepted=True)
    agree(
        "Embedding", {**arguments, "mask_zero": True}, Tensor((None, 4), "int32", sparse=True), run=True, accepted=False
    )
    agree("Embedding", arguments, Tensor((None, None, 4), "int32", ragged=True), accepted=True)


def test_embedding_messages() -> None:
    arguments = {"input_dim": 3, "output_dim": 2}
    assert problems("Embedding", {**arguments, "input_length": 9}) == [
        ("'input_length' cannot be given in a spec", "Keras 3 has no such argument; remove it")
    ]
    assert problems("Embedding", {**arguments, "weights": []}) == [
        (
            "'weights' cannot be given in a spec",
            "a spec contains no arrays; build the model, then use layer.set_weights()",
        )
    ]
    layer = parsed("Embedding", {**arguments, "lora_rank": 1, "dtype": "float16"})
    with pytest.raises(RuleError) as error:
        layer.infer(layer.call({"inputs": Tensor((None, 3), "int32")}, {}, Policy.named("mixed_float16")))
    assert (error.value.problem.message, error.value.problem.help, error.value.problem.path) == (
        "cannot adapt a table of float16 with LoRA in a model of mixed_float16",
        "remove its dtype",
        ("lora_rank",),
    )


@draws(PER_CLASS)
@given(
    st.fixed_dictionaries(
        {"input_dim": st.integers(1, 4), "output_dim": st.integers(1, 4)},
        optional={
            "mask_zero": st.booleans(),
            "tie_weights": st.booleans(),
            "reverse_dtype": st.sampled_from(["float32", "float16"]),
            "logit_soft_cap": st.just(2.0),
        },
    ),
    tensors(unknown=False),
    st.sampled_from([{}, {"reverse": False}, {"reverse": True}]),
    st.booleans(),
    st.sampled_from(POLICIES),
)
def test_reversible_embedding(
    arguments: dict[str, Any], tensor: Tensor, options: dict[str, Any], fit: bool, policy: str
) -> None:
    if fit and tensor.shape:
        tensor = tensor._replace(shape=(*tensor.shape[:-1], arguments["output_dim"]))
    if not (options.get("reverse") and tensor.shape == (None,)):
        agree("ReversibleEmbedding", arguments, tensor, options=options, policy=policy, run=RUN)


@pytest.mark.parametrize("policy", ["float32", "mixed_float16", "bfloat16"])
@pytest.mark.parametrize("dtype", ["uint8", "float16", "float32", "float64"])
def test_reversed_scores_have_the_dtype_of_the_product(dtype: str, policy: str) -> None:
    for tied in (True, False):
        for options in (
            {},
            {"logit_soft_cap": 2.0},
            {"reverse_dtype": "float16"},
            {"reverse_dtype": "int8"},
            {"reverse_dtype": "int8", "logit_soft_cap": 2.0},
            {"dtype": "float16"},
            {"dtype": "mixed_bfloat16"},
        ):
            arguments = {"input_dim": 4, "output_dim": 3, "tie_weights": tied, **options}
            tensor = Tensor((None, 3), dtype)
            agree(
                "ReversibleEmbedding",
                arguments,
                tensor,
                options={"reverse": True},
                policy=policy,
                run=True,
                accepted=True,
            )


def test_reversible_embedding_messages() -> None:
    arguments = {"input_dim": 9, "output_dim": 4}
    assert refused("ReversibleEmbedding", arguments, (None, 3), {"reverse": True}) == (
        "needs vectors of its output_dim 4 to reverse, got (None, 3)",
        "put a Dense layer with units 4 before it",
        "output_dim",
    )
    assert refused("ReversibleEmbedding", arguments, Tensor((None, None, 4), ragged=True), {"reverse": True}) == (
        "cannot reverse a ragged tensor",
        "remove 'ragged' from the Input or the layer that sets it",
        None,
    )
    agree(
        "ReversibleEmbedding",
        arguments,
        Tensor((None, 4), sparse=True),
        options={"reverse": True},
        run=True,
        accepted=True,
    )
    agree(
        "ReversibleEmbedding",
        arguments,
        Tensor((None, 2, 4), sparse=True),
        options={"reverse": True},
        run=True,
        accepted=False,
    )
