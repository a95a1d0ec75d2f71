"""The outputs of a graph: those of the spec, else what nothing reads; what leads to none of them is removed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Literal, NamedTuple

from specc import layers
from specc.diagnostics import Related
from specc.frontend.reference_syntax import ALL, has_numbers
from specc.ir import Graph, NestedModel, Node, Output, Ref
from specc.layers.core import Input
from specc.passes.expansion.scopes import Copies, Scope
from specc.passes.wiring.references import References, Refs
from specc.source import Place
from specc.words import count_of


class Chosen(NamedTuple):
    """The outputs that a spec lists."""

    outputs: tuple[Output, ...]
    form: Literal["one", "list", "map"]
    named: Mapping[str, tuple[str, ...]] = {}
    """What else a reference to those of a nested model may be, and which of them it means."""


# -- Outputs of the spec-------------------------------------------------------------------------


def of_ends(ends: Mapping[str, Refs]) -> Chosen:
    """The outputs of a nested model that is made from a whole spec which lists none."""
    found = tuple(Output(name, ref) for name, (ref,) in ends.items())
    return Chosen(found, "one" if len(found) == 1 else "list")


def resolve(scope: Scope, given: object, references: References) -> Chosen:
    """The outputs that the spec lists; ``given`` is its value. Errors are reported."""
    is_map = isinstance(given, dict) and scope.block is None
    failed = references.report.failed  # then only unknown names are worth reporting
    outputs: list[Output] = []
    places: list[Place] = []
    named: dict[str, tuple[str, ...]] = {}
    for label, text, place in _said(given, scope, references):
        reference = references.report.text(scope, text, place)
        if reference is None:
            continue
        listed = (
            references.copies.replaced(scope, reference, place, None)
            if has_numbers(reference) and not is_map
            else [reference]
        )
        made: list[Output] = []
        for one in listed:
            refs = references.resolve(scope, one, place, None)
            if failed:
                continue
            if len(refs) != 1 and is_map:
                _not_one(text, len(refs), place, references)
            names = [label] if is_map else _names(scope, one, refs, references)
            made += [Output(name, ref) for name, ref in zip(names, refs, strict=False)]
            _check_inputs(scope, refs, label, place, references)
        if scope.block is not None:
            made = _of_block(scope, label, reference, made, named)
        outputs += made
        places += [place] * len(made)
    if not outputs and not references.report.failed:
        message = "'outputs' names nothing: all that it refers to has 0 copies"
        references.report.error("no-output", message, scope.place("outputs"), None, "name a layer that has copies")
    _check_unique(outputs, places, references)
    return Chosen(tuple(outputs), "map" if is_map else "one" if len(outputs) == 1 else "list", named)


def _of_block(
    scope: Scope, label: str, reference: str, made: list[Output], named: dict[str, tuple[str, ...]]
) -> list[Output]:
    """What one of a block's outputs is in a nested model: named by the block, and numbered if it is several tensors.

    ``named`` gets the other references to them: all, and each by its number.
    """
    target = scope.names.get(reference)
    of_all = f"[{ALL}]"
    several = len(made) != 1 or of_all in reference or (isinstance(target, Copies) and not target.in_chain)
    if scope.block is not None and isinstance(scope.block.outputs, dict):
        made = [it._replace(name=f"{label}_{number}" if several else label) for number, it in enumerate(made, 1)]
        reference = label
    names = tuple(output.name for output in made)
    if not several:
        return made if names == (reference,) else _also(made, {label: names, reference: names}, named)
    alone = reference.removesuffix(of_all)
    also = {reference: names, f"{alone}{of_all}": names}
    is_chain = isinstance(target := scope.names.get(alone), Copies) and target.in_chain
    also[alone] = names[-1:] if is_chain and alone != label else names
    for index, name in enumerate(names):
        for number in (index, index - len(names)):
            one = reference if of_all in reference else f"{reference}{of_all}"
            also[one.replace(of_all, f"[{number}]")] = (name,)
    return _also(made, also, named)


def _also(made: list[Output], also: dict[str, tuple[str, ...]], named: dict[str, tuple[str, ...]]) -> list[Output]:
    for text, names in also.items():
        named.setdefault(text, names)
    return made


def _not_one(text: str, count: int, place: Place, references: References) -> None:
    """Report what refers to several copies, or to none, where one tensor is needed."""
    if count == 0 and references.report.failed:  # what it refers to is reported
        return
    references.report.error(
        "ambiguous-name",
        f"'{text}' refers to {count_of(count, 'copy')}, but a label to one tensor",
        place,
        None,
        "name one copy, or join them with Concatenate or Add" if count else "name a layer that has copies",
    )


def _said(given: object, scope: Scope, references: References) -> Iterator[tuple[str, str, Place]]:
    """What the spec lists as outputs: the label of each, the reference, and its place."""
    if isinstance(given, dict):
        references.unknown.labels = {text: label for label, text in given.items()}
        yield from ((label, text, scope.place("outputs", label)) for label, text in given.items())
    else:
        assert isinstance(given, list | tuple)
        references.report.spend(len(given), scope.place("outputs"), None)
        yield from ((text, text, scope.place("outputs", index)) for index, text in enumerate(given))


def _names(scope: Scope, text: str, refs: Refs, references: References) -> list[str]:
    """The names of an entry's outputs: a name that refers to copies side by side becomes the name of each copy."""
    target = scope.names.get(text)
    if isinstance(target, Copies) and not target.in_chain and len(refs) == len(target.entries):
        return [copy.name for copy in target.entries]
    return [text] if len(refs) == 1 else [references.port_names.get(ref, ref.node) for ref in refs]


