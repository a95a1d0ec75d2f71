"""The Python call that each node of a graph becomes, with placeholders for what depends on where it is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import takewhile
from types import MappingProxyType
from typing import Any, NamedTuple

from specc.arguments import Arguments
from specc.backends.python.writing.text import Expression, Group, flat, literal
from specc.calls import Callee
from specc.ir import NestedModel, Node, Ref
from specc.layers.base import Layer
from specc.layers.core import Input
from specc.objects.base import KerasObject
from specc.operations.base import Operation

Template = Any
"""An expression whose leaves may also be a `Value`, a `Tensor`, `Code`, a `LayerName` or a `Model`."""
NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(eq=False, slots=True)
class Value:
    """A plain argument. If it differs between parts that share a function, it becomes a parameter of the function."""

    label: str
    value: Any
    text: str = field(init=False)

    def __post_init__(self) -> None:
        self.text = flat(literal(self.value))


class Tensor(NamedTuple):
    """An output of a node."""

    ref: Ref


class Code(NamedTuple):
    """Something that is Python already."""

    text: Expression
    module: str = ""
    """The module of a plugin that it needs."""


class LayerName(NamedTuple):
    """The full name of a layer."""

    name: str


class Model(NamedTuple):
    """A nested model: a placeholder for its graph, and its name."""

    part: Any
    name: LayerName | Value


@dataclass(slots=True)
class Step:
    """A node as Python: a layer that is created and called, or a single expression."""

    node: Node
    outputs: int
    owner: str
    """The node whose layer is called; the node itself unless it shares another's."""
    shared: bool
    """Whether the layer is called more than once."""
    layer: Template | None
    call: Template
    """The arguments of the layer's call, a group without a head; without a layer, the whole expression."""

    @property
    def name(self) -> str:
        """The node's name."""
        return self.node.name

    @property
    def whole(self) -> Template:
        """The layer, called."""
        return self.call if self.layer is None else Group(self.layer, "()", self.call.items)


_INPUT_ARGUMENTS = ("shape", "batch_shape", "batch_size", "dtype", "sparse", "ragged", "optional")


