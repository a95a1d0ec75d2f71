"""Other ways to write the same spec, none of which may change whether specc accepts it; and a ``compile``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from copy import deepcopy
from itertools import groupby, pairwise
from typing import Any

import specc
from specc.ir import NestedModel
from specc.shapes import Tensor
from tests.support.random_specs import plugged, tops
from tests.support.random_specs.grown import Grown, heads, read, references
from tests.support.random_specs.kinds import Item


def finish(grown: Grown, asked: list[str]) -> None:
    """Write the same spec in other ways; none may change whether specc accepts it. ``asked`` are forms that it must have."""
    for part in ("blocks", "vars"):
        if not grown.spec[part]:
            del grown.spec[part]

    def chance(share: float, *forms: str) -> bool:
        return grown.random.random() < share or not {*forms}.isdisjoint(asked)

    if chance(0.3, "an expression"):
        rewrite(grown, "vars", with_vars(grown, 1 if "an expression" in asked else 0.3), same=True)
    if chance(0.3, "a size", "a size in when", "a size in repeat"):
        rewrite(grown, "sizes", with_sizes(grown, 1 if any("size" in form for form in asked) else 0.4), same=True)
    if chance(0.5, "copies in outputs"):
        rewrite(grown, "outputs", with_outputs(grown))
    if chance(0.25, "copies in edges"):
        rewrite(grown, "edges", with_edges(grown), same=True)
    elif chance(0.5):
        rewrite(grown, "implicit", implicit(grown), same=True)
    if chance(0.4):
        rewrite(grown, "automatic names", unnamed(grown))
    trained = [
        "outputs by their items' names",
        *(f"{part} of a plugin" for part in ("a loss", "a metric", "an optimizer")),
    ]
    if chance(0.5, *trained):
        train(grown, [form for form in trained if form in asked])
    if chance(0.1):
        kind = grown.random.choice(["Dense", "Conv2D", "LSTM"])
        optional(grown, {**grown.spec, "defaults": {kind: {"use_bias": False}}})
    if chance(0.3, "a description"):
        rewrite(grown, "descriptions", tops.described(grown.spec, grown.random), same=True)
    if chance(0.3, "freeze"):
        rewrite(grown, "freeze", tops.frozen(compiled(grown, grown.spec), grown.spec, grown.random))


def compiled(grown: Grown, spec: Item) -> specc.TypedGraph:
    """The graph of a spec, which can include the files that have been drawn."""
    return specc.compile(read(spec, grown.folder))


def rewrite(grown: Grown, how: str, spec: Item | None, same: bool = False) -> None:
    """Take a spec that says the same in another way, unless it cannot be said so.

    It is a surprise if specc refuses it, or if it is another graph where it should be the ``same``.
    """
    if spec is None:
        return
    try:
        graph = compiled(grown, spec)
    except specc.CompileError as error:
        grown.surprises.append(f"{how}: {error}\n{json.dumps(spec)}")
        return
    if same and (difference := _difference(compiled(grown, grown.spec), graph)):
        grown.surprises.append(f"{how}: {difference}\n{json.dumps(grown.spec)}\n{json.dumps(spec)}")
    grown.spec = spec


def _difference(one: specc.TypedGraph, other: specc.TypedGraph) -> str:
    """What differs first in two graphs that should have equal nodes with equal inputs."""
    for name in dict.fromkeys([*one.nodes, *other.nodes]):
        if name not in one.nodes or name not in other.nodes:
            return f"{name} is in one graph only"
        left, right = one.nodes[name], other.nodes[name]
        facts = [(node.type, repr(node.layer), node.refs(), node.shares, node.options) for node in (left, right)]
        if not isinstance(left.layer, NestedModel) and facts[0] != facts[1]:
            return f"{facts[0]} and {facts[1]}"
        if one.tensors[name] != other.tensors[name]:
            return f"{name}: {one.tensors[name]} and {other.tensors[name]}"
    ends = [[(output.name, output.ref) for output in graph.graph.outputs] for graph in (one, other)]
    return "" if ends[0] == ends[1] else f"{ends[0]} and {ends[1]}"


def optional(grown: Grown, spec: Item) -> None:
    """Take a spec that need not be valid if it is."""
    try:
        compiled(grown, spec)
    except specc.CompileError:
        return
    grown.spec = spec


def with_vars(grown: Grown, share: float) -> Item | None:
    """Some numbers as values of ``vars``, or as expressions of these."""
    spec = deepcopy(grown.spec)
    values = spec.setdefault("vars", {})
    for item in spec["layers"]:
        for key, value in item.items():
            if type(value) in (int, bool, float) and key not in ("each", "when") and grown.random.random() < share:
                name = f"v{len(values)}"
                values[name] = value
                item[key] = grown.random.choice(_EXPRESSIONS if type(value) is int else ["$NAME"]).replace("NAME", name)
    return spec if len(values) > len(grown.spec.get("vars", {})) else None


_EXPRESSIONS = [
    "$NAME",
    "$(NAME * 2 // 2)",
    "$([NAME for i in range(2)][-1])",
    "$(sum([NAME for i in range(3)]) // 3)",
    "$(int(sqrt(NAME ** 2)) if NAME >= 0 else NAME)",
    "$(max([NAME] + [n for n in [NAME - 1] if n > NAME]))",
    "$(round(log2(2 ** NAME)) if 0 <= NAME < 50 else NAME)",
    "$(abs(NAME) if NAME >= 0 else -abs(NAME))",
    "$(int(str(NAME)) if NAME >= 0 else prod([NAME, 1]))",
]
"""Ways to write an integer."""


def with_sizes(grown: Grown, share: float) -> Item | None:
    """Some numbers as what they are more than the size of a tensor above; conditions and counts too."""
    spec = deepcopy(grown.spec)
    known: list[tuple[str, int, int]] = []
    for number, item in enumerate(spec["layers"]):
        below = {it.get("name") for it in spec["layers"][number + 1 :]}
        if known and item.get("type") != "Input":
            for key, value in item.items():
                if type(value) is int and key != "each" and grown.random.random() < share:
                    ref, axis, size = grown.random.choice(known)
                    item[key] = f"$({ref}[{axis}] + {value - size})"
            ref, axis, size = grown.random.choice(known)
            if item.get("when") is False:
                item["when"] = f"$({ref}[{axis}] != {size})"
            elif "when" not in item and grown.random.random() < 0.1:
                item["when"] = f"$({ref}[{axis}] == {size})"
        mine = [ref for ref in grown.tensors if "name" in item and heads(ref) & heads([item["name"]])]
        if item.get("when", True) is True:
            mine = [ref for ref in mine if re.split(r"[.\[]", ref)[0] not in below]  # n1 is not above for n1$(called)
            known += [it for ref in mine for it in _sizes(ref, grown.tensors[ref])]
    return spec if spec != grown.spec else None


def _sizes(ref: str, tensor: Tensor) -> Iterator[tuple[str, int, int]]:
    """A reference's shape as expressions write it, each axis with a size, and the size."""
    plain = all(part.isidentifier() for part in re.sub(r"\[\d+\]", "", ref).split("."))
    called = f"shape({ref})" if plain else f"shape('{ref}')"
    yield from ((called, axis, size) for axis, size in enumerate(tensor.shape) if size is not None)


