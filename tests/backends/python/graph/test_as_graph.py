"""Sources of graphs as they are: blocks of equal structure are functions, all else is written out."""

from __future__ import annotations

from pathlib import Path

import specc
from specc.backends.python.graph import as_graph

FOLDER = Path(__file__).parents[1] / "compared"


def written(name: str, start: str, end: str) -> str:
    """The source of a spec from one text up to another."""
    text = as_graph.source(specc.compile(FOLDER / f"{name}.yaml"))
    return text[text.index(start) : text.index(end)]


def test_a_block_that_is_used_more_than_once_is_a_function() -> None:
    assert (
        written("blocks", "def residual", "if __name__")
        == '''\
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
    return keras.Model(inputs=image, outputs=stage3_2, name="blocks")


'''
    )


def test_nested_models_that_differ_in_arguments_are_one_function() -> None:
    assert (
        written("nested", "def encoder", "        product")
        == '''\
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
'''
    )


def test_blocks_in_a_chain_are_functions_that_give_lists() -> None:
    assert (
        written("chain_of_blocks", "def stage", "layers.Flatten")
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
