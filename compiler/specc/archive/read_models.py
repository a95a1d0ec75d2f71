"""Models of Keras's files, read: the layers, and every call of them with what it takes from where.

The other direction of `specc.archive.models`. Nothing is computed here: shapes are for a compiler of the spec to find.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from specc import keras_signatures, layers
from specc.archive.read_operations import read_operation, type_of
from specc.archive.reading import MODELS, read_input, read_layer
from specc.diagnostics.problem import Problem, ProblemsError
from specc.diagnostics.text_safety import quote_value
from specc.dtypes import FLOATX
from specc.policies import POLICIES
from specc.source import Path

MOST_CALLS = 100_000
DEEPEST_MODEL = 50
"""How deep models may be nested."""


class Source(NamedTuple):
    """An output of a call."""

    layer: str
    call: int
    output: int


@dataclass(eq=False, slots=True)
class ReadCall:
    """A call of a layer or an operation."""

    tensors: dict[str, Any]
    """What it takes, by argument: a source, or a list of them."""
    options: dict[str, Any] = field(default_factory=dict)
    """Constants that are arguments of the call."""

    def sources(self) -> Iterator[Source]:
        """All that it takes."""
        for value in self.tensors.values():
            yield from sources_of(value)


def sources_of(value: Any) -> Iterator[Source]:
    """The sources in a structure of lists and maps."""
    if isinstance(value, Source):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from sources_of(item)


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
    """The ``compile`` section, which `specc.archive.read_training` reads."""


class Reader:
    """Reads the models of one file."""

    def __init__(self) -> None:
        self._calls = 0
        self._depth = 0
        self._policy: str | None = None

    def model(self, saved: Any, path: Path = ()) -> ReadModel:
        """A model. ProblemsError for what is none, or has what no spec can have; paths start at the file's object."""
        if not isinstance(saved, dict) or saved.get("class_name") not in MODELS:
            kind = saved.get("class_name") if isinstance(saved, dict) else saved
            raise _wrong(f"must be a Sequential or Functional model, not {quote_value(kind)}", path)
        self._depth += 1
        if self._depth > DEEPEST_MODEL:
            raise _wrong(f"has more than {DEEPEST_MODEL} models in one another", path)
        config = _map(saved.get("config"), (*path, "config"))
        listed = config.get("layers")
        if not isinstance(listed, list):
            raise _wrong("must be a list of layers", (*path, "config", "layers"))
        is_sequential = saved["class_name"] == "Sequential"
        policy = self._policy = self._policy or _model_policy(listed)
        nodes: dict[str, ReadNode] = {}
        for index, item in enumerate(listed):
            place = (*path, "config", "layers", index)
            node = self._node(_map(item, place), place, policy)
            if node.name in nodes:
                raise _wrong(f"has the name {quote_value(node.name)} of another layer", place)
            nodes[node.name] = node
        found = ReadModel(str(config.get("name") or ""), is_sequential, nodes, [], None, policy)
        found.trainable = config.get("trainable") is not False
        if is_sequential:
            _chain(found, config, path)
        else:
            given = config.get("input_layers")
            found.keys = sorted(given) if isinstance(given, dict) else None
            found.inputs = list(_leaves(given, (*path, "config", "input_layers")))
            found.outputs = _numbered(
                _structure(config.get("output_layers"), (*path, "config", "output_layers")), nodes
            )
        self._depth -= 1
        return found

    def _node(self, saved: dict[str, Any], path: Path, policy: str) -> ReadNode:
        """One of a model's layers."""
        name = str(saved.get("name") or _map(saved.get("config"), (*path, "config")).get("name") or "")
        calls = [
            self._call(_map(call, (*path, "inbound_nodes", index)), (*path, "inbound_nodes", index))
            for index, call in enumerate(saved.get("inbound_nodes") or [])
        ]
        if saved.get("class_name") in MODELS:
            model = self.model(saved, path)
            return ReadNode(name, "", {}, [_model_call(model, call) for call in calls], model, path)
        kind = type_of(str(saved.get("module")), str(saved.get("class_name")))
        if kind is not None:
            return self._operation(kind, name, saved, calls, path)
        try:
            is_input = saved.get("class_name") == "InputLayer"
            read = read_input(saved) if is_input else read_layer(saved, policy, self.inner)
        except ProblemsError as error:
            raise ProblemsError([problem.under(*path) for problem in error.problems]) from None
        return ReadNode(name, read.type, read.arguments, [_layer_call(read.type, call) for call in calls], None, path)

    def inner(self, saved: dict[str, Any]) -> Any:
        """A model inside a layer, which a wrapper has as its layer."""
        return self.model(saved)

    def _operation(self, kind: str, name: str, saved: dict[str, Any], calls: list[_Call], path: Path) -> ReadNode:
        """An operation, which is called once."""
        config = _map(saved.get("config"), (*path, "config"))
        if len(calls) != 1:
            raise _wrong(f"is called {len(calls)} times; only a layer can be called more than once", path)
        read = read_operation(kind, config, calls[0].positional, calls[0].named, _is_tensor)
        call = ReadCall({key: _as_sources(value) for key, value in read.tensors.items()})
        return ReadNode(name, kind, {key: _constant(it) for key, it in read.constants.items()}, [call], None, path)

    def _call(self, saved: dict[str, Any], path: Path) -> _Call:
        """What a call was given."""
        self._calls += 1
        if self._calls > MOST_CALLS:
            raise _wrong(f"has more than {MOST_CALLS:,} calls", path)
        positional, named = saved.get("args"), saved.get("kwargs")
        if not isinstance(positional, list) or not isinstance(named, dict):
            raise _wrong("must have args, a list, and kwargs, a map", path)
        return _Call(
            [_given(value, (*path, "args", index)) for index, value in enumerate(positional)],
            {key: _given(value, (*path, "kwargs", key)) for key, value in named.items()},
            path,
        )


