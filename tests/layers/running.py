"""The comparison with Keras for layers that give another shape when they run than Keras says before."""

from __future__ import annotations

from typing import Any
from zlib import crc32

import tensorflow as tf

from specc.shapes import Tensor
from tests.layers import agreement
from tests.layers.agreement import Inputs, Refused, agree, keras


def agree_and_run(
    type_name: str,
    arguments: dict[str, Any],
    inputs: Inputs | tuple[int | None, ...],
    options: dict[str, Any] | None = None,
    policy: str = "float32",
    run: float = True,
) -> bool:
    """Fail unless specc says what Keras says, and accepts just what runs; returns whether both accept.

    With a share as ``run``, only that share of what specc accepts is run.
    """
    if isinstance(inputs, tuple) and not isinstance(inputs, Tensor):
        inputs = Tensor(inputs)
    where = f"{type_name}({arguments}) on {inputs} {options} {policy}"
    try:
        agreement.specc_result(type_name, arguments, inputs, options or {}, policy)
        refused = ""
    except Refused as refusal:
        refused = str(refusal)
    chosen = refused or crc32(where.encode()) / 2**32 < run
    failure = why_not(type_name, arguments, inputs, options or {}, policy) if chosen else ""
    assert bool(failure) == bool(refused), f"{where}\nspecc: {refused or 'accepts'}\nkeras: {failure or 'runs'}"
    return not refused and agree(type_name, arguments, inputs, options=options, policy=policy, accepted=True)


def why_not(type_name: str, arguments: dict[str, Any], inputs: Inputs, options: dict[str, Any], policy: str) -> str:
    """Why Keras cannot build the layer or run it in a graph, as ``predict`` does; empty where it can."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(policy)
    try:
        given = {name: agreement.keras_value(name, value, type_name) for name, value in arguments.items()}
        layer = getattr(keras.layers, type_name)(**given)
        symbolic = agreement._map(inputs, agreement._keras_input)
        model = keras.Model(agreement._flat(symbolic), agreement._call(layer, symbolic, options))
        data = [tf.convert_to_tensor(agreement._data(tensor), tensor.dtype) for tensor in agreement._flat(symbolic)]
        tf.function(model)(data)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    finally:
        keras.config.set_dtype_policy(before)
    return ""
