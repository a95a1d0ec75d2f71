"""Copies that differ in a rate are told together."""

from __future__ import annotations

from typing import Any

import pytest

import specc
from specc.backends.pictures.scenes.make_scene import make_scene
from specc.backends.pictures.scenes.repeats import fold_repeats
from specc.backends.pictures.scenes.scene import Card, Frame, Item, Scene, card_of

UNIT = {
    "args": {"dilation": 1, "drop": 0, "filters": 8},
    "inputs": ["x"],
    "layers": [
        {"type": "Conv1D", "name": "conv", "filters": "$filters", "kernel_size": 3, "padding": "same", "dilation_rate": "$dilation"},
        {"type": "Dropout", "name": "drop", "rate": "$drop"},
        {"type": "Add", "name": "out", "from": ["x", "drop"]},
    ],
    "outputs": ["out"],
}  # fmt: skip


def folded(*copies: dict[str, Any]) -> Scene:
    layers = [
        {"type": "Input", "name": "x", "shape": [32, 8]},
        *({"type": "unit", "name": f"unit_{number}", **copy} for number, copy in enumerate(copies)),
        {"type": "Flatten", "name": "y"},
    ]
    return fold_repeats(make_scene(specc.compile({"name": "m", "layers": layers, "blocks": {"unit": UNIT}})))


def seen(members: list[Item]) -> list[str]:
    """Frames with their members, in a few words."""
    found = []
    for item in members:
        card = card_of(item)
        times = f" x {card.times}" if card.times > 1 else ""
        words = ", ".join(card.words)
        inside = f" ({'; '.join(seen(item.members))})" if isinstance(item, Frame) else ""
        if not isinstance(item, Card) or card.form == "layer" or card.times > 1:
            found.append(f"{card.type}{times}: {words}{inside}")
    return found


@pytest.mark.parametrize(
    ("copies", "expected"),
    [
        (
            [{"dilation": 2**power} for power in range(3)],
            ["unit x 3: dilation [1, 2, 4] (Conv1D: 8 filters, kernel 3, same, dilation [1, 2, 4]; Dropout: rate 0)"],
        ),
        (
            [{"drop": round(rate * 0.05, 2)} for rate in range(6)],
            ["unit x 6: drop 0 to 0.25 (Conv1D: 8 filters, kernel 3, same; Dropout: rate 0 to 0.25)"],
        ),
        (
            [{"dilation": 2**power} for _ in range(2) for power in range(3)],
            [
                "3 unit x 2:  (unit x 3: dilation [1, 2, 4] "
                "(Conv1D: 8 filters, kernel 3, same, dilation [1, 2, 4]; Dropout: rate 0))"
            ],
        ),
    ],
)  # fmt: skip
def test_a_chain_that_differs_in_a_rate(copies: list[dict[str, Any]], expected: list[str]) -> None:
    assert [line.replace("; Add: ", "") for line in seen(folded(*copies).members)][:-1] == expected


def test_two_are_told_one_by_one_and_so_is_what_differs_in_more() -> None:
    assert len(folded({"dilation": 1}, {"dilation": 2}).members) == 5
    assert len(folded(*({"dilation": 2**power, "drop": power / 10} for power in range(3))).members) == 4
