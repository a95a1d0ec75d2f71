"""Other ways to write the same spec, none of which may change whether specc accepts it; and a ``compile``."""

from __future__ import annotations

import re
from copy import deepcopy
from itertools import pairwise
from typing import Any

import specc
from tests.support.random_specs.grown import Grown, references
from tests.support.random_specs.kinds import Item


def finish(grown: Grown) -> None:
    """Write the same spec in other ways; none may change whether specc accepts it."""
    for part in ("blocks", "vars"):
        if not grown.spec[part]:
            del grown.spec[part]
    chance = grown.random.random
    if chance() < 0.3:
        rewrite(grown, "vars", with_vars(grown))
    if chance() < 0.5:
        rewrite(grown, "outputs", with_outputs(grown))
    if chance() < 0.25:
        rewrite(grown, "edges", with_edges(grown))
    elif chance() < 0.5:
        rewrite(grown, "implicit", implicit(grown))
    if chance() < 0.4:
        rewrite(grown, "automatic names", unnamed(grown))
    if chance() < 0.5:
        train(grown)
    if chance() < 0.1:
        kind = grown.random.choice(["Dense", "Conv2D", "LSTM"])
        optional(grown, {**grown.spec, "defaults": {kind: {"use_bias": False}}})


def rewrite(grown: Grown, how: str, spec: Item | None) -> None:
    """Take a spec that says the same in another way, unless it cannot be said so; it is a surprise if specc refuses it."""
    if spec is None:
        return
    try:
        specc.compile(spec)
    except specc.CompileError as error:
        grown.surprises.append(f"{how}: {error}\n{spec}")
        return
    grown.spec = spec


def optional(grown: Grown, spec: Item) -> None:
    """Take a spec that need not be valid if it is."""
    if not any(diagnostic.severity == "error" for diagnostic in specc.check(spec)):
        grown.spec = spec


def with_vars(grown: Grown) -> Item | None:
    """Some numbers as values of ``vars``, or as expressions of these."""
    spec = deepcopy(grown.spec)
    values = spec.setdefault("vars", {})
    for item in spec["layers"]:
        for key, value in item.items():
            if type(value) in (int, bool, float) and key != "each" and grown.random.random() < 0.3:
                name = f"v{len(values)}"
                values[name] = value
                whole = type(value) is int
                item[key] = grown.random.choice([f"${name}", f"$({name} * 2 // 2)"]) if whole else f"${name}"
    return spec if values else None


def with_outputs(grown: Grown) -> Item | None:
    """The outputs named, with further ones."""
    spec = deepcopy(grown.spec)
    graph = specc.compile(spec)
    consumed = {ref for item in spec["layers"] for ref in references(item)}
    outputs = [output.name for output in graph.graph.outputs]
    outputs = list(
        dict.fromkeys(re.sub(r"^(n\d+)_\d+$", r"\1", name) if name not in grown.tensors else name for name in outputs)
    )
    absent = {item["name"] for item in spec["layers"] if item.get("when") is False}
    if any(name not in grown.tensors or name in absent for name in outputs) or any(
        "each" in item for item in spec["layers"]
    ):
        return None
    further = [
        ref
        for ref in grown.tensors
        if ref in consumed and re.split(r"[.\[]", ref)[0] not in absent and not ref.startswith("in")
    ]
    for ref in grown.random.sample(further, min(len(further), grown.random.choice([0, 0, 1, 2]))):
        if ref not in outputs and f"{ref}.output" not in outputs and ref.removesuffix(".output") not in outputs:
            outputs.append(ref)
    if grown.random.random() < 0.4:
        return {**spec, "outputs": {f"label{number}": ref for number, ref in enumerate(outputs)}}
    return {**spec, "outputs": outputs}


def with_edges(grown: Grown) -> Item | None:
    """``edges`` instead of every ``from``."""
    spec = deepcopy(grown.spec)
    if any(item.get("when") is False for item in spec["layers"]):
        return None
    edges: list[Any] = []
    for item in spec["layers"]:
        source = item.pop("from", None)
        if isinstance(source, str):
            edges.append([source, item["name"]])
        elif isinstance(source, list):
            edges += [[ref, item["name"]] for ref in source]
        elif isinstance(source, dict):
            for argument, value in source.items():
                for ref in value if isinstance(value, list) else [value]:
                    edges.append({"from": ref, "to": f"{item['name']}.{argument}"})
    return {**spec, "edges": edges}


def implicit(grown: Grown) -> Item | None:
    """No ``from`` where it says what the item above is called."""
    spec = deepcopy(grown.spec)
    items = spec["layers"]
    for above, item in pairwise(items):
        if item.get("from") == above["name"] and grown.random.random() < 0.8:
            del item["from"]
    return spec


def unnamed(grown: Grown) -> Item | None:
    """No names where nothing needs them."""
    spec = deepcopy(grown.spec)
    used = {ref for item in spec["layers"] for ref in references(item)}
    used |= {item["share"] for item in spec["layers"] if "share" in item}
    outputs = spec.get("outputs", [])
    used |= set(outputs.values() if isinstance(outputs, dict) else outputs)
    for edge in spec.get("edges", ()):
        used |= set(edge.values() if isinstance(edge, dict) else edge)
    firsts = {re.split(r"[.\[]", ref)[0] for ref in used}
    heads = {part for first in firsts for part in (first, re.sub(r"_\d+$", "", first))}
    for item in spec["layers"]:
        if item["name"] not in heads and item.get("when") is not False and grown.random.random() < 0.6:
            del item["name"]
            if list(item) == ["type"]:
                spec["layers"][spec["layers"].index(item)] = item["type"]
    return spec


def train(grown: Grown) -> None:
    """Add a ``compile`` if the outputs fit its losses."""
    graph = specc.compile(grown.spec)
    names = [output.name for output in graph.graph.outputs]
    losses = [
        "mse",
        "mae",
        {"type": "Huber", "delta": 0.5},
        "binary_crossentropy",
        "categorical_crossentropy",
        "CosineSimilarity",
        None,
    ]
    section: Item = {
        "optimizer": grown.random.choice(
            [
                "adam",
                {"type": "SGD", "learning_rate": 0.01, "momentum": 0.9},
                "RMSprop",
                {"type": "AdamW", "weight_decay": 0.01},
            ]
        )
    }
    section["loss"] = {name: grown.random.choice(losses) for name in names}
    if grown.random.random() < 0.5:
        section["loss_weights"] = dict.fromkeys(names, 0.5)
    if grown.random.random() < 0.5:
        section["metrics"] = {
            name: grown.random.choice([["mae"], ["mse", "mae"], "mean_squared_error"]) for name in names
        }
    optional(grown, {**grown.spec, "compile": section})
