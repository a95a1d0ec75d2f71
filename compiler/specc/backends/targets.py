"""Chooses the format of a target, by ``--to`` or its ending, and reports what is wrong with either."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from specc.backends.formats import FORMATS, Format
from specc.diagnostics.suggest import nearest
from specc.files import STDOUT


class TargetError(ValueError):
    """Nothing can be written to such a target: wrong usage, and the message says what to write instead."""


def choose(target: str | None, to: str | None, formats: tuple[Format, ...], name: str) -> tuple[str, Format]:
    """The target and its format, one of ``formats``: by ``to``, else by its ending, else the first.

    Without a target it is ``name`` with the format's ending, or standard output for a text to read. TargetError if the two clash, or if neither selects one.

    >>> from specc.backends.formats import written_by
    >>> target, format = choose("a.KERAS", None, written_by("build"), "model")
    >>> target, format.name
    ('a.KERAS', 'keras')
    """
    by_name = {format.name: format for format in formats}
    if to is not None and to not in by_name:
        raise TargetError(f"unknown format {to!r}; formats: {', '.join(by_name)}")
    wanted = None if to is None else by_name[to]
    if target is None:
        format = wanted or formats[0]
        return STDOUT if format.is_shown else f"{name}{format.ending}", format
    if target == STDOUT:
        return target, _for_stdout(wanted or formats[0])
    if not target:
        raise TargetError("the name of the output is empty; name a file, or - for standard output")
    return target, _of_file(target, wanted, formats)


def _of_file(target: str, wanted: Format | None, formats: tuple[Format, ...]) -> Format:
    """The format of a target that is a file or a folder; ``wanted`` is the format of ``--to``."""
    file = Path(target).name
    ending = f".{file.rpartition('.')[2]}" if "." in file else ""
    folder = next((format for format in formats if format.is_folder), None)
    if target.endswith(("/", os.sep)) or Path(target).is_dir():
        if folder is None:
            raise TargetError(f"{target} is a folder; name a file that ends in {_listed(formats)}")
        if wanted not in (None, folder):
            raise TargetError(
                f"{target} is a folder, and {wanted.name} is a file; name a file, or write {folder.holds} without --to"
            )
        return folder
    if folder is not None and wanted in (None, folder) and not ending:
        return folder
    said = next((format for format in formats if format.ending and format.ending == ending.lower()), None)
    if said is not None and wanted not in (None, said):
        raise TargetError(f"{target} ends in {ending}, but --to says {wanted.name}; keep one of the two")
    found = said or wanted
    if found is None:
        raise TargetError(_unknown(target, ending, formats))
    return found


def _unknown(target: str, ending: str, formats: tuple[Format, ...]) -> str:
    """A help if the ending of a target is unknown."""
    other = next((format for format in FORMATS if format.ending and format.ending == ending.lower()), None)
    if other is not None:
        return f"{target}: 'specc {other.command}' writes {ending}; this writes {_listed(formats)}"
    endings = {format.name: format.ending for format in formats if not format.is_folder}
    endings |= {it.removeprefix("."): it for it in endings.values()}
    name = ending.removeprefix(".").lower()
    guess = nearest(name, endings) if name else None
    hint = f"; did you mean {endings[guess]!r}?" if guess is not None else ""
    folder = "".join(f", or no ending for {format.holds}, a folder" for format in formats if format.is_folder)
    what = f"unknown ending {ending!r} of {target}" if ending else f"{target} has no ending"
    return f"{what}{hint}; endings: {_listed(formats)}{folder}"


def _for_stdout(format: Format) -> Format:
    """The format, if it can go to standard output."""
    if format.is_folder:
        raise TargetError(f"{format.holds} is a folder and cannot go to standard output; name one: -o folder/")
    if not format.is_text and sys.stdout.isatty():
        name = format.name
        raise TargetError(f"a terminal cannot show {name}, which is binary; redirect it (> out.{name}), or name a file")
    return format


def _listed(formats: tuple[Format, ...]) -> str:
    return ", ".join(format.ending for format in formats if not format.is_folder)
