"""Compares one operation of specc with the same function of ``keras.ops``.

As `tests.support.layer_agreement` does for layers; the call of Keras is made from `Operation.call_arguments`, so that it is
tested too.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import nullcontext
from functools import reduce
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from specc import layers
from specc.calls import Policy
from specc.diagnostics.problem import RuleError
from specc.operations.base import Operation
from specc.shapes import Tensor
from tests.support.layer_agreement import ContradictionError, Refused, keras_input

Inputs = dict[str, Any]


def operation(name: str) -> type[Operation]:
    """The class of an operation, by its name without ``ops.``."""
    cls = layers.find(f"ops.{name}")
    assert cls is not None, f"specc has no operation {name}"
    assert issubclass(cls, Operation)
    return cls


def keras_function(cls: type[Operation]) -> Any:
    """Keras's function by its public name."""
    return reduce(getattr, cls.function.split(".")[1:], keras)


def by_argument(cls: type[Operation], inputs: Any) -> Inputs:
    """The inputs by tensor argument: a shape, a Tensor, a list that fills the arguments in order, or a map."""
    if isinstance(inputs, dict):
        return {
            name: [_tensor(x) for x in value] if isinstance(value, list) else _tensor(value)
            for name, value in inputs.items()
        }
    if not isinstance(inputs, list):
        inputs = [inputs]
    tensors = [_tensor(value) for value in inputs]
    if cls.tensors[0].many:
        return {cls.tensors[0].name: tensors}
    return {argument.name: tensor for argument, tensor in zip(cls.tensors, tensors, strict=False)}


def _tensor(value: Any) -> Tensor:
    return value if isinstance(value, Tensor) else Tensor(tuple(value))


def specc_result(
    cls: type[Operation], arguments: dict[str, Any], inputs: Inputs
) -> tuple[Operation | None, list[Tensor], str]:
    """What specc infers, or why it does not."""
    made, problems = cls.parse(arguments)
    if made is None:
        return None, [], "; ".join(problem.message for problem in problems)
    tensors = {name: tuple(value) if isinstance(value, list) else value for name, value in inputs.items()}
    try:
        outputs = made.infer(made.call(tensors, {}, Policy.named("float32")))
    except RuleError as error:
        return made, [], error.problem.message
    assert len(outputs) == len(made.ports({})), f"{cls.function}: {len(outputs)} outputs, ports {made.ports({})}"
    return made, list(outputs), ""


def keras_result(made: Operation, inputs: Inputs, run: bool) -> list[Tensor]:
    """What Keras gives for the same call; Refused where it raises."""
    try:
        symbolic = {
            name: [keras_input(x) for x in value] if isinstance(value, list) else keras_input(value)
            for name, value in inputs.items()
        }
        positional, keywords = made.call_arguments(symbolic)
        result = keras_function(type(made))(*positional, **keywords)
        outputs = list(result) if isinstance(result, list | tuple) else [result]
        assert made.several == isinstance(result, list | tuple), f"{made.function} gives a {type(result).__name__}"
        arrived = _run(symbolic, outputs) if run else []
        dtypes = arrived if run else [tensor.dtype for tensor in outputs]
    except AssertionError:
        raise
    except Exception as error:
        raise Refused(f"{type(error).__name__}: {str(error)[:300]}") from error
    return [
        Tensor(tuple(tensor.shape), dtype, bool(getattr(tensor, "sparse", False)))
        for tensor, dtype in zip(outputs, dtypes, strict=True)
    ]


SIZES = (2, 4, 1, 3)
"""What unknown dimensions are filled with until a call succeeds: Keras accepts what can work for some data."""
LARGE = 5
"""And what all of them are at once, so that what lies at index 4 is there."""


def _run(symbolic: dict[str, Any], outputs: list[Any]) -> list[str]:
    """Call the function on data, in a graph in which unknown dimensions stay unknown: the dtypes that it gives.

    They are not always those that Keras says: a reciprocal of float16 is float32 to it, and float16 when it runs.
    """
    import tensorflow as tf

    named = [(name, tensor) for name, value in symbolic.items() for tensor in keras.tree.flatten(value)]
    inputs = [tensor for _, tensor in named]
    function = keras.Function(inputs, outputs)
    specs = [tf.TensorSpec(tensor.shape, tensor.dtype) for tensor in inputs]
    run = tf.function(lambda *data: function(list(data)), input_signature=specs, autograph=False)
    graph = run.get_concrete_function()
    unknown = sum(tensor.shape.count(None) for tensor in inputs)
    fills = itertools.chain(SIZES, (LARGE,), _mixtures(unknown)) if unknown else SIZES[:1]
    failures: list[Exception] = []
    for fill in fills:
        filling = itertools.cycle(fill if isinstance(fill, tuple) else (fill,))
        try:
            results = graph(*(_data(tensor, filling, 0 if name == "indices" else 1) for name, tensor in named))
            _compare(keras.tree.flatten(results), outputs)
        except (tf.errors.OpError, ContradictionError) as error:
            failures.append(error)
        else:
            return [result.dtype.name for result in keras.tree.flatten(results)]
    raise failures[0]


