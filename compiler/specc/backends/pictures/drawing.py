"""What a picture shows, before any format: boxes, groups of boxes, arrows, and their words.

DOT and Mermaid are two spellings of a `Drawing`. Its texts are safe to show to a person (no control
characters, limited length) but not yet escaped: each format does that itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from specc.backends.pictures.options import Options
from specc.backends.pictures.wording import in_brief, in_lines
from specc.calls import Callee
from specc.diagnostics.text_safety import printable, shorten
from specc.ir import NestedModel, Node, Ref, TypedGraph
from specc.shapes import Tensor, is_float, show_shape
from specc.words import count_of

Direction = Literal["TB", "LR"]
"""Which way the arrows run: top to bottom, or left to right."""
Role = Literal["input", "entry", "layer", "folded", "output"]
"""An entry is an input of a nested model; an output is not a layer: it marks what the model returns."""
Family = Literal["conv", "pool", "dense", "norm", "merge", "sequence", "other"]

MOST_READABLE = 60
"""Layers from which a graph is drawn with folded blocks unless the user says otherwise."""
LONGEST_NAME = 48
LONGEST_LINE = 40
MOST_LINES = 3
DEEPEST_GROUP = 12
"""Depth of nested groups: deeper ones are put into the group at this depth."""

_FAMILIES: dict[str, Family] = {
    "convolutional": "conv",
    "pooling": "pool",
    "reshaping": "pool",
    "normalization": "norm",
    "merging": "merge",
    "rnn": "sequence",
    "attention": "sequence",
    "multi_head_attention": "sequence",
}
"""By the module that contains the layer's class."""
_DENSE = ("Dense", "EinsumDense", "Embedding", "ReversibleEmbedding")
_ANY_ORDER = ("Add", "Multiply", "Average", "Maximum", "Minimum")


@dataclass(frozen=True, slots=True)
class Box:
    """A layer, an output of the model, or a folded group."""

    id: str
    name: str
    type: str
    role: Role
    family: Family = "other"
    arguments: tuple[str, ...] = ()
    """The arguments in words, broken into lines."""
    note: str = ""
    """The line below the arguments: the parameters, or whose weights it uses."""
    node: Node | None = None
    """The node that it shows; None for an output and a folded block instance."""
    graph: TypedGraph | None = None
    """The graph that the node is in."""


@dataclass(slots=True)
class Group:
    """A block instance or a nested model, drawn as a frame around its members."""

    id: str
    name: str
    type: str = ""
    """The block's name, unless the instance has the same."""
    note: str = ""
    """Its parameters."""
    depth: int = 0
    members: list[Box | Group] = field(default_factory=list)

    def boxes(self) -> Iterator[Box]:
        """All boxes inside, at any depth."""
        for member in self.members:
            if isinstance(member, Group):
                yield from member.boxes()
            else:
                yield member

    def groups(self) -> Iterator[Group]:
        """All groups inside, outer before inner."""
        for member in self.members:
            if isinstance(member, Group):
                yield member
                yield from member.groups()


@dataclass(slots=True)
class Arrow:
    """A tensor on its way from one box to another."""

    tail: str
    head: str
    tensor: str
    """Its shape, and its dtype if that is not float32 or another float."""
    port: str = ""
    """Which output it is, for a layer with several."""
    arguments: tuple[str, ...] = ()
    """Which call arguments it fills, for a layer with several."""

    @property
    def lines(self) -> tuple[str, ...]:
        """Its label."""
        into = f"→ {', '.join(self.arguments)}" if self.arguments else ""
        way = " ".join(part for part in (self.port, into) if part)
        return (way, self.tensor) if way else (self.tensor,)


@dataclass(frozen=True, slots=True)
class Drawing:
    """A whole picture: its title, what is on it, and how that is connected."""

    title: str
    note: str
    root: Group
    arrows: list[Arrow]


def draw(graph: TypedGraph, *, fold: bool = False) -> Drawing:
    """What the picture of a graph shows; with ``fold``, one box for each block instance and nested model."""
    artist = _Artist(fold)
    root = Group("root", "")
    scope = artist.place(graph, root)
    for output in graph.graph.outputs:
        box = Box(artist.new_id("n"), clean(output.name), "output", "output")
        root.members.append(box)
        scope.outputs.append((output.ref, box))
    form = "Sequential" if graph.form == "sequential" else "functional"
    note = f"{form}, {count_of(graph.layer_count, 'layer')}, {count_of(graph.params, 'param')}"
    return Drawing(clean(graph.name), note, root, artist.arrows())


