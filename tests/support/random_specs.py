"""Random whole specs that are meant to be valid, for comparing what specc says of a model with the model.

A spec grows item by item: each new item is random but for its argument names, and stays only if specc accepts it.
What specc refuses on the way is kept too, since a refusal can be as wrong as an acceptance.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random
from typing import Any

import specc
from specc import layers, operations
from specc.arguments import in_words
from specc.calls import Argument
from specc.layers.base import Layer
from specc.policies import QUANTIZED
from specc.shapes import Shape, Tensor
from tests.support import random_tops

Item = dict[str, Any]

INPUTS: dict[str, tuple[list[tuple[int | None, ...]], list[str]]] = {
    "image": ([(8, 8, 3), (6, 10, 4), (9, 9, 1), (12, 7, 2)], ["float32"] * 6 + ["float16", "uint8"]),
    "sequence": ([(6, 4), (5, 8), (9, 3), (None, 4), (1, 2)], ["float32"] * 6 + ["float64", "bfloat16"]),
    "vector": ([(4,), (8,), (1,), (6,)], ["float32"] * 6 + ["int32", "bool", "float16"]),
    "tokens": ([(6,), (5,), (None,)], ["int32", "int64", "int32", "float32"]),
    "volume": ([(4, 5, 4, 2), (3, 6, 6, 3)], ["float32"]),
    "frames": ([(3, 6, 6, 2)], ["float32"]),
    "long": ([(40,), (30, 2)], ["float32"]),
    "text": ([(), (3,)], ["string"]),
}
"""What enters a model: shapes without the batch axis, and dtypes."""

POLICIES = ["float32"] * 8 + ["mixed_float16", "mixed_bfloat16", "float64", "bfloat16", "float16"]
RECURRENT = ["SimpleRNN", "LSTM", "GRU"]
CELLS = ["SimpleRNNCell", "LSTMCell", "GRUCell"]
NO_LAYERS = frozenset({"Input", *CELLS, "StackedRNNCells"})
"""Types that are no layers of their own, or that come in otherwise."""
OFTEN = (
    "core",
    "convolutional",
    "rnn",
    "wrappers",
    "multi_head_attention",
    "attention",
    "normalization",
    "merging",
    "reshaping",
    "pooling",
)
"""Families whose layers have weights, states or several inputs, or that lead to the shapes that these take."""
FAMILIES = [
    [name for name in names if name not in NO_LAYERS]
    for family, names in layers.FAMILIES.items()
    if family != "rnn_cells"
    for _ in range(3 if family in OFTEN else 1)
]
OPERATIONS = operations.names()


@dataclass
class Drawn:
    """A random spec; what was refused while it grew; and what should not have been refused but was."""

    spec: Item
    refused: list[Item] = field(default_factory=list)
    surprises: list[str] = field(default_factory=list)


def random_spec(seed: int) -> Drawn:
    """The spec of a seed."""
    return _Writer(Random(seed)).write(f"random_{seed}")


class _Writer:
    def __init__(self, random: Random) -> None:
        self.random = random
        self.spec: Item = {"layers": [], "blocks": {}, "vars": {}}
        self.tensors: dict[str, Tensor] = {}
        """What can be referred to."""
        self.unread: dict[str, None] = {}
        """References that nothing consumes so far."""
        self.refused: list[Item] = []
        self.surprises: list[str] = []
        self.arguments = Values(random)

    def write(self, name: str) -> Drawn:
        policy = self.random.choice(POLICIES)
        if policy != "float32":
            self.spec["dtype_policy"] = policy
        for number in range(self.random.choice([1, 1, 1, 2, 2, 3])):
            self._input(f"in{number}")
        wanted = self.random.randint(3, 25)
        for number in range(wanted):
            self._grow(f"n{number}")
        for leaf in [ref for ref in self.unread if ref.startswith("in")]:
            self._try({"type": "Identity", "name": f"{leaf}_too", "from": leaf})
        self.spec["name"] = name
        self._finish()
        top = Random(name)  # one of its own, so that what is drawn above stays the same
        if top.random() < 0.3:
            self._rewrite("descriptions", lambda spec: random_tops.described(spec, top))
        if top.random() < 0.3:
            self._rewrite("freeze", lambda spec: random_tops.frozen(spec, top))
        return Drawn(self.spec, self.refused, self.surprises)

    # -- Growing ------------------------------------------------------------------------------

    def _input(self, name: str) -> None:
        shapes, dtypes = INPUTS[self.random.choice(list(INPUTS))]
        item: Item = {"type": "Input", "name": name, "shape": list(self.random.choice(shapes))}
        dtype = self.random.choice(dtypes)
        if dtype != "float32":
            item["dtype"] = dtype
        if self.random.random() < 0.1:
            item["batch_size"] = 3
        self._try(item)

    def _grow(self, name: str) -> None:
        """Add an item: draw until specc accepts one."""
        draws: list[tuple[float, Callable[[str], Item | None]]] = [
            (10, self._layer),
            (4, self._operation),
            (2, self._several),
            (1.5, self._shared),
            (1.5, self._instance),
            (1, self._decoder),
            (1, self._scores),
            (1, self._absent),
        ]
        for _ in range(40):
            (draw,) = self.random.choices([draw for _, draw in draws], [weight for weight, _ in draws])
            item = draw(name)
            if item is not None and self._try(item):
                return

    def _try(self, item: Item) -> bool:
        """Add an item to the spec, if specc accepts it."""
        items = [*self.spec["layers"], item]
        inputs = [each["name"] for each in items if each.get("type") == "Input"]
        probes = [{"type": "Identity", "name": f"{name}_used", "from": name} for name in inputs]
        spec = {**self.spec, "layers": [*items, *probes]}
        try:
            graph = specc.compile(spec)
        except specc.CompileError:
            self.refused.append(spec)
            return False
        self.spec = {**self.spec, "layers": items}
        if item.get("when") is False:  # it stands for its input, and so reads nothing
            self.tensors[item["name"]] = self.tensors[item["from"]]
            return True
        for ref in _references(item):
            self.unread.pop(ref, None)
            self.unread.pop(ref.split(".", 1)[0], None)
        found = dict(self._outputs(item, graph))
        self.tensors |= found
        if found:
            self.unread[next(iter(found))] = None
        return True

    def _outputs(self, item: Item, graph: specc.TypedGraph) -> Iterator[tuple[str, Tensor]]:
        """The references to what an item gives."""
        name = item["name"]
        lists = item["each"] if "each" in item else item.get("repeat")
        count = len(next(iter(lists.values()))) if isinstance(lists, dict) else lists
        if count is None:
            yield from self._ports(name, graph)
            return
        by_number = self.random.random() < 0.4
        for number in range(1, count + 1) if "each" in item else [count]:
            copy = f"{name}_{number}"
            called = f"{name}[{number - 1}]" if by_number else copy if "each" in item else name
            for ref, tensor in self._ports(copy, graph):
                yield ref.replace(copy, called, 1), tensor

    def _ports(self, name: str, graph: specc.TypedGraph) -> Iterator[tuple[str, Tensor]]:
        node = graph.nodes.get(name)
        if node is not None and not node.naming:
            yield name, graph.tensors[name][0]
            if len(graph.tensors[name]) > 1:
                for port, tensor in zip(node.layer.ports(node.options), graph.tensors[name], strict=True):
                    yield f"{name}.{port}", tensor
            return
        for number, member in enumerate(n for n in graph.nodes if n.startswith(f"{name}.") and n.endswith("out")):
            if number == 0:
                yield name, graph.tensors[member][0]
            yield member, graph.tensors[member][0]

    # -- Items --------------------------------------------------------------------------------

    def _source(self) -> str:
        """A reference, most often to what nothing has read yet."""
        unread = list(self.unread)
        if unread and self.random.random() < 0.75:
            return self.random.choice(unread[-3:])
        return self.random.choice(list(self.tensors))

    def _layer(self, name: str) -> Item | None:
        return self._item(self.random.choice(self.random.choice(FAMILIES)), name)

    def _operation(self, name: str) -> Item | None:
        return self._item(self.random.choice(OPERATIONS), name)

    def _item(self, kind: str, name: str) -> Item | None:
        cls: Any = layers.find(kind)
        source = self._source()
        item = {"type": kind, "name": name, **self.arguments.of(cls, self.tensors[source])}
        given = self._wiring(cls.tensors, source, item)
        item["from"] = given
        self._decorate(item, cls)
        if kind == "RandomCrop":
            item.setdefault("seed", 7)  # without one, Keras draws it when the layer is made
        if cls.options and self.random.random() < 0.1:
            option = self.random.choice(list(cls.options))
            item["call"] = {option: self.random.random() < 0.5}
        return item

    def _wiring(self, tensors: tuple[Argument, ...], source: str, item: Item) -> Any:
        """A ``from`` for a layer with these tensor arguments, most of all the first."""
        chosen: dict[str, Any] = {}
        for position, argument in enumerate(tensors):
            if argument.name in item:  # a constant stands for it
                continue
            wanted = argument.required or position == 0 or self.random.random() < 0.2
            if not wanted:
                continue
            if argument.many:
                most = argument.most or 4
                count = self.random.randint(argument.least, max(argument.least, min(most, 3)))
                chosen[argument.name] = [source, *(self._like(source) for _ in range(count - 1))]
            else:
                chosen[argument.name] = source if not chosen else self._like(source)
        if list(chosen) == [argument.name for argument in tensors][: len(chosen)] and self.random.random() < 0.8:
            values = list(chosen.values())
            if len(values) == 1:
                return values[0]
            if not any(isinstance(value, list) for value in values):
                return values
        return chosen

    def _like(self, source: str) -> str:
        """Another tensor of that shape, or of that rank, or the same again."""
        tensor = self.tensors[source]
        alike = [
            ref for ref, other in self.tensors.items() if other.shape == tensor.shape and other.dtype == tensor.dtype
        ]
        near = [ref for ref, other in self.tensors.items() if len(other.shape) == len(tensor.shape)]
        return self.random.choice(alike if self.random.random() < 0.8 else near)

    def _decorate(self, item: Item, cls: type[Layer]) -> None:
        """Add what any layer may have."""
        chance = self.random.random
        common = (
            {"trainable", "dtype", "activity_regularizer"} - cls.missing_base_arguments
            if issubclass(cls, Layer)
            else set()
        )
        if "trainable" in common and chance() < 0.06:
            item["trainable"] = False
        if "dtype" in common and chance() < 0.06:
            item["dtype"] = self.random.choice(POLICIES)
        if issubclass(cls, Layer) and cls.quantizes and chance() < 0.2:
            item["dtype"] = self.random.choice([name for name in QUANTIZED if name.startswith(cls.quantizes)])
        if "activity_regularizer" in common and chance() < 0.03:
            item["activity_regularizer"] = self.arguments.object("regularizer")
        if chance() < 0.06:
            item["repeat"] = self.random.randint(1, 3)
        elif chance() < 0.06:
            numbers = [key for key, value in item.items() if type(value) is int]
            if numbers:
                key = self.random.choice(numbers)
                item[self.random.choice(["each", "repeat"])] = {"it": [item[key], self.random.randint(1, 3)]}
                item[key] = "$it"

    def _several(self, name: str) -> Item | None:
        """Join tensors of one rank."""
        kind = self.random.choice(
            [*layers.FAMILIES["merging"], "ops.concatenate", "ops.stack", "ops.add", "ops.matmul"]
        )
        return self._item(kind, name)

    def _shared(self, name: str) -> Item | None:
        named = (
            [item for item in self.spec["layers"] if item["type"] != "Input" and "share" not in item]
            if all("type" in item for item in self.spec["layers"])
            else [item for item in self.spec["layers"] if item.get("type", "Input") != "Input"]
        )
        if not named:
            return None
        shared = self.random.choice(named)
        cls = layers.find(shared["type"])
        if cls is not None and not cls.allowed_in_sequential and self.random.random() < 0.8:
            return None
        first = _references(shared)
        if not first:
            return None
        sources = shared["from"]
        if isinstance(sources, str):
            sources = self._like(sources) if self.random.random() < 0.6 and sources in self.tensors else self._source()
        target = shared["name"] if "each" not in shared else f"{shared['name']}_1"
        return {"share": target, "name": name, "from": sources}

    def _decoder(self, name: str) -> Item | None:
        """A recurrent layer that begins in the states of another."""
        found = []
        for item in self.spec["layers"]:
            if item.get("return_state") is True and "repeat" not in item and "each" not in item:
                ports = [ref for ref in self.tensors if ref.startswith(f"{item['name']}.") and "output" not in ref]
                found.append((item, ports))
        steps = [ref for ref, tensor in self.tensors.items() if len(tensor.shape) == 3]
        if not found or not steps:
            if not steps:
                return None
            kind = self.random.choice([*RECURRENT, "Bidirectional", "RNN"])
            source = self.random.choice(steps)
            item = {"type": kind, "name": name, **self.arguments.of(_class(kind), self.tensors[source]), "from": source}
            if kind == "Bidirectional":
                if isinstance(item["layer"], dict):
                    item["layer"]["return_state"] = True
            else:
                item["return_state"] = True
            return item
        other, ports = self.random.choice(found)
        source = self.random.choice(steps)
        if other["type"] not in ("SimpleRNN", "LSTM", "GRU", "RNN", "Bidirectional"):
            return None
        units = {key: other[key] for key in ("units", "cell", "layer", "merge_mode", "backward_layer") if key in other}
        further = {
            key: value
            for key, value in self.arguments.of(_class(other["type"]), self.tensors[source]).items()
            if key not in units and key not in ("layer", "cell", "backward_layer", "merge_mode")
        }
        return {
            "type": other["type"],
            "name": name,
            **further,
            **deepcopy(units),
            "from": {"sequences": source, "initial_state": ports},
        }

    def _scores(self, name: str) -> Item | None:
        """A layer on the scores of an attention."""
        found = [
            item["name"]
            for item in self.spec["layers"]
            if "type" in item
            and (cls := layers.find(item["type"])) is not None
            and cls.port_options
            and "each" not in item
        ]
        if not found:
            return None
        kind = self.random.choice(["Identity", "Dropout", "ops.sum", "Softmax", "Flatten"])
        item = {"type": kind, "name": name, **self.arguments.of(_class(kind), Tensor((None, 2, 4, 4)))}
        return {**item, "from": f"{self.random.choice(found)}.scores"}

    def _absent(self, name: str) -> Item | None:
        """An item that is left out."""
        item = self._layer(name)
        if item is None or not isinstance(item["from"], str) or "each" in item or "repeat" in item:
            return None
        return {**item, "when": False}

    # -- Blocks -------------------------------------------------------------------------------

    def _instance(self, name: str) -> Item | None:
        source = self._source()
        if not self.spec["blocks"] or self.random.random() < 0.4:
            block = self._block(self.tensors[source])
            if block is None:
                return None
            kind = f"block{len(self.spec['blocks'])}"
            self.spec["blocks"] = {**self.spec["blocks"], kind: block}
        kind = self.random.choice(list(self.spec["blocks"]))
        block = self.spec["blocks"][kind]
        chance = self.random.random
        item = {"type": kind, "name": name}
        for argument, default in block["args"].items():
            if default is None or chance() < 0.5:
                item[argument] = self.random.randint(1, 4)
        sources = [source, *(self._like(source) for _ in block["inputs"][1:])]
        item["from"] = source if len(sources) == 1 else dict(zip(block["inputs"], sources, strict=True))
        if chance() < 0.4:
            item["nested"] = True
            if chance() < 0.2:
                item["call"] = {"training": chance() < 0.5}
        if chance() < 0.2:
            item["repeat"] = self.random.randint(1, 3)
        elif chance() < 0.1:
            item["each"] = {"it": [1, 2]}
            numbers = [key for key in item if key in block["args"]]
            if numbers:
                item[numbers[0]] = "$it"
        if chance() < 0.1:
            item["trainable"] = False
        if chance() < 0.1:
            item["dtype"] = self.random.choice(POLICIES)
        return item

    def _block(self, tensor: Tensor) -> Item | None:
        """A block that can be called on a tensor: grown on an Input of its own, whose place its inputs take."""
        if tensor.dtype == "string" or not tensor.shape:
            return None
        writer = _Writer(self.random)
        writer.spec["blocks"] = {}
        if "dtype_policy" in self.spec:
            writer.spec["dtype_policy"] = self.spec["dtype_policy"]
        count = self.random.choice([1, 1, 1, 2])
        for number in range(count):
            given = {"batch_shape": list(tensor.shape), "dtype": tensor.dtype}
            writer._try({"type": "Input", "name": f"x{number}", **given})
        for number in range(self.random.randint(1, 4)):
            for _ in range(20):
                item = self.random.choice([writer._layer, writer._layer, writer._operation, writer._several])(
                    f"m{number}"
                )
                if item is not None and writer._try(item):
                    break
        items = writer.spec["layers"][count:]
        leaves = [ref for ref in writer.unread if not ref.startswith("x")]
        unused = [ref for ref in writer.unread if ref.startswith("x")]
        if not leaves:
            return None
        outs = []
        for number, leaf in enumerate(leaves):
            out = f"{number}out"
            items = [*items, {"type": "Identity", "name": out, "from": leaf}]
            outs.append(out)
        for number, leaf in enumerate(unused):
            items = [*items, {"type": "Activation", "activation": "relu", "name": f"u{number}out", "from": leaf}]
            outs.append(f"u{number}out")
        args: dict[str, Any] = {}
        for item in items:
            for key, value in item.items():
                if type(value) is int and key in ("units", "filters", "output_dim") and self.random.random() < 0.5:
                    argument = f"{key}_{item['name']}"
                    args[argument] = self.random.choice([None, value])
                    item[key] = f"${argument}"
        outputs: Any = outs
        if self.random.random() < 0.3:
            outputs = {f"port{number}": out for number, out in enumerate(outs)}
        return {"args": args, "inputs": [f"x{number}" for number in range(count)], "layers": items, "outputs": outputs}

    # -- Finishing ----------------------------------------------------------------------------

    def _finish(self) -> None:
        """Write the same spec in other ways; none may change whether specc accepts it."""
        for part in ("blocks", "vars"):
            if not self.spec[part]:
                del self.spec[part]
        chance = self.random.random
        if chance() < 0.3:
            self._rewrite("vars", self._with_vars)
        if chance() < 0.5:
            self._rewrite("outputs", self._with_outputs)
        if chance() < 0.25:
            self._rewrite("edges", self._with_edges)
        elif chance() < 0.5:
            self._rewrite("implicit", self._implicit)
        if chance() < 0.4:
            self._rewrite("automatic names", self._unnamed)
        if chance() < 0.5:
            self._train()
        if chance() < 0.1:
            kind = self.random.choice(["Dense", "Conv2D", "LSTM"])
            self._optional({**self.spec, "defaults": {kind: {"use_bias": False}}})

    def _rewrite(self, how: str, rewrite: Callable[[Item], Item | None]) -> None:
        spec = rewrite(deepcopy(self.spec))
        if spec is None:
            return
        try:
            specc.compile(spec)
        except specc.CompileError as error:
            self.surprises.append(f"{how}: {error}\n{spec}")
            return
        self.spec = spec

    def _optional(self, spec: Item) -> None:
        """Take a spec that need not be valid if it is."""
        if not any(diagnostic.severity == "error" for diagnostic in specc.check(spec)):
            self.spec = spec

    def _with_vars(self, spec: Item) -> Item | None:
        values = spec.setdefault("vars", {})
        for item in spec["layers"]:
            for key, value in item.items():
                if type(value) in (int, bool, float) and key != "each" and self.random.random() < 0.3:
                    name = f"v{len(values)}"
                    values[name] = value
                    whole = type(value) is int
                    item[key] = self.random.choice([f"${name}", f"$({name} * 2 // 2)"]) if whole else f"${name}"
        return spec if values else None

    def _with_outputs(self, spec: Item) -> Item | None:
        graph = specc.compile(spec)
        consumed = {ref for item in spec["layers"] for ref in _references(item)}
        outputs = [output.name for output in graph.graph.outputs]
        outputs = list(
            dict.fromkeys(
                re.sub(r"^(n\d+)_\d+$", r"\1", name) if name not in self.tensors else name for name in outputs
            )
        )
        absent = {item["name"] for item in spec["layers"] if item.get("when") is False}
        if any(name not in self.tensors or name in absent for name in outputs) or any(
            "each" in item for item in spec["layers"]
        ):
            return None
        further = [
            ref
            for ref in self.tensors
            if ref in consumed and re.split(r"[.\[]", ref)[0] not in absent and not ref.startswith("in")
        ]
        for ref in self.random.sample(further, min(len(further), self.random.choice([0, 0, 1, 2]))):
            if ref not in outputs and f"{ref}.output" not in outputs and ref.removesuffix(".output") not in outputs:
                outputs.append(ref)
        if self.random.random() < 0.4:
            return {**spec, "outputs": {f"label{number}": ref for number, ref in enumerate(outputs)}}
        return {**spec, "outputs": outputs}

    def _with_edges(self, spec: Item) -> Item | None:
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

    def _implicit(self, spec: Item) -> Item | None:
        items = spec["layers"]
        for above, item in pairwise(items):
            if item.get("from") == above["name"] and self.random.random() < 0.8:
                del item["from"]
        return spec

    def _unnamed(self, spec: Item) -> Item | None:
        used = {ref for item in spec["layers"] for ref in _references(item)}
        used |= {item["share"] for item in spec["layers"] if "share" in item}
        outputs = spec.get("outputs", [])
        used |= set(outputs.values() if isinstance(outputs, dict) else outputs)
        for edge in spec.get("edges", ()):
            used |= set(edge.values() if isinstance(edge, dict) else edge)
        firsts = {re.split(r"[.\[]", ref)[0] for ref in used}
        heads = {part for first in firsts for part in (first, re.sub(r"_\d+$", "", first))}
        for item in spec["layers"]:
            if item["name"] not in heads and item.get("when") is not False and self.random.random() < 0.6:
                del item["name"]
                if list(item) == ["type"]:
                    spec["layers"][spec["layers"].index(item)] = item["type"]
        return spec

    def _train(self) -> None:
        graph = specc.compile(self.spec)
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
            "optimizer": self.random.choice(
                [
                    "adam",
                    {"type": "SGD", "learning_rate": 0.01, "momentum": 0.9},
                    "RMSprop",
                    {"type": "AdamW", "weight_decay": 0.01},
                ]
            )
        }
        section["loss"] = {name: self.random.choice(losses) for name in names}
        if self.random.random() < 0.5:
            section["loss_weights"] = dict.fromkeys(names, 0.5)
        if self.random.random() < 0.5:
            section["metrics"] = {
                name: self.random.choice([["mae"], ["mse", "mae"], "mean_squared_error"]) for name in names
            }
        self._optional({**self.spec, "compile": section})


def _class(kind: str) -> Any:
    found = layers.find(kind)
    assert found is not None
    return found


def _references(item: Item) -> list[str]:
    """All references in an item's ``from``."""
    source = item.get("from", [])
    values = source.values() if isinstance(source, dict) else [source]
    return [ref for value in values for ref in ([value] if isinstance(value, str) else value)]


