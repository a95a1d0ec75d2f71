"""An item in a shorthand that no spec has, and the item that it stands for."""

from __future__ import annotations

import pytest

from specc.arguments.shorthand import as_item
from specc.diagnostics.notation import flow

ITEMS: dict[str, str | None] = {
    "Dense(units: 10, activation: relu)": "{type: Dense, units: 10, activation: relu}",
    "Dense{10}": "{type: Dense, units: 10}",
    "Dense, units=10": "{type: Dense, units: 10}",
    "Conv2D 32 3x3 relu": "{type: Conv2D, filters: 32, kernel_size: [3, 3], activation: relu}",
    "LSTM 8 return_sequences: true": "{type: LSTM, units: 8, return_sequences: true}",
    "Dropout 0.5 name=d": "{type: Dropout, rate: 0.5, name: d}",
    "Dense 10 from: x": "{type: Dense, units: 10, from: x}",
    "Linear 10 5": "{type: Dense, units: 5}",
    "Linear 5": "{type: Dense, units: 5}",
    "Dense 10 10 10": None,
    "Dense units: ten": None,
    "Dense layer with 10 units": None,
    "Dense relu": None,
    "Dense": None,
    "nothing 10": None,
}


@pytest.mark.parametrize("text", ITEMS)
def test_items(text: str) -> None:
    made = as_item(text)
    assert (None if made is None else flow(made)) == ITEMS[text]