def folds(graph: TypedGraph, options: Options) -> bool:
    """Whether blocks are one box each: if they are too many layers to read, unless the user says otherwise."""
    if options.depth is None and not options.expand:
        return len(graph.nodes) > MOST_READABLE
    return options.depth == 0


def rankdir(options: Options) -> Direction:
    """Graphviz's and Mermaid's word for the direction."""
    return "LR" if options.direction == "right" else "TB"


def clean(text: str) -> str:
    """A name as a picture shows it."""
    return shorten(printable(text), LONGEST_NAME)


def tensor_words(tensor: Tensor) -> str:
    """
    >>> tensor_words(Tensor((None, 3))), tensor_words(Tensor((None,), "int32"))
    ('(None, 3)', '(None,) int32')
    """
    kind = "" if is_float(tensor.dtype) else f" {tensor.dtype}"
    return f"{show_shape(tensor.shape)}{kind}{' sparse' if tensor.sparse else ''}"


class _Source(NamedTuple):
    """Where an arrow starts: a box, and which of its outputs."""

    box: Box
    port: str


@dataclass(slots=True)
class _Scope:
    """One graph on the picture: its nodes' boxes, and its nested models where they are open."""

    graph: TypedGraph
    boxes: dict[str, Box] = field(default_factory=dict)
    nested: dict[str, _Scope] = field(default_factory=dict)
    outputs: list[tuple[Ref, Box]] = field(default_factory=list)

    def source(self, ref: Ref) -> _Source:
        if ref.node in self.nested:
            inner = self.nested[ref.node]
            return inner.source(inner.graph.graph.outputs[ref.port].ref)
        box, port = self.boxes[ref.node], _port(self.graph.nodes[ref.node], ref.port)
        if _is_block(box):
            member = ref.node[len(_blocks_around(self.graph, ref.node)[0]) + 1 :]
            port = f"{member}.{port}" if port else member
        return _Source(box, clean(port))

    def wires(self) -> Iterator[tuple[Ref, Box, str]]:
        """What is read, the box that reads it, and as which call argument if that is worth showing."""
        for name in self.graph.order:
            node = self.graph.nodes[name]
            if name in self.nested:
                entries = self.nested[name].boxes
                for argument, ref in zip(node.inputs, node.refs(), strict=True):
                    yield ref, entries[argument], ""
            else:
                yield from ((ref, self.boxes[name], argument) for ref, argument in _reads(node))
        yield from ((ref, box, "") for ref, box in self.outputs)


