"""What ``specc build`` writes: whole files that Keras loads, whatever happens while they are written, and clear refusals."""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import sys
import zipfile
from pathlib import Path
from typing import Any

import h5py
import pytest

import specc
from tests.support import apart, command

SPEC = "name: small\nlayers: [{type: Input, name: x, shape: [4]}, {type: Dense, name: y, units: 8}]\n"
LARGE = "name: large\nlayers: [{type: Input, name: x, shape: [400]}, {type: Dense, name: y, units: 800}]\n"
DEEP = "name: deep\nlayers: [{{type: Input, name: x, shape: [4]}}, {{type: Identity, repeat: {repeat}}}]\n"
TARGETS = ("out.keras", "out.json", "out.py", "out")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "small.yaml").write_text(SPEC)
    (tmp_path / "large.yaml").write_text(LARGE)
    return tmp_path


def build(folder: Path, *arguments: str) -> command.Result:
    return command.specc("build", *arguments, folder=folder)


def refused(result: Any, *words: str) -> None:
    """Exit code 2, and one line that says why."""
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("specc: error: ")
    assert result.err.endswith("\n")
    assert len(result.err.splitlines()) == 1
    for word in words:
        assert word in result.err


def config(model: Any) -> Any:
    """A model's config; JSON has no tuples, so that one which was loaded has lists for them."""
    return json.loads(model.to_json())


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# -- What is written -------------------------------------------------------------------------------


def test_a_keras_file_has_the_model(folder: Path) -> None:
    import keras
    import numpy as np

    (folder / "small.yaml").write_text(SPEC.replace("small", "small_1.00"))  # as keras.applications names models
    assert build(folder, "small.yaml", "--seed", "1") == (0, "wrote small_1.00.keras\n", "")
    model = keras.models.load_model(folder / "small_1.00.keras")
    assert (type(model), model.name) == (keras.Sequential, "small_1.00")
    same = specc.build(folder / "small.yaml", seed=1)
    assert config(model) == config(same)
    for one, other in zip(model.get_weights(), same.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("form", ["sequential", "functional"])
def test_an_architecture_gives_the_same_model(folder: Path, form: Any) -> None:
    import keras

    assert build(folder, "small.yaml", "--form", form, "-o", "small.json").code == 0
    model = keras.models.model_from_json((folder / "small.json").read_text())
    assert config(model) == config(specc.build(folder / "small.yaml", form=form))


@pytest.mark.parametrize("target", ["served", "served.v1/"])
def test_a_folder_is_a_saved_model_that_serves(folder: Path, target: str) -> None:
    import numpy as np
    import tensorflow as tf

    for seed in ("1", "2"):  # the second takes the place of the first
        assert build(folder, "small.yaml", "--seed", seed, "-o", target) == (0, f"wrote {target}\n", "")
    x = np.arange(8, dtype="float32").reshape(2, 4)
    served = tf.saved_model.load(str(folder / target))
    np.testing.assert_allclose(served.serve(x), specc.build(folder / "small.yaml", seed=2)(x), rtol=1e-5, atol=1e-6)
    assert names(folder) == sorted(["large.yaml", "small.yaml", target.rstrip("/")])


def test_onnx_needs_its_packages(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert build(folder, "small.yaml", "-o", "small.onnx") == (0, "wrote small.onnx\n", "")
    (folder / "small.onnx").unlink()
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if "onnx" in name else True)
    refused(
        build(folder, "small.yaml", "-o", "small.onnx"),
        "needs the packages onnx and tf2onnx: pip install 'specc-keras[onnx]'",
    )
    assert names(folder) == ["large.yaml", "small.yaml"]


def test_a_seed_makes_the_weights_reproducible(folder: Path) -> None:
    kernels = [
        specc.build(folder / "small.yaml", seed=seed).get_weights()[0].tolist() for seed in (1, 1, 2, None, None)
    ]
    assert kernels[0] == kernels[1]
    assert len({str(kernel) for kernel in kernels}) == 4


# -- Depth -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "depth", "target"), [("sequential", 1100, "deep.keras"), ("functional", 2500, "deep.json")]
)
def test_more_layers_in_a_row_than_python_calls(tmp_path: Path, form: str, depth: int, target: str) -> None:
    """Saving is the same for both forms and takes longest, so one of them saves; to load either takes Keras minutes."""
    (tmp_path / "deep.yaml").write_text(DEEP.format(repeat=depth))
    result = build(tmp_path, "deep.yaml", "--form", form, "-o", target)
    assert (result.code, result.out) == (0, f"wrote {target}\n")
    assert result.err.startswith(f"warning[deep-model]: the model is {depth:,} layers deep")
    if target.endswith(".json"):
        architecture = (tmp_path / target).read_bytes()
    else:
        with zipfile.ZipFile(tmp_path / target) as file:
            assert {"config.json", "model.weights.h5"} <= set(file.namelist())
            architecture = file.read("config.json")
    found = json.loads(architecture)
    assert (found["class_name"].lower(), len(found["config"]["layers"])) == (form, depth + 1)


