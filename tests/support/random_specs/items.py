"""Random items of a spec, each of a kind of its own; most are refused."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from specc import layers
from specc.calls import Argument
from specc.layers.base import Layer
from specc.policies import QUANTIZED
from specc.shapes import Tensor
from tests.support.random_specs.grown import Grown, references
from tests.support.random_specs.kinds import FAMILIES, OPERATIONS, POLICIES, RECURRENT, Item, class_of


def layer(grown: Grown, name: str) -> Item | None:
    """Any layer."""
    return of_kind(grown, grown.random.choice(grown.random.choice(FAMILIES)), name)


def operation(grown: Grown, name: str) -> Item | None:
    """Any operation."""
    return of_kind(grown, grown.random.choice(OPERATIONS), name)


def of_kind(grown: Grown, kind: str, name: str) -> Item | None:
    """A layer or an operation of a type."""
    cls: Any = class_of(kind)
    source = grown.source()
    item = {"type": kind, "name": name, **grown.arguments.of(cls, grown.tensors[source])}
    given = wiring(grown, cls.tensors, source, item)
    item["from"] = given
    decorate(grown, item, cls)
    if kind == "RandomCrop":
        item.setdefault("seed", 7)  # without one, Keras draws it when the layer is made
    if cls.options and grown.random.random() < 0.1:
        option = grown.random.choice(list(cls.options))
        item["call"] = {option: grown.random.random() < 0.5}
    return item


def wiring(grown: Grown, tensors: tuple[Argument, ...], source: str, item: Item) -> Any:
    """A ``from`` for a layer with these tensor arguments, most of all the first."""
    chosen: dict[str, Any] = {}
    for position, argument in enumerate(tensors):
        if argument.name in item:  # a constant stands for it
            continue
        wanted = argument.required or position == 0 or grown.random.random() < 0.2
        if not wanted:
            continue
        if argument.many:
            most = argument.most or 4
            count = grown.random.randint(argument.least, max(argument.least, min(most, 3)))
            chosen[argument.name] = [source, *(grown.like(source) for _ in range(count - 1))]
        else:
            chosen[argument.name] = source if not chosen else grown.like(source)
    if list(chosen) == [argument.name for argument in tensors][: len(chosen)] and grown.random.random() < 0.8:
        values = list(chosen.values())
        if len(values) == 1:
            return values[0]
        if not any(isinstance(value, list) for value in values):
            return values
    return chosen


def decorate(grown: Grown, item: Item, cls: type[Layer]) -> None:
    """Add what any layer may have."""
    chance = grown.random.random
    common = (
        {"trainable", "dtype", "activity_regularizer"} - cls.missing_base_arguments if issubclass(cls, Layer) else set()
    )
    if "trainable" in common and chance() < 0.06:
        item["trainable"] = False
    if "dtype" in common and chance() < 0.06:
        item["dtype"] = grown.random.choice(POLICIES)
    if issubclass(cls, Layer) and cls.quantizes and chance() < 0.2:
        item["dtype"] = grown.random.choice([name for name in QUANTIZED if name.startswith(cls.quantizes)])
    if "activity_regularizer" in common and chance() < 0.03:
        item["activity_regularizer"] = grown.arguments.object("regularizer")
    if chance() < 0.06:
        item["repeat"] = grown.random.randint(1, 3)
    elif chance() < 0.06:
        numbers = [key for key, value in item.items() if type(value) is int]
        if numbers:
            key = grown.random.choice(numbers)
            item[grown.random.choice(["each", "repeat"])] = {"it": [item[key], grown.random.randint(1, 3)]}
            item[key] = "$it"


def several(grown: Grown, name: str) -> Item | None:
    """Join tensors of one rank."""
    kind = grown.random.choice([*layers.FAMILIES["merging"], "ops.concatenate", "ops.stack", "ops.add", "ops.matmul"])
    return of_kind(grown, kind, name)


def shared(grown: Grown, name: str) -> Item | None:
    """Another call of an item above."""
    named = (
        [item for item in grown.spec["layers"] if item["type"] != "Input" and "share" not in item]
        if all("type" in item for item in grown.spec["layers"])
        else [item for item in grown.spec["layers"] if item.get("type", "Input") != "Input"]
    )
    if not named:
        return None
    origin = grown.random.choice(named)
    cls = layers.find(origin["type"])
    if cls is not None and not cls.allowed_in_sequential and grown.random.random() < 0.8:
        return None
    if not references(origin):
        return None
    sources = origin["from"]
    if isinstance(sources, str):
        sources = grown.like(sources) if grown.random.random() < 0.6 and sources in grown.tensors else grown.source()
    target = origin["name"] if "each" not in origin else f"{origin['name']}_1"
    return {"share": target, "name": name, "from": sources}


def decoder(grown: Grown, name: str) -> Item | None:
    """A recurrent layer that begins in the states of another."""
    found = []
    for item in grown.spec["layers"]:
        if item.get("return_state") is True and "repeat" not in item and "each" not in item:
            ports = [ref for ref in grown.tensors if ref.startswith(f"{item['name']}.") and "output" not in ref]
            found.append((item, ports))
    steps = [ref for ref, tensor in grown.tensors.items() if len(tensor.shape) == 3]
    if not found or not steps:
        if not steps:
            return None
        kind = grown.random.choice([*RECURRENT, "Bidirectional", "RNN"])
        source = grown.random.choice(steps)
        item = {"type": kind, "name": name, **grown.arguments.of(class_of(kind), grown.tensors[source]), "from": source}
        if kind == "Bidirectional":
            if isinstance(item["layer"], dict):
                item["layer"]["return_state"] = True
        else:
            item["return_state"] = True
        return item
    other, ports = grown.random.choice(found)
    source = grown.random.choice(steps)
    if other["type"] not in ("SimpleRNN", "LSTM", "GRU", "RNN", "Bidirectional"):
        return None
    units = {key: other[key] for key in ("units", "cell", "layer", "merge_mode", "backward_layer") if key in other}
    further = {
        key: value
        for key, value in grown.arguments.of(class_of(other["type"]), grown.tensors[source]).items()
        if key not in units and key not in ("layer", "cell", "backward_layer", "merge_mode")
    }
    return {
        "type": other["type"],
        "name": name,
        **further,
        **deepcopy(units),
        "from": {"sequences": source, "initial_state": ports},
    }


def scores(grown: Grown, name: str) -> Item | None:
    """A layer on the scores of an attention."""
    found = [
        item["name"]
        for item in grown.spec["layers"]
        if "type" in item and (cls := layers.find(item["type"])) is not None and cls.port_options and "each" not in item
    ]
    if not found:
        return None
    kind = grown.random.choice(["Identity", "Dropout", "ops.sum", "Softmax", "Flatten"])
    item = {"type": kind, "name": name, **grown.arguments.of(class_of(kind), Tensor((None, 2, 4, 4)))}
    return {**item, "from": f"{grown.random.choice(found)}.scores"}


def absent(grown: Grown, name: str) -> Item | None:
    """An item that is left out."""
    item = layer(grown, name)
    if item is None or not isinstance(item["from"], str) or "each" in item or "repeat" in item:
        return None
    return {**item, "when": False}
