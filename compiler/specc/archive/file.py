"""The files themselves: an architecture as JSON, and the ``.keras`` archive of a model with its first weights."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_STORED, ZipFile

from specc.archive.weights.file import blocks
from specc.archive.weights.loading import Given, loaded
from specc.archive.weights.places import groups
from specc.archive.weights.tree import Held, tree_of
from specc.archive.writing.models import of_model
from specc.archive.writing.network import Networks
from specc.archive.writing.training import compile_config, states
from specc.ir import TypedGraph
from specc.keras_version import RELEASE

if TYPE_CHECKING:
    import h5py

Say = Callable[[str], None]
METADATA, CONFIG, WEIGHTS = "metadata.json", "config.json", "model.weights.h5"
"""The members of an archive."""


def architecture(graph: TypedGraph, networks: Networks | None = None) -> dict[str, Any]:
    """A model as ``model.to_json()`` has it. NotNative for one that only Keras can describe."""
    return {**of_model(graph, networks), "compile_config": compile_config(graph)}


def write_architecture(
    graph: TypedGraph,
    path: str,
    seed: int | None = None,  # noqa: ARG001 - as `write`
    weights: Given | None = None,  # noqa: ARG001
    say: Say | None = None,  # noqa: ARG001
) -> None:
    """Write the JSON of an architecture, which no weights change."""
    Path(path).write_text(json.dumps(architecture(graph), indent=2) + "\n", encoding="utf-8")


def write(
    graph: TypedGraph, path: str, seed: int | None = None, weights: Given | None = None, say: Say | None = None
) -> None:
    """Write an archive, as ``model.save`` does it. NotNative, before anything is written, for what only Keras can write.

    ``weights`` are what some or all weights begin with; ``say`` is told which, if they need not be all. ValueError if they
    do not fit.

    Beside it there is a file of the weights while it is being written.
    """
    from datetime import datetime

    networks = Networks()
    config = json.dumps(architecture(graph, networks))
    beside = f"{path}.{WEIGHTS}"
    if weights is None:
        write_weights(graph, beside, seed, networks=networks)
    else:
        with loaded(weights, tree_of(graph, networks)) as found:
            write_weights(graph, beside, seed, found.sources, networks)
        if say is not None:
            for line in found.report:
                say(line)
    saved = f"{datetime.now().astimezone():%Y-%m-%d@%H:%M:%S}"
    with ZipFile(path, "w", ZIP_STORED) as archive:
        archive.writestr(METADATA, json.dumps({"keras_version": RELEASE, "date_saved": saved}))
        archive.writestr(CONFIG, config)
        archive.write(beside, WEIGHTS)
    Path(beside).unlink()


def write_weights(
    graph: TypedGraph,
    path: str,
    seed: int | None = None,
    sources: Mapping[str, Held] = MappingProxyType({}),
    networks: Networks | None = None,
) -> None:
    """Write the first weights of a model, and the state of its optimizer; those in ``sources`` by their paths."""
    import h5py

    from specc.archive.weights.initial import initial

    with _on_disk(path), h5py.File(path, "w") as file:
        _group(file, "", graph.name)
        places: dict[tuple[str, int], list[tuple[h5py.Group, str]]] = {}
        for group in groups(graph, networks):
            made = _group(file, group.path, group.name)
            for number, (index, _) in enumerate(group.weights):
                places.setdefault((group.node, index), []).append((made, str(number)))
        for start in initial(graph, seed):
            datasets = [
                made.create_dataset(key, start.weight.shape, start.dtype)
                for made, key in places.get((start.node, start.place), ())
            ]
            for dataset in datasets:
                dataset.attrs.update(start.attributes)
            given = [held for dataset in datasets if (held := sources.get(dataset.name[1:]))]
            numbers = blocks(given[-1], start.weight.dtype) if given else start.blocks()
            for where, block in numbers if datasets else ():
                for dataset in datasets:
                    dataset[where] = block
        for state in states(graph):
            made = _group(file, state.path, state.name)
            for number, (dtype, value) in enumerate(state.variables):
                dataset = made.create_dataset(str(number), data=value, dtype=dtype)
                if held := sources.get(dataset.name[1:]):
                    for where, block in blocks(held, dtype):
                        dataset[where] = block


def _group(file: h5py.File, path: str, name: str) -> h5py.Group:
    """The group of a layer's own weights."""
    made = file.create_group(f"{path}/vars" if path else "vars")
    made.attrs["name"] = name
    return made


@contextmanager
def _on_disk(path: str) -> Iterator[None]:
    """Give what HDF5 says of a full disk its number: it comes as one of several errors, that number in its text."""
    try:
        yield
    except (OSError, RuntimeError, ValueError) as error:
        number = re.search(r"errno = (\d+)", str(error))
        if number is None:
            raise
        raise OSError(int(number[1]), os.strerror(int(number[1])), path) from None
