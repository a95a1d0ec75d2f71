"""Compares what a layer does to a mask that comes with its input."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import keras
import numpy as np

from specc import layers
from specc.calls import Policy
from specc.diagnostics.problem import RuleError
from specc.shapes import Shape, Tensor
from tests.support.layer_agreement import Refused, keras_value


def agree_masked(
    type_name: str, arguments: dict[str, Any], shape: tuple[int | None, ...], accepted: bool = True
) -> None:
    """Fail unless both refuse the output of a Masking layer, or both give the same mask with theirs."""
    cls = layers.find(type_name)
    assert cls is not None
    layer, problems = cls.parse(arguments)
    assert layer is not None, problems
    source = Tensor(shape, mask=shape[:-1])
    ours: Any = "refused"
    with suppress(RuleError):
        ours = layer.infer(layer.call({cls.tensors[0].name: source}, {}, Policy.named("float32")))[0].mask
    theirs: Any = "refused"
    with suppress(Refused):
        theirs = keras_mask(type_name, arguments, shape)
    assert (ours == "refused") == (theirs == "refused") == (not accepted), (type_name, arguments, shape, ours, theirs)
    if accepted:
        known = None if ours is None else tuple(2 if size is None else size for size in ours)
        assert known == theirs, (type_name, arguments, shape, ours, theirs)


def keras_mask(type_name: str, arguments: dict[str, Any], shape: tuple[int | None, ...]) -> Shape | None:
    """The shape of the mask on what Keras's layer really gives after a Masking layer."""
    try:
        given = {name: keras_value(name, value, type_name) for name, value in arguments.items()}
        layer = getattr(keras.layers, type_name)(**given)
        symbol = keras.Input(batch_shape=shape)
        layer(keras.layers.Masking()(symbol))
        data = keras.ops.convert_to_tensor(np.ones([2 if size is None else size for size in shape], "float32"))
        mask = keras.src.backend.get_keras_mask(layer(keras.layers.Masking()(data)))
    except Exception as error:
        raise Refused(str(error)) from error
    return None if mask is None else tuple(mask.shape)
