"""The functions of a source: one for each block, one for the model; what each takes, gives and calls things."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from specc.arguments import Arguments, freeze
from specc.backends.python.reading.expressions import Around, Symbol, Symbols, Unwritable, shapes_in, value_of
from specc.backends.python.reading.items import Part
from specc.backends.python.reading.references import Lent, Port, Use
from specc.backends.python.reading.scope import Scope
from specc.backends.python.writing.calls import NOTHING, Calls, Code, Template, Value
from specc.backends.python.writing.text import Expression, Group, Names, literal
from specc.calls import Callee
from specc.frontend.include import Unit
from specc.frontend.schema import Spec
from specc.ir import NestedModel, TypedGraph
from specc.layers.wrappers import TimeDistributed
from specc.passes.expansion.blocks import Definition

Style = Literal["tensors", "list", "model", "layers"]
"""What a function gives: tensors, a list of layers for a Sequential, a separate model, or a function that calls the layers
that it has made, any number of times."""


@dataclass(eq=False)
class Function:
    """A function of the source."""

    name: str
    style: Style
    definition: Definition | None
    """The block; None for the whole model."""
    names: Names
    """The names that are taken inside."""
    given: Mapping[str, Any]
    """The arguments that the block has somewhere in the graph."""
    needs: tuple[str, ...]
    """The vars of the spec that it takes, as the block or what it calls needs them."""
    inherited: tuple[str, ...] = ()
    """The arguments that instances of the block pass on to its layers."""
    variables: dict[str, str] = field(default_factory=dict)
    """What the block's inputs are called inside."""
    optional: set[str] = field(default_factory=set)
    """The inputs that some instance of the block is not given."""
    parameters: dict[str, str] = field(default_factory=dict)
    """What the block's arguments are called inside."""
    handed: dict[str, str] = field(default_factory=dict)
    """What the arguments are called that it passes on to its layers."""
    vars: dict[str, Symbol] = field(default_factory=dict)
    """What stands for vars of the spec inside."""
    further: list[tuple[str, ...] | Lent] = field(default_factory=list)
    """Members of the block that are read or called elsewhere, so that it gives them, too."""
    defaults: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """The default arguments of layers in its file."""
    ends: list[Use] = field(default_factory=list)
    """The outputs of a whole spec that lists none."""
    inside: TypedGraph | None = None
    """The graph of a separate model that it makes."""
    shapes: list[str] = field(default_factory=list)
    """What the shapes of the inputs of a separate model are called, or of what a list of layers gets."""
    asks_shape: bool = False
    """Whether a list of layers depends on that shape."""
    asked: dict[str, str] = field(default_factory=dict)
    """What the shapes of inputs are called that layers depend on which are made apart from their calls."""
    objects: dict[str, Expression] = field(default_factory=dict)
    """The defaults of the block's arguments that are objects of Keras."""
    scope: Scope = field(init=False)
    symbols: Symbols = field(init=False)
    _loop_names: dict[str, str] = field(default_factory=dict)

    def declare(
        self,
        known: Mapping[str, Symbol],
        file: Unit,
        arguments: Iterable[str],
        layers: Container[str],
        used: set[str],
    ) -> None:
        """Name what it takes; ``known`` are the vars of its file, ``used`` gets the modules that it needs.

        ``file`` is what it takes vars of, ``arguments`` are those of the block that it takes, some of them ``layers``.
        """
        definition = self.definition
        for name in self.needs:
            self.vars[name] = Symbol(self.names.value(name), known[name].value, file)
        if definition is not None:
            inputs = definition.block.inputs
            self.variables = {name: self.names.new(f"{name}_in" if name in self.vars else name) for name in inputs}
            if self.style == "model":
                self.shapes = [self.names.new(f"{name}_shape" if len(inputs) > 1 else "shape") for name in inputs]
            for name in arguments:
                is_taken = name in layers and name in self.names.taken
                self.parameters[name] = self.names.new(f"{name}_layer" if is_taken else name)
            if self.style == "list":
                self.shapes = [self.names.new("shape")]
        self.handed = {name: self.names.new(name) for name in self.inherited}
        of_file = file if definition is not None and definition.whole is not None else None
        given = {name: Symbol(text, self.given.get(name), of_file) for name, text in self.parameters.items()}
        many = definition.block.many if definition is not None else ()
        counted = {name: Symbol(self.variables[name]) for name in many}  # for len(...) of them
        self.symbols = Symbols({**counted, **known, **self.vars, **given}, Around(used))

    def loop_name(self, name: str) -> str:
        """The variable of loops over copies, for one of their values."""
        if name not in self._loop_names:
            self._loop_names[name] = self.names.new(name)
        return self._loop_names[name]

    def var(self, name: str) -> str:
        """What a var of its file is called inside."""
        return self.vars[name].text or "" if name in self.vars else self.parameters[name]

    @property
    def declared(self) -> dict[str, Mapping[str, Any]]:
        """The arguments of the Input layers of a whole spec, by the inputs' names."""
        whole = self.definition.whole if self.definition is not None else None
        if self.definition is None or whole is None:
            return {}
        spec = self.definition.unit.spec
        assert isinstance(spec, Spec)
        return {name: spec.layers[index].arguments for name, index in whole.declared.items()}

    @property
    def results(self) -> list[Port]:
        """What it gives: the outputs of the block, then further members."""
        assert self.definition is not None
        return [*self.definition.block.ports, *self.further]

    @property
    def is_block(self) -> bool:
        """Whether its layers have the name of an instance before their own."""
        return self.definition is not None and self.style != "model"