class _Call(NamedTuple):
    """What a call was given, with sources as leaves."""

    positional: list[Any]
    named: dict[str, Any]
    path: Path


def _model_call(model: ReadModel, call: _Call) -> ReadCall:
    """A call of a nested model: a tensor for each of its inputs."""
    given = call.positional[0] if call.positional else None
    if isinstance(given, dict) and model.keys is not None and given.keys() >= set(model.keys):
        given = [given[key] for key in model.keys]
    elif isinstance(given, dict) and all(source.layer in given for source in model.inputs):
        given = [given[source.layer] for source in model.inputs]
    listed = given if isinstance(given, list) else [given]
    names = [source.layer for source in model.inputs]
    if len(listed) != len(names) or not all(isinstance(it, Source) for it in listed):
        raise _wrong(f"must be given {len(names)} tensors", (*call.path, "args"))
    options = {key: value for key, value in call.named.items() if key == "training" and value is not None}
    return ReadCall(dict(zip(names, listed, strict=True)), options)


def _layer_call(type: str, call: _Call) -> ReadCall:
    """A call of a layer: its tensors by their arguments, and the constants that are not what it has without them."""
    cls = layers.find(type)
    signature = keras_signatures.find(f"layers.{type}.call")
    assert cls is not None
    assert signature is not None
    names = list(signature.arguments)
    if len(call.positional) > len(names):
        raise _wrong(f"has {len(call.positional)} arguments; {type} takes {len(names)}", (*call.path, "args"))
    given = {**dict(zip(names, call.positional, strict=False)), **call.named}
    tensors, options = {}, {}
    for name, value in given.items():
        if _is_tensor(value):
            tensors[name] = _flat(value)
        elif isinstance(value, list) and not any(isinstance(it, Source) for it in value):
            continue  # the masks of several tensors, of which none has any
        elif value is not None and value != signature.arguments.get(name):
            options[name] = _constant(value)
    return ReadCall(tensors, options)


# -- Parts ---------------------------------------------------------------------------------------


def _chain(found: ReadModel, config: Mapping[str, Any], path: Path) -> None:
    """The calls of a Sequential: each layer takes what the one before it gives."""
    before: Source | None = None
    for node in found.nodes.values():
        if before is not None:
            first = next(iter(_inputs_of(node)))
            node.calls = [ReadCall({first: before})]
        before = Source(node.name, 0, 0)
    first_node = next(iter(found.nodes.values()), None)
    if first_node is None or first_node.type != "Input":
        shape = config.get("build_input_shape")
        if not isinstance(shape, list):
            raise _wrong("has no Input, and was saved before it was built: call it once, and save it again", path)
        raise _wrong("has no Input", path)
    found.inputs, found.outputs = [Source(first_node.name, 0, 0)], before


