"""Files of weights, as Keras 3 writes them: ``.weights.h5``, its shards with their ``.weights.json``, and ``.keras`` archives.

They may come from anyone. Nothing is extracted but a compressed member; no link is followed, and nothing is read before its
shape is known to be wanted.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from specc.archive.reading import members
from specc.archive.weights.apart import ends
from specc.archive.weights.initial.philox import numpy_dtype
from specc.archive.weights.tree import MODEL, Held, Tree
from specc.diagnostics.text_safety import shorten

if TYPE_CHECKING:
    import h5py
    import numpy as np

    Array = np.ndarray[Any, Any]

ENDINGS = (".keras", ".weights.h5", ".weights.json")
ARCHIVED = "model.weights.h5"
"""The member of an archive that has the weights."""
ZIP, SIGNATURE = b"PK", b"\x89HDF\r\n\x1a\n"
"""What archives and files of HDF5 begin with."""
OLDER = {"layer_names", "model_weights", "keras_version", "backend"}
"""Some of what files have whose form is that of Keras 2."""
BEFORE = "_layer_checkpoint_dependencies"
"""What Keras 2.13 called the group of a model's layers."""
LARGEST_MAP = 16 << 20
MOST_SHARDS = 1000
DEEPEST = 100
LONGEST_NAME = 200
LARGEST_TRIED = 64 << 20
PATIENCE = 2.0
SLOWEST = 20_000_000
"""Bytes in a second: what is waited for is slower than any disk."""
BLOCK = 4 << 20
"""The bytes that are read at a time."""
COMPRESSIONS = {1: "gzip", 2: "shuffle", 3: "fletcher32", 32000: "lzf"}
"""The filters of HDF5 that are read; others would be libraries that are loaded for it."""


class WeightsError(ValueError):
    """What is wrong with a file of weights, with the place inside it; and what to write instead."""

    def __init__(self, message: str, help: str = "") -> None:
        super().__init__(message, help)

    def __str__(self) -> str:
        message, help = self.args
        return f"{message}; {help}" if help else str(message)


@contextmanager
def opened(path: str) -> Iterator[Tree]:
    """The layers of a file, whose weights can be read (`blocks`) until it is closed. WeightsError, OSError."""
    import h5py  # noqa: F401 - once for both processes

    with ExitStack() as stack:
        with failing(path):
            if not ends(partial(_alone, path), _patience(path)):
                raise WeightsError("it is damaged: HDF5 does not come to an end with it")
            tree = _tree(path, stack)
            if not tree.inside:
                raise WeightsError("there are no weights in it in the form of Keras 3")
        yield tree


def _tree(path: str, stack: ExitStack, is_whole: bool = False) -> Tree:
    root = Tree()
    for file in _files(path, stack, is_whole):
        with _reading() as place:
            _Reading(path, place).read(file, root)
    return root


def _alone(path: str) -> None:
    """Read all that a file says of its weights, and those that HDF5 has to put together."""
    with ExitStack() as stack:
        trees = [_tree(path, stack, is_whole=True)]
        while trees:
            tree = trees.pop()
            trees += tree.inside.values()
            for held in tree.weights.values():
                if held.dataset.chunks is not None and held.dataset.nbytes <= LARGEST_TRIED:
                    for _ in blocks(held, "float32"):
                        pass


def _patience(path: str) -> float:
    """The seconds for which it is waited: for what a whole file of that size can have, and more."""
    with suppress(OSError):
        return PATIENCE + os.stat(path).st_size / SLOWEST
    return PATIENCE


@contextmanager
def failing(path: str, said: str = "cannot read the weights in {}") -> Iterator[None]:
    """Name the file in errors about it."""
    try:
        yield
    except WeightsError as error:
        message, help = error.args
        raise WeightsError(f"{said.format(path)}: {message}; nothing was loaded", help) from None


# -- Containers ----------------------------------------------------------------------------------


def _files(path: str, stack: ExitStack, is_whole: bool) -> list[h5py.File]:
    """The HDF5 files that a file is, or has inside or beside it. ``is_whole``: its checksum is not compared."""
    if path.lower().endswith(".json"):
        return [_open(_binary(Path(path).with_name(name), stack), name, stack) for name in _shards(path)]
    if path.lower().endswith(".keras"):
        return [_open(_member(path, stack, is_whole), ARCHIVED, stack)]
    return [_open(_binary(path, stack), "", stack)]


