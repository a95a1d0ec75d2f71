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
    wrong = json.dumps(MODEL).replace('"units": 2', '"units": "two"')
    assert (
        said(archive(tmp_path / "a.keras", metadata_json=METADATA, config_json=wrong))
        == """\
error[argument-value]: config.json: layers[1].config.units: units must be a positive integer, not "two"
 --> a.keras/config.json:1:278
1 | ..., {"class_name": "Dense", "module": "keras.layers", "config": {"name": "y", "units": "two"}}]}, "com...
  |                                                                                         ^^^^^
  = help: write 2"""
    )


def test_every_class_that_is_not_keras_own_is_named(tmp_path: Path) -> None:
    layers = [
        {"class_name": "InputLayer", "config": {"name": "x", "batch_shape": [None, 3]}},
        {"class_name": "Scale", "module": "my.layers", "config": {"name": "a"}, "registered_name": "my>Scale"},
        {"class_name": "Lambda", "module": "keras.layers", "config": {"name": "b"}},
        {"class_name": "Scale", "module": "my.layers", "config": {"name": "c"}, "registered_name": "my>Scale"},
        {"class_name": "Dense", "config": {"name": "d", "units": 1, "kernel_initializer": {"class_name": "Mine"}}},
    ]
    path = tmp_path / "model.json"
    path.write_text(json.dumps({"class_name": "Sequential", "config": {"name": "m", "layers": layers}}, indent=1))
    assert (
        said(path)
        == """\
error[unknown-layer]: unknown layer "my>Scale" of "my.layers" (layers[1], layers[3]), unknown layer "Lambda" of "keras.layers", whose Python code is never run (layers[2]), unknown initializer "Mine" (layers[4].config.kernel_initializer)
  --> model.json:17:19
17 |     "class_name": "Scale",
   |                   ^^^^^^^
25 |     "class_name": "Lambda",  unknown layer "Lambda" of "keras.layers", whose Python code is never run
32 |     "class_name": "Scale",   unknown layer "my>Scale" of "my.layers"
45 |       "class_name": "Mine"   unknown initializer "Mine"
   = help: describe them in a plugin (--plugin), or let a marked hole stand for each layer that has one (--stub)"""
    )
    nodes = read(str(path), holes=True).model.nodes.values()
    assert [(node.name, node.type, node.hole) for node in nodes if node.hole] == [
        ("a", "Identity", '"my>Scale" of "my.layers"'),
        ("b", "Identity", '"Lambda" of "keras.layers"'),
        ("c", "Identity", '"my>Scale" of "my.layers"'),
        ("d", "Identity", '"Dense"'),
    ]
