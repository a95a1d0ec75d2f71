"""A model's file from anyone, opened without Keras: what it says of the model, whatever form it has.

The form is known by the content: a ``.keras`` archive, that archive as a folder, the JSON of an architecture, or the folder
of a SavedModel that Keras 2 wrote. Nothing in it is run, extracted or imported, and weights are not opened.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, replace
from pathlib import Path as FilePath
from typing import Any, BinaryIO, NamedTuple

from specc.archive.file import CONFIG, METADATA
from specc.archive.reading import members, saved_model
from specc.archive.reading.adapted import without_lessons
from specc.archive.reading.json_text import LARGEST, read_text
from specc.archive.reading.keras_2 import modern
from specc.archive.reading.models import Reader, ReadModel
from specc.archive.reading.substitutes import substituted
from specc.arguments.kinds import UNKNOWN_CODES
from specc.diagnostics import CompileError, Diagnostic, Related
from specc.diagnostics.codes import ErrorCode
from specc.diagnostics.problem import Problem, ProblemsError, with_subject
from specc.diagnostics.text_safety import printable, quote_value
from specc.frontend import foreign
from specc.frontend.read import UnreadableError, paused_gc
from specc.source import Document, Path, Place, Source, Span

ZIP = b"PK"
_AS_KERAS = "load it in Keras, and save it as .keras: keras.models.load_model(...).save('model.keras')"
_NO_KERAS = "a model is read from a .keras file, or from the JSON that model.to_json() gives"


class Contents(NamedTuple):
    """What a file says of a model."""

    model: ReadModel
    training: dict[str, Any] | None
    """What it was compiled with, as Keras saves that."""
    version: str | None
    """The version of Keras that wrote it; None if it does not say so."""
    notes: list[str]
    """What was changed in reading, a sentence each."""
    document: Document
    """The JSON that describes the model."""
    saved: dict[str, Any]
    """The same as data, in the form of Keras 3."""


@dataclass(frozen=True)
class _Opened:
    """The JSON of a file."""

    document: Document
    member: str = ""
    """Its name inside the file; empty if it is the file."""
    version: str | None = None


def read(path: str, holes: bool = False) -> Contents:
    """Read a model's file or folder, whatever its form; with ``holes`` also one with layers that are not Keras's.

    UnreadableError if there is none, or it cannot be opened; CompileError, with one diagnostic, for everything that is
    wrong with what it contains.
    """
    return _contents(_opened(path), holes)


def read_architecture(text: str, name: str = "<model>", holes: bool = False) -> Contents:
    """Read what ``model.to_json()`` gives. CompileError for everything that is wrong with it."""
    return _contents(_model_in(_Opened(read_text(text.encode("utf-8", "surrogatepass"), name))), holes)


def _contents(opened: _Opened, holes: bool) -> Contents:
    with paused_gc():
        return _read(opened, holes)


def _read(opened: _Opened, holes: bool) -> Contents:
    data, reader = opened.document.data, Reader(holes)
    version = opened.version or _text(data.get("keras_version"))
    saved, notes, inserted = modern(data, version)
    saved, learned = without_lessons(substituted(saved, notes))
    notes += learned
    try:
        model = reader.read(saved)
    except ProblemsError as error:
        raise _error(opened, [_in_file(problem, inserted) for problem in error.problems]) from None
    training = saved.get("compile_config")
    return Contents(
        model,
        training if isinstance(training, dict) else None,
        version,
        notes,
        opened.document,
        saved,
    )


def _in_file(problem: Problem, inserted: int) -> Problem:
    """A problem whose layer is counted as in the file."""
    match problem.path:
        case ("config", "layers", int(index), *rest) if inserted:
            return replace(problem, path=("config", "layers", max(0, index - inserted), *rest))
    return problem


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _error(opened: _Opened, problems: list[Problem]) -> CompileError:
    """What is wrong at its place in the JSON; classes that are not Keras's as one, which names them all."""
    first, place = problems[0], Place(opened.document, ())
    related: list[Related] = []
    if first.code in _OF_CLASSES:
        message, help = _every(problems), first.help or _AS_PLUGIN
        related = [Related(it.message, it.place(place)) for it in problems[1:MOST_SHOWN]]
    else:
        message, help = with_subject(where(first.path) or "the model", first.message), first.help or _OTHERWISE
    if opened.member:
        message = f"{opened.member}: {message}"
    return CompileError([Diagnostic.of(Problem(first.code, message, first.path, help), place, related)])


_OF_CLASSES = frozenset(UNKNOWN_CODES.values())
_OTHERWISE = "the file was changed by hand, or a later version of Keras wrote it: save it with Keras 3"
_AS_PLUGIN = "describe them in a plugin (--plugin), or let a marked hole stand for each layer that has one (--stub)"
MOST_NAMED, MOST_SHOWN = 50, 20
"""Names in a list, and places beside the first."""


def _every(problems: list[Problem]) -> str:
    """All classes that are not Keras's, each with its places."""
    places: dict[str, list[str]] = {}
    for problem in problems:
        places.setdefault(problem.message, []).append(where(problem.path[:-1]) or "the model")
    if len(places) == 1:
        ((message, found),) = places.items()
        return f"{_listed(found)}: {message}"
    return _listed([f"{message} ({_listed(found)})" for message, found in places.items()])


def _listed(names: list[str]) -> str:
    further = f" and {len(names) - MOST_NAMED:,} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + further