def _binary(path: str | Path, stack: ExitStack) -> BinaryIO:
    try:
        return stack.enter_context(open(path, "rb"))
    except OSError as error:
        raise WeightsError(f"{Path(path).name}: {error.strerror}") from None


def _open(file: BinaryIO, place: str, stack: ExitStack) -> h5py.File:
    import h5py

    said = f"{place}: " if place else ""
    if file.read(len(SIGNATURE)) != SIGNATURE:
        raise WeightsError(f"{said}it is not an HDF5 file")
    try:
        return stack.enter_context(h5py.File(file, "r"))
    except Exception as error:  # of HDF5, which has many for a damaged file
        raise WeightsError(f"{said}it is not a whole HDF5 file ({_reason(error)})") from None


def _reason(error: Exception) -> str:
    """What HDF5 says in brackets."""
    said = re.findall(r"\((.*?)\)", str(error))
    return shorten(said[-1] if said else type(error).__name__, LONGEST_NAME)


def _shards(path: str) -> list[str]:
    """The files that have the weights, which are beside their map."""
    with open(path, "rb") as file:
        content = file.read(LARGEST_MAP + 1)
    if len(content) > LARGEST_MAP:
        raise WeightsError(f"it is larger than {LARGEST_MAP >> 20} MiB")
    try:
        listed = json.loads(content)["weight_map"].values()
        names = dict.fromkeys(name for it in listed for name in ([it] if isinstance(it, str) else it))
        wrong = [name for name in names if Path(name).name != name or not name.endswith(".weights.h5")]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise WeightsError("it does not say which files have the weights: {weight_map: {path: file}}") from None
    if wrong or len(names) > MOST_SHARDS:
        said = (
            f"{shorten(repr(wrong[0]), LONGEST_NAME)} is no file beside it"
            if wrong
            else f"more than {MOST_SHARDS} files"
        )
        raise WeightsError(f"weight_map: {said}")
    return list(names)


def _member(path: str, stack: ExitStack, is_whole: bool) -> BinaryIO:
    """The weights in an archive."""
    file = _binary(path, stack)
    if not file.read(len(ZIP)).startswith(ZIP):
        raise WeightsError("it is not a .keras file, which is a ZIP archive")
    try:
        found = members.members(file, os.fstat(file.fileno()).st_size)
        if ARCHIVED not in found:
            raise WeightsError(f"it has no {ARCHIVED}, so it is not a model that Keras saved")
        return stack.enter_context(members.opened(file, found[ARCHIVED], is_whole))
    except members.ArchiveError as error:
        raise WeightsError(f"it {error}") from None


# -- What HDF5 has -------------------------------------------------------------------------------


@contextmanager
def _reading(start: str = "") -> Iterator[_Place]:
    """Say where in the file an error is."""
    place = _Place(start)
    try:
        yield place
    except Exception as error:  # of HDF5, which has many for a damaged file
        said = str(error) if isinstance(error, WeightsError) else f"it is damaged ({_reason(error)})"
        raise WeightsError(f"{place.path or 'the file'}: {said}") from None


@dataclass
class _Place:
    """Where in a file is read."""

    path: str


