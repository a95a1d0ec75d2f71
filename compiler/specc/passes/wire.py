"""Scopes to Graph: every reference becomes the output of a node that it stands for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from specc.diagnostics import Related, Report
from specc.diagnostics.suggest import did_you_mean
from specc.diagnostics.text_safety import shorten, show
from specc.frontend.schema import Edge
from specc.ir import Graph, Node, Ref
from specc.layers.base import Argument
from specc.layers.core import Input
from specc.passes.layer_items import option_problems
from specc.passes.outputs import Outputs
from specc.passes.references import EdgeEnd, Refs, Source, Sources
from specc.passes.scopes import Copies, Entry, Scope
from specc.source import Origin, Place


def wire(scope: Scope, name: str, report: Report, origin: Origin, outputs: object = None) -> Graph:
    """The graph of a scope: the file's, or the inside of a nested model, whose block inputs become Input nodes.

    ``outputs`` is what the spec says of them: references in a list, by label in a map, or None.
    """
    return _Wiring(scope, report).graph(name, origin, outputs)


class _Wiring(Outputs):
    """Makes the nodes of one graph: the file's, or a nested model's."""

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
            if entry.broken:
                self._sources(entry, (Argument(""),))
            else:
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
            if entry.item.share is not None and not entry.absent and not entry.broken:
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
                rest[0].end,
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
                    "unknown-input", f"{entry.who} has no {kind} {show(name)} for a tensor", given[0].end, entry, help
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
            for text, argument, place, target in edges:
                source = self._source(entry, text, place)
                source.target = target
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
            named = {name: self._list(entry, value, name) for name, value in given.items()}
            for name, sources in named.items():
                sources[0].target = entry.origin.at("from", name, part="key")
            return Sources([], named)
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

    # -- Edges --------------------------------------------------------------------------------

    def _edges_into(self, entry: Entry) -> list[EdgeEnd]:
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
        into: dict[str, list[EdgeEnd]] = {}
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

    def _edge(
        self,
        scope: Scope,
        source: str,
        target: str,
        from_place: Place,
        to_place: Place,
        into: dict[str, list[EdgeEnd]],
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
        into.setdefault(name, []).append((source, argument or None, from_place, to_place))


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
    """The entries that are calls of layers, or broken; members of instances in the place of these."""
    stack = [iter(scope.entries)]
    while stack:
        for entry in stack[-1]:
            if entry.absent:
                continue
            if entry.inner is not None:
                stack.append(iter(entry.inner.entries))
                break
            if entry.layer is not None or entry.broken:
                yield entry
        else:
            stack.pop()
