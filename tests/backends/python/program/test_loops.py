"""Loops over copies: over numbers, values, tensors and layers."""

from __future__ import annotations

import pytest

from tests.support.emitted_text import functions

CASES: dict[str, tuple[str, str]] = {
    "lists of tensors that a block takes and gives, and computed references": (
        """
        vars: {levels: 3}
        blocks:
          pyramid:
            args: {count: null}
            inputs: [{name: maps, many: true}, x]
            layers:
              - {type: Dense, name: side, units: 4, each: {n: $(range(count))}, from: "maps[$n]"}
              - {type: Add, name: all, from: maps}
              - {type: Dense, name: step, units: 4, repeat: $count, from: x}
              - type: Dense
                name: out
                units: 4
                each: {at: "$(['step[' + str(count - 1 - n) + ']' for n in range(count)] + ['all'])"}
                from: $at
            outputs: [out, side]
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Dense, name: stage, units: 4, repeat: $levels}
          - {type: pyramid, name: pyramid, count: $levels, from: {maps: "stage[*]", x: x}}
          - {type: Dense, name: head, units: 4, each: {skip: "$(['stage_' + str(i + 1) for i in range(levels - 1)])"}, from: $skip}
          - {type: Concatenate, name: merged, from: [pyramid, head]}
          - {type: Add, name: y, from: ["pyramid.side[0]", "pyramid.side[1]"]}
        outputs: [merged, y]
        """,
        '''
        def pyramid(maps, x, count, *, name):
            """Apply the block; its layers have the instance's name before their own."""
            side = [layers.Dense(4, name=f"{name}.side_{n + 1}")(maps[n]) for n in range(count)]
            all_ = layers.Add(name=f"{name}.all")(maps)
            step = x
            steps = []
            for index in range(count):
                step = layers.Dense(4, name=f"{name}.step_{index + 1}")(step)
                steps.append(step)
            out = [
                layers.Dense(4, name=f"{name}.out_{index + 1}")(at)
                for index, at in enumerate(
                    (*[steps[count - 1 - n] for n in range(count)], all_)
                )
            ]
            return out, side


        def build_model(levels=3) -> keras.Model:
            """Build the model."""
            x = keras.Input(shape=(4,), name="x")
            stage = x
            stages = []
            for index in range(levels):
                stage = layers.Dense(4, name=f"stage_{index + 1}")(stage)
                stages.append(stage)
            pyramid_out, pyramid_side = pyramid(stages, x, levels, name="pyramid")
            head = [
                layers.Dense(4, name=f"head_{index + 1}")(skip)
                for index, skip in enumerate([stages[i] for i in range(levels - 1)])
            ]
            merged = layers.Concatenate(name="merged")([*pyramid_out, *head])
            y = layers.Add(name="y")([pyramid_side[0], pyramid_side[1]])
            return keras.Model(inputs=x, outputs=[merged, y], name="model")
        ''',
    ),
    "names by values, and references by values": (
        """
        vars: {columns: [age, city, job], sizes: [100, 500, 40]}
        layers:
          - {type: Input, name: $column, shape: [1], dtype: int32, each: {column: $columns}}
          - {type: Embedding, name: emb_$(column), input_dim: $size, output_dim: 4, from: $column, each: {column: $columns, size: $sizes}}
          - {type: Concatenate, name: joined, from: "$(['emb_' + column for column in columns])"}
          - {type: Concatenate, name: some, from: "$(['emb_' + column for column in columns[1:]])"}
          - {type: Dense, name: head, units: 4, from: joined}
          - {type: Dense, name: $(source)_out, units: 3, each: {source: [joined, some, head]}, from: $source}
          - {type: Dense, name: "deep_$(index)", units: 3, repeat: 3, from: head_out}
          - {type: Add, name: y, from: [joined_out, some_out, deep_1, deep_2]}
        outputs: [y]
        """,
        '''
        def build_model(columns=("age", "city", "job"), sizes=(100, 500, 40)) -> keras.Model:
            """Build the model."""
            inputs = {
                column: keras.Input(shape=(1,), dtype="int32", name=column)
                for column in columns
            }
            embs = {
                column: layers.Embedding(size, 4, name=f"emb_{column}")(inputs[column])
                for column, size in zip(columns, sizes)
            }
            joined = layers.Concatenate(name="joined")([embs[column] for column in columns])
            some = layers.Concatenate(name="some")([embs[column] for column in columns[1:]])
            head = layers.Dense(4, name="head")(joined)
            outs = {
                source: layers.Dense(3, name=f"{source}_out")(source_tensor)
                for source, source_tensor in zip(
                    ("joined", "some", "head"), (joined, some, head)
                )
            }
            deep = outs["head"]
            deeps = {}
            for index in range(3):
                deep = layers.Dense(3, name=f"deep_{index}")(deep)
                deeps[index] = deep
            y = layers.Add(name="y")([outs["joined"], outs["some"], deeps[1], deeps[2]])
            return keras.Model(inputs=list(inputs.values()), outputs=y, name="model")
        ''',
    ),
    "formulas of lists, shapes where layers are made, a model by a value": (
        """
        vars: {heads: 2, model: true}
        blocks:
          side:
            args: {width: "$(shape(x)[-1])"}
            inputs: [x, {name: more, many: true}]
            layers:
              - {type: Dense, name: change, units: $width, from: x}
              - {formula: "concatenate([change * $width, x], axis=1) + sum(stack(more))", name: mixed}
              - {formula: "mixed[:, :1] + more[$n]", name: each, each: {n: [0, 1]}}
              - {formula: "each[0] + each[1]", name: out}
            outputs: [out]
          encoder:
            inputs: [x]
            layers:
              - {type: Dense, name: out, units: 4}
            outputs: [out]
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: encoder, name: one, nested: $model}
          - {type: Dense, name: part, units: 4, each: {n: [1, 2]}, from: x}
          - {type: side, name: left, from: [x, x, one]}
          - {share: left, name: right, from: [one, one, x]}
          - {formula: "part[1] * right + left * part[0]", name: y}
        outputs: [y]
        """,
        '''
        def encoder(shape, *, name):
            """Build the nested model."""
            x = keras.Input(shape=shape, name="x")
            out = layers.Dense(4, name="out")(x)
            return keras.Model(inputs=x, outputs=out, name=name)


        def side(x_shape, width=None, *, name):
            """Make the layers of the block, for any number of calls."""
            if width is None:
                width = x_shape[-1]
            change_layer = layers.Dense(width, name=f"{name}.change")

            def call(x, more):
                change = change_layer(x)
                mixed = keras.ops.concatenate([change * width, x], axis=1) + keras.ops.sum(
                    keras.ops.stack(more)
                )
                each = [mixed[:, :1] + more[n] for n in (0, 1)]
                return each[0] + each[1]

            return call


        def build_model() -> keras.Model:
            """Build the model."""
            x = keras.Input(shape=(4,), name="x")
            one = encoder(x.shape[1:], name="one")(x)
            part = [layers.Dense(4, name=f"part_{index + 1}")(x) for index in range(2)]
            left_block = side(x.shape, name="left")
            left = left_block(x, [x, one])
            right = left_block(one, [one, x])
            y = part[1] * right + left * part[0]
            name_outputs(x, {"y": y})
            return keras.Model(inputs=x, outputs=y, name="model")
        ''',
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES)
def test_loops(text: str, expected: str) -> None:
    assert functions(text) == expected.strip()
