"""`specc layers`."""

from __future__ import annotations

import pytest

from tests.support.command import specc


def test_another_name_of_a_layer_that_keras_has_for_something_else() -> None:
    """PyTorch's layer Linear is Dense; Keras has an activation of that name."""
    shown = specc("layers", "Linear").out
    assert shown.startswith("linear: an activation\n")
    assert shown.endswith("\nThe layer that others call Linear is Dense: 'specc layers Dense' describes it.\n")


def test_layers() -> None:
    listed = specc("layers", "--format", "json").objects()
    (dense,) = specc("layers", "Dense", "--format", "json").objects()
    assert dense in listed
    assert dense["arguments"][0] == {
        "name": "units",
        "description": "The size of the output's last axis",
        "value": "a positive integer",
        "required": True,
        "default": None,
    }
    assert {
        "layer",
        "operation",
        "optimizer",
        "loss",
        "metric",
        "initializer",
        "regularizer",
        "constraint",
        "activation",
        "schedule",
        "block",
    } == {it["kind"] for it in listed}
    assert [it["kind"] for it in specc("layers", "softmax", "--format", "json").objects()] == ["activation", "layer"]


def test_layers_describes_objects() -> None:
    shown = specc("layers", "adam").out
    assert shown.startswith("Adam: an optimizer\n")
    assert "  learning_rate " in shown
    wrong = specc("layers", "adma", "--format", "json")
    assert (wrong.code, wrong.out) == (2, "")
    assert "did you mean 'Adam'?" in wrong.err


def test_layers_describes_blocks() -> None:
    assert specc("layers", "std/parameters").out.startswith("std/parameters: blocks of specc's own")
    assert specc("layers", "layer_scale").out.startswith("layer_scale: a block of std/parameters\n")
    assert specc("layers", "layer_scale", "--source").out.startswith("blocks:\n  layer_scale:\n")
    (found,) = specc("layers", "layer_scale", "--format", "json").objects()
    assert (found["kind"], found["family"]) == ("block", "std/parameters")
    assert found in specc("layers", "std/parameters", "--format", "json").objects()
    assert found in specc("layers", "--format", "json").objects()


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["--source"], "--source prints one block: name it, as in 'specc layers layer_scale --source'"),
        (["Dense", "--source"], "Dense is Keras's own; --source prints blocks, which 'specc layers' lists"),
        (["layerscal", "--source"], "there is no layer type 'layerscal'; did you mean 'layer_scale'?"),
        (["std/paramters"], "there is no layer type 'std/paramters'; did you mean 'std/parameters'?"),
    ],
)
def test_blocks_that_there_are_not(arguments: list[str], line: str) -> None:
    assert specc("layers", *arguments) == (2, "", f"specc: error: {line}\n")
