"""Files of models, opened: every form, and what is none."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from specc.archive.container import Contents, read, read_architecture
from specc.diagnostics import CompileError
from specc.frontend.read import UnreadableError

MODEL: dict[str, Any] = {
    "module": "keras",
    "class_name": "Sequential",
    "config": {
        "name": "small",
        "layers": [
            {"class_name": "InputLayer", "module": "keras.layers", "config": {"name": "x", "batch_shape": [None, 3]}},
            {"class_name": "Dense", "module": "keras.layers", "config": {"name": "y", "units": 2}},
        ],
    },
    "compile_config": {"loss": "mse"},
}
METADATA = '{"keras_version": "3.9.2"}'


def archive(path: Path, **members: str) -> str:
    with zipfile.ZipFile(path, "w") as file:
        for name, content in members.items():
            file.writestr(name.replace("_json", ".json"), content)
    return str(path)


def said(path: str | Path) -> str:
    """What is said of a file that is refused, without its folder."""
    with pytest.raises(CompileError) as caught:
        read(str(path))
    (found,) = caught.value.diagnostics
    return str(found).replace(f"{Path(path).parent}/", "")


def told(contents: Contents) -> tuple[Any, ...]:
    return list(contents.model.nodes), contents.training, contents.version, contents.notes


def test_every_form_says_the_same(tmp_path: Path) -> None:
    text = json.dumps(MODEL)
    packed = archive(tmp_path / "a.keras", metadata_json=METADATA, config_json=text)
    folder = tmp_path / "folder.keras"
    folder.mkdir()
    (folder / "config.json").write_text(text)
    (folder / "metadata.json").write_text(METADATA)
    alone = tmp_path / "model.txt"
    alone.write_text(f"\ufeff\n{text}")
    nodes = ["x", "y"], {"loss": "mse"}
    assert told(read(packed)) == told(read(str(folder))) == (*nodes, "3.9.2", [])
    assert told(read(str(alone))) == told(read_architecture(text)) == (*nodes, None, [])


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="No such file"):
        read(str(tmp_path / "absent"))
    with pytest.raises(UnreadableError, match="not a path"):
        read("a\0b")
    with pytest.raises(UnreadableError, match="not a regular file"):
        read("/dev/null")


def test_a_place_in_the_file(tmp_path: Path) -> None:
    wrong = json.dumps(MODEL).replace('"Dense"', '"Mine"')
    assert said(archive(tmp_path / "a.keras", metadata_json=METADATA, config_json=wrong)).startswith(
        'error[unknown-layer]: config.json: layers[1].class_name: unknown layer "Mine" of "keras.layers"\n'
        " --> a.keras/config.json:1:211\n"
    )
