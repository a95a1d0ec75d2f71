"""Functions of TensorFlow in the files of Keras 2, as the operations of Keras 3 that compute the same.

Keras 2 had no operations of its own: what a model computes between its layers is a layer that calls a function of
TensorFlow by its name, ``TFOpLambda``, or slices, ``SlicingOpLambda``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from specc import keras_signatures
from specc.archive.names import private
from specc.archive.writing.configs import of_value
from specc.archive.writing.operations import made_by
from specc.keras_signatures import REQUIRED

_TWO = ("x=x1", "y=x2")
_REDUCED = ("input_tensor=x", "axis", "keepdims")
_TABLE: dict[str, tuple[str, ...]] = {
    "add": ("__operators__.add math.add add", *_TWO),
    "subtract": ("math.subtract subtract", *_TWO),
    "multiply": ("math.multiply multiply", *_TWO),
    "divide": ("math.truediv math.divide divide truediv", *_TWO),
    "floor_divide": ("math.floordiv", *_TWO),
    "mod": ("math.floormod math.mod", *_TWO),
    "power": ("math.pow pow", *_TWO),
    "maximum": ("math.maximum maximum", *_TWO),
    "minimum": ("math.minimum minimum", *_TWO),
    "equal": ("math.equal equal __operators__.eq", *_TWO, "self=x1", "other=x2"),
    "not_equal": ("math.not_equal not_equal __operators__.ne", *_TWO, "self=x1", "other=x2"),
    "greater": ("math.greater greater", *_TWO),
    "greater_equal": ("math.greater_equal greater_equal", *_TWO),
    "less": ("math.less less", *_TWO),
    "less_equal": ("math.less_equal less_equal", *_TWO),
    "logical_and": ("math.logical_and logical_and", *_TWO),
    "logical_or": ("math.logical_or logical_or", *_TWO),
    "logical_not": ("math.logical_not logical_not", "x"),
    "matmul": ("linalg.matmul matmul", "a=x1", "b=x2"),
    "negative": ("math.negative negative", "x"),
    "mean": ("math.reduce_mean reduce_mean", *_REDUCED),
    "sum": ("math.reduce_sum reduce_sum", *_REDUCED),
    "max": ("math.reduce_max reduce_max", *_REDUCED),
    "min": ("math.reduce_min reduce_min", *_REDUCED),
    "prod": ("math.reduce_prod reduce_prod", *_REDUCED),
    "std": ("math.reduce_std", *_REDUCED),
    "var": ("math.reduce_variance", *_REDUCED),
    "logsumexp": ("math.reduce_logsumexp reduce_logsumexp", *_REDUCED),
    "clip": ("clip_by_value", "t=x", "clip_value_min=x_min", "clip_value_max=x_max"),
    "concatenate": ("concat", "values=xs", "axis"),
    "stack": ("stack", "values=x", "axis"),
    "reshape": ("reshape", "tensor=x", "shape=newshape"),
    "transpose": ("transpose compat.v1.transpose", "a=x", "perm=axes"),
    "expand_dims": ("expand_dims", "input=x", "axis"),
    "squeeze": ("squeeze compat.v1.squeeze", "input=x", "axis"),
    "cast": ("cast", "x", "dtype"),
    "tile": ("tile", "input=x", "multiples=repeats"),
    "flip": ("reverse", "tensor=x", "axis"),
    "softmax": ("nn.softmax", "logits=x", "axis"),
    "log_softmax": ("nn.log_softmax", "logits=x", "axis"),
    "gelu": ("nn.gelu", "features=x", "approximate"),
    "silu": ("nn.silu nn.swish", "features=x"),
    "leaky_relu": ("nn.leaky_relu", "features=x", "alpha=negative_slope"),
    "sigmoid": ("math.sigmoid nn.sigmoid sigmoid", "x"),
    "tanh": ("math.tanh nn.tanh tanh", "x"),
    "ones_like": ("ones_like", "input=x", "dtype"),
    "zeros_like": ("zeros_like", "input=x", "dtype"),
    **{name: (f"nn.{name}", "features=x") for name in ("relu", "relu6", "elu", "selu", "softplus", "softsign")},
    **{name: (f"math.{name} {name}", "x") for name in ["sqrt", "square", "exp", "sin", "cos", "tan", "sinh", "cosh", "floor", "round", "sign"]},
    **{name: (f"math.{name}", "x") for name in ["rsqrt", "log", "log1p", "expm1", "ceil", "erf"]},
    "absolute": ("math.abs abs", "x"),
}  # fmt: skip
"""For each operation: the functions that compute the same, then their arguments with what the operation calls them.

