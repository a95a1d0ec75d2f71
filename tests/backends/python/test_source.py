"""The emitted Keras source: whole texts, and models built from it beside those of the Keras backend."""

from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keras
import pytest

from specc import layers
from specc.backends import keras_model
from specc.backends.python.source import source
from specc.frontend.read import read_file, read_text
from specc.ir import TypedGraph
from specc.pipeline import compile_document
from tests.passes.expansion.test_freezing import NET
from tests.support.draws import LONGER
from tests.support.emitted import all_of, run
from tests.support.graphs import Item, typed

SPECS = Path(__file__).parents[3] / "specs"
"""Whether to compare every layer's and operation's example, which takes minutes."""

BLOCKS = """
blocks:
  residual:
    args: {filters: null, strides: 1, project: false}
    inputs: [x]
    layers:
      - {type: Conv2D, filters: $filters, kernel_size: 3, strides: $strides, padding: same, from: x}
      - {type: BatchNormalization, name: main}
      - {type: Conv2D, name: shortcut, filters: $filters, kernel_size: 1, strides: $strides, from: x, when: $project}
      - {type: Add, name: sum, from: [main, shortcut]}
      - {type: ReLU, name: out}
    outputs: [out]
layers:
  - {type: Input, name: image, shape: [32, 32, 3]}
  - {type: Conv2D, name: stem, filters: 64, kernel_size: 3, padding: same}
  - {type: residual, name: stage1, filters: 64, repeat: 2}
  - {type: residual, name: stage2, filters: 128, strides: 2, project: true}
  - {type: residual, name: stage3, filters: 128}
"""

NESTED = """
blocks:
  encoder:
    args: {units: 8}
    inputs: [words]
    layers:
      - {type: Embedding, input_dim: 100, output_dim: $units}
      - {type: LSTM, name: lstm, units: $(2 * units), return_state: true}
    outputs: {meaning: lstm, memory: lstm.state_c}
layers:
  - {type: Input, name: question, shape: [12], dtype: int32}
  - {type: Input, name: answer, shape: [12], dtype: int32}
  - {type: encoder, name: reader, nested: true, from: question}
  - {share: reader, name: again, from: answer, call: {training: false}}
  - {type: encoder, name: small, nested: true, units: 4, from: answer}
  - {type: ops.matmul, name: product, from: [reader.memory, weights]}
  - {type: ops.transpose, name: weights, from: again.memory}
  - {type: Dense, name: score, units: 1, from: small, activation: {type: LeakyReLU, negative_slope: 0.3}}
outputs: {score: score, product: product}
dtype_policy: mixed_float16
compile:
  optimizer: {type: SGD, learning_rate: {type: ExponentialDecay, initial_learning_rate: 0.1, decay_steps: 9, decay_rate: 0.5}}
  loss: {score: {type: Huber, delta: 0.5}}
"""

SHARED = """
blocks:
  tower:
    args: {units: 4}
    inputs: [x]
    layers:
      - {type: Dense, name: a, units: $units}
      - {type: Dense, name: b, units: $units}
    outputs: [b]
layers:
  - {type: Input, name: l, shape: [3]}
  - {type: Input, name: r, shape: [3]}
  - {type: tower, name: t, from: l}
  - {share: t, name: t2, from: r}
  - {type: tower, name: u, units: 5, from: l}
  - {type: tower, name: v, units: 6, from: r}
  - {type: Concatenate, name: c, from: [t, t2, u, v, u.a]}
  - {type: Dense, name: d, units: 2}
  - {share: d, name: d2, from: c}
outputs: [d, d2, t.a]
"""

