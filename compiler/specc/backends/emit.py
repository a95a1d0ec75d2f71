"""Writes artifacts to files: the ending says what, and a file appears whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from specc.ir import TypedGraph

MODEL_ENDINGS = (".keras", ".json", ".py", ".onnx")
PICTURE_ENDINGS = (".svg", ".png", ".pdf", ".dot", ".mmd", ".html")


def write(
    graph: TypedGraph,
    target: str,
    *,
    form: Any = "auto",
    seed: int | None = None,
    weights: str | None = None,
    any_size: bool = False,
) -> str:
    """Write a graph's model to a file or, for a name without an ending, to a SavedModel folder; returns the name.

    ValueError for an ending that is none, a form that the graph does not have, or weights that do not fit;
    MemoryError for weights that the machine cannot hold, unless ``any_size``; OSError where writing fails.
    """
    ending = Path(target).suffix.lower()
    folder = target.endswith(("/", os.sep)) or ending == "" or Path(target).is_dir()
    if not folder and ending not in MODEL_ENDINGS:
        raise ValueError(
            f"a model cannot be written as {ending!r}; endings: {', '.join(MODEL_ENDINGS)}, or none for a SavedModel folder"
        )
    _need_folder(target)
    if form == "sequential" and graph.form != "sequential":
        raise ValueError(f"'{graph.name}' is no chain of layers, so it cannot be a Sequential model")
    if not folder and ending == ".py":
        from specc.backends import python_source

        return write_text(target, python_source.source(graph, form))
    from specc import pipeline
    from specc.backends import keras_model

    if not any_size:
        pipeline.check_memory(graph)
    if not folder and ending == ".onnx":
        _need_onnx()
    model = keras_model.build(graph, form, seed)
    if weights is not None:
        keras_model.load_weights(model, weights)
    if folder:
        return _write_folder(target, lambda path: keras_model.export(model, path, "tf_saved_model"))
    if ending == ".json":
        return write_text(target, keras_model.architecture(model) + "\n")
    if ending == ".onnx":
        return _write_file(target, lambda path: keras_model.export(model, path, "onnx"))
    return _write_file(target, lambda path: keras_model.save(model, path))


def draw(graph: TypedGraph, target: str, *, direction: str = "down", expand: bool | None = None) -> str:
    """Write a graph's picture to a file; returns its name. ValueError for an ending that is none."""
    from specc.backends import picture

    ending = Path(target).suffix.lower()
    if ending not in PICTURE_ENDINGS:
        raise ValueError(f"a picture cannot be written as {ending!r}; endings: {', '.join(PICTURE_ENDINGS)}")
    _need_folder(target)
    content = picture.artifact(graph, ending.removeprefix("."), direction=direction, expand=expand)
    return write_bytes(target, content)


def write_text(target: str, text: str) -> str:
    """Write a text in UTF-8, whole or not at all."""
    return write_bytes(target, text.encode("utf-8"))


def write_bytes(target: str, content: bytes) -> str:
    """Write bytes, whole or not at all."""

    def write(path: str) -> None:
        Path(path).write_bytes(content)

    return _write_file(target, write)


def _write_file(target: str, write: Callable[[str], None]) -> str:
    """Write to a new file beside the target, then put it in the target's place.

    A link at the target is replaced, not followed; what stood there stays until the new file is complete.
    """
    suffix = Path(target).suffix
    with _temporary_folder(target) as folder:
        made = Path(folder) / f"new{suffix}"
        write(str(made))
        with made.open("rb") as file:
            os.fsync(file.fileno())
        os.replace(made, target)
    return target


def _write_folder(target: str, write: Callable[[str], None]) -> str:
    """Write to a new folder beside the target, then put it in the target's place; only a SavedModel is replaced."""
    place = Path(target)
    if place.exists() and not ((place / "saved_model.pb").is_file() or (place.is_dir() and not any(place.iterdir()))):
        raise ValueError(f"{target} is there already and is no SavedModel")
    with _temporary_folder(target.rstrip("/" + os.sep)) as folder:
        made = Path(folder) / "new"
        write(str(made))
        if place.exists():
            os.replace(place, Path(folder) / "old")
        os.replace(made, place)
    return target


@contextmanager
def _temporary_folder(target: str) -> Iterator[str]:
    parent = Path(target).absolute().parent
    folder = tempfile.mkdtemp(prefix=".specc-", dir=parent)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _need_folder(target: str) -> None:
    """OSError now, before anything is built, where the target cannot be written."""
    parent = Path(target.rstrip("/" + os.sep) or target).absolute().parent
    if not parent.is_dir():
        raise FileNotFoundError(2, "there is no such folder", str(parent))
    if not os.access(parent, os.W_OK):
        raise PermissionError(13, "cannot write into the folder", str(parent))


def _need_onnx() -> None:
    from importlib.util import find_spec

    missing = [name for name in ("onnx", "tf2onnx") if find_spec(name) is None]
    if missing:
        raise ValueError(f"writing ONNX needs {' and '.join(missing)}: pip install {' '.join(missing)}")