# -- Arguments -----------------------------------------------------------------------------------


class Values:
    """Draws arguments for a layer that is called on a tensor: by the argument's name, else by its type in words."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.shape: Shape = ()
        self.dtype = "float32"

    def of(self, cls: type[Layer], tensor: Tensor) -> Item:
        """The required arguments, and a few others."""
        self.shape, self.dtype = tensor.shape, tensor.dtype
        given: Item = {}
        often = self.random.choice([0.02, 0.1, 0.25])
        for name, argument in cls.argument_fields().items():
            own = name == "dtype" and argument.is_required()
            if name in ("name", "trainable", "dtype", "activity_regularizer") and not own:
                continue
            chance = 0.5 if name in OFTEN_GIVEN else often
            if argument.is_required() or name in ALWAYS_GIVEN or self.random.random() < chance:
                given[name] = self._value(name, in_words(argument), cls)
        return given

    def object(self, kind: str) -> Any:
        """An initializer, a regularizer...: its name, or a map."""
        return deepcopy(self.random.choice(OBJECTS[kind]))

    def _value(self, name: str, words: str, cls: type[Layer]) -> Any:
        random = self.random
        if "or null" in words and random.random() < 0.08:
            return None
        special = getattr(self, f"_{name}", None)
        if special is not None:
            return special(cls)
        for kind in OBJECTS:
            if words.split(" or null", maxsplit=1)[0] in (f"an {kind}", f"a {kind}"):
                return self.object(kind)
        options: list[Any] = re.findall(r'"([^"]+)"', words)
        if "true or false" in words:
            options += [True, False]
        if options:
            return random.choice(options)
        if words.startswith("an axis") or "of axes" in words:
            return self._axis(cls)
        if "least and the greatest" in words:
            return random.choice([[0, 255], [0.0, 1.0]])
        if words.startswith("a positive integer"):
            if "list of 2" in words and random.random() < 0.3:
                return [random.randint(1, 3), random.randint(1, 3)]
            return random.randint(1, 3)
        if "integer of 0 or more" in words:
            return random.randint(0, 2)
        if words.startswith("an integer from"):
            return random.randint(1, 4)
        if words.startswith("an integer"):
            return random.randint(-2, 3)
        if "a number" in words:
            return random.choice([0.1, 0.25, 0.5, 0.9])
        if "a string" in words:
            return "utf-8"
        return random.randint(1, 3)

    # -- By name ------------------------------------------------------------------------------

    def _some_size(self) -> int:
        return self.random.choice([1, 2, 3, 4, 6, 8])

    def _spatial(self, cls: type[Layer]) -> int:
        found = re.search(r"([123])D", cls.__name__)
        return int(found[1]) if found else max(1, len(self.shape) - 2)

    def _sizes(self, cls: type[Layer], most: int) -> Any:
        if self.random.random() < 0.7:
            return self.random.randint(1, most)
        sizes = [self.random.randint(1, most) for _ in range(self._spatial(cls))]
        return sizes if len(sizes) > 1 else sizes[0]

    def _units(self, cls: type[Layer]) -> int:
        return self._some_size()

    _filters = _output_dim = _units

    def _kernel_size(self, cls: type[Layer]) -> Any:
        return self._sizes(cls, 3)

    def _pool_size(self, cls: type[Layer]) -> Any:
        return self._sizes(cls, 2)

    _strides = _pool_size

    def _dilation_rate(self, cls: type[Layer]) -> Any:
        return self.random.choice([1, 1, 2])

    def _groups(self, cls: type[Layer]) -> int:
        channels = self.shape[-1] if self.shape else 1
        return self.random.choice([1, 2, channels or 1])

    def _data_format(self, cls: type[Layer]) -> str:
        return self.random.choice(["channels_last"] * 4 + ["channels_first"])

    def _padding(self, cls: type[Layer]) -> Any:
        if not cls.__name__.startswith("ZeroPadding"):
            return self.random.choice(["same", "valid"])
        return self._margins(cls)

    def _margins(self, cls: type[Layer]) -> Any:
        draw = self.random.randint
        count = self._spatial(cls)
        if self.random.random() < 0.4:
            return draw(0, 2)
        if count == 1:
            return [draw(0, 2), draw(0, 1)]
        return [[draw(0, 2), draw(0, 1)] for _ in range(count)]

    _cropping = _margins

    def _axis(self, cls: type[Layer]) -> int:
        rank = max(1, len(self.shape))
        axis: int = self.random.choice([-1, -1, *range(1, rank), self.random.randrange(-rank, rank)])
        return axis

    _axis1 = _axis2 = _axisa = _axisb = _axisc = _source = _destination = _axis

    def _axes(self, cls: type[Layer]) -> Any:
        rank = len(self.shape)
        if cls.__name__ == "Transpose":
            return self.random.choice([[0, *self._permutation(rank)], list(reversed(range(rank)))])
        return self.random.choice([1, 2, -1, [1, 1], [2, 1], [1, 2], [-1, -2]])

    def _shared_axes(self, cls: type[Layer]) -> Any:
        rank = len(self.shape)
        return [axis for axis in range(1, rank) if self.random.random() < 0.6] or [1]

    def _permutation(self, rank: int) -> list[int]:
        return self.random.sample(range(1, rank), max(0, rank - 1))

    def _dims(self, cls: type[Layer]) -> list[int]:
        return self._permutation(len(self.shape))

    def _target_shape(self, cls: type[Layer]) -> list[int]:
        sizes = self.shape[1:]
        if None in sizes or not sizes:
            return [-1, self._some_size()]
        total = math.prod(size for size in sizes if size is not None)
        divisors = [number for number in range(1, total + 1) if total % number == 0]
        first = self.random.choice(divisors)
        second = self.random.choice([number for number in divisors if (total // first) % number == 0])
        shape = self.random.choice([[total], [first, total // first], [first, second, total // first // second]])
        if self.random.random() < 0.3:
            shape[self.random.randrange(len(shape))] = -1
        return shape

    def _newshape(self, cls: type[Layer]) -> list[int]:
        return [-1, *(size if size > 0 else 1 for size in self._target_shape(cls))]

    def _rate(self, cls: type[Layer]) -> float:
        return self.random.choice([0.0, 0.1, 0.5])

    _dropout = _recurrent_dropout = _rate

    def _input_dim(self, cls: type[Layer]) -> int:
        return self.random.randint(2, 20)

    def _equation(self, cls: type[Layer]) -> str:
        letters = "abcdefgh"[1 : len(self.shape)]
        return f"a{letters},{letters[-1:]}z->a{letters[:-1]}z"

    def _bias_axes(self, cls: type[Layer]) -> str:
        return "z"

    def _output_shape(self, cls: type[Layer]) -> Any:
        if cls.__name__ == "EinsumDense":
            return [*self.shape[1:-1], self._some_size()]
        return self._some_size()

    def _vocabulary(self, cls: type[Layer]) -> list[Any]:
        return [1, 2, 5] if cls.__name__ == "IntegerLookup" else ["a", "b", "c d"]

    def _bin_boundaries(self, cls: type[Layer]) -> list[float]:
        return [0.0, 0.5, 1.0]

    def _num_tokens(self, cls: type[Layer]) -> int:
        return self.random.randint(2, 12)

    def _mean(self, cls: type[Layer]) -> Any:
        return 0.5

    _variance = _mean

    def _max_tokens(self, cls: type[Layer]) -> int:
        return self.random.randint(5, 12)

    def _encoding(self, cls: type[Layer]) -> str:
        return "utf-8"

    def _mask_token(self, cls: type[Layer]) -> Any:
        return 0 if cls.__name__ == "IntegerLookup" else ""

    def _oov_token(self, cls: type[Layer]) -> Any:
        return -1 if cls.__name__ == "IntegerLookup" else "[UNK]"

    def _shape(self, cls: type[Layer]) -> list[int]:
        return [size or 2 for size in self.shape]

    def _pad_width(self, cls: type[Layer]) -> list[list[int]]:
        return [[0, 0], *([self.random.randint(0, 2), self.random.randint(0, 1)] for _ in self.shape[1:])]

    def _key(self, cls: type[Layer]) -> Any:
        return self.random.choice([[":", 0], [":", "1:"], [":", -1], [":", None], ["...", 0], ["...", ":2"]])

    def _start_indices(self, cls: type[Layer]) -> list[int]:
        return [0] * len(self.shape)

    def _subscripts(self, cls: type[Layer]) -> str:
        letters = "abcdefgh"[: len(self.shape)]
        return self.random.choice(
            [f"{letters},{letters}->{letters}", f"{letters}->{letters[:1]}", f"{letters}->{letters[::-1]}"]
        )

    def _indices_or_sections(self, cls: type[Layer]) -> Any:
        return self.random.choice([1, 2, 3, [1], [1, 2]])

    def _x1(self, cls: type[Layer]) -> Any:
        return self.random.choice([2, 0.5, True])

    _x2 = _x1

    def _frame_length(self, cls: type[Layer]) -> int:
        return 8

    def _fft_length(self, cls: type[Layer]) -> int:
        return self.random.choice([8, 16])

    def _sequence_stride(self, cls: type[Layer]) -> int:
        return 4

    def _window(self, cls: type[Layer]) -> str:
        return "hann"

    def _renorm_clipping(self, cls: type[Layer]) -> Any:
        return {"rmax": 2.0, "rmin": 0.5, "dmax": 1.0}

    def _noise_shape(self, cls: type[Layer]) -> Any:
        return [None if self.random.random() < 0.5 else 1 for _ in self.shape]

    def _value_range(self, cls: type[Layer]) -> list[float]:
        return self.random.choice([[0, 255], [0.0, 1.0]])

    def _kernel_constraint(self, cls: type[Layer]) -> Any:
        return self.object("constraint")

    # -- Layers inside ------------------------------------------------------------------------

    def _inner(self, kind: str, shape: Shape) -> Any:
        outer = self.shape
        given = Values(self.random).of(_class(kind), Tensor(shape, self.dtype))
        self.shape = outer
        return {"type": kind, **given} if given or self.random.random() < 0.5 else kind

    def _layer(self, cls: type[Layer]) -> Any:
        if cls.__name__ == "Bidirectional":
            kind = self.random.choice([*RECURRENT, "LSTM", "RNN", "ConvLSTM1D", "ConvLSTM2D"])
            return self._inner(kind, self.shape)
        if cls.__name__ == "SpectralNormalization":
            return self._inner(self.random.choice(["Dense", "Conv2D", "Conv1D", "Embedding"]), self.shape)
        kinds = [
            "Dense",
            "Dense",
            "Conv2D",
            "Conv1D",
            "LSTM",
            "Flatten",
            "BatchNormalization",
            "Embedding",
            "Dropout",
            "MaxPooling2D",
            "GlobalAveragePooling2D",
            "Reshape",
            "Bidirectional",
            "TimeDistributed",
        ]
        return self._inner(
            self.random.choice(kinds), (self.shape[0], *self.shape[2:]) if len(self.shape) > 2 else self.shape
        )

    def _backward_layer(self, cls: type[Layer]) -> Any:
        inner = self._inner(self.random.choice(RECURRENT), self.shape)
        return {**inner, "go_backwards": True} if isinstance(inner, dict) else inner

    def _cell(self, cls: type[Layer]) -> Any:
        one = [
            self._inner(self.random.choice([*CELLS, "StackedRNNCells"]), self.shape)
            for _ in range(self.random.choice([1, 1, 2]))
        ]
        return one[0] if len(one) == 1 else one

    def _cells(self, cls: type[Layer]) -> Any:
        return [self._inner(self.random.choice(CELLS), self.shape) for _ in range(self.random.choice([1, 2]))]

    def _layers(self, cls: type[Layer]) -> Any:
        kinds = ["RandomFlip", "Rescaling", "RandomRotation", "CenterCrop", "RandomContrast"]
        return [self._inner(self.random.choice(kinds), self.shape) for _ in range(self.random.choice([1, 2]))]


ALWAYS_GIVEN = ("vocabulary", "bin_boundaries", "mean", "variance", "idf_weights")
"""What a layer would otherwise have to learn from data before it runs."""
OFTEN_GIVEN = ("return_sequences", "return_state", "padding", "activation", "axis", "num_tokens", "x2")

OBJECTS: dict[str, list[Any]] = {
    "initializer": [
        "he_normal", "GlorotUniform", "zeros", "ones", "orthogonal", "lecun_uniform", "random_normal",
        {"type": "Constant", "value": 0.1}, {"type": "VarianceScaling", "scale": 2.0, "mode": "fan_out"},
        {"type": "RandomUniform", "minval": -0.1, "maxval": 0.1, "seed": 3}, {"type": "TruncatedNormal", "stddev": 0.02},
        {"type": "Orthogonal", "gain": 0.5}, "identity",
    ],
    "regularizer": [
        "l2", "L1", {"type": "L2", "l2": 1e-4}, {"type": "L1L2", "l1": 0.1, "l2": 0.2},
        {"type": "OrthogonalRegularizer", "factor": 0.1},
    ],
    "constraint": ["non_neg", "UnitNorm", {"type": "MaxNorm", "max_value": 2, "axis": 0}, {"type": "MinMaxNorm", "rate": 0.5}],
    "activation": ["relu", "tanh", "softmax", "gelu", "linear", "sigmoid", "swish", "log_softmax", "hard_silu"],
}  # fmt: skip
