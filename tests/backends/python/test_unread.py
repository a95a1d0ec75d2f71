"""Whole specs that list no outputs, as functions: what nothing reads, whatever the conditions are."""

from __future__ import annotations

from pathlib import Path

import pytest

import specc
from specc.backends.python import as_program
from tests.support.emitted_text import functions

NET = """
    name: net
    dtype_policy: mixed_float16
    vars: {width: 4, depth: 2, inner: $(2 * width), top: true}
    defaults:
      Dense: {activation: relu}
    blocks:
      unit:
        inputs: [x]
        layers: [{type: Dense, name: wide, units: $inner}, {type: Dense, name: out, units: $width}]
        outputs: [out]
    layers:
      - {type: Input, name: features, shape: [null]}
      - {type: unit, name: body, repeat: $depth}
      - {type: Dense, units: 1, when: $top}
"""
BOTH = """
    include: [net.yaml]
    layers:
      - {type: Input, name: x, shape: [8]}
      - {type: net, name: with_top, width: 6}
      - {type: net, name: without, top: false, inner: 3, trainable: false, from: x}
      - {type: Concatenate, name: y, from: [with_top.dense, without.body]}
"""


def test_the_last_layer_may_be_left_out(tmp_path: Path) -> None:
    """Its output has another name without it; blocks of the spec get the values of the instance."""
    assert (
        functions(BOTH, tmp_path, net=NET)
        == '''
        def unit(x, *, width, inner, trainable=True, dtype=None, name):
            """Apply the block; its layers have the instance's name before their own."""
            wide = layers.Dense(
                inner, activation="relu", trainable=trainable, dtype=dtype, name=f"{name}.wide"
            )(x)
            return layers.Dense(
                width, activation="relu", trainable=trainable, dtype=dtype, name=f"{name}.out"
            )(wide)


        def net(
            features,
            width=4,
            depth=2,
            inner=None,
            top=True,
            *,
            trainable=True,
            dtype="mixed_float16",
            name,
        ):
            """Apply the block; its layers have the instance's name before their own."""
            if inner is None:
                inner = 2 * width
            body = features
            for index in range(depth):
                body = unit(
                    body,
                    width=width,
                    inner=inner,
                    trainable=trainable,
                    dtype=dtype,
                    name=f"{name}.body_{index + 1}",
                )
            if top:
                return layers.Dense(
                    1, activation="relu", trainable=trainable, dtype=dtype, name=f"{name}.dense"
                )(body)
            return body


        def build_model() -> keras.Model:
            """Build the model."""
            x = keras.Input(shape=(8,), name="x")
            with_top = net(x, width=6, name="with_top")
            without = net(x, top=False, inner=3, trainable=False, name="without")
            y = layers.Concatenate(name="y")([with_top, without])
            return keras.Model(inputs=x, outputs=y, name="model")
        '''.strip()
    )


@pytest.mark.parametrize("top", ["true", "false"])
def test_a_spec_whose_last_layer_may_be_left_out(top: str, tmp_path: Path) -> None:
    text = f"""
    vars: {{top: {top}}}
    layers:
      - {{type: Input, name: x, shape: [8]}}
      - {{type: Dense, name: body, units: 3}}
      - {{type: Dropout, name: dropped, rate: 0.1, when: $top}}
      - {{type: Dense, name: y, units: 1, when: $top}}
    """
    assert f"def build_model(top={top.title()})" in functions(text)


def test_a_condition_that_decides_what_the_outputs_are_is_no_parameter(tmp_path: Path) -> None:
    (tmp_path / "net.yaml").write_text(
        "vars: {extra: true}\n"
        "layers: [{type: Input, name: x, shape: [4]}, {type: Dense, name: a, units: 3}, {type: Dense, name: b, units: 3, from: x},"
        " {type: Add, name: y, from: [a, b], when: $extra}]\n"
    )
    (tmp_path / "m.yaml").write_text(
        "include: [net.yaml]\nlayers: [{type: Input, name: x, shape: [4]}, {type: net, name: y}]\n"
    )
    source = as_program.source(specc.compile(tmp_path / "m.yaml"))
    assert source is not None
    assert "def net(x, *, name):" in source
