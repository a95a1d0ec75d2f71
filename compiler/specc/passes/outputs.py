"""The outputs of a graph: what the spec says, else what nothing consumes; what leads to none of them is left out."""

from __future__ import annotations

from collections.abc import Iterator

from specc.diagnostics import Related
from specc.ir import Graph, Node, Output, Ref
from specc.layers.core import Input
from specc.passes.references import References, Refs
from specc.passes.scopes import Copies, Entry, Scope
from specc.source import Place


class Outputs:
    """Chooses and names the outputs of the graph that a scope became."""

    def __init__(self, scope: Scope, references: References) -> None:
        self.scope = scope
        self.references = references

    def choose(self, graph: Graph, given: object) -> None:
        """Give the graph its outputs; ``given`` is what the spec says of them."""
        scope = self.scope
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
                refs = self.references.resolve(scope, self.references.text(scope, text, place), place, None)
                if len(refs) > 1 and (scope.block is not None or is_map):
                    what = "an output of a nested model" if scope.block is not None else "a label"
                    self.references.error(
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
        if self.scope.block is None and not self.references.report.failed:
            self._name_outputs(graph)

    def _entries(self, given: object) -> Iterator[tuple[str, str, Place]]:
        """What the spec says of each output: its label, the reference, where that stands."""
        if isinstance(given, dict):
            self.references.labels = {text: label for label, text in given.items()}
            yield from ((label, text, self.scope.place("outputs", label)) for label, text in given.items())
        else:
            assert isinstance(given, list | tuple)
            self.references.spend(len(given), self.scope.place("outputs"), None)
            yield from ((text, text, self.scope.place("outputs", index)) for index, text in enumerate(given))

    def resolve(self, given: object) -> None:
        """Report what is wrong with the references of outputs that cannot be chosen yet."""
        for _, text, place in self._entries(given):
            self.references.resolve(self.scope, self.references.text(self.scope, text, place), place, None)

    def _output_names(self, scope: Scope, label: str, text: str, refs: Refs) -> list[str]:
        """What the outputs of an entry are called: where a name stands for copies side by side, as each copy is."""
        target = scope.names.get(text)
        if isinstance(target, Copies) and not target.in_chain and len(refs) == len(target.entries):
            return [copy.name for copy in target.entries]
        return [label] if len(refs) == 1 else [ref.node for ref in refs]

    def _check_output(self, refs: Refs, label: str, place: Place, graph: Graph) -> None:
        if self.scope.block is not None:
            return
        for ref in refs:
            node = graph.nodes.get(ref.node)
            if node is not None and isinstance(node.layer, Input):
                self.references.error(
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
                self.references.error(
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
        if self.scope.block is not None:
            keep = _ancestors(nodes, wanted or ())
            for name in [
                name for name, node in nodes.items() if name not in keep and not isinstance(node.layer, Input)
            ]:
                del nodes[name]
            _adopt(nodes)
            return
        members = [name for name in nodes if "." in name]
        if not members:
            return
        goals = wanted if wanted is not None else self._goals(graph)
        keep = _ancestors(nodes, goals)
        # An instance that leads nowhere with all its members stays, for `verify` to report.
        used = {name.split(".", 1)[0] for name in members if name in keep}
        for name in members:
            if name not in keep and name.split(".", 1)[0] in used:
                del nodes[name]
        _adopt(nodes)

    def _goals(self, graph: Graph) -> set[str]:
        """The nodes that outputs are chosen from: the file's own layers and what gives an instance's outputs."""
        goals = {name for name in graph.nodes if "." not in name}
        for entry in self._instances(self.scope):
            goals |= {ref.node for ref in self._ports(entry)}
        return goals & set(graph.nodes)

    def _ports(self, entry: Entry) -> Iterator[Ref]:
        """What stands behind each output of an instance."""
        assert entry.inner is not None
        assert entry.inner.block is not None
        for port in entry.inner.block.ports:
            yield from self.references.instance_port(entry, port, [], entry.origin.place, None)

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
            if output.name in graph.nodes:
                named.append(output._replace(renamed=called_again))
                continue
            graph.nodes[output.name] = Node(output.name, identity(), {"inputs": output.ref}, node.origin, naming=True)
            named.append(Output(output.name, Ref(output.name)))
        graph.outputs = tuple(named)


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
