"""What is known of a spec with errors, and where these belong."""

from __future__ import annotations

from pathlib import Path

import pytest

from specc.ir import Instance, Node
from specc.pipeline import Attempt, Spec, attempt
from specc.shapes import NOT_KNOWN
from specc.sketch import Sketch
from specc.source import Place
from tests.support.invalid import FILES

BROKEN = """
layers:
  - {type: Input, name: x, shape: [8]}
  - {type: Dense, name: a, units: 4}
  - {type: Dens, name: b, units: 4}
  - {type: Dense, name: c, units: 4, from: a}
  - {type: Add, name: d, from: [b, c]}
"""


def tried(text: str) -> Attempt:
    return attempt(Spec.from_text(text))


def sketched(text: str) -> Sketch:
    found = tried(text).sketch
    assert found is not None
    return found


def blamed(sketch: Sketch) -> dict[str, list[str]]:
    return {name: [it.code for it in found] for name, found in sketch.blame.members.items()}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_invalid_spec(path: Path) -> None:
    found = attempt(path)
    if found.graph is not None:  # a warning, or an error of the command line
        assert found.sketch is None
        return
    assert any(it.severity == "error" for it in found.diagnostics)
    if found.sketch is None:
        return
    graph, unknown = found.sketch.graph, found.sketch.unknown
    assert unknown <= set(graph.nodes) == set(graph.order)
    for name, node in graph.nodes.items():
        assert all(graph.tensor(ref) is not None for ref in node.refs())
        assert (graph.tensors[name][0] is NOT_KNOWN) == (name in unknown)
        if any(ref.node in unknown for ref in node.refs()):
            assert name in unknown
    members: dict[str, Node | Instance] = {**graph.nodes, **graph.graph.instances}
    blame = found.sketch.blame
    errors = [it for it in found.diagnostics if it.severity == "error"]
    assert set(blame.members) <= set(members)
    assert {id(it) for those in blame.members.values() for it in those} | set(map(id, blame.others)) == set(
        map(id, errors)
    )
    for error in errors:
        names = [name for name, those in blame.members.items() if error in those]
        inside = [name for name, it in members.items() if _is_in(error.place, it.origin.place)]
        assert bool(names) >= bool(inside)


def _is_in(place: Place, item: Place) -> bool:
    path = item.path
    return bool(path) and place.document.source is item.document.source and place.path[: len(path)] == path


def test_what_does_not_depend_on_the_error_is_known() -> None:
    found = sketched(BROKEN)
    assert found.unknown == {"b", "d"}
    assert found.graph.tensors["c"][0].shape == (None, 4)
    assert blamed(found) == {"b": ["unknown-layer"]}
    assert [ref.node for ref in found.graph.nodes["d"].refs()] == ["b", "c"]
    assert found.graph.nodes["b"].type == "Dens"


@pytest.mark.parametrize(("wrong", "unknown", "expected"), [
    ("{type: Dense, name: b, units: four}", {"b", "d"}, {"b": ["argument-value"]}),
    ("{type: Dense, name: b, units: 5}", {"d"}, {"d": ["shape-mismatch"]}),
    ("{type: Dense, name: b, units: 4, from: nothing}", {"nothing", "b", "d"}, {"b": ["unknown-name"]}),
    ("{type: Dense, name: b, units: 4, from: d}", {"b", "d"}, {"b": ["cycle"]}),
    ("{type: Dense, name: b, unit: 4}", {"b", "d"}, {"b": ["unknown-argument"]}),
    ("{name: b, units: 4}", {"b", "d"}, {"b": ["missing-key"]}),
    ("{type: Dense, name: b, units: 4, form: x}", {"b", "d"}, {"b": ["unknown-argument"]}),
])  # fmt: skip
def test_errors(wrong: str, unknown: set[str], expected: dict[str, list[str]]) -> None:
    found = sketched(BROKEN.replace("{type: Dens, name: b, units: 4}", wrong))
    assert found.unknown == unknown
    assert blamed(found) == expected


def test_a_spec_without_errors() -> None:
    found = tried(BROKEN.replace("Dens,", "Dense,"))
    assert found.graph is not None
    assert (found.sketch, found.diagnostics) == (None, [])


@pytest.mark.parametrize("text", ["a: 1", "layers: []", "[1, 2]", "layers: 3", ""])
def test_nothing_is_known(text: str) -> None:
    found = tried(text)
    assert (found.graph, found.sketch) == (None, None)
    assert found.diagnostics


def test_more_layers_than_a_spec_may_have() -> None:
    found = tried("layers: [{type: Input, shape: [4]}, {type: Dense, units: 4, repeat: 1000000}]")
    assert [it.code for it in found.diagnostics] == ["too-large"]
    assert found.sketch is None
