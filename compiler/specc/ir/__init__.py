"""The compiler's graphs: a `Graph` has names and wires, a `TypedGraph` also every shape, dtype and weight.

Both have all that later stages need, including the structure of blocks and copies; neither ever changes.
"""

from specc.ir.graph import (
    Copy,
    Declared,
    Formula,
    Graph,
    Inferred,
    Instance,
    MadeFor,
    Node,
    Output,
    Ref,
    Var,
    call_key,
    refs_of,
)
from specc.ir.nested import NestedModel
from specc.ir.program import Program
from specc.ir.typed import Form, TypedGraph

__all__ = [
    "Copy",
    "Declared",
    "Form",
    "Formula",
    "Graph",
    "Inferred",
    "Instance",
    "MadeFor",
    "NestedModel",
    "Node",
    "Output",
    "Program",
    "Ref",
    "TypedGraph",
    "Var",
    "call_key",
    "refs_of",
]