class Calls:
    """Makes the steps of one graph. ``inner`` returns the placeholder for a nested model's graph."""

    def __init__(self, shared: set[str], inner: Callable[[NestedModel], Any], is_nested: bool) -> None:
        self._shared = shared
        self._inner = inner
        self._is_nested = is_nested
        self._layers: dict[str, Template] = {}

    def step(self, node: Node, outputs: int) -> Step:
        """The step of a node that has that many outputs."""
        owner = node.shares or node.name
        name = LayerName(node.name)
        if isinstance(node.layer, Input):
            return Step(node, outputs, owner, False, None, self.input(node.layer, name))
        given = {argument: _tensors(value) for argument, value in node.inputs.items()}
        if isinstance(node.layer, Operation):
            call = self.operation(node.layer, given)
            return Step(node, outputs, owner, False, None, call)
        if owner not in self._layers:
            self._layers[owner] = self.layer(node.layer, LayerName(owner))
        return Step(
            node, outputs, owner, owner in self._shared, self._layers[owner], self.call(node.layer, given, node.options)
        )

    def input(self, layer: Input, name: Any, written: Mapping[str, Any] = NOTHING) -> Group:
        """An Input of that name."""
        given = layer.given()
        given = {name: given[name] for name in _INPUT_ARGUMENTS if name in given}
        if self._is_nested:  # then shape and dtype are those of its first call
            shape = given["batch_shape"]
            if shape[0] is None:
                given = {"shape": shape[1:], "dtype": given["dtype"]}
            if given["dtype"] == "float32":
                del given["dtype"]
        return Group.call("keras.Input", (), [*self._templates(given, written), ("name", name)])

    def layer(self, layer: Callee, name: Any, written: Mapping[str, Any] = NOTHING) -> Template:
        """A layer, created with that name; without one, a layer inside another."""
        if isinstance(layer, NestedModel):
            return Model(self._inner(layer), name or Value("name", layer.name or layer.type_name))
        given = _own_first(layer)
        inside = name is None  # of a wrapper; one in a model is settled with the model
        by_setter = (
            (isinstance(layer, Layer) and "trainable" in layer.missing_base_arguments)
            or bool(type(layer).inner_layers())
            or (inside and layer.ctor_ignores_trainable)
            or layer.ctor_drops_trainable
        )
        frozen = by_setter and given.pop("trainable", True) is False
        if name is not None:
            given.pop("name", None)
        leading = _leading(type(layer))
        arguments = self._templates({key: value for key, value in given.items() if key not in leading}, written)
        if name is not None:
            arguments.append(("name", name))
        first = [self.template(key, given[key], written.get(key)) for key in leading]
        made = Group.call(_public_name(layer), first, arguments)
        return Group.call("frozen", [made]) if frozen else made

    def operation(self, layer: Operation, given: Mapping[str, Any], written: Mapping[str, Any] = NOTHING) -> Group:
        """The call of an operation on tensors."""
        constants = layer.call_constants()
        positional, keywords = layer.call_arguments(given)
        labels = [next((label for label in constants if constants[label] is value), "value") for value in positional]
        return Group.call(
            layer.function,
            [self.template(label, value, written.get(label)) for label, value in zip(labels, positional, strict=True)],
            self._templates(keywords, written),
        )

    def call(
        self,
        layer: Callee,
        tensors: Mapping[str, Any],
        options: Mapping[str, Any],
        written: Mapping[str, Any] = NOTHING,
    ) -> Group:
        """The arguments of a layer's call, a group without a head."""
        keywords = self._templates(options, written)
        given = {
            name: self.template(name, layer.nest(name, value) if isinstance(value, list) else value)
            for name, value in tensors.items()
        }
        if isinstance(layer, NestedModel):
            listed = [given[argument.name] for argument in layer.tensor_arguments()]
            return Group.call("", [listed[0] if len(listed) == 1 else Group.display("[]", listed)], keywords)
        first = given.pop(layer.tensor_arguments()[0].name)
        return Group.call("", [first], [*given.items(), *keywords])

    def _templates(self, given: Mapping[str, Any], written: Mapping[str, Any]) -> list[tuple[str, Template]]:
        return [(name, self.template(name, value, written.get(name))) for name, value in given.items()]

    def template(self, label: str, value: Any, written: Any = None) -> Template:
        """An argument: Keras's objects and layers as calls of their classes, anything else as a plain `Value`.

        ``written`` is what the spec has for it, if it is known.
        """
        if isinstance(value, Tensor | Code):
            return value
        parts = written if isinstance(written, dict) else NOTHING
        if isinstance(value, Operation):  # a constant
            return self.operation(value, {}, parts)
        if isinstance(value, Callee):
            return self.layer(value, None, parts)
        if isinstance(value, KerasObject) and not value.has_class:  # a function of a plugin
            return Code(f"{value.imported_from}.{value.keras_name()}", value.imported_from)
        if isinstance(value, Arguments):
            arguments = [
                (name, self.template(f"{label}_{name}", item, parts.get(name))) for name, item in value.given().items()
            ]
            return Group.call(_public_name(value), (), arguments)
        if isinstance(value, list | tuple) and _holds_more(value):
            brackets = "[]" if isinstance(value, list) else "()"
            return Group.display(brackets, [self.template(label, *pair) for pair in _paired(value, written)])
        if isinstance(value, dict) and _holds_more(value):
            items = (
                (f"{flat(literal(key))}: ", self.template(label, item, parts.get(key))) for key, item in value.items()
            )
            return Group("", "{}", tuple(items))
        return Value(label, value)


def _paired(value: Sequence[Any], written: Any) -> Iterator[tuple[Any, Any]]:
    """The parts of a list, each with what the spec has for it."""
    known = written if isinstance(written, list) and len(written) == len(value) else [None] * len(value)
    return zip(value, known, strict=True)


def _own_first(layer: Callee) -> dict[str, Any]:
    """The arguments that were given; those that all layers have come after the layer's own."""
    given = layer.given()
    common = [name for name in Layer.model_fields if name in given]
    return {name: value for name, value in given.items() if name not in common} | {name: given[name] for name in common}


@cache
def _leading(cls: type[Callee]) -> tuple[str, ...]:
    """The arguments that are written by position: those that Keras's class begins with and needs."""
    if cls.imported_from:
        return ()
    fields = cls.argument_fields()
    own = (name for name in cls.argument_order() if name not in Layer.model_fields)
    return tuple(takewhile(lambda name: fields[name].is_required(), own))


def _holds_more(value: Any) -> bool:
    """Whether tensors or Keras's objects are in it."""
    if isinstance(value, Arguments | Tensor | Code):
        return True
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return any(map(_holds_more, inside))


def _public_name(value: Arguments) -> str:
    if value.imported_from:
        return f"{value.imported_from}.{value.keras_name()}"
    module = value.keras_module
    return f"{module if module == 'layers' else f'keras.{module}'}.{value.keras_name()}"


def _tensors(value: Ref | tuple[Ref, ...]) -> Tensor | list[Tensor]:
    return Tensor(value) if isinstance(value, Ref) else list(map(Tensor, value))


def leaves(template: Template) -> Iterator[Any]:
    """The leaves of a template that are not text, in order."""
    if isinstance(template, Group):
        yield from leaves(template.head)
        for _, item in template.items:
            yield from leaves(item)
    elif not isinstance(template, str):
        yield template
