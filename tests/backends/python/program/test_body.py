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
            u = layers.Identity(name="u")(u)
            return keras.Model(inputs=i, outputs=u, name="model")
        ''',
    ),
    "layers that are called again": (
        """
        vars: {width: 8, depth: 2}
        blocks:
          tower:
            args: {units: null, deep: true, depth: 2}
            inputs: [x]
            layers:
              # the first one
              - {type: Dense, name: first, units: $units, activation: relu}
              - {type: Dense, name: more, units: $units, when: $deep}
              - {type: Dense, name: rest, units: $(units - index), repeat: $depth}
              - {formula: "rest * 2 + x[:, :1]", name: doubled}
              - {type: inner, name: deeper}
              - {share: first, name: again, from: x}
              - {type: Add, name: out, from: [deeper, again]}
            outputs: [out]
          inner:
            inputs: [x]
            layers:
              - {type: Dense, name: out, units: $width}
            outputs: [out]
        layers:
          - {type: Input, name: left, shape: [8]}
          - {type: Input, name: right, shape: [8]}
          - {type: tower, name: encode, units: $width, from: left}
          - {share: encode, name: encode_right, from: right}
          - {share: encode, name: once_more, repeat: $depth}
          - {type: tower, name: other, units: 8, from: right}
          - {type: Dense, name: h, units: 8, repeat: 3, from: other}
          - {share: "h[0]", name: h_again, from: encode}
          - {share: "h[$index]", name: h_more, from: encode, repeat: 3}
          - {type: Add, name: y, from: [encode, encode_right, once_more, h, h_again, h_more]}
        """,
        '''
        def inner(*, width, name):
            """Make the layers of the block, for any number of calls."""
            out_layer = layers.Dense(width, name=f"{name}.out")

            def call(x):
                return out_layer(x)

            return call


        def tower(units, deep=True, depth=2, *, width, name):
            """Make the layers of the block, for any number of calls."""
            # the first one
            first_layer = layers.Dense(units, activation="relu", name=f"{name}.first")
            if deep:
                more_layer = layers.Dense(units, name=f"{name}.more")
            rest_layers = [
                layers.Dense(units - index, name=f"{name}.rest_{index + 1}")
                for index in range(depth)
            ]
            deeper_block = inner(width=width, name=f"{name}.deeper")
            out_layer = layers.Add(name=f"{name}.out")

            def call(x):
                first = first_layer(x)
                if deep:
                    more = more_layer(first)
                else:
                    more = first
                rest = more
                for layer in rest_layers:
                    rest = layer(rest)
                doubled = rest * 2 + x[:, :1]
                deeper = deeper_block(doubled)
                again = first_layer(x)
                return out_layer([deeper, again])

            return call


        def build_model(width=8, depth=2) -> keras.Model:
            """Build the model."""
            left = keras.Input(shape=(8,), name="left")
            right = keras.Input(shape=(8,), name="right")
            encode_block = tower(width, width=width, name="encode")
            encode = encode_block(left)
            encode_right = encode_block(right)
            once_more = encode_right
            for _ in range(depth):
                once_more = encode_block(once_more)
            other = tower(8, width=width, name="other")(right)
            h_layers = [layers.Dense(8, name=f"h_{index + 1}") for index in range(3)]
            h = other
            for layer in h_layers:
                h = layer(h)
            h_again = h_layers[0](encode)
            h_more = encode
            for index in range(3):
                h_more = h_layers[index](h_more)
            y = layers.Add(name="y")([encode, encode_right, once_more, h, h_again, h_more])
            return keras.Model(inputs=[left, right], outputs=y, name="model")
        ''',
    ),
    "layers that a block is handed": (
        """
        vars: {depth: 2}
        blocks:
          read:
            args: {head: null, body: null, units: 16}
            inputs: [x]
            layers:
              - {type: Dense, name: deeper, units: $units, activation: relu}
              - {type: say, name: inner, head: $head, body: $body}
              - {share: $head, name: said, from: deeper}
              - {share: $body, name: seen, from: x, repeat: 2}
              - {type: Add, name: out, from: [deeper, seen]}
            outputs: [out, said, inner]
          say:
            args: {head: null, body: null}
            inputs: [x]
            layers:
              - {share: $head, name: said}
            outputs: [said]
          tower:
            args: {units: null}
            inputs: [x]
            layers:
              - {type: Dense, name: first, units: $units, activation: relu}
              - {type: Dense, name: out, units: $units}
            outputs: [out]
        layers:
          - {type: Input, name: x, shape: [16]}
          - {type: Dense, name: scores, units: 4}
          - {type: tower, name: tower, units: 16, from: x}
          - {type: read, name: second, head: scores, body: tower, from: x}
          - {type: read, name: third, head: scores, body: tower, from: second, repeat: $depth}
          - {type: Dense, name: y, units: 4, from: third}
        outputs: [y, scores, tower, second.said, third.said, second.inner]
        """,
        '''
        def tower(units, *, name):
            """Make the layers of the block, for any number of calls."""
            first_layer = layers.Dense(units, activation="relu", name=f"{name}.first")
            out_layer = layers.Dense(units, name=f"{name}.out")

            def call(x):
                first = first_layer(x)
                return out_layer(first)

            return call


        def say(x, head, body, *, name):
            """Apply the block; its layers have the instance's name before their own."""
            return head(x)


        def read(x, head, body, units=16, *, name):
            """Apply the block; its layers have the instance's name before their own."""
            deeper = layers.Dense(units, activation="relu", name=f"{name}.deeper")(x)
            inner = say(deeper, head, body, name=f"{name}.inner")
            said = head(deeper)
            seen = x
            for _ in range(2):
                seen = body(seen)
            out = layers.Add(name=f"{name}.out")([deeper, seen])
            return out, said, inner


        def build_model(depth=2) -> keras.Model:
            """Build the model."""
            x = keras.Input(shape=(16,), name="x")
            scores_layer = layers.Dense(4, name="scores")
            scores = scores_layer(x)
            tower_block = tower(16, name="tower")
            tower_out = tower_block(x)
            second_out, second_said, second_inner = read(
                x, scores_layer, tower_block, name="second"
            )
            third_out = second_out
            third_said = second_out
            for index in range(depth):
                third_out, third_said, _ = read(
                    third_out, scores_layer, tower_block, name=f"third_{index + 1}"
                )
            y = layers.Dense(4, name="y")(third_out)
            tower_out = layers.Identity(name="tower")(tower_out)
            second_said = layers.Identity(name="second.said")(second_said)
            third_said = layers.Identity(name="third.said")(third_said)
            second_inner = layers.Identity(name="second.inner")(second_inner)
            return keras.Model(
                inputs=x,
                outputs=[y, scores, tower_out, second_said, third_said, second_inner],
                name="model",
            )
        ''',
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES)
def test_statements(text: str, expected: str) -> None:
    assert functions(text) == expected.strip()
