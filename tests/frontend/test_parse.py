"""A document has the form of a spec, or it is said where not."""

from __future__ import annotations

import pytest

from specc.diagnostics import Report
from specc.frontend.parse import parse
from specc.frontend.read import read_text
from specc.frontend.references import Edge
from specc.frontend.schema import Spec
from tests.support.checking import said

BASE = "layers:\n  - {type: Input, name: x, shape: [4]}\n  - {type: Dense, name: y, units: 1}\n"


def parsed(text: str) -> Spec:
    report = Report()
    found = parse(read_text(text, "spec"), report)
    report.stop()
    assert found is not None
    return found


def test_a_whole_spec() -> None:
    found = parsed("""
specc: 1
$schema: specc.schema.json
name: model
vars: {width: 4, rate: 0.5}
variants: {tiny: {width: 1}}
defaults: {Dense: {activation: relu}}
include: [a.yaml]
blocks:
  unit:
    args: {n: null}
    inputs: [x]
    layers: [{type: Dense, name: out, units: $n}]
    edges: [[x, out]]
    outputs: {result: out}
layers:
  - {type: Input, name: x, shape: [4]}
  - Flatten
  - {type: Dense, name: y, units: $width, from: x, repeat: $(1 + 1), when: true, else: x, call: {training: true}}
  - {share: y, name: again, from: {inputs: [x]}}
  - {type: unit, name: u, n: 3, nested: true, each: {n: [1]}}
edges: [[x, y, again], {from: x, to: y.inputs}]
outputs: {a: y, b: again}
compile: {loss: mse}
dtype_policy: float32
expect: {params: 1}
""")
    first, flatten, dense, shared, unit = found.layers
    assert (first.type, first.name, first.arguments) == ("Input", "x", {"shape": [4]})
    assert (flatten.type, flatten.name, flatten.arguments) == ("Flatten", None, {})
    assert (dense.repeat, dense.when, dense.else_, dense.call) == ("$(1 + 1)", True, "x", {"training": True})
    assert dense.arguments == {"units": "$width"}
    assert (shared.share, shared.from_, shared.arguments) == ("y", {"inputs": ["x"]}, {})
    assert (unit.nested, unit.each, unit.arguments) == (True, {"n": [1]}, {"n": 3})
    assert found.edges == (("x", "y", "again"), Edge.model_validate({"from": "x", "to": "y.inputs"}))
    assert found.blocks["unit"].ports == {"result": "out"}
    assert found.outputs == {"a": "y", "b": "again"}


def test_items_of_the_same_strings_are_one_object() -> None:
    relu, again, other, number, truth = parsed("""
layers:
  - {type: ReLU, from: x}
  - {type: ReLU, from: x}
  - {type: ReLU, name: x}
  - {type: Dense, units: 1}
  - {type: Dense, units: true}
""").layers
    assert relu is again
    assert other != relu
    assert number.arguments["units"] is not True
    assert truth.arguments["units"] is True


