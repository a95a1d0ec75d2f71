"""What all sources have in common: the head and the end of the file, helpers, what surrounds the building of a model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from specc.arguments import plugged
from specc.backends.mask_names import names_before_masks
from specc.backends.python.text import quote
from specc.ir import TypedGraph
from specc.operations.base import Operation
from specc.passes.depth import depth

_SAFE_DEPTH = 500
"""Layers in a row that Keras walks within Python's usual limit of 1,000 calls, with room for the caller's own."""
_CALLS_A_LAYER = 20

HELPERS = {
    "frozen": '''
def frozen(layer):
    """Keep a layer from being trained."""
    layer.trainable = False
    return layer
''',
    "settled": '''
def settled(model):
    """Freeze also what frozen layers made when they were called."""
    for layer in model.layers:
        if not layer.trainable:
            layer.trainable = True  # setting what is set already would do nothing
            layer.trainable = False
    return model
''',
    "named": '''
def named(outputs, name):
    """Name the operation behind its outputs, as a layer is named."""
    first = outputs[0] if isinstance(outputs, (list, tuple)) else outputs
    graph = keras.Function(keras.utils.get_source_inputs(first), first)
    graph.operations[-1].name = name
    return outputs
''',
    "namer": '''
def namer(prefix=""):
    """Name layers as Keras does: the first is conv2d, the next conv2d_1."""
    counts = collections.Counter()

    def unique(name):
        counts[name] += 1
        number = f"_{counts[name] - 1}" if counts[name] > 1 else ""
        return f"{prefix}{name}{number}"

    return unique
''',
}
"""Functions in the source for what Keras has no argument for."""
_MODULES = {"namer": "collections"}
"""The modules that they use."""


def taken() -> set[str]:
    """Names that no function or variable may have."""
    modules = {module.split(".")[0] for module in plugged.modules()}
    return {"build_model", "VARIANTS", "model", "policy", "limit", "math", "collections", *HELPERS, *modules}


def assemble(functions: Iterable[Sequence[str]], used: set[str], below: Sequence[str] = ()) -> str:
    """A whole file: its functions, the imports and helpers that they use, and ``below``, the lines after the functions."""
    used |= {_MODULES[name] for name in used & _MODULES.keys()}
    imports = [f"import {name}" for name in ("collections", "math", "sys") if name in used]
    imports += ["", "import keras"] if imports else ["import keras"]
    if "layers" in used:
        imports.append("from keras import layers")
    if of_plugins := sorted(plugged.modules() & used):
        imports += ["", *(f"import {module}" for module in of_plugins)]
    head = ["# -*- coding: utf-8 -*-  # noqa: UP009", '"""A Keras model, written by specc from a graph spec."""', ""]
    sections = [
        "\n".join([*head, *imports]),
        *(text for name, text in HELPERS.items() if name in used),
        *("\n".join(function) for function in functions),
        "\n".join(below),
        'if __name__ == "__main__":\n    build_model().summary()',
    ]
    return "\n\n\n".join(section.strip("\n") for section in sections if section) + "\n"


def layer_names(graphs: Iterable[TypedGraph]) -> set[str]:
    """The names of layers and of outputs, without numbers: no operation may get one of them from Keras."""
    found: set[str] = set()
    for graph in graphs:
        found |= {name for name, node in graph.nodes.items() if not isinstance(node.layer, Operation)}
        found |= {output.ref.node for output in graph.graph.outputs}
    return {name.rstrip("0123456789").removesuffix("_") for name in found}


def named_operations(graph: TypedGraph, names: set[str]) -> set[str]:
    """The operations of a graph that need their names: outputs, and those that Keras would call as it calls a layer."""
    outputs = {output.ref.node for output in graph.graph.outputs} if graph.graph.block is None else set()
    return {
        name
        for name, node in graph.nodes.items()
        if isinstance(node.layer, Operation)
        and name not in graph.graph.constants  # computed at once: no operation of the model
        and (name in outputs or needs_name(node.layer, names))
    }


def needs_name(operation: Operation, names: set[str]) -> bool:
    """Whether Keras's automatic name for an operation may be that of a layer."""
    return operation.function.rpartition(".")[2] in names


def mask_counts(graphs: Iterable[TypedGraph]) -> Iterator[str]:
    """Lines that advance Keras's counters past the names of layers that it would also give to operations of masks."""
    wanted: dict[str, int] = {}
    for graph in graphs:
        for name, count in names_before_masks(graph).items():
            wanted[name] = max(wanted.get(name, 0), count)
    if wanted:
        yield "    # Keras counts the operations of masks, whose names must not be those of layers"
    for name, count in wanted.items():
        call = f"keras.backend.get_uid({quote(name)})"
        yield from [f"    {call}"] if count == 1 else [f"    for _ in range({count}):", f"        {call}"]


def surroundings(graph: TypedGraph, graphs: Iterable[TypedGraph], used: set[str]) -> tuple[list[str], list[str]]:
    """What is set before the model is built, and how it is put back."""
    setup: list[str] = []
    restore: list[str] = []
    deepest = max(depth(each.graph) for each in graphs)
    if deepest > _SAFE_DEPTH:
        used.add("sys")
        setup += [
            "    # Keras calls itself for each of the layers in a row",
            "    limit = sys.getrecursionlimit()",
            f"    sys.setrecursionlimit(max(limit, {deepest * _CALLS_A_LAYER}))",
        ]
        restore += ["        sys.setrecursionlimit(limit)"]
    policy = graph.graph.dtype_policy
    if policy != "float32":
        setup += [
            "    policy = keras.config.dtype_policy()",
            f"    keras.config.set_dtype_policy({quote(policy)})",
        ]
        restore += ["        keras.config.set_dtype_policy(policy)"]
    return setup, restore
