"""Loads initial weights from a Keras file; if it does not fit, says which layers of the spec need what."""

from __future__ import annotations

import tempfile
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from specc.backends.keras_model import Keras

ENDINGS = (".weights.h5", ".keras")
MOST_NAMED = 3
_INSIDE = "model.weights.h5"
"""The weights in a .keras file, which is a zip archive."""

Shape = tuple[int, ...]


class _Owner(NamedTuple):
    """A layer as a file of weights has it: its path in the file, its name, and that of the model it is nested in."""

    path: str
    name: str
    around: str

    def find(self, model: Keras) -> Keras | None:
        """The layer of a model that it is."""
        layer = model
        for name in [*filter(None, self.around.split(".")), self.name]:
            layer = next((inner for inner in layer.layers if inner.name == name), None)
            if layer is None:
                return None
        return layer


def load(model: Keras, path: str) -> None:
    """Load a model's weights from a ``.weights.h5`` or ``.keras`` file, all of them or none.

    ValueError if it is no such file, or does not fit; it names the layers of the spec and both shapes.
    """
    with tempfile.TemporaryDirectory(prefix="specc-") as folder, _failing(path):
        given = _readable(path, folder)
        file = _layers(given)
        if sum(map(len, file.values())) != len(model.weights) or not _loads(model, given):
            own = str(Path(folder) / "own.weights.h5")
            model.save_weights(own)
            misfits = list(_misfits(_layers(own), file, model))
            if misfits:
                more = f", and {len(misfits) - MOST_NAMED} more" if len(misfits) > MOST_NAMED else ""
                raise ValueError("; ".join(misfits[:MOST_NAMED]) + more)
            if not _loads(model, given):
                raise ValueError("it has the right shapes, but Keras does not load it")


@contextmanager
def _failing(path: str) -> Iterator[None]:
    try:
        yield
    except (ValueError, KeyError, OSError, zipfile.BadZipFile, RuntimeError) as error:
        raise ValueError(f"the weights in {path} do not fit the model: {error}; nothing was loaded") from None


def _readable(path: str, folder: str) -> str:
    """The h5 file itself, under a name that Keras accepts. ValueError if there is none."""
    file = Path(folder) / "given.weights.h5"
    if not path.lower().endswith(".keras"):
        file.symlink_to(Path(path).absolute())
        return str(file)
    try:
        with zipfile.ZipFile(path) as archive:
            if _INSIDE not in archive.namelist():
                raise ValueError(f"it has no {_INSIDE}, so it is not a model that Keras saved")
            archive.extract(_INSIDE, folder)
    except (zipfile.BadZipFile, EOFError) as error:
        raise ValueError("it is not a .keras file, or not a whole one") from error
    (Path(folder) / _INSIDE).rename(file)
    return str(file)


def _loads(model: Keras, path: str) -> bool:
    """Whether Keras loads the file. Messages about an optimizer's state, which may be missing, are suppressed."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model.load_weights(path)
    except Exception:  # of Keras, h5py and numpy, each its own
        return False
    return True


def _layers(path: str) -> dict[_Owner, dict[str, Shape]]:
    """The layers whose weights a file contains, each weight's path in its layer and its shape."""
    import h5py

    try:
        file = h5py.File(path, "r")
    except OSError as error:
        raise ValueError("it is not an h5 file, or not a whole one") from error
    with file:
        if "layers" not in file:
            older = (
                " (an older version of Keras wrote it)"
                if {"layer_names", "model_weights"} & {*file, *file.attrs}
                else ""
            )
            raise ValueError(f"it has no weights in the form of Keras 3{older}")
        found: dict[_Owner, dict[str, Shape]] = {}
        _collect(file["layers"], "", found)
    return found


def _collect(layers: Any, around: str, found: dict[_Owner, dict[str, Shape]]) -> None:
    for key, group in layers.items():
        name = str(group["vars"].attrs.get("name", key)) if "vars" in group else key
        if "layers" in group:  # a nested model
            _collect(group["layers"], f"{around}.{name}" if around else name, found)
            continue
        shapes: dict[str, Shape] = {}
        group.visititems(
            lambda path, item, into=shapes: into.update({path: item.shape} if hasattr(item, "shape") else {})
        )
        if shapes:
            found[_Owner(group.name, name, around)] = shapes


def _misfits(own: dict[_Owner, dict[str, Shape]], file: dict[_Owner, dict[str, Shape]], model: Keras) -> Iterator[str]:
    """What does not fit, one layer at a time, in the spec's words."""
    there = {owner.path: (owner, shapes) for owner, shapes in file.items()}
    here = {owner.path for owner in own}
    for owner, wanted in own.items():
        other, found = there.get(owner.path, (owner, {}))
        if wanted == found:
            continue
        layer = owner.find(model)
        names = {} if layer is None else _names(layer, wanted)
        who = f"'{owner.name}'" + ("" if layer is None else f" ({type(layer).__name__})")
        who += f" in '{owner.around}'" if owner.around else ""
        if not found:
            yield f"{who} needs {_listed(wanted, names)}, but the file has nothing for it"
            continue
        needs, has = wanted, found
        if set(wanted) == set(found):
            needs, has = ({p: each[p] for p in each if wanted[p] != found[p]} for each in (wanted, found))
        called = "" if other.name == owner.name else f" of its '{other.name}'"
        yield f"{who} needs {_listed(needs, names)}, but the file has {_listed(has, names)}{called}"
    for owner, shapes in file.items():
        if owner.path not in here:
            yield f"the file has weights of '{owner.name}', {_listed(shapes, {})}, but the spec has no such layer"


def _listed(shapes: dict[str, Shape], names: dict[str, str]) -> str:
    listed = [f"{names.get(path, '')} {shape}".strip() for path, shape in shapes.items()]
    return ", ".join(listed[:MOST_NAMED]) + (
        f" and {len(listed) - MOST_NAMED} more" if len(listed) > MOST_NAMED else ""
    )


def _names(layer: Keras, shapes: dict[str, Shape]) -> dict[str, str]:
    """The names of a layer's weights, by their paths in the file, if order or shape identifies them; else the paths."""
    known = [(weight.path.rpartition(f"{layer.name}/")[2], tuple(weight.shape)) for weight in layer.weights]
    names = {}
    for path, shape in shapes.items():
        inside, _, index = path.rpartition("vars/")
        fitting = [name for name, weight in known if weight == tuple(shape)]
        if not inside and int(index) < len(known):  # the layer's own, in its order
            fitting = [known[int(index)][0]]
        names[path] = fitting[0] if len(fitting) == 1 else f"{inside}{index}"
    return names
