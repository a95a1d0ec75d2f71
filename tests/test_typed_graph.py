"""What `specc.compile` gives: it says what it is, and gives what the commands write."""

from __future__ import annotations

from pathlib import Path

import pytest

import specc
from specc import ir
from tests.support import command

TEXT = "name: small\nlayers: [{type: Input, name: x, shape: [4]}, {type: Dense, name: y, units: 8}]\n"


def test_a_graph_says_what_it_is_in_a_line() -> None:
    graph = specc.compile(specc.Spec.from_text(TEXT))
    assert repr(graph) == "<TypedGraph small: Sequential, x (None, 4) -> y (None, 8), 1 layer, 40 parameters>"
    wide = "layers: [{type: Input, name: x, shape: [4]}, {type: Identity, name: y, each: {i: [" + "0, " * 500 + "0]}}]"
    assert len(repr(specc.compile(specc.Spec.from_text(wide)))) < 250


def test_it_is_the_same_graph_with_methods() -> None:
    graph = specc.compile(specc.Spec.from_text(TEXT))
    plain = ir.TypedGraph(graph.graph, graph.order, graph.tensors, graph.weights, graph.form, graph.models)
    again = specc.TypedGraph.of(plain)
    assert (again.summary(), again.source(), repr(again)) == (graph.summary(), graph.source(), repr(graph))
    assert type(again.in_form("functional")) is specc.TypedGraph


def test_a_graph_gives_what_the_commands_write(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(TEXT)
    graph = specc.compile(tmp_path / "small.yaml")
    assert {name: (tensor.shape, tensor.dtype) for name, tensor in graph.inputs.items()} == {
        "x": ((None, 4), "float32")
    }
    assert {name: tensor.shape for name, tensor in graph.outputs.items()} == {"y": (None, 8)}
    assert graph.summary() + "\n" == command.specc("summary", "small.yaml", folder=tmp_path).out
    command.specc("graph", "small.yaml", "-o", "one.mmd", folder=tmp_path)
    assert graph.draw(tmp_path / "two.mmd", direction="down") == str(tmp_path / "two.mmd")
    assert (tmp_path / "two.mmd").read_text() == (tmp_path / "one.mmd").read_text()
    assert graph.draw() == graph._repr_mimebundle_()["image/svg+xml"]
    command.specc("build", "small.yaml", "-o", "one.py", folder=tmp_path)
    assert graph.save(tmp_path / "two.py") == str(tmp_path / "two.py")
    assert (tmp_path / "two.py").read_text() == (tmp_path / "one.py").read_text() == graph.source()


def test_endings_that_are_none(tmp_path: Path) -> None:
    graph = specc.compile(specc.Spec.from_text(TEXT))
    for write in (graph.draw, graph.save):
        with pytest.raises(ValueError, match="xyz"):
            write(tmp_path / "small.xyz")
    assert list(tmp_path.iterdir()) == []


def test_a_graph_draws_itself_with_the_options_of_the_command(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(TEXT)
    graph = specc.compile(tmp_path / "small.yaml")
    command.specc("graph", "small.yaml", *"-o one.svg --direction right --theme dark".split(), folder=tmp_path)
    drawn = graph.draw(direction="right", theme="dark")
    assert drawn == specc.draw(tmp_path / "small.yaml", direction="right", theme="dark")
    assert drawn == (tmp_path / "one.svg").read_text()
    target = tmp_path / "two.png"
    assert specc.draw(tmp_path / "small.yaml", target, dpi=72) == graph.draw(target, dpi=72) == str(target)
    assert target.read_bytes().startswith(b"\x89PNG")


def test_options_that_are_none() -> None:
    graph = specc.compile(specc.Spec.from_text(TEXT))
    with pytest.raises(ValueError, match=r"^dpi changes nothing in \.svg; it is for \.png$"):
        graph.draw(dpi=300)
    with pytest.raises(ValueError, match=r"^theme is one of auto, light, dark, paper, not 'neon'$"):
        graph.draw(theme="neon")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"^a picture has no option 'color'; options: direction, "):
        graph.draw(color="red")  # type: ignore[call-arg]


def test_a_graph_draws_what_has_changed(tmp_path: Path) -> None:
    spec = {"layers": [{"type": "Input", "shape": [3]}, {"type": "Dense", "name": "y", "units": 2}]}
    other = {"layers": [{"type": "Input", "shape": [3]}, {"type": "Dense", "name": "y", "units": 4}]}
    target = tmp_path / "change.txt"
    specc.compile(other).draw(target, against=specc.compile(spec))
    assert "units 2 → 4" in target.read_text()
    assert specc.draw(other, against=spec) == specc.compile(other).draw(against=specc.compile(spec))
