"""The network that Keras makes of a graph: its operations and their calls, with what Keras adds to them by itself.

A call of a layer is saved as it was made, and as Keras completed it: with ``training``, with the mask of its tensor. Masks
are computed by operations of their own, which are in the network if a call takes the mask.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from specc import keras_signatures, operations
from specc.archive.native import NotNative
from specc.archive.writing import announced
from specc.archive.writing.configs import need_native
from specc.archive.writing.constants import Constant, computed
from specc.archive.writing.mask_names import names_before_masks
from specc.archive.writing.operations import Config, made_by, symbolic
from specc.automatic_names import snake_case
from specc.diagnostics.problem import RuleError
from specc.dtypes import FLOATS
from specc.ir import NestedModel, Node, Output, Ref, TypedGraph
from specc.layers.base import Layer
from specc.layers.core import Input
from specc.operations.base import Operation
from specc.policies import Policy
from specc.shapes import Shape, Tensor

Leaf = TypeVar("Leaf")


@dataclass(eq=False, slots=True)
class Symbol:
    """A symbolic tensor of Keras: an output of a call."""

    shape: Shape
    dtype: str
    operation: Called
    call: int
    """Which call of the operation gave it."""
    index: int
    mask: Symbol | None = None


@dataclass(eq=False, slots=True)
class Made:
    """A call of an operation: what it was given, with symbols as leaves."""

    positional: list[Any]
    named: dict[str, Any]

    def symbols(self) -> Iterator[Symbol]:
        """The symbols that it was given, in Keras's order."""
        yield from _leaves(self.positional, Symbol)
        yield from _leaves(list(self.named.values()), Symbol)


def _leaves(value: Any, kind: type[Leaf]) -> Iterator[Leaf]:
    if isinstance(value, kind):
        yield value
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _leaves(item, kind)


@dataclass(eq=False, slots=True)
class Called:
    """A layer or an operation of the network."""

    name: str
    node: Node | None
    """The node of the graph with its layer; None for what Keras adds."""
    config: Config | Layer | None = None
    """What it is, unless a node says so."""
    calls: list[Made] = field(default_factory=list)

    @property
    def is_layer(self) -> bool:
        """Whether it is a layer, no operation."""
        return not isinstance(self.config, Config)


class Networks:
    """The networks of a model and of the models inside it, each made once."""

    def __init__(self) -> None:
        self._made: dict[int, Network] = {}

    def of(self, graph: TypedGraph) -> Network:
        """The network of a graph, which has to live as long as this."""
        if id(graph) not in self._made:
            self._made[id(graph)] = Network(graph, self)
        return self._made[id(graph)]


