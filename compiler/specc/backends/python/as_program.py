"""The source of a graph in the form of its spec: blocks are functions, counts are loops, vars are parameters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from specc.backends.python import words
from specc.backends.python.body import Body
from specc.backends.python.calls import Calls
from specc.backends.python.chain import Chain
from specc.backends.python.ends import Ends
from specc.backends.python.expressions import Fixed, Symbol, Symbols, Unwritable, names_in
from specc.backends.python.facts import Facts, inner_graphs
from specc.backends.python.file import (
    assemble,
    layer_names,
    mask_counts,
    named_operations,
    needs_name,
    surroundings,
    taken,
)
from specc.backends.python.function import Function, Style, WrittenCalls, filled
from specc.backends.python.items import Part, Reader, number
from specc.backends.python.needs import Needs
from specc.backends.python.scope import Scope, Use
from specc.backends.python.statements import (
    AnyStatement,
    Assign,
    Comment,
    Define,
    Line,
    lines,
    merged,
    returning,
    tuple_of,
)
from specc.backends.python.text import Expression, Group, Names, lay_out, quote
from specc.backends.python.words import docstring
from specc.frontend.comments import comments, head
from specc.frontend.include import Unit
from specc.frontend.schema import Spec
from specc.ir import Program, TypedGraph
from specc.layers.core import Input
from specc.operations.base import Operation
from specc.passes.expansion.blocks import Definition, blocks_of

_MOST_ATTEMPTS = 100
_HANDED = {"trainable": "True", "dtype": "None"}
"""The defaults of what instances pass on to the layers of their blocks."""


def source(graph: TypedGraph) -> str | None:
    """The source; None for a graph without a spec, or if the spec has something that Python has no form for here."""
    program = graph.graph.program
    if program is None or any(unit.whole is not None for unit in program.units):
        return None  # the blocks of a whole spec see the values that its instance is given
    fixed: frozenset[str] = frozenset(name for name, value in program.vars.items() if isinstance(value, dict))
    again: frozenset[tuple[Unit, str]] = frozenset()
    for _ in range(_MOST_ATTEMPTS):
        try:
            return _File(graph, program, fixed, again).text()
        except Fixed as found:
            fixed |= found.names
        except _Again as found:
            again |= {found.block}
        except (
            Unwritable,
            LookupError,
            ValueError,
            TypeError,
            AttributeError,
            AssertionError,
        ):  # then the graph is written as it is
            return None
    return None


class _Again(Exception):
    """The layers of a block are called more than once."""

    def __init__(self, definition: Definition) -> None:
        super().__init__()
        self.block = definition.unit, definition.name


class _File:
    """One file in the making.

    ``fixed`` are vars whose values are written, not parameters; ``again`` are blocks whose layers are called more than once,
    by their files and names.
    """

    def __init__(
        self,
        graph: TypedGraph,
        program: Program,
        fixed: frozenset[str],
        again: frozenset[tuple[Unit, str]] = frozenset(),
    ) -> None:
        self.graph = graph
        self.program = program
        self.used: set[str] = set()
        self.functions: dict[tuple[Definition, Style], Function] = {}
        self._facts = Facts(graph, program)
        self._blocks = blocks_of(list(program.units))
        self._again = again
        self._names = Names(taken())
        definitions = dict.fromkeys(it for blocks in self._blocks.values() for it in blocks.values())
        self._function_names = {it: self._names.new(it.name, longest=30) for it in definitions}
        self._taken = self._names.taken | {f"{name}_model" for name in self._function_names.values()}
        self._graphs = [graph, *inner_graphs(graph)]
        self._layer_names = layer_names(self._graphs)
        self._named = named_operations(graph, set())
        style: Style = "list" if graph.form == "sequential" else "tensors"
        self._needs = Needs(program, self._blocks, fixed)
        self._root = self._function(program.units[0], None, style, {})
        self._find_functions()

    @property
    def spec(self) -> Spec:
        """The spec itself."""
        return self.program.spec

    # -- Functions ----------------------------------------------------------------------------

    def _function(self, unit: Unit, definition: Definition | None, style: Style, given: Mapping[str, Any]) -> Function:
        """A function, its items read and wired."""
        blocks = self._blocks[unit]
        name = "build_model" if definition is None else self._function_names[definition]
        if definition is not None and any(of is definition for of, _ in self.functions):
            name = f"{name}_{style}"
        needs = self._needs.vars(definition)
        handed = () if definition is None else self._needs.handed(definition)
        function = Function(name, style, definition, Names(self._taken), given, needs, handed)
        known = {name: Symbol(None, value) for name, value in self.program.values[unit].items()}
        is_included = definition is not None and unit is not self.program.units[0]
        function.declare(known if is_included else self._known(), self.used)
        function.defaults = unit.spec.defaults
        written = self.spec if definition is None else definition.block
        path = ("layers",) if definition is None else (*definition.path, "layers")
        reader = Reader(unit, path, function.symbols, self._facts, function.loop_name)
        values = {**self.program.values[unit], **given}
        parts = reader.read(written.layers, blocks, values)
        if number(parts, tuple(function.variables)):
            raise Unwritable
        function.scope = Scope(written, parts, blocks)
        function.scope.take()
        return function

    def _known(self) -> dict[str, Symbol]:
        """The vars of the spec, as far as they are not taken by a function."""
        values = self.program.values[self.program.units[0]]
        return {name: Symbol(None, values[name]) for name in self.program.vars}

    def _find_functions(self) -> None:
        """Make the functions of all blocks, and find the members that other functions read."""
        pending = [self._root]
        while pending:
            function = pending.pop()
            for part in function.scope.parts:
                if part.absent:
                    continue
                source = function.scope.source_of(part)
                if source.kind == "instance" and (part is not source or function.style == "layers"):
                    definition = self._key(function, source)[0]
                    if not self._is_again(definition):
                        raise _Again(definition)
                if part.kind in ("instance", "model"):
                    key = self._key(function, part)
                    if key not in self.functions:
                        self.functions[key] = made = self._function(key[0].unit, key[0], key[1], part.given)
                        made.inside = self._facts.model_of(self._unit(function), part.path)
                        pending.append(made)
        changed = True
        while changed:
            found = [self._find_further(function) for function in [self._root, *self.functions.values()]]
            changed = any(found)

    def _find_further(self, function: Function) -> bool:
        """Note the members of instances that a function reads; whether there are any new ones."""
        changed = False
        scope = function.scope
        uses = [use for taken in scope.taken.values() for uses in [*taken.bound.values(), taken.passed] for use in uses]
        uses += [scope.use(".".join(path), function.symbols) for path in function.further]
        uses += self._results(function) if function.definition is not None else Ends(self, function).listed()
        for use in uses:
            if use.part is not None and isinstance(use.port, tuple):
                inner = self.function(function, scope.source_of(use.part))
                if use.port not in inner.further:
                    inner.further.append(use.port)
                    changed = True
        return changed

    def _key(self, caller: Function, part: Part) -> tuple[Definition, Style]:
        unit = self._unit(caller)
        definition = self._blocks[unit][part.block]
        if part.kind == "model":
            return definition, "model"
        return definition, "list" if caller.style == "list" else "layers" if self._is_again(definition) else "tensors"

    def _is_again(self, definition: Definition) -> bool:
        return (definition.unit, definition.name) in self._again

    def _unit(self, function: Function) -> Unit:
        """The file that a function's items are written in."""
        return self.program.units[0] if function.definition is None else function.definition.unit

    def function(self, caller: Function, part: Part) -> Function:
        """The function of the block of an instance or nested model."""
        return self.functions[self._key(caller, part)]

    # -- Text ---------------------------------------------------------------------------------

    def text(self) -> str:
        """The whole file."""
        functions = [list(self._lines_of(function)) for function in self._called_first()]
        functions.append(list(self._build_model()))
        return assemble(functions, self.used)

    def _called_first(self) -> list[Function]:
        """The functions, each after those that it calls."""
        found: dict[Function, None] = {}

        def visit(function: Function) -> None:
            for part in function.scope.parts:
                if part.kind in ("instance", "model") and not part.absent:
                    inner = self.function(function, part)
                    if inner not in found:
                        visit(inner)
            if function is not self._root:
                found.setdefault(function)

        visit(self._root)
        return list(found)

    def _results(self, function: Function) -> list[Use]:
        """What the function of a block gives."""
        assert function.definition is not None
        texts = [*function.definition.block.ports.values(), *(".".join(path) for path in function.further)]
        return [function.scope.use(text, function.symbols) for text in texts]

    def _lines_of(self, function: Function) -> Iterator[str]:
        """A block's function."""
        definition = function.definition
        assert definition is not None
        results = self._results(function)
        if function.style == "list":
            chain = Chain(self, function, results)
            statements = [*chain.statements(), Line(chain.listed(), "return ")]
        else:
            body = Body(self, function, results)
            statements = body.statements()
            gives: list[Expression] = [body.one(use) for use in results]
            if function.style == "model":
                statements = [*self._inputs(function), *statements]
                gives = [self._inner_model(function, gives)]
            statements = returning(statements, tuple_of(gives))
            if function.style == "layers":
                call = function.names.new("call")
                taken = [*function.variables.values(), *["name=name"] * self.names_calls(function)]
                call_function = Define(Group.call(call, taken), statements)
                statements = [*merged(body.making), call_function, Line(call, "return ")]
        yield from lay_out(self._signature(function), 0, "def ", ":")
        args, at = definition.block.args, (definition.unit.document, definition.path)
        said = definition.block.description or " ".join(comments(*at, "key") if definition.path else head(at[0]))
        parameters = {
            function.parameters[name]: args.descriptions.get(name) or " ".join(comments(at[0], (*at[1], "args", name)))
            for name in args
        }
        yield from docstring(said or _DOCSTRINGS[function.style], parameters)
        yield from lines([*self._defaults(function), *statements], 4)

    def _inputs(self, function: Function) -> Iterator[AnyStatement]:
        """The inputs of a separate model, of the shapes that its function is given."""
        assert function.inside is not None
        calls = Calls(set(), lambda model: model, is_nested=True)
        for (name, variable), shape in zip(function.variables.items(), function.shapes, strict=True):
            layer = function.inside.nodes[name].layer
            assert isinstance(layer, Input)
            made = filled(calls.input(layer, quote(name)), self.used)
            assert isinstance(made, Group)
            if made.items[0][0] != "shape=":
                raise Unwritable
            yield Assign(variable, Group(made.head, "()", (("shape=", shape), *made.items[1:])))

    def _inner_model(self, function: Function, gives: list[Expression]) -> Expression:
        inputs = list(function.variables.values())
        taken = inputs[0] if len(inputs) == 1 else Group.display("[]", inputs)
        given = gives[0] if len(gives) == 1 else Group.display("[]", gives)
        made = Group.call("keras.Model", (), [("inputs", taken), ("outputs", given), ("name", "name")])
        assert function.inside is not None
        return settled(made, function.inside, self.used)

    def _signature(self, function: Function) -> Group:
        """What a block's function takes."""
        assert function.definition is not None
        args = function.definition.block.args
        tensors = {"list": [], "layers": [], "model": function.shapes}.get(
            function.style, list(function.variables.values())
        )
        items = [("", name) for name in tensors]
        required = function.definition.block.required
        items += [("", function.parameters[name]) for name in required]
        for name, default in args.items():
            if name not in required:
                value = literal_or_none(function.symbols, default)
                items.append((f"{function.parameters[name]}=", value))
        items += [(f"{text}=", _HANDED[name]) for name, text in function.handed.items()]
        needed = [("", function.vars[name].text or "") for name in function.needs]
        items += [("", "*"), *needed, ("", "name")]
        return Group(function.name, "()", tuple(items))

    def _defaults(self, function: Function) -> Iterator[AnyStatement]:
        """The defaults of a block's arguments that are computed from others."""
        from specc.backends.python.statements import Branch

        assert function.definition is not None
        for name, default in function.definition.block.args.items():
            if default is not None and literal_or_none(function.symbols, default) == "None":
                parameter = function.parameters[name]
                yield Branch(f"{parameter} is None", [Assign(parameter, function.symbols.express(default))])

    def _build_model(self) -> Iterator[str]:
        """The function that builds the model."""
        training = self.graph.graph.training
        ends = Ends(self, self._root)
        if self._root.style == "list":
            chain = Chain(self, self._root, ends.uses())
            statements = [*self._computed(), *chain.statements()]
            made = Group.call("keras.Sequential", [chain.listed()], [("name", quote(self.graph.name))])
            model: Expression = settled(made, self.graph, self.used)
        else:
            body = Body(self, self._root, ends.uses())
            statements = [*self._computed(), *body.statements(), *ends.statements(body)]
            model = ends.model(body)
        if training is not None:
            statements += [Assign("model", model), Line(self._compile(), "", ""), Line("model", "return ")]
        else:
            statements.append(Line(model, "return "))
        taken = []
        for name in self._root.needs:
            if not names_in(self.program.vars[name]):
                taken.append((f"{self._root.vars[name].text}=", Symbols({}).express(self.program.vars[name])))
        yield from lay_out(Group("build_model", "()", tuple(taken)), 0, "def ", ") -> keras.Model:"[1:])
        document = self.program.units[0].document
        built = f"Build {'and compile ' if training is not None else ''}the model."
        parameters = {
            self._root.vars[name].text or "": self.spec.vars.descriptions.get(name)
            or " ".join(comments(document, ("vars", name)))
            for name in self._root.needs
            if not names_in(self.program.vars[name])
        }
        yield from docstring(self.spec.description or " ".join(head(document)) or built, parameters)
        yield from mask_counts(self._graphs)
        setup, restore = surroundings(self.graph, self._graphs, self.used)
        yield from setup
        if setup:
            yield "    try:"
        yield from lines(statements, 8 if setup else 4)
        if restore:
            yield "    finally:"
            yield from restore

    def _computed(self) -> Iterator[AnyStatement]:
        """The vars that are computed from others, each after those."""
        waiting = [name for name in self._root.needs if names_in(self.program.vars[name])]
        while waiting:
            name = next(name for name in waiting if not names_in(self.program.vars[name]) & set(waiting) - {name})
            waiting.remove(name)
            said = self.spec.vars.descriptions.get(name)
            texts = [said] if said else comments(self.program.units[0].document, ("vars", name))
            yield from (Comment(line) for line in words.comments(texts, 4))
            yield Assign(self._root.vars[name].text or "", self._root.symbols.express(self.program.vars[name]))

    def _compile(self) -> Group:
        """The call of ``compile``."""
        training = self.graph.graph.training
        assert training is not None
        given = training.arguments([output.name for output in self.graph.graph.outputs])
        item = self._root.scope.parts[0]
        calls = WrittenCalls(_of_compile(item, self.program), self._root.symbols)
        written = self.spec.compile or {}
        arguments = [
            (name, filled(calls.template(name, value, written.get(name)), self.used)) for name, value in given.items()
        ]
        return Group.call("model.compile", (), arguments)

    # -- What functions ask -------------------------------------------------------------------

    def comments(self, function: Function, part: Part) -> list[str]:
        """What the spec says about an item."""
        said = [part.item.description] if part.item.description else []
        return words.comments([*said, *comments(self._unit(function).document, part.path)], 4)

    def names_calls(self, function: Function) -> bool:
        """Whether the calls of the layers of a block have names, as there are operations that must have theirs."""
        if function.style != "layers":
            return False
        parts = [part for part in function.scope.parts if not part.absent]
        inner = [self.function(function, part) for part in parts if part.kind == "instance"]
        named = (part.kind in ("operation", "formula") and self.is_named(function, part) for part in parts)
        return any(named) or any(map(self.names_calls, inner))

    def is_named(self, function: Function, part: Part) -> bool:
        """Whether an operation must have its name."""
        operation = function.scope.source_of(part).callee
        assert isinstance(operation, Operation)
        if needs_name(operation, self._layer_names):
            return True
        is_output = part.member is not None and part.member.it.name in self._named
        return function is self._root and part.copies == "one" and is_output


_DOCSTRINGS: dict[Style, str] = {
    "tensors": "Apply the block; its layers have the instance's name before their own.",
    "list": "The layers of the block, with the instance's name before their own.",
    "model": "Build the nested model.",
    "layers": "Make the layers of the block, for any number of calls.",
}


def settled(model: Group, graph: TypedGraph, used: set[str]) -> Group:
    """The model, with the layers frozen that Keras's constructors leave trainable."""
    if not any(node.layer.ctor_ignores_trainable and node.layer.frozen for node in graph.nodes.values()):
        return model
    used.add("settled")
    return Group.call("settled", [model])


def literal_or_none(symbols: Symbols, default: Any) -> Any:
    """A default of a parameter: its value, or None if it is computed in the function."""
    return symbols.express(default) if symbols.is_known(default) else "None"


def _of_compile(part: Part, program: Program) -> Part:
    from dataclasses import replace

    return replace(part, values=program.values[program.units[0]])
