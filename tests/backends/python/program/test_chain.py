"""Chains as lists of layers."""

from __future__ import annotations

import pytest

from tests.support.emitted_text import functions

CASES = {
    "copies with a condition": (
        """
        vars: {sizes: [8, 0, 16]}
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Dense, name: h, units: $u, repeat: {u: $sizes}, when: $(u > 0)}
          - {type: Dense, name: y, units: 1}
        """,
        '''
        def build_model(sizes=(8, 0, 16)) -> keras.Model:
            """Build the model."""
            return keras.Sequential(
                [
                    keras.Input(shape=(4,), name="x"),
                    *[
                        layers.Dense(u, name=f"h_{index + 1}")
                        for index, u in enumerate(sizes)
                        if u > 0
                    ],
                    layers.Dense(1, name="y"),
                ],
                name="model",
            )
        ''',
    ),
    "a Sequential": (
        """
        vars: {depth: 2, rate: 0.5}
        blocks: {b: {args: {units: null}, inputs: [x], layers: [{type: Dense, units: $units}, {type: ReLU, name: out}], outputs: [out]}}
        layers: [{type: Input, name: a, shape: [4]}, {type: b, name: b, units: $(8 * index + 8), repeat: $depth}, {type: Dropout, rate: $rate, when: $(rate > 0)}, {type: Dense, name: y, units: 1}]
        """,
        '''
        def b(units, *, name):
            """The layers of the block, with the instance's name before their own."""
            return [layers.Dense(units, name=f"{name}.dense"), layers.ReLU(name=f"{name}.out")]


        def build_model(depth=2, rate=0.5) -> keras.Model:
            """Build the model."""
            return keras.Sequential(
                [
                    keras.Input(shape=(4,), name="a"),
                    *[
                        layer
                        for index in range(depth)
                        for layer in b(8 * index + 8, name=f"b_{index + 1}")
                    ],
                    *([layers.Dropout(rate, name="dropout")] if rate > 0 else []),
                    layers.Dense(1, name="y"),
                ],
                name="model",
            )
        ''',
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES)
def test_lists(text: str, expected: str) -> None:
    assert functions(text) == expected.strip()
