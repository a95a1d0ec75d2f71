"""Typed graphs built by hand from the layer classes, for the tests of the backends that draw."""

from __future__ import annotations

from typing import Any

import specc
from specc import layers
from specc.diagnostics import Report
from specc.ir import Graph, Instance, Node, Output, Ref, TypedGraph
from specc.layers.base import Layer
from specc.passes.inference.infer import infer
from specc.source import Origin

ORIGIN = Origin.nowhere("test.yaml")


class Item:
    """A layer as a test writes it: ``Item("y", "Dense", "x", units=3)``."""

    def __init__(self, name: str, type: str | Layer, *inputs: str, share: str | None = None, **arguments: Any) -> None:
        self.name, self.type, self.inputs, self.share = name, type, inputs, share
        self.by_name: dict[str, Any] = arguments.pop("from_", {})
        self.options: dict[str, Any] = arguments.pop("call", {})
        self.named: bool = arguments.pop("named", True)
        self.arguments = arguments


def layer(type: str, **arguments: Any) -> Layer:
    cls = layers.find(type)
    assert cls is not None, type
    made, problems = cls.parse(arguments)
    assert isinstance(made, Layer), problems
    return made


def typed(name: str, *items: Item, outputs: dict[str, str] | None = None) -> TypedGraph:
    """A graph of the items, in order, inferred; outputs are what nothing reads. ``a.b.c`` is in the instances a and a.b."""
    nodes: dict[str, Node] = {}
    instances: dict[str, Instance] = {}

    def ref(text: str) -> Ref:
        if text in nodes:
            return Ref(text)
        node, _, port = text.rpartition(".")
        return Ref(node, nodes[node].layer.ports(nodes[node].options).index(port))

    for item in items:
        made = nodes[item.share].layer if item.share else item.type
        if isinstance(made, str):
            made = layer(made, **item.arguments)
        inputs: dict[str, Any] = {}
        if item.inputs:
            first = made.tensor_arguments()[0]
            inputs[first.name] = tuple(map(ref, item.inputs)) if first.many else ref(item.inputs[0])
        for argument, value in item.by_name.items():
            inputs[argument] = tuple(map(ref, value)) if isinstance(value, list) else ref(value)
        around = None
        for step in item.name.split(".")[:-1] if item.name.rpartition(".")[0] not in nodes else ():
            inner = step if around is None else f"{around}.{step}"
            instances.setdefault(inner, Instance(inner, "block", {}, {}, {}, around, ORIGIN))
            around = inner
        nodes[item.name] = Node(item.name, made, inputs, ORIGIN, item.options, item.share, item.named, instance=around)
    read = {one.node for node in nodes.values() for one in node.refs()}
    named = {label: ref(text) for label, text in (outputs or {n: n for n in nodes if n not in read}).items()}
    graph = Graph(
        name,
        nodes,
        tuple(n for n, node in nodes.items() if node.type == "Input"),
        tuple(Output(label, value) for label, value in named.items()),
        ORIGIN,
        instances=instances,
    )
    report = Report()
    found = infer(graph, report)
    assert found is not None, report.diagnostics
    return found


NASTY = '<b>&"\\N\\n]]>`#quot;--></script><!--{|}\x1b[31m\u202e\ufffe'
"""What a name or an argument could hold at the worst, in one line."""


def chain() -> TypedGraph:
    """A chain of three layers, of three families."""
    return typed(
        "digits",
        Item("image", "Input", shape=[28, 28, 1]),
        Item("conv2d", "Conv2D", "image", filters=8, kernel_size=3, strides=2, padding="same", activation="relu"),
        Item("flatten", "Flatten", "conv2d"),
        Item("digit", "Dense", "flatten", units=10, activation="softmax"),
    )


def branches() -> TypedGraph:
    """Two outputs, one of them labelled."""
    return typed(
        "branches",
        Item("x", "Input", shape=[3]),
        Item("hidden", "Dense", "x", units=10, activation="relu"),
        Item("y1", "Dense", "hidden", units=1),
        Item("branch", "Dense", "hidden", units=10, use_bias=False, trainable=False),
        Item("y2", "Dense", "branch", units=1),
        outputs={"price": "y1", "y2": "y2"},
    )


def translator() -> TypedGraph:
    """Ports, named call arguments, a shared layer, integers, constant call arguments."""
    return typed(
        "translator",
        Item("source", "Input", shape=[None], dtype="int32"),
        Item("target", "Input", shape=[None], dtype="int32"),
        Item("embed", "Embedding", "source", input_dim=50, output_dim=8),
        Item("embed_target", "Embedding", "target", share="embed"),
        Item("encoder", "LSTM", "embed", units=4, return_state=True),
        Item(
            "decoder",
            "LSTM",
            units=4,
            return_sequences=True,
            from_={"sequences": "embed_target", "initial_state": ["encoder.state_h", "encoder.state_c"]},
        ),
        Item(
            "attend",
            "MultiHeadAttention",
            num_heads=2,
            key_dim=3,
            from_={"query": "decoder", "value": "decoder"},
            call={"use_causal_mask": True},
        ),
        Item("twice", "Add", "attend", "attend"),
        Item("join", "Concatenate", "twice", "embed_target"),
        Item("word", "Dense", "join", units=50),
    )


def blocks(count: int = 2) -> TypedGraph:
    """Residual block instances in a row, with a block in each."""
    items = [Item("x", "Input", shape=[8])]
    last = "x"
    for number in range(1, count + 1):
        block = f"stage{number}"
        items += [
            Item(f"{block}.inner.dense", "Dense", last, units=8),
            Item(f"{block}.inner.norm", "BatchNormalization", f"{block}.inner.dense"),
            Item(f"{block}.sum", "Add", f"{block}.inner.norm", last),
        ]
        last = f"{block}.sum"
    return typed("blocks", *items)


def siamese() -> TypedGraph:
    """A nested model that is called twice."""
    spec = {
        "name": "siamese",
        "blocks": {
            "tower": {
                "inputs": ["a"],
                "layers": [
                    {"type": "Dense", "units": 4, "from": "a"},
                    {"type": "Dense", "name": "last", "units": 2},
                ],
                "outputs": ["last"],
            }
        },
        "layers": [
            {"type": "Input", "name": "left", "shape": [3]},
            {"type": "Input", "name": "right", "shape": [3]},
            {"type": "tower", "name": "one", "nested": True, "from": "left"},
            {"share": "one", "name": "other", "from": "right"},
            {"type": "Subtract", "name": "apart", "from": ["one", "other"]},
        ],
    }
    return specc.compile(spec)
