"""A random spec while it grows: what stands in it, and what can be read."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import specc
from specc.shapes import Tensor
from tests.support.random_specs.kinds import INPUTS, Item
from tests.support.random_specs.values import Values


class Grown:
    """A spec that specc accepts, to which items are added for as long as it does."""

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

    def add(self, item: Item) -> bool:
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
        for ref in references(item):
            self.unread.pop(ref, None)
            self.unread.pop(ref.split(".", 1)[0], None)
        found = dict(self.outputs(item, graph))
        self.tensors |= found
        if found:
            self.unread[next(iter(found))] = None
        return True

    def outputs(self, item: Item, graph: specc.TypedGraph) -> Iterator[tuple[str, Tensor]]:
        """The references to what an item gives."""
        name = item["name"]
        lists = item["each"] if "each" in item else item.get("repeat")
        count = len(next(iter(lists.values()))) if isinstance(lists, dict) else lists
        if count is None:
            yield from self.ports(name, graph)
            return
        by_number = self.random.random() < 0.4
        for number in range(1, count + 1) if "each" in item else [count]:
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
