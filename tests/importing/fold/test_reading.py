"""What a flat spec's items are to folding: which of their values can be arguments of a block."""

from __future__ import annotations

from typing import Any

from specc.importing.fold import fold


def layers_with(tables: list[list[int]]) -> list[Any]:
    """Each table added to what a Dense layer gives, one after the other."""
    made: list[Any] = [{"type": "Input", "name": "x", "shape": [64]}]
    for number, table in enumerate(tables):
        made += [{"type": "Dense", "units": 64, "activation": "relu"}, {"type": "ops.add", "x2": table}]
        made += [{"type": "LayerNormalization", "name": f"norm_{number}"}]
    return [*made, {"type": "Dense", "name": "y", "units": 1}]


def test_equal_tables_stay_in_their_block() -> None:
    table = list(range(64))
    folded = fold({"name": "tables", "layers": layers_with([table] * 3)})
    (block,) = folded["blocks"].values()
    assert "args" not in block
    assert [item["x2"] for item in block["layers"] if "x2" in item] == [table]


def test_different_tables_are_no_argument() -> None:
    spec = {"name": "tables", "layers": layers_with([[number] * 64 for number in range(3)])}
    assert "blocks" not in fold(spec)


def test_different_short_lists_are_one() -> None:
    folded = fold({"name": "lists", "layers": layers_with([[number] * 2 for number in range(3)])})
    (block,) = folded["blocks"].values()
    assert list(block["args"]) == ["x2"]
