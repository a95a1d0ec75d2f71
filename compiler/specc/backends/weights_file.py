"""Gives a Keras model weights from files, the same that `specc.archive.weights.loading` gives a model that is written without Keras."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from specc.archive.native import NotNative
from specc.archive.weights.file import blocks, opened
from specc.archive.weights.loading import Given, loaded
from specc.archive.weights.tree import Tree, tree_of
from specc.backends import keras_model
from specc.backends.keras_model import Keras
from specc.ir import TypedGraph


def build(
    graph: TypedGraph, seed: int | None = None, given: Given | None = None, say: Callable[[str], None] | None = None
) -> Keras:
    """The Keras model of a graph, with weights from files if there are any. ValueError, OSError."""
    if given is not None:
        given.check()
    model = keras_model.build(graph, seed)
    if given is not None:
        load(graph, model, given, say)
    return model


def load(graph: TypedGraph, model: Keras, given: Given, say: Callable[[str], None] | None = None) -> None:
    """Load weights into the Keras model of a graph, all that are wanted or none; ``say`` is told which, with ``partial``.

    Keras saves its own weights, some of them are replaced, and Keras loads the file: so each layer does what it does when
    it is loaded. ValueError for a file that is none of weights, or does not fit; it names the layers and both shapes.
    """
    import h5py

    with tempfile.TemporaryDirectory(prefix="specc-") as folder, ExitStack() as stack:
        own = str(Path(folder) / "own.weights.h5")
        model.save_weights(own)
        try:
            tree = tree_of(graph)
        except NotNative:
            tree = _saved(own, graph)
        found = stack.enter_context(loaded(given, tree))
        with h5py.File(own, "r+") as file:
            for path, held in found.sources.items():
                dataset = file[path]
                dtype = str(dataset.attrs.get("dtype", dataset.dtype))
                for where, numbers in blocks(held, dtype):
                    dataset[where] = numbers
        factors = [(it, it.numpy()) for it in model.variables if it.name.startswith("lora_")]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model.load_weights(own)
        for variable, begun in factors:  # which Keras sets to zeros, both, so that they would never learn
            variable.assign(begun)
    if say is not None:
        for line in found.report:
            say(line)


def _saved(path: str, graph: TypedGraph) -> Tree:
    """The layers of a model that Keras has saved: where a layer of a plugin has its weights, only Keras knows."""
    with opened(path) as tree:
        for layer in tree.inside.values():
            node = graph.nodes.get(layer.name or "")
            if node is None:
                continue
            layer.type = node.layer.type_name
            names = [weight.name for weight in graph.weights[node.name]]
            if len(names) == len(layer.weights):
                pairs = zip(names, layer.weights.items(), strict=True)
                layer.weights = {key: replace(held, name=name) for name, (key, held) in pairs}
    return tree
