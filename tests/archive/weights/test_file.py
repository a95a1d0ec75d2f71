"""Files of weights that are damaged, hostile or of another kind: one error each, with the place; nothing else is read."""

from __future__ import annotations

import json
import re
import resource
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

import specc
from specc.archive.file import write
from specc.archive.weights.file import WeightsError, opened
from specc.archive.weights.loading import Given
from specc.archive.weights.tree import members
from tests.support.archives import read

SPEC = "layers: [{type: Input, name: x, shape: [4]}, {type: Dense, name: y, units: 8}]"
KERNEL = "layers/dense/vars/0"
Change = Callable[[h5py.File], Any]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(specc.compile(specc.Spec.from_text(SPEC)), str(tmp_path / "good.keras"), 1)
    with zipfile.ZipFile(tmp_path / "good.keras") as archive:
        (tmp_path / "good.weights.h5").write_bytes(archive.read("model.weights.h5"))
    return tmp_path


def load(path: Path) -> Any:
    """Load a file into a new model; its kernel."""
    target = path.with_name("new.keras")
    write(specc.compile(specc.Spec.from_text(SPEC)), str(target), 2, Given.of(path))
    return read(target).weights[KERNEL][0]


def kernel(folder: Path) -> Any:
    return read(folder / "good.keras").weights[KERNEL][0]


def in_place_of(name: str, make: Callable[[h5py.Group], Any]) -> Change:
    """Put something else in the place of what has a name."""

    def change(file: h5py.File) -> None:
        del file[name]
        make(file)

    return change


def dataset(**given: Any) -> Change:
    return in_place_of(KERNEL, lambda file: file.create_dataset(KERNEL, **given))


def virtual(file: h5py.File) -> None:
    layout = h5py.VirtualLayout((4, 8), "f4")
    layout[:] = h5py.VirtualSource("other.h5", "data", (4, 8))
    file.create_virtual_dataset(KERNEL, layout)


@pytest.mark.parametrize(("change", "said"), [
    (in_place_of("layers", lambda it: None), "there are no weights in it in the form of Keras 3"),
    (in_place_of(KERNEL, lambda it: it.create_group(KERNEL)), "layers/dense/vars/0: there is a group in place of a weight"),
    (in_place_of("layers/dense", lambda it: it.create_dataset("layers/dense", data=1)), "layers/dense: there is a weight in place of a layer"),
    (in_place_of(KERNEL, lambda it: it.__setitem__(KERNEL, h5py.ExternalLink("/etc/passwd", "/x"))), "layers/dense/vars/0: a link to somewhere else is not followed"),
    (in_place_of("layers/dense/vars", lambda it: it.__setitem__("layers/dense/vars", h5py.SoftLink("/layers"))), "layers/dense/vars: a link to somewhere else is not followed"),
    (lambda it: it.__setitem__("layers/dense/inner", it["layers"]), "layers/dense/inner: the same group is in it twice"),
    (lambda it: it.create_group("layers/dense/" + "a/" * 200), "its groups are too deep"),
    (in_place_of(KERNEL, virtual), "layers/dense/vars/0: its numbers are in another file"),
    (dataset(shape=(4, 8), dtype="f4", external=[("/etc/passwd", 0, 128)]), "layers/dense/vars/0: its numbers are in another file"),
    (dataset(data=["text"]), "do not fit the model: 'y' (Dense) needs kernel (4, 8), but the file has kernel (1,)"),
    (dataset(data=np.full((4, 8), b"text")), "layers/dense/vars/0: it has no numbers (|S4)"),
    (dataset(shape=(4, 8), dtype=np.dtype([("a", "f4")])), "layers/dense/vars/0: it has no numbers"),
    (dataset(shape=(1 << 40, 1 << 20), dtype="f4", chunks=(1024, 1024)), "the file has kernel (1099511627776, 1048576)"),
    (dataset(shape=(4, 8), maxshape=(None, None), dtype="f4", chunks=(1 << 14, 1 << 14)), "layers/dense/vars/0: its parts are larger than it is: (16384, 16384)"),
])  # fmt: skip
def test_what_no_model_has(folder: Path, change: Change, said: str) -> None:
    path = folder / "good.weights.h5"
    with h5py.File(path, "a") as file:
        change(file)
    with pytest.raises(WeightsError) as error:
        load(path)
    assert said in str(error.value)
    assert "; nothing was loaded" in str(error.value)
    assert str(path) in str(error.value)
    assert not (folder / "new.keras").exists()


@pytest.mark.parametrize("given", [
    {"compression": "gzip"}, {"compression": "lzf", "shuffle": True}, {"fletcher32": True}, {"chunks": (2, 4)},
])  # fmt: skip
def test_numbers_that_someone_compressed(folder: Path, given: Any) -> None:
    path = folder / "good.weights.h5"
    with h5py.File(path, "a") as file:
        dataset(data=file[KERNEL][()], **given)(file)
    np.testing.assert_array_equal(load(path), kernel(folder))


def test_another_way_to_compress_is_not_loaded(folder: Path) -> None:
    """HDF5 would look for a library."""
    path = folder / "good.weights.h5"
    with h5py.File(path, "a") as file:
        scaled = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        scaled.set_chunk((4, 8))
        scaled.set_scaleoffset(h5py.h5z.SO_INT, 0)
        group = file["layers/dense/vars"]
        del group["0"]
        h5py.h5d.create(group.id, b"0", h5py.h5t.NATIVE_INT32, h5py.h5s.create_simple((4, 8)), scaled)
    with pytest.raises(
        WeightsError, match=f"{KERNEL}: it is compressed in another way than gzip, shuffle, fletcher32, lzf"
    ):
        load(path)


