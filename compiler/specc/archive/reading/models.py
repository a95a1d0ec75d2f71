"""Models of Keras's files, read: the layers, and every call of them with what it takes from where.

The other direction of `specc.archive.writing.models`. Nothing is computed here: shapes are for a compiler of the spec to find.
Everything that is wrong is raised as ProblemsError, with paths that start at the file's object.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from specc import keras_signatures, layers
from specc.archive.reading import calls as read_calls
from specc.archive.reading.access import a_list, a_map, a_text, under, wrong
from specc.archive.reading.calls import ReadCall, Source, sources_of
from specc.archive.reading.layers import MODELS, read_input, read_layer
from specc.archive.reading.operations import Given, type_of
from specc.arguments.kinds import UNKNOWN_CODES
from specc.diagnostics.problem import Problem, ProblemsError
from specc.diagnostics.text_safety import quote_value
from specc.dtypes import FLOATX
from specc.policies import POLICIES
from specc.source import Path

__all__ = ["ReadCall", "ReadModel", "ReadNode", "Reader", "Source", "sources_of"]

MOST_CALLS = 100_000
MOST_UNKNOWN = 1_000
"""Classes that are not Keras's after which reading ends."""
DEEPEST_MODEL = 50
"""How deep models may be nested."""


@dataclass(eq=False, slots=True)
class ReadNode:
    """A layer, an operation or a nested model, and its calls."""

    name: str
    type: str
    """As a spec has it; empty for a nested model."""
    arguments: dict[str, Any]
    calls: list[ReadCall]
    model: ReadModel | None = None
    path: Path = ()
    outputs: int | None = 1
    """How many tensors a call gives; None if that is not known here."""
    hole: str = ""
    """What it is in the file, if a spec cannot have it and something else stands in its place."""


@dataclass(eq=False, slots=True)
class ReadModel:
    """A model."""

    name: str
    is_sequential: bool
    nodes: dict[str, ReadNode]
    """By name, in the file's order."""
    inputs: list[Source]
    outputs: Any
    """A source, a list of sources, or a dict of them."""
    policy: str
    keys: list[str] | None = None
    """The keys of the inputs, in their order, if the model takes them in a map."""
    trainable: bool = True
    training: dict[str, Any] | None = None
    """The ``compile`` section, which `specc.archive.reading.training` reads."""


class Reader:
    """Reads the models of one file.

    With ``holes``, a layer that is not one of Keras's becomes an Identity; otherwise it is an error.
    """

    def __init__(self, holes: bool = False) -> None:
        self.unknown: list[Problem] = []
        """What is not one of Keras's classes, each at its place."""
        self._holes = holes
        self._calls = 0
        self._depth = 0
        self._policy: str | None = None

    def read(self, saved: Any) -> ReadModel:
        """A model, and all that is in it. ProblemsError for what is none, or has what no spec can have."""
        found = self.model(saved)
        if self.unknown and not self._holes:
            raise ProblemsError(self.unknown)
        return found

    def model(self, saved: Any, path: Path = ()) -> ReadModel:
        """A model at a path; what is not one of Keras's classes is collected."""
        if not isinstance(saved, dict) or saved.get("class_name") not in MODELS:
            raise self._no_model(saved, path)
        self._depth += 1
        if self._depth > DEEPEST_MODEL:
            raise wrong(f"has more than {DEEPEST_MODEL} models in one another", path, "too-deep")
        inside = (*path, "config")
        config = a_map(saved.get("config"), inside)
        if "layers" not in config:
            raise self._no_model(saved, path)
        listed = a_list(config.get("layers"), (*inside, "layers"))
        policy = self._policy = self._policy or _model_policy(listed)
        nodes: dict[str, ReadNode] = {}
        for index, item in enumerate(listed):
            place = (*inside, "layers", index)
            node = self._node(a_map(item, place), place, policy)
            if node.name in nodes:
                raise wrong(f"has the name {quote_value(node.name)} of another layer", place, "duplicate-name")
            nodes[node.name] = node
        is_sequential = saved["class_name"] == "Sequential"
        found = ReadModel(_name(config, inside), is_sequential, nodes, [], None, policy)
        found.trainable = config.get("trainable") is not False
        if is_sequential:
            _chain(found, config, path)
        else:
            _wire(found, config, inside)
        self._depth -= 1
        return found

    def _no_model(self, saved: Any, path: Path) -> ProblemsError:
        """What is said of something that is not a model whose layers the file lists."""
        kind = saved.get("class_name") if isinstance(saved, dict) else saved
        if not path and isinstance(saved, dict) and isinstance(kind, str) and layers.find(kind) is None:
            message = f"is a model of the class {_class(saved)}, whose layers only its Python code knows"
            help = "in Keras, save keras.Model(model.inputs, model.outputs), if it has inputs; or write it as a spec"
            return wrong(message, ("class_name",), "unknown-layer", help)
        return wrong(f"must be a Sequential or Functional model, not {quote_value(kind)}", (*path, "class_name"))

    def _node(self, saved: dict[str, Any], path: Path, policy: str) -> ReadNode:
        """One of a model's layers."""
        name = saved.get("name") or a_map(saved.get("config"), (*path, "config")).get("name")
        name = a_text(name, (*path, "config", "name"))
        listed = a_list(saved.get("inbound_nodes") or [], (*path, "inbound_nodes"))
        self._calls += len(listed)
        if self._calls > MOST_CALLS:
            raise wrong(f"has more than {MOST_CALLS:,} calls", path, "too-large")
        calls = [read_calls.given(call, (*path, "inbound_nodes", index)) for index, call in enumerate(listed)]
        if saved.get("class_name") in MODELS:
            model = self.model(saved, path)
            inputs = [source.layer for source in model.inputs]
            made = [read_calls.of_model(inputs, model.keys, call) for call in calls]
            return ReadNode(name, "", {}, made, model, path, len(list(sources_of(model.outputs))))
        kind = type_of(str(saved.get("module")), str(saved.get("class_name")))
        if kind is not None:
            return _operation(kind, name, saved, calls, path)
        if saved.get("class_name") == "InputLayer":
            with under(*path):
                read = read_input(saved)
            return ReadNode(name, "Input", read.arguments, [], None, path)
        try:
            with under(*path):
                read = read_layer(saved, policy, self._inner)
        except ProblemsError as error:
            if not all(problem.code in UNKNOWN_CODES.values() for problem in error.problems):
                raise
            self.unknown += error.problems
            if len(self.unknown) >= MOST_UNKNOWN and not self._holes:
                raise ProblemsError(self.unknown) from None
            return _hole(name, saved, calls, path)
        made = [read_calls.of_layer(read.type, call) for call in calls]
        count = None if read.layer is None else len(read.layer.ports(made[0].options if made else {}))
        return ReadNode(name, read.type, read.arguments, made, None, path, count)

    def _inner(self, saved: dict[str, Any]) -> ReadModel:
        """A model inside a layer, which a wrapper has as its layer; its paths start with it."""
        inside = Reader()
        inside._calls, inside._depth, inside._policy = self._calls, self._depth, self._policy
        found = inside.read(saved)
        self._calls = inside._calls
        return found


