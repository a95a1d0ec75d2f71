"""Graph to TypedGraph: every shape, dtype and weight, by the layers' own rules."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from specc.diagnostics import Diagnostic, Related, Report
from specc.diagnostics.problem import RuleError, ShapeError
from specc.ir import Form, Graph, Node, Ref, TypedGraph
from specc.layers.base import Call, Policy, Weight
from specc.layers.core import Identity, Input
from specc.layers.nested import NestedModel
from specc.passes.scopes import through
from specc.passes.verify import in_file_order
from specc.passes.weights import check_outputs, check_weights
from specc.shapes import LARGEST_DIM, LARGEST_RANK, Tensor, show_shape


class NestedError(Exception):
    """A nested model cannot take what it is called on; the diagnostics are about its inside."""

    def __init__(self, diagnostics: list[Diagnostic]) -> None:
        super().__init__()
        self.diagnostics = diagnostics


def infer(graph: Graph, report: Report) -> TypedGraph | None:
    """The typed graph, or None where a layer cannot take its inputs: all such are reported, each once."""
    return _Inference(graph, Policy.named(graph.dtype_policy), report).run()


def infer_nested(graph: Graph, given: dict[str, Tensor], policy: Policy) -> TypedGraph:
    """A nested model's graph, typed for a call on the given tensors. NestedError where it cannot take them."""
    nodes = dict(graph.nodes)
    for name in graph.inputs:
        tensor = given[name]
        nodes[name] = replace(nodes[name], layer=Input(batch_shape=tensor.shape, dtype=tensor.dtype))
    report = Report()
    typed = _Inference(replace(graph, nodes=nodes), policy, report).run()
    if typed is None:
        raise NestedError(report.diagnostics)
    return typed


class _Inference:
    def __init__(self, graph: Graph, policy: Policy, report: Report) -> None:
        self.graph = graph
        self.policy = policy
        self.report = report
        self.tensors: dict[str, tuple[Tensor, ...]] = {}
        self.weights: dict[str, tuple[Weight, ...]] = {}
        self._shared: dict[str, tuple[Weight, ...]] = {}
        """The weights of layers that a shared call comes to before their own."""
        self._known: dict[tuple[object, ...], tuple[tuple[Tensor, ...], tuple[Weight, ...]]] = {}

    def run(self) -> TypedGraph | None:
        order = file_order(self.graph)
        sound = True
        for name in order:
            node = self.graph.nodes[name]
            if all(ref.node in self.tensors for ref in node.refs()):
                sound = self._node(node) and sound
        if not sound:
            return None
        tensors = {name: self.tensors[name] for name in self.graph.nodes}
        weights = {name: self.weights[name] for name in self.graph.nodes}
        return TypedGraph(self.graph, order, tensors, weights, form_of(self.graph, tensors))

    def _node(self, node: Node) -> bool:
        tensors = self.tensors
        given: dict[str, Tensor | tuple[Tensor, ...]] = {
            argument: tensors[value.node][value.port]
            if isinstance(value, Ref)
            else tuple(tensors[ref.node][ref.port] for ref in value)
            for argument, value in node.inputs.items()
        }
        if node.naming:
            (named,) = given.values()
            assert isinstance(named, Tensor)
            node.layer = Identity.keeping(named.dtype, self.policy)
        # Equal layers are one object (see Expander): what one of them makes of a tensor, all do.
        key = (
            None
            if node.options or node.shares is not None or node.name in self._shared
            else (id(node.layer), *given.items())
        )
        known = self._known.get(key) if key is not None else None
        if known is not None:
            self.tensors[node.name], self.weights[node.name] = known
            return True
        try:
            call = node.layer.call(given, node.options, self.policy)
            outputs = node.layer.infer(call)
            _check_sizes(outputs)
            check_outputs(node.layer, outputs)
            self.weights[node.name] = self._weights(node, call)
        except RuleError as error:
            self._refused(node, error, self._sequence_wanted(node, given) or error.help)
            return False
        except NestedError as error:
            self.report.include(error.diagnostics)
            return False
        self.tensors[node.name] = outputs
        if key is not None:
            self._known[key] = outputs, self.weights[node.name]
        return True

    def _weights(self, node: Node, call: Call) -> tuple[Weight, ...]:
        weights = tuple(node.layer.weights(call))
        if node.shares is not None:
            first = self.weights.get(node.shares) or self._shared.setdefault(node.shares, weights)
            self._check_shared(node, weights, first)
            return ()
        self._check_shared(node, weights, self._shared.get(node.name, ()))
        check_weights(node.layer, weights)
        if not node.layer.trainable:
            weights = tuple(weight._replace(trainable=False) for weight in weights)
        return weights

    def _check_shared(self, node: Node, weights: tuple[Weight, ...], first: tuple[Weight, ...]) -> None:
        for weight, built in zip(weights, first, strict=False):
            if weight.shape != built.shape:
                raise ShapeError(
                    f"shares the weights of '{node.shares or node.name}', whose {built.name} is {show_shape(built.shape)}; this input needs {show_shape(weight.shape)}",
                    help="give it an input of the same size, or a layer of its own",
                )

    def _sequence_wanted(self, node: Node, given: dict[str, Tensor | tuple[Tensor, ...]]) -> str | None:
        """What mends a node that takes the last step of a recurrent layer and could take all of them; it is tried."""
        mends: dict[str, None] = {}
        whole: dict[str, Tensor | tuple[Tensor, ...]] = {}
        for argument, value in node.inputs.items():
            refs = (value,) if isinstance(value, Ref) else value
            tensors = tuple(self._whole_sequence(ref, mends) for ref in refs)
            whole[argument] = tensors[0] if isinstance(value, Ref) else tensors
        if not mends or any(isinstance(layer, NestedModel) for layer in node.layer.with_inner()):
            return None  # a nested model would keep the shapes of a call that is only tried
        with suppress(RuleError):
            node.layer.infer(node.layer.call(whole, node.options, self.policy))
            return f"set return_sequences: true on {' and '.join(mends)}"
        return None

    def _whole_sequence(self, ref: Ref, mends: dict[str, None]) -> Tensor:
        """A tensor as it would be with all steps of the recurrent layer that gives its last."""
        source, tensor = self.graph.nodes[ref.node], self.tensors[ref.node][ref.port]
        both_ways = source.type == "Bidirectional"
        layer = getattr(source.layer, "layer", None) if both_ways else source.layer
        fed = next(source.refs(), None)
        if ref.port != 0 or fed is None or getattr(layer, "return_sequences", True):
            return tensor
        mends[f"the layer in '{source.name}'" if both_ways else f"'{source.name}'"] = None
        batch, *rest = tensor.shape
        return tensor._replace(shape=(batch, self.tensors[fed.node][fed.port].shape[1], *rest))

    def _refused(self, node: Node, error: RuleError, help: str | None) -> None:
        item = node.origin.place
        place = (
            node.origin.at(error.argument) if error.argument and item.has(error.argument) else node.origin.at("from")
        )
        related = []
        for argument, value in node.inputs.items():
            if error.tensors is not None and argument not in error.tensors:
                continue
            for ref in (value,) if isinstance(value, Ref) else value:
                source = self.graph.nodes[ref.node]
                tensor = self.tensors[ref.node][ref.port]
                dtype = "" if tensor.dtype == "float32" else f" {tensor.dtype}"
                who = f"'{source.name}' " if source.origin.frames else ""
                related.append(Related(f"{who}gives {show_shape(tensor.shape)}{dtype}", source.origin.place))
        message = f"'{node.name}' ({node.type}) {error.message}"
        self.report.error(error.code, message, place, help=help, related=[*related, *through(node.origin.frames)])


