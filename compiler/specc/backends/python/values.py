"""What the items of a function are called with, and which variables have their outputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from specc.backends.python.calls import NOTHING, Code
from specc.backends.python.expressions import Fixed, Unwritable
from specc.backends.python.formulas import written
from specc.backends.python.function import Function, WrittenCalls, filled
from specc.backends.python.functions import Functions
from specc.backends.python.items import Part, automatic
from specc.backends.python.operators import expression
from specc.backends.python.order import Reading
from specc.backends.python.references import ALL_PORTS, Port, Use
from specc.backends.python.statements import Assign
from specc.backends.python.text import Expression, Group, flat, literal, quote
from specc.calls import Callee
from specc.ir import NestedModel, Node, Program, TypedGraph
from specc.layers.base import Layer
from specc.layers.core import Input
from specc.layers.rnn_cells import Cell
from specc.operations.base import Operation


class File(Protocol):
    """What a function needs of the file that it is in."""

    used: set[str]
    graph: TypedGraph
    program: Program

    functions: Functions

    def comments(self, function: Function, part: Part) -> list[str]:
        """What the spec says about an item."""


class Values:
    """The variables and calls of a function."""

    def __init__(self, file: File, function: Function, results: list[Use]) -> None:
        self._file = file
        self._function = function
        self._scope = function.scope
        self._names = function.names
        self._reading = Reading(self._scope, results)
        self._variables: dict[tuple[Part, Port], str] = {}
        """What has the outputs of each part; of copies in a chain, those of the last."""
        self._lists: dict[tuple[Part, Port], str] = {}
        """What has those of all its copies."""
        self._many = definition.block.many if (definition := function.definition) is not None else frozenset()
        """The block's inputs that take several tensors."""
        self._layers: dict[Part, str] = {}
        """What has the layers that are called more than once."""
        self._counter = ""
        self._without: dict[tuple[Part, Port], str] = {}
        """What stands for the outputs of parts that a condition leaves out, while that case is written."""
        self._layers |= {head: function.parameters[name] for name, head in self._scope.heads.items()}
        self._shared = {self._scope.source_of(part) for part in self._reading.order if part.kind == "share"}
        self._shared |= {called.part for part in self._reading.order for called in self._scope.handed(part)}
        """Items whose layers are made apart from their calls."""
        if function.style == "layers":
            self._shared |= {part for part in self._reading.order if part.kind in ("layer", "model", "instance")}
        uses = [*results, *(use for part in self._reading.order for use in self._reading.reads(part))]
        self._by_name = {use.part for use in uses if use.part and use.part.names and use.copy not in (None, "all")}
        """Items that have a name for each copy, by which the copies are read."""
        self._is_making = False
        """Whether a layer is written that is made apart from its calls."""
        self._has_tensors = function.style != "layers"
        """Whether there are tensors where the text stands that is written."""
        self._running = self._running_name()
        function.symbols.around.shape = self._shape

    def read(self, use: Use) -> list[str]:
        """The text of what a reference refers to; with a star if it is a list."""
        if use.otherwise is not None:
            condition, other = use.otherwise
            return [f"{self.one(use._replace(otherwise=None))} if {condition} else {self.one(other)}"]
        use = self._reading.resolved(use)
        part = use.part
        if use.name.startswith("$"):  # a value of the copies, which are being written
            return [self._function.loop_name(use.name[1:])]
        text = self._of_input(use) if part is None else self._of_part(part, use)
        if not use.loops:
            return [text]
        if text.startswith("*"):
            raise Unwritable("a list of lists")
        return [f"*[{text}] {use.loops}" if use.loops.startswith("*") else f"*[{text} {use.loops}]"]

    def _of_input(self, use: Use) -> str:
        """An input of the block."""
        variable = self._function.variables[use.name]
        if use.name not in self._many:
            return variable
        return f"*{variable}" if use.copy in (None, "all") else f"{variable}[{use.copy}]"

    def _of_part(self, part: Part, use: Use) -> str:
        """An output of a part, or of its copies."""
        key = part, self._reading.port(part, use.port)
        if key in self._without:
            return self._without[key]
        has_all = part.copies == "side" or (part.copies == "chain" and use.copy is not None)
        if key not in (self._lists if has_all else self._variables):  # it comes later
            raise Unwritable("an output that comes later")
        text = (self._lists if has_all else self._variables)[key]
        is_list = self._is_list(part, key[1])
        if has_all and use.copy in (None, "all"):
            if is_list:
                raise Unwritable("a list of lists")
            return f"*{text}.values()" if part in self._by_name else f"*{text}"
        if has_all:
            text = f"{text}[{use.copy}]"
        if not is_list:
            return text
        return f"*{text}" if use.item is None else f"{text}[{use.item}]"

    def _is_list(self, part: Part, port: Port) -> bool:
        """Whether an output is several tensors."""
        if port == ALL_PORTS:
            return True
        is_instance = self._scope.source_of(part).kind == "instance"
        return is_instance and self._file.functions.is_list(self._function, part, port)

    def given(self, use: Use) -> str:
        """The text of an output of the function: a tensor or a list of them."""
        (text,) = self.read(use)
        return as_list(text) if text.startswith("*") else text

    def _read_one(self, use: Use) -> str:
        (text,) = self.read(use)
        return f"*{as_list(text)}" if text.startswith("*") else text

    def one(self, use: Use) -> str:
        """The text of a single tensor."""
        (text,) = self.read(use)
        if text.startswith("*"):
            raise Unwritable("several tensors in place of one")
        return text

    def _shape(self, text: str) -> str | Sequence[int | None]:
        """The shape of what a reference refers to."""
        use = self._scope.use(text, self._function.symbols)
        return self.shape_of(use) if self._has_tensors else self._known_shape(use)

    def shape_of(self, use: Use) -> str:
        """The text of the shape of what a reference refers to."""
        return f"{self.one(use)}.shape"

    def _known_shape(self, use: Use) -> Sequence[int | None]:
        """The shape of what there is no tensor of yet, where layers are made apart from their calls."""
        file = self._file.program.units[0]
        if self._file.functions.root.needs:
            raise Fixed((file, name) for name in self._file.program.vars)
        inside = next(part.member for part in self._scope.parts if part.member is not None)
        graph = inside.graph
        if use.part is None:
            around = inside.it.instance if isinstance(inside.it, Node) else inside.it.parent
            (ref,) = graph.graph.instances[around or ""].inputs[use.name]
            return graph.tensor(ref).symbolic.shape
        member = self._scope.resolved(use).part.member  # type: ignore[union-attr]
        if member is None or use.copy is not None:
            raise Unwritable("the shape of a copy, of which there is no tensor yet")
        if isinstance(member.it, Node):
            return graph.tensors[member.it.name][int(str(use.port or 0))].symbolic.shape
        outputs = member.it.outputs
        (ref,) = outputs[str(use.port)] if use.port is not None else next(iter(outputs.values()))
        return graph.tensor(ref).symbolic.shape

    # -- Names --------------------------------------------------------------------------------

    def _running_name(self) -> str:
        """The variable of parts without a name: nothing but the next part reads it."""
        unnamed = [part for part in self._reading.order if part.label is None]
        if not unnamed or not self._reading.is_in_order:
            return ""
        own = self._function.variables
        first = next(iter(own), "")
        is_model = self._function.style == "model"  # whose inputs are read at the end
        if first == "x" and not is_model and self._is_over(Use(None, first), unnamed[0]):
            return own[first]
        taken = {*own, *self._scope.names}
        return self._names.new(next((name for name in ("x", "y", "h") if name not in taken), "hidden"))

    def _is_over(self, use: Use, first: Part) -> bool:
        """Whether an input is not read after a part without a name has its value."""
        order = self._reading.order
        if first.copies != "one" or use.part in self._reading.results:
            return False
        for part in order[order.index(first) + 1 :]:
            for read in self._reading.reads(part):
                found = self._reading.resolved(read)
                if (found.part, found.name) == (use.part, use.name):
                    return False
        return True

    def _variable(self, part: Part, port: Port, is_lone: bool) -> str:
        """The variable of an output."""
        key = part, port
        if key not in self._variables:
            self._variables[key] = self._new(part, port, is_lone)
        return self._variables[key]

    def _new(self, part: Part, port: Port, is_lone: bool) -> str:
        label = part.label
        if label is None:
            last = [other for other in self._reading.order if other.label is None][-1]
            if is_lone and self._running and (part not in self._reading.results or part is last):
                return self._running
            label = part.base
        return self._names.new(self._wanted(part, port, is_lone))

    def _wanted(self, part: Part, port: Port, is_lone: bool) -> str:
        """What the variable of an output is called if nothing else is."""
        label = part.label or part.base
        source = self._scope.source_of(part)
        if is_lone or (port == 0 and source.kind not in ("instance", "model")):
            return label
        name: Any = port
        if isinstance(port, int):
            name = (self._scope.ports_of(source) if source.kind == "model" else part.ports(source))[port]
        return f"{label}_{'_'.join(name) if isinstance(name, tuple) else name}"

    def _layer_name(self, part: Part, index: str = "") -> str:
        """The name of the Keras layer, as Python."""
        if part.label is None and part.number is None:
            return f"{self._counter}({quote(part.base)})"
        if part.names:
            if not self._function.is_block:
                return flat(part.symbols.express(part.item.name))
            return "f" + quote(f"{{{self._prefix}}}.{part.symbols.filled(part.item.name or '')}")
        own = part.label if part.label is not None else automatic(part)
        own = own.replace("{", "{{").replace("}", "}}")
        copy = f"_{{{index} + 1}}" if index else ""
        if self._function.is_block:
            return "f" + quote(f"{{{self._prefix}}}.{own}{copy}")
        return ("f" if copy else "") + quote(f"{own}{copy}" if copy else own.replace("{{", "{").replace("}}", "}"))

    @property
    def _prefix(self) -> str:
        return "name"

    def _count(self) -> Assign:
        """The function that counts automatic names."""
        self._file.used.add("namer")
        self._counter = self._names.new("unique")
        prefix = ["f" + quote(f"{{{self._prefix}}}.")] if self._function.is_block else []
        return Assign(self._counter, Group.call("namer", prefix))

    def _ports(self, part: Part) -> list[Port]:
        """All outputs of a part, in order."""
        source = self._scope.source_of(part)
        if source.kind == "instance":
            return self._file.functions.of(self._function, source).results
        return list(range(len(self._scope.ports_of(source) if source.kind == "model" else part.ports(source))))

    def _carried_port(self, part: Part, argument: str) -> Port:
        return self._reading.port(part, self._scope.taken[part].carried[argument])

    # -- Values -------------------------------------------------------------------------------

    def _value(self, part: Part, index: str, carried: Mapping[str, str]) -> tuple[Expression, str]:
        """The call of a part, and what follows it; ``carried`` are the arguments that come from the copy before."""
        source = self._scope.source_of(part)
        name = self._layer_name(part, index)
        if part.kind == "input":
            assert isinstance(part.callee, Input)
            calls = WrittenCalls(part, part.symbols)
            return filled(calls.input(part.callee, name, part.item.arguments), self._file.used), ""
        if part.kind == "formula":
            formula = part.item.formula or ""
            found, is_several = self._scope.found, self._scope.is_several
            text = expression(written(formula, part.symbols, found, self._read_one, is_several, part.values))
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
        source, copy = self._scope.called(part)
        if source not in self._layers:
            return self._made(source, name, part, carried)
        if part is source and source.copies != "one":
            return self._function.loop_name(noun(source))
        return self._layer(source, copy)

    def _layer(self, source: Part, copy: int | str | None) -> str:
        """The layer of an item, or of one of its copies."""
        return self._layers[source] if copy is None else f"{self._layers[source]}[{copy}]"

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
                return [flat(literal(tuple(self._known_shape(uses[0])[axis:]))) for uses in bound.values()]
            texts = [f"{carried[key]}.shape" if key in carried else self.shape_of(bound[key][0]) for key in bound]
            return [f"{text}[{axis}:]" for text in texts]

        if part.kind == "model":
            function = self._file.functions.of(self._function, part)
            return self._of_block(function, shapes(function, 1), self._arguments(part), name)
        if part.kind == "instance":
            return self._instance_of(part, name, [])
        assert part.callee is not None
        given = self._written(part)

        def model(layer: NestedModel, written: Mapping[str, Any], axis: int) -> Expression:
            function = self._file.functions.inside(self._function, layer.type_name)
            own = {key: part.symbols.express(it) for key, it in written.items() if key not in ("type", "name")}
            name = quote(layer.name or layer.type_name)
            return self._of_block(function, shapes(function, axis), own, name)

        made = filled(WrittenCalls(part, part.symbols, model).layer(part.callee, name, given), self._file.used)
        return self._inheriting(part.callee, made, given) if self._function.handed else made

    def _inheriting(self, layer: Callee, made: Expression, written: Mapping[str, Any]) -> Expression:
        """A layer with the arguments that the instances of its block pass on."""
        handed = {name: text for name, text in self._function.handed.items() if name not in written}
        if not handed or not isinstance(layer, Layer):
            return made
        if not isinstance(made, Group) or made.head == "frozen" or layer.inner_layers() or layer.ctor_ignores_trainable:
            raise Unwritable("an argument for all layers of an instance, where a layer takes it after it is made")
        if any(name in layer.missing_base_arguments for name in handed):
            raise Unwritable("an argument for all layers of an instance that a layer has not")
        *own, name = [item for item in made.items if item[0].rstrip("=") not in handed]
        return Group(made.head, "()", (*own, *((f"{key}=", text) for key, text in handed.items()), name))

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
        return {
            name: self._layer(*self._scope.layer(given, part)) if name in part.layers else part.symbols.express(given)
            for name, given in part.item.arguments.items()
        }

    def _has_name(self, part: Part) -> bool:
        """Whether the name of a part is written."""
        return part.kind not in ("operation", "formula", "share")


def as_list(text: str) -> str:
    """All that a text with a star stands for, as a list."""
    return f"list({text[1:]})" if text.endswith(".values()") else text[1:]


def noun(part: Part) -> str:
    """What the layer of a part is called."""
    return "block" if part.kind == "instance" else "layer"


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
