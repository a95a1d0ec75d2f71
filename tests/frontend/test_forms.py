"""What a part of a spec in another form was meant to be: edges, references, outputs, lists of layers and blocks."""

from __future__ import annotations

from typing import Any

import pytest

from specc.diagnostics.problem import Fix
from specc.frontend import forms
from specc.frontend.items import ITEM_KEYS

EDGES: list[tuple[Any, list[str] | None]] = [
    ("a -> b", ["a", "b"]),
    ("a --> b --> c;", ["a", "b", "c"]),
    ("x[Input] -.->|values| y(Dense)", ["x", "y"]),
    ("a => b", ["a", "b"]),
    ("a to b", ["a", "b"]),
    ("a, b", ["a", "b"]),
    ("(a, b)", ["a", "b"]),
    (["a", ["b"]], ["a", "b"]),
    ({"a": "b"}, ["a", "b"]),
    ("a", None),
    (["a"], None),
    ({"from": "a"}, None),
    (3, None),
]


@pytest.mark.parametrize(("raw", "path"), EDGES)
def test_an_edge(raw: Any, path: list[str] | None) -> None:
    found = forms.edge(raw)
    assert found == (None if path is None else (f"write [{', '.join(path)}]", Fix(path)))


@pytest.mark.parametrize("raw", [{"a": ["b", "c"]}, {"from": "a", "to": ["b", "c"]}])
def test_an_edge_with_several_ends(raw: Any) -> None:
    assert forms.edge(raw) == ("write one edge for each: [a, b], [a, c]", None)


@pytest.mark.parametrize("raw", ["a -> b; b -> c", "a -> b, b -> c", {"a": "b", "b": ["c"]}])
def test_edges_that_are_no_list(raw: Any) -> None:
    assert forms.edges(raw) == ("write [[a, b], [b, c]]", Fix([["a", "b"], ["b", "c"]]))
    assert forms.edges("a") is None


@pytest.mark.parametrize(("text", "help"), [
    ("a, b", "write [a, b]"),
    ("a and b", "write [a, b]"),
    ("a * b", "write an item that joins them, {type: Multiply, name: joined, from: [a, b]}, and from: joined"),
    ("a @ b", "write an item that joins them, {type: ops.matmul, name: joined, from: [a, b]}, and from: joined"),
    ("a - b", "write an item that joins them, {type: Subtract, name: joined, from: [a, b]}, and from: joined"),
    ("a:1", "write a.1"),
    ("a-b", None),
    ("$a + b", None),
])  # fmt: skip
def test_a_reference(text: str, help: str | None) -> None:
    found = forms.references(text)
    assert (None if found is None else found[0]) == help


@pytest.mark.parametrize(("raw", "help"), [
    ({"a": None, "b": None}, "write [a, b]"),  # {a, b} in YAML
    ([["a", "b"]], "write [a, b]"),
    (["a b"], "write [a, b]"),
    (["a"], None),
    ({"a": 1}, None),
])  # fmt: skip
def test_names(raw: Any, help: str | None) -> None:
    found = forms.names(raw)
    assert (None if found is None else found[0]) == help


@pytest.mark.parametrize(("raw", "help"), [
    (["y"], "write y"),
    ({"name": "y"}, "write y"),
    ({"a": 1}, None),
])  # fmt: skip
def test_an_output(raw: Any, help: str | None) -> None:
    found = forms.output(raw)
    assert (None if found is None else found[0]) == help


@pytest.mark.parametrize(("raw", "help"), [
    ("Dense", "write a list of items: [Dense]"),
    (None, "list the layers: [{type: Input, name: x, shape: [8]}, {type: Dense, units: 1}]"),
    ({"type": "Dense", "units": 1}, "begin each layer with '- ': - {type: Dense, units: 1}"),
    ({"a": {"type": "Dense"}}, "write a list of items: - {name: a, type: Dense}"),
    ({"Dense": {"units": 1}}, "write a list of items: - {type: Dense, units: 1}"),
    (3, None),
])  # fmt: skip
def test_layers_that_are_no_list(raw: Any, help: str | None) -> None:
    assert forms.items(raw) == help


@pytest.mark.parametrize(("entries", "found"), [
    ([{"type": "Dense"}, {"units": 4}, "ReLU"], [1]),
    (["Dense", {"units": 4}, {"activation": "relu"}, "LSTM", {"units": 4}], [1, 4]),
    (["Dense", {"filters": 4}], []),
    ([{"type": "Dense", "units": 1}, {"units": 4}], []),
])  # fmt: skip
def test_arguments_in_entries_of_their_own(entries: list[Any], found: list[int]) -> None:
    assert [index for index, _ in forms.arguments_of_their_own(entries, ITEM_KEYS)] == found
