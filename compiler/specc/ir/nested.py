"""A block used as one layer: a Keras model inside the model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, ClassVar, Self

from pydantic import PrivateAttr

from specc.calls import Argument, Call, Callee, Policy, Weight
from specc.ir.graph import Graph, Node
from specc.shapes import Tensor


class NestedModel(Callee):
    """A graph with its own inputs that is called as a layer; made from a block with ``nested: true``.

    Its call arguments are the block's inputs. Each is a separate model, equal to no other.
    """

    options: ClassVar[dict[str, Any]] = {"training": bool | None}

    name: str | None = None

    _graph: Graph = PrivateAttr()

    @classmethod
    def of(cls, graph: Graph, name: str | None = None) -> Self:
        """The layer for a block's graph."""
        model = cls(name=name)
        model._graph = graph
        return model

    def with_nodes(self, nodes: Mapping[str, Node]) -> Self:
        """Another such model, with other nodes inside."""
        return self.of(replace(self._graph, nodes=nodes), self.name)

    @property
    def graph(self) -> Graph:
        """The graph inside; the shapes of its inputs are those of the calls."""
        return self._graph

    @property
    def block(self) -> str | None:
        """The name of the block."""
        return self._graph.block

    @property
    def type_name(self) -> str:
        """The name of the block."""
        return self._graph.block or "model"

    @property
    def own_name(self) -> str | None:
        """The name of a model inside a layer."""
        return self.name

    def tensor_arguments(self) -> tuple[Argument, ...]:
        """The block's inputs."""
        return tuple(Argument(name) for name in self._graph.inputs)

    def ports(self, options: dict[str, Any]) -> tuple[str, ...]:
        """The names of the block's outputs."""
        return tuple(output.name for output in self._graph.outputs)

    def ports_of(self, text: str) -> tuple[int, ...] | None:
        """The numbers of the outputs that a reference without the model's name means; None if it means none."""
        ports = self.ports({})
        names = self._graph.named_outputs.get(text, (text,))
        return tuple(map(ports.index, names)) if all(name in ports for name in names) else None

    def first_ports(self) -> tuple[int, ...]:
        """The numbers of the outputs that the model's name alone means: the first, or all that the block's first means."""
        first = next(iter(self._graph.named_outputs), None)
        names = self._graph.named_outputs[first] if first is not None else ()
        return tuple(range(len(names))) if names[:1] == self.ports({})[:1] else (0,)

    def call(
        self, tensors: dict[str, Tensor | tuple[Tensor, ...]], options: dict[str, Any], default_policy: Policy
    ) -> Call:
        """The call, its tensors by the block's inputs even if a wrapper names them differently."""
        names = [argument.name for argument in self.tensor_arguments()]
        if not set(tensors) <= set(names):
            tensors = dict(zip(names, tensors.values(), strict=False))
        return super().call(tensors, options, default_policy)

    def infer(self, call: Call) -> tuple[Tensor, ...]:
        """The outputs of the graph inside, typed for this call."""
        assert call.models is not None
        given = {name: tensor for name, tensor in call.tensors.items() if isinstance(tensor, Tensor)}
        return call.models.infer(self, given, call.default_policy)

    def weights(self, call: Call) -> Iterable[Weight]:
        """The weights of all layers inside."""
        assert call.models is not None
        return call.models.weights(self)

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)
