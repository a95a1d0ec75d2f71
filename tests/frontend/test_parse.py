"""A document has the form of a spec, or it is said where not."""

from __future__ import annotations

import pytest

from specc.frontend.references import Edge
from tests.support.checking import parsed, said

BASE = "layers:\n  - {type: Input, name: x, shape: [4]}\n  - {type: Dense, name: y, units: 1}\n"


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


FORMS: dict[str, list[str]] = {
    "": ["1:1 invalid-value: the spec is empty"],
    "text": ['1:1 invalid-value: the spec must be a map, not "text"'],
    "[]": ["1:1 invalid-value: the spec must be a map, not []"],
    "{}": ["1:1 missing-key: the spec needs 'layers'"],
    "inputs: [z]\nlayers:\n  - {type: Dense, units: 1, from: z}\n": ['1:1 unknown-key: the spec has no key "inputs"'],
    f"{BASE}inputs: [x]": ['4:1 unknown-key: the spec has no key "inputs"'],
    f"{BASE}nmae: a\noutput: [y]": [
        '4:1 unknown-key: the spec has no key "nmae"',
        '5:1 unknown-key: the spec has no key "output"',
    ],
}


@pytest.mark.parametrize("text", FORMS)
def test_forms(text: str) -> None:
    assert said(text) == FORMS[text]
