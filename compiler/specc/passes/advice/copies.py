"""Outputs of the copies in a chain that neither the next copy nor anything else takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from specc.diagnostics import Report
from specc.diagnostics.frames import through
from specc.frontend.names import is_name
from specc.ir import Graph, Instance, NestedModel, Node, Ref, refs_of

Ports = Mapping[str, tuple[Ref, ...]]


def warn_of_copies(wired: Graph, graph: Graph, report: Report) -> None:
    """Warn of outputs of copies in a chain that are neither handed on nor read, once for each item.

    ``wired`` is the graph as it was wired, ``graph`` what is left of it, with its outputs.
    """
    _warn_of_broken_chains(wired, graph, report)
    chains = [(copy, ports) for copy in _in_chains(wired) if (ports := _further_outputs(copy, wired))]
    if not chains:
        return
    readers = _readers(graph)
    outputs = {output.ref for output in graph.outputs}
    outputs |= {ref for output in graph.outputs if (node := graph.nodes[output.ref.node]).naming for ref in node.refs()}
    for copy, ports in chains:
        is_last = wired.next_copy(copy) is None
        inside = f"{copy.name}."
        for port, refs in ports.items():
            mine = [ref for ref in refs if f"{ref.node}.".startswith(inside)]
            listed = outputs if graph.outputs_given or is_last else set()
            if not mine or any(
                ref in listed or any(not it.startswith(inside) for it in readers.get(ref, ())) for ref in mine
            ):
                continue
            if is_last and any(ref in readers for ref in _inputs(copy)[port]):  # what was handed on had an effect
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
                help=f"use it as {copy.own_name}.{port}, or remove it from the block's outputs"
                if is_last or not is_name(port)
                else f"use it as {copy.own_name}.{port}, remove it from the block's outputs, or give the block an input "
                f"'{port}' that takes it from the copy before",
                related=through(copy.origin.frames),
            )


def _warn_of_broken_chains(wired: Graph, graph: Graph, report: Report) -> None:
    """Warn of copies that do nothing with what the copy before them gives."""
    pairs = [(copy, after) for copy in _in_chains(wired) if isinstance(after := wired.next_copy(copy), Instance)]
    readers = _readers(graph) if pairs else {}
    for copy, after in pairs:
        taken = next(iter(after.inputs.values()), ())
        passed_on = {ref for refs in after.outputs.values() for ref in refs}
        inside = f"{after.name}."
        if all(ref not in passed_on and not any(it.startswith(inside) for it in readers.get(ref, ())) for ref in taken):
            report.warning_if_sound(
                "unused-port",
                f"'{after.name}' ({after.block}) does nothing with what '{copy.name}' gives it, so the copies are no chain",
                after.origin.at("repeat"),
                help=f"let a layer of the block take its input '{next(iter(after.inputs))}', or write 'each' for copies side by side",
                related=through(after.origin.frames),
            )


def _readers(graph: Graph) -> dict[Ref, list[str]]:
    """The nodes that read each output."""
    readers: dict[Ref, list[str]] = {}
    for node in graph.nodes.values():
        for ref in node.refs():
            readers.setdefault(ref, []).append(node.name)
    return readers


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
