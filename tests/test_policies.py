"""Dtype policies by name: the names that Keras takes, and what they mean."""

from __future__ import annotations

import keras
import pytest

from specc.policies import POLICIES, QUANTIZED, Policy, Quantization, is_quantized, refusal

BLOCKS = ["int4/-1_from_float32", "int4/1_from_mixed_bfloat16", "int4/128_from_float16"]
NO_POLICIES = {
    "int8": "to quantize the layer, write int8_from_float32",
    "float8_e4m3fn": None,
    "int8_from_float16": "Keras does not combine int8 with float16; write int8_from_bfloat16 or int8_from_mixed_bfloat16",
    "int8_from_": "after 'from' comes what the layer computes in: float16, bfloat16, float32, float64, mixed_float16, mixed_bfloat16",
    "int8_from_int8_from_float32": "after 'from' comes what the layer computes in: float16, bfloat16, float32, float64, mixed_float16, mixed_bfloat16",
    "int8/4_from_float32": "write int8_from_float32",
    "int4/0_from_float32": "write int4_from_float32, or int4/SIZE_from_float32 for blocks",
    "int4/-2_from_float32": "write int4_from_float32, or int4/SIZE_from_float32 for blocks",
    "int4/x_from_float32": "write int4_from_float32, or int4/SIZE_from_float32 for blocks",
    "gptq_from_float32": "gptq needs data to quantize with: build the model, then call model.quantize() with them",
}


@pytest.mark.parametrize("name", [*POLICIES, *QUANTIZED, *BLOCKS])
def test_names_mean_what_they_mean_to_keras(name: str) -> None:
    theirs = keras.dtype_policies.get(name)
    ours = Policy.named(name)
    mode = None if ours.quantization is None else ours.quantization.mode
    assert (ours.name, ours.compute, ours.variable, mode) == (
        theirs.name,
        theirs.compute_dtype,
        theirs.variable_dtype,
        theirs.quantization_mode,
    )
    assert is_quantized(name) == (mode is not None)
    assert refusal(name) is None or mode is not None


@pytest.mark.parametrize("name", NO_POLICIES)
def test_names_that_keras_refuses(name: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        keras.dtype_policies.get(name)
    assert not is_quantized(name)
    assert refusal(name) == NO_POLICIES[name]


def test_blocks() -> None:
    assert Policy.named("int4/64_from_float32").quantization == Quantization("int4", 64)
    assert Policy.named("int4/-1_from_float32").quantization == Quantization("int4", None)
