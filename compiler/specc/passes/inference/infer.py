"""Graph to TypedGraph: every shape, dtype and weight, by the layers' own rules."""

from __future__ import annotations

from collections import ChainMap, Counter
from collections.abc import Container, Mapping, MutableMapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from specc.calls import Call, Policy, Weight
from specc.diagnostics import MOST_DIAGNOSTICS, Report
from specc.diagnostics.problem import DTypeError, KnownSizeError, RuleError, ShapeError
from specc.ir import Form, Graph, Instance, MadeFor, NestedModel, Node, Ref, TypedGraph, call_key
from specc.layers.base import Layer
from specc.layers.core import Identity, Input
from specc.passes.inference import of_plugins
from specc.passes.inference.constants import check_constant
from specc.passes.inference.declared import DeclaredError, check_declared
from specc.passes.inference.made_for import OtherSizeError, check_made_for, check_size
from specc.passes.inference.nested import TypedModels
from specc.passes.inference.refused import Refusal, Refused, report_refused
from specc.passes.inference.weights import check_outputs, check_weights
from specc.shapes import LARGEST_DIM, LARGEST_RANK, Shape, Tensor, show_shape
from specc.source import Place

if TYPE_CHECKING:
    from specc.suggestions.look import Change, Tensors


def infer(graph: Graph, report: Report) -> TypedGraph | None:
    """The typed graph, or None if a layer cannot take its inputs: each such layer is reported once."""
    try:
        return Inference(graph, Policy.named(graph.dtype_policy)).run()
    except Refused as refused:
        report_refused(refused, report)
        return None


def infer_nested(graph: Graph, given: dict[str, Tensor], policy: Policy, checks: bool = False) -> TypedGraph:
    """A nested model's graph, typed for a call on the given tensors. Refused if it cannot take them.

    ``checks``: also DeclaredError, for tensors that the Input layers of a whole spec do not declare.
    """
    for name, declared in graph.declared.items() if checks else ():
        check_declared(name, declared, given[name])
    nodes = dict(graph.nodes)
    for name in graph.inputs:
        tensor = given[name]
        nodes[name] = nodes[name]._replace(layer=Input(batch_shape=tensor.shape, dtype=tensor.dtype))
    known = replace(graph, nodes=nodes, dtype_policy=policy.name)
    inference = Inference(known, policy, nested=True, checks=checks)
    inference.masks = {name: given[name].mask for name in graph.inputs}
    if not graph.made_for:
        return inference.run()
    check_made_for(graph, {name: (tensor,) for name, tensor in given.items()})
    typed = inference.run()
    check_made_for(graph, typed.tensors)
    return typed


