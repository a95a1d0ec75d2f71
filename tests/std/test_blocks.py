"""specc's own blocks, each beside the same written by hand in Keras: equal weights give equal outputs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import specc
from specc.frontend import std
from tests.support.checking import spec

SEQUENCE = "shape: [6, 8]"
IMAGE = "shape: [16, 16, 4]"
ROW = "shape: [7]"


def conv_norm_activation(
    x: Any, filters: int, kernel_size: int = 3, strides: int = 1, activation: str = "relu", **given: Any
) -> Any:
    from keras import layers

    x = layers.Conv2D(filters, kernel_size, strides, "same", use_bias=False, **given)(x)
    return layers.Activation(activation)(layers.BatchNormalization()(x))


def residual(x: Any) -> Any:
    from keras import layers

    y = conv_norm_activation(x, 6, strides=2)
    y = layers.BatchNormalization()(layers.Conv2D(6, 3, padding="same", use_bias=False)(y))
    return layers.ReLU()(y + conv_norm_activation(x, 6, 1, 2, "linear"))


def identity(x: Any) -> Any:
    from keras import layers

    y = layers.Conv2D(4, 3, padding="same", use_bias=False)(conv_norm_activation(x, 4))
    return layers.ReLU()(layers.BatchNormalization()(y) + x)


def bottleneck(x: Any) -> Any:
    from keras import layers

    y = conv_norm_activation(conv_norm_activation(x, 2, 1), 2, strides=2)
    return layers.ReLU()(conv_norm_activation(y, 8, 1, 1, "linear") + conv_norm_activation(x, 8, 1, 2, "linear"))


def squeeze_excite(x: Any, units: int = 2) -> Any:
    from keras import layers, ops

    means = ops.mean(x, axis=(1, 2), keepdims=True)
    return x * layers.Conv2D(x.shape[-1], 1, activation="sigmoid")(layers.Conv2D(units, 1, activation="relu")(means))


def inverted_residual(x: Any) -> Any:
    from keras import layers

    y = conv_norm_activation(x, 12, 1, activation="relu6")
    y = layers.DepthwiseConv2D(3, padding="same", use_bias=False)(y)
    y = squeeze_excite(layers.Activation("relu6")(layers.BatchNormalization()(y)), 6)
    return x + conv_norm_activation(y, 4, 1, activation="linear")


def dense_layer(x: Any) -> Any:
    from keras import layers

    y = layers.ReLU()(layers.BatchNormalization(epsilon=1.001e-5)(x))
    y = layers.Conv2D(2, 3, padding="same", use_bias=False)(conv_norm_activation(y, 8, 1))
    return layers.Concatenate()([x, y])


def transition(x: Any) -> Any:
    from keras import layers

    y = layers.ReLU()(layers.BatchNormalization(epsilon=1.001e-5)(x))
    return layers.AveragePooling2D(2)(layers.Conv2D(2, 1, use_bias=False)(y))


def unet_down(x: Any) -> list[Any]:
    from keras import layers

    skip = conv_norm_activation(conv_norm_activation(x, 3), 3)
    return [layers.MaxPooling2D()(skip), skip]


def unet_up(x: Any, skip: Any) -> Any:
    from keras import layers

    y = layers.Concatenate()([layers.Conv2DTranspose(3, 2, 2)(x), skip])
    return conv_norm_activation(conv_norm_activation(y, 3), 3)


def patches(x: Any) -> Any:
    from keras import layers, ops

    return ops.reshape(layers.Conv2D(5, 4, 4)(x), (-1, 16, 5))


def aspp(x: Any) -> Any:
    from keras import layers, ops

    sides = [conv_norm_activation(x, 3, 1), *(conv_norm_activation(x, 3, dilation_rate=rate) for rate in (2, 3))]
    pooled = conv_norm_activation(ops.mean(x, axis=(1, 2), keepdims=True), 3, 1)
    return conv_norm_activation(layers.Concatenate()([*sides, pooled + ops.zeros_like(sides[0])]), 3, 1)


def convnext(x: Any) -> Any:
    from keras import layers

    y = layers.LayerNormalization(epsilon=1e-6)(layers.DepthwiseConv2D(7, padding="same")(x))
    y = layers.Dense(4)(layers.Dense(16, activation="gelu")(y))
    return x + layers.EinsumDense("bhwc,c->bhwc", (16, 16, 4))(y)


def fpn(fine: Any, coarse: Any) -> list[Any]:
    from keras import layers

    laterals = [layers.Conv2D(3, 1)(it) for it in (fine, coarse)]
    merged = layers.UpSampling2D()(laterals[1]) + laterals[0]
    return [layers.Conv2D(3, 3, padding="same")(it) for it in (merged, laterals[1])]


def attention(query: Any, value: Any, causal: bool = False) -> Any:
    from keras import layers

    return layers.MultiHeadAttention(2, 4)(query, value, use_causal_mask=causal)


def feed_forward(x: Any, activation: str) -> Any:
    from keras import layers

    return layers.Dense(8)(layers.Dense(32, activation=activation)(x))


def norm(x: Any) -> Any:
    from keras import layers

    return layers.LayerNormalization(epsilon=1e-6)(x)


def transformer_encoder(x: Any) -> Any:
    x = norm(x + attention(x, x))
    return norm(x + feed_forward(x, "relu"))


def transformer_encoder_pre_norm(x: Any) -> Any:
    normed = norm(x)
    x = x + attention(normed, normed, causal=True)
    return x + feed_forward(norm(x), "gelu")


def transformer_decoder(x: Any, memory: Any) -> Any:
    x = norm(x + attention(x, x, causal=True))
    x = norm(x + attention(x, memory))
    return norm(x + feed_forward(x, "relu"))


def transformer_decoder_pre_norm(x: Any, memory: Any) -> Any:
    normed = norm(x)
    x = x + attention(normed, normed, causal=True)
    x = x + attention(norm(x), memory)
    return x + feed_forward(norm(x), "gelu")


def places(x: Any, width: int = 8) -> Any:
    """A learned vector for each of six positions, as an Embedding of them."""
    from keras import layers, ops

    return x + layers.Embedding(6, width)(ops.cumsum(ops.ones_like(x[..., 0], dtype="int32"), axis=1) - 1)


def learned(x: Any, *shape: int) -> Any:
    """A learned tensor, as the kernel of a layer without a bias that takes a one."""
    from keras import layers, ops

    one = ops.ones_like(ops.reshape(x, (-1, x.shape[1] * x.shape[2]))[:, :1])
    size = shape[0] * shape[1]
    return ops.reshape(layers.Dense(size, use_bias=False)(one), (-1, *shape))


def class_token(x: Any) -> Any:
    from keras import layers

    return layers.Concatenate(axis=1)([learned(x, 1, 8), x])


def gated_linear_unit(x: Any) -> Any:
    from keras import layers

    return layers.Dense(5)(x) * layers.Dense(5, activation="sigmoid")(x)


def tcn(x: Any) -> Any:
    from keras import layers

    y = x
    for _ in range(2):
        y = layers.Conv1D(5, 3, padding="causal", dilation_rate=2, activation="relu")(y)
    return layers.ReLU()(y + layers.Conv1D(5, 1)(x))


def wavenet(x: Any) -> list[Any]:
    from keras import layers

    values, gate = (
        layers.Conv1D(5, 2, padding="causal", dilation_rate=2, activation=activation)(x)
        for activation in ("tanh", "sigmoid")
    )
    gated = values * gate
    skip = layers.Conv1D(3, 1)(gated)
    return [x + layers.Conv1D(8, 1)(gated), skip]


def cross_layer(x: Any, features: Any) -> Any:
    from keras import layers

    return x + features * layers.Dense(7)(x)


def factorization_interaction(x: Any) -> Any:
    """The products of all pairs, one by one."""
    return sum(x[:, i] * x[:, k] for i in range(6) for k in range(i))


def gated_residual(x: Any) -> Any:
    from keras import layers

    y = layers.Dense(5)(layers.Dense(5, activation="elu")(x))
    gated = layers.Dense(5)(y) * layers.Dense(5, activation="sigmoid")(y)
    return layers.LayerNormalization()(layers.Dense(5)(x) + gated)


def multi_gate_experts(x: Any) -> list[Any]:
    from keras import layers

    experts = [layers.Dense(5, activation="relu")(x) for _ in range(3)]
    gates = [layers.Dense(3, activation="softmax")(x) for _ in range(2)]
    return [sum(gate[:, k : k + 1] * expert for k, expert in enumerate(experts)) for gate in gates]


CASES: dict[str, tuple[str, list[str], Callable[..., Any]]] = {
    "conv_norm_activation": ("filters: 6, strides: 2", [IMAGE], lambda x: conv_norm_activation(x, 6, strides=2)),
    "residual": ("filters: 6, strides: 2", [IMAGE], residual),
    "residual of equal shape": ("filters: 4", [IMAGE], identity),
    "bottleneck": ("filters: 2, strides: 2", [IMAGE], bottleneck),
    "squeeze_excite": ("ratio: 2", [IMAGE], squeeze_excite),
    "inverted_residual": ("filters: 4, expansion: 3, ratio: 2", [IMAGE], inverted_residual),
    "dense_layer": ("growth: 2", [IMAGE], dense_layer),
    "dense_block": ("growth: 2, depth: 2", [IMAGE], lambda x: dense_layer(dense_layer(x))),
    "transition": ("reduction: 0.5", [IMAGE], transition),
    "unet_down": ("filters: 3", [IMAGE], unet_down),
    "unet_up": ("filters: 3", ["shape: [8, 8, 6]", IMAGE], unet_up),
    "patches": ("size: 4, width: 5", [IMAGE], patches),
    "aspp": ("filters: 3, rates: [2, 3]", [IMAGE], aspp),
    "convnext": ("expansion: 4", [IMAGE], convnext),
    "fpn": ("levels: 2, filters: 3", [IMAGE, "shape: [8, 8, 6]"], fpn),
    "transformer_encoder": ("heads: 2", [SEQUENCE], transformer_encoder),
    "transformer_encoder_pre_norm": ("heads: 2, causal: true", [SEQUENCE], transformer_encoder_pre_norm),
    "transformer_decoder": ("heads: 2", [SEQUENCE, SEQUENCE], transformer_decoder),
    "transformer_decoder_pre_norm": ("heads: 2", [SEQUENCE, SEQUENCE], transformer_decoder_pre_norm),
    "position_embedding": ("initializer: uniform", [SEQUENCE], places),
    "position_embedding of any length": ("length: 6", ["shape: [null, 8]"], places),
    "learned_parameter": ("shape: [3, 5]", [SEQUENCE], lambda x: learned(x, 3, 5)),
    "class_token": ("initializer: uniform", [SEQUENCE], class_token),
    "gated_linear_unit": ("units: 5", [SEQUENCE], gated_linear_unit),
    "tcn": ("filters: 5, dilation_rate: 2", [SEQUENCE], tcn),
    "wavenet": ("filters: 5, skips: 3, dilation_rate: 2", [SEQUENCE], wavenet),
    "cross_layer": ("", [ROW, ROW], cross_layer),
    "factorization_interaction": ("", [SEQUENCE], factorization_interaction),
    "gated_residual": ("units: 5", [ROW], gated_residual),
    "multi_gate_experts": ("units: 5, experts: 3, tasks: 2", [ROW], multi_gate_experts),
}
PARTS = {"fpn_step", "expert", "expert_gate", "feed_forward", "token_embedding", "layer_scale"}
"""Blocks that others use, so that they are compared inside these, or are a layer or two."""


@pytest.mark.parametrize("case", CASES)
def test_it_is_what_keras_code_computes(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import keras
    import numpy as np

    made: list[Any] = []
    add_weight = keras.layers.Layer.add_weight

    def record(self: Any, *given: Any, **named: Any) -> Any:
        made.append(add_weight(self, *given, **named))
        return made[-1]

    monkeypatch.setattr(keras.layers.Layer, "add_weight", record)
    arguments, shapes, by_hand = CASES[case]
    built = specc.build(specc.Spec.from_text(_spec(case.partition(" ")[0], arguments, shapes)))
    ours = made.copy()
    made.clear()
    tensors = [keras.Input(it.shape[1:]) for it in built.inputs]
    reference = keras.Model(tensors, by_hand(*tensors))

    random = np.random.default_rng(2)
    assert [it.shape for it in ours] == [it.shape for it in made]
    for one, other in zip(ours, made, strict=True):
        one.assign(np.abs(random.normal(size=one.shape)))  # a variance is positive
        other.assign(one)
    for batch in (1, 3):
        values = [random.normal(size=(batch, *(it or 6 for it in x.shape[1:]))).astype("float32") for x in built.inputs]
        for got, wanted in zip(_listed(built(values)), _listed(reference(values)), strict=True):
            np.testing.assert_allclose(got, wanted, rtol=1e-3, atol=1e-3)


def _spec(kind: str, arguments: str, shapes: list[str]) -> str:
    names = [f"x{number}" for number in range(len(shapes))]
    inputs = "".join(f"  - {{type: Input, name: {it}, {shape}}}\n" for it, shape in zip(names, shapes, strict=True))
    item = f"{{type: {kind}, name: y, from: [{', '.join(names)}]{', ' * bool(arguments)}{arguments}}}"
    outputs = std.read(std.blocks()[kind]).data["blocks"][kind]["outputs"]
    listed = ", ".join(f"y.{port}" for port in outputs)
    return f"include: [{std.blocks()[kind]}]\nlayers:\n{inputs}  - {item}\noutputs: [{listed}]\n"


def _listed(found: Any) -> list[Any]:
    return list(found) if isinstance(found, list | tuple) else [found]


def test_every_block_is_compared() -> None:
    compared = {case.partition(" ")[0] for case in CASES} | PARTS
    assert compared == {name for name, file in std.blocks().items() if "/backbones/" not in file}


def test_positions_keep_the_mask() -> None:
    text = """
        include: [std/transformer]
        layers:
          - {type: Input, name: tokens, shape: [6], dtype: int32}
          - {type: token_embedding, name: placed, vocabulary: 9, width: 8, mask_zero: true}
          - {type: transformer_encoder, name: y, heads: 2}
    """
    graph = specc.compile(spec(text))
    assert graph.tensors["placed.out.out"][0].mask is not None
    assert specc.check(spec(text)) == []
