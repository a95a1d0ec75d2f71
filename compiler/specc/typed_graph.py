"""What `specc.compile` gives: a typed graph that summarizes, draws and saves itself.

Each backend is imported when it is called.
"""

from __future__ import annotations

import os
from dataclasses import fields
from typing import Literal

from specc import ir
from specc.diagnostics.text_safety import printable, shorten

LONGEST_REPR = 200
"""Longest representation of a graph at a prompt."""


class TypedGraph(ir.TypedGraph):
    """A checked graph, with every shape, dtype and weight.

    >>> import specc
    >>> graph = specc.compile(specc.Spec.from_text("layers: [{type: Input, name: x, shape: [3]}, {type: Dense, name: y, units: 1}]"))
    >>> graph
    <TypedGraph model: Sequential, x (None, 3) -> y (None, 1), 1 layer, 4 parameters>
    """

    @classmethod
    def of(cls, graph: ir.TypedGraph) -> TypedGraph:
        """The same graph with these methods."""
        return cls(**{field.name: getattr(graph, field.name) for field in fields(graph)})

    def __repr__(self) -> str:
        from specc.backends.summary import one_line

        return f"<TypedGraph {printable(self.name)}: {shorten(one_line(self), LONGEST_REPR)}>"

    def summary(self, expand: bool = False) -> str:
        """The table of layers that ``specc summary`` prints; block instances and nested models folded unless ``expand``."""
        from specc.backends import summary

        return summary.as_text(self, expand)

    def source(self) -> str:
        """Keras source, as ``specc build -o model.py`` writes it; it needs no specc."""
        from specc.backends.python import source as python_source

        return python_source.source(self)

    def draw(
        self,
        path: str | os.PathLike[str] | None = None,
        *,
        direction: Literal["down", "right"] = "down",
        expand: bool | None = None,
    ) -> str:
        """The picture: written to a file whose ending selects the format, as by ``specc graph``, or returned as SVG text.

        Returns the file's name, or the text. ValueError for an unknown ending; OSError if writing fails.
        """
        from specc.backends import emit

        if path is None:
            return emit.picture(self, direction=direction, expand=expand).decode()
        return emit.draw(self, os.fspath(path), direction=direction, expand=expand)

    def save(
        self,
        path: str | os.PathLike[str],
        *,
        seed: int | None = None,
        weights: str | os.PathLike[str] | None = None,
        any_size: bool = False,
    ) -> str:
        """Write the model to a file whose ending chooses the format, as ``specc build`` does; returns the file's name.

        ValueError for an unknown ending, or weights that do not fit; MemoryError for weights that do not fit into the
        machine's memory, unless ``any_size``; OSError if writing fails.
        """
        from specc.backends import emit

        loaded = None if weights is None else os.fspath(weights)
        return emit.write(self, os.fspath(path), seed=seed, weights=loaded, any_size=any_size)

    def _repr_svg_(self) -> str | None:
        """The picture that a notebook shows, large graphs folded; None if there is no layout."""
        from specc.backends import emit
        from specc.backends.pictures.render import PictureError

        try:
            return emit.picture(self).decode()
        except PictureError:
            return None
