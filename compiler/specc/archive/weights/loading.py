"""Loads weights from files into a model that is being written, without Keras: what ``model.load_weights`` loads, and more."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple, Self, TypeAlias

from specc.archive.weights.file import ENDINGS, WeightsError, failing, opened
from specc.archive.weights.fitting import MOST_NAMED, Fit, Wanted, aliases, called, fit, hint, under
from specc.archive.weights.tree import Held, Members, Tree, members
from specc.diagnostics.suggest import nearest

OPTIMIZER = "optimizer"
Weights: TypeAlias = str | os.PathLike[str] | Mapping[str, str | os.PathLike[str]]
"""A file for a whole model; or files by the names of what they are for, the whole being ""."""


class Given(NamedTuple):
    """The weights that a model is to begin with."""

    files: tuple[tuple[str, str], ...]
    """The name of the block or nested model that a file is for, empty for the whole; and the file."""
    renamed: tuple[tuple[str, str], ...] = ()
    """The names of layers in a file, or what they begin with, and what they are called here."""
    partial: bool = False
    """Whether it is enough that some layers fit."""

    @classmethod
    def of(
        cls,
        weights: Weights | None,
        renamed: Mapping[str, str] | None = None,
        partial: bool = False,
    ) -> Self | None:
        """A file for the whole, or files by what they are for; names by names. ValueError for names without a file."""
        if weights is None:
            if renamed or partial:
                raise ValueError(
                    f"{'weights_map' if renamed else 'partial'} says how weights are loaded; give weights, too"
                )
            return None
        files = weights if isinstance(weights, Mapping) else {"": weights}
        return cls(
            tuple((name, os.fspath(path)) for name, path in files.items()), tuple((renamed or {}).items()), partial
        )

    @property
    def paths(self) -> list[str]:
        """The files."""
        return [path for _, path in self.files]

    def check(self) -> None:
        """ValueError or OSError now, before anything is built, for files that are certainly none of weights."""
        targets = [target for target, _ in self.files]
        for target, path in self.files:
            if targets.count(target) > 1:
                whole = "name the block or nested model that one is for: --weights NAME=FILE"
                said = f"'{target}'; keep one" if target else f"the whole model; keep one, or {whole}"
                raise ValueError(f"two files have the weights of {said}")
            if not path.lower().endswith(ENDINGS):
                listed = f"{', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}"
                older = path.lower().endswith((".h5", ".hdf5"))
                way = "; load a model of Keras 2 in Keras, and save it as .keras" if older else ""
                raise ValueError(f"weights are read from a {listed} file, not from {path}{way}")
            if os.path.exists(path) and not os.path.isfile(path) and not os.path.isdir(path):
                raise ValueError(f"{path} is not a regular file; copy the weights to one")
            with open(path, "rb"):
                pass


@dataclass
class Loaded:
    """The weights that files give to a model."""

    sources: dict[str, Held] = field(default_factory=dict)
    """By their paths in a file of the model: "layers/dense/vars/0"."""
    report: list[str] = field(default_factory=list)
    """With ``partial``: a line for each layer that was loaded, and for each that was not."""


@contextmanager
def loaded(given: Given | None, model: Tree) -> Iterator[Loaded]:
    """What the files give to the layers of a model; the files are open until this is left.

    WeightsError if a file cannot be read, or does not fit; ValueError for names that nothing has.
    """
    found = Loaded()
    if given is None:
        yield found
        return
    needed, taken = members(model), list[Wanted]()
    with ExitStack() as stack:
        trees = {path: stack.enter_context(opened(path)) for path in given.paths}
        layers = {path: members(tree) for path, tree in trees.items()}
        _check_names(given, layers.values())
        for target, path in sorted(given.files, key=lambda it: -len(it[0])):  # what is inside another is before it
            claimed = {id(it.member) for it in taken}
            wanted = [it for it in _wanted(target, path, needed) if id(it.member) not in claimed]
            others = [] if target else taken
            made = fit(wanted, layers[path], _aliases(given, layers[path], wanted, needed), others, given.partial)
            _take(found, made, path, given.partial)
            taken += [Wanted(it.member, it.member.label, it.member.path) for it in wanted]
            if not target and not given.partial:
                _take_states(found, model, trees[path])
        yield found


def _check_names(given: Given, files: Iterable[Members]) -> None:
    """ValueError for an old name that no layer of a file has."""
    layers = [it for file in files for it in file.layers]
    for old, new in given.renamed:
        if not aliases(layers, old, new, ()):
            near = nearest(old, [it.label for it in layers])
            meant = f"; did you mean {near}?" if near else ""
            raise ValueError(f"--weights-map {old}={new}: no layer in the files is called '{old}'{meant}")


def _wanted(target: str, path: str, needed: Members) -> list[Wanted]:
    if not target:
        return [Wanted(it, it.label, it.path) for it in needed.layers]
    try:
        return under(target, needed)
    except ValueError as error:
        raise ValueError(f"--weights {target}={path}: {error}") from None


def _aliases(given: Given, there: Members, wanted: list[Wanted], needed: Members) -> dict[str, str]:
    """Other names for the layers of a file. ValueError for a new name that no layer has."""
    names = [it.label for it in wanted]
    every: dict[str, str] = {}
    for old, new in given.renamed:
        made = aliases(there.layers, old, new, names)
        for name in made.values():
            if name not in names and not any(it.label.endswith(name) for it in needed.layers):
                near = nearest(name, names)
                meant = f"; did you mean {near}?" if near else ""
                raise ValueError(f"--weights-map {old}={new}: the spec has no layer '{name}' with weights{meant}")
        every |= {old: name for old, name in made.items() if name in names}
    return every


def _take(found: Loaded, made: Fit, path: str, partial: bool) -> None:
    """Note where the weights come from that fit. WeightsError if others do not."""
    if made.misfits and not partial:
        with failing(path, "the weights in {} do not fit the model"):
            said = "; ".join(map(str, made.misfits[:MOST_NAMED]))
            more = len(made.misfits) - MOST_NAMED
            raise WeightsError(said + (f", and {more} more" if more > 0 else ""), hint(made, path))
    if not made.pairs and partial:
        raise WeightsError(f"no layer in {path} has the name and the shapes of one of the model; nothing was loaded")
    for wanted, other in made.pairs:
        for key, held in other.weights.items():
            found.sources[f"{wanted.member.path}/{key}"] = held
    if partial:
        found.report += _lines(made, path)


def _lines(made: Fit, path: str) -> Iterator[str]:
    """What was loaded from a file, what was not, and why."""
    yield f"weights of {path}:"
    for wanted, other in made.pairs:
        source = "" if other.label == wanted.label else f", from its '{other.label}'"
        yield f"  loaded: {called(wanted.member)}{source}"
    for misfit in made.misfits:
        yield f"  not loaded: {misfit}"


def _take_states(found: Loaded, model: Tree, tree: Tree) -> None:
    """Load the state of the optimizer where the file has as many variables, as Keras does."""
    pending: list[tuple[str, Tree | None, Tree | None]] = [
        (OPTIMIZER, model.inside.get(OPTIMIZER), tree.inside.get(OPTIMIZER))
    ]
    while pending:
        path, mine, other = pending.pop()
        if mine is None or other is None:
            continue
        if [it.shape for it in mine.weights.values()] == [it.shape for it in other.weights.values()]:
            found.sources |= {f"{path}/vars/{key}": held for key, held in other.weights.items()}
        pending += [(f"{path}/{key}", inner, other.inside.get(key)) for key, inner in mine.inside.items()]
