"""A model as a spec in which each call is an item: what a person would write who repeats everything."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from specc import layers
from specc.archive.reading.models import ReadCall, ReadModel, ReadNode, Source, sources_of
from specc.automatic_names import is_automatic
from specc.importing.item_names import distinct, distinct_of, is_counted, item_name, model_name
from specc.importing.masks import without_masks

Key = tuple[str, int]
"""A call: the name of its layer, and which of the layer's calls it is."""


HOLE = "TODO:"
"""What begins the description of an item in whose place a layer has to be written."""


def spec_of(model: ReadModel, keep_masks: bool = False) -> dict[str, Any]:
    """The spec of a model. ``keep_masks`` also writes the masks that layers have by themselves."""
    blocks = Blocks(keep_masks)
    body = _List(model, blocks)
    spec: dict[str, Any] = {}
    if not is_counted(model.name):
        spec["name"] = model_name(model.name)
    if model.policy != "float32":
        spec["dtype_policy"] = model.policy
    items, outputs = body.items(), body.outputs()
    if blocks.written:
        spec["blocks"] = blocks.written
    if body.is_frozen:
        spec["freeze"] = ["*"]
    spec["layers"] = items
    if outputs is not None:
        spec["outputs"] = outputs
    if model.training is not None:
        names = {name: wanted for (name, call), wanted in body.names.items() if not call}
        spec["compile"] = {key: _by_output(value, names) for key, value in model.training.items()}
    return spec


def _by_output(value: Any, names: dict[str, str]) -> Any:
    """An argument of ``compile``, with the outputs' names in the spec."""
    if not isinstance(value, dict) or "type" in value:
        return value
    return {names.get(output, output): item for output, item in value.items()}


class Blocks:
    """The blocks that nested models become; equal models are one block."""

    def __init__(self, keep_masks: bool) -> None:
        self.written: dict[str, Any] = {}
        self.keep_masks = keep_masks

    def name_of(self, model: ReadModel, name: str) -> str:
        """The block of a nested model."""
        inside = _List(model, self, is_block=True)
        items, outputs = inside.items(), inside.block_outputs()
        inputs = [inside.names[source.layer, source.call] for source in model.inputs]
        block = {"inputs": inputs, "layers": items, "outputs": outputs}
        for known, other in self.written.items():
            if other == block:
                return known
        base = item_name(name) or "model"
        found, count = base, 1
        while found in self.written or layers.find(found) is not None:
            count += 1
            found = f"{base}_{count}"
        self.written[found] = block
        return found


