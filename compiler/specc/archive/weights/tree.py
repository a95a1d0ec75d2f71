"""The layers of a model whose weights a file has: those that a graph needs, and those that a file holds, in one form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from specc.archive.native import NotNative
from specc.archive.weights.places import groups
from specc.archive.writing.network import Networks
from specc.archive.writing.training import states
from specc.ir import TypedGraph
from specc.shapes import Shape

LISTS = frozenset({"pipeline"})
"""The layers with an attribute ``layers`` that are no models, as files name their classes."""
MODEL = "layers"
"""The group of a model's layers."""


@dataclass
class Tree:
    """A layer with those inside it, as a file has them."""

    name: str | None = None
    """Its name; files of older versions of Keras do not say it."""
    type: str = ""
    """What a spec calls its type."""
    weights: dict[str, Held] = field(default_factory=dict)
    """Its own weights by their keys: "0"."""
    inside: dict[str, Tree] = field(default_factory=dict)
    """The layers inside it by their path from it: "cell", "layers/dense"."""


@dataclass(frozen=True)
class Held:
    """A weight in a tree."""

    shape: tuple[int, ...]
    name: str = ""
    """Its name in its layer; only of a graph."""
    dataset: Any = None
    """The dataset of h5py; only of a file."""
    file: str = ""


@dataclass
class Member:
    """A layer of a model, or of a model inside it, with all its weights: what has a name that an author gave."""

    label: str
    """Its name, after those of the models that it is in: "encoder/dense"."""
    path: str
    """In the file: "layers/functional/layers/dense"."""
    type: str
    weights: dict[str, Held] = field(default_factory=dict)
    """By their paths from its own: "vars/0", "cell/vars/1"."""

    @property
    def shapes(self) -> dict[str, Shape]:
        """The shapes of its weights."""
        return {path: held.shape for path, held in self.weights.items()}


@dataclass
class Members:
    """The layers of a tree that have weights, and the models that they are in."""

    layers: list[Member] = field(default_factory=list)
    models: dict[str, str] = field(default_factory=dict)
    """The path of each model inside by its label."""
    named: bool = True
    """Whether the file says the names of layers."""


def tree_of(graph: TypedGraph, networks: Networks | None = None) -> Tree:
    """The layers of a graph, and its optimizer. NotNative if only Keras knows how it saves them."""
    if any(layer.imported_from for it in _graphs(graph) for layer in it.layers):
        raise NotNative("a layer of a plugin")
    root = Tree(graph.name)
    made = {"": root}
    for group in groups(graph, networks):
        weights = {str(number): Held(weight.shape, weight.name) for number, (_, weight) in enumerate(group.weights)}
        tree = made[group.path] = Tree(group.name, group.type, weights)
        around = group.path
        while around not in made or around == group.path:
            around = around.rpartition("/")[0]
        made[around].inside[group.path.removeprefix(around).lstrip("/")] = tree
    for state in states(graph):
        around, _, key = state.path.rpartition("/")
        scalars = {str(number): Held(()) for number in range(len(state.variables))}
        tree = made[state.path] = made[around].inside[key] = Tree(state.name, weights=scalars)
    return root


def _graphs(graph: TypedGraph) -> Iterator[TypedGraph]:
    yield graph
    for inner in graph.models.values():
        yield from _graphs(inner)


def members(tree: Tree) -> Members:
    """The layers of a tree, in its order."""
    found = Members()
    _of_model(tree, "", "", found)
    return found


def _of_model(model: Tree, label: str, path: str, found: Members) -> None:
    for key, layer in model.inside.items():
        if not key.startswith(f"{MODEL}/"):
            continue
        name = layer.name
        if name is None:
            found.named = False
            name = key.rpartition("/")[2]
        _of_layer(layer, key, f"{label}{name}", f"{path}{key}", found)


def _of_layer(layer: Tree, key: str, label: str, path: str, found: Members) -> None:
    if _is_model(key, layer):
        found.models[label] = path
        _of_model(layer, f"{label}/", f"{path}/", found)
        return
    member, position = Member(label, path, layer.type), len(found.layers)
    for place, tree in _within(layer, "", member, found):
        member.weights |= {f"{place}vars/{key}": held for key, held in tree.weights.items()}
    if member.weights:
        found.layers.insert(position, member)


def _within(tree: Tree, place: str, member: Member, found: Members) -> Iterator[tuple[str, Tree]]:
    """A layer and those inside it, each with its path; a model inside has members of its own."""
    yield place, tree
    for key, inner in tree.inside.items():
        if _is_model(key, inner):
            _of_layer(inner, key, f"{member.label}/{place}{key}", f"{member.path}/{place}{key}", found)
        else:
            yield from _within(inner, f"{place}{key}/", member, found)


def _is_model(key: str, tree: Tree) -> bool:
    last = key.rpartition("/")[2]
    return last.rstrip("0123456789").rstrip("_") not in LISTS and any(it.startswith(f"{MODEL}/") for it in tree.inside)