def _operation(kind: str, name: str, saved: dict[str, Any], calls: list[Given], path: Path) -> ReadNode:
    """An operation, which is called once."""
    config = a_map(saved.get("config"), (*path, "config"))
    if len(calls) != 1:
        raise wrong(f"is called {len(calls)} times; an operation is called once", (*path, "inbound_nodes"))
    arguments, call, count = read_calls.of_operation(kind, config, calls[0], path)
    return ReadNode(name, kind, arguments, [call], None, path, count)


def _hole(name: str, saved: dict[str, Any], calls: list[Given], path: Path) -> ReadNode:
    """What stands in the place of a layer that is not Keras's: it gives the first tensor that it takes."""
    made = []
    for call in calls:
        first = next(sources_of([call.positional, call.named]), None)
        if first is None:
            raise wrong("takes no tensor", call.path)
        made.append(ReadCall({"inputs": first}, {}, call.path))
    return ReadNode(name, "Identity", {}, made, None, path, None, _class(saved))


def _class(saved: Mapping[str, Any]) -> str:
    """A class that is not Keras's, in words."""
    name, module = saved.get("registered_name") or saved.get("class_name"), saved.get("module")
    return f"{quote_value(name)} of {quote_value(module)}" if module else quote_value(name)


def _name(config: Mapping[str, Any], path: Path) -> str:
    name = config.get("name")
    return "" if name is None else a_text(name, (*path, "name"))


# -- Parts ---------------------------------------------------------------------------------------


def _chain(found: ReadModel, config: Mapping[str, Any], path: Path) -> None:
    """The calls of a Sequential: each layer takes what the one before it gives."""
    before: Source | None = None
    for node in found.nodes.values():
        if before is not None:
            if node.type == "Input":
                raise wrong("is an Input, which only comes first", node.path)
            node.calls = [ReadCall({_inputs_of(node)[0]: before}, {}, node.path)]
        before = Source(node.name, 0, 0)
    first_node = next(iter(found.nodes.values()), None)
    if first_node is None or first_node.type != "Input":
        shape = config.get("build_input_shape")
        built = "has no Input" if isinstance(shape, list) else "has no Input, as it was saved before it was built"
        raise wrong(built, path, help="call it once on data, or give it a keras.Input, and save it again")
    found.inputs, found.outputs = [Source(first_node.name, 0, 0)], before


def _inputs_of(node: ReadNode) -> list[str]:
    """The arguments of a call that take tensors."""
    if node.model is not None:
        return [source.layer for source in node.model.inputs]
    signature = keras_signatures.find(f"layers.{node.type}.call")
    return ["inputs"] if signature is None else list(signature.arguments)