def test_what_the_warning_says_of_depth_is_so(tmp_path: Path) -> None:
    """Keras fails to load the file by itself, and loads it after the help is followed."""
    import keras

    spec = tmp_path / "deep.yaml"
    spec.write_text(DEEP.format(repeat=1000))
    (warning,) = specc.check(spec)
    assert "sys.setrecursionlimit(3000)" in (warning.help or "")
    assert build(tmp_path, "deep.yaml", "--form", "functional").code == 0
    assert sys.getrecursionlimit() == 1000
    with pytest.raises(RecursionError):
        keras.models.load_model(tmp_path / "deep.keras")
    sys.setrecursionlimit(3000)
    try:
        assert len(keras.models.load_model(tmp_path / "deep.keras").layers) == 1001
    finally:
        sys.setrecursionlimit(1000)


def test_a_deep_model_is_exported(tmp_path: Path) -> None:
    (tmp_path / "deep.yaml").write_text(DEEP.format(repeat=1000))
    assert build(tmp_path, "deep.yaml", "-o", "served").code == 0
    assert (tmp_path / "served" / "saved_model.pb").is_file()


# -- Initial weights -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of files of weights: two that fit SPEC, and others."""
    folder = tmp_path_factory.mktemp("weights")
    model = specc.build(specc.Spec.from_text(SPEC), seed=7)
    model.save(folder / "right.keras")
    model.save_weights(folder / "right.weights.h5")
    specc.build(specc.Spec.from_text(LARGE)).save(folder / "large.keras")
    specc.build(specc.Spec.from_text(DEEP.format(repeat=1))).save_weights(folder / "none.weights.h5")
    (folder / "cut.keras").write_bytes((folder / "right.keras").read_bytes()[:-100])
    (folder / "cut.weights.h5").write_bytes((folder / "right.weights.h5").read_bytes()[:-1000])
    (folder / "RIGHT.KERAS").write_bytes((folder / "right.keras").read_bytes())
    (folder / "RIGHT.WEIGHTS.H5").write_bytes((folder / "right.weights.h5").read_bytes())
    with h5py.File(folder / "old.weights.h5", "w") as old:
        old.attrs["layer_names"] = ["y"]
    for name in ("text.keras", "text.weights.h5", "text.txt"):
        (folder / name).write_text("no weights")
    with zipfile.ZipFile(folder / "other.keras", "w") as file:
        file.writestr("config.json", "{}")
    return folder


@pytest.mark.parametrize("name", ["right.keras", "right.weights.h5", "RIGHT.KERAS", "RIGHT.WEIGHTS.H5"])
def test_initial_weights(folder: Path, weights: Path, name: str) -> None:
    import keras
    import numpy as np

    assert build(folder, "small.yaml", "--weights", str(weights / name)).code == 0
    kernel = keras.models.load_model(folder / "small.keras").get_weights()[0]
    np.testing.assert_array_equal(kernel, specc.build(folder / "small.yaml", seed=7).get_weights()[0])


@pytest.mark.parametrize(("name", "words"), [
    ("large.keras", "'y' (Dense) needs kernel (4, 8), bias (8,), but the file has kernel (400, 800), bias (800,); nothing was loaded"),
    ("none.weights.h5", "'y' (Dense) needs kernel (4, 8), bias (8,), but the file has nothing for it; nothing was loaded"), ("cut.keras", "it is damaged: the archive has no end"),
    ("cut.weights.h5", "it is not a whole HDF5 file (truncated file"), ("text.keras", "it is not a .keras file"), ("text.weights.h5", "it is not an HDF5 file"),
    ("old.weights.h5", "an older version of Keras wrote it"), ("other.keras", "it has no model.weights.h5"),
    ("text.txt", "weights are read from a .keras, .weights.h5 or .weights.json file, not from"), ("missing.keras", "No such file"),
])  # fmt: skip
def test_initial_weights_that_do_not_fit(folder: Path, weights: Path, name: str, words: str) -> None:
    refused(build(folder, "small.yaml", "--weights", str(weights / name)), name, words)
    assert names(folder) == ["large.yaml", "small.yaml"]


@pytest.mark.parametrize("target", ["small.json", "small.py"])
def test_initial_weights_are_not_lost(folder: Path, weights: Path, target: str) -> None:
    refused(
        build(folder, "small.yaml", "--weights", str(weights / "right.keras"), "-o", target),
        "cannot store initial weights",
    )


# -- Memory ----------------------------------------------------------------------------------------

