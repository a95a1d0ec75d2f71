"""Text to Document: one strict reader for JSON and YAML 1.2 core.

Reading makes plain data and nothing else. Where things are written is found by a second reading, only when a diagnostic
asks for it.
"""

from __future__ import annotations

import gc
import math
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from numbers import Integral, Real
from pathlib import Path as FilePath
from typing import Any, Literal

from specc import budget
from specc.diagnostics import CompileError, Diagnostic, Related
from specc.diagnostics.problem import Problem
from specc.diagnostics.text_safety import quote_value
from specc.reading.mistakes import DEEPEST, Mistake, MistakesError
from specc.reading.places import Places
from specc.source import Document, Part, Path, Place, Source, Span

LARGEST_FILE = 128 * 2**20
"""Most bytes of a spec that are read."""
MANY_OBJECTS = 20_000
"""New objects that take longer to scan than a millisecond."""
_LONE_RETURN = re.compile(r"\r(?!\n)")
"""A carriage return without a line feed: a line end in YAML and JSON."""

Format = Literal["json", "yaml"]


class UnreadableError(Exception):
    """A file cannot be read: the message is one line for the user. Exit code 2."""

    def __init__(self, message: str, file: str = "") -> None:
        super().__init__(message, file)
        self.message, self.file = message, file

    def __str__(self) -> str:
        return self.message

    def diagnostic(self) -> Diagnostic:
        """The same in the form that programs read findings in. It has no page: no spec is wrong."""
        document = Document(Source(self.file, ""), None, _Spans({(): Span(1, 1, 1, 1)}))
        help = "give the path of a file that can be read"
        return Diagnostic.of(Problem("unreadable", self.message, help=help), Place(document, ()))


def read_file(path: str, name: str | None = None) -> Document:
    """Read a spec file, shown as ``name``; UnreadableError if there is none, CompileError if it is not JSON or YAML."""
    name = name or path
    try:
        with open(path, "rb") as file:
            content = file.read(LARGEST_FILE + 1)  # a pipe or a device has no known size
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a path"
        if isinstance(error, IsADirectoryError):
            from specc.frontend.foreign import of_folder

            known = of_folder(path)
            reason = "it is a folder, not a file" if known is None else f"it is {known[0]}, not a spec; {known[1]}"
        raise UnreadableError(f"cannot read {name}: {reason}", name) from error
    return read_bytes(content, name, format_of(path), file=str(FilePath(path).absolute()))


def format_of(path: str) -> Format | None:
    """The format that a file's ending says; None if it says none."""
    suffix = FilePath(path).suffix.lower()
    return "json" if suffix == ".json" else "yaml" if suffix in (".yaml", ".yml") else None


def read_bytes(content: bytes, name: str, format: Format | None = None, file: str | None = None) -> Document:
    """Read a spec from bytes in UTF-8 (or UTF-16 and UTF-32 with a byte order mark)."""
    if len(content) > LARGEST_FILE:
        raise UnreadableError(f"{name} is larger than {LARGEST_FILE >> 20} MiB", name)
    encoding = _encoding(content)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        before = content[: error.start].decode(encoding, "replace")
        source = Source(name, content.decode(encoding, "replace"))
        line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
        from specc.frontend import foreign

        known = foreign.of_bytes(content)
        if known is not None:
            mistake = Mistake("encoding", f"this is {known[0]}, not a spec", Span(1, 1, 1, 1), known[1])
            raise _error(Source(name, ""), "yaml", mistake) from None
        mistake = Mistake(
            "encoding", "the file is not UTF-8 text", Span(line, column, line, column + 1), "save the file as UTF-8"
        )
        raise _error(source, format or "yaml", mistake) from None
    return read_text(text, name, format, file)


def read_text(text: str, name: str, format: Format | None = None, file: str | None = None) -> Document:
    """Read a spec from a string. Without ``format``, a text that begins like JSON is read as JSON first."""
    text = text.removeprefix("\ufeff")
    if "\r" in text:
        text = _LONE_RETURN.sub("\n", text)
    source = Source(name, text)
    if format is None and source.text.lstrip()[:1] in ("{", "["):
        try:
            return _read(source, "json", file)
        except CompileError as as_json:
            try:
                return _read(source, "yaml", file)
            except CompileError:
                raise as_json from None
    return _read(source, format or "yaml", file)


