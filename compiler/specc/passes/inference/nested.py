"""The nested models of a graph, typed call by call."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from specc.calls import Callee, Policy, Weight
from specc.diagnostics.problem import ShapeError
from specc.ir import Graph, NestedModel, TypedGraph
from specc.passes.inference.refused import Refused
from specc.shapes import Shape, Tensor, show_shape

InferGraph = Callable[[Graph, dict[str, Tensor], Policy], TypedGraph]
"""Types a nested model's graph for a call on the given tensors. Refused if it cannot take them."""


class TypedModels:
    """The graphs inside nested models.

    Keras fixes the shapes of a model's inputs when it builds it: the shapes of the calls, with sizes unknown where the
    calls differ.
    """

    def __init__(self, infer_graph: InferGraph, known: Mapping[NestedModel, TypedGraph]) -> None:
        self._infer_graph = infer_graph
        self.typed = dict(known)
        """For each, the shape that all calls so far have in common."""

    def infer(self, model: Callee, given: dict[str, Tensor], policy: Policy) -> tuple[Tensor, ...]:
        """The outputs of a call of a model on the given tensors."""
        assert isinstance(model, NestedModel)
        built = self.typed.get(model)
        if built is None:
            typed = self.typed[model] = self._infer_graph(model.graph, given, policy)
        elif self._widen(model, built, given, policy):
            typed = self.typed[model]
        else:
            typed = self._infer_graph(model.graph, given, policy)
        return tuple(typed.tensor(output.ref) for output in typed.graph.outputs)

    def _widen(self, model: NestedModel, built: TypedGraph, given: dict[str, Tensor], policy: Policy) -> bool:
        """Add a further call of a model; whether it is then typed for exactly that shape."""
        if model.graph.made_for:  # another size is refused as such, before it makes the size unknown
            self._infer_graph(model.graph, given, policy)
        before = {name: built.tensors[name][0] for name in given}
        try:
            wider = {
                name: tensor._replace(shape=_join(tensor.shape, given[name].shape)) for name, tensor in before.items()
            }
            if wider != before:
                self.typed[model] = self._infer_graph(model.graph, wider, policy)
        except Refused as refused:
            raise _unfit(before, given, refused.message) from None
        except ValueError:
            raise _unfit(before, given) from None
        return wider == given

    def weights(self, model: Callee) -> Iterable[Weight]:
        """The weights of all layers inside a model."""
        assert isinstance(model, NestedModel)
        built = self.typed[model]
        for name in _layer_order(built.graph):
            for weight in built.weights[name]:
                yield weight._replace(name=f"{name}/{weight.name}")


def _layer_order(graph: Graph) -> list[str]:
    """The layers of a graph as a functional model lists them, by the names of their calls. Keras: ``map_graph``.

    In order of their distance from the outputs, the farthest first; at the same distance in the order of a walk from
    the outputs back to the inputs.
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
    """The shape that includes both: unknown where they differ. ValueError if their ranks do."""
    return tuple(one if one == two else None for one, two in zip(shape, other, strict=True))


def _unfit(built: dict[str, Tensor], given: dict[str, Tensor], why: str | None = None) -> ShapeError:
    """The error of a call with other sizes; ``why``: the error of a layer inside if sizes are unknown where they differ."""
    name = next(name for name, tensor in given.items() if tensor.shape != built[name].shape)
    return ShapeError(
        f"was built for {show_shape(built[name].shape)} at '{name}' by an earlier call and cannot take {show_shape(given[name].shape)}"
        + (f"; where they differ no size is known, and {why}" if why else ""),
        help="make those sizes equal, or use a separate nested model for each shape"
        if why
        else "use a separate nested model for each shape",
        tensors=(name,),
    )
