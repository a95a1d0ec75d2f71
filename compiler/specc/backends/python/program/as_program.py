"""The source of a graph in the form of its spec: blocks are functions, counts are loops, vars are parameters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from specc.backends.python.program.body import Body
from specc.backends.python.program.chain import Chain
from specc.backends.python.program.ends import Ends
from specc.backends.python.program.function import Function, WrittenCalls, filled
from specc.backends.python.program.functions import Again, Functions
from specc.backends.python.program.keras_objects import declare, given_to_instances
from specc.backends.python.program.signature import beginning, computed_defaults, tensors
from specc.backends.python.reading.expressions import Fixed, Symbols, Unwritable, Var, names_in, shapes_in
from specc.backends.python.reading.facts import inner_graphs
from specc.backends.python.reading.freezing import with_arguments
from specc.backends.python.reading.items import Part
from specc.backends.python.reading.needs import maps
from specc.backends.python.writing.calls import Calls
from specc.backends.python.writing.file import (
    assemble,
    name_counts,
    surroundings,
)
from specc.backends.python.writing.statements import (
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
from specc.backends.python.writing.text import Expression, Group, lay_out, quote
from specc.backends.python.writing.words import docstring
from specc.frontend.comments import comments, head
from specc.frontend.schema import Spec
from specc.ir import Program, TypedGraph
from specc.layers.core import Input

_MOST_ATTEMPTS = 100


def source(graph: TypedGraph) -> str:
    """The source. Unwritable for a graph without a spec, or if the spec has something that Python has no form for here."""
    program = graph.graph.program
    if program is None:
        raise Unwritable("a graph without a spec")
    program = with_arguments(graph, program)
    fixed: frozenset[Var] = frozenset(maps(program))
    again: frozenset[tuple[object, str]] = frozenset()
    for _ in range(_MOST_ATTEMPTS):
        try:
            return _File(graph, program, fixed, again).text()
        except Fixed as found:
            fixed |= found.names
        except Again as found:
            again |= {found.block}
    raise Unwritable("more values that decide what is written than are tried")


class _File:
    """One file in the making.

    ``fixed`` are vars whose values are written, not parameters; ``again`` are blocks whose layers are called more than once.
    """

    def __init__(
        self,
        graph: TypedGraph,
        program: Program,
        fixed: frozenset[Var],
        again: frozenset[tuple[object, str]] = frozenset(),
    ) -> None:
        self.graph = graph
        self.program = program
        self.used: set[str] = set()
        self.functions = Functions(graph, program, fixed, again, self.used)
        self._root = self.functions.root
        self._graphs = [graph, *inner_graphs(graph)]

    @property
    def spec(self) -> Spec:
        """The spec itself."""
        return self.program.spec

    # -- Text ---------------------------------------------------------------------------------

    def text(self) -> str:
        """The whole file."""
        called = self.functions.called_first()
        objects = given_to_instances(self._graphs)
        for function in called:
            unit = self.functions.unit(function)
            declare(self.functions, function, {**self.program.values[unit], **function.given}, objects)
        functions = [list(self._lines_of(function)) for function in called]
        built = list(self._build_model())  # it may raise Fixed
        if variants := list(self._variants()):
            functions.append(variants)
        functions.append(built)
        return assemble(functions, self.used)

    def _lines_of(self, function: Function) -> Iterator[str]:
        """A block's function."""
        results = self.functions.results(function)
        if function.style == "list":
            statements = Chain(self, function, results).statements()
        else:
            body = Body(self, function, results)
            statements = body.statements()
            gives: list[Expression] = [body.given(use) for use in results]
            if function.style == "model":
                gives = [self._inner_model(function, gives)]
            statements = returning(statements, tuple_of(gives))
            if function.style == "layers":
                call = function.names.new("call")
                needed, optional = tensors(function)
                taken = Group.call(call, needed, [(name, "None") for name in optional])
                call_function = Define(taken, statements)
                statements = [*merged(body.making), call_function, Line(call, "return ")]
        before: list[AnyStatement] = list(computed_defaults(function))  # they may ask for shapes
        if function.style == "model":
            of_inputs = function.definition is not None and shapes_in(list(function.definition.block.args.values()))
            inputs = list(self._inputs(function))
            before = [*inputs, *before] if of_inputs else [*before, *inputs]
        yield from beginning(function)
        yield from lines([*before, *statements], 4)

    def _inputs(self, function: Function) -> Iterator[AnyStatement]:
        """The inputs of a separate model, of the shapes that its function is given, or that a whole spec declares."""
        assert function.inside is not None
        for index, (name, variable) in enumerate(function.variables.items()):
            layer = function.inside.nodes[name].layer
            assert isinstance(layer, Input)
            made = filled(Calls(set(), lambda model: model, is_nested=True).input(layer, quote(name)), self.used)
            assert isinstance(made, Group)
            if made.items[0][0] != "shape=":
                raise Unwritable("a model for batches of one size")
            if function.shapes:
                shape: Expression = function.shapes[index]
            else:
                shape = function.symbols.express(function.declared[name]["shape"])
            yield Assign(variable, Group(made.head, "()", (("shape=", shape), *made.items[1:])))

    def _inner_model(self, function: Function, gives: list[Expression]) -> Expression:
        inputs = list(function.variables.values())
        taken = inputs[0] if len(inputs) == 1 else Group.display("[]", inputs)
        given = gives[0] if len(gives) == 1 else Group.display("[]", gives)
        made = Group.call("keras.Model", (), [("inputs", taken), ("outputs", given), ("name", "name")])
        assert function.inside is not None
        return settled(made, function.inside, self.used)

    def _build_model(self) -> Iterator[str]:
        """The function that builds the model."""
        training = self.graph.graph.training
        ends = Ends(self, self._root)
        if self._root.style == "list":
            chain = Chain(self, self._root, ends.uses())
            before, model, added = chain.model(quote(self.graph.name), ends.naming_layers())
            statements = [*self._computed(), *before]
            if added:
                statements += [Assign("model", model), *added]
                model = "model"
            model = settled(model, self.graph, self.used)
        else:
            body = Body(self, self._root, ends.uses())
            statements = [*self._computed(), *body.statements(), *ends.statements(body)]
            model = ends.model(body)
        if training is not None:
            statements += [Assign("model", model)] if model != "model" else []
            statements.append(Line(self._compile()))
            model = "model"
        statements.append(Line(model, "return "))
        taken = []
        for name in self._root.needs:
            if not names_in(self.program.vars[name]):
                taken.append((f"{self._root.vars[name].text}=", Symbols({}).express(self.program.vars[name])))
        yield from lay_out(Group("build_model", "()", tuple(taken)), 0, "def ", " -> keras.Model:")
        document = self.program.units[0].document
        built = f"Build {'and compile ' if training is not None else ''}the model."
        parameters = {
            self._root.vars[name].text or "": self.spec.vars.descriptions.get(name)
            or " ".join(comments(document, ("vars", name)))
            for name in self._root.needs
            if not names_in(self.program.vars[name])
        }
        yield from docstring(self.spec.description or " ".join(head(document)) or built, parameters)
        yield from name_counts(self._graphs)
        setup, restore = surroundings(self.graph, self._graphs, self.used)
        yield from setup
        if setup:
            yield "    try:"
        yield from lines(statements, 8 if setup else 4)
        if restore:
            yield "    finally:"
            yield from restore

    def _variants(self) -> Iterator[str]:
        """The named sets of vars of the spec, as arguments of ``build_model``; none if some of them were chosen."""
        if dict(self.program.vars) != dict(self.spec.vars):
            return
        taken = {name: self._root.vars[name].text for name in self._root.needs if not names_in(self.spec.vars[name])}
        sets: list[tuple[str, Expression]] = []
        for variant, given in self.spec.variants.items():
            known = [(f"{quote(taken[name] or '')}: ", it) for name, it in given.items() if name in taken]
            if any(names_in(it) for _, it in known):
                return
            items = tuple((before, Symbols({}).express(it)) for before, it in known)
            sets.append((f"{quote(variant)}: ", Group("", "{}", items)))
        if sets:
            yield f"# Other values, as in build_model(**VARIANTS[{sets[0][0][:-2]}])"
            yield from lay_out(Group("", "{}", tuple(sets)), 0, "VARIANTS = ")

    def _computed(self) -> Iterator[AnyStatement]:
        """The vars that are computed from others, each after those."""
        waiting = [name for name in self._root.needs if names_in(self.program.vars[name])]
        while waiting:
            name = next(name for name in waiting if not names_in(self.program.vars[name]) & set(waiting) - {name})
            waiting.remove(name)
            said = self.spec.vars.descriptions.get(name)
            texts = [said] if said else comments(self.program.units[0].document, ("vars", name))
            yield from map(Comment, texts)
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
        return [*said, *comments(self.functions.unit(function).document, part.path)]


def settled(model: Expression, graph: TypedGraph, used: set[str]) -> Expression:
    """The model, with the layers frozen that Keras's constructors leave trainable."""
    if not any(node.layer.ctor_ignores_trainable and node.layer.frozen for node in graph.nodes.values()):
        return model
    used.add("settled")
    return Group.call("settled", [model])


def _of_compile(part: Part, program: Program) -> Part:
    return replace(part, values=program.values[program.units[0]])