def _wire(found: ReadModel, config: Mapping[str, Any], path: Path) -> None:
    """The inputs and outputs of a functional model, and a check of all that its calls take."""
    nodes = found.nodes
    inputs, outputs = (*path, "input_layers"), (*path, "output_layers")
    given = config.get("input_layers")
    found.keys = sorted(given) if isinstance(given, dict) else None
    found.inputs = list(_leaves(given, inputs))
    for source in found.inputs:
        if source.layer not in nodes or nodes[source.layer].type != "Input":
            raise wrong(f"must be Inputs of the model, not {quote_value(source.layer)}", inputs)
    if len(set(found.inputs)) != len(found.inputs):
        raise wrong("has an Input twice", inputs)
    found.outputs = _numbered(_structure(config.get("output_layers"), outputs), nodes)
    if not any(sources_of(found.outputs)):
        raise wrong("must have an output", outputs)
    for source in sources_of(found.outputs):
        _need(source, nodes, outputs)
    for node in nodes.values():
        if node.type == "Input" and Source(node.name, 0, 0) not in found.inputs:
            raise wrong("is an Input that is none of the model's input_layers", node.path)
        if node.type != "Input" and not node.calls:
            raise wrong("is never called", (*node.path, "inbound_nodes"))
        for call in node.calls:
            for source in call.sources():
                _need(source, nodes, call.path)
    _need_order(nodes)


def _need(source: Source, nodes: Mapping[str, ReadNode], path: Path) -> None:
    """Refuse a source that is not there."""
    node = nodes.get(source.layer)
    if node is None:
        raise wrong(f"takes the output of {quote_value(source.layer)}, which is not in the model", path, "unknown-name")
    count = max(1, len(node.calls))
    if not 0 <= source.call < count:
        raise wrong(f"takes call {source.call} of {quote_value(node.name)}, which has {count}", path, "unknown-output")
    if node.outputs and source.output >= node.outputs:
        message = f"takes output {source.output} of {quote_value(node.name)}, which has {node.outputs}"
        raise wrong(message, path, "unknown-output")


def _need_order(nodes: Mapping[str, ReadNode]) -> None:
    """Refuse calls that depend on themselves."""
    waiting: dict[tuple[str, int], int] = {}
    readers: dict[tuple[str, int], list[tuple[str, int]]] = {}
    for node in nodes.values():
        for index, call in enumerate(node.calls or [ReadCall({})]):
            needed = {(source.layer, source.call) for source in call.sources()}
            waiting[node.name, index] = len(needed)
            for key in needed:
                readers.setdefault(key, []).append((node.name, index))
    ready = [key for key, count in waiting.items() if not count]
    while ready:
        key = ready.pop()
        del waiting[key]
        for reader in readers.get(key, ()):
            waiting[reader] -= 1
            if not waiting[reader]:
                ready.append(reader)
    if waiting:
        name, index = next(iter(waiting))
        raise wrong("is part of a cycle: it takes what depends on it", nodes[name].calls[index].path, "cycle")


def _leaves(value: Any, path: Path) -> Iterator[Source]:
    """The inputs of a model: one, or a list or a map of them, which Keras takes in the order of its keys."""
    if isinstance(value, list) and value and isinstance(value[0], str):
        yield read_calls.source(value, path)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _leaves(item, (*path, index))
    elif isinstance(value, dict):
        for key in sorted(value):
            yield from _leaves(value[key], (*path, key))
    else:
        raise wrong(f"must be the inputs of the model, not {quote_value(value)}", path)


def _structure(value: Any, path: Path) -> Any:
    """The outputs of a model, in their structure."""
    if isinstance(value, list) and value and isinstance(value[0], str):
        return read_calls.source(value, path)
    if isinstance(value, list):
        return [_structure(item, (*path, index)) for index, item in enumerate(value)]
    if isinstance(value, dict):
        return {key: _structure(item, (*path, key)) for key, item in value.items()}
    raise wrong(f"must be the outputs of the model, not {quote_value(value)}", path)


def _numbered(value: Any, nodes: Mapping[str, ReadNode]) -> Any:
    """The outputs of a model, the calls of nested models counted from 0.

    Keras counts the call that made a functional model, too, but only here.
    """
    if isinstance(value, Source):
        node = nodes.get(value.layer)
        counts_itself = node is not None and node.model is not None and not node.model.is_sequential
        return value._replace(call=value.call - 1) if counts_itself else value
    if isinstance(value, dict):
        return {key: _numbered(item, nodes) for key, item in value.items()}
    return [_numbered(item, nodes) for item in value]


def _model_policy(listed: list[Any]) -> str:
    """The dtype policy that most layers have, those of nested models included."""
    counts: Counter[str] = Counter()
    pending = list(listed)
    while pending:
        item = pending.pop()
        config = item.get("config") if isinstance(item, dict) else None
        if not isinstance(config, dict):
            continue
        if item.get("class_name") in MODELS and isinstance(config.get("layers"), list):
            pending += config["layers"]
        dtype = config.get("dtype")
        if isinstance(dtype, dict) and isinstance(inside := dtype.get("config"), dict) and "name" in inside:
            counts[str(inside["name"])] += 1
    return next((name for name, _ in counts.most_common() if name in POLICIES), FLOATX)
