"""The names that stand at a layer's arrows: those of Keras's call arguments and outputs."""

from __future__ import annotations

from collections.abc import Iterator

from specc.ir import Node, Ref
from specc.ir.graph import refs_of

_ANY_ORDER = ("Add", "Multiply", "Average", "Maximum", "Minimum")


def reads_of(node: Node) -> Iterator[tuple[Ref, tuple[str, ...]]]:
    """What a node reads, each with the call arguments that it fills, where those have names to show.

    A list whose order matters has its positions; two arguments that read the same are one entry, ``Add`` of x and x is two.
    """
    first = node.layer.tensor_arguments()[0].name if node.layer.tensor_arguments() else ""
    named: dict[Ref, list[str]] = {}
    for argument, value in node.inputs.items():
        said = argument if len(node.inputs) > 1 or argument != first else ""
        ordered = not isinstance(value, Ref) and len(value) > 1 and node.type not in _ANY_ORDER
        for index, ref in enumerate(refs_of(value)):
            if said:
                named.setdefault(ref, []).append(f"{said}[{index}]" if ordered else said)
            else:
                yield ref, ()
    yield from ((ref, tuple(names)) for ref, names in named.items())


def port_name(node: Node, port: int) -> str:
    """The name of one of a node's outputs; empty for the main one."""
    names = node.layer.ports(node.options)
    return "" if len(names) == 1 or names[port] == "output" else names[port]