class _Reading:
    """Reads the groups of a file into a tree."""

    def __init__(self, file: str, place: _Place) -> None:
        self._file, self._place = file, place
        self._seen: set[Any] = set()
        """The groups that were read: a group may be in itself."""

    def read(self, file: h5py.File, root: Tree) -> None:
        """Add the layers of a file, and the state of its optimizer."""
        names = set(file)
        if OLDER & {*names, *file.attrs} and MODEL not in names:
            raise WeightsError("an older version of Keras wrote it: load the model in Keras, and save it as .keras")
        for name in (MODEL, BEFORE, "optimizer"):
            if name in names:
                self._child(file, name, name, root)

    def _child(self, group: h5py.Group, name: str, path: str, tree: Tree) -> None:
        """Add what is in a group of a layer: its weights, the layers of a model, or a layer inside it."""
        child = self._group(group, name, path)
        if name == "vars":
            self._weights(child, path, tree)
        elif name in (MODEL, BEFORE):
            for key in child:
                self._layer(self._group(child, key, f"{path}/{key}"), f"{path}/{key}", _of(tree, f"{MODEL}/{key}"))
        else:
            self._layer(child, path, _of(tree, name))

    def _layer(self, group: h5py.Group, path: str, tree: Tree) -> None:
        for name in group:
            self._child(group, name, f"{path}/{name}", tree)

    def _weights(self, group: h5py.Group, path: str, tree: Tree) -> None:
        import h5py

        name = group.attrs.get("name")
        if isinstance(name, str) and len(name) <= LONGEST_NAME:
            tree.name = name
        for key in sorted(filter(str.isdecimal, group), key=int):  # others are no variables of Keras
            self._place.path = f"{path}/{key}"
            dataset = _linked(group, key)
            if not isinstance(dataset, h5py.Dataset):
                raise WeightsError("there is a group in place of a weight")
            tree.weights[key] = Held(dataset.shape or (), "", dataset, self._file)

    def _group(self, group: h5py.Group, name: str, path: str) -> h5py.Group:
        import h5py

        self._place.path = path
        child = _linked(group, name)
        if not isinstance(child, h5py.Group):
            raise WeightsError("there is a weight in place of a layer")
        said = h5py.h5o.get_info(child.id)
        if (said.fileno, said.addr) in self._seen:
            raise WeightsError("the same group is in it twice")
        if path.count("/") > DEEPEST:
            raise WeightsError("its groups are too deep")
        self._seen.add((said.fileno, said.addr))
        return child


def _of(tree: Tree, key: str) -> Tree:
    return tree.inside.setdefault(key, Tree())


def _linked(group: h5py.Group, name: str) -> Any:
    """What is under a name of a group itself, not by a link to somewhere else."""
    import h5py

    if group.get(name, getclass=True, getlink=True) is not h5py.HardLink:
        raise WeightsError("a link to somewhere else is not followed")
    return group[name]


# -- Numbers -------------------------------------------------------------------------------------


def blocks(held: Held, dtype: str) -> Iterator[tuple[Any, Array]]:
    """The numbers of a weight as a variable of a dtype gets them: parts, each with where it is. WeightsError."""
    import numpy as np

    dataset, kind = held.dataset, numpy_dtype(dtype)
    with failing(held.file), _reading(dataset.name[1:]):
        convert = _conversion(dataset, kind)
        rows = dataset.shape[0] if dataset.shape else 0
        step = max(1, BLOCK * rows // max(dataset.nbytes, 1)) if dataset.chunks is None else max(rows, 1)
        if step >= rows:
            yield (), convert(np.asarray(dataset[()]))
            return
        for start in range(0, rows, step):
            yield np.s_[start : start + step], convert(dataset[start : start + step])


def _conversion(dataset: h5py.Dataset, kind: np.dtype[Any]) -> Callable[[Array], Array]:
    """How a dataset's numbers become those of a variable, as TensorFlow casts. WeightsError for what is not read."""
    import numpy as np

    if dataset.external or dataset.is_virtual:
        raise WeightsError("its numbers are in another file, which is not read")
    filters = dataset.id.get_create_plist()
    for place in range(filters.get_nfilters()):
        if filters.get_filter(place)[0] not in COMPRESSIONS:
            raise WeightsError(f"it is compressed in another way than {', '.join(COMPRESSIONS.values())}")
    if dataset.chunks is not None and prod(dataset.chunks) > 2 * max(prod(dataset.shape), BLOCK):
        raise WeightsError(f"its parts are larger than it is: {dataset.chunks}")
    given, bfloat16 = dataset.dtype, numpy_dtype("bfloat16")
    if dataset.attrs.get("dtype") == "bfloat16" and given.itemsize == 2:
        return lambda numbers: numbers.view(bfloat16).astype(kind, copy=False)
    if given.kind not in "biuf":
        raise WeightsError(f"it has no numbers ({shorten(str(given), LONGEST_NAME)})")

    def cast(numbers: Array) -> Array:
        with np.errstate(all="ignore"):
            if given.kind == "f" and kind.kind in "iu" and kind.itemsize == 1:  # others wrap
                numbers = np.clip(np.nan_to_num(numbers), np.iinfo(kind).min, np.iinfo(kind).max)
            return numbers.astype(kind, copy=False)

    return cast
