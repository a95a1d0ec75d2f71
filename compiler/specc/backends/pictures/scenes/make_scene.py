"""The scene of a graph: a card for each layer, a frame for each block instance and nested model, a wire for each tensor."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from specc.backends.pictures.scenes.counting import Count, Counts
from specc.backends.pictures.scenes.families import Family, family, is_merge, symbol
from specc.backends.pictures.scenes.phrases import in_formula
from specc.backends.pictures.scenes.ports import port_name, reads_of
from specc.backends.pictures.scenes.scene import (
    Card,
    Form,
    Frame,
    Item,
    Ports,
    Scene,
    Subject,
    Wire,
    clean,
    opening,
    said_of,
    tensor_words,
)
from specc.backends.pictures.scenes.sharing import Badges
from specc.backends.pictures.scenes.wording import all_words, block_words, given_words, in_brief
from specc.diagnostics.text_safety import printable, quote_value, shorten
from specc.ir import Formula, Instance, NestedModel, Node, Ref, TypedGraph
from specc.layers.base import Layer
from specc.words import count_of

MOST_VARS = 100
"""Vars that a page shows."""
LONGEST_FORMULA = 120
"""Characters of a formula that a card shows."""
DEEPEST_FRAME = 12
"""Frames inside frames: the members of one that is deeper belong to the frame of this depth."""


def make_scene(graph: TypedGraph) -> Scene:
    """The scene of a graph."""
    maker = _Maker()
    root: list[Item] = []
    scope = maker.place(graph, root, Counts(graph), _Around())
    for output in graph.graph.outputs:
        card = Card(maker.new_id("o"), "output", "output", "output", clean(output.name), layers=0, path=output.name)
        root.append(card)
        maker.subjects[card.id] = Subject(graph, output)
        tail, out = scope.source(output.ref)
        maker.wires.append(Wire(tail, out, card.id, ""))
    caption = " · ".join(_caption(graph, scope.counts.all))
    says = said_of(graph.graph.description)
    vars = [
        (clean(name), quote_value(it.value), "".join(said_of(it.description)))
        for name, it in list(graph.graph.vars.items())[:MOST_VARS]
    ]
    return Scene(clean(graph.name), caption, root, maker.wires, maker.subjects, says=says, vars=vars)


def _caption(graph: TypedGraph, count: Count) -> Iterator[str]:
    yield "Sequential" if graph.form == "sequential" else "functional"
    yield count_of(count.layers, "layer")
    yield count_of(graph.params, "parameter")
    untrained = graph.params - graph.trainable_params
    if untrained:
        yield f"{graph.trainable_params:,} trainable"
    if count.frozen_params:
        yield f"{count.frozen_params:,} frozen"
    if untrained > count.frozen_params:
        yield f"{untrained - count.frozen_params:,} {'other ' * bool(count.frozen_params)}non-trainable"
    if graph.graph.dtype_policy != "float32":
        yield graph.graph.dtype_policy


class _Around(NamedTuple):
    """What is around a graph: nothing, or a nested model's frame."""

    path: str = ""
    depth: int = 0
    given: Mapping[str, tuple[str, str]] = {}
    """What each input of a nested model is, as a card and its port."""


@dataclass(slots=True)
class _Scope:
    """One graph of the scene: its nodes' cards, and the scopes of its nested models."""

    graph: TypedGraph
    counts: Counts
    badges: Mapping[str, str]
    around: _Around
    cards: dict[str, str] = field(default_factory=dict)
    nested: dict[str, _Scope] = field(default_factory=dict)

    def source(self, ref: Ref) -> tuple[str, str]:
        """The card that gives a tensor, and the port."""
        node = self.graph.nodes[ref.node]
        if node.name in self.around.given:
            return self.around.given[node.name]
        if node.naming:
            return self.source(node.refs()[0])
        if node.formula is not None and node.formula.name != node.name:
            return self.cards[node.formula.name], ""
        if node.name in self.nested:
            inner = self.nested[node.name]
            return inner.source(inner.graph.graph.outputs[ref.port].ref)
        return self.cards[node.name], port_name(node, ref.port)


