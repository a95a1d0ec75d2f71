"""The outputs of a model, and what gives them their names."""

from __future__ import annotations

import pytest

from tests.support.emitted_text import functions

CASES = {
    "an Identity names a port": (
        """
        layers: [{type: Input, name: a, shape: [4, 2]}, {type: LSTM, name: l, units: 3, return_state: true}]
        outputs: [l, l.state_h]
        """,
        '''
        def build_model() -> keras.Model:
            """Build the model."""
            a = keras.Input(shape=(4, 2), name="a")
            l_, l_state_h, _ = layers.LSTM(3, return_state=True, name="l")(a)
            l_state_h = layers.Identity(name="l.state_h")(l_state_h)
            return keras.Model(inputs=a, outputs=[l_, l_state_h], name="model")
        ''',
    ),
    "an operation is named": (
        """
        layers: [{type: Input, name: a, shape: [4]}, {type: ops.exp, name: z}]
        """,
        '''
        def build_model() -> keras.Model:
            """Build the model."""
            a = keras.Input(shape=(4,), name="a")
            z = keras.ops.exp(a)
            name_outputs(a, {"z": z})
            return keras.Model(inputs=a, outputs=z, name="model")
        ''',
    ),
    "a map": (
        """
        layers: [{type: Input, name: a, shape: [4]}, {type: Dense, name: b, units: 1}, {type: Dense, name: c, units: 1, from: a}]
        outputs: {one: b, two: c}
        """,
        '''
        def build_model() -> keras.Model:
            """Build the model."""
            a = keras.Input(shape=(4,), name="a")
            b = layers.Dense(1, name="b")(a)
            c = layers.Dense(1, name="c")(a)
            return keras.Model(inputs=a, outputs={"one": b, "two": c}, name="model")
        ''',
    ),
    "a copy that is an operation, under a label": (
        """
        layers: [{type: Input, name: a, shape: [4]}, {formula: a * $n, name: z, each: {n: [2, 3]}}]
        outputs: {double: "z[0]", triple: "z[1]"}
        """,
        '''
        def build_model() -> keras.Model:
            """Build the model."""
            a = keras.Input(shape=(4,), name="a")
            z = [a * n for n in (2, 3)]
            return keras.Model(inputs=a, outputs={"double": z[0], "triple": z[1]}, name="model")
        ''',
    ),
    "all copies": (
        """
        layers: [{type: Input, name: a, shape: [4]}, {type: Dense, name: b, units: $u, each: {u: [1, 2]}}]
        """,
        '''
        def build_model() -> keras.Model:
            """Build the model."""
            a = keras.Input(shape=(4,), name="a")
            b = [layers.Dense(u, name=f"b_{index + 1}")(a) for index, u in enumerate((1, 2))]
            return keras.Model(inputs=a, outputs=b, name="model")
        ''',
    ),
    "instances": (
        """
        blocks: {b: {args: {units: null}, inputs: [x], layers: [{type: Dense, name: d, units: $units}], outputs: {value: d}}}
        layers: [{type: Input, name: a, shape: [4]}, {type: b, name: h, units: $u, each: {u: [1, 2]}}, {type: b, name: g, units: 3, from: a}]
        outputs: [h, g.d]
        """,
        '''
        def b(x, units, *, name):
            """Apply the block; its layers have the instance's name before their own."""
            return layers.Dense(units, name=f"{name}.d")(x)


        def build_model() -> keras.Model:
            """Build the model."""
            a = keras.Input(shape=(4,), name="a")
            h = [b(a, u, name=f"h_{index + 1}") for index, u in enumerate((1, 2))]
            g = b(a, 3, name="g")
            outputs = [
                layers.Identity(name=f"h_{index + 1}")(output) for index, output in enumerate(h)
            ]
            return keras.Model(inputs=a, outputs=[*outputs, g], name="model")
        ''',
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES)
def test_outputs(text: str, expected: str) -> None:
    assert functions(text) == expected.strip()