class Inference:
    """One walk over a graph, from its inputs to its outputs."""

    def __init__(self, graph: Graph, policy: Policy, nested: bool = False, checks: bool = True) -> None:
        self.graph = graph
        self.policy = policy
        self.nested = nested
        self.constants: Container[str] = graph.constants
        self.masks: Mapping[str, Shape | None] = {}
        """Masks of a nested model's inputs: Keras passes the masks of a call on to the layers inside."""
        self.tensors: MutableMapping[str, tuple[Tensor, ...]] = {}
        self.weights: MutableMapping[str, tuple[Weight, ...]] = {}
        self.models = TypedModels(partial(infer_nested, checks=checks), {})
        self._declares = checks and any(instance.declared for instance in graph.instances.values())
        """Whether there are whole specs in place of blocks, whose Input layers say what they are given."""
        self._sizes: dict[str, list[MadeFor]] = {}
        """The sizes that shared instances were made for, by the nodes that should have them."""
        for made in graph.made_for:
            if made.instance is not None:
                self._sizes.setdefault(made.ref.node, []).append(made)
        self._told: set[tuple[str, str]] = set()
        """Inputs of these that were reported."""
        self._shared: dict[str, tuple[str, tuple[Weight, ...]]] = {}
        """The weights of layers that a shared call reaches before their own call, and the name of that call."""
        self.refusals: list[Refusal] = []
        """The nodes that cannot take their inputs."""
        self._announced = True
        """Whether Keras may announce a tensor with another shape than it has."""
        self.naming: dict[str, Node] = {}
        """The layers that only give an output its name, with the dtype of what they name."""
        self._known: dict[object, tuple[tuple[Tensor, ...], tuple[Weight, ...]]] = {}
        self._called_once: set[int] = set()
        """Layers that no other call can equal, by their ids."""
        self._equal: dict[tuple[Tensor, ...], tuple[Tensor, ...]] = {}
        """The inferred outputs: equal ones are one object."""

    def run(self) -> TypedGraph:
        """The typed graph. Refused if a layer cannot take its inputs."""
        order = self.graph.order()
        self.infer_nodes(order)
        if self.refusals:
            raise Refused(self.refusals, self.graph, self.tensors, self.attempt, self.nested)
        tensors, weights = dict(self.tensors), dict(self.weights)
        if not self.graph.is_in_order:
            tensors = {name: tensors[name] for name in self.graph.nodes}
            weights = {name: weights[name] for name in self.graph.nodes}
        graph = replace(self.graph, nodes={**self.graph.nodes, **self.naming}, inferred={})
        form = "functional" if self.nested else form_of(graph, tensors)
        return TypedGraph(graph, order, tensors, weights, form, self.models.typed)

    def infer_nodes(self, names: Sequence[str]) -> None:
        """Infer some nodes, each after its inputs; those that cannot take theirs are `refusals`."""
        self._announced = False
        calls = Counter(id(node.layer) for node in self.graph.nodes.values())
        self._called_once = {layer for layer, count in calls.items() if count == 1}
        wrong: set[Place] = set()
        for name in names:
            node = self.graph.nodes[name]
            is_fed = not self.refusals or all(ref.node in self.tensors for ref in node.refs())
            if is_fed and self._declares and not self._fits_declared(node):
                continue
            if is_fed and not self.node(node):
                wrong.add(node.origin.place)  # copies of one item are reported once
            elif name in self._sizes and not self._has_sizes(name):
                break  # all below may be a consequence
            if len(wrong) >= MOST_DIAGNOSTICS:
                break

    def _has_sizes(self, name: str) -> bool:
        """Whether a node has the sizes that shared block instances were made for."""
        for made in self._sizes[name]:
            try:
                check_size(made, self.tensors)
            except OtherSizeError as error:
                called = _called(self.graph.instances[made.instance or ""], made.said, made.ref)
                self.refusals.append(Refusal(called, error.with_traceback(None)))
                return False
        return True

    def _fits_declared(self, node: Node) -> bool:
        """Whether the whole specs around a node are given what their Input layers declare, as far as it reads that."""
        for instance in self.graph.around(node):
            for name, declared in instance.declared.items():
                for ref in set(instance.inputs.get(name, ())).intersection(node.refs()):
                    try:
                        check_declared(name, declared, self.tensors[ref.node][ref.port])
                    except DeclaredError as error:
                        if (instance.name, name) not in self._told:
                            self._told.add((instance.name, name))
                            self.refusals.append(Refusal(_called(instance, name, ref), error.with_traceback(None)))
                        return False
        return True

    def given(self, node: Node) -> dict[str, Tensor | tuple[Tensor, ...]]:
        """The tensor that each call argument of a node gets."""
        tensors = self.tensors
        return {
            argument: tensors[value.node][value.port]
            if isinstance(value, Ref)
            else tuple(tensors[ref.node][ref.port] for ref in value)
            for argument, value in node.inputs.items()
        }

    def _read(self, node: Node) -> tuple[Tensor, ...]:
        """The tensors that a node reads."""
        return tuple([self.tensors[ref.node][ref.port] for ref in node.refs()])

    def node(self, node: Node) -> bool:
        """Infer a node whose inputs are known; False, and recorded, if it cannot take them."""
        if node.naming:
            (named,) = self.given(node).values()
            assert isinstance(named, Tensor)
            node = self.naming[node.name] = node._replace(layer=Identity.keeping(named.dtype, self.policy))
        # Equal layers are one object (see `LayerItems.layer`): all of them give the same outputs for a tensor.
        # A shared call comes after that of its layer, and is checked against its weights once for each kind of input.
        shared = node.name in self._shared or (node.shares is not None and node.shares in self._shared)
        is_constant = node.name in self.constants
        before = None if shared or is_constant else self.graph.inferred.get(node.name)
        if before is not None and before.node is node and before.given == self._read(node):
            self.tensors[node.name] = outputs = self._equal.setdefault(before.outputs, before.outputs)
            self.weights[node.name] = before.weights
            self._note_announced(outputs)
            return True
        apart = shared or is_constant or node.options or id(node.layer) in self._called_once
        key = None if apart else (node.shares, call_key(node, self.tensors))
        known = self._known.get(key) if key is not None else None
        if known is not None:
            self.tensors[node.name], self.weights[node.name] = known
            return True
        given = self.given(node)
        try:
            call = node.call(given, self.policy, self.models)
            outputs = node.layer.infer(call)
            if node.layer.imported_from:
                of_plugins.check_outputs(node, outputs)
            if node.name in self.masks:
                outputs = (outputs[0]._replace(mask=self.masks[node.name]),)
            check_sizes(outputs)
            check_outputs(node.layer, outputs)
            self.weights[node.name] = self._weights(node, call)
            if is_constant:
                check_constant(node.layer, call, outputs, self.weights[node.name], self.models.typed)
            if self._announced and any(tensor.announced for value in given.values() for tensor in _each(value)):
                outputs = self._as_announced(node, given, outputs)
        except (RuleError, Refused) as error:
            self.refusals.append(Refusal(node, error.with_traceback(None)))  # without the frames' references
            return False
        self._note_announced(outputs)
        self.tensors[node.name] = outputs = self._equal.setdefault(outputs, outputs)
        if key is not None:
            self._known[key] = outputs, self.weights[node.name]
        return True

    def _note_announced(self, outputs: tuple[Tensor, ...]) -> None:
        for tensor in outputs:
            self._announced = self._announced or tensor.announced is not None

    def _as_announced(
        self, node: Node, given: dict[str, Tensor | tuple[Tensor, ...]], outputs: tuple[Tensor, ...]
    ) -> tuple[Tensor, ...]:
        """The outputs, with what Keras announces of them. RuleError if Keras builds the layer for another tensor."""
        argument, wrong = next(
            (name, tensor) for name, value in given.items() for tensor in _each(value) if tensor.announced
        )
        assert wrong.announced is not None
        symbolic = {
            name: value.symbolic if isinstance(value, Tensor) else tuple(tensor.symbolic for tensor in value)
            for name, value in given.items()
        }
        layer = node.layer
        is_of_dtype = wrong.announced.shape == wrong.shape
        try:
            call = node.call(symbolic, self.policy, self.models)
            if any(isinstance(inner, NestedModel) for inner in layer.with_inner()):
                raise ShapeError("fixes the shapes inside")
            announced = layer.infer(call)
            built = [weight.shape for weight in layer.weights(call)]
        except RuleError as error:
            if is_of_dtype and isinstance(layer, Layer):  # a layer casts what it is built for
                return outputs
            if is_of_dtype:
                raise DTypeError(
                    f"is made by Keras for {wrong.announced.dtype}, which it announces instead of {wrong.dtype}, and "
                    f"then {error.problem.message}",
                    help=wrong.announced.help,
                    tensors=(argument,),
                ) from None
            announced, built = (), None
        if built != [weight.shape for weight in layer.weights(node.call(given, self.policy, self.models))]:
            raise ShapeError(
                f"would be built by Keras for {show_shape(wrong.announced.shape)}, and gets {show_shape(wrong.shape)} when the model runs",
                help=wrong.announced.help,
                tensors=(argument,),
            )
        return tuple(
            real.but(told.symbolic.shape, wrong.announced.help, told.symbolic.dtype if real.dtype == "string" else None)
            for real, told in zip(outputs, announced, strict=True)
        )

    def _weights(self, node: Node, call: Call) -> tuple[Weight, ...]:
        weights = tuple(node.layer.weights(call) or ())
        if node.layer.imported_from:
            of_plugins.check_weights(node.layer, weights)
        if node.shares is not None:
            first = self.weights.get(node.shares) or self._shared.setdefault(node.shares, (node.name, weights))[1]
            _check_shared(weights, node.shares, first)
            return ()
        if node.name in self._shared:
            _check_shared(weights, *self._shared[node.name])
        check_weights(node.layer, weights)
        if node.layer.frozen:
            weights = tuple(weight._replace(trainable=False) for weight in weights)
        return weights

    def attempt(self, names: Sequence[str], change: Change) -> Tensors | None:
        """Infer some nodes with a change, each after its inputs: all tensors; None if one is refused.

        The results are not added to what is known.
        """
        nodes = [change.get(name) or self.graph.nodes[name] for name in names]
        trial = Inference(self.graph, self.policy)
        trial.tensors, trial.weights = ChainMap({}, self.tensors), ChainMap({}, self.weights)
        trial._announced = self._announced
        return trial.tensors if all(map(trial.node, nodes)) else None


