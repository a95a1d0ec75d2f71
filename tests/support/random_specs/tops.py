"""What says something of a whole random spec: a name with dots, descriptions, and the names of what is not trained."""

from __future__ import annotations

from copy import deepcopy
from random import Random
from typing import Any

from specc.ir import NestedModel, TypedGraph
from specc.layers.base import Layer
from specc.layers.core import Input

TEXTS = ("A layer.", "$5 of 100%, or $(none)", 'two\nlines, "quoted" and \\escaped', "größer <b>als</b> -->", "'''")


def described(spec: dict[str, Any], random: Random) -> dict[str, Any]:
    """The spec with descriptions here and there, and dots in its name."""
    spec = deepcopy(spec)
    spec["name"] = spec["name"].replace("_", "_1.", 1)
    parts = [spec, *spec.get("blocks", {}).values(), *spec["layers"]]
    for part in parts:
        if isinstance(part, dict) and (part is spec or random.random() < 0.3):
            part["description"] = random.choice(TEXTS)
    for values in [spec.get("vars"), *(block.get("args") for block in spec.get("blocks", {}).values())]:
        for name in values or ():
            if random.random() < 0.5:
                values[name] = {"default": values[name], "description": random.choice(TEXTS)}
    return spec


def frozen(graph: TypedGraph, spec: dict[str, Any], random: Random) -> dict[str, Any] | None:
    """The spec with a ``freeze`` of some names and patterns that something has; None if nothing has weights."""
    names = list(_names(graph))
    if not names:
        return None
    chosen = random.sample(names, min(len(names), random.randint(1, 3)))
    patterns = []
    for name in chosen:
        at = random.randrange(len(name))
        patterns.append(random.choice([name, f"{name[:at]}*", f"*{name[at:]}", f"{name[:at]}?{name[at + 1 :]}"]))
    return {**spec, "freeze": patterns if random.random() < 0.9 else ["*"]}


def _names(graph: TypedGraph, around: str = "") -> list[str]:
    """The full names that a spec gives layers and instances, also in nested models."""
    found = [around + it.name for it in graph.graph.instances.values() if it.named and it.shares is None]
    for name, node in graph.nodes.items():
        written = isinstance(node.layer, Layer | NestedModel) and not isinstance(node.layer, Input) and not node.naming
        is_named = node.named and all(it.named for it in graph.graph.around(node))
        if not written or not is_named or node.shares is not None:
            continue
        if not (
            isinstance(node.layer, Layer) and node.layer.given().get("trainable")
        ):  # which would contradict its name
            found.append(around + name)
        if isinstance(node.layer, NestedModel):
            found += _names(graph.models[node.layer], f"{around}{name}.")
    return found
