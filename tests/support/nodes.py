"""What a spec becomes, a line for each node, for the tests of wiring and of what stands before it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import specc
from specc.arguments import Arguments
from specc.ir import Graph, NestedModel, Node, Ref
from tests.support.checking import spec


def nodes(text: str, **choices: Any) -> list[str]:
    """The lines of a spec's graph."""
    return list(lines(specc.compile(spec(text), **choices).graph))


def lines(graph: Graph, indent: str = "") -> Iterator[str]:
    """A line for each node: name, type, inputs, constants of the call, arguments; then the outputs."""
    for node in graph.nodes.values():
        inputs = ", ".join(f"{name}: {show(value)}" for name, value in node.inputs.items())
        parts = [f"{node.name}{'' if node.named else ' (automatic)'}: {node.type}"]
        parts += [f"shares {node.shares}"] * (node.shares is not None)
        parts += [f"<- {inputs}"] * bool(inputs)
        parts += [f"call {node.options}"] * bool(node.options)
        yield indent + "  ".join([*parts, *arguments(node)])
        if isinstance(node.layer, NestedModel) and node.shares is None:
            yield from lines(node.layer.graph, indent + "    ")
    outputs = ", ".join(f"{it.name} = {show(it.ref)}{', renamed' * it.renamed}" for it in graph.outputs)
    yield f"{indent}{graph.outputs_form} of outputs: {outputs}"


def arguments(node: Node) -> list[str]:
    """The arguments that a node's layer was given."""
    if node.shares is not None or isinstance(node.layer, NestedModel):
        return []
    return [f"{name}={plain(value)}" for name, value in node.layer.given().items()]


def plain(value: Any) -> Any:
    """An argument as it can be read: layers and objects with their arguments."""
    if isinstance(value, NestedModel):
        return f"{value.type_name}(nested)"
    if isinstance(value, Arguments):
        return f"{type(value).__name__}({', '.join(f'{name}={plain(item)}' for name, item in value.given().items())})"
    return value


def show(value: Ref | tuple[Ref, ...]) -> str:
    """What a call argument reads."""
    if isinstance(value, Ref):
        return value.node if value.port == 0 else f"{value.node}[{value.port}]"
    return f"[{', '.join(map(show, value))}]"
