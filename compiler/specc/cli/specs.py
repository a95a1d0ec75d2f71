"""The specs that a command line names: read, and compiled as its options say."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from specc.cli.problems import show_diagnostics
from specc.cli.terminal import printable, say, shown

if TYPE_CHECKING:
    from specc.cli.options import Choices
    from specc.ir import TypedGraph
    from specc.pipeline import Spec
    from specc.sketch import Sketch


def need_stdin(choices: Choices, *given: str | None) -> None:
    """UsageError if a name is given for standard input, and no file is that."""
    if choices["named"] is not None and "-" not in given:
        raise click.UsageError("--as names what is read from standard input: give - as the file")


def files(given: tuple[str, ...], choices: Choices) -> list[str]:
    """The files, with each folder replaced by the files in it."""
    need_stdin(choices, *given)
    if not any(map(os.path.isdir, given)):
        return list(given)
    from specc.frontend.folder import specs_in
    from specc.frontend.foreign import of_folder

    found: list[str] = []
    for path in given:
        if os.path.isdir(path) and of_folder(path) is not None:
            found.append(path)  # reading it says what it is
            continue
        inside = specs_in(path) if os.path.isdir(path) else [path]
        if not inside:
            raise click.ClickException(f"{shown(path)}: the folder has no specs (.json, .yaml or .yml files)")
        found += inside
    return found


def read(file: str, choices: Choices) -> Spec:
    """A spec from a file, or for ``-`` from standard input."""
    from specc.frontend.read import LARGEST_FILE, format_of, read_bytes
    from specc.pipeline import Spec

    root, named = choices["root"], choices["named"]
    if file != "-":
        return Spec.from_file(file, root)
    content = sys.stdin.buffer.read(LARGEST_FILE + 1)
    if named is None:
        return Spec(read_bytes(content, "<stdin>"))
    return Spec(read_bytes(content, named, format_of(named), os.path.abspath(named)).within(root))


def called(file: str, choices: Choices) -> str:
    """What a file is called in what is printed."""
    return shown((choices["named"] if file == "-" else None) or file)


def compile(spec: Spec, choices: Choices, format: str, stream: IO[str]) -> TypedGraph:
    """The typed graph of a spec; warnings go to the stream. CompileError has what is wrong, with ``--strict`` warnings too."""
    from specc import pipeline

    load_plugins(choices["plugins"])
    compiled = pipeline.compile(spec, choices["variant"], values(choices["values"]))
    _show_warnings(compiled.warnings, choices, format, stream)
    return compiled.graph


def attempt(file: str, choices: Choices, stream: IO[str]) -> TypedGraph | Sketch:
    """The typed graph of a spec, or what is known of one with errors; what is found goes to the stream.

    CompileError, and a line on the stream, if nothing is known that could be drawn.
    """
    from specc import pipeline
    from specc.diagnostics import CompileError

    load_plugins(choices["plugins"])
    try:
        found = pipeline.attempt(read(file, choices), choices["variant"], values(choices["values"]))
        if found.graph is None and found.sketch is None:
            raise CompileError(found.diagnostics)
    except CompileError:
        stream.write(f"{called(file, choices)}: no picture, as these errors leave no layers to draw\n\n")
        raise
    if found.sketch is not None:
        show_diagnostics(found.diagnostics, "text", stream)
        return found.sketch
    assert found.graph is not None
    _show_warnings(found.diagnostics, choices, "text", stream)
    return found.graph


def compile_older(spec: Spec, variant: str | None) -> TypedGraph:
    """The typed graph of the spec that another one is compared with; its warnings are not shown. CompileError."""
    from specc import pipeline

    return pipeline.compile(spec, variant).graph


def check_blocks(file: str, spec: Spec, choices: Choices, format: str, stream: IO[str]) -> list[str] | None:
    """The names of the blocks of a file that has no layers, for others to include; None for any other file."""
    from specc import pipeline
    from specc.frontend.folder import holds_blocks_only

    if (file == "-" and choices["named"] is None) or not holds_blocks_only(spec.document.data):
        return None
    load_plugins(choices["plugins"])
    names, warnings = pipeline.check_block_file(spec.document)
    _show_warnings(warnings, choices, format, stream)
    return names


def say_blocks(file: str, names: list[str], choices: Choices) -> None:
    """Print the names of the blocks of a file that has no layers."""
    from specc.words import count_of

    say(f"{called(file, choices)}: blocks, {count_of(len(names), 'block')} ({', '.join(map(printable, names))})")


def values(settings: Iterable[str]) -> dict[str, Any]:
    """The values of ``--set``, each read as YAML: documents, so that a message can show the option."""
    from specc.frontend.read import read_text

    found: dict[str, Any] = {}
    for setting in settings:
        name, equals, text = setting.partition("=")
        if not equals or not name.strip():
            raise click.ClickException(f"--set expects NAME=VALUE, not {printable(setting)!r}")
        found[name.strip()] = read_text(text, f"--set {name.strip()}", "yaml")
    return found


def load_plugins(named: Iterable[str]) -> None:
    """Import the plugins of the project and those of the command line."""
    from specc import plugins

    try:
        plugins.load([*plugins.configured(Path.cwd()), *named])
    except plugins.PluginError as error:
        raise click.ClickException(printable(str(error))) from None


def _show_warnings(warnings: list[Any], choices: Choices, format: str, stream: IO[str]) -> None:
    from specc.diagnostics import CompileError

    if warnings and choices["strict"]:
        raise CompileError(warnings)
    show_diagnostics(warnings, format, stream)
