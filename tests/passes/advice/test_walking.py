"""The graphs inside of a graph, and where a node is told of."""

from __future__ import annotations

import pytest

import specc
from specc.diagnostics import Report
from specc.passes.advice.walking import MOST_NAMED, calls_of, listed, node_label, typed_graphs, warn
from specc.source import Path
from tests.support.checking import spec

TEXT = """
    blocks:
      inner: {inputs: [i], layers: [{type: Dense, name: deep, units: 3}, {type: ReLU, name: r}], outputs: [r]}
      outer: {inputs: [i], layers: [{type: inner, name: model, nested: true}, {type: Dense, name: d, units: 3}], outputs: [d]}
    layers:
      - {type: Input, name: x, shape: [4]}
      - {type: outer, name: u, nested: true, trainable: false}
      - {type: Dense, name: y, units: 1, repeat: 6}
"""


def test_nested_models_in_nested_models() -> None:
    graph = specc.compile(spec(TEXT))
    assert [list(typed.nodes) for typed in typed_graphs(graph)] == [
        ["x", "u", *(f"y_{number}" for number in range(1, 7)), "y"],
        ["i", "model", "d"],
        ["i", "deep", "r"],
    ]
    dense = calls_of(graph, lambda layer: layer.type_name == "Dense")
    assert [node.name for _, node in dense] == [*(f"y_{number}" for number in range(1, 7)), "d", "deep"]


@pytest.mark.parametrize(("path", "place"), [
    ((), ("layers", 1)), (("trainable",), ("layers", 1, "trainable")), (("units",), ("layers", 1)),
])  # fmt: skip
def test_a_warning_is_at_the_argument_if_the_item_has_it(path: Path, place: Path) -> None:
    node = specc.compile(spec(TEXT)).nodes["u"]
    report = Report()
    warn("cannot-train", node, report, node_label(node), path, "none")
    report.finish()
    assert [(it.message, it.place.path) for it in report.diagnostics] == [("'u' (outer)", place)]


def test_not_too_many_are_listed() -> None:
    nodes = [node for node in specc.compile(spec(TEXT)).nodes.values() if node.type == "Dense"]
    assert listed(nodes) == '"y_1", "y_2", "y_3", "y_4", "y_5", ...'
    assert not listed(nodes[:MOST_NAMED]).endswith("...")
