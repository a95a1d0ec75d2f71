"""All copies of an item, some of which are absent."""

from __future__ import annotations

from tests.support.checking import codes, told

COPIES = """
    vars: {there: [true, false, true]}
    blocks:
      join:
        inputs: [{name: all, many: true}]
        layers: [{type: Concatenate, name: out}]
        outputs: [out]
    layers:
      - {type: Input, name: x, shape: [4]}
      - {type: Dense, name: d, units: 4, from: x, each: {on: $there}, when: $on}
      - {type: Dense, name: r, units: 4, from: x, repeat: {on: $there}, when: $on}
      - {type: ReLU, name: own, from: "r[$index]", each: {on: $there}, when: $on}
      - {type: Concatenate, name: a, from: [d, r]}
      - {type: Concatenate, name: b, from: {inputs: ["r[*]", x]}}
      - {type: Concatenate, name: c, from: "own[*]"}
      - {type: join, name: e, from: "d[*]"}
"""


def test_what_stands_in_the_place_of_absent_copies() -> None:
    """An input of its own is what an item that is left out leads to; one that others have is not meant."""
    of_d = "of the 3 copies of 'd', 1 that is absent stands for its input | write else: [] in the item to leave them out, or else: and a name for what stands in their place"
    assert told(COPIES) == [
        f"12:41 absent-copy: 'a' (Concatenate): {of_d}",
        "13:50 absent-copy: 'b' (Concatenate): of the 3 copies of 'r', 1 that is absent stands for the copy before it | list those that are there: [r_1, r_3]",
        f"15:33 absent-copy: 'e' (join): {of_d}",
    ]
    right = COPIES.replace("each: {on: $there}, when: $on}", "each: {on: $there}, when: $on, else: []}", 1)
    assert codes(right.replace('"r[*]"', "r_1, r_3")) == []


def test_an_item_none_of_whose_copies_are_there() -> None:
    assert codes(COPIES.replace("true", "false").replace("many: false", "many: true")) == []
