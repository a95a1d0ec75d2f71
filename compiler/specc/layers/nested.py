"""A block used as one layer: a Keras model inside the model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import PrivateAttr

from specc.calls import Argument, Call, Callee, Policy, Weight
from specc.diagnostics.problem import ShapeError
from specc.shapes import Shape, Tensor, show_shape

if TYPE_CHECKING:
    from specc.ir import Graph, Node, TypedGraph


class NestedModel(Callee):
    """A graph with inputs of its own that is called as a layer; made from a block with ``nested: true``.

    Its call arguments are the block's inputs. Keras fixes their shapes when it builds the model: they are those of
    the calls, with the sizes unknown in which the calls differ.
    """

    options: ClassVar[dict[str, Any]] = {"training": bool | None}

    name: str | None = None

    _block: str = PrivateAttr()
    _graph: Graph = PrivateAttr()
    _ports: tuple[str, ...] = PrivateAttr()
    _typed: TypedGraph | None = PrivateAttr(None)

    @classmethod
    def of(cls, block: str, graph: Graph, ports: tuple[str, ...], name: str | None = None) -> NestedModel:
        """The layer for a block's graph; ``ports`` are what the block calls its outputs."""
        model = cls(name=name)
        model._block, model._graph, model._ports = block, graph, ports
        return model

    def of_nodes(self, nodes: dict[str, Node]) -> NestedModel:
        """The layer with other nodes inside, none of them inferred."""
        model = self.model_copy()
        model._graph, model._typed = replace(self._graph, nodes=nodes), None
        return model

    @property
    def type_name(self) -> str:
        """The name of the block."""
        return self._block

    @property
    def graph(self) -> Graph:
        """The graph inside, its inputs without shapes until the first call is inferred."""
        return self._graph

    @property
    def typed(self) -> TypedGraph | None:
        """The graph inside with every shape that all calls inferred so far have in common."""
        return self._typed

    @property
    def own_name(self) -> str | None:
        """The name of a model inside a layer."""
        return self.name

    def tensor_arguments(self) -> tuple[Argument, ...]:
        """The block's inputs."""
        return tuple(Argument(name) for name in self._graph.inputs)

    def ports(self, options: dict[str, Any]) -> tuple[str, ...]:
        """What the block calls its outputs."""
        return self._ports

    def infer(self, call: Call) -> tuple[Tensor, ...]:
        """The outputs of the graph inside, typed for this call."""
        from specc.passes.infer import NestedError, infer_nested

        given = {name: tensor for name, tensor in call.tensors.items() if isinstance(tensor, Tensor)}
        if self._typed is None:
            self._typed = infer_nested(self._graph, given, call.default_policy)
            typed = self._typed
        else:
            built = {name: self._typed.tensors[name][0] for name in given}
            try:
                wider = {
                    name: tensor._replace(shape=_join(tensor.shape, given[name].shape))
                    for name, tensor in built.items()
                }
                if wider != built:
                    self._typed = infer_nested(self._graph, wider, call.default_policy)
            except NestedError as error:
                raise _unfit(built, given, error.diagnostics[0].message) from None
            except ValueError:
                raise _unfit(built, given) from None
            typed = self._typed if wider == given else infer_nested(self._graph, given, call.default_policy)
        return tuple(typed.tensor(output.ref) for output in typed.graph.outputs)

    def weights(self, call: Call) -> Iterable[Weight]:
        """The weights of all layers inside."""
        if self._typed is None:
            return
        for name in _layer_order(self._typed.graph):
            for weight in self._typed.weights[name]:
                yield weight._replace(name=f"{name}/{weight.name}")

    def call(
        self, tensors: dict[str, Tensor | tuple[Tensor, ...]], options: dict[str, Any], default_policy: Policy
    ) -> Call:
        """The call, its tensors by the block's inputs also where a wrapper calls them otherwise."""
        names = [argument.name for argument in self.tensor_arguments()]
        if not set(tensors) <= set(names):
            tensors = dict(zip(names, tensors.values(), strict=False))
        return super().call(tensors, options, default_policy)


@contextmanager
def untouched(layers: Iterable[Callee]) -> Iterator[None]:
    """Let layers be inferred as if it were for the first time, and leave the nested models in them as they were."""
    before = [(model, model._typed) for model in _models(layers)]
    for model, _ in before:
        model._typed = None
    try:
        yield
    finally:
        for model, typed in before:
            model._typed = typed


def _models(layers: Iterable[Callee]) -> Iterator[NestedModel]:
    """The nested models in layers, at any depth."""
    for layer in layers:
        for inner in layer.with_inner():
            if isinstance(inner, NestedModel):
                yield inner
                yield from _models(node.layer for node in inner.graph.nodes.values())


def _layer_order(graph: Graph) -> list[str]:
    """The layers of a graph as a functional model lists them, by the names of their own calls. Keras: ``map_graph``.

    By their distance from the outputs, the farthest first; those at the same distance in the order in which a walk
    from the outputs back to the inputs comes to them.
    """
    seen: dict[str, int] = {}
    finished: dict[str, None] = {}
    for output in graph.outputs:
        _walk_back(graph, output.ref.node, seen, finished)
    of_call: dict[str, int] = {}
    of_layer: dict[str, int] = {}
    for name in reversed(finished):
        node = graph.nodes[name]
        layer = node.shares or name
        depth = max(of_call.get(name, 0), of_layer.get(layer, 0))
        of_layer[layer] = depth
        for ref in node.refs():
            of_call[ref.node] = max(depth + 1, of_call.get(ref.node, 0))
    return sorted(of_layer, key=lambda layer: (-of_layer[layer], seen[layer]))


def _walk_back(graph: Graph, name: str, seen: dict[str, int], finished: dict[str, None]) -> None:
    if name in finished:
        return
    node = graph.nodes[name]
    seen.setdefault(node.shares or name, len(seen))
    for ref in node.refs():
        _walk_back(graph, ref.node, seen, finished)
    finished[name] = None


def _join(shape: Shape, other: Shape) -> Shape:
    """The shape that takes both: unknown where they differ. ValueError where their ranks do."""
    return tuple(one if one == two else None for one, two in zip(shape, other, strict=True))


def _unfit(built: dict[str, Tensor], given: dict[str, Tensor], why: str | None = None) -> ShapeError:
    """The error of a call with other sizes; ``why``: what a layer inside says to sizes that are unknown where they differ."""
    name = next(name for name, tensor in given.items() if tensor.shape != built[name].shape)
    return ShapeError(
        f"was built for {show_shape(built[name].shape)} at '{name}' by an earlier call and cannot take {show_shape(given[name].shape)}"
        + (f"; where they differ no size is known, and {why}" if why else ""),
        help="make the sizes equal that it must know, or give each shape a nested model of its own"
        if why
        else "give each shape a nested model of its own",
        tensors=(name,),
    )