ModelMaker = Callable[[NestedModel, Mapping[str, Any], int], Expression]
"""Makes the call of a block's function for a model inside a layer, from what the spec says of the block.

The number is that of the first axis of the layer's input that the model gets.
"""


class WrittenCalls(Calls):
    """The calls of one item, with the spec's expressions in place of their values."""

    def __init__(self, part: Part, symbols: Symbols, model: ModelMaker | None = None) -> None:
        super().__init__(set(), _no_model, is_nested=False)
        self._values = part.values
        self._is_guess = part.is_guess
        self._symbols = symbols
        self._model = model
        self._axes = 1

    def layer(self, layer: Callee, name: Any, written: Mapping[str, Any] | str = NOTHING) -> Template:
        """A layer, whose arguments that decide what is written have known values."""
        written = {} if isinstance(written, str) else written
        if isinstance(layer, NestedModel):
            if self._model is None:
                raise Unwritable("a model inside an object")
            return Code(self._model(layer, written, self._axes))
        if isinstance(layer, TimeDistributed):
            self._axes += 1
        if not self._symbols.is_known(written.get("trainable")) and layer.inner_layers():
            raise self._symbols.fix(written["trainable"])
        lost = {key: value for key, value in written.items() if key not in layer.given() and key != "type"}
        if not self._symbols.is_known(lost):
            raise self._symbols.fix(lost)
        return super().layer(layer, name, written)

    def template(self, label: str, value: Any, written: Any = None) -> Template:
        """An argument; where the spec computes it, as the spec does."""
        if isinstance(value, Code) or written is None or self._symbols.is_known(written):
            return super().template(label, value, None if isinstance(written, str) else written)
        if isinstance(written, str) and written.strip("$()") in self._symbols.around.cloned:
            self._symbols.around.used.add("cloned")
            return Group.call("cloned", [Code(self._symbols.express(written))])
        if isinstance(value, Arguments):
            if isinstance(written, str) and written.strip("$()") in self._symbols:
                return Code(self._symbols.express(written))
            if not isinstance(written, dict) or not self._symbols.is_known(written.get("type")):
                raise self._symbols.fix(written)
            return super().template(label, value, written)
        if isinstance(written, str):
            if not self._is_guess and not shapes_in(written):
                computed = freeze(value_of(written, self._values))
                if computed != value or isinstance(computed, bool) != isinstance(value, bool):
                    raise self._symbols.fix(written)
            return Code(self._symbols.express(written))
        if isinstance(written, list) and isinstance(value, list | tuple) and len(written) == len(value):
            parts = [self.template(label, *pair) for pair in zip(value, written, strict=True)]
            return Group.display("[]" if isinstance(value, list) else "()", parts)
        if isinstance(written, dict) and isinstance(value, dict) and written.keys() == value.keys():
            items = ((f"{_key(key)}: ", self.template(label, value[key], written[key])) for key in value)
            return Group("", "{}", tuple(items))
        raise self._symbols.fix(written)


def _key(key: Any) -> str:
    text = literal(key)
    assert isinstance(text, str)
    return text


def _no_model(_layer: Any) -> Any:
    raise Unwritable("a model where none can be")


def filled(template: Template, used: set[str]) -> Expression:
    """The expression of a template without places; ``used`` gets the modules and helpers in it."""
    if isinstance(template, Group):
        if isinstance(template.head, str):
            used |= {template.head.split(".")[0], template.head.rpartition(".")[0]}
        items = tuple((before, filled(item, used)) for before, item in template.items)
        return Group(filled(template.head, used), template.brackets, items)
    if isinstance(template, Value):
        return literal(template.value)
    if isinstance(template, Code):
        used.add(template.module)
        return template.text
    assert isinstance(template, str), template
    return template


def unique(names: Iterable[str]) -> list[str]:
    """Names without repetitions, in order."""
    return list(dict.fromkeys(names))
