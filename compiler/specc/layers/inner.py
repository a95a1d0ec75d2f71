"""Layers inside layers: what a wrapper, a stack of cells and an RNN share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from specc.automatic_names import AutomaticNames
from specc.calls import Call, Callee, Weight
from specc.diagnostics.problem import Problem


def listed(value: Any) -> tuple[Any, ...]:
    """The layers of an argument that is a layer, a list of them, or null."""
    return value if isinstance(value, tuple) else () if value is None else (value,)


def inner_names(layers: Sequence[Callee]) -> list[str]:
    """The names of a layer's inner layers: as given, else automatic and counted within that layer."""
    automatic = AutomaticNames({name for layer in layers if (name := layer.own_name) is not None})
    return [automatic.next(layer.type_name) if layer.own_name is None else layer.own_name for layer in layers]


def under(name: str, weights: Iterable[Weight], trainable: bool = True) -> Iterator[Weight]:
    """Weights of an inner layer of that name, as weights of the layer around it."""
    for weight in weights:
        yield weight._replace(name=f"{name}/{weight.name}", trainable=weight.trainable and trainable)


def inner_cautions(layer: Callee, call: Call, *path: str | int) -> Iterator[Problem]:
    """The cautions of an inner layer, as those of the layer around it; ``path`` leads to the inner one."""
    for problem in layer.cautions(call):
        yield replace(problem, message=f"contains {layer.type_name}, which {problem.message}").under(*path)


def inner_weights(layer: Callee, call: Call, name: str) -> Iterator[Weight]:
    """The weights that a call of an inner layer creates, as weights of the layer around it."""
    return under(name, layer.weights(call), not layer.frozen)