def where(path: Path) -> str:
    """A place in the JSON of a model, as one writes it; paths begin in the model's ``config``.

    >>> where(("config", "layers", 12, "config", "units")), where(("config",)), where(("class_name",))
    ('layers[12].config.units', 'config', 'class_name')
    """
    inside = path[1:] if path[:1] == ("config",) and len(path) > 1 else path
    steps = (f"[{step}]" if isinstance(step, int) else f".{printable(step[:80])}" for step in inside)
    return "".join(steps).removeprefix(".")


# -- Forms -----------------------------------------------------------------------------------------


def _opened(path: str) -> _Opened:
    if path == "-":
        raise UnreadableError(
            "cannot read -: a model is read from a file, not from standard input; name the file", path
        )
    try:
        kind = os.stat(path).st_mode
        if stat.S_ISDIR(kind):
            return _folder(path)
        if not stat.S_ISREG(kind):
            raise UnreadableError(f"cannot read {path}: it is not a regular file", path)
        with open(path, "rb") as file:
            return _file(file, path, os.fstat(file.fileno()).st_size)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a path"
        raise UnreadableError(f"cannot read {path}: {reason}", path) from error


def _file(file: BinaryIO, path: str, size: int) -> _Opened:
    begin = file.read(foreign.LOOKED_AT)
    if begin.startswith(ZIP):
        return _archive(file, path, size)
    if not begin.strip():
        raise _refused(path, "is empty", _NO_KERAS)
    if begin.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{":
        file.seek(0)
        return _model_in(_Opened(read_text(file.read(LARGEST + 1), path)))
    known = foreign.of_bytes(begin)
    if known is None and FilePath(path).suffix == ".pb":
        raise _refused(path, "is part of a TensorFlow SavedModel", "give the folder that it is in")
    if known is None:
        raise _refused(path, "is not a file that Keras writes", _NO_KERAS)
    raise _refused(path, f"is {known[0]}", _AS_KERAS if begin.startswith(b"\x89HDF") else _NO_KERAS)


def _archive(file: BinaryIO, path: str, size: int) -> _Opened:
    """A ``.keras`` archive."""
    try:
        found = members.members(file, size)
        for name in (CONFIG, METADATA):
            if name not in found:
                raise _refused(path, f"is a ZIP archive without {name}, so not a .keras file", _NO_KERAS)
        metadata = read_text(members.read(file, found[METADATA], LARGEST), f"{path}/{METADATA}")
        config = read_text(members.read(file, found[CONFIG], LARGEST), f"{path}/{CONFIG}")
    except members.ArchiveError as error:
        raise _refused(path, str(error), "save the model again, or copy the file again") from None
    return _model_in(_Opened(config, CONFIG, _version(metadata)))


def _folder(path: str) -> _Opened:
    """A folder of what a ``.keras`` archive has, or of a SavedModel."""
    if os.path.isfile(os.path.join(path, CONFIG)):
        version = None
        if os.path.isfile(os.path.join(path, METADATA)):
            version = _version(read_text(_bytes(path, METADATA), f"{path}/{METADATA}"))
        return _model_in(_Opened(read_text(_bytes(path, CONFIG), f"{path}/{CONFIG}"), CONFIG, version))
    names = set(os.listdir(path))
    if saved_model.METADATA in names:
        try:
            text = saved_model.model(_bytes(path, saved_model.METADATA, saved_model.LARGEST))
        except saved_model.MetadataError as error:
            raise _refused(f"{path}/{saved_model.METADATA}", str(error), _AS_KERAS) from None
        return _model_in(_Opened(read_text(text, f"{path}/{saved_model.METADATA}"), saved_model.METADATA, "2"))
    if names & {"saved_model.pb", "saved_model.pbtxt"}:
        message = "is a TensorFlow SavedModel without Keras's description of its layers"
        raise _refused(path, message, "only the model that it was exported from has them: save that as .keras")
    raise _refused(path, f"is a folder without {CONFIG}, so no model of Keras", _NO_KERAS)


def _bytes(folder: str, name: str, most: int = LARGEST) -> bytes:
    with open(os.path.join(folder, name), "rb") as file:
        return file.read(most + 1)


def _version(metadata: Document) -> str | None:
    found = metadata.data.get("keras_version") if isinstance(metadata.data, dict) else None
    return _text(found)


def _model_in(opened: _Opened) -> _Opened:
    """The JSON of a model; CompileError if it is something else."""
    data, name = opened.document.data, opened.document.source.name
    if not isinstance(data, dict):
        raise _refused(name, f"must be the JSON of a model, a map, not {quote_value(data)}", _NO_KERAS)
    if "class_name" not in data and isinstance(data.get("layers"), list):
        raise _refused(name, "is a spec already", "specc check, build and graph read it as it is")
    if "class_name" not in data or "config" not in data:
        raise _refused(name, "is not the JSON of a Keras model, which has class_name and config", _NO_KERAS)
    return opened


def _refused(name: str, message: str, help: str, code: ErrorCode = "invalid-value") -> CompileError:
    """A file that is refused as a whole."""
    document = Document(Source(name, ""), None, lambda path, part: Span(1, 1, 1, 1), format="json")
    problem = Problem(code, with_subject(printable(name), message), help=help)
    return CompileError([Diagnostic.of(problem, Place(document, ()))])
