"""The comparison with Keras for layers that give another shape when they run than Keras says before."""

from __future__ import annotations

from functools import partial
from typing import Any
from zlib import crc32

import keras
import tensorflow as tf

import specc
from specc import layers
from specc.shapes import Tensor
from tests.support import layer_agreement
from tests.support.layer_agreement import Inputs, Refused, agree

SIZES = (2, 3)
"""What stands for each open size."""


def agree_and_run(
    type_name: str,
    arguments: dict[str, Any],
    inputs: Inputs | tuple[int | None, ...],
    options: dict[str, Any] | None = None,
    policy: str = "float32",
    run: float = True,
) -> bool:
    """Fail unless specc says what Keras says, and accepts just what runs; returns whether both accept.

    What specc warns of with cannot-train must run in ``predict``, and fail in training. With a share as ``run``, only
    that share of what specc accepts is run.
    """
    if isinstance(inputs, tuple) and not isinstance(inputs, Tensor):
        inputs = Tensor(inputs)  # type: ignore[arg-type]
    where = f"{type_name}({arguments}) on {inputs} {options} {policy}"
    refused, warned = refusal(type_name, arguments, inputs, options or {}, policy)
    chosen = refused or warned or crc32(where.encode()) / 2**32 < run
    failure = why_not(type_name, arguments, inputs, options or {}, policy) if chosen else ""
    agreed = failure.startswith("train") if warned else bool(failure) == bool(refused)
    assert agreed, f"{where}\nspecc: {refused or warned or 'accepts'}\nkeras: {failure or 'runs'}"
    return not refused and agree(type_name, arguments, inputs, options=options, policy=policy, accepted=True)


def refusal(
    type_name: str, arguments: dict[str, Any], inputs: Inputs, options: dict[str, Any], policy: str
) -> tuple[str, str]:
    """Why specc refuses the layer, by itself or after Inputs, if it may run for one batch size only; and why it warns that the layer cannot train. Empty if it does not."""
    if "training" not in options:  # which predict and fit decide by themselves
        try:
            layer_agreement.specc_result(type_name, arguments, inputs, options, policy)
        except Refused as refused:
            return str(refused), ""
    items: list[dict[str, Any]] = []

    def wire(tensor: Tensor) -> str:
        kinds = {kind: True for kind in ("sparse", "ragged") if getattr(tensor, kind)}
        name = f"x{len(items)}"
        items.append({"type": "Input", "name": name, "batch_shape": list(tensor.shape), "dtype": tensor.dtype, **kinds})
        return name

    item = {"type": type_name, "name": "y", "from": layer_agreement._map(inputs, wire), "call": options, **arguments}
    found = specc.check({"dtype_policy": policy, "layers": [*items, item]})
    errors = [diagnostic.message for diagnostic in found if diagnostic.severity == "error"]
    warnings = [diagnostic.message for diagnostic in found if diagnostic.code == "cannot-train"]
    return next(iter(errors), ""), next(iter(warnings), "")


def why_not(type_name: str, arguments: dict[str, Any], inputs: Inputs, options: dict[str, Any], policy: str) -> str:
    """Why Keras cannot build the layer, or run it as ``predict`` and then as ``fit`` does: traced once, for two sizes of what is open."""
    before, stage = keras.config.dtype_policy(), "build"
    keras.config.set_dtype_policy(policy)
    try:
        options_of = layers.find(type_name).options  # type: ignore[union-attr]
        given = {name: layer_agreement.keras_value(name, value, type_name) for name, value in arguments.items()}
        layer = getattr(keras.layers, type_name)(**given)
        symbolic = layer_agreement._map(inputs, layer_agreement.keras_input)
        takes = layer_agreement.alone(layer_agreement._flat(symbolic))
        model = keras.Model(takes, layer_agreement._call(layer, symbolic, options))
        for stage in ("predict", "train") if "training" in options_of else ("predict",):
            call = partial(model, training=stage == "train")
            run = tf.function(call, input_signature=[keras.tree.map_structure(layer_agreement.type_spec, takes)])
            for size in SIZES:
                run(keras.tree.map_structure(partial(layer_agreement._data, size=size), takes))
    except Exception as error:
        return f"{stage}: {type(error).__name__}: {error}"
    finally:
        keras.config.set_dtype_policy(before)
    return ""
