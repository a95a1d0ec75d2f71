"""The functions of a program: one for each block, found from the items that call it, read and wired."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from specc import layers
from specc.backends.python.program.function import Function, Style
from specc.backends.python.reading.expressions import Symbol, Unwritable, Var, value_of
from specc.backends.python.reading.facts import Facts, inner_graphs, inside_of
from specc.backends.python.reading.items import Part, Reader, number
from specc.backends.python.reading.needs import Needs, texts
from specc.backends.python.reading.references import Lent, Port, Use
from specc.backends.python.reading.scope import Scope
from specc.backends.python.reading.unread import Unread, outputs_in, with_ports
from specc.backends.python.writing.file import taken
from specc.backends.python.writing.text import Names
from specc.frontend.include import Unit
from specc.ir import Instance, Node, Program, TypedGraph
from specc.layers.base import Layer
from specc.operations.base import Operation
from specc.passes.expansion.blocks import Definition, blocks_of

_Key = tuple[Definition, Style]


class Again(Exception):
    """The layers of a block are called more than once."""

    def __init__(self, definition: Definition) -> None:
        super().__init__()
        self.block = definition.unit, definition.name


class Functions:
    """The functions of one file.

    ``fixed`` are vars whose values are written; ``again`` are blocks whose layers are called more than once, by their files
    and names; ``used`` gets the modules that the functions need.
    """

    def __init__(
        self,
        graph: TypedGraph,
        program: Program,
        fixed: frozenset[Var],
        again: frozenset[tuple[object, str]],
        used: set[str],
    ) -> None:
        self._program = program
        self._again = again
        self._used = used
        if any(map(_is_made_elsewhere, [graph, *inner_graphs(graph)])):
            raise Unwritable("a layer of an instance that only another call of the instance's layers leads to")
        self._facts = Facts(graph, program)
        self._blocks = with_ports(blocks_of(list(program.units)), [graph, *inner_graphs(graph)], program)
        names = Names(taken())
        definitions = dict.fromkeys(it for blocks in self._blocks.values() for it in blocks.values())
        self._names = {it: names.new(it.name, longest=30) for it in definitions}
        self._taken = names.taken | {f"{name}_model" for name in self._names.values()}
        self._needs = Needs(program, self._blocks, fixed)
        self._of: dict[_Key, Function] = {}
        self.root = self._made(program.units[0], None, "list" if graph.form == "sequential" else "tensors", {})
        self._find()

    def of(self, caller: Function, part: Part) -> Function:
        """The function of the block of an instance or nested model."""
        return self._of[self._key(caller, part)]

    def inside(self, caller: Function, block: str) -> Function:
        """The function of a block that a layer has inside it."""
        return self._of[self._blocks[self.unit(caller)][block], "model"]

    def unit(self, function: Function) -> Unit:
        """The file that a function's items are written in."""
        return self._program.units[0] if function.definition is None else function.definition.unit

    def called_first(self) -> list[Function]:
        """The functions of blocks, each after those that it calls."""
        found: dict[Function, None] = {}

        def visit(function: Function) -> None:
            for _, key, _ in self._calls(function):
                if self._of[key] not in found:
                    visit(self._of[key])
            if function is not self.root:
                found.setdefault(function)

        visit(self.root)
        return list(found)

    def results(self, function: Function) -> list[Use]:
        """What the function of a block gives."""
        assert function.definition is not None
        texts = [] if function.ends else list(function.definition.block.ports.values())
        uses = [function.scope.use(text, function.symbols) for text in texts]
        for port in function.further:
            if isinstance(port, Lent):
                uses.append(function.scope.lent(port.path, function.symbols))
            else:
                uses.append(function.scope.use(".".join(port), function.symbols))
        return [*function.ends, *uses]

    def is_list(self, function: Function, part: Part, port: Port) -> bool:
        """Whether an output of an instance is several tensors."""
        if isinstance(port, Lent):
            return False
        inner = self.of(function, function.scope.source_of(part))
        use = self.results(inner)[inner.results.index(port)]
        if use.part is None:
            return inner.definition is not None and use.name in inner.definition.block.many and use.copy is None
        if use.part.copies == "side" or use.copy == "all":
            return use.copy in (None, "all")
        source = inner.scope.source_of(use.part)
        first = inner.scope.ports_of(source)[0] if source.kind == "instance" else 0
        return source.kind == "instance" and self.is_list(inner, use.part, use.port or first)

    # -- Finding them -------------------------------------------------------------------------

    def _made(self, unit: Unit, definition: Definition | None, style: Style, given: Mapping[str, Any]) -> Function:
        """A function, its items read and wired."""
        name = "build_model" if definition is None else self._names[definition]
        if definition is not None and any(of is definition for of, _ in self._of):
            name = f"{name}_{style}"
        needs = self._needs.vars(definition)
        handed = () if definition is None else self._needs.handed(definition)
        arguments = () if definition is None else self._needs.arguments(definition)
        function = Function(name, style, definition, Names(self._taken), given, needs, handed)
        values = self._program.values
        known = {**{name: values[unit.head][name] for name in needs}, **values[unit]}
        called = () if definition is None else self._needs.layers(definition)
        symbols = {name: Symbol(None, it) for name, it in known.items()}
        function.declare(symbols, unit.head, arguments, called, self._used)
        function.defaults = unit.spec.defaults
        written = self._program.spec if definition is None else definition.block
        path = ("layers",) if definition is None else (*definition.path, "layers")
        reader = Reader(unit, path, function.symbols, self._facts, function.loop_name)
        parts = reader.read(written.layers, self._blocks[unit], {**values[unit], **given})
        if number(parts, tuple(function.variables)):
            raise Unwritable("automatic names that depend on conditions beside names like them")
        for part in parts:
            part.layers = self._needs.layers(part.definition) if part.definition is not None else ()
        heads = self._heads(definition, parts) if definition is not None else {}
        function.scope = Scope(written, parts, heads, {**values[unit], **given}, self._blocks, self._head)
        function.scope.take()
        return function

    def _heads(self, definition: Definition, parts: list[Part]) -> dict[str, Part]:
        """What a block is handed as layers, by the names of the arguments."""
        found: dict[str, Part] = {}
        for name in self._needs.layers(definition):
            user = next((part for part in parts if part.item.share == f"${name}" and part.member is not None), None)
            if user is None:  # it is only handed on
                found[name] = replace(parts[0], kind="layer", layers=())
                continue
            found[name] = self._head(user)
        return found

    def _head(self, user: Part) -> Part:
        """What stands for the layer that a part calls, where that is written elsewhere."""
        if user.member is None:
            raise user.symbols.fix(user.item.when)
        called = user.member.it
        if isinstance(called, Node):
            return replace(user, kind="layer", callee=called.layer)
        owner = user.member.graph.graph.instances[called.shares or called.name]
        unit = next(unit for unit in self._program.units if unit.document is owner.origin.place.document)
        return replace(user, kind="instance", definition=self._blocks[unit][owner.block])

    def _find(self) -> None:
        """Make the functions of all blocks, and find the members that other functions read."""
        pending = [self.root]
        open_models: set[Function] = set()
        while pending:
            function = pending.pop()
            for part, (definition, style), given in self._calls(function):
                if (definition, style) not in self._of:
                    made = self._made(definition.unit, definition, style, given)
                    self._of[definition, style] = made
                    self._relate(made, part)
                    pending.append(made)
                called = self._of[definition, style]
                if style == "model" and not self._declares_shapes(called, given):
                    open_models.add(called)
        for function in self._of.values():
            if function.style == "model" and function not in open_models:
                function.shapes = []
        for function in [self.root, *self._of.values()]:
            self._find_optional(function)
        while any(self._find_further(function) for function in [self.root, *self._of.values()]):
            pass

    def _find_optional(self, function: Function) -> None:
        """Note the inputs of blocks that instances in a function are not given."""
        for part, takes in function.scope.taken.items():
            if not part.absent and function.scope.source_of(part).kind == "instance":
                called = self.of(function, function.scope.source_of(part))
                called.optional |= called.variables.keys() - takes.bound.keys()

    def _calls(self, function: Function) -> Iterator[tuple[Part, _Key, Mapping[str, Any]]]:
        """The blocks that a function's items are, or that their layers have inside; the values that each is given."""
        unit = self.unit(function)
        for part in function.scope.parts:
            if part.absent:
                continue
            source = function.scope.source_of(part)
            is_again = function.style == "layers" and (part.definition is None or self._has_layers(part.definition))
            called = [source] if part is not source or is_again else []
            for it in [*called, *(called.part for called in function.scope.handed(part))]:
                if it.kind == "instance":
                    definition, style = self._key(function, it)
                    if style != "layers":
                        raise Again(definition)
            if part.kind == "share":
                continue
            if part.kind in ("instance", "model"):
                yield part, self._key(function, part), part.given
                continue
            for definition, _ in self._needs.called(part.item, unit):
                if part.member is None:
                    raise part.symbols.fix(part.item.when)
                yield part, (definition, "model"), inside_of(part.member, definition.name).graph.arguments

    def _has_layers(self, definition: Definition) -> bool:
        """Whether a block makes layers: without any, its function can be called any number of times."""
        for item in definition.block.layers:
            inner = self._blocks[definition.unit].get(item.type or "")
            cls = layers.find(item.type or "")
            is_operation = item.formula is not None or (cls is not None and issubclass(cls, Operation))
            if not is_operation and (inner is None or item.nested or self._has_layers(inner)):
                return True
        return False

    def _key(self, caller: Function, part: Part) -> _Key:
        definition = part.definition
        assert definition is not None
        if part.kind == "model":
            return definition, "model"
        is_again = (definition.unit, definition.name) in self._again
        return definition, "list" if caller.style == "list" else "layers" if is_again else "tensors"

    def _relate(self, function: Function, part: Part) -> None:
        """Find what a function has in the graph; ``part`` calls it."""
        definition, member = function.definition, part.member
        assert definition is not None
        if function.style == "model":
            assert member is not None
            function.inside = inside_of(member, definition.name)
        if definition.whole is None or definition.unit.spec.outputs is not None:  # type: ignore[attr-defined]
            return
        if member is None:
            raise part.symbols.fix(part.item.when)
        graph = member.graph.graph if function.inside is None else function.inside.graph
        refs = outputs_in(member, definition.name).values()
        if not refs:  # nothing reads them
            return
        around = member.it if isinstance(member.it, Instance) else None
        function.ends = Unread(function.scope).ends(graph, refs, around)

    def _declares_shapes(self, function: Function, given: Mapping[str, Any]) -> bool:
        """Whether a whole spec says all about the shapes of the inputs of a model that is made of it."""
        declared = function.declared.values()
        if not declared or any(arguments.keys() & {"batch_shape", "batch_size"} for arguments in declared):
            return False
        values = {**self._program.values[self.unit(function)], **given}
        return all(None not in value_of(arguments["shape"], values) for arguments in declared)

    def _find_further(self, function: Function) -> bool:
        """Note the members of instances that a function reads; whether there are any new ones."""
        changed = False
        scope = function.scope
        uses = [use for part, taken in scope.taken.items() for use in [*scope.reads(part), *taken.passed]]
        uses += listed(self._program.spec.outputs, function) if function is self.root else self.results(function)
        for use in (it for several in uses for it in several.each):
            if use.part is not None and use.port != Lent() and isinstance(use.port, tuple | Lent):
                inner = self.of(function, scope.source_of(use.part))
                if use.port not in inner.further:
                    inner.further.append(use.port)
                    changed = True
        return changed


def _is_made_elsewhere(graph: TypedGraph) -> bool:
    """Whether an instance that calls the layers of another has one of its own, as nothing reads that of the other."""
    own = (node for node in graph.nodes.values() if node.shares is None and isinstance(node.layer, Layer))
    return any(around.shares is not None for node in own for around in graph.graph.around(node))


def listed(outputs: Any, function: Function) -> list[Use]:
    """The outputs that a spec lists; ``function`` builds the model."""
    return function.scope.listed(texts(outputs), function.symbols)
