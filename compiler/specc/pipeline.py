"""START HERE: the compiler's stages, in order.

    text -read-> Document -parse-> Spec -lower-> Graph -verify-> Graph -infer-> TypedGraph -emit-> model, source, picture

Each stage reports everything that it finds; the next begins only if there are no errors.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from specc import budget
from specc.diagnostics import CompileError, Diagnostic, Report
from specc.diagnostics.codes import Code
from specc.diagnostics.text_safety import printable, quote_value
from specc.frontend.folder import holds_blocks_only
from specc.frontend.include import load
from specc.frontend.parse import parse, parse_blocks
from specc.frontend.read import UnreadableError, blame_slips, from_data, paused_gc, read_file, read_text
from specc.frontend.schema import Spec as ParsedSpec
from specc.ir import Graph, Program, TypedGraph
from specc.passes import whole_model
from specc.passes.advice.allowed import is_allowed
from specc.passes.advice.unused import warn_of_unused
from specc.passes.advise import advise
from specc.passes.expansion.blocks import check_blocks
from specc.passes.expansion.expand import expand, report_too_large
from specc.passes.expansion.scopes import TooLarge
from specc.passes.expansion.unreached import check_unreached
from specc.passes.expect import expect
from specc.passes.implied import Taken
from specc.passes.inference.batch import check_open_sizes
from specc.passes.inference.constants import check_all_constants
from specc.passes.inference.infer import infer
from specc.passes.vars import Settings, compute_vars
from specc.passes.verify import verify
from specc.passes.wiring.wire import wire
from specc.source import Document, Origin, Place

if TYPE_CHECKING:
    from specc.sketch import Sketch

DEEPEST_RECURSION = 50_000
"""Python frames: items that wait for each other take a few frames each, and are counted."""


NON_BLOCKING_ERRORS: frozenset[Code] = frozenset({"unused-input", "unused-layer"})
"""Errors of the wiring that do not prevent inference: shapes may show what was meant."""


@dataclass(frozen=True)
class Compiled:
    """A checked graph, and the warnings that came with it."""

    graph: TypedGraph
    warnings: list[Diagnostic]


def compile_document(document: Document, settings: Settings = Settings()) -> Compiled:  # noqa: B008 - it is frozen
    """All stages up to the typed graph. CompileError has what is wrong."""
    try:
        return _compile_document(document, settings)
    except CompileError as error:
        raise CompileError(blame_slips(error.diagnostics)) from None


def _compile_document(document: Document, settings: Settings) -> Compiled:
    report = Report()
    with paused_gc(), recursion_limit(DEEPEST_RECURSION), budget.compilation(len(document.source.text)):
        spec = parse(document, report)
        report.stop()
        assert spec is not None
        graph = lower(document, spec, settings, report)
        verify(graph, report)
        if report.failed:
            report.stop(unless=NON_BLOCKING_ERRORS)
        typed = infer(graph, report)
        report.stop()
        assert typed is not None
        check_all_constants(typed, report)
        check_open_sizes(typed, report)
        report.stop()
        check_training(typed, document, report)
        expect(typed, document, report)
        advise(typed, report)
        report.silence(lambda found: is_allowed(found, document))
        report.finish()
    return Compiled(typed, report.diagnostics)


@dataclass(frozen=True)
class Attempt:
    """What came of compiling a spec that may have errors: the graph, or else what is known of it."""

    graph: TypedGraph | None
    """The checked graph of a spec without errors."""
    sketch: Sketch | None
    """What is known of the graph of a spec with errors; None if the spec has no errors, or nothing to draw."""
    diagnostics: list[Diagnostic]
    """All errors, or the warnings."""


def attempt(spec: SpecLike, variant: str | None = None, values: Mapping[str, Any] | None = None) -> Attempt:
    """`compile` for a spec that may have errors. UnreadableError for a file that cannot be read."""
    settings = _settings(variant, values)
    try:
        document = _document(spec)
    except CompileError as error:  # the text is neither JSON nor YAML
        return Attempt(None, None, error.diagnostics)
    try:
        compiled = compile_document(document, settings)
    except CompileError as error:
        from specc.sketch import sketch  # for errors only

        with paused_gc(), recursion_limit(DEEPEST_RECURSION), budget.compilation(len(document.source.text)):
            return Attempt(None, sketch(document, settings, error.diagnostics), error.diagnostics)
    return Attempt(compiled.graph, None, compiled.warnings)


def lower(document: Document, spec: ParsedSpec, settings: Settings, report: Report) -> Graph:
    """The wired graph of a spec. CompileError if something is wrong."""
    units = load(document, spec, report)
    report.stop()
    check_blocks(units, report)
    values = compute_vars(units, spec, settings, report)
    report.stop()
    own = values[units[0]]
    graph = None
    try:
        freeze = whole_model.freeze(spec, units[0], own, report)
        scope = expand(units, spec.layers, values, report, freeze)
        outputs = whole_model.outputs(spec, units[0], own, report)
        name = whole_model.model_name(document, spec, own, report)
        graph = wire(scope, name, report, Origin(Place(document, ())), outputs)
        graph = whole_model.set_up(graph, spec, units, own, report)
    except TooLarge as found:
        report_too_large(found, spec.layers, report)
    report.fall_back()
    if report.failed:
        from specc.passes.blame import blame_values  # for errors only

        blame_values(report, values)
        report.stop()
    assert graph is not None
    warn_of_unused(units, report)
    written = {name: value for name, (value, _) in own.given.items()}
    return replace(graph, program=Program(spec, tuple(units), written, values))


def check_block_file(document: Document) -> tuple[list[str], list[Diagnostic]]:
    """The names of the blocks of a file that has no layers of its own, and warnings. CompileError has what is wrong.

    Their form, arguments and names are checked; errors that depend on a block's arguments appear only where it is used.
    """
    report = Report()
    try:
        with paused_gc(), recursion_limit(DEEPEST_RECURSION), budget.compilation(len(document.source.text)):
            file = parse_blocks(document, report, "the file")
            report.stop()
            assert file is not None
            units = load(document, file, report)
            report.stop()
            check_blocks(units, report)
            compute_vars(units, None, Settings(), report)
            report.stop()
            check_unreached(units, (), lambda item: False, report, with_values=True)
            report.finish()
    except CompileError as error:
        raise CompileError(blame_slips(error.diagnostics)) from None
    return list(file.blocks), report.diagnostics


def check_training(graph: TypedGraph, document: Document, report: Report) -> None:
    """The losses and metrics of ``compile`` fit the outputs."""
    training = graph.graph.training
    if training is None:
        return
    from specc.training import check_outputs

    taken = Taken(graph.graph)
    items = graph.graph.other_names_of_outputs()
    outputs = graph.graph.outputs
    tensors = [graph.tensor(output.ref) for output in outputs]
    for problem in check_outputs(training, [output.name for output in outputs], tensors, items):
        why = taken.no_output(str(problem.path[-1])) if problem.code == "unknown-output" else None
        report.add(problem if why is None else replace(problem, help=why), Place(document, ("compile",)))


class Spec:
    """A spec in memory: read once, compiled any number of times, with other values each time.

    >>> spec = Spec.from_text("layers: [{type: Input, name: x, shape: [3]}, {type: Dense, name: y, units: 1}]")
    >>> compile(spec).graph.params
    4
    """

    def __init__(self, document: Document) -> None:
        self.document = document

    @classmethod
    def from_file(cls, path: str | os.PathLike[str], root: str | os.PathLike[str] | None = None) -> Spec:
        """Read a file. UnreadableError, or CompileError if it is not JSON or YAML.

        ``root`` is the folder that the files it includes must be in, in place of the project's or the file's own.
        """
        document = read_file(os.fspath(path))
        return cls(document if root is None else document.within(os.fspath(root)))

    @classmethod
    def from_text(cls, text: str, name: str = "<text>") -> Spec:
        """Read a string, JSON or YAML. CompileError if it is neither.

        ``name`` is what diagnostics show as the file.
        """
        return cls(read_text(text, name))

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], name: str = "<dict>") -> Spec:
        """Take a dict of lists, dicts, strings, numbers, booleans and None. CompileError if it contains anything else.

        ``name`` is what diagnostics show as the file.
        """
        return cls(from_data(dict(data), name))

    def __repr__(self) -> str:
        return f"<Spec {printable(self.document.source.name)}>"

    @property
    def text(self) -> str:
        """The spec as it was read; for a dict, its JSON."""
        return self.document.source.text


SpecLike = str | os.PathLike[str] | Mapping[str, Any] | Spec


def compile(spec: SpecLike, variant: str | None = None, values: Mapping[str, Any] | None = None) -> Compiled:
    """`compile_document` for whatever a user gives as a spec."""
    return compile_document(_document(spec), _settings(variant, values))


def check(spec: SpecLike, variant: str | None = None, values: Mapping[str, Any] | None = None) -> list[Diagnostic]:
    """The warnings of a spec, or of a file of blocks alone. CompileError has what is wrong."""
    document = _document(spec)
    if holds_blocks_only(document.data):
        return check_block_file(document)[1]
    return compile_document(document, _settings(variant, values)).warnings


def _settings(variant: str | None, values: Mapping[str, Any] | None) -> Settings:
    if values is not None and not isinstance(values, Mapping):
        raise TypeError(f"set is a map of vars to values, not {type(values).__name__}")
    return Settings(variant, values or {})


def _document(spec: SpecLike) -> Document:
    if isinstance(spec, Mapping):
        spec = Spec.from_dict(spec)
    elif isinstance(spec, str) and _is_text(spec):
        raise UnreadableError(f"{quote_value(spec)} is the text of a spec, not a path: use specc.Spec.from_text")
    elif isinstance(spec, str | os.PathLike):
        spec = Spec.from_file(spec)
    elif not isinstance(spec, Spec):
        raise TypeError(f"a spec is a path, a dict or a specc.Spec, not {type(spec).__name__}")
    return spec.document


def _is_text(spec: str) -> bool:
    """Whether a string that should be the path of a spec is the spec itself."""
    return ("\n" in spec or spec.lstrip().startswith("{") or ": " in spec) and not os.path.exists(spec)


@contextmanager
def recursion_limit(limit: int) -> Iterator[None]:
    """Raise Python's recursion limit for a while."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, limit))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)
