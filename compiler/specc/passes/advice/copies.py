"""Outputs of the copies in a chain: the next copy takes only the first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from specc.diagnostics import Report
from specc.diagnostics.frames import through
from specc.ir import Graph, Instance, NestedModel, Node, Ref

Ports = Mapping[str, tuple[Ref, ...]]


def warn_of_copies(graph: Graph, report: Report) -> None:
    """Warn of outputs of copies in a chain that neither the next copy nor anything else takes."""
    chains = [(copy, ports) for copy in _followed(graph) if (ports := _further_outputs(copy))]
    if not chains:
        return
    readers: dict[Ref, list[str]] = {ref: [] for _, ports in chains for refs in ports.values() for ref in refs}
    for node in graph.nodes.values():
        for ref in node.refs():
            if ref in readers:
                readers[ref].append(node.name)
    outputs = {output.ref for output in graph.outputs}
    outputs |= {ref for output in graph.outputs if (node := graph.nodes[output.ref.node]).naming for ref in node.refs()}
    listed = outputs if graph.outputs_given else set()
    for copy, ports in chains:
        inside = f"{copy.name}."
        for port, refs in ports.items():
            mine = [ref for ref in refs if f"{ref.node}.".startswith(inside)]
            if not mine or any(ref in listed or any(not it.startswith(inside) for it in readers[ref]) for ref in mine):
                continue
            what = "becomes an output of the model" if outputs.intersection(mine) else "is not used"
            report.warning_if_sound(
                "unused-port",
                f"'{port}' of '{copy.name}' ({_block(copy)}) {what}: the next copy takes only the first output, and "
                "nothing else takes this one",
                copy.origin.at("repeat"),
                help=f"use it where it is meant, as {copy.own_name}.{port}, or let the block give one output",
                related=through(copy.origin.frames),
            )


def _followed(graph: Graph) -> Iterator[Instance | Node]:
    """The copies in a chain that a further copy follows, in file order."""
    members: Iterable[Instance | Node] = chain(graph.instances.values(), graph.nodes.values())
    for it in members:
        if it.copy is not None and it.copy.in_chain and graph.in_copy(it.name, it, it.copy.index + 1) is not None:
            yield it


def _block(member: Instance | Node) -> str:
    return member.block if isinstance(member, Instance) else member.type


def _further_outputs(member: Instance | Node) -> Ports:
    """The outputs of a block but the first, and what gives each."""
    if isinstance(member, Instance):
        return dict(list(member.outputs.items())[1:])
    if not isinstance(member.layer, NestedModel):
        return {}
    names = member.layer.ports({})
    return {name: (Ref(member.name, port),) for port, name in enumerate(names) if port > 0}
