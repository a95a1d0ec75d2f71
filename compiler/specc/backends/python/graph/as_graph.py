"""The source of a graph as it is, for what no spec was written for, or cannot be written as its spec is.

A block that is used more than once becomes a function, and so does each nested model.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from specc.backends.python.graph.parts import Part
from specc.backends.python.graph.patterns import Pattern, Patterns
from specc.backends.python.writing.calls import Calls, Code, LayerName, Model, Step, Template, Tensor, Value
from specc.backends.python.writing.file import assemble, name_counts, outputs_to_name, surroundings, taken
from specc.backends.python.writing.text import (
    LINE_LENGTH,
    LONGEST_NAME,
    Expression,
    Group,
    Names,
    lay_out,
    literal,
    quote,
)
from specc.diagnostics.columns import width
from specc.ir import Ref, TypedGraph
from specc.layers.rnn_cells import Cell
from specc.operations.base import Operation

_LONGEST_TARGETS = 60
"""Longest variables of one assignment; if they need more room, one variable has all the outputs."""


def source(graph: TypedGraph) -> str:
    """The source, each node as it is."""
    return _File(graph).text()


class _File:
    """One file in the making."""

    def __init__(self, graph: TypedGraph) -> None:
        self.graph = graph
        self.patterns = Patterns(graph, "list" if graph.form == "sequential" else "tensors", taken())
        self.used: set[str] = set()
        """Modules and helpers that the text needs."""

    def text(self) -> str:
        """The whole file."""
        functions = [list(self._function(pattern)) for pattern in self.patterns.functions]
        functions.append(list(self._build_model()))
        return assemble(functions, self.used)

    # -- Functions ----------------------------------------------------------------------------

    def _function(self, pattern: Pattern) -> Iterator[str]:
        """The function that parts of equal structure share."""
        part = pattern.parts[0]
        takes = [name for _, name in pattern.inputs] + [*pattern.parameters, "name"]
        yield from lay_out(Group.call(pattern.function, takes), 0, "def ", ":")
        yield f'    """{_DOCSTRINGS[part.style]}"""'
        body = _Body(self, part, Names(pattern.names.taken), pattern)
        yield from body.lines(4)

    def _build_model(self) -> Iterator[str]:
        training = self.graph.graph.training
        yield "def build_model() -> keras.Model:"
        yield f'    """Build {"and compile " if training is not None else ""}the model."""'
        graphs = list(self._graphs())
        yield from name_counts(graphs)
        setup, restore = surroundings(self.graph, graphs, self.used)
        yield from setup
        indent = 4
        if setup:
            yield "    try:"
            indent = 8
        body = _Body(self, self.patterns.root, Names(self.patterns.names.taken), None)
        yield from body.lines(indent, "return " if training is None else "model = ")
        if training is not None:
            calls = Calls(set(), _no_model, is_nested=False)
            given = training.arguments([output.name for output in self.graph.graph.outputs])
            arguments = [(name, body.fill(calls.template(name, value))) for name, value in given.items()]
            yield from lay_out(Group.call("model.compile", (), arguments), indent)
            yield " " * indent + "return model"
        if restore:
            yield "    finally:"
            yield from restore

    def _graphs(self) -> Iterator[TypedGraph]:
        yield self.graph
        for pattern in self.patterns.functions:
            if pattern.parts[0].style == "model":
                yield pattern.parts[0].graph


_DOCSTRINGS = {
    "tensors": "Apply the block; its layers have the instance's name before their own.",
    "list": "The layers of the block, with the instance's name before their own.",
    "model": "Build the nested model.",
}


def _no_model(_layer: Any) -> Any:
    raise AssertionError("no argument of compile is a model")


def _gives_groups(step: Step) -> bool:
    """Whether Keras returns the outputs in groups: a cell's states are a list, those of stacked cells a list each."""
    layer = step.node.layer
    if step.outputs == 1:
        return False
    states = layer.nest("initial_state", range(step.outputs - 1))
    return isinstance(layer, Cell) or any(isinstance(group, list) for group in states)


