"""Items have their own keys, each of its type, and what some of them say together is checked."""

from __future__ import annotations

import pytest

from tests.support.checking import said
from tests.support.helps import helps

FORMS: dict[str, list[str]] = {
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
    "layers: [{type: Dense, call: 3}]": ["1:30 invalid-value: a Dense layer: call must be a map, not 3"],
    "layers: [{type: Dense, when: 1}]": [
        "1:30 invalid-value: a Dense layer: when must be true or false or an expression, not 1"
    ],
    "layers: [{type: Dense, repeat: true}]": [
        "1:32 invalid-value: a Dense layer: repeat must be an integer of 0 or more, a map of names to lists or an expression, not true"
    ],
    "layers: [{type: Dense, each: {}}]": ["1:30 invalid-value: a Dense layer has an empty 'each'"],
    "layers: [{type: Dense, nested: 'yes'}]": [
        '1:32 invalid-value: a Dense layer: nested must be true or false or an expression, not "yes"'
    ],
}


@pytest.mark.parametrize("text", FORMS)
def test_forms(text: str) -> None:
    assert said(text) == FORMS[text]


TOGETHER: dict[str, tuple[str, str]] = {
    "{share: d, units: 3}": (
        "1:21 share-clash: a layer: \"units\" is not allowed with 'share'",
        "remove units: a shared call has 'name', 'from', 'call', 'repeat', 'each', 'when', 'else', 'allow' and 'description' only",
    ),
    "{type: Dense, repeat: 2, each: {f: [1]}}": (
        "1:35 repeat-and-each: a Dense layer has both 'repeat' and 'each'", "put one of the two into a block",
    ),
    "{type: Dense, else: x}": (
        "1:24 else-without-when: a Dense layer has 'else' without 'when'", "add 'when', or remove 'else'",
    ),
    "{name: y}": ("1:10 missing-key: 'y' needs 'type'", "add 'type', a layer type such as Dense"),
    "{tpye: Dense, units: 4}": ("1:11 missing-key: a layer needs 'type'", "write 'type' instead of 'tpye'"),
}  # fmt: skip


@pytest.mark.parametrize("item", TOGETHER)
def test_keys_together(item: str) -> None:
    text = f"layers: [{item}]"
    assert (*said(text), *helps(text)) == TOGETHER[item]


@pytest.mark.parametrize(("item", "help"), [
    ("{type: Dense, each: [8, 16]}", "write {f: [8, 16]}: $f is its value in each copy"),
    ("{type: Dense, each: [{f: 1, g: 2}, {f: 3, g: 4}]}", "write {f: [1, 3], g: [2, 4]}: one list for each name"),
    ("{type: Dense, each: 3}", "write repeat: 3, or each: {f: [8, 16]}, with $f in each copy"),
    ("{type: Dense, units: 4, repeat: [2, 3]}", "write repeat: {f: [2, 3]} for a chain, or each: {f: [2, 3]} for copies side by side"),
    ("{share: true}", "write the name of the item that is called again, with its weights"),
    ("{type: Dropout, rate: 0.5, call: training}", "write {training: true}"),
    ("{type: Dense, name: [a, b], units: 1}", "write an item for each: {name: a}, {name: b}"),
])  # fmt: skip
def test_a_value_in_another_form(item: str, help: str) -> None:
    assert helps(f"layers: [{item}]") == [help]


def test_arguments_as_entries() -> None:
    text = "layers:\n  - type: Input\n  - name: x\n  - shape: [8]\n  - Dense\n  - units: 4\n"
    assert helps(text) == [
        "these are arguments of the item above: remove their '- ', or write {type: Input, name: x, shape: [8]}",
        "these are arguments of the item above: remove their '- ', or write {type: Dense, units: 4}",
    ]


def test_other_words_for_the_name() -> None:
    text = "layers:\n  - {type: Input, id: x, shape: [8]}\n  - {type: Dense, units: 4, from: x}\n"
    assert helps(text) == ["write name; references, losses and outputs use the name"]
