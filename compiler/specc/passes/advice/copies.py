"""Outputs of the copies in a chain that neither the next copy nor anything else takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from specc.diagnostics import Report
from specc.diagnostics.frames import through
from specc.diagnostics.notation import flow
from specc.frontend.names import is_name
from specc.ir import Graph, Instance, NestedModel, Node, Ref, refs_of

Ports = Mapping[str, tuple[Ref, ...]]


def warn_of_copies(wired: Graph, graph: Graph, report: Report) -> None:
    """Warn of outputs of copies in a chain that are neither handed on nor read, once for each item.

    ``wired`` is the graph as it was wired, ``graph`` what is left of it, with its outputs.
    """
    _warn_of_broken_chains(wired, graph, report)
    _warn_of_further_outputs(wired, graph, report)
    _warn_of_ends(wired, graph, report)


def _warn_of_further_outputs(wired: Graph, graph: Graph, report: Report) -> None:
    """Warn of outputs but the first that the next copy does not take, nor anything else."""
    chains = [(copy, ports) for copy in _in_chains(wired) if (ports := _further_outputs(copy, wired))]
    if not chains:
        return
    readers = _readers(graph)
    outputs = set(_called(graph))
    used = {ref.node for ref in (*readers, *outputs)}
    for copy, ports in chains:
        if not _is_read(copy, used):
            continue
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


def _warn_of_ends(wired: Graph, graph: Graph, report: Report) -> None:
    """Warn of an output of the last copy that nothing reads, so that it is one of the model, while another is read."""
    ends = [] if graph.outputs_given else [it for it in _in_chains(wired) if wired.next_copy(it) is None]
    if not ends:
        return
    readers, called = _readers(graph), _called(graph)
    for copy in ends:
        ports = _outputs(copy)
        inside = f"{copy.name}."
        is_read = any(
            not it.startswith(inside) for refs in ports.values() for ref in refs for it in _true(graph, readers, ref)
        )
        for port, refs in ports.items() if is_read else ():
            if any(ref in called and not _true(graph, readers, ref) for ref in refs):
                others = [name for ref, name in called.items() if ref not in refs]
                report.warning_if_sound(
                    "unused-port",
                    f"'{port}' of '{copy.name}' ({_block(copy)}) becomes an output of the model: nothing takes it from the last copy",
                    copy.origin.at("repeat"),
                    help=f"use it as {_item(copy)}.{port}, or list the outputs that are meant: outputs: {flow(others)}",
                    related=through(copy.origin.frames),
                )


def _warn_of_broken_chains(wired: Graph, graph: Graph, report: Report) -> None:
    """Warn of copies that do nothing with what the copy before them gives."""
    pairs = [(copy, after) for copy in _in_chains(wired) if isinstance(after := wired.next_copy(copy), Instance)]
    readers = _readers(graph) if pairs else {}
    used = {ref.node for ref in readers} | {output.ref.node for output in graph.outputs}
    for copy, after in pairs:
        if not _is_read(after, used):
            continue
        taken = next(iter(after.inputs.values()), ())
        passed_on = {ref for refs in after.outputs.values() for ref in refs}
        inside = f"{after.name}."
        if all(ref not in passed_on and not any(it.startswith(inside) for it in readers.get(ref, ())) for ref in taken):
            does = f"does nothing with what '{copy.name}' gives it" if after.inputs else "takes no input"
            taking = (
                f"let a layer of the block take its input '{next(iter(after.inputs))}', or " if after.inputs else ""
            )
            report.warning_if_sound(
                "unused-port",
                f"'{after.name}' ({after.block}) {does}, so the copies are no chain",
                after.origin.at("repeat"),
                help=f"{taking}write 'each' for copies side by side",
                related=through(after.origin.frames),
            )


def _called(graph: Graph) -> dict[Ref, str]:
    """The names of the model's outputs, by what gives them."""
    nodes = graph.nodes
    return {
        next(iter(nodes[it.ref.node].refs())) if nodes[it.ref.node].naming else it.ref: it.name for it in graph.outputs
    }


def _true(graph: Graph, readers: Mapping[Ref, list[str]], ref: Ref) -> list[str]:
    """The nodes that read an output, without those that only name it."""
    return [name for name in readers.get(ref, ()) if not graph.nodes[name].naming]


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


def _item(last: Instance | Node) -> str:
    """The name that means the last copy."""
    assert last.copy is not None
    return last.copy.item or last.own_name


def _is_read(copy: Instance | Node, used: set[str]) -> bool:
    """Whether any output of a copy leads on; a part of a block that leads to none of its outputs is left out."""
    if isinstance(copy, Node):
        return copy.name in used
    return any(ref.node in used for refs in copy.outputs.values() for ref in refs)


def _block(member: Instance | Node) -> str:
    return member.block if isinstance(member, Instance) else member.type


def _outputs(member: Instance | Node) -> Ports:
    """The outputs of a copy of a block, and what gives each."""
    if isinstance(member, Instance):
        return member.outputs
    if not isinstance(member.layer, NestedModel):
        return {}
    return {name: (Ref(member.name, port),) for port, name in enumerate(member.layer.ports({}))}


def _further_outputs(member: Instance | Node, graph: Graph) -> Ports:
    """The outputs of a copy but the first that the next copy does not take, and what gives each.

    Of the last copy, those that the copies before it hand on.
    """
    ports: Ports = dict(list(_outputs(member).items())[1:])
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