FORMS: dict[str, list[str]] = {
    "": ["1:1 invalid-value: the spec is empty"],
    "text": ['1:1 invalid-value: the spec must be a map, not "text"'],
    "[]": ["1:1 invalid-value: the spec must be a map, not []"],
    "{}": ["1:1 missing-key: the spec needs 'layers'"],
    "layers: 3": ["1:9 invalid-value: layers must be a list of layers, not 3"],
    "layers: {type: Input}": ['1:9 invalid-value: layers must be a list of layers, not {type: "Input"}'],
    "layers: [3, [x], null]": [
        "1:10 invalid-value: a layer is a map with 'type', or just a type, not 3",
        "1:13 invalid-value: a layer is a map with 'type', or just a type, not [\"x\"]",
        "1:18 invalid-value: a layer is a map with 'type', or just a type, not null",
    ],
    "layers: [{}]": ["1:10 missing-key: a layer needs 'type'"],
    "layers: [{type: 3}]": ["1:17 invalid-value: a layer: type must be a string, not 3"],
    "layers: [{type: Dense, name: 3}]": ["1:30 invalid-value: a Dense layer: name must be a name, not 3"],
    "layers: [{type: Dense, from: 3}]": [
        "1:30 invalid-value: a Dense layer: 'from' must be a name, a list of names, or a map of call arguments to these, not 3"
    ],
    "layers: [{type: Dense, from: []}]": [
        "1:30 invalid-value: a Dense layer: 'from' must be a name, a list of names, or a map of call arguments to these, not an empty list"
    ],
    "layers: [{type: Dense, from: {query: [a, 3]}}]": [
        "1:42 invalid-value: a Dense layer: 'from' must be a name, a list of names, or a map of call arguments to these; 3 is not a valid name"
    ],
    "layers: [{type: Dense, call: 3}]": ["1:30 invalid-value: a Dense layer: call must be a map, not 3"],
    "layers: [{type: Dense, when: 1}]": [
        "1:30 invalid-value: a Dense layer: when must be true or false or an expression, not 1"
    ],
    "layers: [{type: Dense, repeat: true}]": [
        "1:32 invalid-value: a Dense layer: repeat must be an integer of 0 or more or an expression, not true"
    ],
    "layers: [{type: Dense, each: {}}]": ["1:30 invalid-value: a Dense layer has an empty 'each'"],
    "layers: [{type: Dense, nested: 'yes'}]": [
        '1:32 invalid-value: a Dense layer: nested must be true or false or an expression, not "yes"'
    ],
    f"{BASE}edges: 3": ["4:8 invalid-value: edges must be a list of edges, not 3"],
    f"{BASE}edges: [[x]]": ["4:9 invalid-value: an edge needs two names or more, not 1"],
    f"{BASE}edges: [[x, 3]]": ["4:13 invalid-value: an edge is a list of names; 3 is not a valid name"],
    f"{BASE}edges: [{{from: x}}]": ["4:9 missing-key: an edge needs 'to'"],
    f"{BASE}edges: [{{from: x, too: y}}]": ['4:19 unknown-key: an edge has no key "too"'],
    f"{BASE}outputs: []": ["4:10 invalid-value: outputs must be a list of names, or a map of names to these, not []"],
    f"{BASE}outputs: [[y]]": ['4:11 invalid-value: an output is a reference to a layer, not ["y"]'],
    f"{BASE}blocks: []": ["4:9 invalid-value: blocks must be a map of names to blocks, not []"],
    f"{BASE}blocks: {{a: 3}}": ["4:13 invalid-value: block 'a' must be a map, not 3"],
    f"{BASE}blocks: {{a b: {{}}}}": ['4:10 invalid-name: a name cannot have " " in it, as "a b" has'],
    f"{BASE}blocks: {{a: {{}}}}": ["4:10 missing-key: block 'a' needs 'inputs', 'layers' and 'outputs'"],
    f"{BASE}blocks: {{a: {{inputs: [], layers: [3], outputs: [y]}}}}": [
        "4:22 invalid-value: block 'a': inputs must be a list of names, not []",
        "4:35 invalid-value: a layer is a map with 'type', or just a type, not 3",
    ],
    f"{BASE}vars: [1]": ["4:7 invalid-value: vars must be a map of names to values, not [1]"],
    f"{BASE}vars: {{a-b: 1}}": ['4:8 invalid-name: "a-b" is not a valid name for a value'],
    f"{BASE}variants: {{tiny: 3}}": ["4:18 invalid-value: variant 'tiny' must be a map, not 3"],
    f"{BASE}specc: '1'": ['4:8 invalid-value: specc must be 1, the version of the format, not "1"'],
    f"{BASE}include: a.yaml": ['4:10 invalid-value: include must be a list of file names, not "a.yaml"'],
    f"{BASE}compile: [mse]": ['4:10 invalid-value: compile must be a map, not ["mse"]'],
    f"{BASE}inputs: [x]": ['4:1 unknown-key: the spec has no key "inputs"'],
    f"{BASE}nmae: a\noutput: [y]": [
        '4:1 unknown-key: the spec has no key "nmae"',
        '5:1 unknown-key: the spec has no key "output"',
    ],
    f"{BASE}name: {'a' * 300}": ["4:7 invalid-name: the spec: a name has at most 200 characters, not 300"],
    f"{BASE}name: ''": ["4:7 invalid-name: the spec: a name cannot be empty"],
}


@pytest.mark.parametrize("text", FORMS)
def test_forms(text: str) -> None:
    assert said(text) == FORMS[text]


@pytest.mark.parametrize("name", ["a", "A1", "_x", "a-b", "größe", "画像", "a_", "3x3", "a" * 200, "x²"[:1]])
def test_names(name: str) -> None:
    assert parsed(f"layers: [{{type: Input, name: '{name}', shape: [3]}}]").layers[0].name == name


@pytest.mark.parametrize("name", ["", "-a", "a b", "a/b", "a.b", "a:b", "é!", "a\u200b", "😀", "a" * 201, "a\u202e"])
def test_no_names(name: str) -> None:
    assert [line.split()[1] for line in said(f"layers: [{{type: Input, name: '{name}', shape: [3]}}]")] == [
        "invalid-name:"
    ]
