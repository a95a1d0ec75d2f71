"""The Python call that each node of a graph becomes, with placeholders for what depends on where it is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from specc.arguments import Arguments
from specc.backends.python.text import Group, flat, literal
from specc.calls import Callee
from specc.ir import NestedModel, Node, Ref
from specc.layers.base import Layer
from specc.layers.core import Input
from specc.objects.base import KerasObject
from specc.operations.base import Operation

Template = Any
"""An expression whose leaves may also be a `Value`, a `Tensor`, a `Function`, a `LayerName` or a `Model`."""


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


class Function(NamedTuple):
    """A function of a plugin that is itself an argument."""

    module: str
    name: str


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

    def __init__(
        self,
        shared: set[str],
        inner: Callable[[NestedModel], Any],
        is_nested: bool,
        constants: frozenset[str] = frozenset(),
    ) -> None:
        self._shared = shared
        self._constants = constants
        self._inner = inner
        self._is_nested = is_nested
        self._layers: dict[str, Template] = {}

    def step(self, node: Node, outputs: int) -> Step:
        """The step of a node that has that many outputs."""
        owner = node.shares or node.name
        if isinstance(node.layer, Input):
            return Step(node, outputs, owner, False, None, self._input(node, node.layer))
        if isinstance(node.layer, Operation):
            return Step(node, outputs, owner, False, None, self._operation(node, node.layer))
        if owner not in self._layers:
            self._layers[owner] = self._layer(node.layer, LayerName(owner))
        return Step(node, outputs, owner, owner in self._shared, self._layers[owner], self._call(node))

    def _input(self, node: Node, layer: Input) -> Template:
        given = layer.given()
        given = {name: given[name] for name in _INPUT_ARGUMENTS if name in given}
        if self._is_nested:  # then shape and dtype are those of its first call
            shape = given["batch_shape"]
            if shape[0] is None:
                given = {"shape": shape[1:], "dtype": given["dtype"]}
            if given["dtype"] == "float32":
                del given["dtype"]
        arguments = [(name, self.template(name, value)) for name, value in given.items()]
        return Group.call("keras.Input", (), [*arguments, ("name", LayerName(node.name))])

    def _layer(self, layer: Callee, name: LayerName | None) -> Template:
        if isinstance(layer, NestedModel):
            return Model(self._inner(layer), name or Value("name", layer.name or layer.type_name))
        given = _own_first(layer)
        inside = name is None  # of a wrapper; one in a model is settled with the model
        by_setter = (
            (isinstance(layer, Layer) and "trainable" in layer.missing_base_arguments)
            or bool(type(layer).inner_layers())
            or (inside and layer.ctor_ignores_trainable)
        )
        frozen = by_setter and given.pop("trainable", True) is False
        if name is not None:
            given.pop("name", None)
        arguments = [(label, self.template(label, value)) for label, value in given.items()]
        if name is not None:
            arguments.append(("name", name))
        made = Group.call(_public_name(layer), (), arguments)
        return Group.call("frozen", [made]) if frozen else made

    def _operation(self, node: Node, layer: Operation) -> Template:
        constants = layer.call_constants()
        positional, keywords = layer.call_arguments({name: _tensors(value) for name, value in node.inputs.items()})
        labels = [next((label for label in constants if constants[label] is value), "value") for value in positional]
        call = Group.call(
            layer.function,
            [self.template(label, value) for label, value in zip(labels, positional, strict=True)],
            [(label, self.template(label, value)) for label, value in keywords.items()],
        )
        if node.name in self._constants:  # it is computed at once, and is no operation of the model
            return call
        return Group.call("named", [call], [("name", LayerName(node.name))])

    def _call(self, node: Node) -> Group:
        layer = node.layer
        options = [(name, Value(name, value)) for name, value in node.options.items()]
        given = {name: self.template(name, _nested(node, name, _tensors(value))) for name, value in node.inputs.items()}
        if isinstance(layer, NestedModel):
            listed = [given[argument.name] for argument in layer.tensor_arguments()]
            return Group.call("", [listed[0] if len(listed) == 1 else Group.display("[]", listed)], options)
        first = given.pop(layer.tensor_arguments()[0].name)
        return Group.call("", [first], [*given.items(), *options])

    def template(self, label: str, value: Any) -> Template:
        """An argument: Keras's objects and layers as calls of their classes, anything else as a plain `Value`."""
        if isinstance(value, Tensor):
            return value
        if isinstance(value, Operation):
            positional, keywords = value.call_arguments({})
            given = [(name, self.template(name, item)) for name, item in keywords.items()]
            return Group.call(value.function, [self.template(label, item) for item in positional], given)
        if isinstance(value, Callee):
            return self._layer(value, None)
        if isinstance(value, KerasObject) and not value.has_class:
            return Function(value.imported_from, value.keras_name())
        if isinstance(value, Arguments):
            arguments = [(name, self.template(f"{label}_{name}", item)) for name, item in value.given().items()]
            return Group.call(_public_name(value), (), arguments)
        if isinstance(value, list | tuple) and _holds_more(value):
            brackets = "[]" if isinstance(value, list) else "()"
            return Group.display(brackets, [self.template(label, item) for item in value])
        if isinstance(value, dict) and _holds_more(value):
            items = ((f"{flat(literal(key))}: ", self.template(label, item)) for key, item in value.items())
            return Group("", "{}", tuple(items))
        return Value(label, value)


def _own_first(layer: Callee) -> dict[str, Any]:
    """The arguments that were given; those that all layers have come after the layer's own."""
    given = layer.given()
    common = [name for name in Layer.model_fields if name in given]
    return {name: value for name, value in given.items() if name not in common} | {name: given[name] for name in common}


def _holds_more(value: Any) -> bool:
    """Whether tensors or Keras's objects are in it."""
    if isinstance(value, Arguments | Tensor):
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


def _nested(node: Node, argument: str, tensors: Tensor | list[Tensor]) -> Any:
    """The tensors of a call argument, in the groups that Keras takes them in."""
    return node.layer.nest(argument, tensors) if isinstance(tensors, list) else tensors


def leaves(template: Template) -> Iterator[Any]:
    """The leaves of a template that are not text, in order."""
    if isinstance(template, Group):
        yield from leaves(template.head)
        for _, item in template.items:
            yield from leaves(item)
    elif not isinstance(template, str):
        yield template
