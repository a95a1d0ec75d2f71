"""Items that are not there in this variant: what whoever refers to them gets instead."""

from __future__ import annotations

import pytest

import specc


def inputs(graph: specc.TypedGraph, name: str) -> list[str]:
    """What a layer reads."""
    return [ref.node for ref in graph.nodes[name].refs()]


def spec(*items: str, values: str = "{}") -> specc.Spec:
    listed = "".join(f"  - {item}\n" for item in ("{type: Input, name: x, shape: [8, 8, 3]}", *items))
    return specc.Spec.from_text(f"vars: {values}\nlayers:\n{listed}")


@pytest.mark.parametrize(("wide", "read"), [("true", ["shortcut"]), ("false", ["main"])])
def test_when_is_a_value_and_else_is_given(wide: str, read: list[str]) -> None:
    """An item with values of its own keeps ``else`` beside ``when``, also where it is there."""
    graph = specc.compile(
        spec(
            "{type: Conv2D, name: main, filters: 3, kernel_size: 1}",
            "{type: Conv2D, name: shortcut, filters: $width, kernel_size: 1, from: x, when: $wide, else: main}",
            "{type: ReLU, name: out, from: shortcut}",
            "{type: ReLU, name: other, from: main}",
            values=f"{{width: 3, wide: {wide}}}",
        ),
    )
    assert inputs(graph, "out") == read


@pytest.mark.parametrize("depth", [0, 1, 2])
def test_no_copies_pass_on_the_first_input(depth: int) -> None:
    """The further inputs, which may need the number of a copy, are not looked at."""
    graph = specc.compile(
        spec(
            "{type: MaxPooling2D, name: down, pool_size: 1, repeat: $depth}",
            "{type: Concatenate, name: up, from: [down, down_$(depth - index)], repeat: $depth}",
            "{type: ReLU, name: out, from: up}",
            values=f"{{depth: {depth}}}",
        )
    )
    assert inputs(graph, "out") == [f"up_{depth}" if depth else "x"]


@pytest.mark.parametrize("source", ["x", "[x, '$(missing[index])']", "{inputs: [x, '$(missing[index])']}"])
def test_no_copies_and_any_form_of_from(source: str) -> None:
    graph = specc.compile(
        spec(f"{{type: Add, name: sum, from: {source}, repeat: $none}}", "{type: ReLU, name: out}", values="{none: 0}")
    )
    assert inputs(graph, "out") == ["x"]


def test_no_copies_of_an_unknown_input() -> None:
    found = specc.check(spec("{type: Add, name: sum, from: [y, x], repeat: 0}", "{type: ReLU, name: out}"))
    assert [diagnostic.code for diagnostic in found] == ["unknown-name"]
