"""Layers that are private to ``keras.applications``, as public layers that compute the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from specc.archive.names import public
from specc.archive.reading.layers import MODELS

Saved = dict[str, Any]
SUBSTITUTED = ("layer_scale", "einsum_dense")
"""The beginning of a layer's place in a file of weights, and that of its substitute."""
_MODULE = "keras.src.applications."


def substituted(saved: Any, notes: list[str]) -> Any:
    """A model in which public layers stand for those of ``keras.applications``; what was changed is added to the notes.

    The layers keep their places in the lists of the model; what they need besides is at the ends.
    """
    if not _is_model(saved):
        return saved
    made = [substituted(layer, notes) for layer in saved["config"]["layers"]]
    layers, more = [], []
    for layer in made:
        substitute = _SUBSTITUTES.get(_private(layer))
        if substitute is None:
            layers.append(layer)
            continue
        try:
            first, *others = substitute(layer)
        except (KeyError, IndexError, TypeError, ValueError, AttributeError):  # it is refused as any other class
            layers.append(layer)
            continue
        layers.append(first)
        more += others
        note = f"{layer['class_name']} of keras.applications is written as {_listed([first, *others])}"
        if note not in notes:
            notes.append(note)
    if all(new is old for new, old in zip(layers, saved["config"]["layers"], strict=True)):
        return saved
    return {**saved, "config": {**saved["config"], "layers": layers + more}}


def _is_model(saved: Any) -> bool:
    if not isinstance(saved, dict) or saved.get("class_name") not in MODELS:
        return False
    config = saved.get("config")
    return isinstance(config, dict) and isinstance(config.get("layers"), list)


def _private(saved: Any) -> str:
    """The class of a layer of ``keras.applications``; empty for any other."""
    if not isinstance(saved, dict) or not str(saved.get("module")).startswith(_MODULE):
        return ""
    return str(saved.get("class_name"))


def _listed(layers: list[Saved]) -> str:
    return " and ".join(layer["class_name"] for layer in layers)


def _layer_scale(saved: Saved) -> Iterator[Saved]:
    """A factor for each channel: a product of kernel and input without a sum."""
    config = saved["config"]
    size, value = config["projection_dim"], config["init_values"]
    constant = public("keras.initializers", "Constant", {"value": value})
    given = {"equation": "...c,c->...c", "output_shape": [size], "bias_axes": None, "kernel_initializer": constant}
    yield {**saved, **public("keras.layers", "EinsumDense", {**_base(config), **given})}


def _custom_scale(saved: Saved) -> Iterator[Saved]:
    """``a + scale * b``."""
    config, calls = saved["config"], saved["inbound_nodes"]
    name = f"{config['name']}_scaled"
    pairs = [call["args"][0] for call in calls]
    sums = [
        {**call, "args": [[first, _tensor(second, name, index)]]}
        for index, (call, (first, second)) in enumerate(zip(calls, pairs, strict=True))
    ]
    yield {**saved, **public("keras.layers", "Add", _base(config)), "inbound_nodes": sums}
    scaling = {**_base(config), "name": name, "scale": config["scale"], "offset": 0.0}
    inbound = [{"args": [second], "kwargs": {}} for _, second in pairs]
    yield {**public("keras.layers", "Rescaling", scaling), "name": name, "inbound_nodes": inbound}


def _base(config: Saved) -> Saved:
    """The arguments that every layer has."""
    return {key: config[key] for key in ("name", "trainable", "dtype")}


def _tensor(like: Saved, name: str, call: int) -> Saved:
    """The output of a call, with the shape and dtype of another tensor."""
    return {**like, "config": {**like["config"], "keras_history": [name, call, 0]}}


_SUBSTITUTES: dict[str, Callable[[Saved], Iterator[Saved]]] = {
    "CustomScaleLayer": _custom_scale,
    "LayerScale": _layer_scale,
}
