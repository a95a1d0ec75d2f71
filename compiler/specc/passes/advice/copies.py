"""Outputs of the copies in a chain: the next copy takes the first only."""

from __future__ import annotations

from collections.abc import Iterator

from specc.diagnostics import Report
from specc.ir import Graph, Ref
from specc.layers.nested import NestedModel
from specc.passes.references import References
from specc.passes.scopes import Entry, Scope, through

Ports = dict[str, tuple[Ref, ...]]


def warn_of_copies(scope: Scope, graph: Graph, references: References, report: Report) -> None:
    """Warn of outputs of the copies of a block in a chain that neither the next copy nor anything else takes."""
    chains = [(entry, ports) for entry in _followed(scope) if (ports := _ports(entry, references))]
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
    for entry, ports in chains:
        own = f"{entry.full_name}."
        for port, refs in ports.items():
            mine = [ref for ref in refs if f"{ref.node}.".startswith(own)]
            if not mine or any(ref in listed or any(not r.startswith(own) for r in readers[ref]) for ref in mine):
                continue
            what = "becomes an output of the model" if outputs.intersection(mine) else "goes nowhere"
            report.warning_if_sound(
                "unused-port",
                f"'{port}' of '{entry.full_name}' ({entry.item.type}) {what}: the next copy takes the first output only, and "
                "nothing else takes this one",
                entry.origin.at("repeat"),
                help=f"take it where it is meant, as {entry.name}.{port}, or let the block give one output",
                related=through(entry.origin.frames),
            )


def _followed(scope: Scope) -> Iterator[Entry]:
    """The copies in a scope, and in the instances inside, that a further copy follows."""
    pending = [scope]
    while pending:
        for entry in pending.pop().entries:
            if entry.absent or entry.broken:
                continue
            if entry.chained is not None and not entry.chained.absent:
                yield entry.chained
            if entry.inner is not None:
                pending.append(entry.inner)


def _ports(entry: Entry, references: References) -> Ports:
    """The outputs of a block instance but the first, and what stands behind each."""
    if isinstance(entry.layer, NestedModel):
        names = entry.layer.ports({})
        return {name: (Ref(entry.full_name, port),) for port, name in enumerate(names) if port > 0}
    if entry.inner is None or entry.inner.block is None:
        return {}
    names = tuple(entry.inner.block.ports)[1:]
    return {name: references.instance_port(entry, name, [], entry.origin.place, None) for name in names}
