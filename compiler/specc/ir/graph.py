"""A graph with names and wires, shapes not yet known.

A node is one call of one layer. Its inputs are stored in the node, in order, so that ``Add`` of x and x keeps
both; the DAG that networkx sees is derived from them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from specc.calls import Call, Callee, ModelsInside, Policy, Weight
from specc.shapes import Tensor
from specc.source import Origin, Place

if TYPE_CHECKING:
    import networkx as nx

    from specc.ir.program import Program
    from specc.training import Training


class Ref(NamedTuple):
    """One output of a node; ``port`` counts them from 0."""

    node: str
    port: int = 0


def refs_of(value: Ref | tuple[Ref, ...]) -> tuple[Ref, ...]:
    """What a call argument reads: one output, or several for an argument that takes many."""
    return (value,) if isinstance(value, Ref) else value


@dataclass(frozen=True, slots=True)
class Copy:
    """Which of the copies of an item with ``repeat`` or ``each`` it is."""

    item: str | None
    """The name of the item; None if it has none."""
    index: int
    """Counted from 0."""
    count: int
    in_chain: bool
    """``repeat``: each copy takes the one before it. Otherwise (``each``) they are side by side."""


class Formula(NamedTuple):
    """A formula: several nodes that one item describes, the last of which has the item's name."""

    name: str
    """The name of the last node; those of the others begin with it and a dot."""
    text: str
    """As it is written, its values put in, on one line."""


class Node(NamedTuple):
    """One call of a layer.

    ``name`` is unique in its graph; the name of a member of a block instance begins with the instance's name and a dot
    (``stage2.main``), which is also the name of the Keras layer. ``inputs`` is by call argument, in the order
    that Keras's call has; an argument that takes many tensors has a tuple. ``shares`` is the name of the node
    whose layer is called again here, with its weights; ``layer`` is then the same object as there.
    """

    name: str
    layer: Callee
    inputs: Mapping[str, Ref | tuple[Ref, ...]]
    origin: Origin
    options: dict[str, Any] = {}
    shares: str | None = None
    named: bool = True
    """False if the name is Keras's automatic one."""
    naming: bool = False
    """Whether it is an Identity that only gives an output its name; it gets the dtype of what it names."""
    instance: str | None = None
    """The innermost block instance that it is a member of."""
    copy: Copy | None = None
    description: str | None = None
    """What the spec says that it is."""
    formula: Formula | None = None
    """The formula that it is a part of."""

    @property
    def type(self) -> str:
        """The layer's type: Keras's class name; the block's name for a nested model."""
        return self.layer.type_name

    @property
    def own_name(self) -> str:
        """The name without the instances that it is a member of, as references inside the block use it."""
        return self.name if self.instance is None else self.name[len(self.instance) + 1 :]

    def call(
        self,
        tensors: dict[str, Tensor | tuple[Tensor, ...]],
        default_policy: Policy,
        models: ModelsInside | None = None,
    ) -> Call:
        """The call as ``predict`` and ``fit`` make it; ``models`` are those that the layer is or contains.

        They pass ``training`` themselves, whatever ``call: {training: ...}`` says: that counts when Keras builds the layer,
        and when a model is called by hand. Keras: ``Functional.call``.
        """
        options = self.options
        if "training" in options:
            options = {name: value for name, value in options.items() if name != "training"}
        call = self.layer.call(tensors, options, default_policy)
        call.built_for_inference = self.options.get("training") is False
        call.models = models
        return call

    def refs(self) -> tuple[Ref, ...]:
        """All references of the call, in order."""
        if len(self.inputs) == 1:  # as of nearly all layers
            (value,) = self.inputs.values()
            return (value,) if isinstance(value, Ref) else value
        found: tuple[Ref, ...] = ()
        for value in self.inputs.values():
            found += (value,) if isinstance(value, Ref) else value
        return found


class Declared(NamedTuple):
    """What a whole spec that is used as a block says of a tensor that it is given."""

    tensor: Tensor
    """Its shape, whose unknown sizes may be any, and its dtype."""
    place: Place


