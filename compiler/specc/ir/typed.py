"""A graph that is known to be valid, with every shape, dtype and weight."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import prod
from typing import Literal, Self

from specc.calls import Callee, Policy, Weight
from specc.dtypes import item_bytes
from specc.ir.graph import Graph, Node, Output, Ref
from specc.ir.nested import NestedModel
from specc.layers.core import Identity
from specc.shapes import Tensor

Form = Literal["sequential", "functional"]


@dataclass(frozen=True, repr=False)
class TypedGraph:
    """A checked graph: what a backend takes. Only `specc.passes.inference.infer` makes one.

    What users get is a `specc.typed_graph.TypedGraph`, which calls the backends.
    """

    graph: Graph
    order: tuple[str, ...]
    """The nodes' names, each after all that it reads; file order if possible."""
    tensors: dict[str, tuple[Tensor, ...]]
    """The outputs of every node."""
    weights: dict[str, tuple[Weight, ...]]
    """The weights that each node's layer has, in Keras's order; none for a shared call."""
    form: Form
    """What it becomes: a ``keras.Sequential``, which is for a chain only, or a functional model."""
    models: Mapping[NestedModel, TypedGraph] = field(default_factory=dict)
    """The graphs of the nested models among its layers or inside them, as Keras builds them for all calls."""

    @cached_property
    def layers(self) -> tuple[Callee, ...]:
        """The layers, and those inside them, each object once: equal layers of a spec are one object."""
        distinct = {id(node.layer): node.layer for node in self.nodes.values()}.values()
        return tuple({id(layer): layer for outer in distinct for layer in outer.with_inner()}.values())

    @property
    def layer_classes(self) -> frozenset[type[Callee]]:
        """The classes of `layers`: most rules are about none of them."""
        return frozenset(map(type, self.layers))

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The types of the layers, of those inside of them, and of those in nested models."""
        inside = (inner.kinds for inner in self.models.values())
        return frozenset({layer.type_name for layer in self.layers}.union(*inside))

    @property
    def name(self) -> str:
        """The model's name."""
        return self.graph.name

    @property
    def nodes(self) -> Mapping[str, Node]:
        """The nodes by name, in file order."""
        return self.graph.nodes

    @property
    def inputs(self) -> dict[str, Tensor]:
        """The inputs by name, in file order; each a `specc.shapes.Tensor` with ``shape`` and ``dtype``."""
        return {name: self.tensors[name][0] for name in self.graph.inputs}

    @property
    def outputs(self) -> dict[str, Tensor]:
        """The outputs by name, in the model's order; each a `specc.shapes.Tensor` with ``shape`` and ``dtype``."""
        return {output.name: self.tensor(output.ref) for output in self.graph.outputs}

    def in_form(self, form: Form | Literal["auto"]) -> Self:
        """The graph as a model of that form; "auto" keeps it. ValueError for "sequential" if it is not a chain."""
        if form not in ("auto", "sequential", "functional"):
            raise ValueError(f"form must be 'auto', 'sequential' or 'functional', not {form!r}")
        if form == "sequential" and self.form != "sequential":
            raise ValueError(f"'{self.name}' is not a chain of layers, so it cannot be a Sequential model")
        return self if form == "auto" else replace(self, form=form)

    def tensor(self, ref: Ref) -> Tensor:
        """The tensor that a reference refers to."""
        return self.tensors[ref.node][ref.port]

    def naming_layer(self, output: Output) -> Identity:
        """The Identity after an output that is `Output.renamed`."""
        return Identity.keeping(self.tensor(output.ref).dtype, Policy.named(self.graph.dtype_policy))

    def given(self, node: Node) -> dict[str, Tensor | tuple[Tensor, ...]]:
        """What each call argument of a node gets; a tuple where the argument takes many."""
        return {
            argument: self.tensor(value) if isinstance(value, Ref) else tuple(self.tensor(ref) for ref in value)
            for argument, value in node.inputs.items()
        }

    def node_params(self, name: str) -> int:
        """The number of scalars in the weights of a node's layer; 0 for a shared call."""
        return sum(prod(weight.shape) for weight in self.weights[name])

    @cached_property
    def params(self) -> int:
        """The number of scalars in all weights, each weight counted once."""
        counts = Counter(map(id, self.weights.values()))  # equal layers have them in one object
        distinct = {id(weights): weights for weights in self.weights.values()}
        return sum(counts[key] * sum(prod(it.shape) for it in weights) for key, weights in distinct.items())

    @cached_property
    def trainable_params(self) -> int:
        """The number of scalars in the trainable weights."""
        return sum(prod(w.shape) for weights in self.weights.values() for w in weights if w.trainable)

    @cached_property
    def memory(self) -> int:
        """The bytes of all weights, each weight counted once."""
        return sum(prod(w.shape) * item_bytes(w.dtype) for weights in self.weights.values() for w in weights)

    @property
    def layer_count(self) -> int:
        """The number of layers and operations; inputs, constants and what only names an output are not counted, and one that
        is shared counts once.
        """
        others = {*self.graph.inputs, *self.graph.constants}
        return sum(node.shares is None and not node.naming and name not in others for name, node in self.nodes.items())

    @cached_property
    def constant_bytes(self) -> int:
        """The bytes of all constants, those of nested models too, each as often as it is built."""
        found = sum(tensor.bytes or 0 for name in self.graph.constants for tensor in self.tensors[name])
        if self.models:
            inner = (it for node in self.nodes.values() if node.shares is None for it in node.layer.with_inner())
            found += sum(self.models[it].constant_bytes for it in inner if isinstance(it, NestedModel))
        return found
