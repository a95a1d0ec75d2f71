"""Lists of layers in which regions can be replaced: of a model, or of a block with all of its copies at once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

from specc import keras_signatures, layers

LAST = -1
"""The last copy of a node."""
BEFORE = -2
"""The copy before this one, in a chain."""


class Ref(NamedTuple):
    """What a call takes: an output of a copy of another node, or an input of the block."""

    node: Node | int
    """A node of the same body, or the number of an input."""
    copy: int = LAST
    """Which copy in a chain, from 0."""
    port: str | int | None = None
    """The port of a layer as it is written; of an instance the number of the block's output, whose first is None."""


@dataclass(eq=False, slots=True)
class Call:
    """One layer, or one instance of a block."""

    arguments: dict[str, Any]
    inputs: tuple[Ref, ...]
    name: str = ""
    """The author's; empty where Keras counted it, and the item can be moved."""
    row: int = 0
    """Which of the block's rows an instance is."""


@dataclass(eq=False, slots=True)
class Node:
    """A place in a list of layers, with what stands there in each row; a cell has the copies of a chain, or none."""

    type: str
    form: Any
    """How ``from`` is written: "one", a number of names in a list, or a tuple of arguments and their numbers."""
    fixed: dict[str, Any]
    """specc's own keys that no copy differs in."""
    cells: list[list[Call]]
    block: Body | None = None
    """The block of an instance."""
    alone: bool = False
    """Whether it stays where it is: an Input, an output of the model, a layer that is shared."""
    _kind: Any = None

    @property
    def kind(self) -> Any:
        """Equal for nodes that may be copies of each other."""
        if self._kind is None:
            own = (self.type, id(self.block), self.form, json.dumps(self.fixed, sort_keys=True))
            self._kind = id(self) if self.alone else own
        return self._kind

    def calls(self) -> Iterator[Call]:
        """All calls of all rows."""
        for cell in self.cells:
            yield from cell


@dataclass(eq=False, slots=True)
class Body:
    """The layers of the model, or of a block."""

    inputs: int
    nodes: list[Node]
    outputs: list[list[Ref]] = field(default_factory=list)
    """Each output in each row."""
    rows: int = 1
    names: list[str] = field(default_factory=list)
    """Of the inputs, if they are given."""
    handed: dict[int, int] = field(default_factory=dict)
    """The inputs that a copy in a chain gets from an output of the one before it, by number; not the first."""
    kept: set[int] = field(default_factory=set)
    """The inputs that are the same for all copies of a chain."""
    derived: Any = None
    """What `columns` makes of it, until it changes."""
    is_fixed: bool = False
    """Whether it is a spec's own: the model, or a nested one."""

    def places(self) -> dict[Node, int]:
        """The place of each node."""
        return {node: place for place, node in enumerate(self.nodes)}

    def replace(self, change: Callable[[Ref], Ref]) -> None:
        """Let what takes a reference take what becomes of it."""
        for node in self.nodes:
            for call in node.calls():
                call.inputs = tuple(map(change, call.inputs))
        self.outputs = [[change(it) for it in output] for output in self.outputs]


def weight(node: Node) -> int:
    """How many items stand for a node, if all blocks are put in."""
    return 1 if node.block is None else sum(map(weight, node.block.nodes))


@cache
def default(type: str, argument: str) -> Any:
    """What an argument is where it is not given. LookupError for one that has to be, or is not known."""
    kind = type if type.startswith("ops.") else f"layers.{type}"
    signature = keras_signatures.find(kind)
    if signature is None or signature.arguments.get(argument, keras_signatures.REQUIRED) is keras_signatures.REQUIRED:
        raise LookupError(argument)
    return _written(signature.arguments[argument], argument)


def _written(value: Any, argument: str) -> Any:
    """A default as a spec has it."""
    if argument.endswith("activation") and value is None:
        return "linear"
    if isinstance(value, tuple):
        listed = [_written(item, "") for item in value]
        return listed[0] if len(listed) > 1 and all(item == listed[0] for item in listed) else listed
    return value


def takes_nothing(type: str) -> bool:
    """Whether a layer or operation has no inputs."""
    cls = layers.find(type)
    return cls is not None and not cls.tensor_names()
