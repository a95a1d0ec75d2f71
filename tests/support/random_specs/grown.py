"""A random spec while it grows: what stands in it, and what can be read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

import specc
from specc.shapes import Tensor
from tests.support.random_specs.kinds import INPUTS, Item
from tests.support.random_specs.values import Values


class Grown:
    """A spec that specc accepts, to which items are added for as long as it does."""

    def __init__(self, random: Random, folder: Path | None = None) -> None:
        self.random = random
        self.folder = folder
        """Where the files are that it includes; None if it must not include any."""
        self.spec: Item = {"layers": [], "blocks": {}, "vars": {}}
        self.tensors: dict[str, Tensor] = {}
        """What can be referred to."""
        self.unread: dict[str, None] = {}
        """References that nothing consumes so far."""
        self.refused: list[Item] = []
        self.surprises: list[str] = []
        self.arguments = Values(random)

    def input(self, name: str) -> None:
        """Add an Input."""
        shapes, dtypes = INPUTS[self.random.choice(list(INPUTS))]
        item: Item = {"type": "Input", "name": name, "shape": list(self.random.choice(shapes))}
        dtype = self.random.choice(dtypes)
        if dtype != "float32":
            item["dtype"] = dtype
        if self.random.random() < 0.1:
            item["batch_size"] = 3
        self.add(item)

    def add(self, *added: Item) -> bool:
        """Add items to the spec, if specc accepts it with all of them."""
        items = [*self.spec["layers"], *added]
        inputs = [each["name"] for each in items if each.get("type") == "Input"]
        probes = [{"type": "Identity", "name": f"{name}_used", "from": name} for name in inputs]
        spec = {**self.spec, "layers": [*items, *probes]}
        try:
            graph = specc.compile(read(spec, self.folder))
        except specc.CompileError:
            self.refused.append(spec)
            return False
        self.spec = {**self.spec, "layers": items}
        for item in added:
            self._note(item, graph)
        return True

    def _note(self, item: Item, graph: specc.TypedGraph) -> None:
        """What an item gives can be read from now on."""
        if item.get("when") is False:  # it stands for its input, and so reads nothing
            self.tensors[item["name"]] = self.tensors[item["from"]]
            return
        used = heads(item)
        for ref in [ref for ref in self.unread if heads(ref) & used]:
            del self.unread[ref]
        found = {ref: tensor for ref, tensor in self.outputs(item, graph) if tensor.shape}
        self.tensors |= found
        if found:
            self.unread[next(iter(found))] = None

    def outputs(self, item: Item, graph: specc.TypedGraph) -> Iterator[tuple[str, Tensor]]:
        """The references to what an item gives."""
        name = item["name"]
        if "$" in name:  # its copies have names of their own
            path = ("layers", self.spec["layers"].index(item))
            for node in (node for node in graph.nodes.values() if node.origin and node.origin.place.path == path):
                yield node.name, graph.tensors[node.name][0]
            return
        if "each" not in item and "repeat" not in item:
            yield from self.ports(name, graph)
            return
        made = {*graph.nodes, *graph.graph.instances}
        count = next(number for number in range(len(made) + 1) if f"{name}_{number + 1}" not in made)
        by_number = self.random.random() < 0.4
        for number in range(1, count + 1) if "each" in item else [count] * (count > 0):
            copy = f"{name}_{number}"
            called = f"{name}[{number - 1}]" if by_number else copy if "each" in item else name
            for ref, tensor in self.ports(copy, graph):
                yield ref.replace(copy, called, 1), tensor

    def ports(self, name: str, graph: specc.TypedGraph) -> Iterator[tuple[str, Tensor]]:
        """The references to what a layer, or one instance of a block, gives."""
        node = graph.nodes.get(name)
        if node is not None and not node.naming:
            yield name, graph.tensors[name][0]
            if len(graph.tensors[name]) > 1:
                for port, tensor in zip(node.layer.ports(node.options), graph.tensors[name], strict=True):
                    yield f"{name}.{port}", tensor
            return
        instance = graph.graph.instances.get(name)
        if instance is not None and self.random.random() < 0.5:
            given = [(port, refs) for port, refs in instance.outputs.items() if refs]
            yield from [(name, graph.tensor(refs[0])) for _, refs in given[:1] if len(refs) == 1]
            for port, refs in given:
                for number, ref in enumerate(refs):
                    copy = f"[{number}]" if len(refs) > 1 else ""
                    yield f"{name}.{port}{copy}", graph.tensor(ref)
            return
        for number, member in enumerate(n for n in graph.nodes if n.startswith(f"{name}.") and n.endswith("out")):
            if number == 0:
                yield name, graph.tensors[member][0]
            yield member, graph.tensors[member][0]

    def source(self) -> str:
        """A reference, most often to what nothing has read yet."""
        unread = list(self.unread)
        if unread and self.random.random() < 0.75:
            return self.random.choice(unread[-3:])
        return self.random.choice(list(self.tensors))

    def like(self, source: str) -> str:
        """Another tensor of that shape, or of that rank, or the same again."""
        tensor = self.tensors[source]
        alike = [
            ref for ref, other in self.tensors.items() if other.shape == tensor.shape and other.dtype == tensor.dtype
        ]
        near = [ref for ref, other in self.tensors.items() if len(other.shape) == len(tensor.shape)]
        return self.random.choice(alike if self.random.random() < 0.8 else near)


def references(item: Item) -> list[str]:
    """All references in an item's ``from``."""
    source = item.get("from", [])
    values = source.values() if isinstance(source, dict) else [source]
    return [ref for value in values for ref in ([value] if isinstance(value, str) else value)]


def read(spec: Item, folder: Path | None) -> specc.Spec:
    """The spec as if it stood in a file of the folder, whose files it can include."""
    read = specc.Spec.from_dict(spec)
    return read if folder is None else specc.Spec(replace(read.document, file=str(folder / "random.yaml")))


_HEAD = re.compile(r"\b((?:in|n|m|x)\d+(?:[a-z]\d*)?(?:_too)?)(?:_\d+)?\b")


def heads(part: object) -> set[str]:
    """The names of items that something refers to or might refer to, also in formulas, expressions and lists of names."""
    parts = part if isinstance(part, list) else [part]
    given = [{**it, "name": "", "description": ""} if isinstance(it, dict) else it for it in parts]
    return set(_HEAD.findall(json.dumps(given)))