def _check_inputs(scope: Scope, refs: Refs, label: str, place: Place, references: References) -> None:
    if scope.block is not None:
        return
    for ref in refs:
        found = scope.names.get(ref.node)
        if found is not None and not isinstance(found, Copies) and isinstance(found.layer, Input):
            references.report.error(
                "input-as-output",
                f"the output '{label}' is the Input '{ref.node}' itself",
                place,
                None,
                "an output is given by a layer; Identity passes a tensor on",
            )


def _check_unique(outputs: Sequence[Output], places: Sequence[Place], references: References) -> None:
    seen: dict[str, Place] = {}
    for output, place in zip(outputs, places, strict=True):
        if output.name in seen:
            references.report.error(
                "duplicate-output",
                f"the output '{output.name}' is listed twice",
                place,
                None,
                "remove one of the two",
                [Related("first here", seen[output.name])],
            )
        seen.setdefault(output.name, place)


# -- What the graph has --------------------------------------------------------------------------


def choose(graph: Graph, chosen: Chosen | None) -> Graph:
    """The graph with its outputs, chosen or all that nothing reads, and without what leads to none."""
    if chosen is None:
        graph = _pruned(graph, _ends(graph))
        read = {ref.node for node in graph.nodes.values() for ref in node.refs()}
        nodes = [node for name, node in graph.nodes.items() if name not in read and not isinstance(node.layer, Input)]
        ends = [Ref(node.name, port) for node in nodes for port in range(_count_of_outputs(graph, node))]
        found = tuple(Output(called, ref) for ref, called in zip(ends, _called(graph, ends), strict=True))
        chosen = Chosen(found, "one" if len(found) == 1 else "list")
    else:
        graph = _pruned(graph, {output.ref.node for output in chosen.outputs})
    graph = replace(graph, outputs=chosen.outputs, outputs_form=chosen.form, named_outputs=chosen.named)
    return _named(graph)


def _count_of_outputs(graph: Graph, node: Node) -> int:
    """How many outputs of the model a node is that nothing reads: all of a nested model are, as of an instance."""
    return len(node.layer.ports({})) if isinstance(node.layer, NestedModel) and graph.block is None else 1