class _Artist:
    def __init__(self, fold: bool) -> None:
        self.fold = fold
        self._scopes: list[_Scope] = []
        self._used = Counter[str]()

    def new_id(self, letter: str) -> str:
        self._used[letter] += 1
        return f"{letter}{self._used[letter] - 1}"

    def place(self, graph: TypedGraph, frame: Group) -> _Scope:
        """Put a graph's boxes and groups into ``frame``, each group at its first member."""
        scope = _Scope(graph)
        self._scopes.append(scope)
        members = _block_members(graph)
        groups: dict[str, Group] = {}
        folded: dict[str, Box] = {}
        for name in graph.order:
            blocks = _blocks_around(graph, name)[: DEEPEST_GROUP - frame.depth]
            if self.fold and blocks:
                outer = blocks[0]
                if outer not in folded:
                    folded[outer] = self._folded_block(graph, outer, members[outer])
                    frame.members.append(folded[outer])
                scope.boxes[name] = folded[outer]
                continue
            parent, prefix = frame, ""
            for block in blocks:
                if block not in groups:
                    groups[block] = self._group(
                        block.removeprefix(prefix),
                        graph.graph.instances[block].block,
                        _params(graph, members[block]),
                        parent,
                    )
                parent, prefix = groups[block], f"{block}."
            self._place_node(scope, graph.nodes[name], name.removeprefix(prefix), parent)
        return scope

    def _group(self, name: str, kind: str, params: int, parent: Group) -> Group:
        said = "" if kind == name else clean(kind)
        group = Group(self.new_id("c"), clean(name), said, _params_note(params), parent.depth + 1)
        parent.members.append(group)
        return group

    def _place_node(self, scope: _Scope, node: Node, shown: str, parent: Group) -> None:
        inner = scope.graph.models.get(node.layer) if isinstance(node.layer, NestedModel) else None
        if inner is not None and not self.fold and node.shares is None and parent.depth < DEEPEST_GROUP:
            scope.nested[node.name] = self.place(inner, self._group(shown, node.type, inner.params, parent))
            return
        role: Role = "layer" if inner is None else "folded"
        if node.type == "Input":
            role = "input" if scope is self._scopes[0] else "entry"
        phrases = in_brief(node.layer, node.options)
        if inner is not None:
            phrases.insert(0, count_of(inner.layer_count, "layer"))
        box = Box(
            self.new_id("n"),
            clean(shown),
            clean(node.type),
            role,
            _family(node.layer),
            in_lines(phrases, LONGEST_LINE, MOST_LINES),
            _note(scope.graph, node),
            node,
            scope.graph,
        )
        scope.boxes[node.name] = box
        parent.members.append(box)

    def _folded_block(self, graph: TypedGraph, block: str, members: list[str]) -> Box:
        layers = (count_of(len(members), "layer"),)
        note = _params_note(_params(graph, members))
        kind = graph.graph.instances[block].block
        return Box(self.new_id("n"), clean(block), clean(kind), "folded", "other", layers, note)

    def arrows(self) -> list[Arrow]:
        """All arrows. Wires inside a folded block vanish, and what it reads several times arrives once."""
        arrows: list[Arrow] = []
        seen: dict[tuple[int, Ref, str], Arrow] = {}
        folded: dict[str, list[Arrow]] = {}
        for scope in self._scopes:
            for ref, head, argument in scope.wires():
                tail, port = scope.source(ref)
                key = (id(scope), ref, head.id)
                if tail is head:
                    continue
                if key in seen and (argument or _is_block(head)):
                    if not _is_block(head):
                        seen[key].arguments += (argument,)
                    continue
                arguments = (argument,) if argument and not _is_block(head) else ()
                arrow = Arrow(tail.id, head.id, tensor_words(scope.graph.tensor(ref)), port, arguments)
                arrows.append(arrow)
                seen[key] = arrow
                if _is_block(tail):
                    folded.setdefault(tail.id, []).append(arrow)
        for leaving in folded.values():
            if len({arrow.port for arrow in leaving}) == 1:  # a block's only output needs no name
                for arrow in leaving:
                    arrow.port = ""
        return arrows


def _is_block(box: Box) -> bool:
    return box.role == "folded" and box.node is None


def _reads(node: Node) -> Iterator[tuple[Ref, str]]:
    """What a node reads, each with its call argument: named if there are several, numbered if order matters."""
    first = node.layer.tensor_arguments()[0].name if node.layer.tensor_arguments() else ""
    for argument, value in node.inputs.items():
        said = argument if len(node.inputs) > 1 or argument != first else ""
        if isinstance(value, Ref):
            yield value, said
            continue
        ordered = len(value) > 1 and node.type not in _ANY_ORDER
        yield from ((ref, f"{said}[{index}]" if ordered else said) for index, ref in enumerate(value))


def _port(node: Node, port: int) -> str:
    names = node.layer.ports(node.options)
    return "" if len(names) == 1 or names[port] == "output" else names[port]


def _blocks_around(graph: TypedGraph, name: str) -> list[str]:
    """The block instances that a node is a member of, outermost first: ``a.b.c`` is in ``a`` and ``a.b``."""
    return [instance.name for instance in graph.graph.around(graph.nodes[name])[:DEEPEST_GROUP]]


def _block_members(graph: TypedGraph) -> dict[str, list[str]]:
    members: dict[str, list[str]] = {}
    for name in graph.order:
        for block in _blocks_around(graph, name):
            members.setdefault(block, []).append(name)
    return members


def _family(layer: Callee) -> Family:
    if layer.type_name in _DENSE:
        return "dense"
    return _FAMILIES.get(type(layer).__module__.rpartition(".")[2], "other")


def _params(graph: TypedGraph, names: list[str]) -> int:
    return sum(graph.node_params(name) for name in names)


def _note(graph: TypedGraph, node: Node) -> str:
    if node.shares is not None:
        return f"weights of {clean(node.shares)}"
    return _params_note(graph.node_params(node.name))


def _params_note(params: int) -> str:
    return count_of(params, "param") if params else ""
