"""Compares one layer of specc with the same layer of the installed Keras.

`agree` builds both from the same arguments, calls both on the same inputs, and fails where they differ in
what they accept, in the shape or dtype of an output, or in a weight.
"""

from __future__ import annotations

from typing import Any
from zlib import crc32

import keras
import numpy as np
import tensorflow as tf

from specc import layers
from specc.arguments import freeze
from specc.backends.keras_model import realize
from specc.calls import Policy, Weight
from specc.diagnostics.problem import ProblemsError, RuleError
from specc.layers.base import Layer
from specc.shapes import Tensor

Inputs = Tensor | tuple[Tensor, ...] | list[Tensor] | dict[str, Any]

AGREED: dict[tuple[str, float, bool | None, bool], bool] = {}
"""What was compared, and whether both accept: random arguments are often the same again."""


class ContradictionError(AssertionError):
    """Keras computes another shape than it says."""


class Refused(Exception):
    """One side refuses the arguments or the inputs; the text says why."""


def specc_result(
    type_name: str, arguments: dict[str, Any], inputs: Inputs, options: dict[str, Any], policy: str
) -> tuple[list[Tensor], list[Weight]]:
    """Outputs and weights as specc infers them; Refused where it does not accept."""
    cls: Any = layers.find(type_name)
    assert cls is not None, f"specc has no layer {type_name}"
    layer, problems = cls.parse(arguments)
    if layer is None:
        raise Refused("; ".join(problem.message for problem in problems))
    default = Policy.named(policy)
    call = layer.call(by_argument(cls, inputs), options, default)
    try:
        outputs = layer.infer(call)
        weights = list(layer.weights(call))
    except RuleError as error:
        raise Refused(error.problem.message) from None
    assert len(outputs) == len(layer.ports(options)), (
        f"{type_name}: {len(outputs)} outputs, ports {layer.ports(options)}"
    )
    if not layer.trainable:
        weights = [weight._replace(trainable=False) for weight in weights]
    return list(outputs), weights


def by_argument(cls: type[Layer], inputs: Inputs) -> dict[str, Any]:
    """The inputs by call argument: a lone tensor or list goes to the first."""
    if isinstance(inputs, dict):
        return {name: tuple(value) if isinstance(value, list) else value for name, value in inputs.items()}
    first = cls.tensors[0]
    if isinstance(inputs, Tensor):
        return {first.name: (inputs,) if first.many else inputs}
    return {first.name: tuple(inputs)}


def keras_result(
    type_name: str,
    arguments: dict[str, Any],
    inputs: Inputs,
    options: dict[str, Any],
    policy: str,
    run: bool,
    ours: list[Tensor] | None = None,
    graph: bool = False,
) -> tuple[list[Tensor], list[Weight], Any]:
    """Outputs and weights as Keras announces them; Refused where Keras raises, when called or (``run``) in predict.

    With ``run`` the dtypes are those that come out, sparse is what is so then, and the shapes that come out must be those of ``ours``, if given.
    """
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(policy)
    try:
        given = {name: keras_value(name, value, type_name) for name, value in arguments.items()}
        layer = getattr(keras.layers, type_name)(**given)
        symbolic = _map(inputs, keras_input)
        outputs = _call(layer, symbolic, options)
        flat = keras.tree.flatten(outputs)
        dtypes = [tensor.dtype for tensor in flat]
        sparse = [bool(getattr(tensor, "sparse", False)) for tensor in flat]
        if run:
            takes = alone(_flat(symbolic))
            model = keras.Model(takes, outputs)
            call = tf.function(model) if graph else model  # a graph takes some data that eager Keras refuses
            results = keras.tree.flatten(call(keras.tree.map_structure(_data, takes)))
            for result, tensor in zip(results, ours or flat, strict=True):
                if len(result.shape) != len(tensor.shape) or any(
                    said not in (None, ran) for ran, said in zip(result.shape, tensor.shape, strict=True)
                ):
                    raise ContradictionError(f"is {tensor.shape} to Keras, which computes {result.shape}")
            dtypes = [keras.backend.standardize_dtype(result.dtype) for result in results]
            sparse = [isinstance(result, tf.SparseTensor) for result in results]
    except ContradictionError:
        raise
    except Exception as error:
        raise Refused(f"{type(error).__name__}: {error}") from error
    finally:
        keras.config.set_dtype_policy(before)
    tensors = [
        Tensor(tuple(tensor.shape), dtype, is_sparse)
        for tensor, dtype, is_sparse in zip(flat, dtypes, sparse, strict=True)
    ]
    weights = [Weight(weight.path, tuple(weight.shape), weight.dtype, weight.trainable) for weight in layer.weights]
    return tensors, weights, layer


