"""The shapes of what is expanded so far, for expressions that ask: ``$(shape(x)[-1])``.

What a reference leads to is wired and inferred when an expression asks for it, each node once, by the rules that the
whole graph is wired and inferred by later.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, NoReturn

from specc.calls import Callee, Policy
from specc.diagnostics import Related, Report
from specc.diagnostics.problem import RuleError
from specc.expressions.shapes import Answer, NoShapeError
from specc.frontend.include import Unit
from specc.frontend.schema import Spec
from specc.ir import Graph, Inferred, MadeFor, NestedModel, Node, Output, Ref, refs_of
from specc.layers.core import Input
from specc.passes.expansion.layer_items import LayerItems
from specc.passes.expansion.scopes import Copies, Entry, Scope
from specc.passes.expansion.wires_above import WiresAbove
from specc.passes.inference.infer import Inference, infer_nested
from specc.passes.inference.nested import TypedModels
from specc.passes.inference.refused import Refused, report_refusal, report_refused
from specc.passes.verify import has_all_inputs, is_acyclic, verify
from specc.passes.whole_model import dtype_policy
from specc.shapes import Shape, Tensor, show_shape
from specc.source import Origin, Path, Place

SEES = "shape(...) sees the items above, and the inputs of the block"


class KnownShapes:
    """Answers the questions of one compilation."""

    def __init__(
        self, unit: Unit, values: Mapping[Unit, Mapping[str, Any]], layers: LayerItems, report: Report
    ) -> None:
        self._layers = layers
        self._report = report
        self._policy = _policy(unit, values)
        self._graphs: dict[Scope, _GraphAbove] = {}
        self._opening: set[Entry] = set()
        """Items whose nested models ask for the shapes of their inputs."""

    def of(self, scope: Scope, reference: str) -> Answer:
        """The shape of what a reference refers to in a scope. NoShapeError if it is not known."""
        graph = self._graph(scope.outermost)
        return graph.answer(scope, reference)

    def count(self, scope: Scope, name: str) -> int:
        """How many tensors an input of the block is given. NoShapeError if that is not known."""
        scope.counted[name] = count = self._graph(scope.outermost).count(scope, name)
        return count

    def made_for(self, scope: Scope, graph: Graph) -> tuple[MadeFor, ...]:
        """The sizes that expressions in a nested model of that graph were computed from."""
        if scope not in self._graphs:
            return ()
        inside = (entry.inner for entry in scope.present() if entry.inner is not None)
        used = tuple(made for it in (scope, *inside) for made in it.asked.values())
        if all(made.ref.node in graph.nodes for made in used):
            return used
        # What leads to no output is not in the graph: then every size of the inputs may matter.
        return (*used, *self._graphs[scope].sizes_given(used[0].place))

    def _graph(self, scope: Scope) -> _GraphAbove:
        if scope not in self._graphs:
            given = None if scope.model_of is None else self._given(scope, *scope.model_of)
            self._graphs[scope] = _GraphAbove(scope, self._policy, given, self._report)
        return self._graphs[scope]

    def _given(self, scope: Scope, entry: Entry, path: Path) -> dict[str, Tensor]:
        """What the first call of a nested model gives its inputs; the item has it at a path in its arguments."""
        if entry in self._opening:
            raise NoShapeError("unknown-shape", f"the inputs of {entry.label} depend on themselves", follows=True)
        self._opening.add(entry)
        try:
            model = _model_without_layers(scope)
            layer: Callee = model
            if path:
                around = replace(entry, arguments=_with(entry.arguments, path, model))
                layer = self._layers.layer(around, entry.item.type or "")
            graph = self._graph(entry.scope.outermost)
            return graph.given_by(replace(entry, layer=layer), model)
        finally:
            self._opening.discard(entry)


class _Given(Exception):
    """A nested model is called with these tensors."""

    def __init__(self, tensors: dict[str, Tensor]) -> None:
        super().__init__()
        self.tensors = tensors


class _Models(TypedModels):
    """Nested models; a call of one that is still being expanded raises what it is given."""

    opening: NestedModel | None = None

    def infer(self, model: Callee, given: dict[str, Tensor], policy: Policy) -> tuple[Tensor, ...]:
        """The outputs of a call of a model on the given tensors."""
        if model is self.opening:
            raise _Given(given)
        return super().infer(model, given, policy)


class _GraphAbove:
    """One graph, the file's or a nested model's, as far as it is expanded and as questions lead into it."""

    def __init__(self, scope: Scope, policy: Policy, given: dict[str, Tensor] | None, report: Report) -> None:
        self._report = report
        self._inferred = scope.inferred
        self._wires = WiresAbove(report)
        self._nodes: dict[str, Node] = {}
        self._wrong: dict[str, NoShapeError] = {}
        """The nodes whose shapes cannot be known."""
        self._sound: dict[NestedModel, bool] = {}
        """Whether the nested models that were met are valid."""
        self._origin = Origin(scope.place())
        graph = Graph(scope.kind or "model", self._nodes, tuple(given or ()), (), self._origin, scope.kind or None)
        self._inference = Inference(graph, policy, nested=given is not None)
        self._inference.constants = self._constants = set[str]()
        self._models = self._inference.models = _Models(infer_nested, {})
        for name, tensor in (given or {}).items():
            layer = Input(batch_shape=tensor.shape, dtype=tensor.dtype)
            self._nodes[name] = Node(name, layer, {}, self._origin)
            self._inference.tensors[name] = (Tensor(tensor.shape, tensor.dtype, mask=tensor.mask),)

    # -- Questions ----------------------------------------------------------------------------

    def answer(self, scope: Scope, reference: str) -> Answer:
        """The shape of what a reference refers to in a scope."""
        quiet = self._wires.report
        quiet.begin()
        asked = scope.place(part="key")
        refs = self._wires.resolve(scope, reference, asked)
        if quiet.below is not None:
            raise _below(reference, quiet.below, is_early=not scope.coming)
        if (wrong := quiet.wrong) is not None and wrong.place is asked:
            raise NoShapeError(wrong.code, wrong.message, wrong.help, wrong.related)
        if len(refs) > 1:
            one = f"ask for one of them: shape({reference.removesuffix('[*]')}[0])"
            raise NoShapeError("ambiguous-name", f"'{reference}' refers to {len(refs)} tensors", one)
        if not refs:
            target = scope.names.get(reference)
            if isinstance(target, Entry) and target.is_nothing:
                message = f"'{reference}' is nothing here, so it has no shape"
                raise NoShapeError("unknown-shape", message, "ask for it only where it is there: ... if ... else ...")
            raise _unknown(reference)
        return _Known(self, scope, reference, refs[0], self._tensor(refs[0], reference).shape)

    def count(self, scope: Scope, reference: str) -> int:
        """How many tensors a reference refers to in a scope."""
        quiet = self._wires.report
        quiet.begin()
        refs = self._wires.resolve(scope, reference, scope.place(part="key"))
        what = f"how many tensors '{reference}' has"
        if quiet.below is not None:
            message = f"{what} depends on '{quiet.below}', which does not stand above the instance"
            raise NoShapeError("unknown-shape", message, "write that item above")
        if quiet.wrong is not None:
            raise NoShapeError("unknown-shape", f"{what} is not known", follows=True)
        return len(refs)

    def given_by(self, entry: Entry, model: NestedModel) -> dict[str, Tensor]:
        """What the call of an entry gives to a model that it is or has inside."""
        self._wires.report.begin()
        node = self._wires.call(entry)
        self._check(node, node.name)
        for ref in node.refs():
            self._tensor(ref, node.name)
        self._check_inputs(node, node.name)
        self._models.opening = model
        try:
            call = node.call(self._inference.given(node), self._inference.policy, self._models)
            node.layer.infer(call)
        except _Given as given:
            return given.tensors
        except RuleError as error:
            report_refusal(self._with(node), self._inference.tensors, node, error, error.problem.help, self._report)
        finally:
            self._models.opening = None
        raise self._refused(node, node.name)

    # -- Shapes -------------------------------------------------------------------------------

    def _knows(self, ref: Ref) -> bool:
        tensors = self._inference.tensors.get(ref.node)
        return tensors is not None and ref.port < len(tensors)

    def _tensor(self, ref: Ref, reference: str) -> Tensor:
        """The tensor of a node's output. Iterative, so that a long chain needs no recursion."""
        pending: dict[str, tuple[Node, Iterator[Ref]]] = {}
        needed: Ref | None = None if self._knows(ref) else ref
        while needed is not None or pending:
            if needed is not None:
                if needed.node in pending:
                    self._refuse_cycle([node for node, _ in pending.values()], reference)
                node = self._node(needed.node, reference)
                pending[needed.node] = node, iter(node.refs())
            node, refs = next(reversed(pending.values()))
            needed = next((other for other in refs if not self._knows(other)), None)
            if needed is None:
                del pending[node.name]
                self._infer(node, reference)
        return self._inference.tensors[ref.node][ref.port]

    def _node(self, name: str, reference: str) -> Node:
        """The node of a name, wired. NoShapeError if something is wrong with its inputs."""
        if name in self._wrong:
            raise self._wrong[name]
        node = self._nodes[name] = self._wires.node(name)
        self._check(node, reference)
        return node

    def _check(self, node: Node, reference: str) -> None:
        """NoShapeError if something is wrong with the wires of a node."""
        quiet = self._wires.report
        if quiet.below is not None:
            raise self._refused(node, reference, _below(reference, quiet.below))
        if quiet.wrong is not None:
            raise self._refused(node, reference, _unknown(reference, quiet.wrong.message))

    def _infer(self, node: Node, reference: str) -> None:
        """Infer a node whose inputs are known. NoShapeError, and reported, if its layer cannot take them."""
        self._check_inputs(node, reference)
        has_models = self._check_models(node, reference)
        inference, refs = self._inference, node.refs()
        is_constant = self._constants.issuperset([ref.node for ref in refs]) and not isinstance(node.layer, Input)
        if is_constant:
            self._constants.add(node.name)
        if not inference.node(node):
            refusal = inference.refusals.pop()
            refused = Refused([refusal], self._with(node), inference.tensors, inference.attempt, inference.nested)
            report_refused(refused, self._report)
            raise self._refused(node, reference)
        # What is below may call a layer again, or ask for its other outputs.
        is_open = has_models or is_constant or node.shares is not None
        if not is_open and not any([ref.port for ref in refs]) and self._wires.report.is_clean:  # noqa: C419 - it is faster
            given = tuple([inference.tensors[ref.node][0] for ref in refs])
            outputs, weights = inference.tensors[node.name], inference.weights[node.name]
            self._inferred[node.name] = Inferred(node, given, outputs, weights)

    def _check_inputs(self, node: Node, reference: str) -> None:
        """NoShapeError, and reported unless it follows from another error, if a node lacks inputs."""
        if not _is_complete(node):
            if not self._wires.report.was_wrong and not self._report.failed:
                has_all_inputs(self._with(node), self._report)
            raise self._refused(node, reference, _unknown(reference, f"'{node.name}' lacks an input"))

    def _check_models(self, node: Node, reference: str) -> bool:
        """Whether a node's layer is or has a nested model. NoShapeError, and reported, if that is not valid."""
        if not isinstance(node.layer, NestedModel) and not node.layer.inner_layers():
            return False
        models = [model for model in node.layer.with_inner() if isinstance(model, NestedModel)]
        for model in models:
            if model not in self._sound:
                graph, found = model.graph, Report()
                self._sound[model] = all(output.ref.node in graph.nodes for output in graph.outputs)
                if self._sound[model]:  # else its wires are wrong, which is reported
                    verify(graph, found)
                    self._report.include(found.diagnostics)
                    self._sound[model] = not found.failed
            if not self._sound[model]:
                raise self._refused(node, reference)
        return bool(models)

    def _with(self, node: Node) -> Graph:
        """The graph of the nodes that are inferred, and another one."""
        nodes = {name: it for name, it in self._nodes.items() if name in self._inference.tensors} | {node.name: node}
        inputs = tuple(name for name, it in nodes.items() if isinstance(it.layer, Input))
        return replace(self._inference.graph, nodes=nodes, inputs=inputs)

    def _refuse_cycle(self, nodes: list[Node], reference: str) -> NoReturn:
        """NoShapeError for nodes that wait for each other, which are reported."""
        is_acyclic(replace(self._inference.graph, nodes={node.name: node for node in nodes}), self._report)
        raise self._refused(nodes[-1], reference)

    def _refused(self, node: Node, reference: str, error: NoShapeError | None = None) -> NoShapeError:
        """The error of a question that a node cannot answer; that of further ones about it follows from it."""
        follows = _unknown(reference, f"it depends on '{node.name}'")
        self._wrong[node.name] = follows
        return error or follows

    def sizes_given(self, place: Place) -> Iterator[MadeFor]:
        """All known sizes of a nested model's inputs."""
        for name in self._inference.graph.inputs:
            (tensor,) = self._inference.tensors[name]
            for axis, size in enumerate(tensor.shape):
                if size is not None:
                    yield MadeFor(Ref(name), axis, size, name, place)

    def open_input(self, name: str) -> Node | None:
        """An Input that leads to a node and has a size that is not known."""
        seen = {name}
        pending = [name]
        for reached in pending:
            node = self._nodes[reached]
            if isinstance(node.layer, Input) and None in self._inference.tensors[reached][0].shape[1:]:
                return node
            further = [ref.node for ref in node.refs() if ref.node not in seen]
            seen.update(further)
            pending += further
        return None