def in_text(text: str, name: str, data: Any, file: str) -> Document:
    """A document of data that were read from parts of a YAML text; their places are found in the whole of it."""
    return Document(Source(name, text), data, _Locator(text, "yaml"), file)


def from_data(data: Any, name: str = "<dict>") -> Document:
    """A document of data that was never text: it is written out as JSON, so that errors have lines to show.

    CompileError if it contains what JSON cannot express.
    """
    import json

    try:
        text = json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False, default=_number)
    except (TypeError, ValueError, RecursionError):
        message, help = _what_json_lacks(data)
        raise _error(Source(name, ""), "json", Mistake("invalid-value", message, Span(1, 1, 1, 1), help)) from None
    return read_text(text, name, "json")


def _number(value: Any) -> int | float:
    """Numbers of other libraries, such as numpy's, as Python's own."""
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Real):
        return float(value)
    raise TypeError


def _what_json_lacks(data: Any) -> tuple[str, str]:
    """The first value that is not allowed in a spec, and what is."""
    pending: list[tuple[str, Any, tuple[int, ...]]] = [("", data, ())]
    while pending:
        where, value, around = pending.pop()
        subject = f"the spec's {where}" if where else "the spec"
        if id(value) in around or len(around) > DEEPEST:
            return f"{subject} is nested too deeply, or contains itself", "the data of a spec is a tree"
        if isinstance(value, dict | list | tuple):
            inside = value.items() if isinstance(value, dict) else enumerate(value)
            found = []
            for key, item in inside:
                if not isinstance(key, str | int | float | None):
                    return f"{subject} has a key that is not a string: {quote_value(str(key))}", "keys must be strings"
                step = f"[{key}]" if isinstance(key, int) else f"{'.' if where else ''}{quote_value(key)[1:-1]}"
                found.append((where + step, item, (*around, id(value))))
            pending += reversed(found)
        elif isinstance(value, Real) and not math.isfinite(value):
            return f"{subject} is {value}, which is not a number in a spec", "numbers must be finite"
        elif not isinstance(value, str | Real | None):
            kind = type(value)
            named = kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"
            return f"{subject} is a {named}", "a spec has maps, lists, strings, numbers, True, False and None"
    return (
        "the spec contains a value that JSON cannot express",
        "a spec has maps, lists, strings, numbers, True, False and None",
    )


