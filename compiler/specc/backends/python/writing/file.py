"""What all sources have in common: the head and the end of the file, helpers, what surrounds the building of a model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from specc.archive.writing.mask_names import names_before_operations
from specc.arguments import plugged
from specc.backends.python.writing.text import quote
from specc.ir import TypedGraph
from specc.operations.base import Operation
from specc.passes.depth import depth

_SAFE_DEPTH = 500
"""Layers in a row that Keras walks within Python's usual limit of 1,000 calls, with room for the caller's own."""
_CALLS_A_LAYER = 20

HELPERS = {
    "cloned": '''
def cloned(value):
    """Another object like it: one initializer draws the same numbers for each weight."""
    return value if isinstance(value, str) else value.from_config(value.get_config())
''',
    "frozen": '''
def frozen(layer):
    """Keep a layer from being trained."""
    layer.trainable = False
    return layer
''',
    "trained": '''
def trained(layer, trainable):
    """Say whether a layer is trained."""
    layer.trainable = trainable
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
    "name_outputs": '''
def name_outputs(inputs, outputs):
    """Name the operations that give outputs of a model, as layers are named."""
    for name, output in outputs.items():
        keras.Function(inputs, output).operations[-1].name = name
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


def outputs_to_name(graph: TypedGraph) -> list[str]:
    """The operations that are outputs of a model: as those, they are called by their names, which Keras does not give them."""
    found = dict.fromkeys(output.ref.node for output in graph.graph.outputs if graph.graph.outputs_form != "map")
    return [
        name
        for name in found
        if isinstance(graph.nodes[name].layer, Operation)
        and name not in graph.graph.constants  # these are no operations
    ]


def name_counts(graphs: Iterable[TypedGraph]) -> Iterator[str]:
    """Lines that advance Keras's counters past the names of layers that it would also give to operations."""
    wanted = names_before_operations(graphs)
    if wanted:
        yield "    # Keras counts the names of operations, which must not be those of layers"
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
