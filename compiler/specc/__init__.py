"""specc: a declarative graph-spec compiler. A JSON or YAML file of layers and edges becomes a checked Keras model.

>>> import specc
>>> spec = {"layers": [{"type": "Input", "name": "x", "shape": [3]}, {"type": "Dense", "name": "y", "units": 10}]}
>>> specc.compile(spec).params
40
>>> [diagnostic.code for diagnostic in specc.check({"layers": [{"type": "Dens"}]})]
['unknown-layer']
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal, Unpack

if TYPE_CHECKING:
    import os

    from specc.archive.weights.loading import Weights
    from specc.backends.pictures.options import Chosen
    from specc.diagnostics import CompileError, Diagnostic
    from specc.frontend.read import UnreadableError
    from specc.pipeline import Spec, SpecLike
    from specc.typed_graph import TypedGraph

__all__ = [
    "CompileError",
    "Diagnostic",
    "Spec",
    "TypedGraph",
    "UnreadableError",
    "build",
    "check",
    "compile",
    "draw",
    "import_model",
]
__version__ = "0.1.0"

_HOMES = {
    "CompileError": "specc.diagnostics",
    "Diagnostic": "specc.diagnostics",
    "Spec": "specc.pipeline",
    "TypedGraph": "specc.typed_graph",
    "UnreadableError": "specc.frontend.read",
}


def __getattr__(name: str) -> Any:
    """The public classes, imported on demand: help and completion need none of them, and must be quick."""
    if name not in _HOMES:
        raise AttributeError(f"module 'specc' has no attribute '{name}'")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    """The names to complete, including the classes that are not imported yet."""
    return sorted({*globals(), *__all__})


def compile(spec: SpecLike, *, variant: str | None = None, set: Mapping[str, Any] | None = None) -> TypedGraph:
    """Check a spec and return its typed graph, with every shape, dtype and weight. Does not import TensorFlow.

    Args:
        spec: a path, a dict, or a `Spec`.
        variant: the name of one of the spec's variants.
        set: values for the spec's vars, by name.

    Raises:
        CompileError: the spec has errors; its ``diagnostics`` has all of them.
        UnreadableError: the file cannot be read.
    """
    from specc import pipeline
    from specc.typed_graph import TypedGraph

    return TypedGraph.of(pipeline.compile(spec, variant, set).graph)


def check(spec: SpecLike, *, variant: str | None = None, set: Mapping[str, Any] | None = None) -> list[Diagnostic]:
    """All diagnostics of a spec, errors and warnings; empty if there is nothing to say. Does not import TensorFlow.

    A file of blocks alone can be checked, too.

    Raises:
        UnreadableError: the file cannot be read.
    """
    from specc import pipeline
    from specc.diagnostics import CompileError

    try:
        return pipeline.check(spec, variant, set)
    except CompileError as error:
        return error.diagnostics


def build(
    spec: SpecLike,
    *,
    variant: str | None = None,
    set: Mapping[str, Any] | None = None,
    form: Literal["auto", "sequential", "functional"] = "auto",
    seed: int | None = None,
    weights: Weights | None = None,
    weights_map: Mapping[str, str] | None = None,
    partial: bool = False,
) -> Any:
    """The Keras model of a spec: a ``keras.Sequential`` for a chain, a functional ``keras.Model`` for anything else.

    Args:
        spec: a path, a dict, or a `Spec`.
        variant: the name of one of the spec's variants.
        set: values for the spec's vars, by name.
        form: "functional" makes a functional model of a chain too; "sequential" insists on a chain.
        seed: sets Keras's random state first, so that the weights are the same each time.
        weights: the file that they are loaded from; or files by the names of blocks and nested models, "" for the whole.
        weights_map: what layers of these files are called in the spec.
        partial: whether it is enough that some layers fit.

    Raises:
        CompileError: the spec has errors; nothing of Keras was imported.
        UnreadableError: the file cannot be read.
        ValueError: ``form="sequential"`` for a graph that is not a chain; or weights that do not fit.
        MemoryError: the weights would not fit into the machine's memory.

    Warnings of the check are Python's warnings.
    """
    import warnings

    from specc import pipeline
    from specc.archive.weights.loading import Given
    from specc.backends import keras_model, weights_file

    compiled = pipeline.compile(spec, variant, set)
    for diagnostic in compiled.warnings:
        warnings.warn(f"{diagnostic.message}: {diagnostic.help}", stacklevel=2)
    graph = compiled.graph.in_form(form)
    keras_model.check_memory(graph)
    return weights_file.build(graph, seed, Given.of(weights, weights_map, partial))


def draw(
    spec: SpecLike,
    path: str | os.PathLike[str] | None = None,
    *,
    variant: str | None = None,
    set: Mapping[str, Any] | None = None,
    against: SpecLike | None = None,
    **options: Unpack[Chosen],
) -> str:
    """The picture of a spec: written to a file whose ending selects the format, or returned as SVG text.

    Args:
        spec: a path, a dict, or a `Spec`.
        path: the file: .svg, .png, .pdf, .dot, .mmd, .txt or .html.
        variant: the name of one of the spec's variants.
        set: values for the spec's vars, by name.
        against: an older spec: the picture shows what has changed since.
        options: those of ``specc graph``, as `TypedGraph.draw` takes them.

    Returns:
        The file's name, or the SVG text.

    Raises:
        CompileError: the spec has errors.
        UnreadableError: the file cannot be read.
        ValueError: an unknown ending, an option that the format does not follow, or a picture that cannot be drawn.
    """
    old = None if against is None else compile(against)
    return compile(spec, variant=variant, set=set).draw(path, against=old, **options)


def import_model(model: Any, *, flat: bool = False, stub: bool = False) -> Spec:
    """The spec of a Keras model, whose ``text`` is YAML. The model's weights are not in it.

    A file is read without Keras, and nothing in it is run.

    Args:
        model: a ``keras.Model``, or the path of a .keras archive or of an architecture's JSON.
        flat: write every layer as an item of its own, and fold no repeats.
        stub: let an Identity with a description stand for each layer that is not one of Keras's.

    Raises:
        CompileError: the model has what no spec can have, or the file is none of Keras's.
        UnreadableError: the file cannot be read.
        RuntimeError: a bug in specc: the spec would be of another model.

    What of the model is not in the spec, or is otherwise there, is told as Python's warnings.
    """
    import os
    import warnings

    from specc.importing.pipeline import import_file, import_json
    from specc.pipeline import Spec

    is_path = isinstance(model, str | os.PathLike)
    if not is_path and not callable(getattr(model, "to_json", None)):
        raise TypeError(f"a model is a keras.Model or the path of its file, not {type(model).__name__}")
    given = model if is_path else model.to_json()
    imported = (import_file if is_path else import_json)(given, flat=flat, stub=stub)
    for note in imported.notes:
        warnings.warn(note, stacklevel=2)
    return Spec.from_text(imported.text, "<imported>")
