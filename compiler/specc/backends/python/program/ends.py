"""The outputs of the whole model: which they are, what they are called, and the call that makes the model."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from specc.backends.python.program.function import Function, filled
from specc.backends.python.program.functions import listed
from specc.backends.python.program.values import Values
from specc.backends.python.program.variables import File, as_list
from specc.backends.python.reading.expressions import Unwritable
from specc.backends.python.reading.facts import lists_of, path_of
from specc.backends.python.reading.items import Part
from specc.backends.python.reading.references import Use
from specc.backends.python.reading.unread import Unread
from specc.backends.python.writing.calls import Calls
from specc.backends.python.writing.file import outputs_to_name
from specc.backends.python.writing.statements import AnyStatement, Assign, Line
from specc.backends.python.writing.text import Comprehension, Expression, Group, quote
from specc.ir import Instance, Node, Output, Ref


class Ends:
    """The outputs of a model."""

    def __init__(self, file: File, function: Function) -> None:
        self._file = file
        self._function = function
        self._scope = function.scope
        self._graph = file.graph.graph
        self._texts: list[str] = []

    def uses(self) -> list[Use]:
        """All outputs, in order; what nothing reads, if the spec lists none."""
        found = listed(self._file.program.spec.outputs, self._function)
        for part in (it.part for it in map(self._scope.resolved, found) if self._graph.outputs_form != "map"):
            if part is not None and part.copies == "one" and part.when is not None:
                raise part.symbols.fix(part.when)  # without it, what has its name is another layer
        for part in (it.part for it in found if it.copy in (None, "all") and self._graph.training is not None):
            if part is not None and part.copies == "side":  # losses are told by the names of the outputs
                self._decided(part)
        return found or Unread(self._scope).ends(self._graph, map(self._ref, self._graph.outputs))

    def _decided(self, part: Part) -> None:
        """Fixed if the values that decide how many copies there are can change."""
        count = list(lists_of(part.item).values())
        if not part.around.is_known(count):
            raise part.around.fix(count)

    def _ref(self, output: Output) -> Ref:
        node = self._graph.nodes[output.ref.node]
        if not node.naming:
            return output.ref
        (ref,) = node.refs()
        return ref

    def _given_by(self, output: Output) -> Node:
        return self._graph.nodes[self._ref(output).node]

    # -- Statements ---------------------------------------------------------------------------

    def statements(self, body: Values) -> Iterator[AnyStatement]:
        """What gives outputs their names, where Keras would name them otherwise."""
        outputs = list(self._graph.outputs)
        named = dict.fromkeys(outputs_to_name(self._file.graph), "")
        for use in self.uses():
            texts = body.read(use)
            (text,) = texts
            if text.startswith("*"):
                assert use.part is not None
                count = self._count(use.part)
                group, outputs = outputs[:count], outputs[count:]
                operations = [output.ref.node for output in group if output.ref.node in named]
                if operations:
                    yield self._named_copies(group, use, text, body)
                    self._texts.append(text)
                else:
                    yield from self._side(group, use, text)
                named = {name: given for name, given in named.items() if name not in operations}
                continue
            if not outputs:
                raise Unwritable("more outputs than the model has")
            output, *outputs = outputs
            layer = self._naming(output)
            if layer is None:
                if (name := output.ref.node) in named:
                    named[name] = named[name] or text
                self._texts.append(text)
                continue
            variable = text if self._is_free(use, text, body) else self._function.names.new(output.name)
            yield Assign(variable, Group(self._identity(layer, quote(output.name)), "()", (("", text),)))
            self._texts.append(variable)
        if outputs:
            raise Unwritable("fewer outputs than the model has")
        if named:
            self._file.used |= {"name_outputs"}
            names = Group("", "{}", tuple((f"{quote(name)}: ", text) for name, text in named.items()))
            yield Line(Group.call("name_outputs", [self._inputs(body), names]))

    def _is_free(self, use: Use, text: str, body: Values) -> bool:
        """Whether a variable is not needed once the output that it has gets its name."""
        if use.part is None or use.part.kind == "input" or not text.isidentifier():
            return False
        return sum(text in body.read(it) for it in self.uses()) == 1

    def naming_layers(self) -> list[Expression]:
        """The layers at the end of a chain that give its output its name."""
        found = [(output, self._naming(output)) for output in self._graph.outputs]
        return [self._identity(layer, quote(output.name)) for output, layer in found if layer is not None]

    def _named_copies(self, group: list[Output], use: Use, text: str, body: Values) -> Line:
        """Names copies of an operation."""
        assert use.part is not None
        label, names = use.part.label, [output.ref.node for output in group]
        named: Expression = text[1:].removesuffix(".values()")
        if not text.endswith(".values()"):
            if names != [f"{label}_{number}" for number in range(1, len(group) + 1)]:
                raise Unwritable("copies of an operation as outputs with names of their own")
            index, each = (self._function.loop_name(name) for name in ("index", "output"))
            name = "f" + quote(f"{label}_{{{index} + 1}}")
            named = Comprehension(each, ((f"{index}, {each}", f"enumerate({named})"),), name)
        elif names != list(use.part.names):
            raise Unwritable("some copies of an operation as outputs")
        self._file.used |= {"name_outputs"}
        return Line(Group.call("name_outputs", [self._inputs(body), named]))

    def _side(self, group: list[Output], use: Use, text: str) -> Iterator[AnyStatement]:
        layers = [self._naming(output) for output in group]
        assert use.part is not None
        label = use.part.label
        if all(layer is None for layer in layers):
            self._texts.append(text)
            return
        names = [f"{label}_{number}" for number in range(1, len(group) + 1)]
        if any(layer is None or layer != layers[0] for layer in layers) or [it.name for it in group] != names:
            raise Unwritable("copies as outputs with names of their own")
        variable, each = (self._function.names.new(name) for name in ("outputs", "output"))
        index = self._function.loop_name("index")
        name = "f" + quote(f"{label}_{{{index} + 1}}")
        made = Group(self._identity(layers[0], name), "()", (("", each),))
        yield Assign(variable, Comprehension(made, ((f"{index}, {each}", f"enumerate({text[1:]})"),)))
        self._texts.append(f"*{variable}")

    def _count(self, part: Part) -> int:
        """How many outputs a list has."""
        if part.copies == "one" and part.member is not None and isinstance(part.member.it, Instance):
            (port,) = {use.port for use in self.uses() if use.part is part}
            outputs = part.member.it.outputs
            return len(outputs[str(port)] if port is not None else next(iter(outputs.values())))
        found = [self._graph.way_to(self._given_by(output))[0] for output in self._graph.outputs]
        copies = [it.copy for it in found if path_of(it) == part.path and it.copy is not None]
        if not copies:
            raise Unwritable("copies as outputs, whose number is not known")
        return copies[0].count

    def _naming(self, output: Output) -> Any:
        """The layer that names an output; None if it needs none."""
        node = self._graph.nodes[output.ref.node]
        if node.naming:
            return node.layer
        return self._file.graph.naming_layer(output) if output.renamed else None

    def _identity(self, layer: Any, name: str) -> Expression:
        calls = Calls(set(), lambda model: model, is_nested=False)
        return filled(calls.layer(layer, name), self._file.used)

    def model(self, body: Values) -> Expression:
        """The call that makes the model."""
        texts = self._texts
        outputs: Expression
        if self._graph.outputs_form == "map":
            if len(texts) != len(self._graph.outputs):
                raise Unwritable("copies as an output with a name")
            named = zip(self._graph.outputs, texts, strict=True)
            outputs = Group("", "{}", tuple((f"{quote(output.name)}: ", text) for output, text in named))
        elif len(texts) == 1:
            outputs = as_list(texts[0]) if texts[0].startswith("*") else texts[0]
            if self._graph.outputs_form == "list" and not texts[0].startswith("*"):
                outputs = Group.display("[]", texts)
        else:
            outputs = Group.display("[]", texts)
        made = Group.call(
            "keras.Model", (), [("inputs", self._inputs(body)), ("outputs", outputs), ("name", quote(self._graph.name))]
        )
        if any(node.layer.ctor_ignores_trainable and node.layer.frozen for node in self._graph.nodes.values()):
            self._file.used.add("settled")
            return Group.call("settled", [made])
        return made

    def _inputs(self, body: Values) -> Expression:
        parts = dict.fromkeys(map(self._part, self._graph.inputs))
        inputs = [text for part in parts for text in body.read(Use(part, "", 0))]
        if len(inputs) > 1:
            return Group.display("[]", inputs)
        return as_list(inputs[0]) if inputs[0].startswith("*") else inputs[0]

    def _part(self, name: str) -> Part:
        node = self._graph.nodes[name]
        return next(part for part in self._scope.parts if part.path == path_of(node))
