"""Graph to Graph: its wiring is valid. One function per rule; `RULES` says in which order they run, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from specc.arguments import and_join
from specc.diagnostics import Related, Report
from specc.diagnostics.codes import ErrorCode
from specc.diagnostics.frames import through
from specc.diagnostics.text_safety import shorten
from specc.ir import Graph, NestedModel, Node, Ref
from specc.layers.attention_roles import ROLES, by_role
from specc.layers.core import Input
from specc.passes.implied import MOST_NAMED, Taken, has_edges, implied
from specc.source import Frame, Origin, Place

MOST_CYCLES = 10


def verify(graph: Graph, report: Report) -> None:
    """Report what is invalid in a graph and in the nested models inside it."""
    for inner in nested_graphs(graph):
        verify(inner, report)
    for rule in RULES:
        before = len(report.diagnostics)
        rule(graph, report)
        if rule in LAST_IF_BROKEN and len(report.diagnostics) > before:
            return


def nested_graphs(graph: Graph) -> Iterator[Graph]:
    """The graphs of the nested models in a graph, as layers or inside wrappers."""
    if any(
        issubclass(cls, NestedModel) or cls.inner_layers() for cls in {type(it.layer) for it in graph.nodes.values()}
    ):
        for node in graph.nodes.values():
            if node.shares is None:
                yield from (inner.graph for inner in node.layer.with_inner() if isinstance(inner, NestedModel))


def has_input(graph: Graph, report: Report) -> None:
    """There is an Input."""
    if not graph.inputs:
        report.error(
            "no-input",
            "the spec has no Input",
            graph.origin.at("layers", part="key"),
            help="begin with an Input layer: {type: Input, name: x, shape: [28, 28, 1]}",
        )


def is_acyclic(graph: Graph, report: Report) -> None:
    """No layer depends on itself. One cycle of each component is shown."""
    for component in _cyclic_components(graph)[:MOST_CYCLES]:
        _report_cycle(graph, component, report)


def _report_cycle(graph: Graph, component: set[str], report: Report) -> None:
    import networkx as nx

    wires = ((ref.node, name) for name in graph.nodes if name in component for ref in graph.nodes[name].refs())
    names = [edge[0] for edge in nx.find_cycle(nx.DiGraph(wire for wire in wires if wire[0] in component))]
    position = {name: index for index, name in enumerate(graph.nodes)}
    first = min(range(len(names)), key=lambda index: position[names[index]])
    names = names[first:] + names[:first]
    path = " -> ".join(f"'{name}'" for name in [*names, names[0]])
    around, places = _where_they_part([graph.nodes[name].origin for name in names])
    feeds = [f"feeds '{fed}'" for fed in [*names[1:], names[0]]]
    related = [Related(said, place) for said, place in zip(feeds, places, strict=True)][1:]
    start = places[0]
    report.error(
        "cycle",
        f"the layers feed each other in a cycle: {shorten(path, 300)}",
        start.at("from"),
        help=_cut(graph, names),
        related=[*related, *through(around)],
    )


def _cut(graph: Graph, names: list[str]) -> str:
    """Where to cut a cycle: at an input that nobody wrote, if it has one."""
    for name, fed in zip(names, [*names[1:], names[0]], strict=True):
        for ref in graph.nodes[fed].refs():
            if ref.node == name and (found := implied(graph, graph.nodes[fed], ref)) is not None:
                return f"{found}: write 'from' on '{found.user}'"
    return "cut it at one place: one of these layers must take its input from elsewhere"


def _cyclic_components(graph: Graph) -> list[set[str]]:
    """The layers that depend on themselves: the cyclic strongly connected components.

    A graph whose every edge goes forward in the file has none; only others need networkx, which takes a quarter of a
    second to import. `find_cycle` on all of a large graph would traverse it again from every node; in a component it
    finds one at once.
    """
    if graph.is_in_order:
        return []
    import networkx as nx

    wired = graph.digraph()
    return [
        component
        for component in nx.strongly_connected_components(wired)
        if len(component) > 1 or wired.has_edge(*component, *component)
    ]


def _where_they_part(origins: list[Origin]) -> tuple[tuple[Frame, ...], list[Place]]:
    """The frames that all places have in common, and each place below them: of an instance, or its own."""
    common = 0
    while all(len(origin.frames) > common and origin.frames[common] == origins[0].frames[common] for origin in origins):
        common += 1
    places = [origin.frames[common].place if len(origin.frames) > common else origin.place for origin in origins]
    return origins[0].frames[:common], places


def has_all_inputs(graph: Graph, report: Report) -> None:
    """Each call gets the tensors that its layer needs; not reported for a graph without any Input."""
    if not graph.inputs:
        return
    taken = Taken(graph)
    for node in graph.nodes.values():
        for argument in node.layer.tensor_arguments():
            given = node.inputs.get(argument.name)
            if given is None:
                if argument.required:
                    _missing_input(graph, node, argument.name, taken, report)
                continue
            if not argument.many:
                continue
            count = len(given)
            most = argument.most
            if count < argument.least or (most is not None and count > most):
                wanted = (
                    f"{argument.least} or more"
                    if most is None
                    else f"{argument.least}"
                    if most == argument.least
                    else f"{argument.least} to {most}"
                )
                code: ErrorCode = "missing-input" if count < argument.least else "surplus-input"
                help = "remove some"
                if code == "missing-input":
                    help = taken.join_help(node) or _two_of(node, given)
                report.error(
                    code,
                    f"'{node.name}' ({node.type}) takes {wanted} inputs, not {count}",
                    node.origin.at("from"),
                    help=help,
                    related=through(node.origin.frames),
                )


def _missing_input(graph: Graph, node: Node, argument: str, taken: Taken, report: Report) -> None:
    who = f"'{node.name}' ({node.type})"
    several = sum(a.required for a in node.layer.tensor_arguments()) > 1
    message = f"{who} has no tensor for '{argument}'" if several else f"{who} has no input"
    wired = (
        f"an edge that ends at it: [{taken.free_input or '...'}, {node.name}]"
        if has_edges(node.origin.place)
        else "'from', or put the layer that feeds it above it"
    )
    help = _all_of(graph, node, taken) if several else f"add {wired}"
    report.error("missing-input", message, node.origin.place, help=help, related=through(node.origin.frames))


def _all_of(graph: Graph, node: Node, taken: Taken) -> str:
    """A help for a layer that needs several tensors, with those that it has."""
    from specc.suggestions.look import spelled  # for what is wrong only

    required = [argument.name for argument in node.layer.tensor_arguments() if argument.required]
    if "scores" in node.layer.port_options:
        roles = by_role(taken.free_inputs(node, len(ROLES)))
        if roles.keys() >= set(required):
            return f"name them: from: {{{', '.join(f'{role}: {name}' for role, name in roles.items())}}}"
    given = {name: spelled(graph, ref) for name in required if isinstance(ref := node.inputs.get(name), Ref)}
    itself = given.keys() == {"query"} and set(required) <= set(ROLES)
    names = ", ".join(f"{name}: {given.get('query' if itself else name, '...')}" for name in required)
    return f"{'to attend to itself, write' if itself else 'name them:'} from: {{{names}}}"


def _two_of(node: Node, given: Ref | tuple[Ref, ...]) -> str:
    """A help for a layer that takes several tensors in a list and is given one."""
    (one,) = [given] if isinstance(given, Ref) else given[:1]
    if "scores" in node.layer.port_options:
        return f"to attend to itself, write from: [{one.node}, {one.node}]"
    return "list them: from: [a, b]"


def _lacks_input(node: Node) -> bool:
    return any(argument.required and argument.name not in node.inputs for argument in node.layer.tensor_arguments())


def has_output(graph: Graph, report: Report) -> None:
    """There is an output."""
    if not graph.outputs and graph.inputs and not _cyclic_components(graph):
        report.error(
            "no-output",
            "the spec has no layer that gives an output",
            graph.origin.at("layers", part="key"),
            help="add a layer after the Input",
        )


def gives_no_constant(graph: Graph, report: Report) -> None:
    """No output is a constant, which no Keras model can give."""
    for output in graph.outputs if graph.constants else ():
        if output.ref.node not in graph.constants:
            continue
        node = graph.nodes[output.ref.node]
        while node.naming:  # the Identity that only gives the output its name
            node = graph.nodes[node.refs()[0].node]
        unread = not graph.outputs_given and graph.block is None
        report.error(
            "constant-as-output",
            f"the output '{output.name}' is a constant: it depends on no Input",
            node.origin.place,
            help="use it in a layer or an operation, or remove it"
            if unread
            else "let it depend on an Input: add it to something that does, with ops.add",
            related=through(node.origin.frames),
        )


def leads_somewhere(graph: Graph, report: Report) -> None:
    """Every layer and every input leads to an output.

    A cycle is not followed: nobody knows where it would lead, or which input it would take if it were cut.
    """
    cyclic = set().union(*_cyclic_components(graph))
    ends = cyclic.union(output.ref.node for output in graph.outputs)
    if (
        not cyclic
        and ends.union(ref.node for node in graph.nodes.values() for ref in node.refs()) >= graph.nodes.keys()
    ):
        return  # without cycles, what is read leads on to something that is not
    reached = graph.leading_to(ends)
    if cyclic:
        reached.update(graph.inputs)
    left = [node for name, node in graph.nodes.items() if name not in reached]
    if not left:
        return
    lacking = {name for name, node in graph.nodes.items() if _lacks_input(node)}
    attention_lacks = any("scores" in graph.nodes[name].layer.port_options for name in lacking)
    taken = Taken(graph)
    wanted = {node.name: taken.join_help(node) for node in left}
    alike: dict[str | None, list[str]] = {}
    for node in left:
        if isinstance(node.layer, Input):
            alike.setdefault(wanted[node.name], []).append(node.name)
    told = {found.help for found in report.diagnostics if found.code == "missing-input"}
    item = {name: graph.way_to(node)[0].name for name, node in graph.nodes.items()}
    handed_on = {item[ref.node] for node in left for ref in node.refs() if item[ref.node] != item[node.name]}
    for node in left:
        if item[node.name] in handed_on:  # reported where its branch ends
            continue
        joined = wanted[node.name]
        if joined is not None:  # the layer that should take them all is reported once
            if joined in told:
                continue
            told.add(joined)
        if not isinstance(node.layer, Input):
            _unused_layer(graph, node, joined, report)
        elif not (attention_lacks or (lacking and node.name == taken.free_input)):
            # else the layer without an input is reported, and may need this one
            report.error(
                "unused-input",
                _lead_nowhere(node.name, alike[joined] if joined else []),
                node.origin.place,
                help=taken.left_over(node) or "use it, or remove it",
                related=through(node.origin.frames),
            )


def _unused_layer(graph: Graph, node: Node, joined: str | None, report: Report) -> None:
    help = "use it, remove it, or add it to 'outputs'"
    instance = next(iter(graph.around(node)), None)
    if instance is not None:
        report.error("unused-layer", f"'{instance.name}' leads to no output", instance.origin.place, help=help)
        return
    message = f"'{node.name}' ({node.type}) leads to no output"
    report.error("unused-layer", message, node.origin.place, help=joined or help, related=through(node.origin.frames))


def _lead_nowhere(name: str, alike: list[str]) -> str:
    """The message about an unused input, and about those with it that have the same fix."""
    if len(alike) < 2:
        return f"the input '{name}' leads to no output"
    return (
        f"the inputs {and_join(alike)} lead to no output"
        if len(alike) <= MOST_NAMED
        else f"{len(alike)} inputs lead to no output"
    )


Rule = Callable[[Graph, Report], None]

RULES: tuple[Rule, ...] = (
    has_input,
    is_acyclic,
    has_all_inputs,
    has_output,
    gives_no_constant,
    leads_somewhere,
)
LAST_IF_BROKEN: frozenset[Rule] = frozenset({has_output})
"""Rules after which the later ones would only report consequences."""
