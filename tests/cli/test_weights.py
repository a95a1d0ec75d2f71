"""The options of `specc build` about weights."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import command

BODY = "layers: [{type: Input, name: x, shape: [4]}, {type: Dense, name: y, units: %d}]\n"
NET = """include: [body.yaml]
layers:
  - {type: Input, name: x, shape: [4]}
  - {type: body, name: left, nested: true}
  - {type: body, name: right, from: x}
  - {type: Dense, name: top, units: 1, from: [right.y]}
outputs: [left, top]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "body.yaml").write_text(BODY % 3)
    (tmp_path / "net.yaml").write_text(NET)
    assert build(tmp_path, "body.yaml", "-o", "body=1.keras") == (0, "wrote body=1.keras\n", "")
    return tmp_path


def build(folder: Path, *arguments: str) -> command.Result:
    return command.specc("build", *arguments, folder=folder)


def test_files_for_the_whole_and_for_parts(folder: Path) -> None:
    parts = ("--weights", "left=body=1.keras", "--weights", "right=body=1.keras")
    assert build(folder, "net.yaml", *parts, "-o", "net.keras") == (0, "wrote net.keras\n", "")
    assert build(folder, "net.yaml", "--weights", "net.keras", *parts, "-o", "new.keras").code == 0
    assert build(folder, "body.yaml", "--weights", "body=1.keras", "-o", "new.keras").code == 0


@pytest.mark.parametrize("target", ["new.keras", "-"])
def test_what_was_loaded_is_told_beside_the_result(folder: Path, target: str) -> None:
    assert build(folder, "net.yaml", "-o", "net.keras").code == 0
    (folder / "net.yaml").write_text(NET.replace("units: 1", "units: 2"))
    result = build(folder, "net.yaml", "--weights", "net.keras", "--partial", "-o", target)
    assert (result.code, result.out[:9]) == (0, "wrote new" if target == "new.keras" else "PK\3\4\24\0\0\0\0")
    assert result.err == (
        "weights of net.keras:\n"
        "  loaded: 'right.y' (Dense)\n"
        "  loaded: 'left/y' (Dense)\n"
        "  not loaded: 'top' (Dense) needs kernel (3, 2), bias (2,), but the file has kernel (3, 1), bias (1,)\n"
    )


@pytest.mark.parametrize(("arguments", "said"), [
    (("--partial",), "specc: error: --partial says how weights are loaded: give --weights FILE"),
    (("--weights-map", "a=b"), "specc: error: --weights-map says how weights are loaded: give --weights FILE"),
    (("--weights", "body=1.keras", "--weights-map", "a"), "specc: error: --weights-map expects OLD=NEW, not 'a'"),
    (("--weights", "body=1.keras", "--weights-map", "=b"), "specc: error: --weights-map expects OLD=NEW, not '=b'"),
    (("--weights", "body=1.keras", "--weights", "=body=1.keras"), "specc: error: --weights expects FILE or NAME=FILE, not '=body=1.keras'"),
    (("--weights", "left="), "specc: error: --weights expects FILE or NAME=FILE, not 'left='"),
    (("--weights", "body=1.keras", "--weights", "body=1.keras"), "specc: error: two files have the weights of the whole model; keep one, or name the block or nested model that one is for: --weights NAME=FILE"),
    (("--weights", "old.h5"), "load a model of Keras 2 in Keras, and save it as .keras"),
    (("--weights", "x=missing.keras"), "missing.keras"),
    (("--weights", "body=1.keras", "-o", "body=1.keras"), "body=1.keras is read by this command, and would be replaced"),
    (("--weights", "left=body=1.keras"), "'left' with weights; a file is for a block or a nested model"),
])  # fmt: skip
def test_what_makes_no_sense(folder: Path, arguments: tuple[str, ...], said: str) -> None:
    result = build(folder, "body.yaml", *arguments)
    assert result.code == 2
    assert said in result.err
    assert sorted(it.name for it in folder.iterdir()) == ["body.yaml", "body=1.keras", "net.yaml"]
