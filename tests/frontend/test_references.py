"""What refers to layers: ``from``, edges and outputs, in their own form and in others."""

from __future__ import annotations

import pytest

from tests.support.checking import said
from tests.support.helps import helps

X = "layers:\n  - {type: Input, name: x, shape: [8]}\n"
BASE = "layers:\n  - {type: Input, name: x, shape: [4]}\n  - {type: Dense, name: y, units: 1}\n"
FORMS: dict[str, list[str]] = {
    "layers: [{type: Dense, from: 3}]": [
        "1:30 invalid-value: a Dense layer: 'from' must be a name, a list of names, or a map of call arguments to these, not 3"
    ],
    "layers: [{type: Dense, from: []}]": [
        "1:30 invalid-value: a Dense layer: 'from' must be a name, a list of names, or a map of call arguments to these, not an empty list"
    ],
    "layers: [{type: Dense, from: {query: [a, 3]}}]": [
        "1:42 invalid-value: a Dense layer: 'from' must be a name, a list of names, or a map of call arguments to these; 3 is not a valid name"
    ],
    f"{BASE}edges: 3": ["4:8 invalid-value: edges must be a list of edges, not 3"],
    f"{BASE}edges: [[x]]": ["4:9 invalid-value: an edge needs two names or more, not 1"],
    f"{BASE}edges: [[x, 3]]": ["4:13 invalid-value: an edge is a list of names; 3 is not a valid name"],
    f"{BASE}edges: [{{from: x}}]": ["4:9 missing-key: an edge needs 'to'"],
    f"{BASE}edges: [{{from: x, too: y}}]": ['4:19 unknown-key: an edge has no key "too"'],
    f"{BASE}outputs: []": ["4:10 invalid-value: outputs must be a list of names, or a map of names to these, not []"],
    f"{BASE}outputs: [[y]]": ['4:11 invalid-value: an output is a reference to a layer, not ["y"]'],
}


@pytest.mark.parametrize("text", FORMS)
def test_forms(text: str) -> None:
    assert said(text) == FORMS[text]


@pytest.mark.parametrize(("section", "help"), [
    ("outputs: [{name: y}]", "write y"),
    ("outputs: [{label: y}]", "write y; to give outputs labels, write one map: outputs: {label: y}"),
    ("outputs: {y}", "write [y]"),
    ("outputs: {cls: [y]}", "write y"),
    ("outputs: []", "remove 'outputs', or name at least one layer"),
    ("outputs: true", "name the layers: outputs: [y]"),
    ("edges: [[x, [y]]]", "write [x, y]"),
    ("edges: ['(x, y)']", "write [x, y]"),
    ("outputs: [0]", 'references are names, not positions: write the name of a layer, in quotes if it is "0"'),
    ("edges: [[x, 0]]", 'references are names, not positions: write the name of a layer, in quotes if it is "0"'),
    ("edges: [{from: x, to: 0}]", 'references are names, not positions: write the name of a layer, in quotes if it is "0"'),
    ("outputs: [-1]", "references are names, not positions: write the name of a layer"),
])  # fmt: skip
def test_sections_in_another_form(section: str, help: str) -> None:
    assert helps(f"{BASE}{section}\n") == [help]


@pytest.mark.parametrize(("written", "help"), [
    ("[]", "name what it takes, or remove 'from': it then takes the item above"),
    ("a, b", "write [a, b]"),
    ("a + b", "write an item that joins them, {type: Add, name: joined, from: [a, b]}, and from: joined"),
    ("a[1]", "write a"),
    ("a[$index]", "it exists only in an item with 'repeat' or 'each'; pass it to a block as an argument: n: $index"),
    ("0", 'references are names, not positions: write the name of a layer, in quotes if it is "0"'),
    ("-1", "references are names, not positions: write the name of a layer"),
    ("{a, b}", "write [a, b]"),
])  # fmt: skip
def test_from_in_another_form(written: str, help: str) -> None:
    text = f"layers:\n  - {{type: Input, name: a, shape: [8]}}\n  - {{type: Input, name: b, shape: [8]}}\n  - type: Add\n    from: {written}\n"
    assert helps(text) == [help]


def test_labels_and_references_of_outputs() -> None:
    assert helps(f"{X}  - {{type: Dense, name: y, units: 4}}\noutputs: {{y: label}}\n") == [
        "a map of outputs has labels as its keys: write {label: y}"
    ]