class Network:
    """The network of a graph."""

    def __init__(self, graph: TypedGraph, networks: Networks | None = None) -> None:
        self.graph = graph
        self._networks = networks or Networks()
        self._policy = Policy.named(graph.graph.dtype_policy)
        self.called: dict[str, Called] = {}
        """By name."""
        self._outputs: dict[str, tuple[Symbol | Constant, ...]] = {}
        self._counts = dict(names_before_masks(graph))
        for name in graph.order:
            self._outputs[name] = self._call(graph.nodes[name])
        self.inputs = [
            symbol for name in graph.graph.inputs for symbol in self._outputs[name] if isinstance(symbol, Symbol)
        ]
        self.outputs = {output.name: self._output(output) for output in graph.graph.outputs}
        self.order = ordered(list(self.outputs.values()) if self._is_list() else self._sorted(), self.inputs)
        """The operations as Keras lists them."""

    def _is_list(self) -> bool:
        return self.graph.graph.outputs_form != "map"

    def _sorted(self) -> list[Symbol]:
        """The outputs of a map, as Keras walks it."""
        return [self.outputs[name] for name in sorted(self.outputs)]

    def _output(self, output: Output) -> Symbol:
        found = self._outputs[output.ref.node][output.ref.port]
        assert isinstance(found, Symbol)
        if not output.renamed:
            return found
        layer = self.graph.naming_layer(output)
        called = self.called[output.name] = Called(output.name, None, layer)
        (given,) = layer.call({"inputs": Tensor(found.shape, found.dtype)}, {}, self._policy).tensors.values()
        assert isinstance(given, Tensor)
        return self._record(called, [found], {}, [given])[0]

    # -- Calls --------------------------------------------------------------------------------

    def _call(self, node: Node) -> tuple[Symbol | Constant, ...]:
        """Record the call of a node."""
        need_native(node.layer)
        tensors = self.graph.tensors[node.name]
        if isinstance(node.layer, Input):
            called = self.called[node.name] = Called(node.name, node)
            return self._record(called, [], {}, tensors)
        given = {name: self._value(node, name, value) for name, value in node.inputs.items()}
        if node.name in self.graph.graph.constants:
            return (self._constant(node, given, tensors),)
        if isinstance(node.layer, Operation):
            return self._operate(node, node.layer, given, tensors)
        owner = self.graph.nodes[node.shares or node.name]
        called = self.called.setdefault(owner.name, Called(owner.name, owner))
        return self._call_layer(called, node, given, tensors)

    def _value(self, node: Node, name: str, value: Ref | tuple[Ref, ...]) -> Any:
        if isinstance(value, Ref):
            return self._outputs[value.node][value.port]
        return node.layer.nest(name, [self._outputs[ref.node][ref.port] for ref in value])

    def _constant(self, node: Node, given: dict[str, Any], tensors: Sequence[Tensor]) -> Constant:
        """What a node gives that depends on no input, and is no operation of the model."""
        if not isinstance(node.layer, Operation) or len(tensors) > 1:
            raise NotNative(f"'{node.name}' ({node.type}) is a constant, which Keras computes")
        try:
            return computed(node.layer, given, tensors[0])
        except NotNative as error:
            raise NotNative(f"'{node.name}' ({node.type}) is {error}") from None

    def _operate(
        self, node: Node, operation: Operation, given: dict[str, Any], tensors: Sequence[Tensor]
    ) -> tuple[Symbol, ...]:
        config, positional, named = symbolic(operation, given)
        self._count(config.class_name)
        called = self.called[node.name] = Called(node.name, node, config)
        return self._record(called, positional, named, self._announced(node, tensors))

    def _announced(self, node: Node, tensors: Sequence[Tensor]) -> list[Tensor]:
        """The outputs of a node as Keras announces them, given what it announces of the inputs."""
        layer, shown = node.layer, [tensor.symbolic for tensor in tensors]
        if isinstance(layer, NestedModel):
            inner = self._networks.of(self.graph.models[layer])
            dtypes = [symbol.dtype for symbol in inner.outputs.values()]
        elif isinstance(layer, Operation):
            symbols = [self._outputs[ref.node][ref.port] for ref in node.refs()]
            given = [Tensor(symbol.shape, symbol.dtype) for symbol in symbols]
            dtypes = announced.of_operation(layer, given, self._of_announced(node, tensors))
        else:
            assert isinstance(layer, Layer)
            is_own = layer.announces_dtype
            dtypes = announced.of_layer(layer, self._policy, self._of_announced(node, tensors) if is_own else tensors)
        return [tensor._replace(dtype=dtype) for tensor, dtype in zip(shown, dtypes, strict=True)]

    def _of_announced(self, node: Node, tensors: Sequence[Tensor]) -> Sequence[Tensor]:
        """The outputs of a node for inputs of the dtypes that are announced. NotNative if it cannot take them."""
        refs = node.refs()
        if all(self._outputs[ref.node][ref.port].dtype == self.graph.tensor(ref).dtype for ref in refs):
            return tensors

        def told(ref: Ref) -> Tensor:
            return self.graph.tensor(ref)._replace(dtype=self._outputs[ref.node][ref.port].dtype, announced=None)

        given = {
            name: told(value) if isinstance(value, Ref) else tuple(map(told, value))
            for name, value in node.inputs.items()
        }
        try:
            return node.layer.infer(node.call(given, self._policy))
        except RuleError as error:
            raise NotNative(f"'{node.name}' ({node.type}) {error.problem.message} as Keras announces it") from None

    def _call_layer(
        self, called: Called, node: Node, given: dict[str, Any], tensors: Sequence[Tensor]
    ) -> tuple[Symbol, ...]:
        layer = node.layer
        if isinstance(layer, NestedModel):
            listed = [given[argument.name] for argument in layer.tensor_arguments()]
            if _has_constants(listed):
                raise NotNative(f"'{node.name}' ({node.type}) takes a constant")
            positional, named = [listed[0] if len(listed) == 1 else listed], {**node.options}
        else:
            first = layer.tensor_arguments()[0].name
            positional, named = [given.pop(first)], {**given, **node.options}
        self._need_as_given(node, positional, named)
        mask = self._completed(layer, positional, named)
        outputs = self._record(called, positional, named, self._announced(node, tensors))
        self._mask(node, positional[0], outputs, tensors, mask)
        return outputs

    def _need_as_given(self, node: Node, positional: list[Any], named: dict[str, Any]) -> None:
        """NotNative for constants that Keras converts to the dtype of a layer, or that are masks."""
        layer = node.layer
        if not isinstance(layer, Layer) or not _has_constants([positional, list(named.values())]):
            return
        compute = layer.call({}, {}, self._policy).policy.compute
        for constant in _leaves([positional, list(named.values())], Constant):
            if layer.converts and constant.dtype in FLOATS and constant.dtype != compute:
                raise NotNative(f"'{node.name}' ({node.type}) takes a constant of another dtype, which Keras converts")
        if any(_has_constants(value) for name, value in named.items() if "mask" in name):
            raise NotNative(f"'{node.name}' ({node.type}) takes a mask that is a constant")

    def _completed(self, layer: Any, positional: list[Any], named: dict[str, Any]) -> Any:
        """Add to a call what Keras adds, where that is saved; the mask that the call has. Keras: ``Layer.__call__``."""
        if isinstance(layer, NestedModel):
            arguments: Mapping[str, Any] = {"inputs": None, "training": None, "mask": None}
            converts, compute = False, None
        else:
            assert isinstance(layer, Layer)
            signature = keras_signatures.find(f"layers.{layer.keras_name()}.call")
            assert signature is not None
            arguments = signature.arguments
            converts = layer.converts
            compute = layer.call({}, {}, self._policy).policy.compute
        alone = not named and isinstance(positional[0], Symbol) and positional[0].dtype == compute
        seen = named if alone or not converts else dict(named)  # what a conversion copies is not saved
        tensors = {name: value for name, value in named.items() if _has_symbols(value) or _has_constants(value)}
        if seen.get("training") is None and arguments.get("training") is not None:
            seen["training"] = arguments["training"]
        mask: Any = named.get("mask")
        if not tensors and mask is None:
            mask = _masks(positional[0])
            if "mask" in arguments:
                seen["mask"] = mask
        elif tensors and mask is None:
            for name in [next(iter(arguments)), *tensors]:
                if f"{name}_mask" in arguments and named.get(f"{name}_mask") is None:
                    value = positional[0] if name == next(iter(arguments)) else tensors[name]
                    seen[f"{name}_mask"] = _masks(value)
        return _masks(positional[0]) if mask is None else mask

    def _mask(self, node: Node, first: Any, outputs: tuple[Symbol, ...], tensors: Sequence[Tensor], mask: Any) -> None:
        """Give the outputs their masks."""
        if all(tensor.mask is None for tensor in tensors) or not (_has_symbols(mask) or self._begins_mask(node)):
            return
        if isinstance(node.layer, NestedModel):  # it computes masks only when it runs
            return
        if _has_constants(first):
            raise NotNative(f"'{node.name}' ({node.type}) joins masks with a constant, which has none")
        assert isinstance(node.layer, Layer)
        if isinstance(mask, list) and any(each is None for each in mask) and node.type != "Concatenate":
            raise NotNative(f"'{node.name}' ({node.type}) joins masks, of which Keras announces only some")
        made = node.layer.symbolic_mask(first, mask, self._operation)
        for output, tensor in zip(outputs, tensors, strict=True):
            if tensor.mask is not None:
                output.mask = made

    def _begins_mask(self, node: Node) -> bool:
        """Whether a layer makes a mask of tensors that have none: inside a nested model, it may only pass on a caller's."""
        given = {name: _unmasked(value) for name, value in self.graph.given(node).items()}
        return any(tensor.mask is not None for tensor in node.layer.infer(node.call(given, self._policy)))

    def _operation(self, name: str, tensors: Mapping[str, Any], **constants: Any) -> Symbol:
        """An operation that Keras adds."""
        config, positional, named = made_by(name, {**tensors, **constants})
        known = {key: _tensors(value) for key, value in tensors.items()}
        if name == "ops.convert_to_tensor":
            outputs = tuple(known.values())
        else:
            cls = operations.find(name)
            assert cls is not None
            operation, problems = cls.parse(constants)
            assert isinstance(operation, Operation), problems
            outputs = operation.infer(operation.call(known, {}, self._policy))
        added = Called(self._count(config.class_name), None, config)
        self.called[added.name] = added
        return self._record(added, positional, named, outputs)[0]

    def _record(
        self, called: Called, positional: list[Any], named: dict[str, Any], tensors: Sequence[Tensor]
    ) -> tuple[Symbol, ...]:
        index = len(called.calls)
        called.calls.append(Made(positional, named))
        shown = [tensor.symbolic for tensor in tensors]
        return tuple(Symbol(tensor.shape, tensor.dtype, called, index, port) for port, tensor in enumerate(shown))

    def _count(self, class_name: str) -> str:
        """The automatic name that Keras gives the next operation of a class."""
        base = snake_case(class_name)
        count = self._counts.get(base, 0)
        self._counts[base] = count + 1
        return f"{base}_{count}" if count else base