class _Known:
    """An answer."""

    def __init__(self, graph: _GraphAbove, scope: Scope, reference: str, ref: Ref, shape: Shape) -> None:
        self.shape = shape
        self._graph = graph
        self._scope = scope
        self._reference = reference
        self._ref = ref

    def use(self, axis: int) -> None:
        """Take note that the size of an axis is used."""
        size = self.shape[axis]
        scope = self._scope
        if size is not None and (self._ref, axis) not in scope.asked:
            place = scope.place("layers") if scope.above is None else _next_item(scope.above)
            scope.asked[self._ref, axis] = MadeFor(self._ref, axis, size, self._reference, place)

    def unknown(self, axis: int) -> NoShapeError:
        """Why the size of an axis is not known."""
        shown = f"the shape of '{self._reference}' is {show_shape(self.shape)}"
        if axis == 0:
            message = f"the batch size is not known: {shown}"
            help = "axis 0 is the batch; shape(x)[-1] is the last axis"
            return NoShapeError("unknown-shape", message, help)
        source = self._graph.open_input(self._ref.node)
        message = f"the size of axis {axis} is not known: {shown}"
        if source is None:
            return NoShapeError("unknown-shape", message, "use an axis whose size is known")
        help = f"give '{source.name}' a size there, or use another axis"
        return NoShapeError("unknown-shape", message, help, [Related("it is open here", source.origin.at("shape"))])


