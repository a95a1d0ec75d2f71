"""Scopes to Graph: every reference becomes the output of a node that it stands for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice

from specc.diagnostics import Related, Report
from specc.diagnostics.suggest import MOST_HINTS, did_you_mean
from specc.diagnostics.text_safety import shorten, show
from specc.frontend.schema import Edge
from specc.ir import Graph, Node, Output, Ref
from specc.layers.base import Argument
from specc.layers.core import Input
from specc.passes.expand import Copies, Entry, Failed, Scope, substitute, through
from specc.passes.measure import MOST_LAYERS
from specc.source import Origin, Place

Refs = tuple[Ref, ...]


@dataclass(slots=True)
class Source:
    """One reference that feeds an item: what it stands for, and where it is written."""

    refs: Refs
    place: Place
    text: str = ""


@dataclass(slots=True)
class Sources:
    """All that feeds an item: by position, and by call argument."""

    positional: list[Source]
    named: dict[str, list[Source]]


def wire(scope: Scope, name: str, report: Report, origin: Origin, outputs: object = None) -> Graph:
    """The graph of a scope: the file's, or the inside of a nested model, whose block inputs become Input nodes.

    ``outputs`` is what the spec says of them: references in a list, by label in a map, or None.
    """
    return _Wiring(scope, report).graph(name, origin, outputs)


class _Wiring:
    def __init__(self, scope: Scope, report: Report) -> None:
        self.root = scope
        self.report = report
        self.nodes: dict[str, Node] = {}
        self.bound: dict[Entry, dict[str, Refs]] = {}
        self.binding: dict[Entry, None] = {}
        """What is being bound, outermost first."""
        self.edges: dict[Scope, dict[str, list[tuple[str, str | None, Place]]]] = {}
        self.sharing: dict[Entry, None] = {}
        self.unknown = 0
        """What is being shared, outermost first."""
        self.circular: set[Entry] = set()
        """What shares itself, and is reported."""

    # -- The graph ----------------------------------------------------------------------------

    def graph(self, name: str, origin: Origin, outputs: object) -> Graph:
        inputs: list[str] = []
        if self.root.block is not None:
            for block_input in self.root.block.inputs:
                self.nodes[block_input] = Node(block_input, Input(batch_shape=()), {}, origin)
                inputs.append(block_input)
        self._share_all(self.root)
        self._read_edges(self.root)
        for entry in _layers(self.root):
            self._node(entry)
        inputs += [
            node.name for node in self.nodes.values() if isinstance(node.layer, Input) and node.name not in inputs
        ]
        graph = Graph(name, self.nodes, tuple(inputs), (), origin)
        if self.root.block is not None:
            outputs = dict(self.root.block.ports)
        if not self.report.failed:
            self._outputs(graph, outputs)
        elif self.root.block is None and outputs is not None:
            for _, text, place in self._entries(outputs):
                self._resolve(self.root, self._text(self.root, text, place), place, None)
        return graph

    def _node(self, entry: Entry) -> None:
        assert entry.layer is not None
        shares = entry.shares.full_name if entry.shares is not None else None
        bound = self._bindings(entry)
        inputs: dict[str, Ref | Refs] = {
            argument.name: bound[argument.name] if argument.many else bound[argument.name][0]
            for argument in entry.layer.tensors
            if argument.name in bound
        }
        self.nodes[entry.full_name] = Node(
            entry.full_name, entry.layer, inputs, entry.origin, entry.options, shares, entry.named
        )

    # -- Shared calls -------------------------------------------------------------------------

    def _share_all(self, scope: Scope) -> None:
        for entry in scope.entries:
            if entry.item.share is not None and not entry.absent:
                self._share(entry)
            if entry.inner is not None and entry.shares is None:
                self._share_all(entry.inner)

    def _share(self, entry: Entry) -> None:
        """Make an entry a further call of what it shares."""
        if entry.shares is not None or entry in self.circular:
            return
        name = entry.item.share or ""
        place = entry.origin.at("share")
        if entry in self.sharing:
            circle = list(self.sharing)[list(self.sharing).index(entry) :]
            self.circular.update(circle)
            path = shorten(" -> ".join(f"'{other.full_name}'" for other in [*circle, entry]), 300)
            self._error(
                "share-cycle", f"{entry.who} shares itself: {path}", place, entry, "share a layer that has a 'type'"
            )
            return
        self.sharing[entry] = None
        target = self._target(entry.scope, name, place, entry)
        self.sharing.popitem()
        if isinstance(target, Copies):
            if not target.in_chain:
                names = ", ".join(f"'{copy.name}'" for copy in target.entries[:4])
                self._error(
                    "ambiguous-name",
                    f"'{name}' stands for {len(target.entries)} copies",
                    place,
                    entry,
                    f"share one of them: {names}",
                    [Related("the copies", target.entries[0].origin.place)],
                )
                return
            target = target.entries[-1]
        if target is None:
            return
        target = target.shares or target
        if target.absent or (target.layer is None and target.inner is None):
            if target.absent:
                self._error("unknown-name", f"{entry.who} shares '{name}', which is absent here", place, entry)
            return
        if isinstance(target.layer, Input):
            self._error(
                "share-input",
                f"{entry.who} shares '{name}', which is an Input",
                place,
                entry,
                "refer to the Input by its name instead",
            )
            return
        entry.shares = target
        entry.layer = target.layer
        if target.inner is not None:
            self._share_all(target.inner)
            entry.inner = self._again(target.inner, entry)
        elif entry.layer is not None and entry.options:
            from specc.passes.expand import option_problems

            for problem in option_problems(entry.layer, entry.options):
                self._error(
                    problem.code,
                    f"{entry.who}: {problem.message}",
                    entry.origin.at("call", *problem.path, part=problem.part),
                    entry,
                    problem.help,
                )

    def _again(self, scope: Scope, instance: Entry) -> Scope:
        """The inside of an instance once more, every layer of it a further call of the same layer."""
        again = replace_scope(scope, f"{instance.full_name}.", instance)
        entries = {entry: replace(entry, scope=again, options=dict(entry.options)) for entry in scope.entries}
        groups: dict[Copies, Copies] = {}
        for name, what in scope.names.items():
            if isinstance(what, Copies):
                groups[what] = Copies(what.name, [entries[entry] for entry in what.entries], what.in_chain)
                again.names[name] = groups[what]
            else:
                again.names[name] = entries[what]
        for entry, copy in entries.items():
            again.entries.append(copy)
            above = entry.previous
            copy.previous = (
                entries.get(above, above) if isinstance(above, Entry) else groups.get(above, above) if above else None
            )
            copy.chained = entries[entry.chained] if entry.chained is not None else None
            if not entry.absent:
                copy.shares = entry.shares or entry
                copy.inner = self._again(entry.inner, copy) if entry.inner is not None else None
        return again

    # -- What feeds an entry ------------------------------------------------------------------

    def _bindings(self, entry: Entry) -> dict[str, Refs]:
        """The refs of each call argument (or block input) of an entry."""
        if entry in self.bound:
            return self.bound[entry]
        if entry in self.binding:
            self._circle(entry)
            return {}
        self.binding[entry] = None
        self.bound[entry] = found = self._bind(entry)
        self.binding.popitem()
        return found

    def _circle(self, entry: Entry) -> None:
        bound = list(self.binding)
        names = [f"'{other.full_name}'" for other in bound[bound.index(entry) :]]
        message = f"the layers feed each other in a circle: {shorten(' -> '.join([*names, names[0]]), 300)}"
        self._error(
            "cycle",
            message,
            entry.origin.place,
            entry,
            "cut it at one place: one of these layers must take its input from elsewhere",
        )

    def _bind(self, entry: Entry) -> dict[str, Refs]:
        if (lone := self._lone_name(entry)) is not None:
            return lone
        signature = _signature(entry)
        sources = self._sources(entry, signature)
        bound: dict[str, list[Ref]] = {}
        by_name = {argument.name: argument for argument in signature}
        rest = list(sources.positional)
        if rest and not signature:
            what = "'from'" if entry.source is not None else "the edge"
            self._error(
                "surplus-input",
                f"{entry.who} takes no input",
                rest[0].place,
                entry,
                f"data enters here; take {what} away",
            )
            return {}
        for argument in _open(entry):
            if not rest:
                break
            if argument.many:
                bound[argument.name] = [ref for source in rest for ref in source.refs]
                rest = []
            else:
                source = rest.pop(0)
                if not self._lone(source, argument, entry):
                    return {}
                bound[argument.name] = list(source.refs)
        if rest:
            self._surplus(entry, signature, sources)
            return {}
        for name, given in sources.named.items():
            argument = by_name.get(name)  # type: ignore[assignment]
            if argument is None:
                names = list(by_name)
                kind = "input" if entry.inner is not None else "call argument"
                help = did_you_mean(name, names) or (
                    f"{kind}s that take tensors: {', '.join(names)}" if names else "it takes no input"
                )
                if entry.layer is not None and name in entry.layer.options:
                    help = f"'{name}' is a constant: write it under 'call'"
                self._error(
                    "unknown-input", f"{entry.who} has no {kind} {show(name)} for a tensor", given[0].place, entry, help
                )
                continue
            refs = [ref for source in given for ref in source.refs]
            if not argument.many and (len(given) > 1 or not self._lone(given[0], argument, entry)):
                if len(given) > 1:
                    self._error(
                        "surplus-input",
                        f"{entry.who} takes one tensor for '{name}', not {len(given)}",
                        given[1].place,
                        entry,
                        "join them first, with Concatenate or Add",
                    )
                continue
            bound.setdefault(name, []).extend(refs)
        if entry.chained is not None and (open_arguments := _open(entry)):
            self._chain(entry.chained, entry, open_arguments[0], bound)
        ordered = [argument.name for argument in signature if bound.get(argument.name)]
        return {name: tuple(bound[name]) for name in ordered}

    def _chain(self, before: Entry, entry: Entry, argument: Argument, bound: dict[str, list[Ref]]) -> None:
        """Feed a copy from the one before it; of an argument that takes several, the others stay as they are."""
        source = Source(self._bare(before, entry.origin.place, entry), entry.origin.place, before.name)
        if argument.many:
            bound[argument.name] = [*source.refs, *bound.get(argument.name, ())[1:]]
        elif self._lone(source, argument, entry):
            bound[argument.name] = list(source.refs)

    def _lone_name(self, entry: Entry) -> dict[str, Refs] | None:
        """The bindings of the plainest of entries: one named layer feeds its one argument. Large files are full of them."""
        source = entry.source
        if type(source) is not str or entry.layer is None or entry.chained is not None or entry.scope in self.edges:
            return None
        tensors = entry.layer.tensors
        target = entry.scope.names.get(source)
        if len(tensors) != 1 or type(target) is not Entry or target.absent or target.layer is None:
            return None
        return {tensors[0].name: (Ref(target.full_name),)}

    def _surplus(self, entry: Entry, signature: Sequence[Argument], sources: Sources) -> None:
        given = ", ".join(f"'{source.text}'" for source in sources.positional[:6])
        takes = (
            "one input" if len(signature) == 1 else f"{len(signature)} inputs ({', '.join(a.name for a in signature)})"
        )
        message = f"{entry.who} takes {takes}, not {len(sources.positional)}: {given}"
        place = sources.positional[min(len(signature), len(sources.positional) - 1)].place
        self._error("surplus-input", message, place, entry, "join them first, with Concatenate or Add")

    def _lone(self, source: Source, argument: Argument, entry: Entry) -> bool:
        if len(source.refs) == 1:
            return True
        if source.refs:
            names = ", ".join(f"'{ref.node}'" for ref in source.refs[:4])
            self._error(
                "ambiguous-name",
                f"{entry.who} takes one tensor for '{argument.name}', and '{source.text}' stands for {len(source.refs)}",
                source.place,
                entry,
                f"choose one of {names}, or join them with Concatenate or Add",
            )
        return False

    def _sources(self, entry: Entry, signature: Sequence[Argument]) -> Sources:
        """What the spec says feeds an entry: its ``from``, the edges that end at it, or the item above."""
        given = entry.source
        edges = self._edges_into(entry)
        if given is not None:
            if edges:
                self._error(
                    "from-and-edges",
                    f"{entry.who} has 'from' and edges that end at it",
                    entry.origin.at("from"),
                    entry,
                    "take one of the two away",
                    [Related("an edge to it", edges[0][2])],
                )
                return Sources([], {})
            return self._from(entry, given)
        if edges:
            sources = Sources([], {})
            for text, argument, place in edges:
                source = self._source(entry, text, place)
                if argument is None:
                    sources.positional.append(source)
                else:
                    sources.named.setdefault(argument, []).append(source)
            return sources
        if entry.scope in self.edges or not signature:
            return Sources([], {})
        return self._above(entry)

    def _from(self, entry: Entry, given: object) -> Sources:
        if isinstance(given, str):
            return Sources([self._source(entry, given, entry.origin.at("from"))], {})
        if isinstance(given, dict):
            return Sources([], {name: self._list(entry, value, name) for name, value in given.items()})
        return Sources(self._list(entry, given), {})

    def _list(self, entry: Entry, value: object, *path: str) -> list[Source]:
        if isinstance(value, str):
            return [self._source(entry, value, entry.origin.at("from", *path))]
        assert isinstance(value, list)
        return [self._source(entry, text, entry.origin.at("from", *path, index)) for index, text in enumerate(value)]

    def _source(self, entry: Entry, text: str, place: Place) -> Source:
        return Source(self._resolve(entry.scope, text, place, entry), place, text)

    def _above(self, entry: Entry) -> Sources:
        """The item above, for an entry that says nothing itself."""
        place = entry.origin.place
        if entry.chained is not None:
            return Sources([], {})
        if entry.previous is not None:
            above = entry.previous
            return Sources([Source(self._bare(above, place, entry), place, above.name)], {})
        block = entry.scope.block
        if block is None:
            return Sources([], {})
        if len(block.inputs) > 1:
            names = ", ".join(f"'{name}'" for name in block.inputs)
            self._error(
                "missing-input",
                f"{entry.who} comes first in a block with {len(block.inputs)} inputs and does not say which it takes",
                place,
                entry,
                f"add 'from' with one of {names}",
            )
            return Sources([], {})
        return Sources(
            [Source(self._block_input(entry.scope, block.inputs[0], place, entry), place, block.inputs[0])], {}
        )

    # -- References ---------------------------------------------------------------------------

    def _resolve(self, scope: Scope, text: str, place: Place, user: Entry | None) -> Refs:
        """What a reference stands for in a scope; empty, and reported, where that is nothing."""
        target = scope.names.get(text)
        if target is not None:
            return self._bare(target, place, user)
        first, *steps = text.split(".")
        if scope.block is not None and first in scope.block.inputs:
            if steps:
                self._error(
                    "unknown-port",
                    f"'{first}' is an input of the block and has no outputs by name",
                    place,
                    user,
                    f"write '{first}'",
                )
                return ()
            return self._block_input(scope, first, place, user)
        target = scope.names.get(first)
        if target is None:
            self._unknown_name(scope, first, place, user)
            return ()
        for position, step in enumerate(steps):
            if isinstance(target, Copies):
                if not target.in_chain:
                    names = ", ".join(f"'{copy.name}.{'.'.join(steps[position:])}'" for copy in target.entries[:4])
                    message = f"'{target.name}' stands for {len(target.entries)} copies, each with a '{step}'"
                    self._error(
                        "ambiguous-name",
                        f"{user.who}: {message}" if user is not None else message,
                        place,
                        user,
                        f"name one of them: {names}",
                        [Related("the copies", target.entries[0].origin.place)],
                    )
                    return ()
                target = target.entries[-1]
            if target.absent:
                return self._passed(target, place, user)
            if target.inner is None:
                return self._port(target, steps[position:], place, user)
            inside = target.inner
            ports = inside.block.ports if inside.block is not None else {}
            if step in ports or (step.isdigit() and step not in inside.names):
                return self._instance_port(target, step, steps[position + 1 :], place, user)
            found = inside.names.get(step)
            if found is None:
                self._unknown_member(target, step, place, user)
                return ()
            target = found
        return self._bare(target, place, user)

    def _target(self, scope: Scope, text: str, place: Place, user: Entry) -> Entry | Copies | None:
        """The item that a path of names leads to: what ``share`` names."""
        target: Entry | Copies | None = None
        names = scope.names
        for step in text.split("."):
            if isinstance(target, Copies) and target.in_chain:
                target = target.entries[-1]
            if isinstance(target, Entry) and target.inner is not None:
                names = target.inner.names
            elif target is not None:
                names = {}
            found = names.get(step)
            if found is None:
                if target is None:
                    self._unknown_name(scope, step, place, user)
                else:
                    self._error(
                        "unknown-name",
                        f"'{target.name}' has no member {show(step)}",
                        place,
                        user,
                        did_you_mean(step, names),
                    )
                return None
            if isinstance(found, Entry) and found.item.share is not None and not found.absent:
                self._share(found)
            target = found
        return target

    def _bare(self, target: Entry | Copies, place: Place, user: Entry | None) -> Refs:
        """What a name alone stands for: the first output; of copies side by side, those of all."""
        if isinstance(target, Copies):
            if target.in_chain:
                return self._bare(target.entries[-1], place, user)
            found: list[Ref] = []
            for entry in target.entries:
                found += self._bare(entry, place, user)
                if len(found) > MOST_LAYERS:  # absent copies that pass on all of other copies, and so on
                    self._error(
                        "too-large",
                        f"'{target.name}' stands for more than {MOST_LAYERS:,} layers",
                        place,
                        user,
                        "let 'else' name one layer",
                    )
                    return ()
            return tuple(found)
        if target.absent:
            return self._passed(target, place, user)
        if target.inner is not None:
            return self._instance_port(target, "0", [], place, user)
        return (Ref(target.full_name),)

    def _passed(self, target: Entry, place: Place, user: Entry | None) -> Refs:
        """What an absent item passes on: its ``else``, or its first input."""
        if target in self.bound:
            return self.bound[target][""]
        if target in self.binding:
            self._circle(target)
            return ()
        self.binding[target] = None
        listed: list[Source] = []
        if target.otherwise is not None:
            refs = self._resolve(target.scope, target.otherwise, target.origin.at("else"), target)
        elif target.chained is not None:
            refs = self._bare(target.chained, place, user)
        else:
            sources = self._sources(target, (Argument(""),))
            listed = sources.positional or [source for given in sources.named.values() for source in given]
            refs = listed[0].refs[:1] if listed else ()
        self.binding.popitem()
        self.bound[target] = {"": refs}
        if not listed and target.otherwise is None and target.chained is None:
            self._error(
                "unknown-name",
                f"'{target.name}' is absent here ('when' is false) and has no input to pass on",
                place,
                user,
                "add 'else', a reference that stands in for it",
            )
        return refs

    def _port(self, target: Entry, steps: list[str], place: Place, user: Entry | None) -> Refs:
        layer = target.layer
        if layer is None:
            return ()
        port = steps[0]
        if port in layer.port_options:
            target.options[layer.port_options[port]] = True
        ports = layer.ports(target.options)
        if len(steps) == 1 and port in ports:
            return (Ref(target.full_name, ports.index(port)),)
        if len(steps) == 1 and port.isdigit() and int(port[:6]) < len(ports):
            return (Ref(target.full_name, int(port)),)
        switched = layer.switched_ports()
        if port in switched:
            help = f"set {switched[port]} on '{target.name}'"
        else:
            available = [*ports, *layer.port_options]
            nested = (
                " (it is one layer: the members of a nested model cannot be reached)" if hasattr(layer, "graph") else ""
            )
            help = (did_you_mean(port, available) or f"outputs: {', '.join(available)}") + nested
        self._error(
            "unknown-port",
            f"{target.who} has no output {show('.'.join(steps))}",
            place,
            user,
            help,
            [Related("the layer", target.origin.place)],
        )
        return ()

    def _instance_port(self, target: Entry, port: str, rest: list[str], place: Place, user: Entry | None) -> Refs:
        inside = target.inner
        assert inside is not None
        assert inside.block is not None
        ports = inside.block.ports
        names = list(ports)
        if port not in ports:
            if not port.isdigit() or int(port[:6]) >= len(names):
                self._unknown_member(target, port, place, user)
                return ()
            port = names[int(port)]
        where = inside.place("outputs", port if isinstance(inside.block.outputs, dict) else names.index(port))
        reference = ".".join([self._text(inside, ports[port], where), *rest])
        return self._resolve(inside, reference, where, target)

    def _block_input(self, scope: Scope, name: str, place: Place, user: Entry | None) -> Refs:
        """What stands for a block's input: what its instance is given; in a nested model, its own Input."""
        if scope.instance is None:
            return (Ref(name),)
        refs = self._bindings(scope.instance).get(name)
        if refs is None:
            if not self.report.failed:
                self._error(
                    "missing-input",
                    f"{scope.instance.who} has nothing for its input '{name}'",
                    scope.instance.origin.place,
                    scope.instance,
                    f"add it to 'from': {{{name}: ...}}",
                )
            return ()
        return refs

    # -- Edges --------------------------------------------------------------------------------

    def _edges_into(self, entry: Entry) -> list[tuple[str, str | None, Place]]:
        scope = entry.scope
        if scope not in self.edges and (scope.instance is not None):
            self._read_edges(scope)
        into = self.edges.get(scope)
        if not into:
            return []
        name = entry.name if entry.named else ""
        found = into.get(name, [])
        if not found and entry.copy_of is not None:
            found = into.get(entry.copy_of, [])
        return found

    def _read_edges(self, scope: Scope) -> None:
        """The edges of a scope by the name they end at."""
        part = scope.block if scope.block is not None else scope.unit.spec
        edges: Sequence[tuple[str, ...] | Edge] | None = getattr(part, "edges", None)
        if edges is None:
            return
        into: dict[str, list[tuple[str, str | None, Place]]] = {}
        self.edges[scope] = into
        for index, edge in enumerate(edges):
            if isinstance(edge, Edge):
                pairs = [(edge.from_, edge.to, scope.place("edges", index, "from"), scope.place("edges", index, "to"))]
            else:
                pairs = [
                    (edge[i], edge[i + 1], scope.place("edges", index, i), scope.place("edges", index, i + 1))
                    for i in range(len(edge) - 1)
                ]
            for source, target, from_place, to_place in pairs:
                self._edge(
                    scope,
                    self._text(scope, source, from_place),
                    self._text(scope, target, to_place),
                    from_place,
                    to_place,
                    into,
                )

    def _text(self, scope: Scope, text: str, place: Place) -> str:
        """A reference that belongs to a scope and to no item of it, its values put in."""
        if "$" not in text:
            return text
        try:
            return str(substitute(text, scope.values, place, scope.frames, self.report))
        except Failed:
            return ""

    def _edge(
        self,
        scope: Scope,
        source: str,
        target: str,
        from_place: Place,
        to_place: Place,
        into: dict[str, list[tuple[str, str | None, Place]]],
    ) -> None:
        if not source or not target:  # an expression that failed
            return
        name, _, argument = target.partition(".")
        found = scope.names.get(name)
        if found is None:
            if scope.block is not None and name in scope.block.inputs:
                self._error(
                    "surplus-input",
                    f"an edge ends at '{name}', an input of the block",
                    to_place,
                    None,
                    "edges begin at inputs and end at layers",
                )
            else:
                self._unknown_name(scope, name, to_place, None)
            return
        if isinstance(found, Entry) and found.copy_of is not None:
            self._error(
                "surplus-input",
                f"an edge ends at '{name}', one copy of '{found.copy_of}'",
                to_place,
                None,
                f"let it end at '{found.copy_of}'",
            )
            return
        into.setdefault(name, []).append((source, argument or None, from_place))

    # -- Outputs ------------------------------------------------------------------------------

    def _outputs(self, graph: Graph, given: object) -> None:
        scope = self.root
        if given is None:
            self._prune(graph, None)
            read = {ref.node for node in graph.nodes.values() for ref in node.refs()}
            found = [
                Output(name, Ref(name))
                for name, node in graph.nodes.items()
                if name not in read and not isinstance(node.layer, Input)
            ]
            graph.outputs = tuple(found)
            graph.outputs_form = "one" if len(found) == 1 else "list"
        else:
            graph.outputs_given = True
            is_map = isinstance(given, dict) and scope.block is None
            outputs: list[Output] = []
            for label, text, place in self._entries(given):
                refs = self._resolve(scope, self._text(scope, text, place), place, None)
                if len(refs) > 1 and (scope.block is not None or is_map):
                    what = "an output of a nested model" if scope.block is not None else "a label"
                    self._error(
                        "ambiguous-name",
                        f"'{text}' stands for {len(refs)} copies, and {what} for one tensor",
                        place,
                        None,
                        "name one copy, or join them with Concatenate or Add",
                    )
                names = [label] if is_map else self._output_names(scope, label, text, refs)
                outputs += [Output(name, ref) for name, ref in zip(names, refs, strict=False)]
                self._check_output(refs, label, place, graph)
            self._unique(outputs, scope)
            graph.outputs = tuple(outputs)
            graph.outputs_form = "map" if is_map else "one" if len(outputs) == 1 else "list"
            self._prune(graph, {output.ref.node for output in outputs})
        if self.root.block is None and not self.report.failed:
            self._name_outputs(graph)

    def _entries(self, given: object) -> Iterator[tuple[str, str, Place]]:
        """What the spec says of each output: its label, the reference, where that stands."""
        if isinstance(given, dict):
            yield from ((label, text, self.root.place("outputs", label)) for label, text in given.items())
        else:
            assert isinstance(given, list | tuple)
            yield from ((text, text, self.root.place("outputs", index)) for index, text in enumerate(given))

    def _output_names(self, scope: Scope, label: str, text: str, refs: Refs) -> list[str]:
        """What the outputs of an entry are called: where a name stands for copies side by side, as each copy is."""
        target = scope.names.get(text)
        if isinstance(target, Copies) and not target.in_chain and len(refs) == len(target.entries):
            return [copy.name for copy in target.entries]
        return [label] if len(refs) == 1 else [ref.node for ref in refs]

    def _check_output(self, refs: Refs, label: str, place: Place, graph: Graph) -> None:
        if self.root.block is not None:
            return
        for ref in refs:
            node = graph.nodes.get(ref.node)
            if node is not None and isinstance(node.layer, Input):
                self._error(
                    "input-as-output",
                    f"the output '{label}' is the Input '{ref.node}' itself",
                    place,
                    None,
                    "an output is given by a layer; Identity passes a tensor on",
                )

    def _unique(self, outputs: list[Output], scope: Scope) -> None:
        seen: dict[str, int] = {}
        for index, output in enumerate(outputs):
            if output.name in seen:
                self._error(
                    "duplicate-output",
                    f"the output '{output.name}' is listed twice",
                    scope.place("outputs", index),
                    None,
                    "take one of the two away",
                    [Related("first here", scope.place("outputs", seen[output.name]))],
                )
            seen.setdefault(output.name, index)

    def _prune(self, graph: Graph, wanted: set[str] | None) -> None:
        """Leave out members of block instances that lead to none of its outputs and that nothing refers to."""
        nodes = graph.nodes
        if self.root.block is not None:
            keep = _ancestors(nodes, wanted or ())
            for name in [
                name for name, node in nodes.items() if name not in keep and not isinstance(node.layer, Input)
            ]:
                del nodes[name]
            _adopt(nodes)
            return
        if not any("." in name for name in nodes):
            return
        goals = wanted if wanted is not None else self._goals(graph)
        keep = _ancestors(nodes, goals)
        # An instance that leads nowhere with all its members stays, for `verify` to report.
        used = {name.split(".", 1)[0] for name in keep}
        for name in [name for name in nodes if "." in name and name not in keep and name.split(".", 1)[0] in used]:
            del nodes[name]
        _adopt(nodes)

    def _goals(self, graph: Graph) -> set[str]:
        """The nodes that outputs are chosen from: the file's own layers and what gives an instance's outputs."""
        goals = {name for name in graph.nodes if "." not in name}
        for entry in self._instances(self.root):
            goals |= {ref.node for ref in self._ports(entry)}
        return goals & set(graph.nodes)

    def _ports(self, entry: Entry) -> Iterator[Ref]:
        """What stands behind each output of an instance."""
        assert entry.inner is not None
        assert entry.inner.block is not None
        for port in entry.inner.block.ports:
            yield from self._instance_port(entry, port, [], entry.origin.place, None)

    def _instances(self, scope: Scope) -> Iterator[Entry]:
        """The instances among the file's own items; those inside others count through the outputs of these."""
        for entry in scope.entries:
            if entry.inner is not None and not entry.absent:
                yield entry

    def _name_outputs(self, graph: Graph) -> None:
        """Put an Identity named as the reference behind each output that Keras would name otherwise."""
        from specc import layers

        identity = layers.find("Identity")
        assert identity is not None
        named: list[Output] = []
        for output in graph.outputs:
            node = graph.nodes[output.ref.node]
            called_again = node.shares is not None and node.layer.stacks
            keras_names_it = output.ref.port == 0 and not called_again and output.name == node.name
            if keras_names_it or graph.outputs_form == "map":
                named.append(output)
                continue
            layer = identity()
            if output.name in graph.nodes:
                named.append(output._replace(renamed=called_again))
                continue
            graph.nodes[output.name] = Node(output.name, layer, {"inputs": output.ref}, node.origin)
            named.append(Output(output.name, Ref(output.name)))
        graph.outputs = tuple(named)

    # -- Reporting ----------------------------------------------------------------------------

    def _unknown_name(self, scope: Scope, name: str, place: Place, user: Entry | None) -> None:
        if name in scope.automatic:
            help = f"'{name}' is an automatic name; give the layer the name itself to refer to it"
            related = [Related("this layer", scope.automatic[name].origin.place)]
        else:
            self.unknown += 1
            known = list(
                islice(
                    chain(scope.names, scope.block.inputs if scope.block is not None else ()),
                    None if self.unknown <= MOST_HINTS else 11,
                )
            )
            listed = (
                f"names here: {', '.join(known[:10])}{', ...' if len(known) > 10 else ''}"
                if known
                else "no layer here has a name yet: give one a 'name'"
            )
            help = did_you_mean(name, known) or listed
            related = []
        message = f"there is no layer {show(name)}"
        self._error(
            "unknown-name", f"{user.who}: {message}" if user is not None else message, place, user, help, related
        )

    def _unknown_member(self, target: Entry, step: str, place: Place, user: Entry | None) -> None:
        inside = target.inner
        assert inside is not None
        known = [*(inside.block.ports if inside.block is not None else ()), *inside.names]
        known = list(dict.fromkeys(known))
        help = did_you_mean(step, known) or f"it has {', '.join(known[:10])}"
        self._error(
            "unknown-port",
            f"{target.who} has no output or member {show(step)}",
            place,
            user,
            help,
            [Related("the instance", target.origin.place)],
        )

    def _error(
        self,
        code: str,
        message: str,
        place: Place,
        user: Entry | None,
        help: str | None = None,
        related: Sequence[Related] = (),
    ) -> None:
        frames = user.origin.frames if user is not None else ()
        self.report.error(code, message, place, help=help, related=[*related, *through(frames)])