def with_outputs(grown: Grown) -> Item | None:
    """The outputs named, with further ones."""
    spec = deepcopy(grown.spec)
    graph = compiled(grown, spec)
    consumed = {ref for item in spec["layers"] for ref in references(item)}
    absent = {item["name"] for item in spec["layers"] if item.get("when", True) is not True}
    found = [_reference(grown, output.name) for output in graph.graph.outputs]
    outputs = list(dict.fromkeys(ref for ref in found if ref is not None))
    if None in found or not absent.isdisjoint(outputs):
        return None
    further = [
        ref
        for ref in grown.tensors
        if ref in consumed
        and ref not in graph.graph.constants
        and re.split(r"[.\[]", ref)[0] not in absent
        and not ref.startswith("in")
    ]
    for ref in grown.random.sample(further, min(len(further), grown.random.choice([0, 0, 1, 2]))):
        if ref not in outputs and f"{ref}.output" not in outputs and ref.removesuffix(".output") not in outputs:
            outputs.append(ref)
    if grown.random.random() < 0.4:
        return {**spec, "outputs": {f"label{number}": ref for number, ref in enumerate(outputs)}}
    return {**spec, "outputs": [ref for _, group in groupby(outputs, _item) for ref in _together(list(group), spec)]}


def _reference(grown: Grown, output: str) -> str | None:
    """How an output can be referred to."""
    item, _, number = output.rpartition("_")
    found = [ref for ref in (output, f"{item}[{int(number) - 1}]" if number.isdigit() else "") if ref in grown.tensors]
    return found[0] if found else None