SEVERAL_OUTPUTS = """
vars: {width: 6}
blocks:
  split:
    args: {units: $width, act: relu, extra: null}
    inputs: [x, y]
    layers:
      - {type: Dense, name: left, units: $units, activation: $act, from: x}
      - {type: Dense, name: right, units: $(units * 2 + extra), from: y, kernel_regularizer: {type: L2, l2: $(0.1 * units)}}
      - {type: Concatenate, name: both, from: [left, right]}
    outputs: {low: left, high: right, both: both}
  outer:
    args: {n: 3, rate: 0.5}
    inputs: [x]
    layers:
      - {type: Dense, name: pre, units: $n}
      - {type: split, name: s, units: $n, extra: 1, from: [x, pre]}
      - {type: Dropout, name: drop, rate: $rate, from: s.both}
      - {type: Add, name: sum, from: [s.low, s.low]}
    outputs: [drop, sum]
layers:
  - {type: Input, name: x, shape: [3]}
  - {type: Input, name: input, shape: [4]}
  - {type: split, name: p, extra: 2, from: [x, input]}
  - {type: split, name: q, units: 7, act: null, extra: 3, from: [input, p.low]}
  - {type: outer, name: o, from: q.both}
  - {type: outer, name: o2, n: 4, rate: 0.25, from: p.both}
  - {type: Concatenate, name: all, from: [o, o2, o.sum, o2.sum, p.high, q.high]}
outputs: {lambda: all, inner-both: o.s.both, low: p.low}
"""

CYCLES = """
blocks:
  two:
    inputs: [a, b]
    layers:
      - {type: Dense, name: one, units: 3, from: a}
      - {type: Dense, name: other, units: 3, from: b}
    outputs: [one, other]
layers:
  - {type: Input, name: x, shape: [3]}
  - {type: two, name: t, from: {a: x, b: mid}}
  - {type: Dense, name: mid, units: 4, from: t.one}
  - {type: two, name: t2, from: {a: x, b: mid2}}
  - {type: Dense, name: mid2, units: 4, from: t2.one}
  - {type: two, name: t3, from: {a: x, b: mid2}}
  - {type: two, name: t4, from: {a: x, b: x}}
  - {type: two, name: t5, from: {a: mid, b: mid}}
  - {type: Concatenate, name: c, from: [t.other, t2.other, t3.one, t3.other, t4, t4.other, t5, t5.other]}
"""

NESTED_TWICE = """
blocks:
  inner:
    args: {units: 3}
    inputs: [x]
    layers:
      - {type: Dense, name: d, units: $units}
      - {type: SpatialDropout1D, name: drop, rate: 0.1, trainable: false, when: false}
    outputs: [d]
  pair:
    args: {units: 4}
    inputs: [x, y]
    layers:
      - {type: inner, name: i, nested: true, units: $units, from: x}
      - {type: inner, name: j, units: $(units + 1), from: y}
      - {type: Concatenate, name: cat, from: [i, j]}
    outputs: {c: cat, d: i}
  wrap:
    args: {units: 5}
    inputs: [x]
    layers:
      - {type: TimeDistributed, name: td, layer: {type: inner, units: $units}}
      - {type: GlobalAveragePooling1D, name: g}
      - {type: inner, name: n, units: $units, nested: true}
    outputs: [n]
layers:
  - {type: Input, name: x, shape: [3]}
  - {type: Input, name: seq, shape: [5, 4]}
  - {type: pair, name: p, nested: true, from: [x, x]}
  - {type: pair, name: q, nested: true, units: 9, from: [p.c, p.d]}
  - {type: wrap, name: w, from: seq}
  - {type: wrap, name: w2, units: 6, from: seq}
  - {type: inner, name: z, nested: true, from: w}
  - {share: z, name: z2, from: w, call: {training: false}}
  - {type: pair, name: plain, from: [w2, x]}
  - {type: Concatenate, name: cat, from: [p.c, q.c, q.d, w2, z, z2, plain]}
  - {type: inner, name: rep, units: 4, repeat: 3, nested: true}
"""

COPIES = """
blocks:
  stack:
    args: {n: 2, k: [3, 5]}
    inputs: [x]
    layers:
      - {type: Conv1D, name: c, filters: 4, kernel_size: $kernel, padding: same, each: {kernel: $k}}
      - {type: Concatenate, name: cat, from: c}
      - {type: Conv1D, name: r, filters: $(4 + index), kernel_size: 1, repeat: $n}
    outputs: [r]
layers:
  - {type: Input, name: x, shape: [8, 2]}
  - {type: stack, name: s, repeat: 3, n: $(2 if index > 0 else 1)}
  - {type: stack, name: e, n: $count, k: $sizes, each: {count: [1, 2], sizes: [[1, 2], [3, 4]]}}
  - {type: Concatenate, name: joined, from: e}
"""

