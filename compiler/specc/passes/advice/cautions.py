"""Cautions that layers themselves report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from specc.calls import Callee, Policy
from specc.diagnostics import Report
from specc.diagnostics.frames import through
from specc.diagnostics.problem import Problem
from specc.ir import Node, TypedGraph
from specc.layers.base import Layer
from specc.passes.advice.walking import node_label, typed_graphs
from specc.passes.inference.infer import infer_nested
from specc.passes.inference.nested import TypedModels
from specc.shapes import is_float

LOSS = "float32"
"""The dtype of every loss that does not set another: Keras's ``floatx``."""


def runs_as_meant(graph: TypedGraph, report: Report) -> None:
    """Report the cautions of the layers, those in nested models too."""
    policy = Policy.named(graph.graph.dtype_policy)
    for typed in typed_graphs(graph):
        sure = {cls for cls in typed.layer_classes if _never_cautions(cls, policy)}
        doubtful = {
            id(layer)
            for layer in typed.layers
            if (type(layer) not in sure or (isinstance(layer, Layer) and layer.dtype is not None))
            and _may_caution(layer, policy)
        }
        if not doubtful:
            continue
        trained: set[str] = set()
        for name in typed.order:
            node = typed.nodes[name]
            follows = any(ref.node in trained for ref in node.refs())
            if follows or any(weight.trainable for weight in typed.weights[name]):
                trained.add(name)
            if id(node.layer) not in doubtful:
                continue
            stops = _stops(typed, node) if follows else ()
            for problem in (*_cautions(typed, node, policy, follows), *stops, *_penalties(node.layer, policy)):
                said = problem.with_subject(node_label(node))
                if not (problem.path and node.origin.place.has(problem.path[0])):
                    said = replace(said, path=(), part="value")
                report.add(said, node.origin.place, through(node.origin.frames), "warning")


def _never_cautions(cls: type[Callee], policy: Policy) -> bool:
    """Whether no layer of a class that leaves its dtype to the policy has any cautions."""
    own = cls.cautions is not Callee.cautions or cls.has_gradient is not Callee.has_gradient
    return not (own or cls.inner_layers()) and cls.graded and policy.compute == policy.variable == LOSS


def _may_caution(layer: Callee, policy: Policy) -> bool:
    """Whether a layer has cautions, no gradient, or penalties of another dtype than the loss."""
    if type(layer).cautions is not Callee.cautions or any(True for _ in _penalties(layer, policy)):
        return True
    return not all(inner.has_gradient() for inner in layer.with_inner())


def _cautions(typed: TypedGraph, node: Node, policy: Policy, passes_gradients: bool) -> Iterator[Problem]:
    if type(node.layer).cautions is not Callee.cautions:
        call = node.call(typed.given(node), policy, TypedModels(infer_nested, typed.models))
        call.passes_gradients = passes_gradients
        yield from node.layer.cautions(call)


def _stops(typed: TypedGraph, node: Node) -> Iterator[Problem]:
    """Layers without a gradient after floats that are trained."""
    inner = next((inner for inner in node.layer.with_inner() if not inner.has_gradient()), None)
    if inner is not None and any(is_float(typed.tensor(ref).dtype) for ref in node.refs()):
        yield Problem(
            "cannot-train",
            f"cannot train the layers before it: {'it' if inner is node.layer else inner.type_name} has no gradient",
            help="put it before the layers that are trained",
        )


def _penalties(layer: Callee, default: Policy) -> Iterator[Problem]:
    """Regularizers whose penalty has another dtype than the loss: Keras cannot add the two."""
    for inner in layer.with_inner():
        if not isinstance(inner, Layer):
            continue
        policy = default if inner.dtype is None else Policy.named(inner.dtype)
        if policy.compute == policy.variable == LOSS:
            continue
        for name in _regularizers(type(inner)):
            if getattr(inner, name) is None:
                continue
            of_output = name == "activity_regularizer"
            dtype = policy.compute if of_output else policy.variable
            if dtype == LOSS or not (of_output or inner.trainable):
                continue
            wanted = f"mixed_{dtype}" if dtype in ("float16", "bfloat16") and not of_output else LOSS
            said = "" if inner is layer else f"contains {inner.type_name}, which "
            yield Problem(
                "cannot-train",
                f"{said}cannot train: its {name} gives {dtype}, which Keras cannot add to a loss of {LOSS}",
                (name,) if inner is layer else (),
                f"give {'it' if inner is layer else inner.type_name} dtype: {wanted}, or remove {name}",
            )


@cache
def _regularizers(cls: type[Callee]) -> tuple[str, ...]:
    return tuple(name for name in cls.argument_fields() if name.endswith("_regularizer"))
