"""A spec of another model than the one that was read is found out, whatever differs."""

from __future__ import annotations

import pytest

from specc.importing.proof import Side, differences
from tests.support.importing import saved

MODEL = """
    name: proven
    blocks:
      half:
        inputs: [u]
        layers: [{type: Dense, name: v, units: 4}]
        outputs: [v]
    layers:
      - {type: Input, name: x, shape: [4]}
      - {type: Dense, name: a, units: 4, activation: relu}
      - {type: half, name: part, nested: true}
      - {type: Add, name: b, from: [a, part]}
      - {name: a_again, share: a}
      - {type: ops.concatenate, name: joined, axis: -1, from: [b, a_again]}
    outputs: {first: joined, second: b}
    """
CHANGES = [
    ("name: proven", "name: other", 'its name is "other" in place of "proven"'),
    ("shape: [4]", "shape: [4], dtype: float64", '"x" (Input): dtype is "float64" in place of "float32"'),
    ("activation: relu", "activation: tanh", '"a" (Dense): activation is "tanh" in place of "relu"'),
    ("units: 4}]", "units: 4, use_bias: false}]", '"part" (model): "v" (Dense): use_bias is false in place of true'),
    ("from: [a, part]", "from: [part, a]", '"a" (Dense) stands in place of "part" (model)'),
    ("{type: Add, name: b", "{type: Multiply, name: b", '"b" (Multiply) stands in place of "b" (Add)'),
    ("axis: -1", "axis: 1", '"joined" (ops.concatenate): axis is 1 in place of -1'),
    ("{name: a_again, share: a}", "{type: Dense, name: a_again, units: 4, activation: relu}", '"a" (Dense) is shared, and "a_again" (Dense) is not the same layer'),
    ("second: b", "other: b", "its outputs are first, other in place of first, second"),
]  # fmt: skip


def first(changed: str) -> str | None:
    return next(differences(Side.of(saved(MODEL)), Side.of(saved(changed))), None)


def test_the_same_model() -> None:
    assert first(MODEL) is None
    assert first(MODEL.replace("inputs: [u]", "inputs: [w]")) is None, "the inputs of blocks have names of their own"


@pytest.mark.parametrize(("old", "new", "said"), CHANGES, ids=[row[1] for row in CHANGES])
def test_another_model(old: str, new: str, said: str) -> None:
    assert MODEL.count(old) == 1
    assert first(MODEL.replace(old, new)) == said


def test_what_another_version_of_keras_saves_otherwise() -> None:
    """There it is enough that both are read as the same."""
    ours, theirs = saved(MODEL), saved(MODEL)
    layer = next(it for it in ours["config"]["layers"] if it["name"] == "a")
    layer["config"] |= {"kernel_initializer": "glorot_uniform"}
    layer["build_config"] = {"shapes_dict": {"input_shape": [None, 4]}}
    old = Side.of(ours)
    assert next(differences(old, Side.of(theirs)), None) is not None
    assert next(differences(old._replace(is_of_today=False), Side.of(theirs)), None) is None
    layer["build_config"] = {"input_shape": [None, 5]}
    said = '"a" (Dense) is built with {input_shape: [null, 4]} in place of {input_shape: [null, 5]}'
    assert list(differences(old._replace(is_of_today=False), Side.of(theirs))) == [said]
