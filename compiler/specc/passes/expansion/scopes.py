"""The tree between expansion and wiring: scopes of entries, whose items are expanded and not yet wired."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from specc.automatic_names import AutomaticNames
from specc.calls import Callee
from specc.frontend.include import Unit
from specc.frontend.items import Item
from specc.frontend.names import item_label
from specc.frontend.schema import Block
from specc.ir import Copy, Declared, Formula, Inferred, MadeFor, Ref
from specc.passes.expansion.freeze_patterns import NOTHING, Freezing
from specc.source import Frame, Origin, Path, Place

if TYPE_CHECKING:
    from specc.expressions.shapes import Questions


class TooLarge(Exception):
    """The spec would have more layers than its budget allows."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place
        """The item among the spec's own layers that causes it."""


class Operand(NamedTuple):
    """What a part of a formula reads: a reference, or another part of it."""

    target: str | Entry
    port: int
    """The output of another part."""
    place: Place


@dataclass(eq=False, slots=True)
class Entry:
    """An item after expansion: a layer's call, or an instance of a block."""

    name: str
    named: bool
    item: Item
    origin: Origin
    scope: Scope
    layer: Callee | None = None
    inner: Scope | None = None
    shares: Entry | None = None
    previous: Entry | Copies | None = None
    """The entry above it, if it takes its input from there."""
    chained: Entry | None = None
    """The copy before it, in a repetition."""
    copy: Copy | None = None
    """Which copy it is, for an item with ``repeat`` or ``each``."""
    inherited: Mapping[str, Any] = field(default_factory=dict)
    """What it has from the instances around it, and from ``freeze``, unless it says otherwise."""
    freezing: Freezing = NOTHING
    """What names it in ``freeze``, or something inside it."""
    absent: bool = False
    """``when`` is false, or it has 0 copies: it passes its first input, or ``else``, through."""
    block: Block | None = None
    """The block of an instance that is absent or broken."""
    broken: bool = False
    """It has errors; references to it are not reported as well."""
    arguments: dict[str, Any] = field(default_factory=dict)
    """The arguments of the layer or block, values substituted unless it is broken or absent."""
    options: dict[str, Any] = field(default_factory=dict)
    source: Any = None
    """Its ``from``, values substituted; for a part of a formula, an `Operand` or a list of them by tensor argument."""
    otherwise: str | list[str] | None = None
    """Its ``else``, values substituted; an empty list for nothing, as of ``each`` without values."""
    formula: Formula | None = None
    """The formula that it is a part of."""
    parts: tuple[Entry, ...] = ()
    """The other parts of the formula that it is the last of, in order."""

    @property
    def item_place(self) -> Place:
        """Where its item is written."""
        place = self.origin.place
        return place if self.formula is None else place._replace(path=place.path[:-1], within=None)

    @property
    def is_nothing(self) -> bool:
        """Whether references to it are left out: it is absent with ``else: []``, or has no copies side by side."""
        return self.absent and self.otherwise == []

    @property
    def is_part(self) -> bool:
        """Whether it is a part of a formula that is not the last one."""
        return self.formula is not None and self.formula.name != self.full_name

    @property
    def copy_of(self) -> str | None:
        """The name of the item that it is a copy of."""
        return None if self.copy is None else self.copy.item

    @property
    def full_name(self) -> str:
        """The name in the graph: that of the instance it is a member of, a dot, its own."""
        return self.scope.prefix + self.name

    @property
    def label(self) -> str:
        """What messages call it."""
        if self.formula is not None:
            return item_label(self.formula.name, "formula")
        kind = self.layer.type_name if self.layer is not None else self.item.type
        return item_label(self.full_name if self.name else None, kind)


def read_again(source: dict[str, Any], entries: Mapping[Entry, Entry]) -> dict[str, Any]:
    """What a part of a formula reads, with other entries in the place of its other parts."""

    def other(operand: Operand) -> Operand:
        target = operand.target
        return operand if isinstance(target, str) else operand._replace(target=entries[target])

    return {name: list(map(other, it)) if isinstance(it, list) else other(it) for name, it in source.items()}


