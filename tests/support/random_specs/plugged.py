"""Random uses of `tests.support.plugin`: drawn where it is added, as `tests.support.plugin.added` does."""

from __future__ import annotations

from typing import Any

from specc import layers
from tests.support.random_specs.grown import Grown
from tests.support.random_specs.kinds import Item

LAYER, OPERATIONS, ACTIVATION = "Scale", ("ops.squash", "ops.turned"), "bent"
INITIALIZERS: list[Any] = ["flat", "Flat", {"type": "Flat", "level": 0.1}]
REGULARIZERS: list[Any] = ["Quartic", {"type": "Quartic", "factor": 0.1}]
CONSTRAINTS: list[Any] = ["Cap", {"type": "Cap", "top": 0.9}]
LOSSES: list[Any] = ["pinball", "Pinball", {"type": "Pinball", "quantile": 0.9}]
METRICS: list[Any] = [["Near"], [{"type": "Near", "within": 0.5}, "mae"]]
OPTIMIZERS: list[Any] = ["signs", {"type": "Signs", "learning_rate": {"type": "Warm", "steps": 10}, "clipnorm": 1.0}]


def is_added() -> bool:
    """Whether the plugin's classes are known."""
    return layers.find(LAYER) is not None


def layer(grown: Grown, name: str, inside: bool = False) -> Item | None:
    """The plugin's layer, also inside a wrapper."""
    source = grown.source()
    tensor = grown.tensors[source]
    if not is_added() or "float" not in tensor.dtype or len(tensor.shape) < (3 if inside else 2):
        return None
    if tensor.shape[-1] is None:
        return None
    item: Item = {"type": LAYER, "name": name, "from": source}
    if inside:
        item |= {"type": "TimeDistributed", "layer": LAYER}
    if grown.random.random() < 0.2:
        item["repeat"] = grown.random.randint(1, 3)
    if grown.random.random() < 0.2:
        item["trainable"] = False
    return item


def operation(grown: Grown, name: str) -> Item | None:
    """One of the plugin's operations."""
    if not is_added():
        return None
    kind = grown.random.choice(OPERATIONS)
    given: Item = (
        {"limit": grown.random.choice([0.5, 2])} if kind == OPERATIONS[0] and grown.random.random() < 0.6 else {}
    )
    return {"type": kind, "name": name, **given, "from": grown.source()}


def formula(grown: Grown, name: str) -> Item | None:
    """The plugin's operation in a formula."""
    source = grown.source()
    if not is_added():
        return None
    text = grown.random.choice(
        [f"1 - squash({source})", f"squash({source} * 2, limit=2.0)", f"squash(-{source}, 3) ** 2"]
    )
    return {"formula": text, "name": name}


def activation(grown: Grown, name: str) -> Item | None:
    """The plugin's activation, as an argument."""
    if not is_added():
        return None
    kinds: list[Item] = [{"type": "Activation"}, {"type": "Dense", "units": 2}]
    given = grown.random.choice([ACTIVATION, {"type": ACTIVATION}])
    return {**grown.random.choice(kinds), "name": name, "activation": given, "from": grown.source()}


def weights(grown: Grown, name: str) -> Item | None:
    """What the plugin has for weights."""
    if not is_added():
        return None
    choice = grown.random.choice
    given = {
        "kernel_initializer": choice(INITIALIZERS),
        "kernel_regularizer": choice(REGULARIZERS),
        "kernel_constraint": choice(CONSTRAINTS),
        "activity_regularizer": choice(REGULARIZERS),
    }
    return {"type": "Dense", "units": grown.random.randint(1, 4), "name": name, **given, "from": grown.source()}


def trained(grown: Grown, name: str) -> Item | None:
    """An output for the plugin's loss, metric and optimizer."""
    return {"type": "Dense", "units": 2, "name": name, "from": grown.source()} if is_added() else None


ALL = (layer, operation, formula, activation, weights)
