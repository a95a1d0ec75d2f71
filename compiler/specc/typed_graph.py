"""What `specc.compile` gives: a typed graph that summarizes, draws and saves itself.

Each backend is imported when it is called.
"""

from __future__ import annotations

import os
from dataclasses import fields
from typing import TYPE_CHECKING, Unpack

from specc import ir
from specc.diagnostics.text_safety import printable, shorten

if TYPE_CHECKING:
    from collections.abc import Mapping

    from specc.archive.weights.loading import Weights
    from specc.backends.pictures.options import Chosen

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
        against: ir.TypedGraph | None = None,
        **options: Unpack[Chosen],
    ) -> str:
        """The picture: written to a file whose ending selects the format, as by ``specc graph``, or returned as SVG text.

        Args:
            path: the file.
            against: an older graph: the picture shows what has changed since.
            options: those of ``specc graph``: ``direction`` ("down" or "right"), ``depth`` (levels of blocks that are open,
                or "all"), ``expand`` (a name or several: blocks that are open in any case), ``show`` ("brief" or "all"),
                ``fit`` ("column", "page" or "slide"), ``theme`` ("auto", "light", "dark" or "paper"), ``dpi`` (of a PNG).

        Returns:
            The file's name, or the SVG text.

        Raises:
            ValueError: an unknown ending, an option that the format does not follow, or a name that nothing has.
            PictureError: a ValueError, too: it cannot be drawn.
            OSError: writing fails.
        """
        from specc.alignment import align
        from specc.backends import emit

        drawn = self if against is None else align(against, self)
        if path is None:
            return emit.picture(drawn, **options).decode()
        return emit.draw(drawn, os.fspath(path), **options)

    def save(
        self,
        path: str | os.PathLike[str],
        *,
        seed: int | None = None,
        weights: Weights | None = None,
        weights_map: Mapping[str, str] | None = None,
        partial: bool = False,
        any_size: bool = False,
    ) -> str:
        """Write the model to a file whose ending chooses the format, as ``specc build`` does; returns the file's name.

        Args:
            path: the file.
            seed: makes the weights reproducible.
            weights: the file that they are loaded from; or files by the names of blocks and nested models, "" for the whole.
            weights_map: what layers of these files are called in the spec.
            partial: whether it is enough that some layers fit.
            any_size: also weights that may not fit into the machine's memory.

        ValueError for an unknown ending, or weights that do not fit; MemoryError for weights that do not fit into the
        machine's memory, unless ``any_size``; OSError if writing fails.
        """
        from specc.archive.weights.loading import Given
        from specc.backends import emit

        loaded = Given.of(weights, weights_map, partial)
        return emit.write(self, os.fspath(path), seed=seed, weights=loaded, any_size=any_size)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        """What a notebook shows: the picture, large graphs folded; without a picture its DOT text, and the reason."""
        del include, exclude
        from specc.backends import notebook

        return notebook.shown(self)