def _masks(value: Any) -> Any:
    """The masks of symbols, in their structure."""
    if isinstance(value, Symbol):
        return value.mask
    return [_masks(item) for item in value] if isinstance(value, list | tuple) else None


def _has_symbols(value: Any) -> bool:
    return any(True for _ in _leaves(value, Symbol))


def _has_constants(value: Any) -> bool:
    return any(True for _ in _leaves(value, Constant))


def _unmasked(value: Any) -> Any:
    """A tensor, or several, without masks."""
    return value._replace(mask=None) if isinstance(value, Tensor) else tuple(map(_unmasked, value))


def _tensors(value: Any) -> Any:
    """What operations see of symbols."""
    return Tensor(value.shape, value.dtype) if isinstance(value, Symbol) else tuple(map(_tensors, value))


def ordered(outputs: Sequence[Symbol], inputs: Sequence[Symbol]) -> list[Called]:
    """The operations of a functional model as Keras lists them: ``map_graph``.

    In order of their distance from the outputs, the farthest first; at the same distance in the order of a walk from the
    outputs back to the inputs. Inputs that nothing reads come last.
    """
    seen: dict[Called, int] = {}
    finished: dict[tuple[Called, int], None] = {}
    for output in outputs:
        _walk(output, seen, finished)
    of_call: dict[tuple[Called, int], int] = {}
    depths: dict[Called, int] = {}
    for key in reversed(finished):
        called, index = key
        depth = max(of_call.get(key, 0), depths.get(called, 0))
        depths[called] = of_call[key] = depth
        for symbol in called.calls[index].symbols():
            before = symbol.operation, symbol.call
            of_call[before] = max(depth + 1, of_call.get(before, 0))
    for symbol in inputs:
        if symbol.operation not in depths:
            depths[symbol.operation], seen[symbol.operation] = 0, -1
    return sorted(depths, key=lambda called: (-depths[called], seen[called]))


def _walk(output: Symbol, seen: dict[Called, int], finished: dict[tuple[Called, int], None]) -> None:
    """Note the calls that an output depends on, each after those before it."""
    pending: list[tuple[tuple[Called, int], Iterator[Symbol] | None]] = [((output.operation, output.call), None)]
    while pending:
        key, rest = pending[-1]
        if rest is None:
            if key in finished:
                pending.pop()
                continue
            seen.setdefault(key[0], len(seen))
            rest = key[0].calls[key[1]].symbols()
            pending[-1] = key, rest
        symbol = next(rest, None)
        if symbol is None:
            finished[key] = None
            pending.pop()
        else:
            pending.append(((symbol.operation, symbol.call), None))