The first argument is the one that a call is given without a name.
"""
_BY_FUNCTION = {
    function: (f"ops.{name}", {text.partition("=")[0]: text.rpartition("=")[2] for text in texts[1:]})
    for name, texts in _TABLE.items()
    for function in texts[0].split()
}
_DEFAULTS: dict[str, dict[str, Any]] = {
    "ops.gelu": {"approximate": False},
    "ops.leaky_relu": {"negative_slope": 0.2},
    "ops.concatenate": {"axis": 0},
    "ops.softmax": {"axis": -1},
}
"""What the functions of TensorFlow have without an argument, where the operation has something else or a default."""


def functions() -> dict[str, tuple[str, dict[str, str]]]:
    """For each function, the operation and what that calls the function's arguments, which are in order."""
    return _BY_FUNCTION


def of_function(name: str, function: str, first: Any, named: Mapping[str, Any]) -> dict[str, Any] | None:
    """A call of a function as an operation of Keras 3; None if there is none that certainly computes the same.

    >>> made = of_function("a", "math.multiply", "x", {"y": 2.0, "name": None})
    >>> made["class_name"], made["inbound_nodes"]
    ('Multiply', [{'args': ['x', 2.0], 'kwargs': {}}])
    """
    if function not in _BY_FUNCTION:
        return None
    type, arguments = _BY_FUNCTION[function]
    values = {**_DEFAULTS.get(type, {}), next(iter(arguments.values())): first}
    for key, value in named.items():
        if key in arguments:
            values[arguments[key]] = value
        elif value and key != "name":
            return None  # it may change the result
    if type == "ops.squeeze" and isinstance(values.get("axis"), list) and len(values["axis"]) == 1:
        values["axis"] = values["axis"][0]
    return _made(name, type, values)


def of_slices(name: str, first: Any, named: Mapping[str, Any]) -> dict[str, Any] | None:
    """Slices of a tensor as an operation of Keras 3."""
    spec = named.get("slice_spec")
    if not isinstance(spec, list):
        spec = [spec]
    key = [_slice(it) for it in spec]
    module, class_name = "keras.src.ops.numpy", "GetItem"
    found = private(module, class_name, {"name": name})
    return {**found, "name": name, "inbound_nodes": [{"args": [first, key], "kwargs": {}}]}


def _slice(value: Any) -> Any:
    if not isinstance(value, dict) or "class_name" in value:
        return {"class_name": "__ellipsis__", "config": {}} if isinstance(value, dict) else value
    return {"class_name": "__slice__", "config": {key: value.get(key) for key in ("start", "stop", "step")}}


def _made(name: str, type: str, values: Mapping[str, Any]) -> dict[str, Any] | None:
    signature = keras_signatures.find(type)
    assert signature is not None
    if any(default is REQUIRED and argument not in values for argument, default in signature.arguments.items()):
        return None
    config, given, named = made_by(type, values)
    arguments = {"name": name, **{key: of_value(value) for key, value in config.arguments.items()}}
    found = private(config.module, config.class_name, arguments)
    return {**found, "name": name, "inbound_nodes": [{"args": given, "kwargs": named}]}
