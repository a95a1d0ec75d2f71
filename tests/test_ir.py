"""The graph says all that a spec says of a model's structure, and needs no document to be checked, drawn and built."""

from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError
from pathlib import Path
from typing import Any

import pytest

import specc
from specc import layers
from specc.backends import keras_model
from specc.backends.python import source as python_source
from specc.diagnostics import Report
from specc.ir import Graph, Node, Output, Ref
from specc.passes.advise import advise
from specc.passes.inference.infer import infer
from specc.passes.verify import verify
from specc.source import Origin
from specc.typed_graph import TypedGraph
from tests.support.stages import STAGES, compiled


def test_a_graph_never_changes() -> None:
    graph = compiled(STAGES)
    with pytest.raises(FrozenInstanceError):
        graph.outputs = ()  # type: ignore[misc]
    with pytest.raises(AttributeError):
        graph.nodes["a"].layer = graph.nodes["head_1"].layer  # type: ignore[misc]


def made(type: str, **arguments: Any) -> Any:
    cls = layers.find(type)
    assert cls is not None
    layer, problems = cls.parse(arguments)
    assert layer is not None, problems
    return layer


def without_document() -> TypedGraph:
    """A graph that a program made: two inputs, a merge, two outputs."""
    nowhere = Origin.nowhere()

    def node(name: str, layer: Any, **inputs: Any) -> Node:
        return Node(name, layer, inputs, nowhere)

    nodes = [
        node("a", made("Input", shape=[4])),
        node("b", made("Input", shape=[4])),
        node("both", made("Add"), inputs=(Ref("a"), Ref("b"))),
        node("y", made("Dense", units=2), inputs=Ref("both")),
        node("z", made("Dense", units=3, activation="relu"), inputs=Ref("both")),
    ]
    outputs = (Output("y", Ref("y")), Output("z", Ref("z")))
    graph = Graph("made", {it.name: it for it in nodes}, ("a", "b"), outputs, nowhere)
    report = Report()
    verify(graph, report)
    typed = infer(graph, report)
    assert typed is not None, report.diagnostics
    advise(typed, report)
    report.finish()
    assert report.diagnostics == []
    return TypedGraph.of(typed)


def test_a_program_can_make_a_graph(tmp_path: Path) -> None:
    graph = specc.TypedGraph.of(without_document())
    assert (graph.params, graph.form) == (25, "functional")
    assert "both" in graph.summary()
    assert "both" in graph.draw()
    assert "layers.Add(" in python_source.source(graph)
    model = keras_model.build(graph)
    assert [tuple(it.shape) for it in model.outputs] == [(None, 2), (None, 3)]
    graph.save(tmp_path / "made.py")
    assert (tmp_path / "made.py").read_text() == python_source.source(graph)


def test_what_is_wrong_with_a_graph_without_a_document_is_told_without_a_place() -> None:
    nowhere = Origin.nowhere()
    nodes = {
        "x": Node("x", made("Input", shape=[4]), {}, nowhere),
        "y": Node("y", made("Conv2D", filters=2, kernel_size=3), {"inputs": Ref("x")}, nowhere),
        "z": Node("z", made("Conv2D", filters=2, kernel_size=5), {"inputs": Ref("x")}, nowhere),
    }
    outputs = (Output("y", Ref("y")), Output("z", Ref("z")))
    report = Report()
    assert infer(Graph("wrong", nodes, ("x",), outputs, nowhere), report) is None
    assert [(it.code, it.file, it.line, it.message.split(")")[0]) for it in report.diagnostics] == [
        ("shape-mismatch", "<program>", 1, "'y' (Conv2D"),
        ("shape-mismatch", "<program>", 1, "'z' (Conv2D"),
    ]


def test_a_graph_can_be_pickled() -> None:
    graph = specc.compile(specc.Spec.from_text(STAGES))
    assert pickle.loads(pickle.dumps(graph)).summary() == graph.summary()
