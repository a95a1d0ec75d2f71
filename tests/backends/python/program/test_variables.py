"""The variables of what items give."""

from __future__ import annotations

import pytest

from tests.support.emitted_text import functions

CASES = {
    "an input without a name": (
        """
        layers: [{type: Input, shape: [4]}, {type: Dense, units: 3}, {type: Dense, name: a, units: 3}, {type: Dense, units: 3}, {type: Add, name: y, from: [a, a]}]
        """,
        '''
        def build_model() -> keras.Model:
            """Build the model."""
            inputs = keras.Input(shape=(4,), name="input_layer")
            x = layers.Dense(3, name="dense")(inputs)
            a = layers.Dense(3, name="a")(x)
            x = layers.Dense(3, name="dense_1")(a)
            y = layers.Add(name="y")([a, a])
            return keras.Model(inputs=inputs, outputs=[x, y], name="model")
        ''',
    ),
    "several outputs": (
        """
        layers: [{type: Input, name: a, shape: [4, 2]}, {type: LSTM, name: l, units: 3, return_state: true}, {type: Add, name: y, from: [l, l.state_h]}]
        """,
        '''
        def build_model() -> keras.Model:
            """Build the model."""
            a = keras.Input(shape=(4, 2), name="a")
            l_, l_state_h, _ = layers.LSTM(3, return_state=True, name="l")(a)
            y = layers.Add(name="y")([l_, l_state_h])
            return keras.Model(inputs=a, outputs=y, name="model")
        ''',
    ),
    "counted names": (
        """
        vars: {n: 2}
        layers: [{type: Input, name: a, shape: [4]}, {type: Dense, units: 4, repeat: $n}, {type: Dense, units: 1}, {type: Dense, name: y, units: 1}]
        outputs: {y: y}
        """,
        '''
        def build_model(n=2) -> keras.Model:
            """Build the model."""
            unique = namer()
            a = keras.Input(shape=(4,), name="a")
            x = a
            for _ in range(n):
                x = layers.Dense(4, name=unique("dense"))(x)
            x = layers.Dense(1, name=unique("dense"))(x)
            y = layers.Dense(1, name="y")(x)
            return keras.Model(inputs=a, outputs={"y": y}, name="model")
        ''',
    ),
    "the only one of several": (
        """
        blocks: {side: {args: {n: 2}, inputs: [{name: x, many: true}], layers: [{type: Average, name: m, from: [x, "x[0]"]}, {type: Dense, name: out, units: 4, each: {i: "$(range(n))"}, from: m}], outputs: [out]}}
        layers:
          - {type: Input, name: a, shape: [4]}
          - {type: side, name: b, from: [a]}
          - {type: side, name: c, n: "$(1 if index == 2 else 3)", repeat: 3, from: [b]}
          - {type: Dense, name: y, units: 1}
        """,
        '''
        def side(x, n=2, *, name):
            """Apply the block; its layers have the instance's name before their own."""
            m = layers.Average(name=f"{name}.m")([*x, x[0]])
            return [layers.Dense(4, name=f"{name}.out_{index + 1}")(m) for index in range(n)]


        def build_model() -> keras.Model:
            """Build the model."""
            a = keras.Input(shape=(4,), name="a")
            b = side([a], name="b")
            c = b
            for index in range(3):
                c = side(c, n=1 if index == 2 else 3, name=f"c_{index + 1}")
            y = layers.Dense(1, name="y")(c[0])
            return keras.Model(inputs=a, outputs=y, name="model")
        ''',
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES)
def test_variables(text: str, expected: str) -> None:
    assert functions(text) == expected.strip()