CHAIN_OF_BLOCKS = """
blocks:
  conv_block:
    args: {filters: null}
    inputs: [x]
    layers:
      - {type: Conv2D, filters: $filters, kernel_size: 3, padding: same}
      - {type: ReLU, name: out}
    outputs: [out]
  stage:
    args: {filters: null, depth: 2}
    inputs: [x]
    layers:
      - {type: conv_block, name: c, filters: $filters, repeat: $depth}
      - {type: MaxPooling2D, name: pool}
    outputs: [pool]
layers:
  - {type: Input, name: image, shape: [32, 32, 3]}
  - {type: stage, name: s1, filters: 8}
  - {type: stage, name: s2, filters: 16}
  - {type: stage, name: s3, filters: 32, depth: 1}
  - Flatten
  - {type: Dense, units: 2, kernel_initializer: {type: RandomNormal, stddev: 0.01, seed: 3}}
"""

NASTY_NAMES = r'''
name: größe-模型
layers:
  - {type: Input, name: __import__, shape: [3]}
  - {type: Dense, name: class, units: 3, activation: relu}
  - {type: Dense, name: keras, units: 3}
  - {type: Dense, name: layers, units: 3}
  - {type: Dense, name: build_model, units: 3}
  - {type: Dense, name: größe, units: 3}
  - {type: Dense, name: ﬁne, units: 3}
  - {type: Dense, name: fine, units: 3}
  - {type: Dense, name: 模型一二三四五六七八九十模型一二三四五六七八九十模型一二三四五六七八九十, units: 3, use_bias: false}
  - {type: Dense, name: אבג, units: 3}
  - {type: Dense, name: "٣", units: 3}
  - {type: Dense, name: 3x3, units: 3}
  - {type: Dense, name: a-b, units: 3}
  - {type: Dense, name: a_b, units: 3}
  - {type: Dense, name: __debug__, units: 3}
  - {type: Dense, name: "None", units: 3}
  - {type: Dense, name: l, units: 3}
  - {type: Dense, name: _, units: 3}
  - {type: Dense, name: model, units: 3}
  - {type: Dense, name: name, units: 3}
  - {type: Dense, name: float, units: 3}
  - {type: Dense, name: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, units: 3}
  - {type: Input, name: text, shape: [1], dtype: string}
  - type: StringLookup
    name: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab
    vocabulary: ["a\"b", "it's", "both'\"", "\r\n", "\u202e", "{x}", "\\N{DASH}", "日本", "#", '"""', "__import__('os')"]
  - {type: Identity, name: exit}
'''

NASTY_BLOCKS = """
blocks:
  def:
    args: {units: 3, keras: 0.1, class: relu}
    inputs: [lambda]
    layers:
      - {type: Dense, name: class, units: $units, activation: $class}
      - {type: Dropout, name: größe, rate: $keras}
      - {type: Dense, name: name, units: $units, use_bias: $(not (units > 3))}
    outputs: [name]
  layers:
    inputs: [x]
    layers: [{type: Dense, name: frozen, units: 2}, {type: AlphaDropout, name: named, rate: 0.1}]
    outputs: [named]
layers:
  - {type: Input, name: name, shape: [3]}
  - {type: def, name: def, units: 3}
  - {type: def, name: build_model, units: 4, keras: 0.2, class: tanh}
  - {type: layers, name: layers}
  - {type: layers, name: layers2}
"""

CELLS = """
layers:
  - {type: Input, name: x, shape: [3]}
  - {type: Input, name: h, shape: [4]}
  - {type: Input, name: c, shape: [4]}
  - {type: Input, name: steps, shape: [6, 3]}
  - {type: LSTMCell, name: cell, units: 4, from: {inputs: x, states: [h, c]}}
  - {type: GRUCell, name: gated, units: 4, from: {inputs: x, states: [h]}}
  - type: RNN
    name: stack
    return_state: true
    cell: {type: StackedRNNCells, cells: [{type: LSTMCell, units: 4}, {type: GRUCell, units: 5}]}
    from: steps
  - {type: Bidirectional, name: both, layer: {type: LSTM, units: 4, return_state: true}, from: steps}
  - {type: LSTM, name: again, units: 4, from: {sequences: steps, initial_state: [both.forward_state_h, both.backward_state_c]}}
  - {type: Concatenate, from: [cell.state_c, gated.state, stack, stack.state_1, stack.state_2, both.backward_state_h, again]}
"""