def _policy(unit: Unit, values: Mapping[Unit, Mapping[str, Any]]) -> Policy:
    """The model's dtype policy. Errors in it are reported with the whole model."""
    policy = dtype_policy(unit.spec, unit, values[unit], Report()) if isinstance(unit.spec, Spec) else None
    return Policy.named(policy or "float32")


def _model_without_layers(scope: Scope) -> NestedModel:
    """A nested model that is still to be expanded: its inputs, of which the first stands for every output."""
    assert scope.block is not None
    inputs, origin = scope.block.inputs, Origin(scope.place(), scope.frames)
    nodes = {name: Node(name, Input(batch_shape=()), {}, origin) for name in inputs}
    outputs = tuple(Output(port, Ref(inputs[0])) for port in scope.block.ports) if inputs else ()
    return NestedModel.of(Graph(scope.kind, nodes, tuple(inputs), outputs, origin, scope.kind))


def _with(data: Any, path: Path, value: Any) -> Any:
    """Some data with another value at a path."""
    if not path:
        return value
    step, *rest = path
    if isinstance(data, list):
        return [_with(it, tuple(rest), value) if index == step else it for index, it in enumerate(data)]
    return {**data, step: _with(data[step], tuple(rest), value)}


def _next_item(above: Entry | Copies) -> Place:
    """The item below another, which is the one that is expanded."""
    place = (above.entries[0] if isinstance(above, Copies) else above).item_place
    *path, index = place.path
    assert isinstance(index, int)
    return place._replace(path=(*path, index + 1))


def _is_complete(node: Node) -> bool:
    """Whether a call gets all that its layer needs."""
    for argument in node.layer.tensor_arguments():
        given = node.inputs.get(argument.name)
        if given is None:
            if argument.required:
                return False
        elif argument.many and not argument.least <= len(refs_of(given)) <= (argument.most or len(refs_of(given))):
            return False
    return True


def _below(reference: str, name: str, is_early: bool = False) -> NoShapeError:
    is_itself = re.split(r"[.\[]", reference, maxsplit=1)[0] == name
    if is_itself and is_early:
        message = f"names of items and defaults of arguments are computed before the shape of '{name}' is known"
        return NoShapeError("unknown-shape", message, "in a block, they can ask for the shapes of its inputs")
    if is_itself:
        message = f"'{name}' does not stand above this item, so its shape is not known here"
    else:
        message = f"the shape of '{reference}' depends on '{name}', which does not stand above this item"
    return NoShapeError("unknown-shape", message, SEES)


def _unknown(reference: str, why: str | None = None) -> NoShapeError:
    """The error of a question that follows from what is wrong elsewhere."""
    message = f"the shape of '{reference}' is not known{f': {why}' if why else ''}"
    return NoShapeError("unknown-shape", message, "make that item right first", follows=True)