def _inputs_of(node: ReadNode) -> list[str]:
    """The arguments of a call that take tensors."""
    if node.model is not None:
        return [source.layer for source in node.model.inputs]
    signature = keras_signatures.find(f"layers.{node.type}.call")
    assert signature is not None
    return list(signature.arguments)


def _given(value: Any, path: Path) -> Any:
    """A value of a call; a symbolic tensor is a source."""
    if isinstance(value, list):
        return [_given(item, (*path, index)) for index, item in enumerate(value)]
    if not isinstance(value, dict):
        return value
    if value.get("class_name") == "__keras_tensor__":
        history = _map(value.get("config"), (*path, "config")).get("keras_history")
        return _source(history, (*path, "config", "keras_history"))
    return {key: _given(item, (*path, key)) for key, item in value.items()}


def _source(value: Any, path: Path) -> Source:
    if not isinstance(value, list) or len(value) != 3 or not isinstance(value[0], str):
        raise _wrong(f"must be [layer, call, output], not {quote_value(value)}", path)
    if not all(isinstance(number, int) and number >= 0 for number in value[1:]):
        raise _wrong("must count calls and outputs from 0", path)
    return Source(*value)


def _leaves(value: Any, path: Path) -> Iterator[Source]:
    """The inputs of a model: one, or a list or a map of them, which Keras takes in the order of its keys."""
    if isinstance(value, list) and value and isinstance(value[0], str):
        yield _source(value, path)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _leaves(item, (*path, index))
    elif isinstance(value, dict):
        for key in sorted(value):
            yield from _leaves(value[key], (*path, key))
    else:
        raise _wrong(f"must be the inputs of the model, not {quote_value(value)}", path)


def _structure(value: Any, path: Path) -> Any:
    """The outputs of a model, in their structure."""
    if isinstance(value, list) and value and isinstance(value[0], str):
        return _source(value, path)
    if isinstance(value, list):
        return [_structure(item, (*path, index)) for index, item in enumerate(value)]
    if isinstance(value, dict):
        return {key: _structure(item, (*path, key)) for key, item in value.items()}
    raise _wrong(f"must be the outputs of the model, not {quote_value(value)}", path)


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


def _is_tensor(value: Any) -> bool:
    """Whether a value is a source, or a list of them, which may be grouped."""
    if isinstance(value, list):
        return bool(value) and all(map(_is_tensor, value))
    return isinstance(value, Source)


def _flat(value: Any) -> Any:
    """A source, or all sources of a list, whose groups the layer knows."""
    return value if isinstance(value, Source) else list(sources_of(value))


_as_sources = _flat


def _constant(value: Any) -> Any:
    """A constant as a spec has it: numbers of a tensor as lists, slices as texts."""
    if isinstance(value, list):
        return [_constant(item) for item in value]
    if not isinstance(value, dict):
        return value
    inside = value.get("config")
    match value.get("class_name"):
        case "__tensor__" | "__numpy__":
            return inside.get("value") if isinstance(inside, dict) else None
        case "__slice__":
            return _slice(inside if isinstance(inside, dict) else {})
        case "__ellipsis__":
            return "..."
    return {key: _constant(item) for key, item in value.items()}


def _slice(bounds: Mapping[str, Any]) -> str:
    """
    >>> _slice({"start": None, "stop": 3, "step": None}), _slice({"start": 1, "stop": None, "step": 2})
    (':3', '1::2')
    """
    start, stop, step = ("" if bounds.get(key) is None else str(bounds[key]) for key in ("start", "stop", "step"))
    return f"{start}:{stop}" + (f":{step}" if step else "")


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


def _map(value: Any, path: Path) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _wrong(f"must be a map, not {quote_value(value)}", path)
    return value


def _wrong(message: str, path: Path) -> ProblemsError:
    return ProblemsError([Problem("invalid-value", message, path)])
