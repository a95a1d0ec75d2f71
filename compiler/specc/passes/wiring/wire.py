"""Scopes to Graph: every reference becomes the output of a node."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from specc.diagnostics import Report
from specc.frontend.names import item_label
from specc.ir import Graph, Instance, MadeFor, Node, Output, Ref
from specc.layers.core import Input
from specc.passes.advice.copies import warn_of_copies
from specc.passes.expansion.scopes import Entry, Scope
from specc.passes.wiring import outputs
from specc.passes.wiring.edges import Edges
from specc.passes.wiring.feeding import Feeding
from specc.passes.wiring.references import Refs
from specc.passes.wiring.report import WiringReport
from specc.passes.wiring.sharing import Sharing
from specc.passes.wiring.unknown import UnknownNames
from specc.source import Origin
from specc.words import count_of

Bound = dict[Entry, dict[str, Refs] | None]
"""What each call argument of an entry gets; None if its node was wired already, to answer a question."""


def wire(scope: Scope, name: str, report: Report, origin: Origin, given: object = None) -> Graph:
    """The graph of a scope: the file's, or the inside of a nested model, whose block inputs become Input nodes.

    ``given`` is the spec's ``outputs``: references in a list, by label in a map, or None. If something is wrong
    (reported), the graph is only useful for further reports.
    """
    block = scope.block
    wiring = WiringReport(report)
    unknown = UnknownNames(wiring)
    Sharing(wiring, unknown).share_all(scope)
    edges = Edges(wiring, unknown)
    edges.are_given(scope)  # errors in them are reported first
    feeding = Feeding(wiring, unknown, edges)
    bound = _bindings(scope, feeding)
    said = given if block is None else None if block.outputs is None else dict(block.ports)
    chosen = None
    if said is not None and not (block is not None and report.failed):
        chosen = outputs.resolve(scope, said, feeding.references)
    elif block is not None and not report.failed:
        chosen = outputs.of_ends(feeding.references.ends(scope))
    instances = {} if report.failed else _instances(scope, feeding, chosen is not None)
    _check_counts(scope, feeding)
    nodes = {input: Node(input, Input(batch_shape=()), {}, origin) for input in (block.inputs if block else ())}
    nodes |= {entry.full_name: _node(scope, entry, inputs, feeding) for entry, inputs in bound.items()}
    kind = scope.kind if block is not None else None
    graph = Graph(
        name,
        nodes,
        _inputs(nodes),
        (),
        origin,
        block.description if block is not None else None,
        kind,
        scope.arguments,
        block.args.descriptions if block is not None else {},
        by_default=frozenset(scope.by_default),
        declared=scope.declared,
        instances=instances,
        outputs_given=said is not None,
        inferred=scope.inferred,
    )
    if not report.failed:
        if any(instance.shares is not None for instance in instances.values()):
            graph = replace(graph, made_for=tuple(_made_for(scope, feeding)))
        wired, graph = graph, outputs.choose(graph, chosen)
        warn_of_copies(wired, graph, report)
    elif block is not None:  # whoever refers to an output of a nested model by its name is not to blame
        ports = block.ports if block.outputs is not None else scope.names
        graph = replace(graph, outputs=tuple(Output(port, Ref(port)) for port in ports))
    return graph


def _bindings(scope: Scope, feeding: Feeding) -> Bound:
    bound: Bound = {}
    for entry in scope.present():
        if entry.inner is not None:
            continue
        if entry.broken:
            feeding.look_at(entry)
        elif entry.layer is not None:
            known = scope.inferred.get(entry.full_name)
            is_known = known is not None and known.node.origin is entry.origin
            bound[entry] = None if is_known else feeding.bindings(entry)
    return bound


def _node(scope: Scope, entry: Entry, bound: Mapping[str, Refs] | None, feeding: Feeding) -> Node:
    """The node of an entry that is bound, or was wired already."""
    if bound is not None:
        return node_of(entry, bound, feeding)
    node = scope.inferred[entry.full_name].node
    feeding.report.spend(len(node.refs()) - 1, entry.origin.place, entry)
    options = feeding.references.options(entry)
    return node if options == node.options else node._replace(options=options)


def node_of(entry: Entry, bound: Mapping[str, Refs], feeding: Feeding) -> Node:
    """The call of an entry's layer with what feeds each argument."""
    assert entry.layer is not None
    inputs: dict[str, Ref | Refs] = {}
    for argument in entry.layer.tensor_arguments():
        if (refs := bound.get(argument.name)) is not None:
            inputs[argument.name] = refs if argument.many else refs[0]
    shares = entry.shares.full_name if entry.shares is not None else None
    options = feeding.references.options(entry)
    # All by position: keywords cost a spec of many layers a hundredth of its check.
    return Node(
        entry.full_name,
        entry.layer,
        inputs,
        entry.origin,
        options,
        shares,
        entry.named,
        False,
        _around(entry),
        entry.copy,
        None if entry.is_part else entry.item.description,
        entry.formula,
    )


def _instances(scope: Scope, feeding: Feeding, outputs_given: bool) -> dict[str, Instance]:
    """The block instances, in nested order; outputs of the file's own ones may become the model's, and must exist."""
    return {
        entry.full_name: Instance(
            entry.full_name,
            entry.inner.kind,
            entry.inner.arguments,
            feeding.bindings(entry),
            feeding.references.outputs_of(entry, quiet=outputs_given or entry.scope is not scope),
            _around(entry),
            entry.origin,
            entry.shares.full_name if entry.shares is not None else None,
            entry.named,
            entry.copy,
            entry.item.description,
            entry.inner.block.description if entry.inner.block is not None else None,
            entry.inner.block.args.descriptions if entry.inner.block is not None else {},
            entry.inner.declared,
            frozenset(entry.inner.by_default),
        )
        for entry in scope.present()
        if entry.inner is not None
    }


def _check_counts(scope: Scope, feeding: Feeding) -> None:
    """Report instances that are called again with another number of tensors than values inside were computed from."""
    for entry in scope.present() if not feeding.report.failed else ():
        if entry.inner is None or entry.shares is None:
            continue
        for name, count in entry.inner.counted.items():
            given = len(feeding.bindings(entry).get(name, ()))
            if given != count:
                feeding.report.error(
                    "shape-mismatch",
                    f"{item_label(entry.full_name, entry.inner.kind)} was made for {count_of(count, 'tensor')} at '{name}', and has {given} in this call",
                    entry.origin.place,
                    entry,
                    "make a separate one for each number of tensors, without 'share'",
                )


def _made_for(scope: Scope, feeding: Feeding) -> Iterator[MadeFor]:
    """The sizes that instances were made for which are called again, as further calls have them."""
    for entry in scope.present():
        if entry.inner is not None and entry.shares is not None:
            for made in entry.inner.asked.values():
                for ref in feeding.references.resolve(entry.inner, made.said, entry.origin.place, entry)[:1]:
                    yield made._replace(ref=ref, instance=entry.full_name)


def _around(entry: Entry) -> str | None:
    """The instance that an entry is a member of."""
    instance = entry.scope.instance
    return None if instance is None else instance.full_name


def _inputs(nodes: Mapping[str, Node]) -> tuple[str, ...]:
    return tuple(node.name for node in nodes.values() if isinstance(node.layer, Input))
