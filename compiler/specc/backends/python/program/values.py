"""What the items of a function are called with: layers, formulas, blocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from specc.backends.python.program.function import Function, WrittenCalls, filled
from specc.backends.python.program.keras_objects import as_objects, taker
from specc.backends.python.program.variables import Variables, as_list
from specc.backends.python.reading.expressions import Unwritable
from specc.backends.python.reading.formulas import written
from specc.backends.python.reading.items import Part
from specc.backends.python.writing.calls import NOTHING, Code
from specc.backends.python.writing.operators import expression
from specc.backends.python.writing.text import Expression, Group, flat, literal, quote
from specc.calls import Callee
from specc.ir import NestedModel
from specc.layers.base import Layer
from specc.layers.core import Input
from specc.layers.rnn_cells import Cell
from specc.operations.base import Operation


class Values(Variables):
    """The calls of a function."""

    def _value(self, part: Part, index: str, carried: Mapping[str, str]) -> tuple[Expression, str]:
        """The call of a part, and what follows it; ``carried`` are the arguments that come from the copy before."""
        source = self._scope.source_of(part)
        name = self._layer_name(part, index)
        if part.kind == "input":
            assert isinstance(part.callee, Input)
            calls = WrittenCalls(part, part.symbols)
            return filled(calls.input(part.callee, name, part.item.arguments), self._file.used), ""
        if part.kind == "formula":
            text = expression(written(part, self._scope, self._read_one))
            self._file.used.add("keras")
            return text, ""
        given = {argument: self._given(part, argument, carried) for argument in self._scope.taken[part].bound}
        if source.kind == "instance":
            return self._instance(part, name, given), ""
        if source.kind == "operation":
            assert isinstance(source.callee, Operation)
            call = WrittenCalls(source, source.symbols).operation(source.callee, given, self._written(source))
            value = filled(call, self._file.used)
            if source.callee.several and len(part.ports(source)) == 1:
                return value, "[0]"
            return value, ""
        head = self._called(part, name, carried)
        if source.kind == "model":
            listed = list(given.values())
            inside: Any = listed[0] if len(listed) == 1 else Group.display("[]", listed)
            arguments = Group.call("", [inside], self._options(part))
        else:
            assert source.callee is not None
            calls = WrittenCalls(part, part.symbols)
            arguments = calls.call(source.callee, given, part.options, part.item.call or NOTHING)
        whole = filled(Group(head, "()", arguments.items), self._file.used)
        if source.kind == "layer" and _gives_groups(source):
            whole = Group.call("keras.tree.flatten", [whole])
        return whole, ""

    def _called(self, part: Part, name: str, carried: Mapping[str, str] = NOTHING) -> Expression:
        """What a part calls: its layer as it is made, or the variable that has it."""
        called = self._scope.called(part)
        source = called.part
        if called.given is not None:
            return self.one(called.given)
        if source not in self._layers:
            return self._made(source, name, part, carried)
        if part is source and source.copies != "one":
            return self._function.loop_name(noun(source))
        return self._layer(called)

    def _options(self, part: Part) -> list[tuple[str, Any]]:
        return [(name, Code(part.symbols.express(value))) for name, value in (part.item.call or {}).items()]

    def _given(self, part: Part, argument: str, carried: Mapping[str, str]) -> Any:
        """What a call argument is given."""
        taken = self._scope.taken[part]
        uses = taken.bound[argument]
        if argument in carried:
            if argument not in taken.many or self._is_list(part, self._carried_port(part, argument)):
                return Code(carried[argument])
            return [Code(carried[argument]), *(Code(text) for use in uses[1:] for text in self.read(use))]
        if argument not in taken.many:
            if len(uses) != 1:
                raise Unwritable("several tensors in place of one")
            return Code(self.one(uses[0]))
        texts = [text for use in uses for text in self.read(use)]
        source = self._scope.source_of(part)
        if any(text.startswith("*") for text in texts):
            if source.callee is not None and source.callee.nest(argument, texts) != texts:
                raise Unwritable("several tensors that are groups for the call")
            if len(texts) == 1:
                return Code(as_list(texts[0]))
        return [Code(text) for text in texts]

    def _written(self, part: Part) -> Mapping[str, Any]:
        """The arguments of a layer as the spec has them, with the defaults of its file."""
        return {**self._function.defaults.get(part.item.type or "", {}), **part.item.arguments}

    def _made(self, part: Part, name: str, caller: Part, carried: Mapping[str, str] = NOTHING) -> Expression:
        """The layer of a part, or its nested model; ``caller`` calls it first."""

        def shapes(function: Function, axis: int) -> list[str]:
            bound = self._scope.taken[caller].bound if function.shapes else {}
            if not self._has_tensors:
                known = [self._known_shape(uses[0]) for uses in bound.values()]
                return [f"{it}[{axis}:]" if isinstance(it, str) else flat(literal(tuple(it[axis:]))) for it in known]
            texts = [f"{carried[key]}.shape" if key in carried else self.shape_of(bound[key][0]) for key in bound]
            return [f"{text}[{axis}:]" for text in texts]

        if part.kind == "model":
            function = self._file.functions.of(self._function, part)
            return self._of_block(function, shapes(function, 1), self._arguments(part), name)
        if part.kind == "instance":
            return self._instance_of(part, name, self._asked(part, caller))
        assert part.callee is not None
        given = self._written(part)

        def model(layer: NestedModel, written: Mapping[str, Any], axis: int) -> Expression:
            function = self._file.functions.inside(self._function, layer.type_name)
            own = {key: part.symbols.express(it) for key, it in written.items() if key not in ("type", "name")}
            name = quote(layer.name or layer.type_name)
            return self._of_block(function, shapes(function, axis), own, name)

        made = filled(WrittenCalls(part, part.symbols, model).layer(part.callee, name, given), self._file.used)
        return self._inheriting(part.callee, made, given) if self._function.handed else made

    def _asked(self, part: Part, caller: Part) -> list[Expression]:
        """The shapes that the layers of a block depend on."""
        names = self._file.functions.of(self._function, part).asked
        if not names:
            return []
        is_called = self._scope.source_of(caller) is part  # else it is handed to another instance
        uses = [self._scope.taken[caller if is_called else part].bound[name][0] for name in names]
        if self._has_tensors and is_called and part.copies == "one":
            return [self.shape_of(use) for use in uses]
        found = [self._known_shape(use) for use in uses]
        return [it if isinstance(it, str) else literal(tuple(it)) for it in found]

    def _inheriting(self, layer: Callee, made: Expression, written: Mapping[str, Any]) -> Expression:
        """A layer with the arguments that the instances of its block pass on."""
        if not isinstance(layer, Layer):
            return made
        unknown = {*written, *layer.missing_base_arguments}
        handed = {name: text for name, text in self._function.handed.items() if name not in unknown}
        if "trainable" in handed and (layer.ctor_drops_trainable or layer.inner_layers()):
            inside = made.items[0][1] if isinstance(made, Group) and made.head == "frozen" else made
            self._file.used.add("trained")
            return Group.call("trained", [_with(layer, inside, handed, without="trainable"), handed["trainable"]])
        return _with(layer, made, handed)

    def _instance(self, part: Part, name: str, given: Mapping[str, Any]) -> Expression:
        """The call of a block's function."""
        source = self._scope.source_of(part)
        function = self._file.functions.of(self._function, source)
        tensors = {key: _tensors(item) for key, item in given.items()} if function.style != "list" else {}
        first = [tensor for key, tensor in tensors.items() if key not in function.optional]
        more = [(function.variables[key], tensor) for key, tensor in tensors.items() if key in function.optional]
        if function.asks_shape:
            ((use, *_),) = self._scope.taken[part].bound.values()
            first = [self.shape_of(use)]
        if function.style != "layers":
            return self._instance_of(part, name, first, more)
        return Group.call(self._called(part, name), first, more)

    def _instance_of(
        self, part: Part, name: str, tensors: list[Expression], more: Sequence[tuple[str, Expression]] = ()
    ) -> Group:
        function = self._file.functions.of(self._function, part)
        return self._of_block(function, tensors, self._arguments(part), name, more)

    def _of_block(
        self,
        function: Function,
        first: Sequence[Expression],
        given: Mapping[str, Expression],
        name: str,
        more: Sequence[tuple[str, Expression]] = (),
    ) -> Group:
        """The call of the function of a block: ``first`` and ``more`` are tensors or shapes, ``given`` the block's arguments."""
        assert function.definition is not None
        if given.keys() - function.parameters.keys() - function.handed.keys():
            raise Unwritable("an argument that is none of the block")
        required = function.definition.block.required
        own = [key for key in given if key in function.parameters and key not in required]
        handed = [key for key in function.handed if key in given or key in self._function.handed]
        keywords: list[tuple[str, Any]] = [
            *more,
            *((function.parameters[key], given[key]) for key in own),
            *((function.var(key), self._function.var(key)) for key in function.needs),
            *((function.handed[key], given[key] if key in given else self._function.handed[key]) for key in handed),
            ("name", name),
        ]
        return Group.call(function.name, [*first, *(given[name] for name in required)], keywords)

    def _arguments(self, part: Part) -> dict[str, Expression]:
        """The arguments of the block of an instance."""
        functions = self._file.functions
        found: dict[str, Expression] = {}
        for name, given in part.item.arguments.items():
            if name in part.layers:
                found[name] = self._layer(self._scope.layer(given, part))
                continue
            made = taker(functions, functions.of(self._function, part), name) if name in part.given else None
            objects = as_objects(made, part.given.get(name), given, part, part.symbols, part.values)
            found[name] = part.symbols.express(given) if objects is None else objects
        return found

    def _has_name(self, part: Part) -> bool:
        """Whether the name of a part is written."""
        return part.kind not in ("operation", "formula", "share")