def _called(graph: Graph, ends: Sequence[Ref]) -> list[str]:
    """The names of outputs that the spec does not list: as the spec would refer to each, where that is unique."""
    if graph.block is not None:  # the outputs of a nested model are named by its block
        return [ref.node for ref in ends]
    items = {ref: graph.way_to(graph.nodes[ref.node])[0].name for ref in ends}
    given = Counter(items.values())
    wanted = [
        next(called for called in graph.references_to(ref) if "." in called or given[items[ref]] == 1) for ref in ends
    ]
    times = Counter(wanted)
    return [
        ref.node if times[called] > 1 or called in graph.nodes else called
        for ref, called in zip(ends, wanted, strict=True)
    ]


def _ends(graph: Graph) -> set[str]:
    """The nodes that outputs are chosen from: the file's own layers and the outputs of instances."""
    ends = {name for name, node in graph.nodes.items() if node.instance is None}
    for instance in graph.instances.values():
        if instance.parent is None:
            ends |= {ref.node for refs in instance.outputs.values() for ref in refs}
    return ends


def _pruned(graph: Graph, goals: set[str]) -> Graph:
    """The graph without the members of block instances that lead to no goal and that nothing left in it reads.

    Nor has it calls that lead nowhere of layers that are called again by what leads to a goal: such a call only says what
    the layer is. Anything else that leads nowhere stays, for `verify` to report.
    """
    nodes, is_nested = graph.nodes, graph.block is not None
    if not is_nested and not graph.instances and all(node.shares is None for node in nodes.values()):
        return graph
    kept = graph.leading_to(goals)
    if len(kept) == len(nodes):
        return graph
    if is_nested:
        kept.update(graph.inputs)
    else:
        outermost = _outermost(graph)
        used = {outermost[name] for name in kept if name in outermost}
        only_said = {shared for name in kept if (shared := nodes[name].shares) is not None and shared not in kept}
        used |= {outermost[name] for name in only_said if name in outermost}
        outside = {name for name in nodes if outermost.get(name) not in used and name not in only_said}
        kept = graph.leading_to(kept | outside)
    if len(kept) == len(nodes):
        return graph
    left = {name: node for name, node in nodes.items() if name in kept}
    instances = {
        name: replace(
            instance,
            outputs={port: tuple(ref for ref in refs if ref.node in kept) for port, refs in instance.outputs.items()},
        )
        for name, instance in graph.instances.items()
    }
    return replace(graph, nodes=_adopted(left), instances=instances)


def _outermost(graph: Graph) -> dict[str, str]:
    """The outermost instance that each member of an instance is in."""
    top: dict[str, str] = {}
    for instance in graph.instances.values():
        top[instance.name] = instance.name if instance.parent is None else top[instance.parent]
    return {name: top[node.instance] for name, node in graph.nodes.items() if node.instance is not None}


def _adopted(nodes: dict[str, Node]) -> dict[str, Node]:
    """If a layer's own call was removed, its first shared call becomes its own."""
    owners: dict[str, str] = {}
    for name, node in nodes.items():
        if node.shares is not None and node.shares not in nodes:
            owner = owners.setdefault(node.shares, name)
            nodes[name] = node._replace(shares=None if owner == name else owner)
    return nodes


def _named(graph: Graph) -> Graph:
    """The graph with an Identity, named like the reference, after each output that Keras would name otherwise.

    Outputs with labels need none, nor do those of a nested model, which nobody sees.
    """
    if graph.outputs_form == "map" or graph.block is not None:
        return graph
    identity = layers.find("Identity")
    assert identity is not None
    nodes = dict(graph.nodes)
    outputs: list[Output] = []
    for output in graph.outputs:
        node = nodes[output.ref.node]
        called_again = node.shares is not None and node.layer.allowed_in_sequential
        if output.ref.port == 0 and not called_again and output.name == node.name:
            outputs.append(output)
        elif output.name in nodes:
            outputs.append(output._replace(renamed=called_again))
        else:
            nodes[output.name] = Node(output.name, identity(), {"inputs": output.ref}, node.origin, naming=True)
            outputs.append(Output(output.name, Ref(output.name)))
    return replace(graph, nodes=nodes, outputs=tuple(outputs))
