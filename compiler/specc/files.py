"""Writes a result to its target: completely or not at all, and never over a file that was read."""

from __future__ import annotations

import os
import re
import shutil
import signal
import stat
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

STDOUT = "-"
"""The target that is standard output."""
_SAVED_MODEL = {"saved_model.pb", "fingerprint.pb", "variables", "assets", "assets.extra", "keras_metadata.pb"}
"""What TensorFlow puts into the folder of a SavedModel."""


def need_writable(target: str, read: Iterable[str]) -> None:
    """OSError or ValueError now, before anything is built, if a file or folder cannot or must not be written.

    ``read`` has the files that the command reads; the target is none of them, by any name, and contains none of them.
    """
    if target == STDOUT:
        return
    parent = _place(target).absolute().parent
    if not parent.is_dir():
        raise FileNotFoundError(2, "no such folder", str(parent))
    _need_no_device(target)
    if _is_stdin(target):
        raise ValueError(f"{target} is standard input, and would be replaced; write to another file")
    for file in read:
        if _is_same(target, file):
            raise ValueError(f"{target} is read by this command, and would be replaced; write to another file")
        if Path(target).is_dir() and Path(file).resolve().is_relative_to(Path(target).resolve()):
            raise ValueError(f"{target} contains {Path(file).name}, which this command reads; write to another folder")
    if not os.access(parent, os.W_OK):
        raise PermissionError(13, "cannot write into the folder", str(parent))


def _need_no_device(target: str) -> None:
    """ValueError for what is no file or folder, such as /dev/null: it would be replaced by a file, for everyone."""
    place = _place(target)
    is_special = place.exists() and not place.is_file() and not place.is_dir()
    if is_special or place.absolute().parent.resolve() == Path("/dev"):
        raise ValueError(
            f"{target} is a device or a pipe, and would be replaced by a file; name a file, or - for standard output"
        )


def _is_stdin(target: str) -> bool:
    """Whether a target is the file that standard input comes from."""
    try:
        stdin = os.fstat(0)
        return stat.S_ISREG(stdin.st_mode) and os.path.samestat(stdin, os.stat(target))
    except OSError:
        return False


def _is_same(target: str, file: str) -> bool:
    """Whether two paths lead to the same file, also through links of either kind."""
    try:
        return os.path.samefile(target, file)
    except OSError:
        return os.path.realpath(target) == os.path.realpath(file)


def write_text(target: str, text: str) -> str:
    """Write a text in UTF-8, completely or not at all."""
    return write_bytes(target, text.encode("utf-8"))


def write_bytes(target: str, content: bytes) -> str:
    """Write bytes, completely or not at all."""

    def write(path: str) -> None:
        Path(path).write_bytes(content)

    return write_file(target, write)


def write_file(target: str, write: Callable[[str], None], suffix: str = "") -> str:
    """Write to a new file next to the target, then replace the target with it; returns the target.

    A link at the target is replaced, not followed; the old file stays until the new one is complete. The new
    file's name ends in ``suffix``. With the target ``-`` its content goes to standard output.
    """
    if target != STDOUT:
        _need_no_device(target)
    with _workplace(target, f"new{suffix}") as made:
        write(str(made))
        if target == STDOUT:
            sys.stdout.buffer.write(made.read_bytes())
            sys.stdout.buffer.flush()
            return target
        _flush(made)
        os.replace(made, target)
    return target


def write_folder(target: str, write: Callable[[str], None]) -> str:
    """Write to a new folder next to the target, then replace the target with it; only a SavedModel is replaced."""
    place = _place(target)
    _need_no_device(target)
    if place.exists() and not _may_go(place):
        raise ValueError(f"{target} exists and is not a SavedModel, or has other files too; name another folder")
    with _workplace(target, "new") as made:
        write(str(made))
        for path in made.rglob("*"):
            if path.is_file():
                _flush(path)
        with _uninterrupted():
            if not os.path.lexists(place):
                os.replace(made, place)
                return target
            old = made.with_name("old")
            os.replace(place, old)
            try:
                os.replace(made, place)
            except OSError:
                os.replace(old, place)
                raise
    return target


def _may_go(place: Path) -> bool:
    """Whether it is an empty folder, or a SavedModel and nothing else."""
    if not place.is_dir():
        return False
    found = {entry.name for entry in place.iterdir()}
    return not found or ("saved_model.pb" in found and found <= _SAVED_MODEL)


def _place(target: str) -> Path:
    """A target's path, without the slash that marks it as a folder."""
    return Path(target.rstrip("/" + os.sep) or target)


def _flush(path: Path) -> None:
    """Flush a file to the disk."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


@contextmanager
def _workplace(target: str, name: str) -> Iterator[Path]:
    """The path of a new file or folder, on the target's disk, in a temporary folder.

    Errors inside name the target, never this path.
    """
    folder: Path | None = None
    shown, beside = ("standard output", None) if target == STDOUT else (target, _place(target).absolute().parent)
    try:
        with _uninterrupted():
            folder = Path(tempfile.mkdtemp(prefix=".specc-", dir=beside))
        yield folder / name
    except OSError as error:
        number = error.errno or _number_in(error)
        said = error.strerror or (os.strerror(number) if number else str(error))
        raise OSError(number, said, shown) from error
    except RuntimeError as error:
        number = _number_in(error)
        if number is None:
            raise
        raise OSError(number, os.strerror(number), shown) from error
    except ValueError as error:
        if folder is None or str(folder) not in str(error):
            raise
        raise ValueError(str(error).replace(str(folder / name), shown)) from error
    finally:
        with _uninterrupted():
            if folder is not None:
                shutil.rmtree(folder, ignore_errors=True)


def _number_in(error: Exception) -> int | None:
    """The number of the error that HDF5 met, which it only says in words, and as an error of any type."""
    found = re.search(r"errno = (\d+)", str(error))
    return int(found[1]) if found else None


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Delay what would stop the program during a moment that must not be interrupted; only its main thread ever gets it."""
    held: list[int] = []
    before = {}
    try:
        for stop in (signal.SIGINT, signal.SIGTERM):
            before[stop] = signal.signal(stop, lambda number, frame: held.append(number))
    except ValueError:  # not the main thread
        yield
        return
    try:
        yield
    finally:
        for stop, handler in before.items():
            signal.signal(stop, handler or signal.SIG_DFL)
        if held:
            signal.raise_signal(held[0])
