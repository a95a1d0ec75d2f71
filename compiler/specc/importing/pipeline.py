"""START HERE: a model of Keras to the text of a spec, in steps.

    file -> Contents -> spec of calls -> folded spec -> text, proven

Nothing of Keras is imported, and a text is given only if specc makes the model of it that was read.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from specc import pipeline
from specc.archive.file import architecture
from specc.archive.native import NotNative
from specc.archive.reading import container
from specc.archive.reading.container import Contents
from specc.archive.reading.models import ReadModel, ReadNode, sources_of
from specc.archive.reading.training import read_training
from specc.diagnostics import CompileError, Diagnostic
from specc.diagnostics.problem import Problem, ProblemsError
from specc.diagnostics.text_safety import quote_value
from specc.importing.defaults import with_defaults
from specc.importing.flat import spec_of
from specc.importing.fold import fold
from specc.importing.item_names import item_name
from specc.importing.outputs import flat_outputs, settled
from specc.importing.proof import Side, differences
from specc.importing.training_proof import training_differences
from specc.keras_version import VERSION
from specc.printing import PRINTERS
from specc.source import Place
from specc.words import count_of

_UNFOLDED = "repeats were not folded, which is a bug in specc:"
_BUG = "this is a bug in specc: the spec that it made is not of this model:"


class UnprovenError(RuntimeError):
    """The spec that was made is not of the model that was read: a bug in specc."""


class _MisfitError(UnprovenError):
    """The spec that was made has an error."""

    def __init__(self, found: Diagnostic) -> None:
        super().__init__(f"{_BUG} {found.message} (in line {found.line} of the spec)")
        self.found = found


@dataclass(slots=True)
class Imported:
    """A model as the text of a spec."""

    text: str
    notes: list[str] = field(default_factory=list)
    """What of the model is not in the spec, or is otherwise there; a sentence each."""


def import_file(
    path: str | os.PathLike[str], format: str = "yaml", *, flat: bool = False, stub: bool = False
) -> Imported:
    """The spec of a model in one of Keras's files, as ``yaml`` or ``json``.

    With ``stub``, an Identity with a description stands for each layer that is not one of Keras's.

    UnreadableError for a file that cannot be read, CompileError for one with what no spec can have; UnprovenError if
    the spec would be of another model.
    """
    return import_contents(container.read(os.fspath(path), stub), format, flat=flat)


def import_json(text: str, format: str = "yaml", *, flat: bool = False, stub: bool = False) -> Imported:
    """`import_file` for what ``model.to_json()`` gives."""
    return import_contents(container.read_architecture(text, holes=stub), format, flat=flat)


def import_contents(contents: Contents, format: str = "yaml", *, flat: bool = False) -> Imported:
    """`import_file` for what was read of one."""
    model, notes = contents.model, list(contents.notes)
    try:
        model.training = read_training(contents.training)
    except ProblemsError as error:
        notes.append(f"what the model was compiled with is left out: {error}")
    side = Side(contents.saved, model, _is_of_today(contents.version))
    if holes := list(_holes(model)):
        spec = with_defaults(spec_of(settled(model, notes)))
        return Imported(PRINTERS[format](spec), [*notes, _with_holes(spec, holes)])
    tries = _tries(settled(model, notes), flat, notes)
    faults: list[UnprovenError] = []
    was_folded = False
    for spec, is_folded in tries:
        text = PRINTERS[format](with_defaults(spec))
        try:
            notes += _prove(text, side, has_names=not is_folded)
        except UnprovenError as error:
            faults.append(error)
            was_folded = is_folded
            continue
        if was_folded and not is_folded:
            notes.append(f"{_UNFOLDED} {str(faults[-1]).removeprefix(_BUG).strip()}")
        return Imported(text, notes)
    if isinstance(faults[-1], _MisfitError):  # the spec that says each layer as it is in the file
        raise _misfit(contents, faults[-1].found)
    raise faults[0]


def _misfit(contents: Contents, found: Diagnostic) -> CompileError:
    """Layers that do not fit together, as a diagnostic at the layer in the file."""
    name = re.match(r"'([^']*)' \(", found.message)
    path = next((it.path for it in _nodes(contents.model) if name and item_name(it.name) == name[1]), ())
    message = f"{container.where(path) or 'the model'}: {found.message}"
    help = "if Keras loads the file, this is a bug in specc: please report it, with the model's architecture"
    if found.code == "unused-input":
        help = "a spec has no such input: in Keras, make the model of the other inputs, and save that"
    problem = Problem(found.code, message, path, help)
    return CompileError([Diagnostic.of(problem, Place(contents.document, ()))])


def _nodes(model: ReadModel) -> Iterator[ReadNode]:
    """The layers of a model, and those of the models in it."""
    for node in model.nodes.values():
        yield node
        if node.model is not None:
            yield from _nodes(node.model)


def _is_of_today(version: str | None) -> bool:
    """Whether a file is certainly of the version of Keras that specc knows."""
    return version is not None and version.split(".")[:2] == VERSION.split(".")[:2]


def _holes(model: ReadModel) -> Iterator[ReadNode]:
    """The layers in whose place something else stands."""
    return (node for node in _nodes(model) if node.hole)


def _with_holes(spec: dict[str, Any], holes: list[ReadNode]) -> str:
    """What is left to do for a spec with holes."""
    names = ", ".join(quote_value(node.name) for node in holes)
    said = f"{count_of(len(holes), 'item')} of the spec must be written: {names}; the others were not compared"
    try:
        pipeline.compile(spec)
    except CompileError as error:
        said += f"; without them the spec has errors: {error.diagnostics[0].message}"
    return said


def _tries(model: ReadModel, flat: bool, notes: list[str]) -> Iterator[tuple[dict[str, Any], bool]]:
    """Specs of a model, and whether repeats are folded: the shortest first, and then those that leave less to specc."""
    tried: list[dict[str, Any]] = []
    for keep_masks in (False, True):
        spec = spec_of(model, keep_masks)
        if spec in tried:
            continue
        tried.append(spec)
        folded = spec if flat else _folded(spec, notes)
        if _size(folded) < _size(spec):
            yield folded, True
        yield spec, False


def _folded(spec: dict[str, Any], notes: list[str]) -> dict[str, Any]:
    """A spec with its repeats as blocks; if a bug prevents that, the spec itself, which is as good and only longer."""
    try:
        return fold(spec)
    except (IndexError, KeyError, AttributeError, TypeError, ValueError, AssertionError) as error:
        notes.append(f"{_UNFOLDED} {type(error).__name__}: {error}")
    return spec


def _size(spec: dict[str, Any]) -> int:
    """The number of a spec's items, those of blocks included."""
    return sum(len(part["layers"]) for part in (spec, *spec.get("blocks", {}).values()))


