"""What items are called with."""

from __future__ import annotations

import pytest

from tests.support.emitted_text import functions

CASES = {
    "a layer that is called again": (
        """
        layers: [{type: Input, name: a, shape: [4]}, {type: Input, name: b, shape: [4]}, {type: Dense, name: d, units: 4, from: a}, {share: d, name: e, from: b}, {type: Add, name: y, from: [d, e]}]
        """,
        '''
        def build_model() -> keras.Model:
            """Build the model."""
            a = keras.Input(shape=(4,), name="a")
            b = keras.Input(shape=(4,), name="b")
            d_layer = layers.Dense(4, name="d")
            d = d_layer(a)
            e = d_layer(b)
            y = layers.Add(name="y")([d, e])
            return keras.Model(inputs=[a, b], outputs=y, name="model")
        ''',
    ),
    "a nested model": (
        """
        blocks: {enc: {args: {units: null}, inputs: [x], layers: [{type: Dense, name: d, units: $units}], outputs: [d]}}
        vars: {width: 3}
        layers: [{type: Input, name: a, shape: [4]}, {type: enc, name: m, nested: true, units: $width, call: {training: false}}, {type: Dense, name: y, units: 1}]
        """,
        '''
        def enc(shape, units, *, name):
            """Build the nested model."""
            x = keras.Input(shape=shape, name="x")
            d = layers.Dense(units, name="d")(x)
            return keras.Model(inputs=x, outputs=d, name=name)


        def build_model(width=3) -> keras.Model:
            """Build the model."""
            a = keras.Input(shape=(4,), name="a")
            m = enc(a.shape[1:], width, name="m")(a, training=False)
            y = layers.Dense(1, name="y")(m)
            return keras.Model(inputs=a, outputs=y, name="model")
        ''',
    ),
    "a default of a nested model that depends on a shape": (
        """
        blocks: {twice: {args: {n: "$(shape(x)[-1] * 2)"}, inputs: [x], layers: [{type: Dense, name: d, units: $n}], outputs: [d]}}
        layers: [{type: Input, name: a, shape: [4]}, {type: twice, name: b, nested: true}, {type: Dense, name: y, units: 1}]
        outputs: {o: y}
        """,
        '''
        def twice(shape, n=None, *, name):
            """Build the nested model."""
            x = keras.Input(shape=shape, name="x")
            if n is None:
                n = x.shape[-1] * 2
            d = layers.Dense(n, name="d")(x)
            return keras.Model(inputs=x, outputs=d, name=name)


        def build_model() -> keras.Model:
            """Build the model."""
            a = keras.Input(shape=(4,), name="a")
            b = twice(a.shape[1:], name="b")(a)
            y = layers.Dense(1, name="y")(b)
            return keras.Model(inputs=a, outputs={"o": y}, name="model")
        ''',
    ),
    "objects": (
        """
        vars: {rate: 0.1, act: gelu}
        layers: [{type: Input, name: a, shape: [4]}, {type: Dense, name: y, units: 1, activation: $act, kernel_regularizer: {type: L2, l2: $rate}}]
        compile: {optimizer: {type: SGD, learning_rate: $rate}, loss: mse}
        outputs: {o: y}
        """,
        '''
        def build_model(rate=0.1, act="gelu") -> keras.Model:
            """Build and compile the model."""
            a = keras.Input(shape=(4,), name="a")
            y = layers.Dense(
                1, activation=act, kernel_regularizer=keras.regularizers.L2(l2=rate), name="y"
            )(a)
            model = keras.Model(inputs=a, outputs={"o": y}, name="model")
            model.compile(optimizer=keras.optimizers.SGD(learning_rate=rate), loss="mse")
            return model
        ''',
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES)
def test_values(text: str, expected: str) -> None:
    assert functions(text) == expected.strip()