@contextmanager
def paused_gc() -> Iterator[None]:
    """Run without cyclic garbage collection: a big tree of new objects is not garbage; scanning it takes half the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            if gc.get_count()[0] > MANY_OBJECTS and not gc.get_freeze_count():
                # Otherwise all new objects would be scanned now, as young ones: so they become old at once. What the
                # program itself has frozen stays so; counting that takes a walk through all of it.
                gc.freeze()
                gc.unfreeze()
            gc.enable()


def _read(source: Source, format: Format, file: str | None) -> Document:
    with budget.compilation(len(source.text)):
        try:
            with paused_gc():
                data = _reader(format).load(source.text)
        except MistakesError as error:
            raise _unreadable(source, format, error.mistakes) from None
    return Document(source, data, _Locator(source.text, format), file, format, _RESPELL[format])


def _unreadable(source: Source, format: Format, mistakes: list[Mistake]) -> CompileError:
    """The error of an unreadable text: what it is instead, or what is wrong with it."""
    from specc.frontend import foreign

    known = foreign.of_text(source.text) or foreign.of_bytes(source.text[:200].encode(errors="replace"))
    if known is not None:
        mistake = Mistake("syntax", f"this is {known[0]}, not a spec", Span(1, 1, 1, 2), known[1])
        return _error(source, format, mistake)
    return _error(source, format, *_with_slips(source, format, mistakes))


def _with_slips(source: Source, format: Format, mistakes: list[Mistake]) -> list[Mistake]:
    """Mistakes, with the slips of the text that may cause them."""
    if format == "json":
        from specc.frontend import json_slips

        return (json_slips.mistakes(source.text) if mistakes[0].problem.code == "syntax" else []) or mistakes
    from specc.frontend import yaml_lines, yaml_slips

    slips = yaml_slips.find(source.text)
    mistakes = list(yaml_lines.fixable(source, mistakes, _SAID_LATE))
    rest = [
        it for it in mistakes if it.problem.code == "syntax" or not any(_is_in(it.span, slip.around) for slip in slips)
    ]
    told = {it.span[2:] for it in rest}  # two that end at the same place have the same cause
    return [*rest, *(slip.mistake for slip in slips if slip.mistake.span[2:] not in told)]


_SAID_LATE = frozenset({"syntax", "invalid-key"})
"""Mistakes of a YAML text that may come from a slip a little earlier."""


def blame_slips(diagnostics: list[Diagnostic]) -> list[Diagnostic]:
    """A spec's errors; if a slip of YAML spoils a map, the slip instead of its consequences."""
    found = diagnostics
    for document in {it.place.document: None for it in diagnostics if it.place.document.format == "yaml"}:
        from specc.frontend import yaml_slips

        slips = yaml_slips.find(document.source.text)
        own = [(id(it), it.place.span) for it in found if it.place.document is document] if slips else []
        around = {slip.around for slip in slips}
        spoilt = {one for one, span in own if any(_is_in(span, it) for it in around)}
        if spoilt:
            found = [it for it in found if id(it) not in spoilt]
            found += [_diagnostic(document.source, document.format, slip.mistake) for slip in slips]
    return found


def _in_json(help: str) -> str:
    from specc.reading.json_help import in_json  # which reads YAML

    return in_json(help)


_RESPELL: dict[Format, Callable[[str], str] | None] = {"json": _in_json, "yaml": None}


def _is_in(span: Span, around: Span) -> bool:
    return around[:2] <= span[:2] and span[2:] <= around[2:]


def _reader(format: Format) -> Any:
    return import_module(f"specc.reading.{format}_reader")  # only this one: a JSON spec needs no YAML library


def _error(source: Source, format: Format, *mistakes: Mistake) -> CompileError:
    return CompileError([_diagnostic(source, format, mistake) for mistake in mistakes])


def _diagnostic(source: Source, format: Format, mistake: Mistake) -> Diagnostic:
    spans: dict[Path, Span] = {(): mistake.span}
    if mistake.first is not None:
        spans[("first",)] = mistake.first
    document = Document(source, None, _Spans(spans), format=format, respell=_RESPELL[format])
    related = () if mistake.first is None else (Related("first here", Place(document, ("first",))),)
    return Diagnostic.of(mistake.problem, Place(document, ()), related)


@dataclass(frozen=True, eq=False)
class _Spans:
    """Finds the path of a mistake, which has a place without a document around it."""

    spans: dict[Path, Span]

    def __call__(self, path: Path, part: Part) -> Span:
        return self.spans.get(path, self.spans[()])


@dataclass(eq=False)
class _Locator:
    """Finds a path in a text, which is read once more, as far as needed; a pickle has no trace of that."""

    text: str
    format: Format

    @cached_property
    def places(self) -> Places:
        """Where everything is written."""
        found: Places = _reader(self.format).places(self.text)
        return found

    def __getstate__(self) -> dict[str, str]:
        return {"text": self.text, "format": self.format}

    def __call__(self, path: Path, part: Part) -> Span:
        with paused_gc():
            return self.places.find(path, part)


def decode(content: bytes) -> tuple[str, str]:
    """A spec's bytes as text, a byte order mark included, and the encoding that gives the same bytes again."""
    encoding = _encoding(content)
    if encoding == "utf-8-sig":
        return content.decode("utf-8", "strict"), "utf-8"
    mark = content[:4] if encoding == "utf-32" else content[:2]
    order = "le" if mark[:2] == b"\xff\xfe" else "be"
    return content.decode(f"{encoding}-{order}"), f"{encoding}-{order}"


def _encoding(content: bytes) -> str:
    if content.startswith((b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")):
        return "utf-32"
    return "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
