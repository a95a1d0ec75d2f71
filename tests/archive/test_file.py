"""What specc writes is what Keras writes: every layer and every operation, member by member, key by key."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

import specc
from specc import layers
from specc.archive.file import architecture, write
from specc.archive.native import NotNative
from specc.archive.weights.loading import Given
from tests.support.archives import differences, read, weight_differences

COMPUTED = 1e-5
"""How far weights may be apart that are computed: orthogonal ones by a QR decomposition, those of STFT by sines."""
DRAWN = {"RandomCrop": "its seed", "Pipeline": "the seed of the RandomCrop in it"}
"""What Keras draws by itself, and saves."""
CONSTANTS = "is a constant, which Keras computes"


def written(text: str, folder: Path) -> Path:
    path = folder / "model.yaml"
    path.write_text(text)
    return path


@pytest.mark.parametrize("name", [name for name in layers.names() if not name.startswith("ops.")])
def test_a_layer_is_in_the_archive_as_keras_saves_it(name: str, tmp_path: Path) -> None:
    cls = layers.find(name)
    assert cls is not None
    spec = written(cls.example, tmp_path)
    graph = specc.compile(spec)
    write(graph, str(tmp_path / "native.keras"), seed=7)
    keras.utils.clear_session(free_memory=False)
    model = specc.build(spec, seed=7)
    model.save(tmp_path / "keras.keras")
    made, wanted = read(tmp_path / "native.keras"), read(tmp_path / "keras.keras")
    assert made.members == wanted.members
    assert made.version == wanted.version
    found = [it for it in differences(made.config, wanted.config) if name not in DRAWN or "seed" not in it]
    assert found == []
    is_computed = "recurrent_initializer" in str(made.config) or "STFT" in name
    assert list(weight_differences(made, wanted, COMPUTED if is_computed else 0)) == []
    if model.weights:
        load(model, graph, tmp_path)


def load(model: Any, graph: specc.TypedGraph, folder: Path) -> None:
    """Other weights, loaded into a file that has first ones of its own: each is where Keras has it."""
    drawn = np.random.default_rng(1)
    for variable in model.variables:
        variable.assign(drawn.normal(size=variable.shape) if "float" in variable.dtype else variable + 1)
    model.save(folder / "other.keras")
    write(graph, str(folder / "loaded.keras"), seed=9, weights=Given.of(folder / "other.keras"))
    assert list(weight_differences(read(folder / "loaded.keras"), read(folder / "other.keras"), 0)) == []


@pytest.mark.parametrize("name", [name for name in layers.names() if name.startswith("ops.")])
def test_an_operation_is_in_the_architecture_as_keras_has_it(name: str, tmp_path: Path) -> None:
    cls = layers.find(name)
    assert cls is not None
    spec = written(cls.example, tmp_path)
    graph = specc.compile(spec)
    keras.utils.clear_session(free_memory=False)
    wanted = json.loads(specc.build(spec).to_json())
    try:
        made = json.loads(json.dumps(architecture(graph)))
    except NotNative as error:
        assert CONSTANTS in str(error)
        return
    assert list(differences(made, wanted)) == []


# -- Other backends --------------------------------------------------------------------------------


SEVERAL = """
name: several
layers:
  - {type: Input, name: image, shape: [8, 8, 3]}
  - {type: Input, name: words, shape: [5], dtype: int32}
  - {type: Conv2D, filters: 4, kernel_size: 3, activation: relu, from: image}
  - BatchNormalization
  - {type: GlobalAveragePooling2D, name: seen}
  - {type: Embedding, input_dim: 10, output_dim: 4, mask_zero: true, from: words}
  - {type: Bidirectional, name: read, layer: {type: GRU, units: 2}}
  - {formula: "seen * 2 + read", name: both}
  - {type: Dense, name: y, units: 2}
"""
LOAD = """
import sys
import keras
import numpy as np
assert keras.backend.backend() == sys.argv[1]
model = keras.models.load_model(sys.argv[2])
given = np.load(sys.argv[3])
np.save(sys.argv[4], np.asarray(keras.ops.convert_to_numpy(model([given["image"], given["words"]]))))
"""


@pytest.mark.parametrize("backend", ["jax", "torch"])
def test_a_file_gives_the_same_on_another_backend(backend: str, tmp_path: Path) -> None:
    """In a process of its own, as Keras has one backend in each."""
    if find_spec(backend) is None:
        pytest.skip(f"{backend} is not installed")
    spec = specc.Spec.from_text(SEVERAL)
    drawn = np.random.default_rng(0)
    image, words = drawn.random((3, 8, 8, 3), np.float32), drawn.integers(0, 10, (3, 5), np.int32)
    np.savez(tmp_path / "given.npz", image=image, words=words)
    write(specc.compile(spec), str(tmp_path / "several.keras"), seed=1)
    files = [str(tmp_path / name) for name in ("several.keras", "given.npz", "found.npy")]
    environment = os.environ | {"KERAS_BACKEND": backend}
    done = subprocess.run(
        [sys.executable, "-c", LOAD, backend, *files], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    expected = specc.build(spec, seed=1)([image, words])
    np.testing.assert_allclose(np.load(tmp_path / "found.npy"), expected, rtol=1e-4, atol=1e-5)