class _Maker:
    def __init__(self) -> None:
        self.wires: list[Wire] = []
        self.subjects: dict[str, Subject] = {}
        self._badges = Badges()
        self._used = Counter[str]()

    def new_id(self, letter: str) -> str:
        self._used[letter] += 1
        return f"{letter}{self._used[letter] - 1}"

    def place(self, graph: TypedGraph, members: list[Item], counts: Counts, around: _Around) -> _Scope:
        """Put a graph's cards and frames among ``members``, each frame where its first member comes."""
        scope = _Scope(graph, counts, self._badges.of(graph), around)
        frames: dict[str, Frame] = {}
        for name in graph.order:
            node = graph.nodes[name]
            if name in around.given or node.naming:
                continue
            if node.formula is not None and node.formula.name not in scope.cards:
                scope.cards[node.formula.name] = self.new_id("n")  # what reads a part may come before the last one
            if graph.graph.parts_of(node)[-1] != name:  # the last may be one that nothing reads, and is not there
                continue
            inside, prefix = members, ""
            for instance in graph.graph.around(node)[: DEEPEST_FRAME - around.depth]:
                if instance.name not in frames:
                    frames[instance.name] = self._frame(scope, instance)
                    inside.append(frames[instance.name])
                inside, prefix = frames[instance.name].members, f"{instance.name}."
            shown = name.removeprefix(prefix) if node.named else ""
            if name in counts.inside and around.depth < DEEPEST_FRAME:
                inside.append(self._nested(scope, node, shown))
            elif node.formula is not None:
                inside.append(self._formula(scope, node, node.formula, shown))
            else:
                inside.append(self._card(scope, node, shown))
        for name, frame in frames.items():
            _name_ports(scope, graph.graph.instances[name], frame)
        return scope

    def _frame(self, scope: _Scope, instance: Instance) -> Frame:
        card = Card(self.new_id("f"), "block", "other", clean(instance.block))
        card.name = clean(instance.own_name) if instance.named else ""
        card.words, card.all = given_words(instance), block_words(instance.arguments)
        self._tell(card, scope, instance, scope.counts.instances[instance.name])
        card.says = card.says or opening(instance.block_description)
        return Frame(card, instance.block)

    def _nested(self, scope: _Scope, node: Node, shown: str) -> Frame:
        """The first call of a nested model: its graph is drawn in a frame."""
        card = self._model(scope, node, shown, "f")
        frame = Frame(card, node.type)
        sources = {name: scope.source(ref) for name, ref in node.inputs.items() if isinstance(ref, Ref)}
        around = _Around(f"{card.path}/", scope.around.depth + 1, sources)
        assert isinstance(node.layer, NestedModel)
        inner = self.place(scope.graph.models[node.layer], frame.members, scope.counts.inside[node.name], around)
        scope.nested[node.name] = inner
        if len(sources) > 1:
            frame.ins = _by_net((name, source) for name, source in sources.items())
        outputs = inner.graph.graph.outputs
        if len(outputs) > 1:
            frame.outs = _by_net((output.name, inner.source(output.ref)) for output in outputs)
        return frame

    def _model(self, scope: _Scope, node: Node, shown: str, letter: str) -> Card:
        card = Card(self.new_id(letter), "block", "other", clean(node.type), clean(shown))
        assert isinstance(node.layer, NestedModel)
        card.words, card.all = given_words(node.layer.graph), block_words(node.layer.graph.arguments)
        self._tell(card, scope, node, scope.counts.nodes[node.name])
        card.says = card.says or opening(node.layer.graph.description)
        return card

    def _card(self, scope: _Scope, node: Node, shown: str) -> Card:
        """A layer, an input, or a further call of a nested model; and the wires to it."""
        if isinstance(node.layer, NestedModel):
            card = self._model(scope, node, shown, "n")
        else:
            card = Card(
                self.new_id("n"),
                *_look(scope.graph, node),
                clean(node.type),
                clean(shown),
                words=in_brief(node.layer, node.options, _axes(scope.graph, node)),
            )
            card.symbol = symbol(node.layer) if card.form == "merge" else ""
            card.all = all_words(node.layer, node.options)
            self._tell(card, scope, node, scope.counts.nodes[node.name])
        names = node.layer.ports(node.options)
        card.ports = Ports({}, {name: name for name in names if name != "output"} if len(names) > 1 else {})
        scope.cards[node.name] = card.id
        for number, (ref, arguments) in enumerate(reads_of(node)):
            into = ", ".join(arguments)
            if into:
                card.ports.in_[into] = into
            tail, out = scope.source(ref)
            self.wires.append(Wire(tail, out, card.id, into or str(number)))
        return card

    def _formula(self, scope: _Scope, node: Node, formula: Formula, shown: str) -> Card:
        """A formula: one card for all of its operations; ``node`` is the last of them that is there."""
        kind: Family = "constant" if node.name in scope.graph.graph.constants else "other"
        card = Card(scope.cards[formula.name], "layer", kind, "formula", clean(shown))
        card.words = [shorten(in_formula(printable(formula.text)), LONGEST_FORMULA)]
        card.all = [printable(formula.text)]
        parts = scope.graph.graph.parts_of(node)
        count = Count(sum(scope.counts.nodes[name].layers for name in parts))
        self._tell(card, scope, node, count)
        refs = dict.fromkeys(ref for name in parts for ref in scope.graph.nodes[name].refs() if ref.node not in parts)
        for number, ref in enumerate(refs):
            tail, out = scope.source(ref)
            self.wires.append(Wire(tail, out, card.id, str(number)))
        return card

    def _tell(self, card: Card, scope: _Scope, member: Node | Instance, count: Count) -> None:
        """What is known of a layer, a block instance and a nested model alike."""
        self.subjects[card.id] = Subject(scope.graph, member)
        card.layers, card.params = count.layers, count.params
        card.frozen_params, card.frozen = count.frozen_params, count.is_frozen
        card.badge = scope.badges.get(member.name, "")
        card.says = opening(member.description)
        card.path = f"{scope.around.path}{member.name}"
        place = member.origin.place
        if place.document.source.text and place.file != "<dict>":
            card.where = f"{clean(place.file.replace(os.sep, '/').rpartition('/')[2])}:{place.span.line}"
        card.tensor, card.shape = _tensor_of(scope.graph, member)
        if isinstance(member, Node) and isinstance(member.layer, Layer) and member.type != "Input":
            policy = member.layer.dtype or scope.graph.graph.dtype_policy
            card.dtype = "" if policy == scope.graph.graph.dtype_policy or card.shape.endswith(policy) else policy