@dataclass(eq=False, slots=True)
class Copies:
    """What an item with ``repeat`` or ``each`` became."""

    name: str
    entries: list[Entry]
    in_chain: bool
    """``repeat``: the name alone is the last copy. Otherwise (``each``) it is all of them."""


@dataclass(eq=False, slots=True)
class Scope:
    """A list of items with its own names: the file's, or a block instance's."""

    prefix: str
    unit: Unit
    path: Path
    """The path of the list of layers: ``("layers",)`` or ``("blocks", name, "layers")``."""
    values: Mapping[str, Any]
    frames: tuple[Frame, ...] = ()
    block: Block | None = None
    kind: str = ""
    """The block's name."""
    arguments: dict[str, Any] = field(default_factory=dict)
    """The value of each of the block's arguments."""
    inherited: Mapping[str, Any] = field(default_factory=dict)
    """What the enclosing instances pass on to the layers."""
    freezing: Freezing = NOTHING
    """What names its items in ``freeze``."""
    by_default: set[str] = field(default_factory=set)
    """The arguments that the instance does not give."""
    entries: list[Entry] = field(default_factory=list)
    names: dict[str, Entry | Copies] = field(default_factory=dict)
    automatic: dict[str, Entry] = field(default_factory=dict)
    """Entries by automatic names, which references cannot use."""
    automatic_names: AutomaticNames = field(default_factory=AutomaticNames)
    instance: Entry | None = None
    """The instance whose inside this is; None for the file and for nested models."""
    model_of: tuple[Entry, Path] | None = None
    """For a nested model, the item that it is made for, and its place in that item."""
    above: Entry | Copies | None = None
    """While it is expanded: the last item so far."""
    coming: Container[str] = ()
    """The names that items take, including those that are not expanded yet."""
    asked: dict[tuple[Ref, int], MadeFor] = field(default_factory=dict)
    """The sizes that expressions in it asked for: each axis of each output."""
    inferred: dict[str, Inferred] = field(default_factory=dict)
    """For the scope of a graph: what was wired and inferred of it to answer them, by the names of the nodes."""
    counted: dict[str, int] = field(default_factory=dict)
    """The block's inputs of which expressions asked how many tensors they take."""
    declared: Mapping[str, Declared] = field(default_factory=dict)
    """What the Input layers of a whole spec say of the tensors that it is given, by the names of its inputs."""
    ends: Mapping[str, tuple[Ref, ...]] | None = None
    """For a whole spec that lists no outputs, once its wires are known: what nothing reads, by the outputs' names."""

    @property
    def outermost(self) -> Scope:
        """The scope of the graph that it becomes a part of: the file's, or a nested model's."""
        scope = self
        while scope.instance is not None:
            scope = scope.instance.scope
        return scope

    @property
    def ports(self) -> list[str]:
        """The names of the block's outputs, in order."""
        return list(self.ends if self.ends is not None else self.block.ports if self.block is not None else ())

    def present(self) -> Iterator[Entry]:
        """The entries that are present, those of instances inside too, each instance before them."""
        stack = [iter(self.entries)]
        while stack:
            for entry in stack[-1]:
                if entry.absent:
                    continue
                yield entry
                if entry.inner is not None:
                    stack.append(iter(entry.inner.entries))
                    break
            else:
                stack.pop()

    def place(self, *path: str | int, part: Any = "value") -> Place:
        """A place in the part of the file that contains the scope's list of layers."""
        return Place(self.unit.document, (*self.path[:-1], *path), part)


class ScopeValues(ChainMap[str, Any]):
    """Values with further ones before them, all computed on demand; in a scope, whose items have shapes."""

    questions: Questions | None = None
    """What its expressions may ask."""


def extended(values: Mapping[str, Any], further: dict[str, Any]) -> ScopeValues:
    """Values with further ones before them, of the same scope."""
    found = ScopeValues(further, values)  # type: ignore[arg-type]  # it only writes to its first map
    found.questions = getattr(values, "questions", None)
    return found
