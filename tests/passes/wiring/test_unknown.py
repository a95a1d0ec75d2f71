"""Names that nothing has: the help is what was meant, as far as the names around it tell."""

from __future__ import annotations

import pytest

import specc
from specc.diagnostics.suggest import MOST_HINTS
from tests.support.checking import spec, told
from tests.support.helps import helps

UNKNOWN = {
    "a slip": (
        """
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Dense, name: hidden, units: 3}
          - {type: Dense, name: y, units: 3, from: hiden}
        outputs: [y]
        """,
        [
            "4:44 unknown-name: 'y' (Dense): there is no layer \"hiden\" | did you mean 'hidden'?",
        ],
    ),
    "unlike all names": (
        """
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Dense, name: y, units: 3, from: encoder}
        """,
        [
            "3:44 unknown-name: 'y' (Dense): there is no layer \"encoder\" | names here: x",
        ],
    ),
    "no name anywhere": (
        """
        layers:
          - {type: Input, shape: [4]}
          - {type: Dense, units: 3, from: encoder}
        """,
        [
            "3:35 unknown-name: 'dense' (Dense): there is no layer \"encoder\" | no layer here has a name yet: give one a 'name'",
        ],
    ),
    "an automatic name": (
        """
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Dense, units: 3}
          - {type: Dense, name: y, units: 3, from: dense}
        """,
        [
            "4:44 unknown-name: 'y' (Dense): there is no layer \"dense\" | 'dense' is an automatic name; give the layer the name itself to refer to it",
        ],
    ),
    "a copy too many": (
        """
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Dense, name: d, units: 3, repeat: 2}
          - {type: Dense, name: y, units: 3, from: d_3}
        """,
        [
            "4:44 unknown-name: 'y' (Dense): there is no layer \"d_3\" | 'd' has 2 copies, 'd_1' to 'd_2'",
        ],
    ),
    "a copy of an item whose number of copies is wrong itself": (
        """
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Dense, name: d, units: 3, repeat: $n}
          - {type: Dense, name: y, units: 3, from: d_3}
        """,
        [
            "3:46 unknown-value: there is no value \"n\" | add it to 'vars'",
        ],
    ),
    "a word for the item above": (
        """
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Dense, name: y, units: 3, from: previous}
        """,
        [
            "3:44 unknown-name: 'y' (Dense): there is no layer \"previous\" | there is no keyword for the item above: give that item a 'name', and write the name here",
        ],
    ),
    "a type": (
        """
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Dense, name: hidden, units: 3}
          - {type: LSTM, units: 3, from: Dense}
          - {type: Dense, name: y, units: 3, from: LSTM}
        """,
        [
            "4:34 unknown-name: 'lstm' (LSTM): there is no layer \"Dense\" | \"Dense\" is a type; an item of that type is called 'hidden'",
            '5:44 unknown-name: \'y\' (Dense): there is no layer "LSTM" | "LSTM" is a type; an item of that type has no name: give it one',
        ],
    ),
    "short for the type of an item without a name": (
        """
        layers:
          - {type: Input, name: x, shape: [8, 8, 3]}
          - {type: MaxPooling2D, from: x}
          - {type: Flatten, name: y, from: pooling}
        """,
        [
            "4:36 unknown-name: 'y' (Flatten): there is no layer \"pooling\" | the MaxPooling2D has no name: give it the name 'pooling' to refer to it",
        ],
    ),
    "a member of an instance": (
        """
        blocks: {b: {inputs: [i], layers: [{type: Dense, name: inside, units: 3}], outputs: [inside]}}
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: b, name: u}
          - {type: Dense, name: y, units: 3, from: inside}
        """,
        [
            "5:44 unknown-name: 'y' (Dense): there is no layer \"inside\" | it is a member of 'u': write u.inside",
        ],
    ),
    "outside of the block": (
        """
        blocks: {b: {inputs: [i], layers: [{type: Add, name: sum, from: [i, x]}], outputs: [sum]}}
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: b, name: u}
        """,
        [
            "1:69 unknown-name: 'u.sum' (Add): there is no layer \"x\" | a block sees its own inputs only: write inputs: [i, x], and 'x' in the 'from' of its instances",
        ],
    ),
    "an output of a layer": (
        """
        layers:
          - {type: Input, name: x, shape: [5, 4]}
          - {type: LSTM, name: l, units: 3, return_state: true}
          - {type: LSTM, name: m, units: 3, from: x}
          - {type: Add, name: y, from: [state_h, l]}
        """,
        [
            "5:33 unknown-name: 'y' (Add): there is no layer \"state_h\" | it is an output of 'l': write l.state_h",
        ],
    ),
    "a map of outputs turned round": (
        """
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Dense, name: y, units: 3}
        outputs: {y: score}
        """,
        [
            '4:14 unknown-name: there is no layer "score" | a map of outputs has labels as its keys: write {score: y}',
        ],
    ),
    "no output and no member of an instance": (
        """
        blocks:
          b:
            inputs: [i]
            layers: [{type: Dense, name: hidden, units: 3}, {type: Dense, name: last, units: 3}]
            outputs: {score: last}
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: b, name: u}
        outputs: [u.result]
        """,
        [
            "9:11 unknown-port: 'u' (b) has no output or member \"result\" | its outputs: u.score; its layers: u.hidden, u.last",
        ],
    ),
}