@dataclass(frozen=True, slots=True)
class Instance:
    """A block that is expanded in place: its layers are nodes of the graph, named after the instance."""

    name: str
    """Unique in its graph, also among the nodes; inside another instance, prefixed with its name and a dot."""
    block: str
    arguments: Mapping[str, Any]
    """The value of each argument of the block, in the block's order."""
    inputs: Mapping[str, tuple[Ref, ...]]
    """What each input of the block is given; an input that is given nothing is missing."""
    outputs: Mapping[str, tuple[Ref, ...]]
    """What gives each output of the block, in order; empty if that was removed because nobody reads it."""
    parent: str | None
    """The instance that it is a member of."""
    origin: Origin
    shares: str | None = None
    """The instance whose layers are all called again here."""
    named: bool = True
    """False if the name is an automatic one."""
    copy: Copy | None = None
    description: str | None = None
    """What the spec says that it is."""
    block_description: str | None = None
    """What the spec says that the block is."""
    argument_descriptions: Mapping[str, str] = field(default_factory=dict)
    """What the block says of its arguments, of those with a description."""

    declared: Mapping[str, Declared] = field(default_factory=dict)
    """For a whole spec that is used as a block: what its Input layers say, by the names of its inputs."""
    by_default: frozenset[str] = frozenset()
    """The arguments that have the block's default."""

    @property
    def own_name(self) -> str:
        """The name without the instances around it."""
        return self.name if self.parent is None else self.name[len(self.parent) + 1 :]


def call_key(node: Node, tensors: Mapping[str, tuple[Tensor, ...]]) -> object:
    """Equal for two calls of one layer on the same tensors; equal layers, and outputs of equal calls, are one object."""
    key: object = id(node.layer)
    for argument, value in node.inputs.items():
        if isinstance(value, Ref):
            key = (key, argument, id(tensors[value.node]), value.port)
        else:
            key = (key, argument, *((id(tensors[ref.node]), ref.port) for ref in value))
    return key


class MadeFor(NamedTuple):
    """A size that what may be called again was made for: an expression in it asked for it, by ``shape(...)``."""

    ref: Ref
    axis: int
    size: int
    said: str
    """The reference, as the expression writes it."""
    place: Place
    """The item with the expression."""
    instance: str | None = None
    """The block instance that shares another, which was made for the size; None for the nested model whose graph it is."""


class Inferred(NamedTuple):
    """A node that was wired and inferred before its graph was, since an expression asked for a shape."""

    node: Node
    given: tuple[Tensor, ...]
    """The tensors of its `refs`."""
    outputs: tuple[Tensor, ...]
    weights: tuple[Weight, ...]


class Output(NamedTuple):
    """An output of a graph: its name in losses and metrics, and what gives it."""

    name: str
    ref: Ref
    renamed: bool = False
    """Keras would name it differently although it is a node's name (a shared call): the backend adds an Identity
    of that name after it. If the name is free in the graph, that Identity is a node like any other."""


def _siblings(member: Node | Instance) -> tuple[object, ...]:
    """Equal for all copies of one item."""
    around = member.instance if isinstance(member, Node) else member.parent
    place = member.origin.place
    return (around, place.document, place.path)


class Var(NamedTuple):
    """A var of the spec."""

    value: Any
    description: str | None