def _prove(text: str, read: Side, has_names: bool) -> list[str]:
    """Compile a spec, and compare it with the model that was read. UnprovenError if it is another.

    ``has_names`` says that the layers must have the names that were given to them.
    """
    try:
        graph = pipeline.compile(pipeline.Spec.from_text(text, "<imported>")).graph
    except CompileError as error:
        raise _MisfitError(error.diagnostics[0]) from None
    if not read.model.is_sequential:
        graph = graph.in_form("functional")
    try:
        made = architecture(graph)
    except NotNative as error:
        return [f"the spec was not compared with the model: {error}"]
    theirs = Side.of(made)
    found = next(chain(differences(read, theirs, has_names), _of_training(read, theirs)), None)
    if found is not None:
        raise UnprovenError(f"{_BUG} {found}")
    return []


def _of_training(ours: Side, theirs: Side) -> Iterator[str]:
    """What differs in the ``compile`` sections, if there is one in the spec."""
    if ours.model.training is not None:
        saved, made = ours.saved["compile_config"], theirs.saved["compile_config"]
        yield from training_differences(saved, made, _output_names(ours), _output_names(theirs))


def _output_names(side: Side) -> list[str]:
    outputs = flat_outputs(side.model.outputs)
    return list(outputs) if isinstance(outputs, dict) else [source.layer for source in sources_of(outputs)]
