"""Arguments as plain data in a canonical form: two layers with equal data are equal in Keras.

Keras's defaults are omitted, so that an argument with its default value is the same as none. An object is
a map with ``type``, even if the spec has its bare name or another of its names.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from specc import objects
from specc.arguments import Arguments
from specc.arguments.roles import axes_of, kind_of
from specc.calls import Callee
from specc.ir import NestedModel, Ref, TypedGraph
from specc.layers.base import Layer
from specc.layers.core import Input
from specc.training import Training

Inside = Callable[[NestedModel], dict[str, Any]]
"""What a nested model is made of."""


def configuration(value: Arguments, policy: str = "float32", inside: Inside = lambda model: {}) -> dict[str, Any]:
    """The arguments of a layer or an object that are not Keras's defaults, by Keras's names; lists for tuples.

    ``policy`` is the model's dtype policy, which a layer without its own has; ``inside`` describes the nested
    models in it. The name of a layer is omitted.

    >>> from specc.layers.core import Dense
    >>> configuration(Dense(units=3, kernel_initializer="he_normal", use_bias=True))
    {'units': 3, 'kernel_initializer': {'type': 'HeNormal'}}
    """
    defaults = {"data_format": "channels_last"}
    if isinstance(value, Layer) and (value.casts or isinstance(value, Input)):  # others have their own dtypes
        defaults |= {"dtype": "float32" if isinstance(value, Input) else policy}
    given = {}
    for name, argument in value.given().items():
        field = type(value).argument_fields()[name]
        found = _plain(argument, field, policy, inside)
        default = None if field.is_required() else _plain(field.get_default(call_default_factory=True), field, policy)
        alike = (default, defaults[name]) if name in defaults and default is None else (default,)
        if field.is_required() or found not in alike:
            given[name] = found
    if isinstance(value, Callee):
        given.pop("name", None)
    return given


def training(graph: TypedGraph) -> dict[str, Any] | None:
    """The arguments of ``compile`` that are not Keras's defaults, losses and metrics by output; None without any."""
    found = graph.graph.training
    if found is None:
        return None
    arguments = found.arguments([output.name for output in graph.graph.outputs])
    kinds = {"optimizer": "optimizer", "loss": "loss", "metrics": "metric", "weighted_metrics": "metric"}
    fields = Training.argument_fields()
    plain = {name: _value(value, kinds.get(name)) for name, value in arguments.items()}
    defaults = {name: _value(fields[name].get_default(), kinds.get(name)) for name in plain}
    return {name: value for name, value in plain.items() if value != defaults[name]}


def plain(value: Any) -> Any:
    """Any argument as plain data."""
    return _value(value, None)


def _plain(value: Any, field: FieldInfo, policy: str, inside: Inside = lambda model: {}) -> Any:
    if isinstance(value, int) and not isinstance(value, bool) and (axes := axes_of(field)):
        return [value] * axes  # as Keras expands it
    return _value(value, kind_of(field), policy, inside)


def _value(value: Any, kind: str | None, policy: str = "float32", inside: Inside = lambda model: {}) -> Any:
    if isinstance(value, NestedModel):
        return {"type": value.type_name, **configuration(value, policy, inside), **inside(value)}
    if isinstance(value, Arguments):
        return {"type": value.keras_name(), **configuration(value, policy, inside)}
    if isinstance(value, str) and kind is not None and (cls := objects.find(kind, value)) is not None:
        return {"type": cls.keras_name()}
    if isinstance(value, tuple | list):
        return [_value(item, kind, policy, inside) for item in value]
    if isinstance(value, dict):
        return {key: _value(item, kind, policy, inside) for key, item in value.items()}
    if isinstance(value, BaseModel):  # a slice
        return value.model_dump(exclude_none=True)
    return value


def reference(graph: TypedGraph, ref: Ref) -> str:
    """An output of a node as a spec refers to it: ``name``, or ``name.port`` unless it is the first."""
    node = graph.nodes[ref.node]
    return ref.node if ref.port == 0 else f"{ref.node}.{node.layer.ports(node.options)[ref.port]}"