SHARED_BEFORE = """
layers:
  - {type: Input, name: x, shape: [3]}
  - {share: second, name: first, from: x}
  - {type: Dense, name: second, units: 3, from: first}
  - {type: Dense, name: y, units: 1}
"""

SHARED_AND_LEFT_OUT = """
blocks:
  tower:
    inputs: [x]
    layers:
      - {type: Dense, name: p, units: 3, from: x}
      - {type: Dense, name: q, units: 4, from: x}
    outputs: [q]
layers:
  - {type: Input, name: x, shape: [3]}
  - {type: tower, name: a, from: x}
  - {share: a, name: c, from: x}
  - {type: Concatenate, from: [a, c, c.p]}
"""

COMPARED = {
    "blocks": BLOCKS,
    "nested": NESTED,
    "shared": SHARED,
    "several outputs": SEVERAL_OUTPUTS,
    "cycles": CYCLES,
    "nested twice": NESTED_TWICE,
    "copies": COPIES,
    "chain of blocks": CHAIN_OF_BLOCKS,
    "nasty names": NASTY_NAMES,
    "nasty blocks": NASTY_BLOCKS,
    "cells": CELLS,
    "shared before": SHARED_BEFORE,
    "shared and left out": SHARED_AND_LEFT_OUT,
}


def graph(text: str) -> TypedGraph:
    return compile_document(read_text(text, "spec.yaml")).graph


def compare(graph: TypedGraph, form: Any = "auto") -> None:
    import keras

    keras.utils.clear_session()
    expected = all_of(keras_model.build(graph.in_form(form)))
    keras.utils.clear_session()
    assert all_of(run(source(graph.in_form(form)))) == expected


# -- Whole texts ---------------------------------------------------------------------------------


def test_a_chain_is_a_list_of_layers() -> None:
    assert (
        source(compile_document(read_file(str(SPECS / "mlp.yaml"))).graph)
        == '''\
# -*- coding: utf-8 -*-  # noqa: UP009
"""A Keras model, written by specc from a graph spec."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Three numbers in, two hidden layers of ten, one number out."""
    model = keras.Sequential(
        [
            keras.Input(shape=(3,), name="x"),
            layers.Dense(10, activation="relu", name="dense"),
            layers.Dense(10, activation="relu", name="dense_1"),
            layers.Dense(1, name="y"),
        ],
        name="mlp",
    )
    model.compile(optimizer="adam", loss="mse", metrics=["mae"])
    return model


if __name__ == "__main__":
    build_model().summary()
'''
    )


def test_a_block_is_a_function_whatever_its_conditions() -> None:
    assert (
        source(graph(BLOCKS))
        == '''\
# -*- coding: utf-8 -*-  # noqa: UP009
"""A Keras model, written by specc from a graph spec."""

import keras
from keras import layers


def residual(x, filters, strides=1, project=False, *, name):
    """Apply the block; its layers have the instance's name before their own."""
    y = layers.Conv2D(
        filters, 3, strides=strides, padding="same", name=f"{name}.conv2d"
    )(x)
    main = layers.BatchNormalization(name=f"{name}.main")(y)
    if project:
        shortcut = layers.Conv2D(filters, 1, strides=strides, name=f"{name}.shortcut")(
            x
        )
    else:
        shortcut = x
    sum_ = layers.Add(name=f"{name}.sum")([main, shortcut])
    return layers.ReLU(name=f"{name}.out")(sum_)


def build_model() -> keras.Model:
    """Build the model."""
    image = keras.Input(shape=(32, 32, 3), name="image")
    stem = layers.Conv2D(64, 3, padding="same", name="stem")(image)
    stage1 = stem
    for index in range(2):
        stage1 = residual(stage1, 64, name=f"stage1_{index + 1}")
    stage2 = residual(stage1, 128, strides=2, project=True, name="stage2")
    stage3 = residual(stage2, 128, name="stage3")
    stage3_2 = layers.Identity(name="stage3")(stage3)
    return keras.Model(inputs=image, outputs=stage3_2, name="model")


if __name__ == "__main__":
    build_model().summary()
'''
    )