class _Body:
    """The inside of a function: the code of a part."""

    def __init__(self, file: _File, part: Part, names: Names, pattern: Pattern | None) -> None:
        self.file = file
        self.part = part
        self.names = names
        self.replaced = {} if pattern is None else pattern.replaced
        self.tensors: dict[Ref, str] = {}
        self.layers: dict[str, str] = {}
        self.renamed: dict[str, str] = {}
        if pattern is not None:
            reads = list(part.reads)
            self.tensors = {reads[index]: name for index, name in pattern.inputs}
        self.used = set(self._reads())

    def _reads(self) -> Iterator[Ref]:
        """All outputs that are used here."""
        if self.part.instance is not None:
            yield from self._outputs(self.part)
        else:
            yield from (output.ref for output in self.part.graph.graph.outputs)
        for item in self.file.patterns.steps(self.part):
            yield from item.reads if isinstance(item, Part) else item.node.refs()

    def _outputs(self, part: Part) -> list[Ref]:
        """What the function for an instance returns."""
        return [part.member(*output) for output in self.file.patterns.of(part).outputs]

    def lines(self, indent: int, result: str = "return ") -> Iterator[str]:
        """The lines, the last of which return or assign the part's outputs."""
        if self.part.style == "list":
            yield from lay_out(self._list(), indent, result)
            return
        for item in self.file.patterns.steps(self.part):
            yield from self._assignments(item, indent)
        if self.part.instance is not None:
            gives = [self.tensors[ref] for ref in self._outputs(self.part)]
            together = ", ".join(gives)
            fits = len(gives) == 1 or indent + len(result) + width(together) <= LINE_LENGTH
            yield from lay_out(together if fits else Group.display("()", gives), indent, result)
        else:
            yield from self._renamed_outputs(indent)
            yield from self._named_outputs(indent)
            yield from lay_out(self._model(), indent, result)

    # -- A list of layers ---------------------------------------------------------------------

    def _list(self) -> Expression:
        items = tuple(self._item(item) for item in self.file.patterns.steps(self.part))
        listed = Group("", "[]", items)
        if self.part.instance is not None:
            return listed
        return self._settled(Group.call("keras.Sequential", [listed], [("name", quote(self.part.graph.name))]))

    def _item(self, item: Step | Part) -> tuple[str, Expression]:
        if isinstance(item, Part):
            return "*", self._function_call(item)
        return "", self.fill(item.call if item.layer is None else item.layer)

    # -- Calls on tensors ---------------------------------------------------------------------

    def _model(self) -> Expression:
        graph = self.part.graph.graph
        outputs = [(output.name, self.renamed.get(output.name, self.tensors[output.ref])) for output in graph.outputs]
        given: Expression = Group.display("[]", [tensor for _, tensor in outputs])
        if graph.outputs_form == "one":
            given = outputs[0][1]
        elif graph.outputs_form == "map":
            given = Group("", "{}", tuple((f"{quote(name)}: ", tensor) for name, tensor in outputs))
        name = "name" if self.part.style == "model" else quote(graph.name)
        return self._settled(
            Group.call("keras.Model", (), [("inputs", self._inputs()), ("outputs", given), ("name", name)])
        )

    def _inputs(self) -> Expression:
        inputs = [self.tensors[Ref(name)] for name in self.part.graph.graph.inputs]
        return inputs[0] if len(inputs) == 1 else Group.display("[]", inputs)

    def _settled(self, model: Group) -> Group:
        """The model, with the layers frozen that Keras's constructors leave trainable."""
        if not any(node.layer.ctor_ignores_trainable and node.layer.frozen for node in self.part.graph.nodes.values()):
            return model
        self.file.used.add("settled")
        return Group.call("settled", [model])

    def _renamed_outputs(self, indent: int) -> Iterator[str]:
        """An Identity after each output that Keras would name otherwise."""
        for output in self.part.graph.graph.outputs:
            if output.renamed:
                given = self.part.graph.naming_layer(output).given()
                arguments = [*((name, literal(value)) for name, value in given.items()), ("name", quote(output.name))]
                layer = self.fill(Group.call("layers.Identity", (), arguments))
                renamed = self._new(output.name, layer)
                yield from lay_out(Group(layer, "()", (("", self.tensors[output.ref]),)), indent, f"{renamed} = ")
                self.renamed[output.name] = renamed

    def _named_outputs(self, indent: int) -> Iterator[str]:
        """Names for the outputs that are operations, which Keras would call as it counts them."""
        graph = self.part.graph
        if graph.graph.block is not None or not (names := outputs_to_name(graph)):
            return
        given = {output.ref.node: self.tensors[output.ref] for output in reversed(graph.graph.outputs)}
        named = Group("", "{}", tuple((f"{quote(name)}: ", given[name]) for name in names))
        self.file.used.add("name_outputs")
        yield from lay_out(Group.call("name_outputs", [self._inputs(), named]), indent)

    def _assignments(self, item: Step | Part, indent: int) -> Iterator[str]:
        """The lines that make an item's outputs."""
        if isinstance(item, Part):
            call = self._function_call(item)
            refs = self._outputs(item)
            wanted = [f"{ref.node}_{ref.port}" if ref.port else ref.node for ref in refs]
            targets = self._targets(refs, [item.name] if len(refs) == 1 else wanted, item.name, call)
            yield from lay_out(call, indent, f"{targets} = ")
            return
        if item.shared and item.owner not in self.layers:
            made = self.fill(item.layer)
            self.layers[item.owner] = layer = self._new(f"{self.part.local(item.owner)}_layer", made)
            yield from lay_out(made, indent, f"{layer} = ")
        head = self.layers[item.owner] if item.shared else item.layer
        whole = item.call if head is None else Group(head, "()", item.call.items)
        whole = self.fill(Group.call("keras.tree.flatten", [whole]) if _gives_groups(item) else whole)
        node = item.node
        refs = [Ref(node.name, port) for port in range(item.outputs)]
        ports = node.layer.ports(node.options)
        wanted = [node.name if port == "output" else f"{node.name}_{port}" for port in ports]
        lone = item.outputs == 1
        targets = self._targets(refs, [node.name] if lone else wanted, node.name, whole)
        listed = isinstance(node.layer, Operation) and node.layer.several
        yield from lay_out(whole, indent, f"{targets} = ", "[0]" if lone and listed else "")

    def _targets(self, refs: list[Ref], wanted: list[str], together: str, value: Expression) -> str:
        """The left side of an assignment of outputs, which are stored in variables afterwards."""
        names = [self.part.local(name) for name in wanted]
        if sum(map(len, names)) + 2 * len(names) > _LONGEST_TARGETS and len(names) > 1:
            variable = self._new(self.part.local(together), value)
            self.tensors |= {ref: f"{variable}[{index}]" for index, ref in enumerate(refs)}
            return variable
        variables = {
            ref: self._new(name, value) if ref in self.used else "_" for ref, name in zip(refs, names, strict=True)
        }
        self.tensors |= variables
        return ", ".join(variables.values())

    def _new(self, wanted: str, value: Expression) -> str:
        """A variable, short enough that the beginning of its value fits on the same line."""
        while not isinstance(value, str):
            value = value.head if isinstance(value, Group) else "["
        return self.names.new(wanted, min(LONGEST_NAME, 66 - len(value)))

    def _function_call(self, part: Part) -> Group:
        pattern = self.file.patterns.of(part)
        reads = list(part.reads)
        tensors = [self.tensors[reads[index]] for index, _ in pattern.inputs]
        values = self._values(pattern, part)
        return Group.call(pattern.function, tensors, [*values, ("name", self.fill(LayerName(part.name)))])

    def _values(self, pattern: Pattern, part: Part) -> list[tuple[str, Expression]]:
        values = pattern.arguments.get(part, [])
        return [(name, self.fill(value)) for name, value in zip(pattern.parameters, values, strict=True)]

    # -- Templates ----------------------------------------------------------------------------

    def fill(self, template: Template) -> Expression:
        """The expression of a template: its leaves as they are written here."""
        if isinstance(template, Group):
            if isinstance(template.head, str):
                self.file.used |= {template.head.split(".")[0], template.head.rpartition(".")[0]}
            items = tuple((before, self.fill(item)) for before, item in template.items)
            return Group(self.fill(template.head), template.brackets, items)
        if isinstance(template, Value):
            return self.replaced[template] if template in self.replaced else literal(template.value)
        if isinstance(template, Tensor):
            return self.tensors[template.ref]
        if isinstance(template, Code):
            self.file.used.add(template.module)
            return template.text
        if isinstance(template, LayerName):
            return self._layer_name(template.name)
        if isinstance(template, Model):
            pattern = self.file.patterns.of(template.part)
            values = self._values(pattern, template.part)
            return Group.call(pattern.function, (), [*values, ("name", self.fill(template.name))])
        return str(template)

    def _layer_name(self, name: str) -> str:
        """A layer's name; inside a block's function, the instance's name and the layer's own."""
        if self.part.instance is None:
            return quote(name)
        own = self.part.local(name).replace("{", "{{").replace("}", "}}")
        return "f" + quote(f"{{name}}.{own}")