def file_order(graph: Graph) -> tuple[str, ...]:
    """The nodes in the order of the file where that works, else in networkx's order nearest to it."""
    if in_file_order(graph):
        return tuple(graph.nodes)
    import networkx as nx

    position = {name: index for index, name in enumerate(graph.nodes)}
    return tuple(nx.lexicographical_topological_sort(graph.digraph(), key=position.__getitem__))


def form_of(graph: Graph, tensors: dict[str, tuple[Tensor, ...]]) -> Form:
    """Sequential for a chain: one input, one output, each layer called once, on the one before it and on nothing else."""
    if len(graph.inputs) != 1 or len(graph.outputs) != 1 or graph.outputs_form == "map" or len(graph.nodes) < 2:
        return "functional"
    read: set[str] = set()
    for name, node in graph.nodes.items():
        if isinstance(node.layer, Input):
            continue
        refs = list(node.inputs.items())
        alone = len(refs) == 1 and isinstance(refs[0][1], Ref) and refs[0][0] == node.layer.tensors[0].name
        if not alone or node.options or node.shares is not None or len(tensors[name]) != 1 or not node.layer.stacks:
            return "functional"
        source = refs[0][1]
        assert isinstance(source, Ref)
        if source.node in read:
            return "functional"
        read.add(source.node)
    return "sequential"


def _check_sizes(outputs: tuple[Tensor, ...]) -> None:
    for tensor in outputs:
        if len(tensor.shape) > LARGEST_RANK:
            raise ShapeError(f"gives {len(tensor.shape)} dimensions; a tensor has at most {LARGEST_RANK}")
        for dim in tensor.shape:
            if dim is not None and not 0 < dim <= LARGEST_DIM:
                what = "nothing on an axis" if dim <= 0 else "an axis larger than 2^31 - 1"
                raise ShapeError(
                    f"gives {what}: {show_shape(tensor.shape)}",
                    help="make its input larger" if dim <= 0 else "make it smaller",
                )
