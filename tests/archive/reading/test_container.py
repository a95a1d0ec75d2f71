"""Files of models, opened: every form, and what is none."""

from __future__ import annotations

import copy
import json
import random
import warnings
import zipfile
from pathlib import Path
from typing import Any

import pytest

from specc.archive.reading.container import Contents, read, read_architecture
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


# -- Files from anyone ---------------------------------------------------------------------------

REFUSED: list[tuple[bytes, str]] = [
    (b"", "is empty"),
    (b"\x89HDF\r\n\x1a\n", "is an HDF5 file (.h5), a Keras model or its weights"),
    (b"\x80\x04", "is a Python pickle"),
    (b"TFL3", "is a TensorFlow Lite model"),
    (b"layers: []", "is not a file that Keras writes"),
    (b'{"layers": []}', "is a spec already"),
    (b'{"a": 1}', "is not the JSON of a Keras model, which has class_name and config"),
    (b"PK\x03\x04", "is damaged: the archive has no end, as after a copy that was interrupted"),
]


@pytest.mark.parametrize(("content", "message"), REFUSED, ids=range(len(REFUSED)))
def test_what_is_no_model_is_refused_with_the_way_out(content: bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / "m"
    path.write_bytes(content)
    found = said(path)
    assert found.startswith(f"error[invalid-value]: {path} {message}\n".replace(f"{tmp_path}/", ""))
    assert "  = help: " in found
    assert ("load it in Keras, and save it as .keras" in found) == content.startswith(b"\x89HDF")


def test_folders_and_archives_without_a_model(tmp_path: Path) -> None:
    assert "is a ZIP archive without config.json, so not a .keras file" in said(archive(tmp_path / "a.zip", x="y"))
    assert "has two members named config.json" in said(_twice(tmp_path / "b.keras"))
    folder = tmp_path / "saved"
    folder.mkdir()
    assert "is a folder without config.json, so no model of Keras" in said(folder)
    (folder / "saved_model.pb").touch()
    assert "is a TensorFlow SavedModel without Keras's description of its layers" in said(folder)
    assert "is part of a TensorFlow SavedModel" in said(_with(folder / "saved_model.pb", b"\x08\x01"))
    _with(folder / "keras_metadata.pb", b"\x0b")
    assert "keras_metadata.pb is damaged, or not Keras's metadata" in said(folder)


def _with(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def _twice(path: Path) -> str:
    with zipfile.ZipFile(path, "w") as file, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in ("metadata.json", "config.json", "config.json"):
            file.writestr(name, "{}")
    return str(path)


def test_the_metadata_of_a_saved_model(tmp_path: Path) -> None:
    folder = tmp_path / "saved"
    folder.mkdir()
    text = json.dumps(MODEL).replace("batch_shape", "batch_input_shape").encode()
    root = b"\x1a\x04root\x2a" + bytes([len(text) & 0x7F | 0x80, len(text) >> 7]) + text
    _with(folder / "keras_metadata.pb", b"\x0a" + bytes([len(root) & 0x7F | 0x80, len(root) >> 7]) + root)
    assert told(read(str(folder))) == (["x", "y"], {"loss": "mse"}, "2", [])


def test_a_bomb_is_refused_before_it_goes_off(tmp_path: Path) -> None:
    path = tmp_path / "bomb.keras"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("metadata.json", "{}")
        file.writestr("config.json", b"[" * (40 << 20))
    assert "has config.json of 41,943,040 bytes; 33,554,432 are the most that are read" in said(path)


WORDS: list[Any] = [
    None, True, 0, -1, 2**70, 1e308, "", "x", "Dense", "Functional", [], {}, [[]], {"class_name": "__class__"},
    {"class_name": "__lambda__", "config": {"value": "4wEA"}}, {"class_name": "function", "module": "builtins", "config": "eval"},
    {"class_name": "__numpy__", "config": {"value": [1.5, [2]], "dtype": "int8"}}, {"class_name": "__tensor__"},
    {"class_name": "__keras_tensor__", "config": {"keras_history": ["y", 0, 0]}}, {"class_name": "Dense", "config": {"units": 3}},
    {"class_name": "__slice__", "config": {"start": [], "stop": None, "step": None}}, {"class_name": "__tuple__", "items": 3},
]  # fmt: skip


def mutated(data: Any, draw: random.Random) -> Any:
    """Data with a few parts dropped, replaced, exchanged or nested."""
    data = copy.deepcopy(data)
    for _ in range(draw.choice([1, 1, 2, 4])):
        places: list[tuple[Any, Any]] = []
        pending = [data]
        while pending:
            part = pending.pop()
            inside = list(part.items() if isinstance(part, dict) else enumerate(part))
            places += [(part, key) for key, _ in inside]
            pending += [value for _, value in inside if isinstance(value, dict | list)]
        around, key = draw.choice(places)
        other, its = draw.choice(places)
        match draw.randrange(6):
            case 0:
                del around[key]
            case 1 | 2:
                around[key] = copy.deepcopy(draw.choice(WORDS))
            case 3:
                around[key] = copy.deepcopy(other[its])
            case 4:
                for _ in range(draw.choice([1, 3, 50])):
                    around[key] = draw.choice([[around[key]], {"config": around[key]}, {"layer": around[key]}])
            case 5 if isinstance(around[key], int):
                around[key] = draw.choice([-1, -around[key], around[key] + 1, 10**6])
    return data


def test_any_damage_ends_in_one_diagnostic() -> None:
    """Nothing but CompileError is raised, with one diagnostic that can be shown."""
    draw = random.Random(1)
    shared = functional_model()
    of_keras_2 = {**shared, "keras_version": "2.15.0"}
    codes: set[str] = set()
    for _ in range(1_500):
        data = mutated(draw.choice([MODEL, shared, of_keras_2]), draw)
        try:
            read_architecture(json.dumps(data), holes=draw.random() < 0.2)
        except CompileError as error:
            (found,) = error.diagnostics
            assert str(found)
            codes.add(found.code)
    assert codes >= {"invalid-value", "unknown-layer", "argument-value", "unknown-name"}


def functional_model() -> dict[str, Any]:
    """A model with a shared layer, an operation, a wrapper and a nested model."""
    x, y, s = ({"class_name": "__keras_tensor__", "config": {"keras_history": [name, 0, 0]}} for name in "xys")

    def layer(kind: str, name: str, *given: Any, **config: Any) -> dict[str, Any]:
        calls = [{"args": [it], "kwargs": {}} for it in given]
        module = "keras.src.ops.numpy" if kind == "Add" else "keras.layers"
        return {"module": module, "class_name": kind, "config": {"name": name, **config}, "name": name, "inbound_nodes": calls}  # fmt: skip

    dense = {"module": "keras.layers", "class_name": "Dense", "config": {"name": "i", "units": 3, "kernel_initializer": {
        "module": "keras.initializers", "class_name": "HeNormal", "config": {"seed": 1}}}}  # fmt: skip
    total = layer("Add", "t")
    total["inbound_nodes"] = [{"args": [s, y], "kwargs": {}}]
    layers = [
        layer("InputLayer", "x", batch_shape=[None, 4, 3]),
        layer("InputLayer", "y", batch_shape=[None, 4, 3], dtype="float32"),
        layer("Dense", "s", x, y, units=3, activation="relu", dtype={"class_name": "DTypePolicy", "config": {"name": "float32"}}),
        layer("TimeDistributed", "d", y, layer=dense),
        total,
        {**MODEL, "name": "small", "inbound_nodes": [{"args": [s], "kwargs": {"training": False}}]},
    ]  # fmt: skip
    ends = {"input_layers": [["x", 0, 0], ["y", 0, 0]], "output_layers": {"t": ["t", 0, 0], "d": ["d", 0, 0], "s": ["s", 1, 0]}}  # fmt: skip
    return {"class_name": "Functional", "config": {"name": "f", "layers": layers, **ends}}


def test_the_model_that_is_damaged_is_whole() -> None:
    assert list(read_architecture(json.dumps(functional_model())).model.nodes) == ["x", "y", "s", "d", "t", "small"]
