"""Calls in Keras's files, read: what each takes, and from which other call."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from specc import keras_signatures, layers
from specc.archive.reading.access import a_list, a_map, a_text, an_index, wrong
from specc.archive.reading.operations import Given, read_operation
from specc.calls import Callee
from specc.diagnostics.problem import Problem, ProblemsError
from specc.diagnostics.text_safety import quote_value
from specc.source import Path


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
    path: Path = ()

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


def given(saved: Any, path: Path) -> Given:
    """What a call was given."""
    call = a_map(saved, path)
    positional, named = a_list(call.get("args"), (*path, "args")), a_map(call.get("kwargs"), (*path, "kwargs"))
    return Given(
        [_given(value, (*path, "args", index)) for index, value in enumerate(positional)],
        {key: _given(value, (*path, "kwargs", key)) for key, value in named.items()},
        path,
    )


def of_model(inputs: list[str], keys: list[str] | None, call: Given) -> ReadCall:
    """A call of a nested model: a tensor for each of its inputs, which may be in a map with these keys."""
    first = call.positional[0] if call.positional else None
    if isinstance(first, dict) and keys is not None and first.keys() >= set(keys):
        first = [first[key] for key in keys]
    elif isinstance(first, dict) and first.keys() >= set(inputs):
        first = [first[name] for name in inputs]
    listed = first if isinstance(first, list) else [first]
    if len(listed) != len(inputs) or not all(isinstance(it, Source) for it in listed) or len(call.positional) > 1:
        raise wrong(f"must have a tensor for each of the {len(inputs)} inputs of the model", (*call.path, "args"))
    tensors, options = dict(zip(inputs, listed, strict=True)), {}
    for key, value in call.named.items():
        if key == "training" and isinstance(value, bool):
            options[key] = value
        elif key == "mask" and key not in inputs:
            tensors |= {key: masks} if (masks := list(sources_of(value))) else {}  # those of the inputs
        elif value is not None:
            raise wrong(f"is no argument of a model's call: {quote_value(key)}", (*call.path, "kwargs", key))
    return ReadCall(tensors, options, call.path)


def of_layer(type: str, call: Given) -> ReadCall:
    """A call of a layer: its tensors by their arguments, and the constants that are not what it has without them."""
    cls, signature = layers.find(type), keras_signatures.find(f"layers.{type}.call")
    assert cls is not None
    names = ["inputs"] if signature is None else list(signature.arguments)
    if len(call.positional) > len(names):
        message = f"has {len(call.positional)} arguments; {type} takes {len(names)}"
        raise wrong(message, (*call.path, "args"))
    everything = dict(zip(names, call.positional, strict=False))
    places: dict[str, Path] = {name: (*call.path, "args", index) for index, name in enumerate(everything)}
    for name, value in call.named.items():
        places.setdefault(name, (*call.path, "kwargs", name))
        if name in everything:
            raise wrong(f"gives {name} twice", places[name])
        everything[name] = value
    made = ReadCall({}, {}, call.path)
    for name, value in everything.items():
        default = None if signature is None else signature.arguments.get(name)
        _sort(made, cls, name, value, places[name], is_usual=value is None or value == default)
    if not made.tensors:
        raise wrong("takes no tensor", call.path)
    return made


def _sort(made: ReadCall, cls: type[Callee], name: str, value: Any, path: Path, is_usual: bool) -> None:
    """Put an argument of a call where it belongs: it is a tensor or a constant."""
    if is_tensor(value):
        if name not in cls.tensor_names() and not name.endswith("mask"):
            raise wrong(f"is a tensor, which {cls.keras_name()} does not take as {name}", path)
        made.tensors[name] = flat(value)
    elif any(sources_of(value)):
        raise wrong("must be a tensor or a list of tensors, without anything else", path)
    elif is_usual or (name.endswith("mask") and isinstance(value, list)):
        return  # the masks of several tensors, of which none has any
    elif name not in cls.options:
        raise wrong(f"{quote_value(value)} is no value that {cls.keras_name()} takes as {name} in a spec", path)
    else:
        made.options[name] = constant(value, path)


def of_operation(type: str, config: Mapping[str, Any], call: Given, path: Path) -> tuple[dict[str, Any], ReadCall, int]:
    """The constants of an operation, its only call, and how many tensors that gives."""
    read = read_operation(type, config, call, is_tensor, path)
    constants = {name: constant(value, read.places[name]) for name, value in read.constants.items()}
    tensors = {name: flat(value) for name, value in read.tensors.items()}
    if not tensors:
        raise wrong("takes no tensor", call.path)
    cls = layers.find(type)
    assert cls is not None
    for name in tensors:
        if name not in cls.tensor_names():
            raise wrong(f"is a tensor, which {type} does not take as {name}", read.places[name])
    operation, problems = cls.parse(constants)
    if operation is None:
        raise ProblemsError([_in_file(problem.with_subject(type), read.places, path) for problem in problems])
    return constants, ReadCall(tensors, {}, call.path), len(operation.ports({}))


def _in_file(problem: Problem, places: Mapping[str, Path], path: Path) -> Problem:
    """A problem of an operation's arguments, where those are in the file."""
    name, *rest = problem.path or ("",)
    return replace(problem, path=(*places.get(str(name), path), *rest), part="value")


