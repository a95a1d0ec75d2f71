from __future__ import annotations

import os
from pathlib import Path

import pytest

from specc.viewer.watched import Watched, watched_of

GOOD = "name: net\nlayers:\n  - {type: Input, name: x, shape: [4]}\n  - {type: Dense, name: y, units: 3}\n"
BROKEN = GOOD.replace("Dense", "Dens")
INCLUDING = "include: [parts/blocks.yaml]\nlayers:\n  - {type: Input, name: x, shape: [4]}\n  - {type: head, name: y}\n"
BLOCKS = "blocks:\n  head: {inputs: [x], layers: [{type: Dense, name: out, units: 3}], outputs: [out]}\n"


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    path = tmp_path / "net.yaml"
    path.write_text(GOOD)
    return path


def watched(spec: Path) -> Watched:
    return Watched(str(spec), "net")


def test_a_good_spec_has_a_picture(spec: Path) -> None:
    found = watched(spec)
    assert found.state() == {"version": 1, "shown": "all", "problems": {"text": "", "errors": 0, "warnings": 0}}
    assert found.data["scene"]["title"] == "net"


def test_a_broken_spec_is_drawn_as_far_as_it_is_known(spec: Path) -> None:
    found = watched(spec)
    spec.write_text(BROKEN)
    found.update()
    assert (found.shown, found.data["version"]) == ("known", 2)
    assert [member["mark"] for member in found.data["scene"]["members"]] == ["", "error", "unknown"]
    assert found.problems["errors"] == 1
    assert "error[unknown-layer]" in found.problems["text"]
    spec.write_text(GOOD.replace("units: 3", "units: 5"))
    found.update()
    assert found.state() == {"version": 3, "shown": "all", "problems": {"text": "", "errors": 0, "warnings": 0}}


def test_text_that_cannot_be_read_keeps_the_last_picture(spec: Path) -> None:
    found = watched(spec)
    good = found.data
    spec.write_text(GOOD + "  - {")
    found.update()
    assert found.data is good
    assert (found.shown, found.problems["errors"]) == ("last", 1)


def test_what_could_never_be_drawn_has_an_empty_picture(spec: Path) -> None:
    spec.write_text("layers: [")
    found = watched(spec)
    assert (found.data["version"], found.data["scene"]["members"], found.data["scene"]["title"]) == (0, [], "net.yaml")


def test_a_missing_file_is_a_problem(spec: Path) -> None:
    found = watched(spec)
    spec.unlink()
    found.update()
    assert found.problems["errors"] == 1
    assert "net.yaml" in found.problems["text"]


def test_a_bug_is_told_and_ends_nothing(spec: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("no\x1b[31m")

    found = watched(spec)
    monkeypatch.setattr("specc.viewer.watched.page_data", broken)
    found.update()
    assert found.problems["text"] == "this is a bug in specc, not in your spec: RuntimeError: no\\x1b[31m"


def test_included_files_are_watched_good_or_not(spec: Path) -> None:
    spec.write_text(INCLUDING)
    found = watched(spec)
    blocks = spec.parent / "parts" / "blocks.yaml"
    assert found.problems["errors"]
    assert found.folders == {str(spec.parent), str(blocks.parent)}
    blocks.parent.mkdir()
    blocks.write_text(BLOCKS)
    assert found.concerns(str(blocks))
    found.update()
    assert found.files == {str(spec), str(blocks)}
    assert not found.problems["errors"]
    assert found.concerns(str(blocks))
    assert not found.concerns(str(spec.parent / "other.yaml"))


def test_values_and_strict(spec: Path) -> None:
    spec.write_text(
        GOOD.replace("name: net", "name: net\nvars: {width: 3, unused: 1}").replace("units: 3", "units: $width")
    )
    lax = Watched(str(spec), "net", None, {"width": 4})
    assert (lax.problems["errors"], lax.problems["warnings"] > 0, lax.data["version"]) == (0, True, 1)
    strict = Watched(str(spec), "net", strict=True)
    assert (strict.problems["errors"] > 0, strict.problems["warnings"]) == (True, 0)


def test_names_are_unique_and_fit_an_address(tmp_path: Path) -> None:
    files = [tmp_path / "a" / "net.yaml", tmp_path / "b" / "net.json", tmp_path / "my net?.yaml"]
    assert [spec.name for spec in watched_of(map(os.fspath, files))] == ["net", "net-2", "my_net_"]
