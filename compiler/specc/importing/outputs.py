"""The outputs of a model in the forms that a spec has: a list or a map of results, each listed once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from specc.archive.reading.models import ReadCall, ReadModel, ReadNode, Source, sources_of

_IN_ONE_LIST = "its outputs are in lists within one another; the spec has all of them in one"
_KEYS = "it takes its inputs in a map with the keys {keys}; those of the spec's model are {names}"


def flat_outputs(outputs: Any) -> Any:
    """Outputs without lists and maps inside.

    >>> a, b = Source("a", 0, 0), Source("b", 0, 0)
    >>> list(flat_outputs({"x": a, "y": [a, b]})), flat_outputs([a, [b]]) == [a, b]
    (['x', 'y_0', 'y_1'], True)
    """
    if isinstance(outputs, Source):
        return outputs
    if isinstance(outputs, dict):
        return dict(_labelled(outputs, ""))
    return list(sources_of(outputs))


def _labelled(value: Any, label: str) -> Iterator[tuple[str, Source]]:
    """The sources of a structure, with the steps to each as its label."""
    if isinstance(value, Source):
        yield label, value
        return
    for key, item in value.items() if isinstance(value, dict) else enumerate(value):
        yield from _labelled(item, f"{label}_{key}" if label else str(key))


def settled(model: ReadModel, notes: list[str]) -> ReadModel:
    """A model whose outputs a spec can have: inputs, and what is listed again, are passed on by an Identity.

    What differs for those who call the model is added to the notes.
    """
    outputs = flat_outputs(model.outputs)
    if outputs != model.outputs:
        notes.append(_IN_ONE_LIST)
    names = [source.layer for source in model.inputs]
    if model.keys is not None and model.keys != names:
        notes.append(_KEYS.format(keys=", ".join(model.keys), names=", ".join(names)))
    nodes, seen = dict(model.nodes), set()

    def passed(source: Source) -> Source:
        if source not in seen and model.nodes[source.layer].calls:
            seen.add(source)
            return source
        name, count = f"{source.layer}_out", 1
        while name in nodes:
            count += 1
            name = f"{source.layer}_out_{count}"
        nodes[name] = ReadNode(name, "Identity", {}, [ReadCall({"inputs": source})])
        return Source(name, 0, 0)

    if isinstance(outputs, Source):
        outputs = passed(outputs)
    elif isinstance(outputs, dict):
        outputs = {label: passed(source) for label, source in outputs.items()}
    else:
        outputs = [passed(source) for source in outputs]
    return replace(model, nodes=nodes, outputs=outputs)
