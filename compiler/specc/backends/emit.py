"""Writes artifacts to files: the ending says what, and a file appears whole or not at all."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from specc.ir import TypedGraph

MODEL_ENDINGS = (".keras", ".json", ".py", ".onnx")
PICTURE_ENDINGS = (".svg", ".png", ".pdf", ".dot", ".mmd", ".html")


def write(
    graph: TypedGraph,
    target: str,
    *,
    seed: int | None = None,
    weights: str | None = None,
    any_size: bool = False,
) -> str:
    """Write a graph's model to a file or, for a name without an ending, to a SavedModel folder; returns the name.

    ValueError for an ending that is none, or weights that do not fit or have no place in the output; MemoryError for
    weights that the machine cannot hold, unless ``any_size``; OSError where writing fails.
    """
    ending = Path(target).suffix.lower()
    folder = target.endswith(("/", os.sep)) or ending == "" or Path(target).is_dir()
    if not folder and ending not in MODEL_ENDINGS:
        raise ValueError(
            f"a model cannot be written as {ending!r}; endings: {', '.join(MODEL_ENDINGS)}, or none for a SavedModel folder"
        )
    _need_folder(target)
    if weights is not None:
        _need_weights(weights, kept=folder or ending not in (".json", ".py"))
    if not folder and ending == ".py":
        from specc.backends import python_source

        return write_text(target, python_source.source(graph))
    from specc import pipeline
    from specc.backends import keras_model

    if not any_size:
        pipeline.check_memory(graph)
    if not folder and ending == ".onnx":
        _need_onnx()
    model = keras_model.build(graph, seed)
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
    with _beside(target) as folder:
        made = folder / f"new{suffix}"
        write(str(made))
        _flush(made)
        os.replace(made, target)
    return target


def _write_folder(target: str, write: Callable[[str], None]) -> str:
    """Write to a new folder beside the target, then put it in the target's place; only a SavedModel is replaced."""
    place = Path(target)
    if place.exists() and not ((place / "saved_model.pb").is_file() or (place.is_dir() and not any(place.iterdir()))):
        raise ValueError(f"{target} is there already and is no SavedModel")
    with _beside(target.rstrip("/" + os.sep)) as folder:
        made = folder / "new"
        write(str(made))
        for path in made.rglob("*"):
            if path.is_file():
                _flush(path)
        with _uninterrupted():
            if not place.exists():
                os.replace(made, place)
                return target
            os.replace(place, folder / "old")
            try:
                os.replace(made, place)
            except OSError:
                os.replace(folder / "old", place)
                raise
    return target


def _flush(path: Path) -> None:
    """Have a file on the disk, not only on its way there."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


@contextmanager
def _beside(target: str) -> Iterator[Path]:
    """A folder for a while, on the target's disk; an OSError inside names the target."""
    folder: Path | None = None
    try:
        with _uninterrupted():
            folder = Path(tempfile.mkdtemp(prefix=".specc-", dir=Path(target).absolute().parent))
        yield folder
    except OSError as error:
        raise OSError(error.errno, error.strerror or str(error), target) from error
    finally:
        with _uninterrupted():
            if folder is not None:
                shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Hold Ctrl-C back for a moment that must not be cut in two; only a program's main thread ever gets it."""
    held: list[int] = []
    try:
        before = signal.signal(signal.SIGINT, lambda number, frame: held.append(number))
    except ValueError:  # not the main thread
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before or signal.SIG_DFL)
        if held:
            signal.raise_signal(signal.SIGINT)


def _need_folder(target: str) -> None:
    """OSError now, before anything is built, where the target cannot be written."""
    parent = Path(target.rstrip("/" + os.sep) or target).absolute().parent
    if not parent.is_dir():
        raise FileNotFoundError(2, "there is no such folder", str(parent))
    if not os.access(parent, os.W_OK):
        raise PermissionError(13, "cannot write into the folder", str(parent))


def _need_weights(path: str, kept: bool) -> None:
    """ValueError or OSError now, before anything is built, where initial weights cannot be read or not be kept."""
    if not kept:
        raise ValueError("initial weights have no place in the output; leave them away, or write a .keras file")
    if not path.endswith((".weights.h5", ".keras")):
        raise ValueError(f"weights are read from a .weights.h5 or .keras file, not from {path}")
    with open(path, "rb"):
        pass


def _need_onnx() -> None:
    from importlib.util import find_spec

    missing = [name for name in ("onnx", "tf2onnx") if find_spec(name) is None]
    if missing:
        raise ValueError(f"writing ONNX needs {' and '.join(missing)}: pip install {' '.join(missing)}")