@pytest.mark.parametrize(("text", "expected"), UNKNOWN.values(), ids=UNKNOWN)
def test_what_was_meant(text: str, expected: list[str]) -> None:
    assert told(text) == expected


def test_only_the_first_of_many_are_compared_with_all_names() -> None:
    items = "".join(f"  - {{type: Dense, name: layer{number}, units: 3, from: x}}\n" for number in range(20))
    wrong = "".join(f"  - {{type: ReLU, name: r{number}, from: leyer19}}\n" for number in range(MOST_HINTS + 1))
    found = specc.check(spec(f"layers:\n  - {{type: Input, name: x, shape: [4]}}\n{items}{wrong}"))
    helps = [it.help or "" for it in found if it.code == "unknown-name"]
    assert helps[:MOST_HINTS] == ["did you mean 'layer19'?"] * MOST_HINTS
    assert helps[MOST_HINTS].startswith("names here: x, layer0, ")


BLOCK = """
    blocks:
      b: {args: {units: null}, inputs: [x], layers: [{type: Dense, name: o, units: $units}], outputs: [o]}
    layers:
      - {type: Input, name: x, shape: [8]}
      - {type: Dense, name: stem, units: 8}
"""


def test_a_member_of_an_instance() -> None:
    assert helps(BLOCK + "      - {type: b, name: e, units: 4}\n      - {type: ReLU, from: o}\n") == [
        "it is a member of 'e': write e.o"
    ]


def test_a_layer_outside_of_a_block() -> None:
    assert helps(BLOCK.replace("units: $units}]", "units: $units, from: stem}]") + "      - {type: b, units: 4}\n")[
        0
    ] == ("a block sees its own inputs only: write inputs: [x, stem], and 'stem' in the 'from' of its instances")


@pytest.mark.parametrize(("item", "help"), [
    ("{type: ReLU, from: Input}", "\"Input\" is a type; an item of that type is called 'x'"),
    ("{type: ReLU, from: r.h}", "write r.state_h"),
    ("{type: ReLU, from: above}", "there is no keyword for the item above: give that item a 'name', and write the name here"),
    ("{type: Attention, from: x}", "to attend to itself, write from: [x, x]"),
])  # fmt: skip
def test_other_words_for_a_reference(item: str, help: str) -> None:
    text = f"""
        layers:
          - {{type: Input, name: x, shape: [5, 8]}}
          - {{type: Dense, name: z, units: 8}}
          - {{type: LSTM, name: r, units: 8, return_state: true}}
          - {item}
    """
    assert helps(text) == [help]


def test_a_short_word_for_an_item_without_a_name() -> None:
    items = "  - {type: MultiHeadAttention, num_heads: 2, key_dim: 4, from: [x, x]}\n  - {type: Add, from: [x, mha]}\n"
    assert helps(f"layers:\n  - {{type: Input, name: x, shape: [5, 8]}}\n{items}") == [
        "the MultiHeadAttention has no name: give it the name 'mha' to refer to it"
    ]
