"""Outputs of the copies in a chain that neither the next copy nor anything else takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from specc.diagnostics import Report
from specc.diagnostics.frames import through
from specc.ir import Graph, Instance, NestedModel, Node, Ref, refs_of

Ports = Mapping[str, tuple[Ref, ...]]


def warn_of_copies(wired: Graph, graph: Graph, report: Report) -> None:
    """Warn of outputs of copies in a chain that are neither handed on nor read, once for each item.

    ``wired`` is the graph as it was wired, ``graph`` what is left of it, with its outputs.
    """
    chains = [(copy, ports) for copy in _in_chains(wired) if (ports := _further_outputs(copy, wired))]
    if not chains:
        return
    readers: dict[Ref, list[str]] = {ref: [] for _, ports in chains for refs in ports.values() for ref in refs}
    for node in graph.nodes.values():
        for ref in node.refs():
            if ref in readers:
                readers[ref].append(node.name)
    outputs = {output.ref for output in graph.outputs}
    outputs |= {ref for output in graph.outputs if (node := graph.nodes[output.ref.node]).naming for ref in node.refs()}
    for copy, ports in chains:
        is_last = wired.next_copy(copy) is None
        inside = f"{copy.name}."
        for port, refs in ports.items():
            mine = [ref for ref in refs if f"{ref.node}.".startswith(inside)]
            listed = outputs if graph.outputs_given or is_last else set()
            if not mine or any(ref in listed or any(not it.startswith(inside) for it in readers[ref]) for ref in mine):
                continue
            what = "becomes an output of the model" if outputs.intersection(mine) else "is not used"
            why = (
                "nothing takes it from the last copy"
                if is_last
                else "the next copy has no further input of that name, and nothing else takes it"
            )
            report.warning_if_sound(
                "unused-port",
                f"'{port}' of '{copy.name}' ({_block(copy)}) {what}: {why}",
                copy.origin.at("repeat"),
                help=f"use it as {copy.own_name}.{port}, remove it from the block's outputs"
                + ("" if is_last else f", or give the block an input '{port}' that takes it from the copy before"),
                related=through(copy.origin.frames),
            )


def _in_chains(graph: Graph) -> Iterator[Instance | Node]:
    """The copies in chains of two or more, in file order."""
    members: Iterable[Instance | Node] = chain(graph.instances.values(), graph.nodes.values())
    for it in members:
        if it.copy is not None and it.copy.in_chain and it.copy.count > 1:
            yield it


def _block(member: Instance | Node) -> str:
    return member.block if isinstance(member, Instance) else member.type


def _further_outputs(member: Instance | Node, graph: Graph) -> Ports:
    """The outputs of a copy but the first that the next copy does not take, and what gives each.

    Of the last copy, those that the copies before it hand on.
    """
    if isinstance(member, Instance):
        ports: Ports = dict(list(member.outputs.items())[1:])
    elif isinstance(member.layer, NestedModel):
        names = member.layer.ports({})
        ports = {name: (Ref(member.name, port),) for port, name in enumerate(names) if port > 0}
    else:
        return {}
    following = graph.next_copy(member)
    if following is None:
        handed = _inputs(member) if member.copy is not None and member.copy.index > 0 else {}
        return {name: refs for name, refs in ports.items() if name in handed}
    taken = _inputs(following)
    return {name: refs for name, refs in ports.items() if taken.get(name) != refs}


def _inputs(member: Instance | Node) -> Ports:
    """What each input of an instance or nested model but the first is given."""
    given = list(member.inputs.items())[1:]
    return {name: refs_of(value) for name, value in given}
