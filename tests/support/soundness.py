"""Runs whole models as ``predict`` and ``fit`` do: traced once with every open size unknown, then on two sizes of each.

`failure` says what goes wrong, or that a shape or a dtype is not the one that check said.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf

import specc
from specc.shapes import Tensor, is_float
from tests.support.layer_agreement import type_spec

SIZES = ((2, 8), (3, 12))
"""Two batches, and the sizes of what is unknown besides, the second unknown axis one larger."""


def failure(model: Any, inputs: Sequence[Tensor], said: Sequence[Tensor]) -> str:
    """Why the model does not predict, or not train one step, what was said of it; empty where it does both."""
    if not model.compiled:
        trained: list[Any] = ["mse" if is_float(one.dtype) and not (one.sparse or one.ragged) else None for one in said]
        model.compile(optimizer="sgd", loss=(trained if len(said) > 1 else trained[0]) if any(trained) else None)
    given = [type_spec(tensor) for tensor in inputs]
    predict = tf.function(lambda given: keras.tree.flatten(model(_one(given), training=False)), input_signature=[given])
    train = tf.function(lambda given: _step(model, _one(given)), input_signature=[given])
    model.optimizer.build(model.trainable_weights)
    for batch, size in SIZES:
        data = [_data(tensor, batch, size) for tensor in inputs]
        stage = "predict"
        try:
            outputs = predict(data)
            wrong = _differ(outputs, said)
            if not wrong:
                stage = "train"
                wrong = _differ(train(data), said)
        except Exception as error:
            wrong = f"{type(error).__name__}: {error}"
        if wrong:
            return f"{stage} {[tuple(one.shape) for one in data]}: {wrong}"
    return ""


def _step(model: Any, given: Any) -> Any:
    """What ``fit`` does with one batch whose targets are zeros. Keras: ``TensorFlowTrainer.train_step``."""
    with tf.GradientTape() as tape:
        outputs = model(given, training=True)
        made = keras.tree.flatten(outputs)
        if model._compile_loss is None:
            return made
        targets = [tf.zeros_like(one) if isinstance(one, tf.Tensor) else one for one in made]
        loss = model._compute_loss(x=given, y=_one(targets), y_pred=outputs, training=True)
        loss = model.optimizer.scale_loss(loss)
    if model.trainable_weights:
        gradients = tape.gradient(loss, model.trainable_weights)
        model.optimizer.apply_gradients(zip(gradients, model.trainable_weights, strict=True))
    return made


def _one(values: Any) -> Any:
    return values if len(values) > 1 else values[0]


def verdict(spec: dict[str, Any]) -> tuple[list[specc.Diagnostic], str]:
    """What check says of a spec and, where that is no error, how the model that it builds fails."""
    found = specc.check(spec)
    if any(diagnostic.severity == "error" for diagnostic in found):
        return found, ""
    graph = specc.compile(spec)
    inputs = [graph.tensors[name][0] for name in graph.graph.inputs]
    said = [graph.tensor(output.ref) for output in graph.graph.outputs]
    try:
        model = specc.build(spec)
    except Exception as error:
        return found, f"build: {type(error).__name__}: {error}"
    return found, failure(model, inputs, said)


def _differ(outputs: Sequence[Any], said: Sequence[Tensor]) -> str:
    return next(filter(None, map(_differs, outputs, said)), "")


def _differs(output: Any, said: Tensor) -> str:
    dtype = output.dtype.name
    if dtype != said.dtype:
        return f"{dtype} where {said.dtype} was said"
    shape = tuple(output.shape)
    if isinstance(output, tf.RaggedTensor) != said.ragged:
        return f"{'ragged' if not said.ragged else 'dense'} where the other was said"
    if said.ragged:
        shape = tuple(output.bounding_shape().numpy())
    if len(shape) != len(said.shape) or any(b not in (None, a) for a, b in zip(shape, said.shape, strict=True)):
        return f"{shape} where {said.shape} was said"
    return ""


def _filled(tensor: Tensor, batch: int, size: int) -> tuple[int, ...]:
    opened = iter(range(size, size + 9))
    return tuple(
        (batch if axis == 0 else next(opened)) if dim is None else dim for axis, dim in enumerate(tensor.shape)
    )


def _data(tensor: Tensor, batch: int, size: int) -> Any:
    shape = _filled(tensor, batch, size)
    if tensor.dtype == "string":
        data = tf.fill(shape, "a b")
    elif is_float(tensor.dtype):
        data = tf.cast(tf.constant(np.random.default_rng(0).random(shape)), tensor.dtype)
    else:
        data = tf.cast(tf.constant(np.random.default_rng(0).integers(0, 2, shape)), tensor.dtype)
    if tensor.sparse:
        return tf.sparse.from_dense(data)
    if tensor.ragged:
        lengths = None if tensor.shape[1] is not None else [max(size - row, 1) for row in range(batch)]
        return tf.RaggedTensor.from_tensor(data, lengths=lengths, ragged_rank=1)
    return data
