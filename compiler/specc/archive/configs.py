"""Layers and objects as Keras's ``get_config`` gives them: every argument, also where it has its default.

The rules for all classes are here. What a class has otherwise is in the class: `specc.arguments.Arguments.unsaved` and
``saved``, and `specc.calls.Callee.saved_call`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from struct import pack, unpack
from typing import Any, NamedTuple

from pydantic import BaseModel

from specc import keras_signatures, objects
from specc.archive.names import policy, public
from specc.arguments import Arguments
from specc.arguments.roles import kind_of, saved_form
from specc.calls import Call, Callee
from specc.dtypes import FLOATX
from specc.ir import NestedModel
from specc.layers.base import Layer
from specc.layers.inner import inner_names
from specc.objects.base import KerasObject
from specc.operations.base import Operation
from specc.operations.number_lists import NumberList
from specc.shapes import Tensor

Models = Callable[[NestedModel, str], dict[str, Any]]
"""Describes a nested model, under a name."""


class _Field(NamedTuple):
    """An argument of a class."""

    name: str
    attribute: str
    kind: str | None
    form: Callable[[Any], Any] | None


@cache
def _fields(cls: type[Arguments]) -> tuple[_Field, ...]:
    """The arguments that a class saves."""
    return tuple(
        _Field(field.alias or name, name, kind_of(field), saved_form(field))
        for name, field in cls.model_fields.items()
        if (field.alias or name) not in cls.unsaved
    )


def of_object(value: Arguments) -> dict[str, Any]:
    """An initializer, a loss, an optimizer...

    >>> from specc.objects.initializers import Constant
    >>> of_object(Constant(value=3.0))
    {'module': 'keras.initializers', 'class_name': 'Constant', 'config': {'value': 3.0}, 'registered_name': None}
    """
    config = {it.name: _formed(it, getattr(value, it.attribute)) for it in _fields(type(value))}
    config |= {name: of_value(it) for name, it in value.saved().items()}
    return public(f"keras.{value.keras_module}", value.keras_name(), config)


def of_layer(layer: Callee, name: str, call: Call | None, models: Models) -> dict[str, Any]:
    """A layer of that name, built by a call; None for one that nothing calls."""
    if isinstance(layer, NestedModel):
        return models(layer, name)
    assert isinstance(layer, Layer)
    default = "float32" if call is None else call.default_policy.name
    config: dict[str, Any] = {"name": name, "trainable": layer.trainable, "dtype": policy(layer.dtype or default)}
    names = iter(inner_names(list(_layers_in(layer))))
    calls = {} if call is None else layer.inner_calls(call)
    for it in _fields(type(layer)):
        value = getattr(layer, it.attribute)
        if it.name in layer.inner_layers():
            config[it.name] = _inner(value, names, calls.get(it.name, ()), models)
        elif it.name not in config and (
            it.name != "activity_regularizer" or value is not None or layer.saves_no_regularizer
        ):
            config[it.name] = _formed(it, value)
    more = layer.saved() | ({} if call is None else layer.saved_call(call))
    config |= {key: of_value(value) for key, value in more.items()}
    for key in layer.unsaved:
        config.pop(key, None)
    built = None if call is None else build_config(layer, call)
    found = public("keras.layers", layer.keras_name(), config)
    return found if built is None else {**found, "build_config": built}


def _layers_in(layer: Layer) -> Iterator[Callee]:
    """The layers in the arguments of a layer, in the order of the arguments that are given."""
    for key in layer.given():
        if key in layer.inner_layers():
            value = getattr(layer, key)
            yield from value if isinstance(value, tuple) else () if value is None else (value,)


def _inner(value: Any, names: Iterator[str], calls: tuple[Call | None, ...], models: Models) -> Any:
    """The layers of an argument."""
    if value is None:
        return None
    if isinstance(value, tuple):
        every = calls or (None,) * len(value)
        return [of_layer(it, next(names), call, models) for it, call in zip(value, every, strict=True)]
    return of_layer(value, next(names), calls[0] if calls else None, models)


def build_config(layer: Layer, call: Call) -> dict[str, Any] | None:
    """What Keras's ``get_build_config`` gives of a layer that was built by a call; None if it has no ``build``."""
    signature = keras_signatures.find(f"layers.{layer.keras_name()}.build")
    if signature is None:
        return None
    shapes = {f"{name}_shape": _shapes(layer, name, call) for name in call.tensors if name != "mask"}
    names = list(signature.arguments)
    given = [shapes[name] for name in names if name in shapes]
    if len(names) == 1 or len(given) == 1:
        return {"input_shape": given[0] if len(names) > 1 else next(iter(shapes.values()))}
    return {"shapes_dict": {name: shapes[name] for name in names if name in shapes}}


def _shapes(layer: Layer, name: str, call: Call) -> Any:
    """The shape of what an argument is given; of several, in the groups that Keras takes them in."""
    value = call.tensors[name]
    if isinstance(value, Tensor):
        return list(value.shape)
    return layer.nest(name, [list(tensor.shape) for tensor in value])


# -- Values --------------------------------------------------------------------------------------


def _formed(field: _Field, value: Any) -> Any:
    """The value of an argument."""
    if field.form is not None and value is not None:
        value = field.form(value)
    return of_value(_EMPTY.get(field.name) if value is None else value, field.kind)


_EMPTY = {"activation": "linear", "data_format": "channels_last"}
"""What Keras makes of these arguments if they are not given."""


def of_value(value: Any, kind: str | None = None) -> Any:
    """Any value; ``kind`` is that of a Keras object, which may be a name in one of its spellings."""
    if isinstance(value, str) and kind is not None:
        cls = objects.find(kind, value)
        assert cls is not None
        return of_object(cls()) if cls.has_class else cls.keras_name()
    if isinstance(value, KerasObject) and not value.has_class:
        return value.keras_name()
    if isinstance(value, NumberList):
        return _array(value)
    if isinstance(value, Operation):  # a number list in the place of a tensor
        return _array(value.x)  # type: ignore[attr-defined]
    if isinstance(value, Arguments):
        return of_object(value)
    if isinstance(value, tuple | list):
        return [of_value(item, kind) for item in value]
    if isinstance(value, dict):
        return {key: of_value(item, kind) for key, item in value.items()}
    if isinstance(value, BaseModel):
        return value.model_dump()
    return value


def _array(value: NumberList) -> dict[str, Any]:
    """A number list as the tensor that Keras makes of it."""
    return tensor(_rounded(value.as_lists()) if value.dtype == FLOATX else value.as_lists(), value.dtype)


def tensor(value: Any, dtype: str) -> dict[str, Any]:
    """A tensor of numbers, in nested lists."""
    return {"class_name": "__tensor__", "config": {"value": value, "dtype": dtype}}


def _rounded(value: Any) -> Any:
    """Numbers as a float32 has them."""
    if isinstance(value, list):
        return [_rounded(item) for item in value]
    found: float = unpack("f", pack("f", value))[0]
    return found