def noun(part: Part) -> str:
    """What the layer of a part is called."""
    return "block" if part.kind == "instance" else "layer"


def _with(layer: Layer, made: Expression, handed: Mapping[str, str], without: str = "") -> Expression:
    """A layer with further arguments."""
    handed = {name: text for name, text in handed.items() if name != without}
    if not handed:
        return made
    if not isinstance(made, Group) or made.head == "frozen" or layer.inner_layers() or layer.ctor_ignores_trainable:
        raise Unwritable("an argument for all layers of an instance, where a layer takes it after it is made")
    *own, name = [item for item in made.items if item[0].rstrip("=") not in handed]
    return Group(made.head, "()", (*own, *((f"{key}=", text) for key, text in handed.items()), name))


def _tensors(given: Code | list[Code]) -> Expression:
    """The tensor of an input, or the list of them."""
    return given.text if isinstance(given, Code) else Group.display("[]", [item.text for item in given])


def _gives_groups(part: Part) -> bool:
    """Whether Keras returns the outputs in groups: a cell's states are a list, those of stacked cells a list each."""
    layer = part.callee
    if layer is None or len(part.ports(part)) == 1:
        return False
    states = layer.nest("initial_state", range(len(part.ports(part)) - 1))
    return isinstance(layer, Cell) or any(isinstance(group, list) for group in states)
