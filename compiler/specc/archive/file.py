"""The files themselves: an architecture as JSON, and the ``.keras`` archive of a model with its first weights."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_STORED, ZipFile

from specc.archive.models import of_model
from specc.archive.training import compile_config, states
from specc.archive.weights import groups
from specc.ir import TypedGraph
from specc.keras_version import RELEASE

if TYPE_CHECKING:
    import h5py

METADATA, CONFIG, WEIGHTS = "metadata.json", "config.json", "model.weights.h5"
"""The members of an archive."""


def architecture(graph: TypedGraph) -> dict[str, Any]:
    """A model as ``model.to_json()`` has it. NotNative for one that only Keras can describe."""
    return {**of_model(graph), "compile_config": compile_config(graph)}


def write_architecture(graph: TypedGraph, path: str, seed: int | None = None) -> None:  # noqa: ARG001 - as `write`
    """Write the JSON of an architecture, which no seed changes."""
    Path(path).write_text(json.dumps(architecture(graph), indent=2) + "\n", encoding="utf-8")


def write(graph: TypedGraph, path: str, seed: int | None = None) -> None:
    """Write an archive, as ``model.save`` does it. NotNative, before anything is written, for what only Keras can write.

    Beside it there is a file of the weights while it is being written.
    """
    from datetime import datetime

    config = json.dumps(architecture(graph))
    weights = f"{path}.{WEIGHTS}"
    write_weights(graph, weights, seed)
    saved = f"{datetime.now().astimezone():%Y-%m-%d@%H:%M:%S}"
    with ZipFile(path, "w", ZIP_STORED) as archive:
        archive.writestr(METADATA, json.dumps({"keras_version": RELEASE, "date_saved": saved}))
        archive.writestr(CONFIG, config)
        archive.write(weights, WEIGHTS)
    Path(weights).unlink()


def write_weights(graph: TypedGraph, path: str, seed: int | None = None) -> None:
    """Write the first weights of a model, and the state of its optimizer."""
    import h5py

    from specc.archive.initial import initial

    with h5py.File(path, "w") as file:
        _group(file, "", graph.name)
        places: dict[tuple[str, int], list[tuple[h5py.Group, str]]] = {}
        for group in groups(graph):
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
            for block in start.blocks() if datasets else ():
                for dataset in datasets:
                    dataset[block.where] = block.numbers
        for state in states(graph):
            made = _group(file, state.path, state.name)
            for number, (dtype, value) in enumerate(state.variables):
                made.create_dataset(str(number), data=value, dtype=dtype)


def _group(file: h5py.File, path: str, name: str) -> h5py.Group:
    """The group of a layer's own weights."""
    made = file.create_group(f"{path}/vars" if path else "vars")
    made.attrs["name"] = name
    return made