def _tensor_of(graph: TypedGraph, member: Node | Instance) -> tuple[str, str]:
    """Shape and dtype of what a layer gives, or a block of one output, and the same or, if its first input has them, nothing."""
    if isinstance(member, Node):
        if isinstance(member.layer, NestedModel) and len(graph.tensors[member.name]) > 1:
            return "", ""
        given, read = Ref(member.name), member.refs()
    else:
        outputs = {ref for refs in member.outputs.values() for ref in refs}
        if len(outputs) != 1:
            return "", ""
        (given,) = outputs
        read = tuple(ref for refs in member.inputs.values() for ref in refs)
    tensor = graph.tensor(given)
    words = tensor_words(tensor)
    return words, "" if read and graph.tensor(read[0])[:2] == tensor[:2] else words


def _axes(graph: TypedGraph, node: Node) -> int:
    """The number of axes of the first tensor that a node reads."""
    return len(graph.tensor(node.refs()[0]).shape) if node.refs() else 0


def _look(graph: TypedGraph, node: Node) -> tuple[Form, Family]:
    if node.type == "Input":
        return "input", "input"
    if node.name in graph.graph.constants:
        return "layer", "constant"
    if is_merge(node.layer) and len(node.refs()) > 1:
        return "merge", "merge"
    return "layer", family(node.layer)


def _name_ports(scope: _Scope, instance: Instance, frame: Frame) -> None:
    """The names of a block's inputs and outputs, where it has several."""
    if len(instance.inputs) > 1:
        frame.ins = _by_net((name, scope.source(ref)) for name, refs in instance.inputs.items() for ref in refs)
    given = {name: refs for name, refs in instance.outputs.items() if refs}
    if len(given) > 1:
        frame.outs = _by_net((name, scope.source(ref)) for name, refs in given.items() for ref in refs)


def _by_net(sources: Iterable[tuple[str, tuple[str, str]]]) -> dict[str, str]:
    """Names by the net that each is; one net can be several."""
    found: dict[str, list[str]] = {}
    for name, (tail, out) in sources:
        found.setdefault(f"{tail} {out}", []).append(clean(name))
    return {net: ", ".join(dict.fromkeys(names)) for net, names in found.items()}