def test_nested_models_shared_layers_ports_and_operations() -> None:
    assert (
        source(graph(NESTED))
        == '''\
# -*- coding: utf-8 -*-  # noqa: UP009
"""A Keras model, written by specc from a graph spec."""

import keras
from keras import layers


def named(outputs, name):
    """Name the operation behind its outputs, as a layer is named."""
    first = outputs[0] if isinstance(outputs, (list, tuple)) else outputs
    graph = keras.Function(keras.utils.get_source_inputs(first), first)
    graph.operations[-1].name = name
    return outputs


def encoder(shape, units=8, *, name):
    """Build the nested model."""
    words = keras.Input(shape=shape, dtype="int32", name="words")
    x = layers.Embedding(100, units, name="embedding")(words)
    lstm, _, lstm_state_c = layers.LSTM(2 * units, return_state=True, name="lstm")(x)
    return keras.Model(inputs=words, outputs=[lstm, lstm_state_c], name=name)


def build_model() -> keras.Model:
    """Build and compile the model."""
    policy = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_float16")
    try:
        question = keras.Input(shape=(12,), dtype="int32", name="question")
        answer = keras.Input(shape=(12,), dtype="int32", name="answer")
        reader_layer = encoder(question.shape[1:], name="reader")
        _, reader_memory = reader_layer(question)
        _, again_memory = reader_layer(answer, training=False)
        small, _ = encoder(answer.shape[1:], units=4, name="small")(answer)
        weights = keras.ops.transpose(again_memory)
        product = named(keras.ops.matmul(reader_memory, weights), name="product")
        score = layers.Dense(
            1, activation=layers.LeakyReLU(negative_slope=0.3), name="score"
        )(small)
        model = keras.Model(
            inputs=[question, answer],
            outputs={"score": score, "product": product},
            name="model",
        )
        model.compile(
            optimizer=keras.optimizers.SGD(
                learning_rate=keras.optimizers.schedules.ExponentialDecay(
                    initial_learning_rate=0.1, decay_steps=9, decay_rate=0.5
                ),
            ),
            loss={"score": keras.losses.Huber(delta=0.5), "product": None},
        )
        return model
    finally:
        keras.config.set_dtype_policy(policy)


if __name__ == "__main__":
    build_model().summary()
'''
    )


# -- The model that it builds --------------------------------------------------------------------


@pytest.mark.parametrize("name", COMPARED)
def test_builds_the_model_of_the_keras_backend(name: str) -> None:
    compare(graph(COMPARED[name]))


@pytest.mark.parametrize("name", ["chain of blocks", "nasty blocks"])
def test_builds_the_functional_model_of_a_chain(name: str) -> None:
    compare(graph(COMPARED[name]), "functional")


@pytest.mark.parametrize("name", layers.names() if LONGER else layers.names()[5::40])
def test_builds_the_example_of_a_layer(name: str) -> None:
    if name in ("RandomCrop", "Pipeline"):
        pytest.skip("Keras draws a seed for each that is made, and writes it into the config")
    compare(graph(layers.find(name).example))  # type: ignore[union-attr]


def test_the_dtype_policy_is_put_back() -> None:
    import keras

    assert run(source(graph(NESTED))).dtype_policy.name == "mixed_float16"
    assert keras.config.dtype_policy().name == "float32"


def test_a_chain_deeper_than_pythons_recursion_limit() -> None:
    text = "layers:\n  - {type: Input, name: x, shape: [4]}\n  - {type: Identity, repeat: 1000}\n"
    limit = sys.getrecursionlimit()
    for form in ("sequential", "functional"):
        assert len(run(source(graph(text).in_form(form))).layers) == 1000 + (form == "functional")
    assert sys.getrecursionlimit() == limit


