"""Sources of graphs as they are: blocks of equal structure are functions, all else is written out."""

from __future__ import annotations

from specc.backends.python import as_graph
from tests.backends.python.test_source import BLOCKS, CHAIN_OF_BLOCKS, NESTED, graph


def test_a_block_that_is_used_more_than_once_is_a_function() -> None:
    assert (
        as_graph.source(graph(BLOCKS))
        == '''\
# -*- coding: utf-8 -*-  # noqa: UP009
"""A Keras model, written by specc from a graph spec."""

import keras
from keras import layers


def residual(x, filters, name):
    """Apply the block; its layers have the instance's name before their own."""
    conv2d = layers.Conv2D(
        filters, 3, strides=1, padding="same", name=f"{name}.conv2d"
    )(x)
    main = layers.BatchNormalization(name=f"{name}.main")(conv2d)
    sum_ = layers.Add(name=f"{name}.sum")([main, x])
    out = layers.ReLU(name=f"{name}.out")(sum_)
    return out


def build_model() -> keras.Model:
    """Build the model."""
    image = keras.Input(shape=(32, 32, 3), name="image")
    stem = layers.Conv2D(64, 3, padding="same", name="stem")(image)
    stage1_1 = residual(stem, filters=64, name="stage1_1")
    stage1_2 = residual(stage1_1, filters=64, name="stage1_2")
    stage2_conv2d = layers.Conv2D(
        128, 3, strides=2, padding="same", name="stage2.conv2d"
    )(stage1_2)
    stage2_main = layers.BatchNormalization(name="stage2.main")(stage2_conv2d)
    stage2_shortcut = layers.Conv2D(128, 1, strides=2, name="stage2.shortcut")(stage1_2)
    stage2_sum = layers.Add(name="stage2.sum")([stage2_main, stage2_shortcut])
    stage2_out = layers.ReLU(name="stage2.out")(stage2_sum)
    stage3 = residual(stage2_out, filters=128, name="stage3")
    stage3_2 = layers.Identity(name="stage3")(stage3)
    return keras.Model(inputs=image, outputs=stage3_2, name="model")


if __name__ == "__main__":
    build_model().summary()
'''
    )


def test_nested_models_shared_layers_ports_and_operations() -> None:
    assert (
        as_graph.source(graph(NESTED))
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


def encoder(units, lstm_units, name):
    """Build the nested model."""
    words = keras.Input(shape=(12,), dtype="int32", name="words")
    embedding = layers.Embedding(100, units, name="embedding")(words)
    lstm, _, lstm_state_c = layers.LSTM(lstm_units, return_state=True, name="lstm")(
        embedding
    )
    return keras.Model(inputs=words, outputs=[lstm, lstm_state_c], name=name)


def build_model() -> keras.Model:
    """Build and compile the model."""
    policy = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_float16")
    try:
        question = keras.Input(shape=(12,), dtype="int32", name="question")
        answer = keras.Input(shape=(12,), dtype="int32", name="answer")
        reader_layer = encoder(units=8, lstm_units=16, name="reader")
        _, reader_memory = reader_layer(question)
        _, again_memory = reader_layer(answer, training=False)
        small_meaning, _ = encoder(units=4, lstm_units=8, name="small")(answer)
        weights = keras.ops.transpose(again_memory)
        product = named(keras.ops.matmul(reader_memory, weights), name="product")
        score = layers.Dense(
            1, activation=layers.LeakyReLU(negative_slope=0.3), name="score"
        )(small_meaning)
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


def test_blocks_in_a_chain_are_functions_that_give_lists() -> None:
    text = as_graph.source(graph(CHAIN_OF_BLOCKS))
    start, end = text.index("def stage"), text.index("layers.Flatten")
    assert (
        text[start:end]
        == '''\
def stage(filters, name):
    """The layers of the block, with the instance's name before their own."""
    return [
        *conv_block(filters=filters, name=f"{name}.c_1"),
        *conv_block(filters=filters, name=f"{name}.c_2"),
        layers.MaxPooling2D(name=f"{name}.pool"),
    ]


def build_model() -> keras.Model:
    """Build the model."""
    return keras.Sequential(
        [
            keras.Input(shape=(32, 32, 3), name="image"),
            *stage(filters=8, name="s1"),
            *stage(filters=16, name="s2"),
            *conv_block(filters=32, name="s3.c_1"),
            layers.MaxPooling2D(name="s3.pool"),
            '''
    )