def _item(ref: str) -> str:
    """The item of a copy, if it is one of several."""
    return re.sub(r"(_\d+|\[\d+\])$", "", ref)


def _together(refs: list[str], spec: Item) -> list[str]:
    """All copies of an item as such, if they are."""
    (item,) = [item for item in spec["layers"] if item.get("name") == _item(refs[0])] or [{}]
    values = list(item.get("each", {}).values())
    is_all = bool(values) and isinstance(values[0], list) and len(values[0]) == len(refs)
    return [f"{_item(refs[0])}[*]"] if is_all and len(item["each"]) and refs == sorted(refs) else refs


def with_edges(grown: Grown) -> Item | None:
    """``edges`` instead of every ``from`` that has no values."""
    spec = deepcopy(grown.spec)
    edges: list[Any] = []
    for item in spec["layers"]:
        if "$" in json.dumps([item.get("from"), item.get("name")]):
            continue
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
    used = heads([*spec["layers"], json.dumps([spec.get("outputs"), spec.get("edges"), spec.get("freeze")])])
    for item in spec["layers"]:
        is_used = used & heads([item.get("name", "")]) or "$" in item["name"]
        if not is_used and item.get("when", True) is True and grown.random.random() < 0.6:
            del item["name"]
            if list(item) == ["type"]:
                spec["layers"][spec["layers"].index(item)] = item["type"]
    return spec


OPTIMIZERS: list[Any] = [
    "adam",
    {"type": "SGD", "learning_rate": 0.01, "momentum": 0.9},
    "RMSprop",
    {"type": "AdamW", "weight_decay": 0.01},
]
METRICS: list[Any] = [["mae"], ["mse", "mae"], "mean_squared_error"]
LOSSES: list[Any] = [
    "mse",
    "mae",
    {"type": "Huber", "delta": 0.5},
    "binary_crossentropy",
    "categorical_crossentropy",
    "CosineSimilarity",
    None,
]


def train(grown: Grown, asked: list[str]) -> None:
    """Add a ``compile`` if the outputs fit its losses; if forms of it are ``asked`` for, one that surely fits."""
    graph = compiled(grown, grown.spec)
    names = [output.name for output in graph.graph.outputs]
    floats = [output.name for output in graph.graph.outputs if "float" in graph.tensor(output.ref).dtype]
    choice, added = grown.random.choice, plugged.is_added()
    optimizers = [*([] if "an optimizer of a plugin" in asked else OPTIMIZERS), *(plugged.OPTIMIZERS if added else [])]
    losses = ["mse"] if asked else LOSSES
    if added:
        losses = plugged.LOSSES if "a loss of a plugin" in asked else [*losses, choice(plugged.LOSSES)]
    section: Item = {"optimizer": choice(optimizers)}
    section["loss"] = {name: choice(losses) if name in floats or not asked else None for name in names}
    if grown.random.random() < 0.5:
        section["loss_weights"] = dict.fromkeys(names, 0.5)
    is_asked = "a metric of a plugin" in asked
    if is_asked or grown.random.random() < 0.5:
        metrics = plugged.METRICS if is_asked else [*METRICS, *(plugged.METRICS if added else [])]
        section["metrics"] = {name: choice(metrics) for name in (floats if asked else names)}
    optional(grown, {**grown.spec, "compile": section})
