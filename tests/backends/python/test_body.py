"""Conditions, loops and lists: statements as the spec has them."""

from __future__ import annotations

import pytest

from tests.support.emitted_text import functions

CASES = {
    "a condition has the other branch": (
        """
        layers: [{type: Input, name: i, shape: [4]}, {type: Dense, name: a, units: 4}, {type: Dense, name: b, units: 4, from: i, when: $deep}, {type: Dropout, name: c, rate: 0.1, when: $deep, else: a}, {type: Add, name: y, from: [a, c]}]
        outputs: [y]
        vars: {deep: true}
        """,
        '''
        def build_model(deep=True) -> keras.Model:
            """Build the model."""
            i = keras.Input(shape=(4,), name="i")
            a = layers.Dense(4, name="a")(i)
            if deep:
                b = layers.Dense(4, name="b")(i)
                c = layers.Dropout(0.1, name="c")(b)
            else:
                c = a
            y = layers.Add(name="y")([a, c])
            return keras.Model(inputs=i, outputs=y, name="model")
        ''',
    ),
    "a condition of an unnamed item has none": (
        """
        vars: {rate: 0.5}
        layers: [{type: Input, name: i, shape: [4]}, Flatten, {type: Dropout, rate: $rate, when: $(rate > 0)}, {type: Dense, name: y, units: 1}]
        outputs: {out: y}
        """,
        '''
        def build_model(rate=0.5) -> keras.Model:
            """Build the model."""
            i = keras.Input(shape=(4,), name="i")
            x = layers.Flatten(name="flatten")(i)
            if rate > 0:
                x = layers.Dropout(rate, name="dropout")(x)
            y = layers.Dense(1, name="y")(x)
            return keras.Model(inputs=i, outputs={"out": y}, name="model")
        ''',
    ),
    "copies in a chain": (
        """
        vars: {n: 2}
        layers: [{type: Input, name: i, shape: [4]}, {type: Dense, name: h, units: $(8 * (index + 1)), repeat: $n}, {type: Dense, name: y, units: 1}]
        outputs: {out: y}
        """,
        '''
        def build_model(n=2) -> keras.Model:
            """Build the model."""
            i = keras.Input(shape=(4,), name="i")
            h = i
            for index in range(n):
                h = layers.Dense(8 * (index + 1), name=f"h_{index + 1}")(h)
            y = layers.Dense(1, name="y")(h)
            return keras.Model(inputs=i, outputs={"out": y}, name="model")
        ''',
    ),
    "a chain over values": (
        """
        vars: {rates: [0.1, 0.2]}
        layers: [{type: Input, name: i, shape: [4]}, {type: Dropout, name: d, rate: $rate, repeat: {rate: $rates}}, {type: Dense, name: y, units: 1}]
        outputs: {out: y}
        """,
        '''
        def build_model(rates=(0.1, 0.2)) -> keras.Model:
            """Build the model."""
            i = keras.Input(shape=(4,), name="i")
            d = i
            for index, rate in enumerate(rates):
                d = layers.Dropout(rate, name=f"d_{index + 1}")(d)
            y = layers.Dense(1, name="y")(d)
            return keras.Model(inputs=i, outputs={"out": y}, name="model")
        ''',
    ),
    "copies side by side": (
        """
        vars: {sizes: [3, 5]}
        layers: [{type: Input, name: i, shape: [9, 4]}, {type: Conv1D, name: c, filters: 2, kernel_size: $size, padding: same, each: {size: $sizes}, from: i}, {type: Concatenate, name: all, from: c}, {type: Subtract, name: y, from: [c_1, c_2]}]
        outputs: [all, y]
        """,
        '''
        def build_model(sizes=(3, 5)) -> keras.Model:
            """Build the model."""
            i = keras.Input(shape=(9, 4), name="i")
            c = [
                layers.Conv1D(2, size, padding="same", name=f"c_{index + 1}")(i)
                for index, size in enumerate(sizes)
            ]
            all_ = layers.Concatenate(name="all")(c)
            y = layers.Subtract(name="y")([c[0], c[1]])
            return keras.Model(inputs=i, outputs=[all_, y], name="model")
        ''',
    ),
    "copies by number": (
        """
        vars: {n: 3}
        layers: [{type: Input, name: i, shape: [4]}, {type: Dense, name: d, units: 4, repeat: $n}, {type: Add, name: u, from: [d, d_$(n - index)], repeat: $n}]
        """,
        '''
        def build_model(n=3) -> keras.Model:
            """Build the model."""
            i = keras.Input(shape=(4,), name="i")
            d = i
            ds = []
            for index in range(n):
                d = layers.Dense(4, name=f"d_{index + 1}")(d)
                ds.append(d)
            u = d
            for index in range(n):
                u = layers.Add(name=f"u_{index + 1}")([u, ds[n - index - 1]])
            u_2 = layers.Identity(name="u")(u)
            return keras.Model(inputs=i, outputs=u_2, name="model")
        ''',
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES)
def test_statements(text: str, expected: str) -> None:
    assert functions(text) == expected.strip()
