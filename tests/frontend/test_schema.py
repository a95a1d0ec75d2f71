"""The keys of a spec, of a file of blocks and of a block, and what else stands beside them."""

from __future__ import annotations

import pytest

import specc
from specc.diagnostics import CompileError
from specc.frontend.schema import Block
from tests.support.checking import said, spec
from tests.support.helps import helps

X = "layers:\n  - {type: Input, name: x, shape: [8]}\n"
BASE = "layers:\n  - {type: Input, name: x, shape: [4]}\n  - {type: Dense, name: y, units: 1}\n"
FORMS: dict[str, list[str]] = {
    f"{BASE}blocks: []": ["4:9 invalid-value: blocks must be a map of names to blocks, not []"],
    f"{BASE}blocks: {{a: 3}}": ["4:13 invalid-value: block 'a' must be a map, not 3"],
    f"{BASE}blocks: {{a b: {{}}}}": ['4:10 invalid-name: a name cannot contain " ", as "a b" does'],
    f"{BASE}blocks: {{a: {{}}}}": ["4:10 missing-key: block 'a' needs 'inputs', 'layers' and 'outputs'"],
    f"{BASE}blocks: {{a: {{inputs: 3, layers: [3], outputs: [y]}}}}": [
        "4:22 invalid-value: block 'a': inputs must be a list of names, not 3",
        "4:34 invalid-value: a layer is a map with 'type', or just a type, not 3",
    ],
    f"{BASE}specc: '1'": ['4:8 invalid-value: specc must be 1, the version of the format, not "1"'],
    f"{BASE}description: [a, b]": ['4:14 invalid-value: description must be a string, not ["a", "b"]'],
    f"{BASE}description: {'a' * 10_001}": ["4:14 too-large: the spec has a description of 10,001 characters"],
    f"{BASE}include: a.yaml": ['4:10 invalid-value: include must be a list of file names, not "a.yaml"'],
}


@pytest.mark.parametrize("text", FORMS)
def test_forms(text: str) -> None:
    assert said(text) == FORMS[text]


@pytest.mark.parametrize(("text", "help"), [
    (f"{X}include: blocks.yaml\n", "write [blocks.yaml]"),
    (f"{X}x-common: &c {{units: 4}}\n",
     "values that are used again go under 'vars', as in vars: {width: 8}, and $width where they are used"),
    ("blocks: {b: {inputs: [x], layers: [{type: Dense, name: o, units: 1}]}}\n" + X, "add 'outputs': [o]"),
])  # fmt: skip
def test_keys_of_a_spec(text: str, help: str) -> None:
    assert helps(text) == [help]


def test_an_argument_that_is_not_indented() -> None:
    text = "layers:\n- type: Input\n  name: x\n  shape: [8]\n- type: Dense\n  units: 4\nactivation: relu\n"
    assert helps(text) == ["it is a key of the item above: indent it as that item's other keys"]


def test_blocks_in_a_list() -> None:
    assert helps(f"blocks:\n  - {{name: b, inputs: [x], layers: [ReLU], outputs: [y]}}\n{X}  - ReLU\n") == [
        "blocks are a map of names to blocks: write 'b:' instead of '- name: b'"
    ]


def test_the_inputs_of_a_block_in_another_form() -> None:
    block = "blocks: {b: {inputs: {x: [8]}, layers: [{type: Dense, name: o, units: 2}], outputs: [o]}}\n"
    assert helps(f"{block}{X}  - b\n") == ["write [x]"]
    assert helps(f"{block.replace('{x: [8]}', '[x]')}{X}  - {{type: b, inputs: x}}\n") == ["write from"]


def test_a_key_of_the_items_at_the_block() -> None:
    block = "blocks: {b: {nested: true, inputs: [x], layers: [{type: Dense, name: o, units: 2}], outputs: [o]}}\n"
    assert helps(f"{block}{X}  - b\n") == ["write it at the items of that type: {type: NAME, nested: true}"]


def test_a_file_of_blocks_is_no_model() -> None:
    with pytest.raises(CompileError) as caught:
        specc.compile(spec("blocks: {b: {inputs: [x], layers: [{type: ReLU, name: y}], outputs: [y]}}\n"))
    (found,) = caught.value.diagnostics
    assert found.message == "the spec needs 'layers'"
    assert found.help == "add 'layers': a list of layers; a file of blocks alone can be checked, and a spec includes it"


def test_the_outputs_of_a_block_have_names_and_places() -> None:
    given = {"inputs": ["x"], "layers": ["ReLU"]}
    listed, _ = Block.parse({**given, "outputs": ["a", "b", "a"]})
    mapped, _ = Block.parse({**given, "outputs": {"result": "a.scores", "other": "b"}})
    assert listed is not None
    assert mapped is not None
    assert (listed.ports, listed.position) == ({"a": "a", "b": "b"}, {"a": 0, "b": 1})
    assert (mapped.ports, mapped.position) == ({"result": "a.scores", "other": "b"}, {"result": 0, "other": 1})


def test_inputs_beside_the_layers() -> None:
    text = "inputs: {x: [8]}\nlayers:\n  - {type: Dense, units: 4, from: x}\n"
    assert helps(text) == [
        "an input is an item: {type: Input, name: x, shape: [8]}; beside such items, remove 'inputs'"
    ]
