"""Which functions a source has: blocks of the spec, of files that it includes, and whole specs."""

from __future__ import annotations

from pathlib import Path

import specc
from specc.backends.python.functions import Functions
from tests.support.checking import spec
from tests.support.emitted_text import functions

GENERATOR = """
    vars:
      latent: 64  # The size of the noise
      width: 32
    layers:
      - {type: Input, name: noise, shape: [$latent]}
      - {type: Dense, name: wide, units: $(49 * width)}
      - {type: Reshape, name: image, target_shape: [7, 7, $width]}
"""
CRITIC = """
    description: Tell real images from others.
    layers:
      - {type: Input, name: image, shape: [null, null, 32]}
      - GlobalAveragePooling2D
      - {type: Dense, name: real, units: 1}
    compile: {optimizer: adam, loss: mse}
"""
GAN = """
    include: [generator.yaml, critic.yaml]
    vars: {latent: 100}
    layers:
      - {type: Input, name: noise, shape: [$latent]}
      - {type: generator, name: made, latent: $latent, nested: true}
      - {type: critic, name: judged, nested: true, trainable: false}
      - {type: generator, name: other, latent: $latent, nested: true, from: noise}
      - {share: judged, name: again}
      - {type: Concatenate, name: y, from: [judged, again]}
"""


def test_whole_specs_are_functions(tmp_path: Path) -> None:
    """An Input of a known shape is that of its spec; another has the shape of what it is given."""
    assert (
        functions(GAN, tmp_path, generator=GENERATOR, critic=CRITIC)
        == '''
        def generator(latent=64, width=32, *, name):
            """Build the nested model.

            Args:
                latent: The size of the noise.
            """
            noise = keras.Input(shape=(latent,), name="noise")
            wide = layers.Dense(49 * width, name="wide")(noise)
            image = layers.Reshape((7, 7, width), name="image")(wide)
            return keras.Model(inputs=noise, outputs=image, name=name)


        def critic(shape, *, trainable=True, name):
            """Tell real images from others."""
            image = keras.Input(shape=shape, name="image")
            x = layers.GlobalAveragePooling2D(
                trainable=trainable, name="global_average_pooling2d"
            )(image)
            real = layers.Dense(1, trainable=trainable, name="real")(x)
            return keras.Model(inputs=image, outputs=real, name=name)


        def build_model(latent=100) -> keras.Model:
            """Build the model."""
            noise = keras.Input(shape=(latent,), name="noise")
            made = generator(latent=latent, name="made")(noise)
            judged_layer = critic(made.shape[1:], trainable=False, name="judged")
            judged = judged_layer(made)
            other = generator(latent=latent, name="other")(noise)
            again = judged_layer(other)
            y = layers.Concatenate(name="y")([judged, again])
            return keras.Model(inputs=noise, outputs=y, name="model")
        '''.strip()
    )


WRAPPED = """
    vars: {rate: 0.5}
    blocks:
      step:
        args: {units: 4}
        inputs: [x]
        layers: [{type: Dense, name: d, units: $units}, {type: Dropout, name: y, rate: $rate}]
        outputs: [y]
    layers:
      - {type: Input, name: x, shape: [3, 2]}
      - {type: TimeDistributed, name: steps, layer: {type: step, trainable: false}}
      - {type: Input, name: z, shape: [3, 2, 2]}
      - {type: TimeDistributed, name: y, layer: {type: TimeDistributed, layer: {type: step, units: 5}}, from: z}
    outputs: [y, steps]
"""


def test_blocks_inside_layers_are_functions() -> None:
    assert (
        functions(WRAPPED)
        == '''
        def step(shape, units=4, *, rate, trainable=True, name):
            """Build the nested model."""
            x = keras.Input(shape=shape, name="x")
            d = layers.Dense(units, trainable=trainable, name="d")(x)
            y = layers.Dropout(rate, trainable=trainable, name="y")(d)
            return keras.Model(inputs=x, outputs=y, name=name)


        def build_model(rate=0.5) -> keras.Model:
            """Build the model."""
            x = keras.Input(shape=(3, 2), name="x")
            steps = layers.TimeDistributed(
                step(x.shape[2:], rate=rate, trainable=False, name="step"), name="steps"
            )(x)
            z = keras.Input(shape=(3, 2, 2), name="z")
            y = layers.TimeDistributed(
                layers.TimeDistributed(step(z.shape[3:], units=5, rate=rate, name="step")),
                name="y",
            )(z)
            return keras.Model(inputs=[x, z], outputs=[y, steps], name="model")
        '''.strip()
    )


def test_each_function_comes_after_those_that_it_calls() -> None:
    text = """
    blocks:
      outer: {inputs: [x], layers: [{type: middle, name: y}], outputs: [y]}
      middle: {inputs: [x], layers: [{type: inner, name: z}, {type: inner, name: y, nested: true}], outputs: [y]}
      inner: {inputs: [x], layers: [{type: Dense, name: y, units: 2}], outputs: [y]}
    layers: [{type: Input, name: x, shape: [2]}, {type: outer, name: y}]
    """
    graph = specc.compile(spec(text))
    assert graph.graph.program is not None
    found = Functions(graph, graph.graph.program, frozenset(), frozenset(), set())
    assert [function.name for function in found.called_first()] == ["inner", "inner_model", "middle", "outer"]