def _given(value: Any, path: Path) -> Any:
    """A value of a call; a symbolic tensor is a source."""
    if isinstance(value, list):
        return [_given(item, (*path, index)) for index, item in enumerate(value)]
    if not isinstance(value, dict):
        return value
    if value.get("class_name") == "__keras_tensor__":
        history = a_map(value.get("config"), (*path, "config")).get("keras_history")
        return source(history, (*path, "config", "keras_history"))
    if value.get("class_name") == "__tuple__":
        return _given(a_list(value.get("items"), (*path, "items")), (*path, "items"))
    return {key: _given(item, (*path, key)) for key, item in value.items()}


def source(value: Any, path: Path) -> Source:
    """An output of a call, as a list of the layer's name and two numbers."""
    if not isinstance(value, list) or len(value) != 3:
        raise wrong(f"must be [layer, call, output], not {quote_value(value)}", path)
    layer, call, output = value
    return Source(a_text(layer, (*path, 0)), an_index(call, (*path, 1)), an_index(output, (*path, 2)))


def is_tensor(value: Any) -> bool:
    """Whether a value is a source, or a list of them, which may be grouped."""
    if isinstance(value, list):
        return bool(value) and all(map(is_tensor, value))
    return isinstance(value, Source)


def flat(value: Any) -> Any:
    """A source, or all sources of a list, whose groups the layer knows."""
    return value if isinstance(value, Source) else list(sources_of(value))


# -- Constants -----------------------------------------------------------------------------------


def constant(value: Any, path: Path) -> Any:
    """A constant as a spec has it: numbers of a tensor as lists, slices as texts."""
    if isinstance(value, Source):
        raise wrong("must be a constant, not a tensor", path)
    if isinstance(value, list):
        return [constant(item, (*path, index)) for index, item in enumerate(value)]
    if not isinstance(value, dict):
        return value
    match value.get("class_name"):
        case None:
            return {key: constant(item, (*path, key)) for key, item in value.items()}
        case "__tensor__" | "__numpy__":
            place = (*path, "config")
            return numbers(a_map(value.get("config"), place).get("value"), (*place, "value"))
        case "__tuple__":
            return constant(a_list(value.get("items"), (*path, "items")), (*path, "items"))
        case "__slice__":
            return _slice(a_map(value.get("config"), (*path, "config")), (*path, "config"))
        case "__ellipsis__":
            return "..."
    raise wrong(f"must be a constant that a spec can have, not {quote_value(value['class_name'])}", path)


def numbers(value: Any, path: Path) -> Any:
    """Numbers in nested lists."""
    if isinstance(value, list):
        return [numbers(item, (*path, index)) for index, item in enumerate(value)]
    if not isinstance(value, int | float | str):
        raise wrong(f"must be a number, or lists of them, not {quote_value(value)}", path)
    return value


def _slice(bounds: Mapping[str, Any], path: Path) -> str:
    """
    >>> _slice({"start": None, "stop": 3, "step": None}, ()), _slice({"start": 1, "stop": None, "step": 2}, ())
    (':3', '1::2')
    """
    for key, value in bounds.items():
        if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
            raise wrong(f"must be an integer or null, not {quote_value(value)}", (*path, key))
    start, stop, step = ("" if bounds.get(key) is None else str(bounds[key]) for key in ("start", "stop", "step"))
    return f"{start}:{stop}" + (f":{step}" if step else "")
