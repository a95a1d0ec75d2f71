"""A result appears whole or not at all, and never in place of what was read."""

from __future__ import annotations

import os
import re
import signal
from pathlib import Path

import pytest

from specc.files import need_writable, write_bytes, write_file, write_folder, write_text


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def write_half(path: str) -> None:
    """Fail in the middle."""
    Path(path).write_text("half")
    raise OSError(28, "No space left on device", path)


def saved_model(path: str, what: str = "new") -> None:
    """What TensorFlow writes, in a few bytes."""
    folder = Path(path)
    (folder / "variables").mkdir(parents=True)
    (folder / "saved_model.pb").write_text(what)
    (folder / "variables" / "variables.index").write_text(what)


# -- Files -------------------------------------------------------------------------------------------


def test_a_file_is_replaced_by_a_whole_one(tmp_path: Path) -> None:
    target = tmp_path / "model.py"
    assert write_text(str(target), "größe") == str(target)
    assert target.read_bytes() == "größe".encode()
    write_bytes(str(target), b"more")
    assert (target.read_bytes(), names(tmp_path)) == (b"more", ["model.py"])


def test_what_fails_leaves_what_stood_there(tmp_path: Path) -> None:
    target = tmp_path / "model.py"
    target.write_text("old")
    with pytest.raises(OSError, match="No space left") as caught:
        write_file(str(target), write_half)
    assert caught.value.filename == str(target)
    assert (target.read_text(), names(tmp_path)) == ("old", ["model.py"])


@pytest.mark.parametrize("kind", [OSError, RuntimeError])
def test_what_hdf5_says_of_a_full_disk(kind: type[Exception], tmp_path: Path) -> None:
    def write(path: str) -> None:
        Path(path).write_text("half")
        raise kind("Can't decrement id ref count (file write failed: errno = 28, error message = 'No space left')")

    with pytest.raises(OSError, match=r"^\[Errno 28\] No space left on device: \S*model.keras'$"):
        write_file(str(tmp_path / "model.keras"), write)
    assert names(tmp_path) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_what_is_stopped_leaves_nothing(number: signal.Signals, tmp_path: Path) -> None:
    before = signal.getsignal(number)

    def write(path: str) -> None:
        Path(path).write_text("half")
        signal.raise_signal(number)

    try:
        signal.signal(number, signal.default_int_handler)
        with pytest.raises(KeyboardInterrupt):
            write_file(str(tmp_path / "model.keras"), write)
    finally:
        signal.signal(number, before)
    assert names(tmp_path) == []


def test_errors_name_the_target_and_not_the_place_where_it_is_made(tmp_path: Path) -> None:
    target = tmp_path / "model.keras"

    def refuse(path: str) -> None:
        raise ValueError(f"cannot write {path}")

    with pytest.raises(ValueError, match=r"^cannot write \S*model\.keras$"):
        write_file(str(target), refuse, ".keras")
    assert names(tmp_path) == []


def test_the_new_file_has_the_ending_that_its_writer_wants(tmp_path: Path) -> None:
    endings = []

    def write(path: str) -> None:
        endings.append(Path(path).suffix)
        Path(path).write_text("")

    write_file(str(tmp_path / "a.weights"), write, ".h5")
    assert endings == [".h5"]


def test_a_link_is_replaced_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "old").write_text("old")
    (tmp_path / "link").symlink_to(tmp_path / "old")
    write_text(str(tmp_path / "link"), "new")
    assert ((tmp_path / "old").read_text(), (tmp_path / "link").is_symlink()) == ("old", False)


def test_a_dash_is_standard_output(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert write_bytes("-", b"\x00\xff") == "-"
    assert capfdbinary.readouterr().out == b"\x00\xff"


# -- Folders -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("slash", ["", "/"])
def test_a_saved_model_is_replaced_whole(tmp_path: Path, slash: str) -> None:
    target = f"{tmp_path / 'served'}{slash}"
    for what in ("first", "second"):
        write_folder(target, lambda path, what=what: saved_model(path, what))  # type: ignore[misc]
        assert (tmp_path / "served" / "variables" / "variables.index").read_text() == what
    assert names(tmp_path) == ["served"]


def test_an_empty_folder_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "served").mkdir()
    write_folder(str(tmp_path / "served"), saved_model)
    assert names(tmp_path / "served") == ["saved_model.pb", "variables"]


@pytest.mark.parametrize("other", ["notes.txt", "saved_model.pb/notes.txt"])
def test_a_folder_with_other_files_is_kept(tmp_path: Path, other: str) -> None:
    folder = tmp_path / "served"
    if other == "notes.txt":
        folder.mkdir()
    else:
        saved_model(str(folder))
    (folder / "notes.txt").write_text("mine")
    with pytest.raises(ValueError, match="is not a SavedModel, or has other files too"):
        write_folder(str(folder), saved_model)
    assert (folder / "notes.txt").read_text() == "mine"


def test_a_folder_that_fails_leaves_the_old_one(tmp_path: Path) -> None:
    saved_model(str(tmp_path / "served"), "old")

    def fail(path: str) -> None:
        saved_model(path)
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        write_folder(str(tmp_path / "served"), fail)
    assert ((tmp_path / "served" / "saved_model.pb").read_text(), names(tmp_path)) == ("old", ["served"])


# -- What must not be written ------------------------------------------------------------------------


def test_what_is_read_is_never_replaced(tmp_path: Path) -> None:
    source = tmp_path / "spec.yaml"
    source.write_text("layers: []")
    (tmp_path / "soft").symlink_to(source)
    (tmp_path / "hard").hardlink_to(source)
    for target in ("spec.yaml", "soft", "hard", "../" + tmp_path.name + "/spec.yaml"):
        with pytest.raises(ValueError, match="is read by this command, and would be replaced"):
            need_writable(str(tmp_path / target), [str(source)])
    with pytest.raises(ValueError, match=r"contains spec\.yaml, which this command reads"):
        need_writable(str(tmp_path), [str(source)])
    need_writable(str(tmp_path / "other.yaml"), [str(source)])
    need_writable("-", [str(source)])


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no such folder"):
        need_writable(str(tmp_path / "none" / "a.py"), [])


def test_a_device_is_never_replaced(tmp_path: Path) -> None:
    """Only what cannot do harm is written to here: a pipe and a link to it stand for /dev/null."""
    pipe, link = tmp_path / "pipe.json", tmp_path / "link.json"
    os.mkfifo(pipe)
    link.symlink_to(pipe)
    for target in map(str, (pipe, link)):
        said = re.escape(
            f"{target} is a device or a pipe, and would be replaced by a file; name a file, or - for standard output"
        )
        for refuse in (
            lambda: need_writable(target, []),  # noqa: B023
            lambda: write_text(target, "{}"),  # noqa: B023
            lambda: write_folder(target, os.mkdir),  # noqa: B023
        ):
            with pytest.raises(ValueError, match=said):
                refuse()
    assert pipe.is_fifo()
    assert link.is_symlink()
    for target in ("/dev/null", "/dev/stdout"):
        with pytest.raises(ValueError, match="is a device or a pipe"):
            need_writable(target, [])
