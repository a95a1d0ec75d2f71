"""The names that stand at a layer's arrows: those of Keras's call arguments and outputs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, repeat

from specc.ir import Node, Ref
from specc.ir.graph import refs_of

_ANY_ORDER = frozenset(
    f"ops.{name}"
    for name in (
        *("add", "multiply", "maximum", "minimum", "equal", "not_equal", "isclose", "hypot"),
        *("logaddexp", "logaddexp2", "logical_and", "logical_or", "logical_xor"),
    )
)
"""Operations whose tensors can be exchanged: their names would say nothing."""


def reads_of(node: Node) -> Iterator[tuple[Ref, tuple[str, ...]]]:
    """What a node reads, each with the names at the arrow's end; two arguments that read the same are one entry.

    ``Add`` of x and x, whose tensors have no names, reads it twice.
    """
    named: dict[Ref, list[str]] = {}
    for argument, value in node.inputs.items():
        refs = refs_of(value)
        names = chain(_names(node, argument, refs), repeat(""))  # a layer with errors may read fewer tensors, or more
        for ref, name in zip(refs, names, strict=False):
            if name:
                named.setdefault(ref, []).append(name)
            else:
                yield ref, ()
    yield from ((ref, tuple(dict.fromkeys(names))) for ref, names in named.items())


def port_name(node: Node, port: int) -> str:
    """The name of one of a node's outputs; empty for the main one."""
    names = node.layer.ports(node.options)
    return "" if len(names) == 1 or names[port] == "output" else names[port]


def _names(node: Node, argument: str, refs: Sequence[Ref]) -> Sequence[str]:
    """The name of each tensor that fills an argument; empty where it would say nothing."""
    if node.type in _ANY_ORDER:
        return [""] * len(refs)
    roles = node.layer.tensors_in_list()
    if node.type == "Subtract":
        return ("+", "\N{MINUS SIGN}")
    if node.type == "ops.einsum":
        terms: str = getattr(node.layer, "subscripts", "").partition("->")[0]  # "": of a layer with errors
        return terms.split(",")
    if argument == "inputs" and roles and len(refs) > 1:
        return roles[: len(refs)]
    if argument == "mask" and roles and len(refs) > 1:
        return [f"{role}_mask" for role in roles[: len(refs)]]
    if len(node.inputs) == 1 and argument == node.layer.tensor_arguments()[0].name:
        return [""] * len(refs)
    if len(refs) == 1:
        return [argument]
    states = [name for name in (*node.layer.ports(node.options), *node.layer.switched_ports()) if "state" in name]
    if len(states) == len(refs) and argument in ("initial_state", "states"):
        return [f"initial {name}" if argument == "initial_state" else name for name in states]
    return [f"{argument} {index}" for index in range(len(refs))]
