"""Writes a graph in one of the `specc.backends.formats`: the ending of the target, or ``to``, selects which."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Literal, Unpack

from specc import files
from specc.archive.native import NotNative
from specc.archive.weights.loading import Given
from specc.backends.formats import Format, named, written_by
from specc.backends.targets import choose

if TYPE_CHECKING:
    from specc.backends.pictures.drawn import Drawn
    from specc.backends.pictures.options import Chosen
    from specc.ir import TypedGraph

Via = Literal["native", "keras"]
"""Who writes a file of Keras: specc itself, or Keras."""


def write(
    graph: TypedGraph,
    target: str | None = None,
    *,
    to: str | None = None,
    seed: int | None = None,
    weights: Given | None = None,
    any_size: bool = False,
    via: Via | None = None,
    say: Callable[[str], None] | None = None,
) -> str:
    """Write a graph's model to a file, to a SavedModel folder (a name without an ending) or, for ``-``, to standard output.

    ``to`` names a format of ``specc build``, if the target's ending does not; without a target it has the
    graph's name. ``via`` says whether Keras writes it or specc itself, which is otherwise done where it can be: the
    file is the same. ``say`` is told which weights were loaded, if they need not be all. Returns the target. TargetError for an invalid target; ValueError for weights that do not fit or
    cannot be stored in the format, a model that the format cannot express, a missing package, or a target that would
    replace a file that was read; MemoryError for weights that the machine cannot hold, unless ``any_size``; OSError
    if writing fails.
    """
    target, format = choose(target, to, written_by("build"), graph.name)
    files.need_writable(target, _read(graph) if weights is None else [*_read(graph), *weights.paths])
    if weights is not None:
        if not format.keeps_weights:
            raise ValueError("this format cannot store initial weights; omit them, or write a .keras file")
        weights.check()
    if format.kind == "source":
        return files.write_text(target, format.load()(graph))
    from specc.backends import keras_model, weights_file

    if not any_size:
        keras_model.check_memory(graph)
    if via == "native" or (via is None and format.native):
        try:
            return files.write_file(
                target, partial(_native(format), graph, seed=seed, weights=weights, say=say), format.ending
            )
        except (NotNative, ImportError) as error:
            if via == "native":
                raise ValueError(f"only Keras can write '{graph.name}': {error}; omit --via native") from None
    writer = format.load()
    model = weights_file.build(graph, seed, weights, say)
    save = partial(writer, keras_model.Built(graph, model))
    if format.is_folder:
        return files.write_folder(target, save)
    return files.write_file(target, save, format.ending)


def _native(format: Format) -> Callable[..., None]:
    """The writer of a format that does without Keras. ValueError if only Keras writes it."""
    from pkgutil import resolve_name

    if not format.native:
        raise ValueError(f"only Keras writes {format.holds}; omit --via native")
    writer: Callable[..., None] = resolve_name(format.native)
    return writer


def draw(
    drawn: Drawn,
    target: str | None = None,
    *,
    to: str | None = None,
    say: Callable[[str], None] | None = None,
    **chosen: Unpack[Chosen],
) -> str:
    """Write the picture of a graph, or of whatever can be drawn, to a file or, for ``-``, to standard output.

    ``to`` names a format of ``specc graph``, if the target's ending does not; without a target it has the
    graph's name. ``say`` is told what was folded, and what cannot be read. Returns the target. TargetError for an invalid
    target, ValueError for one that would replace a file that was read, or an option that the format does not follow;
    PictureError if it cannot be drawn; OSError if writing fails.
    """
    from specc.backends.pictures.drawn import graphs_of

    graphs = graphs_of(drawn)
    target, format = choose(target, to, written_by("graph"), graphs[0].name)
    files.need_writable(target, [file for graph in graphs for file in _read(graph)])
    terminal = get_terminal_size().columns if target == files.STDOUT and sys.stdout.isatty() else None
    return files.write_bytes(target, picture(drawn, format, say=say, terminal=terminal, **chosen))


def picture(
    drawn: Drawn,
    format: Format | None = None,
    *,
    say: Callable[[str], None] | None = None,
    terminal: int | None = None,
    **chosen: Unpack[Chosen],
) -> bytes:
    """The content of a picture's file, of an SVG by default; a text is set for a terminal of so many columns.

    TypeError for an unknown option, ValueError for a value that is none or an option that the format does not follow;
    PictureError if it cannot be drawn.
    """
    from specc.backends.pictures.options import options_of

    format = format or named("svg")
    told = None if format.is_shown else say  # a text itself says what there is to say
    options = replace(options_of(chosen, told), terminal=terminal)
    for name in chosen:
        if name not in format.options:
            followed = [it.ending for it in written_by("graph") if name in it.options]
            raise ValueError(f"{name} changes nothing in {format.ending}; it is for {', '.join(followed)}")
    content: str | bytes = format.load()(drawn, options)
    return content.encode() if isinstance(content, str) else content


def _read(graph: TypedGraph) -> list[str]:
    """All files that this command has read: the spec, its includes, and plugins."""
    from specc import plugins

    return [*graph.graph.files, *plugins.files()]