def replace_scope(scope: Scope, prefix: str, instance: Entry) -> Scope:
    """An empty scope for another call of an instance."""
    return Scope(prefix, scope.unit, scope.path, scope.values, scope.frames, scope.block, instance=instance)


def _signature(entry: Entry) -> Sequence[Argument]:
    if entry.layer is not None:
        return entry.layer.tensors
    if entry.inner is not None and entry.inner.block is not None:
        return [Argument(name) for name in entry.inner.block.inputs]
    return ()


def _open(entry: Entry) -> Sequence[Argument]:
    """The arguments that ``from`` fills by position."""
    return entry.layer.open_tensors() if entry.layer is not None else _signature(entry)


def _layers(scope: Scope) -> Iterator[Entry]:
    """The entries that are calls of layers, members of instances in the place of these."""
    stack = [iter(scope.entries)]
    while stack:
        for entry in stack[-1]:
            if entry.absent:
                continue
            if entry.inner is not None:
                stack.append(iter(entry.inner.entries))
                break
            if entry.layer is not None:
                yield entry
        else:
            stack.pop()


def _adopt(nodes: dict[str, Node]) -> None:
    """Where a layer's own call has been left out, make the first shared call of it the own one."""
    owners: dict[str, str] = {}
    for node in nodes.values():
        if node.shares is not None and node.shares not in nodes:
            owner = owners.setdefault(node.shares, node.name)
            node.shares = None if owner == node.name else owner


def _ancestors(nodes: dict[str, Node], goals: object) -> set[str]:
    """All nodes that lead to one of the goals, these included."""
    found = {name for name in goals if name in nodes}  # type: ignore[attr-defined]
    pending = list(found)
    while pending:
        for ref in nodes[pending.pop()].refs():
            if ref.node not in found and ref.node in nodes:
                found.add(ref.node)
                pending.append(ref.node)
    return found