def test_names_that_no_spec_could_have() -> None:
    """A graph made in Python can have any text for a name: none of it leaves its string literal."""
    names = ['"); import os; ("', "a\n\r\u2028b", '"""', "{x}", "\\", "'", "\u202e", "f.{0}.y\ud800"]
    items = [Item("x", "Input", shape=(2,))]
    for name in names:
        items.append(Item(name, "Dense", items[-1].name, units=2))
    text = source(typed('"\n"', *items))
    text.encode()
    compiled = compile(text, "emitted.py", "exec")
    constants = [const for code in compiled.co_consts if hasattr(code, "co_consts") for const in code.co_consts]
    assert {*names, '"\n"'} <= {name for name in constants if isinstance(name, str)}


def test_a_graph_that_is_no_chain_cannot_be_sequential() -> None:
    with pytest.raises(ValueError, match="'model' is not a chain of layers"):
        graph(BLOCKS).in_form("sequential")


# -- How it looks --------------------------------------------------------------------------------


def sources() -> Iterator[str]:
    for text in COMPARED.values():
        yield source(graph(text))
        yield source(graph(text).in_form("functional"))
    for path in sorted(SPECS.glob("*.*")):
        yield source(compile_document(read_file(str(path))).graph)
    for name in layers.names():
        yield source(graph(layers.find(name).example))  # type: ignore[union-attr]


def test_is_formatted_and_clean(tmp_path: Path) -> None:
    for index, text in enumerate(sources()):
        (tmp_path / f"model_{index}.py").write_text(text, encoding="utf-8")
    for command in (["format", "--diff"], ["check"]):
        ruff = [sys.executable, "-m", "ruff", *command, "--isolated", "--no-cache", str(tmp_path)]
        done = subprocess.run(ruff, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    "item",
    [
        "{type: MultiHeadAttention, num_heads: 2, key_dim: 2, trainable: false, from: {query: x, value: x}}",
        "{type: GroupQueryAttention, head_dim: 2, num_query_heads: 2, num_key_value_heads: 1, trainable: false, from: {query: x, value: x}}",
        "{type: block, trainable: false}",
        "{type: block, nested: true, trainable: false}",
        "{type: TimeDistributed, layer: {type: Dense, units: 2}, trainable: false}",
        "{type: Bidirectional, layer: {type: LSTM, units: 2, trainable: false}}",
    ],
)
def test_what_is_frozen_stays_frozen(item: str) -> None:
    text = f"""
blocks:
  block:
    inputs: [x]
    layers:
      - {{type: MultiHeadAttention, name: y, num_heads: 2, key_dim: 2, from: {{query: x, value: x}}}}
    outputs: [y]
layers:
  - {{type: Input, name: x, shape: [4, 4]}}
  - {item}
  - {{type: Dense, name: end, units: 1}}
"""
    graph = compile_document(read_text(text, "frozen.yaml")).graph
    for model in (keras_model.build(graph), run(source(graph))):
        assert sum(math.prod(weight.shape) for weight in model.trainable_weights) == graph.trainable_params


def test_what_freeze_names_is_not_trained(tmp_path: Path) -> None:
    """In blocks, their copies, nested models and wrappers; as built, as the source builds it, and as Keras reads it."""
    freeze = "[stem, s_1, 's[1].a*', o.in.a_1, t.inner.a, '*norm*']"
    graph = compile_document(read_text(NET.format(freeze=freeze), "frozen.yaml")).graph
    model = keras_model.build(graph)
    model.save(tmp_path / "frozen.keras")
    read, ran = keras.models.load_model(tmp_path / "frozen.keras"), run(source(graph))
    kept = {name: any(it.trainable for it in weights) for name, weights in graph.weights.items() if weights}
    for one in (model, read, ran):
        assert sum(math.prod(weight.shape) for weight in one.trainable_weights) == graph.trainable_params
        assert {layer.name: bool(layer.trainable_weights) for layer in one.layers if layer.weights} == kept
        assert [weight.path for weight in one.trainable_weights] == [weight.path for weight in model.trainable_weights]
