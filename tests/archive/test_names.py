"""Dtype policies as Keras saves them, and how classes are named."""

from __future__ import annotations

import keras
import pytest
from keras.src.ops.numpy import Add
from keras.src.saving.serialization_lib import serialize_keras_object

from specc.archive.names import policy, private
from specc.policies import POLICIES, QUANTIZED


@pytest.mark.parametrize(
    "name", [*POLICIES, *QUANTIZED, "int4/64_from_bfloat16", "int4/-1_from_mixed_float16", "int64"]
)
def test_a_policy_is_saved_as_by_keras(name: str) -> None:
    assert policy(name) == keras.dtype_policies.serialize(keras.dtype_policies.get(name))


def test_an_operation_is_registered_by_its_name() -> None:
    operation = Add()
    assert private("keras.src.ops.numpy", "Add", {"name": operation.name}) == serialize_keras_object(operation)