def keras_value(name: str, value: Any, type_name: str) -> Any:
    """An argument of a spec as a Keras user would pass it."""
    cls: Any = layers.find(type_name)
    if cls is not None and name in cls.inner_layers():
        return _inner_value(value)
    if isinstance(value, dict) or (isinstance(value, list) and any(isinstance(item, dict) for item in value)):
        assert cls is not None
        parsed, problems = cls.parse({**_required(cls), name: value})
        if parsed is None:
            raise Refused(f"specc cannot read {name}: {problems}")
        return realize(parsed.given()[name])
    return freeze(value)


def _inner_value(value: Any) -> Any:
    if isinstance(value, list):
        return [_inner_value(item) for item in value]
    try:
        return value if value is None else realize(layers.parse_inner(value))
    except ProblemsError as error:
        raise Refused(f"specc cannot read the layer {value}: {error}") from None


def _required(cls: type[Layer]) -> dict[str, Any]:
    """Something for each required argument, so that one other argument can be read by itself."""
    return {
        name: 1
        for name, field in cls.argument_fields().items()
        if field.is_required() and name not in ("layer", "cell", "layers", "cells")
    }


def agree(
    type_name: str,
    arguments: dict[str, Any] | None = None,
    inputs: Inputs | tuple[int | None, ...] = (None, 4),
    *,
    options: dict[str, Any] | None = None,
    policy: str = "float32",
    run: float = False,
    accepted: bool | None = None,
    dtypes: bool = True,
) -> bool:
    """Fail unless specc and Keras agree; returns whether both accept.

    ``inputs`` is a shape (batch included), a Tensor, a list of them, or a map by call argument. With ``run``, Keras
    also predicts on data, and what it refuses only then counts as refused; with a share as ``run``, of what both accept it predicts only that
    share. ``accepted`` says what both must do. Without ``dtypes``, those of the outputs are not compared: a layer
    that cannot run before adapt() may announce another.
    """
    arguments = arguments or {}
    options = options or {}
    tensors: Any = inputs
    if isinstance(inputs, tuple) and all(dim is None or isinstance(dim, int) for dim in inputs):
        tensors = Tensor(inputs)  # type: ignore[arg-type]
    where = f"{type_name}({arguments}) on {tensors} {options or ''} {policy}"
    case = (where, run, accepted, dtypes)
    if case in AGREED:
        return AGREED[case]
    AGREED[case] = _agree(where, type_name, arguments, tensors, options, policy, run, accepted, dtypes)
    return AGREED[case]


