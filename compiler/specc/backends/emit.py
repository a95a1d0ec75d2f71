"""Writes artifacts: the ending of the target, or ``to``, says what; `specc.backends.files` puts it there."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from specc.backends.files import STDOUT, need_writable, write_bytes, write_file, write_folder, write_text
from specc.diagnostics.suggest import nearest

if TYPE_CHECKING:
    from specc.ir import TypedGraph

FOLDER = "savedmodel"
MODELS = ("keras", "json", "py", "onnx", FOLDER)
PICTURES = ("svg", "png", "pdf", "dot", "mmd", "html")
"""The formats, the default first; each but the folder is also the ending of its files."""
_BINARY = {"keras", "onnx", "png", "pdf"}


class TargetError(ValueError):
    """Nothing can be written to such a target: wrong usage, and the message says what to write instead."""


def write(
    graph: TypedGraph,
    target: str | None = None,
    *,
    to: str | None = None,
    seed: int | None = None,
    weights: str | None = None,
    any_size: bool = False,
) -> str:
    """Write a graph's model to a file, to a SavedModel folder (a name without an ending) or, for ``-``, to standard output.

    ``to`` is one of `MODELS`, where the target's ending does not tell; without a target it has the graph's name.
    Returns the target. TargetError for a target that is none; ValueError for weights that do not fit or have no place
    in the output, a model that the format cannot hold, or a target that would replace a file that was read;
    MemoryError for weights that the machine cannot hold, unless ``any_size``; OSError where writing fails.
    """
    target, format = choose(target, to, MODELS, graph.name)
    need_writable(target, _read(graph) if weights is None else [*_read(graph), weights])
    if weights is not None:
        _need_weights(weights, kept=format not in ("json", "py"))
    if format == "py":
        from specc.backends import python_source

        return write_text(target, python_source.source(graph))
    from specc import pipeline
    from specc.backends import keras_export, keras_model, weights_file

    if not any_size:
        pipeline.check_memory(graph)
    if format == "onnx":
        _need_onnx()
    model = keras_model.build(graph, seed)
    if weights is not None:
        weights_file.load(model, weights)
    if format == FOLDER:
        return write_folder(target, lambda path: keras_export.saved_model(graph, model, path))
    if format == "json":
        return write_text(target, keras_model.architecture(model) + "\n")
    if format == "onnx":
        return write_file(target, lambda path: keras_export.onnx(graph, model, path), ".onnx")
    return write_file(target, lambda path: keras_model.save(model, path), ".keras")


def draw(
    graph: TypedGraph,
    target: str | None = None,
    *,
    to: str | None = None,
    direction: str = "down",
    expand: bool | None = None,
) -> str:
    """Write a graph's picture to a file or, for ``-``, to standard output; returns the target.

    ``to`` is one of `PICTURES`, where the target's ending does not tell; without a target it has the graph's name.
    TargetError for a target that is none, ValueError for one that would replace a file that was read; OSError where
    writing fails.
    """
    from specc.backends import picture

    target, format = choose(target, to, PICTURES, graph.name)
    need_writable(target, _read(graph))
    return write_bytes(target, picture.artifact(graph, format, direction=direction, expand=expand))


def choose(target: str | None, to: str | None, formats: tuple[str, ...], name: str) -> tuple[str, str]:
    """The target and its format, one of ``formats``: what ``to`` says, else what its ending says, else the first.

    TargetError where the two clash, or where they say nothing.

    >>> choose("a.KERAS", None, MODELS, "model"), choose(None, "png", PICTURES, "model")
    (('a.KERAS', 'keras'), ('model.png', 'png'))
    """
    if to is not None and to not in formats:
        raise TargetError(f"there is no format {to!r}; formats: {', '.join(formats)}")
    if target is None:
        format = to or formats[0]
        return name if format == FOLDER else f"{name}.{format}", format
    if target == STDOUT:
        return target, _for_stdout(to or formats[0])
    if not target:
        raise TargetError("the name of the output is empty; name a file, or - for standard output")
    name = Path(target).name
    ending = f".{name.rpartition('.')[2]}" if "." in name else ""
    said = ending.removeprefix(".").lower()
    is_folder = target.endswith(("/", os.sep)) or Path(target).is_dir()
    if is_folder and FOLDER not in formats:
        raise TargetError(f"{target} is a folder; name a file that ends in {_listed(formats)}")
    if FOLDER in formats and to in (None, FOLDER) and (is_folder or not ending):
        return target, FOLDER
    if is_folder:
        raise TargetError(f"{target} is a folder, and {to} is a file; name a file, or write a SavedModel without --to")
    known = said in formats and said != FOLDER
    if known and to not in (None, said):
        raise TargetError(f"{target} ends in {ending}, and --to says {to}; keep one of the two")
    if known or to is not None:
        return target, to or said
    if said in MODELS + PICTURES:
        raise TargetError(
            f"{target}: 'specc {'build' if said in MODELS else 'graph'}' writes {ending}; this writes {_listed(formats)}"
        )
    guess = nearest(said, [format for format in formats if format != FOLDER]) if said else None
    hint = f"; did you mean '.{guess}'?" if guess is not None else ""
    folder = ", or no ending for a SavedModel folder" if FOLDER in formats else ""
    what = f"the ending {ending!r} of {target}" if ending else f"{target}, which has no ending,"
    raise TargetError(f"{what} says no format{hint}; endings: {_listed(formats)}{folder}")


def _for_stdout(format: str) -> str:
    """The format, where standard output takes it."""
    if format == FOLDER:
        raise TargetError("a SavedModel is a folder and cannot go to standard output; name one: -o folder/")
    if format in _BINARY and sys.stdout.isatty():
        raise TargetError(
            f"a terminal cannot show {format}, which is no text; send it elsewhere (> out.{format}), or name a file"
        )
    return format


def _listed(formats: tuple[str, ...]) -> str:
    return ", ".join(f".{format}" for format in formats if format != FOLDER)


def _read(graph: TypedGraph) -> list[str]:
    """All files that this command has read: the spec, its includes, and plugins."""
    from specc import plugins

    return [*graph.graph.files, *plugins.files()]


def _need_weights(path: str, kept: bool) -> None:
    """ValueError or OSError now, before anything is built, where initial weights cannot be read or not be kept."""
    if not kept:
        raise ValueError("initial weights have no place in the output; leave them away, or write a .keras file")
    from specc.backends.weights_file import ENDINGS

    if not path.lower().endswith(ENDINGS):
        raise ValueError(f"weights are read from a .weights.h5 or .keras file, not from {path}")
    with open(path, "rb"):
        pass


def _need_onnx() -> None:
    from importlib.util import find_spec

    missing = [name for name in ("onnx", "tf2onnx") if find_spec(name) is None]
    if missing:
        raise ValueError(
            f"writing ONNX needs the package{'s' if len(missing) > 1 else ''} {' and '.join(missing)}: pip install 'specc-keras[onnx]'"
        )
