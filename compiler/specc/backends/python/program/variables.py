"""The variables of a function: what they are called, and which has what a reference refers to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from specc.backends.python.program.function import Function
from specc.backends.python.program.functions import Functions
from specc.backends.python.reading.expressions import Fixed, Unwritable
from specc.backends.python.reading.items import Part, automatic
from specc.backends.python.reading.keys import Form, Key, form_of, written
from specc.backends.python.reading.order import Reading
from specc.backends.python.reading.references import ALL_PORTS, Lent, Port, Use
from specc.backends.python.reading.scope import Called
from specc.backends.python.writing.statements import Assign
from specc.backends.python.writing.text import Group, flat, quote
from specc.ir import Node, Program, TypedGraph


class File(Protocol):
    """What a function needs of the file that it is in."""

    used: set[str]
    graph: TypedGraph
    program: Program

    functions: Functions

    def comments(self, function: Function, part: Part) -> list[str]:
        """What the spec says about an item."""


class Variables:
    """The variables of a function."""

    def __init__(self, file: File, function: Function, results: list[Use]) -> None:
        self._file = file
        self._function = function
        self._scope = function.scope
        self._names = function.names
        self._reading = Reading(self._scope, results)
        self._variables: dict[tuple[Part, Port], str] = {}
        """What has the outputs of each part; of copies in a chain, those of the last."""
        self._lists: dict[tuple[Part, Port], str] = {}
        """What has those of all its copies; of a part that may be left out of several, a list of one or none."""
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
        self._shared |= {use.part for use in results if use.part is not None and use.port == Lent()}
        """Items whose layers are made apart from their calls."""
        if function.style == "layers":
            self._shared |= {part for part in self._reading.order if part.kind in ("layer", "model")}
            inner = [part for part in self._reading.order if part.kind == "instance"]
            self._shared |= {part for part in inner if file.functions.of(function, part).style == "layers"}
        uses = [*results, *(use for part in self._reading.order for use in self._reading.reads(part))]
        keyed = [(use.part, use.copy) for use in uses if use.part is not None and isinstance(use.copy, Key)]
        self._by_name = {it for part, _ in keyed for it in self._scope.family(part)}
        """Items that have a name for each copy, by which the copies are read."""
        self._forms: dict[Part, Form | None] = {}
        """What the names of these have in common."""
        for part in self._by_name:
            family = self._scope.family(part)
            own = [self._scope.key_of(it) for it in family]
            self._forms[part] = form_of([*own, *(key for it, key in keyed if it in family)])
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
        if use.port == Lent() and not isinstance(use.copy, Key):
            is_last = part.copies == "chain" and use.copy is None
            return self._layer(Called(part, -1 if is_last else use.copy))
        key = part, self._reading.port(part, use.port)
        if key in self._without:
            return self._without[key]
        has_all = (
            part.copies == "side"
            or isinstance(use.copy, Key)
            or (use.copy is not None if part.copies == "chain" else part.is_optional and key in self._lists)
        )
        if key not in (self._lists if has_all else self._variables):  # it comes later
            raise Unwritable("an output that comes later")
        text = (self._lists if has_all else self._variables)[key]
        is_list = self._is_list(part, key[1])
        if has_all and use.copy in (None, "all"):
            if is_list:
                raise Unwritable("a list of lists")
            if len(self._scope.family(part)) > 1:
                raise Unwritable("all copies of one of several items that are found by their names")
            return f"*{text}.values()" if part in self._by_name else f"*{text}"
        if has_all:
            if part.when is not None and part.is_optional:
                raise part.symbols.fix(part.when)  # the copies that are there have other numbers
            text = f"{text}[{written(use.copy, self._forms[part]) if isinstance(use.copy, Key) else use.copy}]"
        if not is_list:
            return text
        return f"*{text}" if use.item is None else f"{text}[{use.item}]"

    def _layer(self, called: Called) -> str:
        """The layer of an item, or of one of its copies."""
        if called.given is not None:
            return self.one(called.given)
        layer = self._layers[called.part]
        return layer if called.copy is None else f"{layer}[{called.copy}]"

    def _own_key(self, part: Part, is_index: bool = False) -> str:
        """By what the output of a copy is found; nothing if it is by a number."""
        if part not in self._by_name:
            return ""
        text = written(self._scope.key_of(part), self._forms[part])
        return f"({text})" if ", " in text and not is_index and self._forms[part] is not None else text

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
        """The text of a single tensor: of several, the only one, as more have no place where one stands."""
        (text,) = self.read(use)
        if not text.startswith("*"):
            return text
        if not text[1:].isidentifier():
            raise Unwritable("several tensors in place of one")
        return f"{text[1:]}[0]"

    def _shape(self, text: str) -> str | Sequence[int | None]:
        """The shape of what a reference refers to."""
        use = self._scope.use(text, self._function.symbols)
        return self.shape_of(use) if self._has_tensors else self._known_shape(use)

    def shape_of(self, use: Use) -> str:
        """The text of the shape of what a reference refers to."""
        return f"{self.one(use)}.shape"

    def _known_shape(self, use: Use) -> str | Sequence[int | None]:
        """The shape of what there is no tensor of yet, where layers are made apart from their calls."""
        use = self._scope.resolved(use)
        if use.part is None and self._function.style == "layers" and use.name not in self._many:
            asked = self._function.asked
            if use.name not in asked:
                asked[use.name] = self._names.new(f"{self._function.variables[use.name]}_shape")
            return asked[use.name]
        file = self._file.program.units[0]
        if self._file.functions.root.needs:
            raise Fixed((file, name) for name in self._file.program.vars)
        inside = next(part.member for part in self._scope.parts if part.member is not None)
        graph = inside.graph
        if use.part is None:
            around = inside.it.instance if isinstance(inside.it, Node) else inside.it.parent
            (ref,) = graph.graph.instances[around or ""].inputs[use.name]
            return graph.tensor(ref).symbolic.shape
        member = use.part.member
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
        unnamed = [part for part in self._reading.order if part.label is None and part.kind != "input"]
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
        if part.label is None and part.kind == "input":  # it is read again where the model is made
            return self._names.new("inputs")
        if part.label is None and is_lone and self._running:
            last = [other for other in self._reading.order if other.label is None][-1]
            if part not in self._reading.results or part is last:
                return self._running
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
        if isinstance(name, Lent):
            return f"{label}_{'_'.join(name.path)}_layer"
        said = "_".join(name) if isinstance(name, tuple) else str(name)
        return f"{label}_{said}".replace("[-1]", "_last")

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


def as_list(text: str) -> str:
    """All that a text with a star stands for, as a list."""
    return f"list({text[1:]})" if text.endswith(".values()") else text[1:]