def _called(instance: Instance, name: str, ref: Ref) -> Node:
    """An instance as a node that takes one of its inputs, to be reported."""
    layer = NestedModel.of(Graph(instance.name, {}, (), (), instance.origin, block=instance.block))
    return Node(instance.name, layer, {name: ref}, instance.origin)


def _check_shared(weights: tuple[Weight, ...], other: str, first: tuple[Weight, ...]) -> None:
    """ShapeError for weights that are not those of another call of the layer, which comes first."""
    for weight, built in zip(weights, first, strict=False):
        if weight.shape != built.shape:
            raise ShapeError(
                f"shares the weights of '{other}', whose {built.name} is {show_shape(built.shape)}; this input needs {show_shape(weight.shape)}",
                help="give it an input of the same size, or make it a separate layer",
            )


def _each(value: Tensor | tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    return (value,) if isinstance(value, Tensor) else value


def form_of(graph: Graph, tensors: dict[str, tuple[Tensor, ...]]) -> Form:
    """Sequential for a chain: one input, one output, each layer called once, on the one before it and on nothing else."""
    if len(graph.inputs) != 1 or len(graph.outputs) != 1 or graph.outputs_form == "map" or len(graph.nodes) < 2:
        return "functional"
    read: set[str] = set()
    for name, node in graph.nodes.items():
        if isinstance(node.layer, Input):
            continue
        layer = node.layer
        source = node.inputs.get(layer.tensor_arguments()[0].name) if len(node.inputs) == 1 else None
        if not isinstance(source, Ref) or source.node in read:
            return "functional"
        if node.options or node.shares is not None or len(tensors[name]) != 1 or not layer.allowed_in_sequential:
            return "functional"
        read.add(source.node)
    return "sequential"


def check_sizes(outputs: tuple[Tensor, ...]) -> None:
    """ShapeError for a tensor that TensorFlow cannot represent."""
    for tensor in outputs:
        if len(tensor.shape) > LARGEST_RANK:
            raise ShapeError(f"gives {len(tensor.shape)} dimensions; a tensor has at most {LARGEST_RANK}")
        for dim in tensor.shape:
            if dim is not None and not 0 < dim <= LARGEST_DIM:
                if dim > 0:
                    text = f"gives an axis larger than 2^31 - 1: {show_shape(tensor.shape)}"
                    raise KnownSizeError(text, help="make it smaller")
                raise ShapeError(f"gives an axis of size 0: {show_shape(tensor.shape)}", help="make its input larger")
