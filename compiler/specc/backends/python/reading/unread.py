"""What nothing reads of a list of items: the outputs of a spec that lists none, also where it is used as a block."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from specc.backends.python.reading.expressions import Unwritable
from specc.backends.python.reading.facts import Member, inside_of, lists_of, models_in, path_of
from specc.backends.python.reading.items import Part
from specc.backends.python.reading.keys import Key
from specc.backends.python.reading.references import Port, Use
from specc.backends.python.reading.scope import Scope
from specc.frontend.include import Unit
from specc.frontend.whole_spec import WholeSpec
from specc.ir import Graph, Instance, Node, Program, Ref, TypedGraph
from specc.passes.expansion.blocks import Blocks, Definition


def outputs_in(member: Member, block: str) -> dict[str, Ref]:
    """The outputs of an instance of a block, or of the nested model that a node is or has inside it, by their names."""
    if isinstance(member.it, Instance):
        return {name: refs[0] for name, refs in member.it.outputs.items() if refs}
    return {output.name: output.ref for output in inside_of(member, block).graph.outputs}


def with_ports(blocks: Mapping[Unit, Blocks], graphs: list[TypedGraph], program: Program) -> dict[Unit, Blocks]:
    """The blocks, whole specs that list no outputs with the names of those that they have somewhere in the graphs."""
    found: dict[Definition, list[str]] = {}
    for member in (member for graph in graphs for member in _called(graph)):
        it = member.it
        kinds = [it.block] if isinstance(it, Instance) else [model.block or "" for model in models_in(it)]
        for unit in program.units:
            for kind in kinds if unit.document is it.origin.place.document else ():
                definition = blocks[unit].get(kind)
                if definition is not None and definition.whole is not None and definition.whole.outputs is None:
                    found.setdefault(definition, list(outputs_in(member, definition.name)))
    changed = {it: _with_outputs(it, names) for it, names in found.items()}
    return {unit: {name: changed.get(it, it) for name, it in seen.items()} for unit, seen in blocks.items()}


def _with_outputs(definition: Definition, names: list[str]) -> Definition:
    assert definition.whole is not None
    fields = {name: getattr(definition.whole, name) for name in WholeSpec.model_fields}
    return replace(definition, whole=WholeSpec.model_construct(**{**fields, "outputs": {it: it for it in names}}))


def _called(part: TypedGraph) -> list[Member]:
    nodes = [node for node in part.graph.nodes.values() if any(models_in(node))] if part.models else []
    called: list[Node | Instance] = [*part.graph.instances.values(), *nodes]
    return [Member(part, it) for it in called]


class Unread:
    """The ends of a list of items."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._reads: dict[tuple[Part, Port], set[Part]] = {}
        for part, taken in scope.taken.items():
            uses = [] if part.absent else [*scope.reads(part), *taken.passed]
            for source in map(self._source, uses):
                if source is not None:
                    self._reads.setdefault(source, set()).add(part)

    def ends(self, graph: Graph, refs: Iterable[Ref], around: Instance | None = None) -> list[Use]:
        """What gives the outputs of a graph, or of an instance in it, whatever the conditions are."""
        found: list[Use] = []
        for ref in refs:
            use = self._last(self._use_of(graph, ref, around))
            if not found or found[-1][:3] != use[:3]:
                found.append(use)
        read_parts = {part for part, _ in self._reads}
        for part in self._scope.parts:
            is_end = any(use.part is part for use in found)
            if part.absent or part.kind == "input":
                continue
            if (part not in read_parts) != is_end and part.kind != "instance":
                raise Unwritable("an output that something reads, or would read with other conditions")
            if part.copies != "one":
                self._check_copies(part)
            if part.when is not None:
                self._check_conditional(part, is_end)
                is_named = is_end and around is None and graph.block is None
                if is_named and any(_has_other_name(*it) for it in self._passed((part, 0))):
                    raise part.symbols.fix(part.when)
        return found

    def _check_copies(self, part: Part) -> None:
        """Whether with more copies there would be other outputs: then their number cannot change."""
        taken = self._scope.taken.values()
        uses = [use for it in taken for uses in [*it.bound.values(), it.passed] for use in uses if use.part is part]
        if uses and all(isinstance(use.copy, int | Key) for use in uses):
            count = next(iter(lists_of(part.item).values()), part.item.repeat)
            if not part.around.is_known(count):
                raise part.around.fix(count)

    def _use_of(self, graph: Graph, ref: Ref, around: Instance | None) -> Use:
        """What an output is an output of: an item of the list."""
        way = graph.way_to(graph.nodes[ref.node])
        top = way[0 if around is None else way.index(around) + 1]
        part = next((it for it in self._scope.parts if it.path == path_of(top)), None)
        if part is None or (part.kind == "share" and part.copies != "one"):
            raise Unwritable("an output of copies that are calls of another layer")
        port: Any = ref.port
        if isinstance(top, Instance):
            index = next((index for index, refs in enumerate(top.outputs.values()) if ref in refs), None)
            if index is None:
                raise Unwritable("an output that is none of its block")
            port = self._scope.ports_of(self._scope.source_of(part))[index]
        if part.copies == "chain" and top.copy is not None and top.copy.index != top.copy.count - 1:
            raise Unwritable("an output of one of several copies")
        return Use(part, "", port)

    def _last(self, use: Use) -> Use:
        """An output, or that of an item after it which the graph does not have, and which passes it on."""
        for _ in self._scope.parts:
            source = self._source(use)
            readers = self._reads.get(source, set()) if source is not None else set()
            if len(readers) != 1 or (use.part is not None and use.part.copies == "side"):
                break
            (part,) = readers
            is_optional = part.when is not None or part.copies == "chain"
            if not is_optional or [self._source(it) for it in self._scope.taken[part].passed] != [source]:
                break
            use = Use(part, "", self._scope.port(part, None))
        return use

    def _check_conditional(self, part: Part, is_end: bool) -> None:
        """Whether without a part other outputs would be left: then its condition cannot change."""
        taken = self._scope.taken[part]
        passed = [self._source(use) for use in taken.passed]
        for source in (self._source(use) for uses in taken.bound.values() for use in uses):
            if source is None:
                continue
            others = self._reads.get(source, set()) - {part}
            is_read = any(other.when is None for other in others)
            if (source in passed and is_end and is_read) or (source not in passed and not is_read):
                raise part.symbols.fix(part.when)

    def _passed(self, source: tuple[Part, Port]) -> Iterator[tuple[Part, Port]]:
        """An output, and those that stand for it where items are left out."""
        for _ in self._scope.parts:
            yield source
            passed = self._scope.taken[source[0]].passed if source[0].when is not None else []
            following = self._source(passed[0]) if passed else None
            if following is None:
                return
            source = following

    def _source(self, use: Use) -> tuple[Part, Port] | None:
        """The item and the output that a use leads to; None for an input of the block."""
        found = self._scope.resolved(use)
        return None if found.part is None else (found.part, self._scope.port(found.part, found.port))


def _has_other_name(part: Part, port: Port) -> bool:
    """Whether Keras would call an output otherwise, so that the source names it."""
    return part.kind in ("instance", "share", "operation", "formula") or part.copies != "one" or port != 0