@dataclass(frozen=True)
class Graph:
    """A wired graph, all of whose references are resolved; not yet known to be valid.

    All that a spec says of a model's structure is in it, so that later stages need no spec: a program can make one,
    too, with `specc.source.Origin.nowhere` for all that was not read from a file.
    """

    name: str
    nodes: Mapping[str, Node]
    """By name, in file order."""
    inputs: tuple[str, ...]
    outputs: tuple[Output, ...]
    origin: Origin
    description: str | None = None
    """What the spec says that the model is; of a nested model, what its block is."""
    block: str | None = None
    """The block that a nested model is made from, whose inputs and outputs have their names there."""
    arguments: Mapping[str, Any] = field(default_factory=dict)
    """The value of each argument of that block."""
    argument_descriptions: Mapping[str, str] = field(default_factory=dict)
    """What that block says of its arguments, of those with a description."""
    by_default: frozenset[str] = frozenset()
    """The arguments that have that block's default."""
    vars: Mapping[str, Var] = field(default_factory=dict)
    """The vars of the spec; a nested model has none."""
    declared: Mapping[str, Declared] = field(default_factory=dict)
    """For a nested model that is made from a whole spec: what its Input layers say, by name."""
    instances: Mapping[str, Instance] = field(default_factory=dict)
    """The block instances by name, in file order, each before those inside it."""
    outputs_form: Literal["one", "list", "map"] = "list"
    """What the model returns: a single tensor, a list, or a dict by output name."""
    named_outputs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """For a nested model: what a reference to its outputs may be, other than their names, such as ``stage[*]``; and the names
    of those that it means."""
    outputs_given: bool = False
    """Whether the spec lists the outputs."""
    training: Training | None = None
    dtype_policy: str = "float32"
    expect: Mapping[str, Any] = field(default_factory=dict)
    made_for: tuple[MadeFor, ...] = ()
    """The sizes that values were computed from: for a nested model, and for instances that share another."""
    files: tuple[str, ...] = ()
    """The spec and what it includes, as absolute paths: no output may overwrite one of them."""
    inferred: Mapping[str, Inferred] = field(default_factory=dict, compare=False, repr=False)
    """What was inferred while the graph was made, by the names of nodes, which may be others by now."""
    program: Program | None = field(default=None, compare=False, repr=False)
    """What the graph was expanded from; None if a program made it, or for a nested model."""

    @cached_property
    def is_in_order(self) -> bool:
        """Whether every node reads only nodes before it."""
        seen: set[str] = set()
        for name, node in self.nodes.items():
            if not all(ref.node in seen for ref in node.refs()):
                return False
            seen.add(name)
        return True

    @cached_property
    def constants(self) -> frozenset[str]:
        """The nodes that depend on no Input: each is computed once, when the model is built.

        They begin with operations that take no tensors, such as ``ops.arange``.
        """
        inputs = set(self.inputs)
        pending = [
            name
            for name, node in self.nodes.items()
            if not node.inputs and name not in inputs and not node.layer.tensor_arguments()
        ]
        if not pending:
            return frozenset()
        readers: dict[str, list[Node]] = {}
        for node in self.nodes.values():
            for ref in node.refs():
                readers.setdefault(ref.node, []).append(node)
        found = set(pending)
        while pending:
            for reader in readers.get(pending.pop(), ()):
                if reader.name not in found and all(ref.node in found for ref in reader.refs()):
                    found.add(reader.name)
                    pending.append(reader.name)
        return frozenset(found)

    @cached_property
    def formulas(self) -> Mapping[Formula, tuple[str, ...]]:
        """The nodes of each formula, in file order."""
        found: dict[Formula, list[str]] = {}
        for name, node in self.nodes.items():
            if node.formula is not None:
                found.setdefault(node.formula, []).append(name)
        return {formula: tuple(names) for formula, names in found.items()}

    def parts_of(self, node: Node) -> tuple[str, ...]:
        """The nodes of the formula that a node is a part of; else just its own name."""
        return (node.name,) if node.formula is None else self.formulas[node.formula]

    def around(self, member: Node | Instance) -> list[Instance]:
        """The block instances that a node or an instance is a member of, outermost first; none while they are expanded."""
        name = member.instance if isinstance(member, Node) else member.parent
        found: list[Instance] = []
        while name is not None and name in self.instances:
            found.append(self.instances[name])
            name = found[-1].parent
        return found[::-1]

    def in_copy(self, name: str, copy: Node | Instance, index: int) -> str | None:
        """The name in another copy of a node in one of several copies, or of that copy itself; None if there is none."""
        assert copy.copy is not None
        if not 0 <= index < copy.copy.count:
            return None
        other = self._copies.get((*_siblings(copy), index))
        return None if other is None else other + name[len(copy.name) :]

    def next_copy(self, copy: Node | Instance) -> Node | Instance | None:
        """The copy after one of several copies; None after the last."""
        assert copy.copy is not None
        name = self.in_copy(copy.name, copy, copy.copy.index + 1)
        return None if name is None else self.instances.get(name) or self.nodes.get(name)

    def way_to(self, node: Node) -> list[Instance | Node]:
        """The block instances that a node is a member of, outermost first, and the node itself."""
        return [*self.around(node), node]

    @cached_property
    def _copies(self) -> dict[tuple[object, ...], str]:
        """The names of all copies."""
        members: Iterable[Node | Instance] = chain(self.instances.values(), self.nodes.values())
        return {(*_siblings(it), it.copy.index): it.name for it in members if it.copy is not None}

    def references_to(self, ref: Ref) -> list[str]:
        """What a reference to an output may be, the one that its author would write first: by the item alone, by the
        output of the instance, by the layer. One without a name has only its automatic one.
        """
        node = self.nodes[ref.node]
        item = self.way_to(node)[0]
        outputs = node.layer.ports({}) if node.layer.block is not None else ()  # of a nested model
        if not item.named:
            dotted = [f"{node.name}.{outputs[ref.port]}"] if len(outputs) > 1 else []
            return [node.name, *dotted] if ref.port == 0 else dotted
        name = item.name
        if item.copy is not None and item.copy.in_chain and self.next_copy(item) is None:
            name = item.copy.item or name
        if isinstance(item, Node):
            dotted = [f"{called}.{outputs[ref.port]}" for called in (name, node.name)] if len(outputs) > 1 else []
            return [name, *dotted, node.name] if ref.port == 0 else dotted
        alone = [name] if next(iter(item.outputs.values()), ()) == (ref,) else []
        given = [port for port, refs in item.outputs.items() if refs == (ref,) and "[" not in port]
        ports = [f"{called}.{port}" for called in dict.fromkeys((name, item.name)) for port in given]
        return [*alone, *ports, *[node.name] * (ref.port == 0)]

    def other_names_of_outputs(self) -> dict[str, str]:
        """What else may stand for an output that the spec does not list, where outputs go by their names: other references
        to it, and the item that it comes from if no other output does.
        """
        found: dict[str, list[str]] = {}
        for output in () if self.outputs_given else self.outputs:
            node = self.nodes[output.ref.node]
            (ref,) = node.refs() if node.naming else (output.ref,)
            item = self.way_to(self.nodes[ref.node])[0]
            items = [item.copy.item] if item.copy is not None else [item.name] if item.named else []
            for name in dict.fromkeys([*self.references_to(ref), *filter(None, items)]):
                found.setdefault(name, []).append(output.name)
        names = {output.name for output in self.outputs}
        return {other: its[0] for other, its in found.items() if len(its) == 1 and other not in names}

    def leading_to(self, goals: Iterable[str]) -> set[str]:
        """All nodes that lead to one of the goals, these included."""
        found = set(goals)
        pending = list(found)
        while pending:
            for ref in self.nodes[pending.pop()].refs():
                if ref.node not in found:
                    found.add(ref.node)
                    pending.append(ref.node)
        return found

    def order(self) -> tuple[str, ...]:
        """The nodes in file order if possible, else in networkx's order nearest to it."""
        if self.is_in_order:
            return tuple(self.nodes)
        import networkx as nx

        position = {name: index for index, name in enumerate(self.nodes)}
        return tuple(nx.lexicographical_topological_sort(self.digraph(), key=position.__getitem__))

    def digraph(self) -> nx.DiGraph[str]:
        """The DAG as networkx sees it: node names in file order, an edge for each connected pair."""
        import networkx as nx  # takes a quarter of a second: on first use

        graph: nx.DiGraph[str] = nx.DiGraph()
        graph.add_nodes_from(self.nodes)
        graph.add_edges_from((ref.node, node.name) for node in self.nodes.values() for ref in node.refs())
        return graph