def archive(path: Path, content: bytes, how: int = zipfile.ZIP_STORED, times: int = 1) -> None:
    with zipfile.ZipFile(path, "w", how) as file:
        for _ in range(times):
            file.writestr("model.weights.h5", content)


def test_an_archive_that_someone_packed_again(folder: Path) -> None:
    archive(folder / "packed.keras", (folder / "good.weights.h5").read_bytes(), zipfile.ZIP_DEFLATED)
    np.testing.assert_array_equal(load(folder / "packed.keras"), kernel(folder))


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(("make", "said"), [
    (lambda path, good: archive(path, good, times=2), "it has two members named model.weights.h5"),
    (lambda path, good: archive(path, b"no weights"), "model.weights.h5: it is not an HDF5 file"),
    (lambda path, good: archive(path, good[:-500]), "model.weights.h5: it is not a whole HDF5 file (truncated file"),
    (lambda path, good: archive(path, bytes(1 << 20), zipfile.ZIP_DEFLATED), "bytes, which claims to be 1,048,576"),
    (lambda path, good: path.write_bytes(good), "it is not a .keras file, which is a ZIP archive"),
])  # fmt: skip
def test_archives_that_are_none(folder: Path, make: Any, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("specc.archive.reading.members.LEAST_BOMB", 1 << 19)
    make(folder / "bad.keras", (folder / "good.weights.h5").read_bytes())
    with pytest.raises(WeightsError, match=re.escape(said)):
        load(folder / "bad.keras")


def test_a_byte_that_has_changed(folder: Path) -> None:
    content = bytearray((folder / "good.keras").read_bytes())
    at = bytes(content).index(kernel(folder).tobytes())
    content[at] ^= 1
    (folder / "bad.keras").write_bytes(content)
    with pytest.raises(WeightsError, match=r"it is damaged: model.weights.h5 is not what was saved"):
        load(folder / "bad.keras")


@pytest.mark.parametrize(("content", "said"), [
    ("{}", "it does not say which files have the weights: {weight_map: {path: file}}"),
    ("[" * 100_000, "it does not say which files have the weights"),
    ({"a": "../good.weights.h5"}, "weight_map: '../good.weights.h5' is no file beside it"),
    ({"a": "missing.weights.h5"}, "missing.weights.h5: No such file or directory"),
    ({"a": ["text.weights.h5"]}, "text.weights.h5: it is not an HDF5 file"),
    ({str(place): f"{place}.weights.h5" for place in range(2000)}, "weight_map: more than 1000 files"),
])  # fmt: skip
def test_maps_of_files_that_lead_nowhere(folder: Path, content: Any, said: str) -> None:
    (folder / "text.weights.h5").write_text("no weights")
    text = content if isinstance(content, str) else json.dumps({"weight_map": content})
    (folder / "bad.weights.json").write_text(text)
    with pytest.raises(WeightsError, match=re.escape(said)):
        load(folder / "bad.weights.json")


def test_a_file_of_an_older_keras_3_says_no_names(folder: Path) -> None:
    """Its layers have their places, as in Keras 2.13, which called the layers of a model otherwise."""
    path = folder / "good.weights.h5"
    with h5py.File(path, "a") as file:
        del file["layers/dense/vars"].attrs["name"]
        file.move("layers", "_layer_checkpoint_dependencies")
    with opened(str(path)) as tree:
        found = members(tree)
    assert (found.named, [it.label for it in found.layers]) == (False, ["dense"])
    np.testing.assert_array_equal(load(path), kernel(folder))


def test_a_name_in_any_script(folder: Path) -> None:
    path = folder / "gewichte-\N{GREEK SMALL LETTER OMEGA}.weights.h5"
    path.write_bytes((folder / "good.weights.h5").read_bytes())
    np.testing.assert_array_equal(load(path), kernel(folder))


def test_a_large_weight_is_read_in_parts(folder: Path) -> None:
    text = SPEC.replace("[4]", "[4000]").replace("8", "4000")
    path = folder / "large.weights.h5"
    with h5py.File(path, "w") as file:
        file.create_dataset(KERNEL, (4000, 4000), "f4")[1:2000] = 3
        file["layers/dense/vars/1"] = np.zeros(4000, "f4")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    write(specc.compile(specc.Spec.from_text(text)), str(folder / "new.keras"), 2, Given.of(path))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 48 << 10
    assert read(folder / "new.keras").weights[KERNEL][0].sum() == 3 * 1999 * 4000


def test_a_file_with_which_hdf5_comes_to_no_end(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the names of layers are kept, the length of one leads to an empty place, after which nothing follows."""
    monkeypatch.setattr("specc.archive.weights.file.PATIENCE", 0.5)
    path = folder / "good.weights.h5"
    content = bytearray(path.read_bytes())
    at = content.index(b"GCOL") + 16
    size = int.from_bytes(content[at + 8 : at + 16], "little")
    content[at + 8 : at + 16] = (size + 1000).to_bytes(8, "little")
    path.write_bytes(content)
    with pytest.raises(WeightsError, match="it is damaged: HDF5 does not come to an end with it; nothing was loaded"):
        load(path)