HUGE = "name: huge\nlayers: [{type: Input, name: x, shape: [1000000]}, {type: Dense, name: y, units: 1000000000}]\n"


def test_more_weights_than_memory(folder: Path) -> None:
    (folder / "huge.yaml").write_text(HUGE)
    refused(build(folder, "huge.yaml"), "'huge' has 1,000,001,000,000,000 parameters", "this machine has")
    with pytest.raises(MemoryError):
        specc.build(folder / "huge.yaml")
    assert command.specc("check", "huge.yaml", folder=folder).out.endswith(" 1,000,001,000,000,000 parameters\n")
    assert "3.55 PB" in command.specc("summary", "huge.yaml", folder=folder).out
    assert build(folder, "huge.yaml", "-o", "huge.py") == (0, "wrote huge.py\n", "")


# -- Targets ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("target", TARGETS)
def test_a_folder_that_is_not_there(folder: Path, target: str) -> None:
    refused(build(folder, "small.yaml", "-o", f"missing/{target}"), "no such folder", "missing")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
@pytest.mark.parametrize("target", TARGETS)
def test_a_folder_that_cannot_be_written(folder: Path, target: str) -> None:
    (folder / "locked").mkdir(mode=0o500)
    refused(build(folder, "small.yaml", "-o", f"locked/{target}"), "cannot write", "locked")


def test_a_folder_that_cannot_be_written_by_root(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: not mode & os.W_OK)
    refused(build(folder, "small.yaml"), "cannot write into the folder")


@pytest.mark.parametrize("target", TARGETS)
def test_a_link_at_the_target_is_not_followed(folder: Path, target: str) -> None:
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    if target == "out":
        (elsewhere / target).mkdir()
        (elsewhere / target / "saved_model.pb").write_text("old")
    else:
        (elsewhere / target).write_text("old")
    (folder / target).symlink_to(elsewhere / target)
    assert build(folder, "small.yaml", "-o", target).code == 0
    assert not (folder / target).is_symlink()
    kept = elsewhere / target / "saved_model.pb" if target == "out" else elsewhere / target
    assert kept.read_text() == "old"
    assert names(elsewhere) == [target]


def test_a_folder_that_is_no_saved_model_is_kept(folder: Path) -> None:
    (folder / "out").mkdir()
    (folder / "out" / "thesis.txt").write_text("old")
    refused(build(folder, "small.yaml", "-o", "out"), "is not a SavedModel")
    assert names(folder / "out") == ["thesis.txt"]


# -- Ends --------------------------------------------------------------------------------------------


def is_whole(path: Path) -> bool:
    """Whether it is a .keras file with all its parts."""
    with zipfile.ZipFile(path) as file:
        return file.testzip() is None and {"config.json", "model.weights.h5"} <= set(file.namelist())


MOMENTS = [1, 2, 3, "writing", 4, 5, 6, 7, 9]
"""Operations on the temporary folder: it is made (1, 2); the file is opened (3), and that of its weights (4); it is synced (5),
renamed (6); the folder is removed (7 to 9)."""


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("kill", [signal.SIGKILL, signal.SIGINT], ids=lambda kill: kill.name)
def test_a_killed_build(folder: Path, processes: apart.Apart, kill: signal.Signals, moment: int | str) -> None:
    (folder / "large.keras").write_text("old")
    done = processes.start(folder, "build", "large.yaml", signal=(int(kill), moment)).done()
    kept = (folder / "large.keras").read_bytes() == b"old"
    assert kept == (moment in MOMENTS[:7])
    assert kept or is_whole(folder / "large.keras")
    if kill == signal.SIGKILL:
        assert done.code == -signal.SIGKILL
        return
    assert (done.code, done.out, done.err.strip()) == (130, "", "specc: interrupted")
    assert names(folder) == ["large.keras", "large.yaml", "small.yaml"]


def test_two_builds_at_once(folder: Path, processes: apart.Apart) -> None:
    running = [processes.start(folder, "build", "large.yaml") for _ in range(3)]
    assert [one.done() for one in running] == [(0, "wrote large.keras\n", "")] * 3
    assert is_whole(folder / "large.keras")
    assert names(folder) == ["large.keras", "large.yaml", "small.yaml"]


@pytest.mark.parametrize("target", ["large.keras", "large"])
def test_a_full_disk(folder: Path, processes: apart.Apart, target: str) -> None:
    """A bound for the size of a file stands for it: Python ignores the signal, so that writing fails as on a full disk."""
    old = folder / "large.keras"
    old.write_text("old")
    done = processes.start(folder, "build", "large.yaml", "-o", target, largest_file=20_000).done()
    refused(done, "File too large", target)
    assert old.read_text() == "old"
    assert names(folder) == ["large.keras", "large.yaml", "small.yaml"]