def _agree(
    where: str,
    type_name: str,
    arguments: dict[str, Any],
    tensors: Any,
    options: dict[str, Any],
    policy: str,
    run: float,
    accepted: bool | None,
    dtypes: bool,
) -> bool:
    """The same, of what was not compared yet; ``where`` says what is compared."""
    ours: Any = None
    theirs: Any = None
    try:
        ours = specc_result(type_name, arguments, tensors, options, policy)
        ours_why = ""
    except Refused as refusal:
        ours_why = str(refusal)
    try:
        share = crc32(where.encode()) / 2**32 if ours else 0
        theirs = keras_result(type_name, arguments, tensors, options, policy, share < run, ours and ours[0])
        if (
            dtypes
            and ours
            and any((a.dtype, a.sparse) != (b.dtype, b.sparse) for a, b in zip(ours[0], theirs[0], strict=True))
        ):
            theirs = keras_result(type_name, arguments, tensors, options, policy, True, ours[0], graph=True)
        theirs_why = ""
    except Refused as refusal:
        theirs_why = str(refusal)
    except ContradictionError as contradiction:
        assert ours is None, f"{where}\n{contradiction}"
        theirs_why = str(contradiction)
    assert (ours is None) == (theirs is None), f"{where}\nspecc: {ours_why or ours}\nkeras: {theirs_why or theirs[:2]}"
    if accepted is not None:
        assert accepted == (ours is not None), f"{where}\nspecc: {ours_why or ours}"
    if ours is None:
        return False
    outputs, weights = ours
    keras_outputs, keras_weights, _ = theirs
    assert [(t.symbolic.shape, dtypes and t.dtype, t.sparse) for t in outputs] == [
        (t.shape, dtypes and t.dtype, t.sparse) for t in keras_outputs
    ], f"{where}\nspecc: {outputs}\nkeras: {keras_outputs}"
    assert [_comparable(weight) for weight in weights] == [_comparable(weight) for weight in keras_weights], (
        f"{where}\nspecc: {weights}\nkeras: {keras_weights}"
    )
    return True


def _comparable(weight: Weight) -> tuple[Any, ...]:
    return weight.name.rsplit("/", 1)[-1], tuple(weight.shape), weight.dtype, weight.trainable


def _map(inputs: Inputs, function: Any) -> Any:
    if isinstance(inputs, Tensor):
        return function(inputs)
    if isinstance(inputs, dict):
        return {name: _map(value, function) for name, value in inputs.items()}
    return [_map(item, function) for item in inputs]


def _flat(symbolic: Any) -> list[Any]:
    if isinstance(symbolic, dict):
        return [tensor for value in symbolic.values() for tensor in _flat(value)]
    return [tensor for item in symbolic for tensor in _flat(item)] if isinstance(symbolic, list) else [symbolic]


def keras_input(tensor: Tensor) -> Any:
    return keras.Input(
        batch_shape=tensor.shape, dtype=tensor.dtype, sparse=tensor.sparse or None, ragged=tensor.ragged or None
    )


def _call(layer: Any, symbolic: Any, options: dict[str, Any]) -> Any:
    if not isinstance(symbolic, dict):
        return layer(symbolic, **options)
    (_, value), *others = symbolic.items()
    return layer(value, **dict(others), **options)


def alone(tensors: list[Any]) -> Any:
    """The inputs of a model: Keras warns of a list of one."""
    return tensors[0] if len(tensors) == 1 else tensors


def type_spec(tensor: Any) -> Any:
    """What TensorFlow traces a function for: the symbolic tensor with its open sizes."""
    if tensor.sparse:
        return tf.SparseTensorSpec(tensor.shape, tensor.dtype)
    if tensor.ragged:
        return tf.RaggedTensorSpec(tensor.shape, tensor.dtype, ragged_rank=1)
    return tf.TensorSpec(tensor.shape, tensor.dtype)


def _data(tensor: Any, size: int = 2) -> Any:
    shape = tuple(size if dim is None else dim for dim in tensor.shape)
    if tensor.dtype == "string":
        strings = np.full(shape, "a b", dtype=object)
        return tf.RaggedTensor.from_tensor(strings) if tensor.ragged else strings
    data = np.zeros(shape, dtype="float32" if tensor.dtype == "bfloat16" else tensor.dtype)
    if tensor.sparse or tensor.ragged:
        return tf.sparse.from_dense(data) if tensor.sparse else tf.RaggedTensor.from_tensor(data)
    return data
