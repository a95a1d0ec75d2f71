"""Layers and objects as Keras's ``get_config`` gives them: every argument, also where it has its default.

The rules for all classes are here. What a class has otherwise is in the class: `specc.arguments.Arguments.unsaved` and
``saved``, `specc.calls.Callee.saved_call`, and `specc.arguments.roles.Saved` in the type of an argument.

Two things are another each time that Keras makes them, so they cannot be equal: the ``seed`` that a RandomCrop draws if it
is given none, here null; and the count in the automatic names of objects and of layers that are activations (``adam_1``),
which goes on through the whole process, here left out.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

from pydantic import BaseModel

from specc import keras_signatures, objects
from specc.archive.names import policy, public
from specc.archive.native import NotNative
from specc.arguments import Arguments
from specc.arguments.roles import InTensor, Saved, float32, kind_of, saved_form
from specc.automatic_names import snake_case
from specc.calls import Call, Callee
from specc.dtypes import FLOATX
from specc.ir import NestedModel
from specc.layers.base import Layer
from specc.objects.base import KerasObject
from specc.operations.base import Operation
from specc.operations.number_lists import NumberList
from specc.policies import Policy
from specc.shapes import Tensor

Models = Callable[[NestedModel, str], dict[str, Any]]
"""Describes a nested model, under a name."""


class Field(NamedTuple):
    """An argument of a class."""

    name: str
    attribute: str
    kind: str | None
    saved: Saved | None


@cache
def fields_of(cls: type[Arguments]) -> tuple[Field, ...]:
    """The arguments of a class."""
    return tuple(
        Field(field.alias or name, name, kind_of(field), saved_form(field)) for name, field in cls.model_fields.items()
    )


@cache
def _fields(cls: type[Arguments]) -> tuple[Field, ...]:
    """The arguments that a class saves."""
    return tuple(it for it in fields_of(cls) if it.name not in cls.unsaved)


def need_native(value: Arguments | type[Arguments]) -> None:
    """NotNative for a class of a plugin: only its author knows what Keras saves of it."""
    if value.imported_from:
        raise NotNative(f"{value.keras_name()} of a plugin")


def of_object(value: Arguments) -> dict[str, Any]:
    """An initializer, a loss, an optimizer... NotNative for one of a plugin.

    >>> from specc.objects.initializers import Constant
    >>> of_object(Constant(value=3.0))
    {'module': 'keras.initializers', 'class_name': 'Constant', 'config': {'value': 3.0}, 'registered_name': None}
    """
    need_native(value)
    config = {it.name: formed(it, getattr(value, it.attribute), "float32") for it in _fields(type(value))}
    config |= {name: of_value(it) for name, it in value.saved().items()}
    if "name" in config and config["name"] is None:
        config["name"] = snake_case(value.keras_name())
    return public(f"keras.{value.keras_module}", value.keras_name(), config)


def of_layer(layer: Callee, name: str, call: Call | None, models: Models, default: str = "float32") -> dict[str, Any]:
    """A layer of that name, built by a call; None for one that nothing calls. NotNative for one of a plugin.

    ``default`` is the dtype policy of the model, which the call has, too.
    """
    default = default if call is None else call.default_policy.name
    if isinstance(layer, NestedModel):
        return models(layer, name)
    assert isinstance(layer, Layer)
    need_native(layer)
    given = Policy.named(layer.policy_name(default))
    dtype = policy(given.name) if layer.saves_policy else given.variable
    config: dict[str, Any] = {"name": name, "trainable": layer.trainable, "dtype": dtype}
    if layer.quantizes:
        config["quantization_config"] = None
    inside, calls = layer.inside(), {} if call is None else layer.inner_calls(call)
    for it in _fields(type(layer)):
        value = getattr(layer, it.attribute)
        if it.name in layer.inner_layers():
            layers = inside.get(it.name, ())
            called = calls.get(it.name, (None,) * len(layers))
            pairs = zip(layers, called, strict=True)
            found = [of_layer(of, its, by, models, default) for (its, of), by in pairs]
            config[it.name] = found if isinstance(value, tuple) else found[0] if found else None
        elif it.name not in config and (it.name != "activity_regularizer" or _saves_regularizer(layer)):
            config[it.name] = formed(it, value, default)
    more = layer.saved() | ({} if call is None else layer.saved_call(call))
    config |= {key: of_value(value) for key, value in more.items()}
    for key in layer.unsaved - more.keys() | layer.missing_base_arguments:
        config.pop(key, None)
    built = {} if layer.builds_without_shape else None if call is None else build_config(layer, call)
    made = public("keras.layers", layer.keras_name(), config if layer.trainable else _frozen(config))
    return made if built is None else {**made, "build_config": built}


def _saves_regularizer(layer: Layer) -> bool:
    """Whether ``activity_regularizer`` is saved."""
    if layer.activity_regularizer is not None or layer.saves_no_regularizer == "always":
        return True
    if layer.saves_no_regularizer == "given":
        return "activity_regularizer" in layer.model_fields_set
    signature = keras_signatures.find(layer.signature_name())
    named = signature is not None and "activity_regularizer" in signature.own()
    return named and layer.saves_no_regularizer == "named"


def _frozen(config: Any) -> Any:
    """The configuration of a layer of which all layers inside are frozen, too."""
    if isinstance(config, dict):
        return {key: False if key == "trainable" else _frozen(value) for key, value in config.items()}
    return [_frozen(value) for value in config] if isinstance(config, list) else config


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


def formed(field: Field, value: Any, default: str) -> Any:
    """What is saved of the value of an argument."""
    if value is None:
        return of_value(field.saved.unset) if field.saved is not None else _EMPTY.get(field.kind or field.name)
    return of_value(value if field.saved is None else field.saved.form(value), field.kind, default)


_EMPTY = {"activation": "linear", "data_format": "channels_last"}
"""What Keras makes of these arguments, by their kinds or names, if they are not given."""


def of_value(value: Any, kind: str | None = None, default: str = "float32") -> Any:
    """Any value; ``kind`` is that of a Keras object, which may be a name in one of its spellings.

    ``default`` is the dtype policy of the model, which an activation that is a layer has, too.
    """
    if isinstance(value, str) and kind is not None:
        cls = objects.find(kind, value)
        assert cls is not None
        need_native(cls)
        return of_object(cls()) if cls.has_class else cls.keras_name()
    if isinstance(value, KerasObject) and not value.has_class:
        need_native(value)
        return value.keras_name()
    if isinstance(value, InTensor):
        return tensor(_rounded(list(value.numbers)), FLOATX)
    if isinstance(value, NumberList):
        return _array(value)
    if isinstance(value, Operation):  # a number list in the place of a tensor
        return _array(value.x)  # type: ignore[attr-defined]
    if isinstance(value, Layer):
        return of_layer(value, value.own_name or snake_case(value.type_name), None, lambda *_: {}, default)
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
    return [_rounded(item) for item in value] if isinstance(value, list) else float32(value)
