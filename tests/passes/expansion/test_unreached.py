"""Slips in items that no expansion reaches are found all the same."""

from __future__ import annotations

import pytest

import specc
from tests.support.checking import said, spec

X = "  - {type: Input, name: x, shape: [4]}\n"
UNIT = "  unit: {args: {n: 1}, inputs: [x], layers: [{type: Dense, name: y, units: $n}], outputs: [y]}\n"

SLIPS = {
    "a block that nothing uses": (
        "blocks:\n  b:\n    inputs: [x]\n    layers:\n      - {type: Dnse, name: y, units: 3}\n"
        "      - {type: Dense, name: z, unts: 3}\n    outputs: [z]\n"
        f"layers:\n{X}  - ReLU\n",
        ["5:16 unknown-layer: 'y' (Dnse): unknown layer type \"Dnse\"", "6:32 unknown-argument: 'z' (Dense) has no argument \"unts\""],
    ),
    "an item that is not there": (
        f"layers:\n{X}  - ReLU\n  - {{type: Dropout, rat: 0.5, when: false}}\n",
        ["4:21 unknown-argument: a Dropout layer has no argument \"rat\""],
    ),
    "references in a block that nothing uses": (
        "blocks:\n  b:\n    inputs: [x]\n    layers:\n      - {type: Dense, name: y, units: 3, from: zz}\n"
        "      - {type: Dense, name: z, units: 3, repeat: 2}\n      - {type: Add, from: [x, z_2, z.output, u_1]}\n    outputs: [z, oo]\n"
        f"layers:\n{X}  - ReLU\n",
        [
            "5:48 unknown-name: 'y' (Dense): there is no layer \"zz\"",
            "7:46 unknown-name: an Add layer: there is no layer \"u_1\"",
            "8:18 unknown-name: block 'b' has no layer \"oo\" to give as an output",
        ],
    ),
    "references of an item that is not there": (
        f"layers:\n{X}  - ReLU\n  - {{type: Dropout, name: d, rate: 0.5, when: false, from: nix, else: x}}\n  - {{share: nox, when: false, from: x}}\n",
        ["4:60 unknown-name: 'd' (Dropout): there is no layer \"nix\"", "5:13 unknown-name: a layer: there is no layer \"nox\""],
    ),
    "no copies": (
        f"blocks:\n{UNIT}layers:\n{X}  - ReLU\n  - {{type: unit, m: 3, repeat: 0}}\n",
        ["6:18 unknown-argument: a unit layer has no argument \"m\""],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_is_found(name: str) -> None:
    text, expected = SLIPS[name]
    assert said(text) == expected


SOUND = {
    "values that are not known": f"blocks:\n{UNIT}layers:\n{X}  - {{type: unit, n: $(1 // 0), when: false}}\n  - ReLU\n",
    "a block as an inner layer": f"allow: [unused-block]\nblocks:\n{UNIT}  b: {{inputs: [x], layers: [{{type: TimeDistributed, layer: unit, name: y}}], outputs: [y]}}\n"
    f"layers:\n{X}  - ReLU\n",
    "a computed type": f"blocks:\n{UNIT}layers:\n{X}  - {{type: $kind, rate: 1, when: false}}\n  - ReLU\n",
}


def test_an_automatic_name_is_none_to_refer_to() -> None:
    text = f"blocks:\n  b: {{inputs: [x], layers: [{{type: LayerNormalization}}], outputs: [layer_normalization]}}\nlayers:\n{X}  - b\n"
    (found,) = specc.check(spec(text))
    assert found.help == "'layer_normalization' is an automatic name; give the layer the name itself to refer to it"


@pytest.mark.parametrize("name", SOUND)
def test_what_depends_on_values_is_left_alone(name: str) -> None:
    assert said(SOUND[name]) == []