class _List:
    """The items of a model or a block."""

    def __init__(self, model: ReadModel, blocks: Blocks, is_block: bool = False) -> None:
        self.model = model = model if blocks.keep_masks else without_masks(model)
        self.blocks = blocks
        self._is_block = is_block
        self.is_frozen = is_frozen(model)
        self.order = list(_order(model))
        self._needed = self._referred()
        first = distinct(name for name, index in self.order if not index)
        self.names = {(name, 0): wanted for name, wanted in first.items()}
        taken = set(first.values())
        for name, index in self.order:
            if index:
                base = wanted = f"{first[name]}_{index}"
                count = 1
                while wanted in taken:
                    count += 1
                    wanted = f"{base}_{count}"
                self.names[name, index] = wanted
                taken.add(wanted)

    def _before(self) -> Iterator[tuple[Key, Key | None]]:
        """Each call with the one before it, which it takes if it does not say otherwise."""
        before: Key | None = None
        for key in self.order:
            if not self._is_block or self.model.nodes[key[0]].type != "Input":
                yield key, before
            elif len(self.model.inputs) > 1:
                continue
            before = key

    def _referred(self) -> set[Key]:
        """The calls that are referred to by their names."""
        found: set[Key] = set()
        for key, before in self._before():
            call = self._call(key)
            if key[1]:
                found.add((key[0], 0))  # it is shared
            if call is not None and not self._is_next(call, before):
                found |= {(source.layer, source.call) for source in call.sources()}
        if self._is_block or not self._ends_clearly():
            found |= {(source.layer, source.call) for source in sources_of(self.model.outputs)}
        return found

    def _call(self, key: Key) -> ReadCall | None:
        calls = self.model.nodes[key[0]].calls
        return calls[key[1]] if calls else None

    def _is_next(self, call: ReadCall, before: Key | None) -> bool:
        """Whether a call takes just what the item before it gives."""
        sources = list(call.sources())
        if len(sources) != 1 or before is None or isinstance(next(iter(call.tensors.values())), list):
            return False
        return sources[0] == Source(*before, 0)

    # -- Items --------------------------------------------------------------------------------

    def items(self) -> list[Any]:
        """The items in an order in which each follows what it takes."""
        return [self._item(key, before) for key, before in self._before()]

    def _item(self, key: Key, before: Key | None) -> Any:
        node, call = self.model.nodes[key[0]], self._call(key)
        name = self.names[key]
        item: dict[str, Any]
        if key[1]:
            item = {"share": self.names[node.name, 0]}
            kind = f"{node.name}_call"
        else:
            kind = node.type if node.model is None else self.blocks.name_of(node.model, node.model.name or node.name)
            item = {"type": kind}
        if key in self._needed or node.hole or not is_automatic(name, kind):
            item["name"] = name
        if not key[1]:
            item |= self._own(node)
            if node.hole:
                item["description"] = f"{HOLE} {node.hole} stood here".replace('"', "")
        if call is not None:
            if not self._is_next(call, before):
                item["from"] = self._from(node, call)
            if call.options:
                item["call"] = call.options
        return item["type"] if item.keys() == {"type"} else item

    def _own(self, node: ReadNode) -> dict[str, Any]:
        """What an item says of its layer, or of its model."""
        if node.model is not None:
            return {"nested": True} | ({"trainable": False} if is_frozen(node.model) and not self.is_frozen else {})
        found: dict[str, Any] = self._arguments(node.arguments)
        return {key: value for key, value in found.items() if key != "trainable"} if self.is_frozen else found

    def _arguments(self, value: Any) -> Any:
        """Arguments in which models are the names of their blocks."""
        if isinstance(value, ReadModel):
            return self.blocks.name_of(value, value.name)
        if isinstance(value, dict):
            return {key: self._arguments(item) for key, item in value.items()}
        return [self._arguments(item) for item in value] if isinstance(value, list) else value

    def _from(self, node: ReadNode, call: ReadCall) -> Any:
        """What a call takes: by position where that says it all."""
        given = {
            name: [self._reference(it) for it in value] if isinstance(value, list) else self._reference(value)
            for name, value in call.tensors.items()
        }
        names = _open(node)
        filled = names[: len(given)]
        if list(given) == filled and all(isinstance(it, str) for it in given.values()):
            listed = list(given.values())
            return listed[0] if len(listed) == 1 else listed
        if len(given) == 1 and list(given) == filled:
            return next(iter(given.values()))
        return given

    def _reference(self, source: Source) -> str:
        name = self.names[source.layer, source.call]
        return f"{name}.{self._port(source)}" if source.output else name

    def _port(self, source: Source) -> str:
        """The name of an output that is not the first."""
        node = self.model.nodes[source.layer]
        if node.model is not None:
            names: list[str] = list(_List(node.model, self.blocks, is_block=True).block_outputs())
            return names[source.output]
        cls = layers.find(node.type)
        made = None if cls is None else cls.parse(node.arguments)[0]
        ports = () if made is None else made.ports(node.calls[source.call].options)
        return ports[source.output] if source.output < len(ports) else str(source.output)

    def outputs(self) -> Any:
        """What the spec lists as outputs; None if that is clear without."""
        if self._ends_clearly():
            return None
        found = self.model.outputs
        if isinstance(found, dict):
            return {name: self._reference(source) for name, source in found.items()}
        return [self._reference(source) for source in sources_of(found)]

    def block_outputs(self) -> Any:
        """The outputs of a block, each with a name of its own: a list if those are the items' names."""
        found = self.model.outputs
        given = [found[name] for name in sorted(found)] if isinstance(found, dict) else list(sources_of(found))
        references = [self._reference(source) for source in given]
        if isinstance(found, dict):
            return dict(zip(map(item_name, sorted(found)), references, strict=True))
        names = list(distinct_of(reference.replace(".", "_") for reference in references))
        is_plain = names == references and all(self.model.nodes[source.layer].calls for source in given)
        return names if is_plain else dict(zip(names, references, strict=True))

    def _ends_clearly(self) -> bool:
        """Whether the output is what only the last item gives."""
        return self.model.outputs == Source(*self.order[-1], 0) and self._all_are_read() and not self._is_block

    def _all_are_read(self) -> bool:
        """Whether nothing but the last item leads nowhere."""
        read = {
            (source.layer, source.call)
            for node in self.model.nodes.values()
            for call in node.calls
            for source in call.sources()
        }
        return all(key in read for key in self.order[:-1])


def is_frozen(model: ReadModel) -> bool:
    """Whether a model is frozen with all of its layers."""
    return not model.trainable and all(
        node.model is not None and is_frozen(node.model)
        if node.model is not None
        else node.arguments.get("trainable") is False
        for node in model.nodes.values()
        if node.type != "Input" and not node.type.startswith("ops.")
    )


def _open(node: ReadNode) -> list[str]:
    """The tensor arguments that ``from`` fills by position."""
    if node.model is not None:
        return [source.layer for source in node.model.inputs]
    cls = layers.find(node.type)
    assert cls is not None
    return [name for name in cls.tensor_names() if name not in node.arguments]


def _order(model: ReadModel) -> Iterator[Key]:
    """The inputs, and the calls, each after all that it takes; a line of layers is not left before its end."""
    keys = [(node.name, index) for node in model.nodes.values() for index in range(max(1, len(node.calls)))]
    waiting: dict[Key, int] = {}
    readers: dict[Key, list[Key]] = {key: [] for key in keys}
    for name, index in keys:
        node = model.nodes[name]
        needed = {(it.layer, it.call) for it in node.calls[index].sources()} if node.calls else set()
        if index:
            needed.add((name, index - 1))
        waiting[name, index] = len(needed)
        for key in needed:
            readers[key].append((name, index))
    inputs = [(source.layer, 0) for source in model.inputs]
    yield from inputs
    ready = [key for key in keys if not waiting[key] and key not in inputs][::-1]
    given = inputs[::-1]
    while ready or given:
        key = ready.pop() if ready else given.pop()
        if key not in inputs:
            yield key
        for reader in readers[key][::-1]:
            waiting[reader] -= 1
            if not waiting[reader]:
                ready.append(reader)
