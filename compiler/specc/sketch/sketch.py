"""`sketch`: a document with errors to what is known of its graph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from specc.calls import Policy
from specc.diagnostics import CompileError, Diagnostic, Report
from specc.frontend.include import Unit, load
from specc.frontend.parse import parse
from specc.ir import Graph, NestedModel, Node, Ref, TypedGraph
from specc.ir.graph import refs_of
from specc.passes import whole_model
from specc.passes.expansion.blocks import check_blocks
from specc.passes.expansion.expand import expand
from specc.passes.expansion.scopes import TooLarge
from specc.passes.inference.infer import Inference, form_of
from specc.passes.vars import Settings, compute_vars
from specc.passes.wiring.wire import wire
from specc.shapes import NOT_KNOWN
from specc.sketch.blame import Blame, blame
from specc.sketch.mend import mend
from specc.sketch.standin import Standin, put_standins
from specc.sketch.unheard import Unheard
from specc.source import Document, Origin, Place


@dataclass(frozen=True)
class Sketch:
    """What is known of a graph with errors."""

    graph: TypedGraph
    """The outputs of `unknown` layers are `specc.shapes.NOT_KNOWN`."""
    unknown: frozenset[str]
    """The layers whose outputs are not known, by name."""
    blame: Blame
    """Where the errors belong."""


def sketch(document: Document, settings: Settings, diagnostics: Sequence[Diagnostic]) -> Sketch | None:
    """What is known of the graph of a document with those errors; None if nothing could be drawn."""
    try:
        graph = _lower(document, settings)
    except (CompileError, TooLarge):  # more layers or wires than a spec may have
        return None
    if graph is None or not graph.nodes:
        return None
    graph, cut = _without_cycles(graph)
    lacking = {name for name, node in graph.nodes.items() if name in cut or not _is_complete(node)}
    typed, unknown = _infer(graph, lacking)
    failed = lacking | {name for name in unknown if all(ref.node not in unknown for ref in graph.nodes[name].refs())}
    return Sketch(typed, unknown, blame(typed.graph, diagnostics, failed))


def _lower(document: Document, settings: Settings) -> Graph | None:
    """The wired graph, with stand-ins for what has errors."""
    report = Unheard()
    document = mend(document)
    spec = parse(document, report)
    if spec is None or not spec.layers:
        return None
    units = load(document, spec, report)
    if _is_endless(units):
        return None
    values = compute_vars(units, spec, settings, report)
    own = values[units[0]]
    scope = expand(units, spec.layers, values, report, whole_model.freeze(spec, units[0], own, report))
    put_standins(scope)
    outputs = whole_model.outputs(spec, units[0], own, report)
    name = whole_model.model_name(document, spec, own, report)
    graph = wire(scope, name, report, Origin(Place(document, ())), outputs)
    return replace(whole_model.set_up(graph, spec, units, own, report), training=None)


def _is_endless(units: list[Unit]) -> bool:
    """Whether a block contains itself."""
    found = Report()
    check_blocks(units, found)
    return any(it.code == "recursive-block" for it in found.diagnostics)


def _without_cycles(graph: Graph) -> tuple[Graph, set[str]]:
    """The graph without the wires that lead back in the file and close a cycle, and the layers that lack them."""
    if graph.is_in_order:
        return graph, set()
    import networkx as nx

    position = {name: index for index, name in enumerate(graph.nodes)}
    group = {
        name: number
        for number, component in enumerate(nx.strongly_connected_components(graph.digraph()))
        for name in component
    }
    nodes, cut = dict(graph.nodes), set()
    for name, node in graph.nodes.items():
        back = {ref for ref in node.refs() if group[ref.node] == group[name] and position[ref.node] >= position[name]}
        if back:
            nodes[name] = _without(node, back)
            cut.add(name)
    return replace(graph, nodes=nodes), cut


def _without(node: Node, refs: set[Ref]) -> Node:
    inputs: dict[str, Ref | tuple[Ref, ...]] = {}
    for argument, value in node.inputs.items():
        left = tuple(ref for ref in refs_of(value) if ref not in refs)
        if left:
            inputs[argument] = left[0] if isinstance(value, Ref) else left
    return node._replace(inputs=inputs)


def _infer(graph: Graph, lacking: set[str]) -> tuple[TypedGraph, frozenset[str]]:
    """The typed graph, and the layers that could not be inferred: for what they lack, are or read."""
    order = graph.order()
    able: dict[str, None] = {}
    for name in order:
        if name not in lacking and all(ref.node in able for ref in graph.nodes[name].refs()):
            able[name] = None
    inference = Inference(graph, Policy.named(graph.dtype_policy))
    inference.infer_nodes(tuple(able))
    unknown = frozenset(graph.nodes.keys() - inference.tensors.keys())
    models = inference.models.typed
    nodes = {name: inference.naming.get(name, node) for name, node in graph.nodes.items()}
    for name, node in nodes.items():
        if isinstance(node.layer, NestedModel) and node.layer not in models:
            nodes[name] = node._replace(layer=Standin.of_model(node.layer))
    graph = replace(graph, nodes=nodes)
    tensors = {
        name: inference.tensors.get(name) or (NOT_KNOWN,) * len(node.layer.ports(node.options))
        for name, node in nodes.items()
    }
    weights = {name: inference.weights.get(name, ()) for name in nodes}
    return TypedGraph(graph, order, tensors, weights, form_of(graph, tensors), models), unknown


def _is_complete(node: Node) -> bool:
    """Whether a layer has been made and gets all that it needs."""
    if any(isinstance(layer, Standin) for layer in node.layer.with_inner()):
        return False
    for argument in node.layer.tensor_arguments():
        given = node.inputs.get(argument.name)
        if given is None:
            if argument.required:
                return False
        elif argument.many and not argument.least <= len(refs_of(given)) <= (argument.most or len(refs_of(given))):
            return False
    return all(_is_sound(layer.graph) for layer in node.layer.with_inner() if isinstance(layer, NestedModel))


def _is_sound(graph: Graph) -> bool:
    """Whether a nested model's graph can be inferred."""
    nodes: Mapping[str, Node] = graph.nodes
    if not graph.outputs or not graph.is_in_order or not all(map(_is_complete, nodes.values())):
        return False
    ports = ((output.ref, nodes.get(output.ref.node)) for output in graph.outputs)
    return all(node is not None and ref.port < len(node.layer.ports(node.options)) for ref, node in ports)
