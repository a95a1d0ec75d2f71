"""Outputs in the forms of a spec: each listed once, none in another, and none an input."""

from __future__ import annotations

from typing import Any

from specc.archive.reading.models import ReadModel, Source
from specc.importing.outputs import settled
from tests.support.importing import model

LAYERS = """
    layers:
      - {type: Input, name: x, shape: [4]}
      - {type: Dense, name: y, units: 2}
      - {type: Dense, name: y_out, units: 2, from: x}
    outputs: [y, y_out]
    """
X, Y = Source("x", 0, 0), Source("y", 0, 0)


def with_outputs(outputs: Any, **others: Any) -> tuple[ReadModel, list[str]]:
    read = model(LAYERS)
    notes: list[str] = []
    read.outputs = outputs
    for name, value in others.items():
        setattr(read, name, value)
    return settled(read, notes), notes


def test_outputs_that_a_spec_can_have_stay() -> None:
    for outputs in (Y, [Y], {"a": Y}):
        found, notes = with_outputs(outputs)
        assert (found.outputs, list(found.nodes), notes) == (outputs, ["x", "y", "y_out"], [])


def test_an_input_and_an_output_twice_are_passed_on() -> None:
    found, notes = with_outputs([Y, X, Y])
    assert found.outputs == [Y, Source("x_out", 0, 0), Source("y_out_2", 0, 0)]
    added = {
        name: (node.type, node.calls[0].tensors)
        for name, node in found.nodes.items()
        if name not in ("x", "y", "y_out")
    }
    assert added == {"x_out": ("Identity", {"inputs": X}), "y_out_2": ("Identity", {"inputs": Y})}
    assert notes == []


def test_structures_are_told_of() -> None:
    found, notes = with_outputs({"a": [Y], "b": {"c": Source("y_out", 0, 0)}})
    assert found.outputs == {"a_0": Y, "b_c": Source("y_out", 0, 0)}
    assert notes == ["its outputs are in lists within one another; the spec has all of them in one"]
    _, notes = with_outputs(Y, keys=["image"])
    assert notes == ["it takes its inputs in a map with the keys image; those of the spec's model are x"]
    _, notes = with_outputs(Y, keys=["x"])
    assert notes == []
    _, notes = with_outputs(Y, keys=["x", "y"], inputs=[Y, X])
    assert notes == ["it takes its inputs in a map with the keys x, y; those of the spec's model are y, x"]
