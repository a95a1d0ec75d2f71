"""An item in another form: the help is the item to write instead."""

from __future__ import annotations

import pytest

from tests.support.helps import helps

X = "layers:\n  - {type: Input, name: x, shape: [8]}\n"
ITEMS = {
    "{block: b, units: 4}": "write {type: b, units: 4}",
    "[Dense, 4]": "write {type: Dense, units: 4}",
    "[Dense, {units: 4}]": "write {type: Dense, units: 4}",
    "{repeat: 3, layers: [{type: Dense, units: 4}]}": "layers is one list; branches are items with the same 'from', and a "
    "group to be used again is a block: list its layers under 'blocks', and write {type: NAME}",
    "[{type: Dense, units: 4}, ReLU]": "layers is one list: remove the inner brackets, or one of two '-'",
    "{use: b, units: 4}": "write {type: b, units: 4}",
    "{hidden: {type: Dense, units: 4}}": "write {name: hidden, type: Dense, units: 4}",
    "{hidden: ReLU}": "write {name: hidden, type: ReLU}",
    "Dense: 4 relu": "write {type: Dense, units: 4, activation: relu}",
    "[ReLU]": "write ReLU; layers is one list, with one '-' for each",
    "{activation: relu}": "write {type: Activation, activation: relu}",
    "lambda x: x": "a spec contains no code; write an operation (type: ops.NAME), or a layer class in a plugin",
    "": "write a layer, or remove the '-'",
}


@pytest.mark.parametrize("item", ITEMS)
def test_items(item: str) -> None:
    assert helps(f"{X}  - {item}\n") == [ITEMS[item]]