def _mixtures(unknown: int) -> Iterator[tuple[int, ...]]:
    """Sizes that differ from one unknown dimension to the next."""
    return itertools.product(SIZES, repeat=min(unknown, 4)) if unknown > 1 else iter(())


def _compare(results: list[Any], outputs: list[Any]) -> None:
    for result, tensor in zip(results, outputs, strict=True):
        if len(result.shape) != len(tensor.shape) or any(
            said is not None and ran is not None and ran != said
            for ran, said in zip(result.shape, tensor.shape, strict=True)
        ):
            raise ContradictionError(f"is {tensor.shape} to Keras, which computes {result.shape}")


def _data(tensor: Any, filling: Iterator[int], value: int) -> Any:
    import tensorflow as tf

    shape = tuple(next(filling) if dim is None else dim for dim in tensor.shape)
    if tensor.dtype == "string":
        return tf.constant(np.full(shape, b"a", dtype=object))
    return tf.cast(tf.fill(shape, value), tensor.dtype)


def agree(
    name: str,
    inputs: Any,
    arguments: dict[str, Any] | None = None,
    *,
    run: bool = True,
    accepted: bool | None = None,
    sparse: bool = True,
) -> bool:
    """Fail unless specc and Keras agree about a call; returns whether both accept it.

    Where specc's fields refuse the arguments there is no call to compare; test that by itself.
    """
    cls = operation(name)
    tensors = by_argument(cls, inputs)
    made, ours, why = specc_result(cls, arguments or {}, tensors)
    assert made is not None, f"{name} {arguments}: {why}"
    where = f"ops.{name}({arguments or ''}) on {tensors}"
    theirs: list[Tensor] | None = None
    theirs_why = ""
    try:
        theirs = keras_result(made, tensors, run)
    except Refused as refusal:
        theirs_why = str(refusal)
    except ContradictionError as error:
        assert why, f"{where}: {error}"
        theirs_why = str(error)
    except AssertionError as error:
        raise AssertionError(f"{where}: {error}") from error
    assert bool(why) == (theirs is None), f"{where}\nspecc: {why or ours}\nkeras: {theirs_why or theirs}"
    if accepted is not None:
        assert accepted == (not why), f"{where}\nspecc: {why or ours}"
    if theirs is None:
        return False
    if not sparse:
        ours, theirs = ([tensor._replace(sparse=False) for tensor in side] for side in (ours, theirs))
    assert ours == theirs, f"{where}\nspecc: {ours}\nkeras: {theirs}"
    return True


def same_dtype(name: str, inputs: Any, arguments: dict[str, Any]) -> None:
    """Fail unless specc and Keras agree about a call's dtypes; without a model where they do, which is fifty times faster."""
    cls = operation(name)
    tensors = by_argument(cls, inputs)
    made, ours, why = specc_result(cls, arguments, tensors)
    assert made is not None, why
    try:
        # A negative number beside a tensor of uint64 can end the process, but not in a graph: TensorFlow looks into its
        # cache of eager numbers while Python's OverflowError is pending.
        with tf.Graph().as_default() if "uint64" in _dtypes(tensors) else nullcontext():
            positional, keywords = made.call_arguments(
                {argument: _data(tensor, itertools.repeat(3), 1) for argument, tensor in tensors.items()}
            )
            results = keras.tree.flatten(keras_function(cls)(*positional, **keywords))
        theirs = [result.dtype.name for result in results]
    except Exception:
        theirs = []
    if theirs != [tensor.dtype for tensor in ours]:  # a graph can more, or less
        agree(name, inputs, arguments, sparse=False)


def _dtypes(tensors: Inputs) -> set[str]:
    return {tensor.dtype for value in tensors.values() for tensor in (value if isinstance(value, list) else [value])}


def message(name: str, inputs: Any, arguments: dict[str, Any] | None = None) -> tuple[str, str | None]:
    """The message and the help with which specc refuses a call."""
    cls = operation(name)
    made, problems = cls.parse(arguments or {})
    if made is None:
        return problems[0].message, problems[0].help
    tensors = {key: tuple(x) if isinstance(x, list) else x for key, x in by_argument(cls, inputs).items()}
    try:
        made.infer(made.call(tensors, {}, Policy.named("float32")))
    except RuleError as error:
        return error.problem.message, error.problem.help
    raise AssertionError(f"ops.{name} accepts {inputs} {arguments}")
