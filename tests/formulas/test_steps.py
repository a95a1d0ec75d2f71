"""What a formula reads."""

from __future__ import annotations

from specc.formulas.lower import lower


def test_names_are_in_the_order_of_the_text() -> None:
    found = lower("where(c > 0, a.b, 1) * stack([a, c])", {}).names
    assert [(name.text, name.within) for name in found] == [
        ("c", (6, 7)),
        ("a.b", (13, 16)),
        ("a", (30, 31)),
        ("c", (33, 34)),
    ]
